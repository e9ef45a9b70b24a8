//! Values of each type, in every form that a service may send.

use std::collections::BTreeMap;

use attache_runtime::plumbing::json::{Kind, Reader, Writer};
use attache_runtime::timestamp::{Timestamp, TimestampFormat};

use super::{read, refused, write};

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
fn nan_and_infinity_are_read_and_written_as_strings() {
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
fn the_kind_of_the_next_value_can_be_read_ahead() {
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
