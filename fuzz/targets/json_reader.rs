//! The JSON reader: it never panics, its three functions for whole values agree, and it agrees with serde_json.

#![no_main]

use attache_runtime::plumbing::json::{Reader, Writer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let document = Reader::new(bytes).and_then(|mut reader| {
        let document = reader.document()?;
        reader.finish()?;
        Ok(document)
    });
    let skipped = Reader::new(bytes).and_then(|mut reader| {
        reader.skip()?;
        reader.finish()
    });
    let serde: Result<serde_json::Value, _> = serde_json::from_slice(bytes);
    match (&document, &serde) {
        (Ok(document), _) => {
            assert!(skipped.is_ok(), "what can be read can be skipped");
            let mut writer = Writer::with_capacity(bytes.len());
            writer.document(document);
            let text = writer.into_bytes();
            let again = Reader::new(&text).and_then(|mut reader| reader.document());
            assert_eq!(
                again.as_ref().ok(),
                Some(document),
                "writing and reading is the identity"
            );
        }
        (Err(error), Ok(_)) => panic!("serde_json reads it, we do not: {error}"),
        (Err(error), Err(_)) => assert!(error.offset() <= bytes.len()),
    }
});
