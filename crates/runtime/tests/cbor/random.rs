//! Random documents, written and read by our code and by ciborium.

use std::collections::BTreeMap;

use attache_runtime::Document;
use attache_runtime::document::Number;
use attache_runtime::plumbing::cbor::{Reader, Writer};
use ciborium::Value;
use proptest::prelude::*;

fn documents() -> impl Strategy<Value = Document> {
    let leaf = prop_oneof![
        Just(Document::Null),
        any::<bool>().prop_map(Document::from),
        any::<i64>().prop_map(Document::from),
        any::<u64>().prop_map(Document::from),
        (any::<i32>()).prop_map(|value| Document::from(f64::from(value) / 8.0)),
        ".{0,30}".prop_map(Document::from),
    ];
    leaf.prop_recursive(4, 64, 30, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..30).prop_map(Document::Array),
            prop::collection::btree_map(".{0,8}", inner, 0..30).prop_map(Document::Object),
        ]
    })
}

fn reference(document: &Document) -> Value {
    match document {
        Document::Null => Value::Null,
        Document::Bool(value) => Value::Bool(*value),
        Document::Number(Number::PosInt(value)) => Value::Integer((*value).into()),
        Document::Number(Number::NegInt(value)) => Value::Integer((*value).into()),
        Document::Number(Number::Float(value)) => Value::Float(*value),
        Document::String(text) => Value::Text(text.clone()),
        Document::Array(values) => Value::Array(values.iter().map(reference).collect()),
        Document::Object(members) => {
            let members: &BTreeMap<String, Document> = members;
            let members = members.iter();
            Value::Map(
                members
                    .map(|(name, value)| (Value::Text(name.clone()), reference(value)))
                    .collect(),
            )
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(60), ..ProptestConfig::default() })]

    #[test]
    fn both_read_what_both_write(document in documents()) {
        let mut writer = Writer::default();
        writer.document(&document);
        let ours = writer.into_bytes();
        let value: Value = ciborium::from_reader(ours.as_slice()).expect("ciborium reads it");
        prop_assert_eq!(&value, &reference(&document));
        let mut theirs = Vec::new();
        ciborium::into_writer(&value, &mut theirs).expect("it can be written");
        let mut reader = Reader::new(&theirs);
        prop_assert_eq!(&reader.document().expect("we read it"), &document);
        prop_assert!(reader.finish().is_ok());
        let mut reader = Reader::new(&theirs);
        prop_assert!(reader.skip().and_then(|()| reader.finish()).is_ok());
    }

    #[test]
    fn random_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let read = |reader: &mut Reader<'_>| reader.document();
        let mut reader = Reader::new(&bytes);
        let document = read(&mut reader);
        let mut skipping = Reader::new(&bytes);
        if let Err(error) = &document {
            prop_assert!(error.offset() <= bytes.len());
        } else {
            prop_assert!(skipping.skip().is_ok());
        }
    }
}
