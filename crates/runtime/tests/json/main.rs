//! The JSON reader and writer: accepted and refused texts and the places in errors, with `serde_json` as the reference.

mod random;
mod texts;
mod values;

use attache_runtime::document::{Document, Number};
use attache_runtime::plumbing::json::{Reader, Result, Writer};
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

/// Reads `text` with all functions that accept any value; they must agree on whether it is valid.
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
