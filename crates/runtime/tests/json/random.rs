//! Random texts and values.

use attache_runtime::document::Document;
use attache_runtime::plumbing::json::Reader;
use attache_runtime::timestamp::{Timestamp, TimestampFormat};
use proptest::prelude::*;
use serde_json::Value;

use super::{read, read_any, same, write};

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

/// Texts that are almost JSON: tokens in any order. They reach more of the reader than random characters do.
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
