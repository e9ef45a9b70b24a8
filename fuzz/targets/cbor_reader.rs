//! The CBOR reader: it never panics, what it reads can be skipped, and it reads again what was written.

#![no_main]

use attache_runtime::plumbing::cbor::{Reader, Writer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut reader = Reader::new(bytes);
    let document = reader.document().and_then(|document| {
        reader.finish()?;
        Ok(document)
    });
    let mut skipping = Reader::new(bytes);
    let skipped = skipping.skip().and_then(|()| skipping.finish());
    match &document {
        Ok(document) => {
            assert!(skipped.is_ok(), "what can be read can be skipped");
            let mut writer = Writer::with_capacity(bytes.len());
            writer.document(document);
            let text = writer.into_bytes();
            let again = Reader::new(&text).document().expect("it was written");
            let mut writer = Writer::with_capacity(text.len());
            writer.document(&again);
            // The bytes are compared, because NaN is not equal to itself.
            assert_eq!(
                writer.into_bytes(),
                text,
                "writing and reading is the identity"
            );
        }
        Err(error) => {
            assert!(error.offset() <= bytes.len());
            drop(error.to_string());
        }
    }
    // The values of any type, of which documents have fewer.
    let _ = Reader::new(bytes).timestamp();
    let _ = Reader::new(bytes).big_integer();
    let _ = Reader::new(bytes).big_decimal();
    let _ = Reader::new(bytes).float();
    let _ = Reader::new(bytes).long();
});
