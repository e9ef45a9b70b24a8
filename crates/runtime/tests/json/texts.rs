//! Whole texts: which are accepted, and the errors for the others.

use std::borrow::Cow;

use attache_runtime::plumbing::json::{DEPTH_LIMIT, Reader};
use serde_json::Value;

use super::{read, read_any, refused, same};

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

/// Texts that are no JSON.
const INVALID: [&str; 56] = [
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
];

#[test]
fn invalid_texts_are_refused_as_serde_json_refuses_them() {
    for text in INVALID {
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
        std::mem::size_of::<attache_runtime::plumbing::json::Error>(),
        std::mem::size_of::<usize>()
    );
}

#[test]
fn every_function_refuses_nesting_beyond_the_limit() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(read_any(nested(DEPTH_LIMIT).as_bytes()).is_ok());
    assert!(read_any(nested(DEPTH_LIMIT + 1).as_bytes()).is_err());
    let objects = "{\"a\":".repeat(DEPTH_LIMIT) + "1" + &"}".repeat(DEPTH_LIMIT);
    assert!(read_any(objects.as_bytes()).is_ok());
    assert!(read_any(format!("[{objects}]").as_bytes()).is_err());
    let hostile = "[{\"a\":".repeat(1_000_000);
    assert!(read_any(hostile.as_bytes()).is_err());
    // The depth decreases at the end of a value: many lists in a row are not deep.
    assert!(read_any(format!("[{}[]]", "[{}],".repeat(1000)).as_bytes()).is_ok());
}
