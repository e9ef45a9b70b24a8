//! Paths, queries, headers and documents in messages.

use attache_runtime::plumbing::header;
use attache_runtime::plumbing::uri;
use attache_runtime::timestamp::{Timestamp, TimestampFormat};
use http::HeaderValue;
use proptest::prelude::*;

fn encoded(push: fn(&mut String, &str), value: &str) -> String {
    let mut text = String::new();
    push(&mut text, value);
    text
}

#[test]
fn only_unreserved_characters_stay_in_a_uri() {
    let ascii: String = (' '..='~').collect();
    let kept: String = encoded(uri::push_query_component, &ascii)
        .split('%')
        .enumerate()
        .map(|(index, part)| if index == 0 { part } else { &part[2..] })
        .collect();
    assert_eq!(
        kept,
        "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~"
    );
    assert_eq!(
        encoded(uri::push_label, "a/b:c d\u{e9}%"),
        "a%2Fb%3Ac%20d%C3%A9%25"
    );
    assert_eq!(encoded(uri::push_greedy_label, "a/b:c"), "a/b%3Ac");
    assert_eq!(
        encoded(uri::push_query_component, "a+b=c&d/"),
        "a%2Bb%3Dc%26d%2F"
    );
}

#[test]
fn header_values_cannot_carry_line_breaks() {
    for bad in ["a\r\nx-evil: 1", "a\nb", "a\rb", "a\0b", "\u{7f}", "\u{1b}"] {
        let error = header::value("x-name", bad).unwrap_err();
        assert_eq!(error.name(), "x-name");
        assert_eq!(
            error.to_string(),
            "invalid header `x-name`: expected no control characters, such as line breaks"
        );
    }
    for good in ["", "plain", "tab\there", "é"] {
        let value = header::value("x-name", good).unwrap();
        assert_eq!(header::text("x-name", &value).unwrap(), good);
    }
    assert!(header::text("x-name", &HeaderValue::from_bytes(b"\xff").unwrap()).is_err());
}

#[test]
fn scalars_have_one_text_form() {
    assert_eq!(header::format_boolean(true), "true");
    assert_eq!(header::format_integer(-5), "-5");
    assert_eq!(header::format_float(0.1), "0.1");
    assert_eq!(header::format_double(1.0), "1.0");
    assert_eq!(header::format_double(f64::NAN), "NaN");
    assert_eq!(header::format_float(f32::NEG_INFINITY), "-Infinity");
    assert_eq!(header::format_double(f64::INFINITY), "Infinity");
    assert_eq!(header::format_media_type("{\"a\":1}"), "eyJhIjoxfQ==");
}

#[test]
fn scalars_are_read_or_refused_with_the_name_of_the_header() {
    assert_eq!(header::parse_boolean("x", " true "), Ok(true));
    assert_eq!(header::parse_byte("x", "-128"), Ok(-128));
    assert_eq!(header::parse_short("x", "32767"), Ok(32767));
    assert_eq!(header::parse_integer("x", "7"), Ok(7));
    assert_eq!(header::parse_long("x", "9223372036854775807"), Ok(i64::MAX));
    assert_eq!(header::parse_float("x", "1.5"), Ok(1.5));
    assert!(header::parse_double("x", "NaN").unwrap().is_nan());
    assert_eq!(
        header::parse_double("x", "-Infinity"),
        Ok(f64::NEG_INFINITY)
    );
    assert_eq!(
        header::parse_media_type("x", "eyJhIjoxfQ=="),
        Ok("{\"a\":1}".to_owned())
    );
    let date = "Tue, 29 Apr 2014 18:30:38 GMT";
    let parsed = header::parse_timestamp("x", date, TimestampFormat::HttpDate);
    assert_eq!(
        parsed,
        Ok(Timestamp::from_epoch_seconds(1_398_796_238).unwrap())
    );

    assert!(header::parse_boolean("x", "True").is_err());
    assert!(header::parse_short("x", "32768").is_err());
    assert!(header::parse_integer("x", "1.0").is_err());
    assert!(header::parse_integer("x", "").is_err());
    for text in ["inf", "nan", "infinity", "1e999", "", "1,5"] {
        assert!(header::parse_double("x", text).is_err(), "{text}");
    }
    assert!(header::parse_float("x", "1e39").is_err());
    assert!(header::parse_media_type("x", "/w==").is_err());
    assert!(header::parse_timestamp("x", date, TimestampFormat::DateTime).is_ok());
    for (parse, found) in [
        (
            header::parse_timestamp as fn(_, _, _) -> _,
            ", found \"05/06/2023\"",
        ),
        (header::parse_sensitive_timestamp, ""),
    ] {
        assert_eq!(
            parse("x-at", "05/06/2023", TimestampFormat::HttpDate)
                .unwrap_err()
                .to_string(),
            format!(
                "invalid header `x-at`: expected an http-date such as Tue, 29 Apr 2014 18:30:38 GMT{found}"
            )
        );
    }
    assert_eq!(
        header::parse_byte("x-count", "hunter2")
            .unwrap_err()
            .to_string(),
        "invalid header `x-count`: expected an integer from -128 to 127"
    );
}

#[test]
fn lists_split_at_commas_outside_quotes() {
    for (list, expected) in [
        ("", &[][..]),
        (" ", &[]),
        (",", &[]),
        ("a", &["a"]),
        ("a,b", &["a", "b"]),
        (" a ,\tb c ", &["a", "b c"]),
        ("a,,b,", &["a", "b"]),
        (r#""b,c", "\"def\"", a"#, &["b,c", "\"def\"", "a"]),
        (r#""",a"#, &["", "a"]),
        (r#"" a ""#, &[" a "]),
        (r#""a\\b\c""#, &["a\\bc"]),
        (r#""a"junk,b"#, &["a", "b"]),
        (r#"a"b,c"#, &["a\"b", "c"]),
        (r#""open, to the end"#, &["open, to the end"]),
        (r#""a\"#, &["a"]),
        ("é,\"ü\\é\"", &["é", "üé"]),
    ] {
        assert_eq!(header::split_list(list), expected, "{list}");
    }
}

#[test]
fn lists_of_http_dates_split_at_every_second_comma() {
    let (tuesday, wednesday) = (
        "Tue, 29 Apr 2014 18:30:38 GMT",
        "Wed, 30 Apr 2014 18:30:38 GMT",
    );
    assert!(header::split_http_dates(" ").is_empty());
    assert_eq!(header::split_http_dates(tuesday), [tuesday]);
    assert_eq!(
        header::split_http_dates(&format!("{tuesday},{wednesday}")),
        [tuesday, wednesday]
    );
    assert_eq!(
        header::split_http_dates(&format!(" {tuesday} , {wednesday}, x")),
        [tuesday, wednesday, "x"]
    );
}

#[test]
fn members_are_quoted_only_if_needed() {
    for (member, expected) in [
        ("a", "a"),
        ("a b", "a b"),
        ("a\\b", "a\\b"),
        ("", "\"\""),
        ("a,b", "\"a,b\""),
        ("a\"b\\", "\"a\\\"b\\\\\""),
        (" a", "\" a\""),
    ] {
        assert_eq!(header::quote_if_needed(member), expected);
    }
}

#[cfg(feature = "serde")]
mod serde_forms {
    use attache_runtime::document::{Document, Number};
    use attache_runtime::serde_blob;
    use bytes::Bytes;

    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Attachment {
        #[serde(with = "serde_blob")]
        data: Bytes,
        #[serde(with = "serde_blob", default)]
        preview: Option<Bytes>,
    }

    #[test]
    fn blobs_are_base64_strings() {
        let attachment = Attachment {
            data: "foo".into(),
            preview: Some("f".into()),
        };
        let text = serde_json::to_string(&attachment).unwrap();
        assert_eq!(text, r#"{"data":"Zm9v","preview":"Zg=="}"#);
        assert_eq!(
            serde_json::from_str::<Attachment>(&text).unwrap(),
            attachment
        );
        let none = Attachment {
            data: Bytes::new(),
            preview: None,
        };
        let text = serde_json::to_string(&none).unwrap();
        assert_eq!(text, r#"{"data":"","preview":null}"#);
        assert_eq!(serde_json::from_str::<Attachment>(&text).unwrap(), none);
        assert_eq!(
            serde_json::from_str::<Attachment>(r#"{"data":""}"#).unwrap(),
            none
        );
        assert_eq!(
            serde_json::from_str::<Attachment>(r#"{"data":"Zm9v","preview":"Zg"}"#).unwrap(),
            attachment
        );
        let error = serde_json::from_str::<Attachment>(r#"{"data":"hunter 2"}"#)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("base64") && !error.contains("hunter"),
            "{error}"
        );
    }

    #[test]
    fn documents_are_created_from_values() {
        let text = r#"{"a":[null,true,-1,18446744073709551615,1.5,"x"],"b":{}}"#;
        let document: Document = serde_json::from_str(text).unwrap();
        let list = document.get("a").and_then(Document::as_array).unwrap();
        assert_eq!(list[2].as_number(), Some(Number::NegInt(-1)));
        assert_eq!(list[3].as_number(), Some(Number::PosInt(u64::MAX)));
        assert_eq!(serde_json::to_string(&document).unwrap(), text);
    }
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn encoded_text_decodes_to_itself(value: String) {
        for push in [uri::push_label, uri::push_greedy_label, uri::push_query_component] {
            let text = encoded(push, &value);
            prop_assert!(text.is_ascii());
            let decoded = percent_encoding::percent_decode_str(&text).decode_utf8().unwrap();
            prop_assert_eq!(decoded, value.as_str());
        }
    }

    #[test]
    fn lists_survive_joining_and_splitting(
        members in prop::collection::vec(prop_oneof![any::<String>(), "[a,\"\\\\ \t]{0,6}"], 0..6),
    ) {
        let list: Vec<_> = members.iter().map(|member| header::quote_if_needed(member)).collect();
        let list = list.join(", ");
        prop_assert_eq!(header::split_list(&list), members);
    }

    #[test]
    fn splitting_never_panics(list in "[a,\"\\\\ \té]{0,20}") {
        let _ = header::split_list(&list);
        let _ = header::split_http_dates(&list);
    }

    #[test]
    fn numbers_survive_writing_and_reading(float: f32, double: f64, integer: i64) {
        let text = header::format_float(float);
        prop_assert_eq!(header::parse_float("x", &text).unwrap().to_bits(), float.to_bits());
        let text = header::format_double(double);
        prop_assert_eq!(header::parse_double("x", &text).unwrap().to_bits(), double.to_bits());
        prop_assert_eq!(header::parse_long("x", &header::format_integer(integer)), Ok(integer));
    }
}
