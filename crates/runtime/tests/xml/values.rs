//! Values: in the forms of the protocols, in other forms with one meaning, and at the limit of memory.

use std::collections::BTreeMap;

use attache_runtime::document::Document;
use attache_runtime::plumbing::xml::{Reader, Result};
use attache_runtime::timestamp::TimestampFormat;

use super::{read, refused, value};

#[test]
fn booleans_and_numbers_are_read_in_every_spelling_of_one_meaning() {
    for (text, expected) in [
        ("true", true),
        (" false\n", false),
        ("True", true),
        ("1", true),
        ("0", false),
    ] {
        assert_eq!(value!(text, Reader::boolean).unwrap(), expected, "{text}");
    }
    for text in ["", "yes", "2", "t"] {
        assert!(value!(text, Reader::boolean).is_err(), "{text}");
    }
    for (text, expected) in [
        ("0", 0),
        ("-5", -5),
        ("+5", 5),
        (" 7 ", 7),
        ("1e3", 1000),
        ("2.0", 2),
        ("007", 7),
    ] {
        assert_eq!(value!(text, Reader::integer).unwrap(), expected, "{text}");
    }
    for text in ["", "a", "1.5", "1 2", "0x1", "2147483648", "1e400", "1_0"] {
        assert!(value!(text, Reader::integer).is_err(), "{text}");
    }
    assert_eq!(value!("-128", Reader::byte).unwrap(), i8::MIN);
    assert!(value!("128", Reader::byte).is_err());
    assert_eq!(value!("32767", Reader::short).unwrap(), i16::MAX);
    assert_eq!(
        value!("9223372036854775807", Reader::long).unwrap(),
        i64::MAX
    );
    assert!(value!("9223372036854775808", Reader::long).is_err());
}

#[test]
fn numbers_that_are_not_finite_have_names() {
    for (text, expected) in [
        ("5.5", 5.5),
        ("-1e-3", -0.001),
        ("Infinity", f64::INFINITY),
        ("-Infinity", f64::NEG_INFINITY),
        ("-INF", f64::NEG_INFINITY),
    ] {
        assert_eq!(value!(text, Reader::double).unwrap(), expected, "{text}");
        assert_eq!(
            value!(text, Reader::float).unwrap(),
            expected as f32,
            "{text}"
        );
    }
    assert!(value!("NaN", Reader::double).unwrap().is_nan());
    assert!(value!("NaN", Reader::float).unwrap().is_nan());
    for text in ["", "inf", "nan", "infinity", "1e400", "1,5"] {
        assert!(value!(text, Reader::double).is_err(), "{text}");
    }
    assert!(value!("1e39", Reader::float).is_err());
}

#[test]
fn blobs_are_base64_with_or_without_padding_and_line_ends() {
    for text in ["dmFsdWU=", "dmFsdWU", " dmFs\r\n dWU= "] {
        assert_eq!(value!(text, Reader::blob).unwrap(), "value", "{text}");
    }
    assert_eq!(read(b"<a/>", Reader::blob).unwrap(), "");
    assert!(value!("value?", Reader::blob).is_err());
}

#[test]
fn timestamps_are_read_in_all_formats_and_hidden_where_they_are_sensitive() {
    for text in [
        "2014-04-29T18:30:38Z",
        "1398796238",
        "Tue, 29 Apr 2014 18:30:38 GMT",
        " 2014-04-29T20:30:38+02:00 ",
    ] {
        for format in [
            TimestampFormat::DateTime,
            TimestampFormat::EpochSeconds,
            TimestampFormat::HttpDate,
        ] {
            let time = value!(text, |reader| reader.timestamp(format)).expect(text);
            assert_eq!(time.epoch_seconds(), 1_398_796_238, "{text}");
        }
    }
    let format = TimestampFormat::DateTime;
    let shown = refused(value!("tomorrow", |reader| reader.timestamp(format)));
    assert!(shown.contains("found \"tomorrow\" at /a"), "{shown}");
    let hidden = refused(value!("tomorrow", |reader| {
        reader.sensitive_timestamp(format)
    }));
    assert!(!hidden.contains("tomorrow"), "{hidden}");
}

#[test]
fn an_empty_element_is_no_value_unless_it_is_a_text() {
    for text in ["<a/>", "<a></a>", "<a> \n</a>"] {
        assert_eq!(
            read(text.as_bytes(), |reader| reader.present(Reader::integer)).unwrap(),
            None
        );
    }
    assert_eq!(
        value!("7", |reader| reader.present(Reader::integer)).unwrap(),
        Some(7)
    );
}

/// The elements `<f>`, and the entries `<m>` of a map with `<K>` and `<V>`.
fn flattened(reader: &mut Reader<'_>) -> Result<(Vec<String>, BTreeMap<String, i32>)> {
    let (mut list, mut map) = (Vec::new(), BTreeMap::new());
    while let Some(name) = reader.child()? {
        match name {
            "f" => reader.push(&mut list, Reader::string)?,
            "m" => reader.insert(&mut map, "K", "V", Reader::integer)?,
            _ => reader.skip()?,
        }
    }
    Ok((list, map))
}

#[test]
fn lists_and_maps_may_have_an_element_around_them_or_not() {
    let text = "<member>1</member>\n<item>2</item>";
    assert_eq!(
        value!(text, |reader| reader.list(Reader::integer)).unwrap(),
        [1, 2]
    );
    assert_eq!(
        read(b"<a/>", |reader| reader.list(Reader::integer)).unwrap(),
        []
    );
    let text = "<entry><key>a</key><value>1</value></entry><entry><value>2</value><x/><key>b</key></entry>\
        <entry><key>c</key></entry><entry><value>3</value></entry><entry/><entry><key>a</key><value>4</value></entry>";
    let map: BTreeMap<String, i32> =
        value!(text, |reader| reader.map("key", "value", Reader::integer)).unwrap();
    assert_eq!(
        map,
        BTreeMap::from([("a".to_owned(), 4), ("b".to_owned(), 2)])
    );
    let text = "<f>1</f><m><K>k</K><V>5</V></m><x><f>no</f></x><f/>";
    let (list, map) = value!(text, flattened).unwrap();
    assert_eq!(list, ["1", ""]);
    assert_eq!(map, BTreeMap::from([("k".to_owned(), 5)]));
}

/// Two members have the name of one element: a text and a flattened list.
#[test]
fn an_element_is_read_again_for_each_member_with_its_name() {
    for (text, last, all) in [
        ("<R><E>a</E><E>b</E></R>", "b", &["a", "b"][..]),
        ("<R><E k='v'/><E><![CDATA[<]]></E>\n</R>", "<", &["", "<"]),
        ("<E>c</E>", "c", &["c"]),
    ] {
        let mut reader = Reader::new(text.as_bytes()).unwrap();
        if text.starts_with("<R>") {
            assert_eq!(reader.root().unwrap(), "R");
        }
        let (mut one, mut list, mut attribute) = (String::new(), Vec::new(), None);
        while let Some(name) = reader.child().unwrap() {
            assert_eq!(name, "E", "{text}");
            let again = reader.again(|reader| {
                one = reader.string()?;
                Ok(())
            });
            again.unwrap();
            attribute = reader.attribute("k").unwrap().or(attribute);
            reader.push(&mut list, Reader::string).unwrap();
        }
        reader.finish().unwrap();
        assert_eq!(
            (one.as_str(), list.as_slice()),
            (
                last,
                &all.iter().map(ToString::to_string).collect::<Vec<_>>()[..]
            )
        );
        assert_eq!(attribute.is_some(), text.contains("k="), "{text}");
    }
}

/// Members with one name that are nested are read twice at each depth.
#[test]
fn the_content_that_is_read_again_is_bounded_by_the_limit_of_memory() {
    fn nested(reader: &mut Reader<'_>) -> Result<()> {
        while reader.child()?.is_some() {
            reader.again(nested)?;
            nested(reader)?;
        }
        Ok(())
    }
    let text = format!("{}{}", "<E>".repeat(60), "</E>".repeat(60));
    let mut reader = Reader::with_value_limit(text.as_bytes(), 100_000).unwrap();
    let refused = nested(&mut reader).expect_err("otherwise it does not end");
    assert!(refused.to_string().contains("memory"), "{refused}");
    let text = format!("{}{}", "<E>".repeat(5), "</E>".repeat(5));
    let mut reader = Reader::with_value_limit(text.as_bytes(), 100_000).unwrap();
    nested(&mut reader).expect("it is small");
}

#[test]
fn an_unknown_member_of_a_union_is_a_document() {
    let text = "<b>1</b><c><d>&lt;</d><!-- e --></c><f/>";
    let (name, document) = value!(text, |reader| reader.unknown_member("a")).unwrap();
    let Document::Object(members) = document else {
        panic!("it has children");
    };
    let inner = Document::from_iter([("d".to_owned(), Document::from("<"))]);
    assert_eq!(name, "a");
    assert_eq!(members["b"], Document::from("1"));
    assert_eq!(members["c"], inner);
    assert_eq!(members["f"], Document::from(""));
    let leaf = value!("<![CDATA[<b/>]]>", |reader| reader.unknown_member("a")).unwrap();
    assert_eq!(leaf.1, Document::from("<b/>"));
}

#[test]
fn values_use_no_more_memory_than_their_limit() {
    fn within<T>(text: &str, limit: u64, function: fn(&mut Reader<'_>) -> Result<T>) -> bool {
        let mut reader = Reader::with_value_limit(text.as_bytes(), limit).unwrap();
        reader.root().unwrap();
        function(&mut reader).is_ok()
    }
    let text = format!("<a>{}</a>", "x".repeat(1000));
    let read = |reader: &mut Reader<'_>| reader.string();
    assert!(within(&text, 1008, read) && !within(&text, 1007, read));
    assert!(!within(&text, 1007, |reader| reader.str().map(drop)));
    let list = format!("<a>{}</a>", "<b/>".repeat(1000));
    let large = |reader: &mut Reader<'_>| reader.list(|reader| reader.skip().map(|()| [0_u8; 512]));
    assert!(within(&list, 1 << 20, large) && !within(&list, 400_000, large));
    let map = format!(
        "<a>{}</a>",
        (0..1000)
            .map(|key| format!("<e><key>{key}</key><value/></e>"))
            .collect::<String>()
    );
    let read = |reader: &mut Reader<'_>| reader.map::<String, _>("key", "value", Reader::string);
    assert!(within(&map, 1 << 20, read) && !within(&map, 60_000, read));
    assert!(!within("<a/>", 500, |reader| reader
        .boxed(|reader| reader.skip().map(|()| [0_u8; 512]))));
    assert!(!within("<a/>", 500, |reader| reader.defaults(501)));
}
