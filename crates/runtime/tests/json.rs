//! The JSON reader and writer: what they accept, what they refuse and where they say it is wrong, with
//! `serde_json` as the second opinion.

use std::borrow::Cow;
use std::collections::BTreeMap;

use attache_runtime::document::{Document, Number};
use attache_runtime::json::{DEPTH_LIMIT, Kind, Reader, Result, Writer};
use attache_runtime::timestamp::{Timestamp, TimestampFormat};
use proptest::prelude::*;
use serde_json::Value;

fn read<'a, T>(text: &'a str, read: impl FnOnce(&mut Reader<'a>) -> Result<T>) -> Result<T> {
    let mut reader = Reader::new(text.as_bytes())?;
    let value = read(&mut reader)?;
    reader.finish()?;
    Ok(value)
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.expect_err("the text should be refused").to_string()
}

fn write(write: impl FnOnce(&mut Writer)) -> String {
    let mut writer = Writer::default();
    write(&mut writer);
    String::from_utf8(writer.into_bytes()).expect("the writer writes UTF-8")
}

fn same(document: &Document, value: &Value) -> bool {
    match (document, value) {
        (Document::Null, Value::Null) => true,
        (Document::Bool(left), Value::Bool(right)) => left == right,
        (Document::Number(left), Value::Number(right)) => match left {
            Number::PosInt(left) => right.as_u64() == Some(*left),
            Number::NegInt(left) => right.as_i64() == Some(*left),
            Number::Float(left) => right
                .as_f64()
                .is_some_and(|right| right.to_bits() == left.to_bits()),
        },
        (Document::String(left), Value::String(right)) => left == right,
        (Document::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same(left, right))
        }
        (Document::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, left)| right.get(key).is_some_and(|right| same(left, right)))
        }
        _ => false,
    }
}

/// Reads `text` in all the ways that take any value; they must agree on whether it is valid.
fn read_any(text: &[u8]) -> Result<Document> {
    let skipped =
        Reader::new(text).and_then(|mut reader| reader.skip().and_then(|()| reader.finish()));
    let document = Reader::new(text).and_then(|mut reader| {
        let document = reader.document()?;
        reader.finish().map(|()| document)
    });
    match (&skipped, &document) {
        (Err(_), Ok(_)) => panic!("skip refuses what document accepts"),
        (Ok(()), Err(error)) => assert!(error.message().contains("beyond the range"), "{error}"),
        (Err(left), Err(right)) if !right.message().contains("beyond the range") => {
            assert_eq!(left.to_string(), right.to_string());
        }
        _ => {}
    }
    document
}

#[test]
fn valid_texts_read_as_serde_json_reads_them() {
    for text in [
        "null",
        " true ",
        "\t\r\nfalse\n",
        "0",
        "-0",
        "-0.0",
        "1e3",
        "1E+3",
        "1.25e-3",
        "18446744073709551615",
        "-9223372036854775808",
        "18446744073709551616",
        "-9223372036854775809",
        "1e-400",
        "[]",
        "[ ]",
        "{}",
        "{ }",
        "[1,[2,[3]],{}]",
        r#"{"a":{"b":[{"c":null}]},"a":1}"#,
        r#""""#,
        r#"" plain é 😀 ""#,
        r#""\"\\\/\b\f\n\r\t\u0000\u00e9\ud83d\ude00""#,
        r#""\ud800\udc00\uDBFF\uDFFF""#,
        "\"\u{7f}\u{2028}\"",
        r#"{"":""}"#,
        r#"{"\u0061":1}"#,
    ] {
        let value: Value = serde_json::from_str(text).expect(text);
        assert!(
            same(&read_any(text.as_bytes()).expect(text), &value),
            "{text}"
        );
    }
}

#[test]
fn invalid_texts_are_refused_as_serde_json_refuses_them() {
    for text in [
        "",
        " ",
        "nul",
        "nulll",
        "True",
        "+1",
        "01",
        "-",
        "-01",
        "1.",
        ".5",
        "1e",
        "1e+",
        "0x1",
        "NaN",
        "Infinity",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1}",
        "{",
        "}",
        "{]",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{,}",
        "{a:1}",
        "{1:1}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "\"",
        "\"a",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\u+123\"",
        "\"\n\"",
        "\"\u{0}\"",
        "'a'",
        "1 2",
        "{} {}",
        "//",
        "[1]/**/",
        "\u{feff}1",
        "\u{a0}1",
        "1\u{c}",
        "1e400",
        "-1e400",
    ] {
        assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
        assert!(read_any(text.as_bytes()).is_err(), "{text}");
    }
    assert_eq!(
        refused(Reader::new(b"[\"\xff\"]")),
        "expected UTF-8 at /0 (line 1, column 3, byte 2)"
    );
}

#[test]
fn half_a_surrogate_pair_reads_as_the_replacement_character() {
    for (text, expected) in [
        (r#""\ud83d""#, "\u{fffd}"),
        (r#""a\ude00b""#, "a\u{fffd}b"),
        (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
        (r#""\ud83dA""#, "\u{fffd}A"),
        (r#""\ud83d\n""#, "\u{fffd}\n"),
        (r#""\ud83d😀""#, "\u{fffd}😀"),
    ] {
        assert_eq!(read(text, Reader::string).unwrap(), expected, "{text}");
    }
}

#[test]
fn strings_without_escapes_are_borrowed() {
    assert!(matches!(
        read(r#" "plain" "#, Reader::str).unwrap(),
        Cow::Borrowed("plain")
    ));
    assert!(matches!(read(r#""\t""#, Reader::str).unwrap(), Cow::Owned(text) if text == "\t"));
}

#[test]
fn errors_name_the_place_and_never_the_value() {
    let cases = |reader: &mut Reader<'_>| {
        reader.map::<String, _>(|reader| {
            reader.list(|reader| reader.map::<String, _>(|reader| reader.string()))
        })
    };
    let text = "{\n \"cases\": [{}, {}, {},\n {\"subject\": 5417}]}";
    assert_eq!(
        refused(read(text, cases)),
        "expected a string, found a number at /cases/3/subject (line 3, column 14, byte 38)"
    );
    let text = r#"{"a/b~c\n":[{"d":"x" 7}]}"#;
    let error = read(text, cases).unwrap_err();
    assert_eq!(error.path(), "/a~1b~0c\u{fffd}/0/d");
    assert_eq!(error.message(), "expected `,` or `}`, found a number");
    assert_eq!((error.offset(), error.line(), error.column()), (21, 1, 22));
    let long = format!(r#"{{"{}":1}}"#, "k".repeat(1000));
    assert_eq!(
        read(&long, cases).unwrap_err().path(),
        format!("/{}…", "k".repeat(64))
    );
    assert_eq!(
        refused(read("[", |reader| reader.skip())),
        "expected a value or `]`, found the end of the input at /0 (line 1, column 2, byte 1)"
    );
    assert_eq!(
        refused(read("{\"secret\": \"hunter2\"}", |reader| reader
            .map::<String, _>(|reader| reader.blob()))),
        "expected a base64 string, found another string at /secret (line 1, column 12, byte 11)"
    );
    assert_eq!(
        std::mem::size_of::<attache_runtime::json::Error>(),
        std::mem::size_of::<usize>()
    );
}

#[test]
fn nesting_stops_at_the_limit_in_every_way_of_reading() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(read_any(nested(DEPTH_LIMIT).as_bytes()).is_ok());
    assert!(read_any(nested(DEPTH_LIMIT + 1).as_bytes()).is_err());
    let objects = "{\"a\":".repeat(DEPTH_LIMIT) + "1" + &"}".repeat(DEPTH_LIMIT);
    assert!(read_any(objects.as_bytes()).is_ok());
    assert!(read_any(format!("[{objects}]").as_bytes()).is_err());
    let hostile = "[{\"a\":".repeat(1_000_000);
    assert!(read_any(hostile.as_bytes()).is_err());
    // The depth goes back down: many brackets in a row are not many brackets deep.
    assert!(read_any(format!("[{}[]]", "[{}],".repeat(1000)).as_bytes()).is_ok());
}

#[test]
fn integers_are_accepted_in_every_spelling_and_checked_against_their_range() {
    for (text, expected) in [
        ("7", 7),
        ("-0", 0),
        ("1.0", 1),
        ("1e3", 1000),
        ("12300e-2", 123),
        ("-1.5e1", -15),
        ("0.0e99", 0),
    ] {
        assert_eq!(read(text, Reader::integer).unwrap(), expected, "{text}");
    }
    assert_eq!(read("-128", Reader::byte).unwrap(), i8::MIN);
    assert_eq!(read("32767", Reader::short).unwrap(), i16::MAX);
    assert_eq!(read("9223372036854775807", Reader::long).unwrap(), i64::MAX);
    assert_eq!(
        read("-9.223372036854775808e18", Reader::long).unwrap(),
        i64::MIN
    );
    let range = "expected an integer from -128 to 127, found one beyond that range (line 1, column 1, byte 0)";
    assert_eq!(refused(read("128", Reader::byte)), range);
    assert_eq!(refused(read("1e99999999999999999999", Reader::byte)), range);
    assert!(refused(read("9223372036854775808", Reader::long)).contains("to 9223372036854775807"));
    assert!(
        refused(read("0.5", Reader::long))
            .starts_with("expected an integer, found a number with a fraction")
    );
    assert!(refused(read("1e-99999999999999999999", Reader::long)).contains("with a fraction"));
    assert!(
        refused(read("\"1\"", Reader::long)).starts_with("expected an integer, found a string")
    );
}

#[test]
fn floating_point_numbers_know_the_names_of_the_non_finite() {
    assert!(read("\"NaN\"", Reader::double).unwrap().is_nan());
    assert_eq!(read("\"Infinity\"", Reader::double).unwrap(), f64::INFINITY);
    assert_eq!(
        read("\"-Infinity\"", Reader::float).unwrap(),
        f32::NEG_INFINITY
    );
    assert_eq!(read("1", Reader::double).unwrap(), 1.0);
    assert_eq!(read("0.1", Reader::float).unwrap(), 0.1_f32);
    assert!(read("\"nan\"", Reader::double).is_err());
    assert!(read("1e39", Reader::float).is_err());
    assert!(read("1e309", Reader::double).is_err());
    assert!(read("true", Reader::double).is_err());
    assert_eq!(write(|writer| writer.double(f64::NAN)), "\"NaN\"");
    assert_eq!(write(|writer| writer.float(f32::INFINITY)), "\"Infinity\"");
    assert_eq!(
        write(|writer| writer.double(f64::NEG_INFINITY)),
        "\"-Infinity\""
    );
    assert_eq!(write(|writer| writer.float(0.1)), "0.1");
    assert_eq!(write(|writer| writer.double(1e300)), "1e300");
}

#[test]
fn blobs_are_base64_with_or_without_padding() {
    for (text, expected) in [
        (r#""""#, &b""[..]),
        (r#""Zg==""#, b"f"),
        (r#""Zg""#, b"f"),
        (r#""Zm8=""#, b"fo"),
        (r#""Zm8""#, b"fo"),
        (r#""Zm9v""#, b"foo"),
        (r#""\/\/\/\/""#, &[255; 3]),
    ] {
        assert_eq!(read(text, Reader::blob).unwrap(), expected, "{text}");
    }
    for text in [
        r#""Z""#,
        r#""Zg=""#,
        r#""Zg===""#,
        r#""Z g=""#,
        r#""__8=""#,
        r#""é""#,
        "5",
    ] {
        assert!(read(text, Reader::blob).is_err(), "{text}");
    }
    assert_eq!(write(|writer| writer.blob(b"fo")), r#""Zm8=""#);
}

#[test]
fn timestamps_are_read_in_any_format_and_written_in_the_declared_one() {
    let expected = Timestamp::from_epoch(1_398_796_238, 500_000_000).unwrap();
    let formats = [
        TimestampFormat::DateTime,
        TimestampFormat::HttpDate,
        TimestampFormat::EpochSeconds,
    ];
    for format in formats {
        for text in [
            "1398796238.5",
            "13987962385e-1",
            "\"1398796238.5\"",
            "\"2014-04-29T18:30:38.5Z\"",
            "\"Tue, 29 Apr 2014 18:30:38.500 GMT\"",
        ] {
            assert_eq!(
                read(text, |reader| reader.timestamp(format)).unwrap(),
                expected,
                "{text}"
            );
        }
        for text in ["\"\"", "\"today\"", "true", "1e99", "null"] {
            assert!(
                read(text, |reader| reader.timestamp(format)).is_err(),
                "{text}"
            );
        }
    }
    let written = formats.map(|format| write(|writer| writer.timestamp(expected, format)));
    assert_eq!(
        written,
        [
            "\"2014-04-29T18:30:38.5Z\"",
            "\"Tue, 29 Apr 2014 18:30:38 GMT\"",
            "1398796238.5"
        ]
    );
}

#[test]
fn dense_collections_drop_nulls_and_sparse_ones_keep_them() {
    let list = "[1, null, 2]";
    assert_eq!(
        read(list, |reader| reader.list(Reader::integer)).unwrap(),
        [1, 2]
    );
    assert_eq!(
        read(list, |reader| reader.sparse_list(Reader::integer)).unwrap(),
        [Some(1), None, Some(2)]
    );
    let map = r#"{"a": 1, "b": null, "a": 2, "c": 3, "c": null}"#;
    let dense: BTreeMap<String, i32> = read(map, |reader| reader.map(Reader::integer)).unwrap();
    assert_eq!(dense, BTreeMap::from([("a".to_owned(), 2)]));
    let sparse: BTreeMap<String, Option<i32>> =
        read(map, |reader| reader.sparse_map(Reader::integer)).unwrap();
    assert_eq!(
        sparse,
        BTreeMap::from([
            ("a".to_owned(), Some(2)),
            ("b".to_owned(), None),
            ("c".to_owned(), None)
        ])
    );
    assert_eq!(
        read("null", |reader| reader.nullable(Reader::integer)).unwrap(),
        None
    );
    assert_eq!(
        read("1", |reader| reader.nullable(Reader::integer)).unwrap(),
        Some(1)
    );
    assert!(read("nil", |reader| reader.nullable(Reader::integer)).is_err());
}

#[test]
fn kinds_can_be_peeked_at() {
    for (text, kind) in [
        ("null", Kind::Null),
        (" false", Kind::Boolean),
        ("-1", Kind::Number),
        ("\"\"", Kind::String),
        ("[]", Kind::Array),
        ("{}", Kind::Object),
    ] {
        let mut reader = Reader::new(text.as_bytes()).unwrap();
        assert_eq!(reader.peek_kind().unwrap(), kind);
        assert_eq!(reader.is_null(), kind == Kind::Null);
        reader.skip().unwrap();
        reader.finish().unwrap();
    }
    assert!(Reader::new(b" ?").unwrap().peek_kind().is_err());
}

#[test]
fn debug_shows_no_text() {
    let mut writer = Writer::default();
    writer.string("hunter2");
    assert!(!format!("{writer:?}").contains("hunter2"));
    assert!(!format!("{:?}", Reader::new(b"\"hunter2\"").unwrap()).contains("hunter2"));
}

fn documents() -> impl Strategy<Value = Document> {
    let scalar = prop_oneof![
        Just(Document::Null),
        any::<bool>().prop_map(Document::from),
        any::<i64>().prop_map(Document::from),
        any::<u64>().prop_map(Document::from),
        any::<f64>()
            .prop_filter("finite", |number| number.is_finite())
            .prop_map(Document::from),
        any::<String>().prop_map(Document::from),
    ];
    scalar.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Document::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(Document::from),
        ]
    })
}

/// Texts that are almost JSON: tokens in any order, which gets much further than random characters.
fn nearly_json() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\"a\"",
        "\"\\n\"",
        "\"\\u00e9\"",
        "\\u12",
        "1",
        "-",
        "0",
        "1.5",
        "e",
        "E+",
        ".",
        "null",
        "true",
        "fals",
        " ",
        "\n",
        "\t",
        "\u{0}",
        "é",
        "\u{feff}",
        "{\"a\":",
        "[1,",
        "\"b\":",
    ]);
    prop::collection::vec(token, 0..12).prop_map(|tokens| tokens.concat())
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20),
        ..ProptestConfig::default()
    }
}

fn agrees_with_serde_json(text: &[u8]) {
    match (read_any(text), serde_json::from_slice::<Value>(text)) {
        (Ok(document), Ok(value)) => {
            assert!(same(&document, &value), "{document:?} is not {value:?}")
        }
        (Err(_), Err(_)) => {}
        (Ok(_), Err(_))
            if text
                .windows(3)
                .any(|part| part == b"\\ud" || part == b"\\uD") => {}
        (document, value) => panic!(
            "{:?}: {document:?} but {value:?}",
            String::from_utf8_lossy(text)
        ),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn arbitrary_bytes_never_panic_and_agree_with_serde_json(text: Vec<u8>) {
        agrees_with_serde_json(&text);
    }

    #[test]
    fn almost_valid_texts_agree_with_serde_json(text in nearly_json()) {
        agrees_with_serde_json(text.as_bytes());
    }

    #[test]
    fn damaged_texts_agree_with_serde_json(document in documents(), place: prop::sample::Index, byte: u8) {
        let mut text = write(|writer| writer.document(&document)).into_bytes();
        let place = place.index(text.len());
        text[place] = byte;
        agrees_with_serde_json(&text);
        text.truncate(place);
        agrees_with_serde_json(&text);
    }

    #[test]
    fn typed_reading_of_anything_never_panics(text in nearly_json()) {
        let format = TimestampFormat::DateTime;
        let _ = read(&text, |reader| reader.list(Reader::long));
        let _ = read(&text, |reader| reader.map::<String, _>(Reader::double));
        let _ = read(&text, |reader| reader.sparse_map::<String, _>(Reader::blob));
        let _ = read(&text, |reader| reader.sparse_list(|reader| reader.timestamp(format)));
        let _ = read(&text, |reader| reader.nullable(Reader::str));
        let _ = read(&text, Reader::float);
    }

    #[test]
    fn documents_survive_writing_and_reading(document in documents()) {
        let text = write(|writer| writer.document(&document));
        let value: Value = serde_json::from_str(&text).expect("serde_json reads what we write");
        prop_assert!(same(&document, &value));
        prop_assert_eq!(read(&text, Reader::document).unwrap(), document);
    }

    #[test]
    fn strings_survive_writing_and_reading(text: String) {
        let written = write(|writer| writer.string(&text));
        prop_assert_eq!(&serde_json::from_str::<String>(&written).unwrap(), &text);
        prop_assert_eq!(read(&written, Reader::string).unwrap(), text);
    }

    #[test]
    fn strings_of_specials_survive_writing_and_reading(text in "[\"\\\\\u{0}-\u{40}é😀]{0,40}") {
        let written = write(|writer| writer.string(&text));
        prop_assert_eq!(&serde_json::from_str::<String>(&written).unwrap(), &text);
        prop_assert_eq!(read(&written, Reader::string).unwrap(), text);
    }

    #[test]
    fn scalars_survive_writing_and_reading(
        integer: i64, float: f32, double: f64, flag: bool, blob: Vec<u8>, short: i16, byte: i8, middle: i32,
    ) {
        prop_assert_eq!(read(&write(|writer| writer.integer(integer)), Reader::long).unwrap(), integer);
        prop_assert_eq!(read(&write(|writer| writer.integer(middle.into())), Reader::integer).unwrap(), middle);
        prop_assert_eq!(read(&write(|writer| writer.integer(short.into())), Reader::short).unwrap(), short);
        prop_assert_eq!(read(&write(|writer| writer.integer(byte.into())), Reader::byte).unwrap(), byte);
        prop_assert_eq!(read(&write(|writer| writer.boolean(flag)), Reader::boolean).unwrap(), flag);
        prop_assert_eq!(read(&write(|writer| writer.blob(&blob)), Reader::blob).unwrap(), blob);
        let text = write(|writer| writer.float(float));
        prop_assert_eq!(read(&text, Reader::float).unwrap().to_bits(), float.to_bits());
        let text = write(|writer| writer.double(double));
        prop_assert_eq!(read(&text, Reader::double).unwrap().to_bits(), double.to_bits());
    }

    #[test]
    fn timestamps_survive_writing_and_reading(
        seconds in Timestamp::MIN.epoch_seconds()..=Timestamp::MAX.epoch_seconds(),
        nanoseconds in 0..1_000_000_000_u32,
    ) {
        let exact = Timestamp::from_epoch(seconds, nanoseconds).unwrap();
        for format in [TimestampFormat::DateTime, TimestampFormat::EpochSeconds] {
            let text = write(|writer| writer.timestamp(exact, format));
            prop_assert_eq!(read(&text, |reader| reader.timestamp(format)).unwrap(), exact);
        }
    }
}
