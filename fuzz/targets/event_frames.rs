//! The reader of messages of event streams: it never panics, the boundaries of pieces do not matter, and what it reads
//! can be written, with the same bytes.

#![no_main]

use attache_runtime::event_stream::{FrameError, FrameReader, Message};
use libfuzzer_sys::fuzz_target;

fn read(bytes: &[u8], piece: usize) -> (Vec<Message>, Result<(), FrameError>) {
    let mut reader = FrameReader::default();
    let mut messages = Vec::new();
    for piece in bytes.chunks(piece.max(1)) {
        reader.push(piece);
        loop {
            match reader.next_message() {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => break,
                Err(error) => return (messages, Err(error)),
            }
        }
    }
    let end = reader.finish();
    (messages, end)
}

/// Makes the checksums right, so that more than the first 12 bytes are read.
fn mended(bytes: &[u8]) -> Option<Vec<u8>> {
    let headers = usize::from(*bytes.first()?);
    let (headers, payload) = bytes[1..].split_at_checked(headers)?;
    let mut whole = ((16 + headers.len() + payload.len()) as u32).to_be_bytes().to_vec();
    whole.extend_from_slice(&(headers.len() as u32).to_be_bytes());
    whole.extend_from_slice(&checksum(&whole).to_be_bytes());
    whole.extend_from_slice(headers);
    whole.extend_from_slice(payload);
    whole.extend_from_slice(&checksum(&whole).to_be_bytes());
    Some(whole)
}

/// CRC-32, bit by bit.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| match crc & 1 {
            1 => (crc >> 1) ^ 0xedb8_8320,
            _ => crc >> 1,
        })
    })
}

fuzz_target!(|bytes: &[u8]| {
    let mended = mended(bytes).unwrap_or_default();
    for bytes in [bytes, &mended] {
        let whole = read(bytes, usize::MAX);
        assert_eq!(whole, read(bytes, 1), "the pieces do not matter");
        let (messages, end) = whole;
        if let Err(error) = &end {
            drop(error.to_string());
        }
        let mut written = Vec::new();
        for message in messages {
            match message.encode() {
                Ok(bytes) => written.extend_from_slice(&bytes),
                // Readers accept longer values and an empty name.
                Err(FrameError::ValueTooLong(..) | FrameError::NameLength(_)) => return,
                Err(error) => panic!("what was read can be written: {error}"),
            }
        }
        assert!(bytes.starts_with(&written), "writing and reading is the identity");
    }
});
