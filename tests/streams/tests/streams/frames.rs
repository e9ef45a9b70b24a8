//! Messages: what is written is read, and what is broken is refused.

use attache_runtime::event_stream::{FrameError, FrameReader, HeaderValue, MAX_PAYLOAD, Message};
use bytes::Bytes;
use proptest::prelude::*;

fn value() -> impl Strategy<Value = HeaderValue> {
    prop_oneof![
        any::<bool>().prop_map(HeaderValue::Boolean),
        any::<i8>().prop_map(HeaderValue::Byte),
        any::<i16>().prop_map(HeaderValue::Short),
        any::<i32>().prop_map(HeaderValue::Integer),
        any::<i64>().prop_map(HeaderValue::Long),
        any::<Vec<u8>>().prop_map(|bytes| HeaderValue::Blob(bytes.into())),
        any::<String>().prop_map(HeaderValue::String),
        any::<i64>().prop_map(HeaderValue::Timestamp),
        any::<[u8; 16]>().prop_map(HeaderValue::Uuid),
    ]
}

fn message() -> impl Strategy<Value = Message> {
    let headers = prop::collection::btree_map("[a-z:]{1,20}", value(), 0..8);
    (headers, any::<Vec<u8>>()).prop_map(|(headers, payload)| Message {
        headers: headers.into_iter().collect(),
        payload: payload.into(),
    })
}

/// All messages of these bytes, which arrive in pieces of this length.
fn read(bytes: &[u8], piece: usize) -> Result<Vec<Message>, FrameError> {
    let mut reader = FrameReader::default();
    let mut messages = Vec::new();
    for piece in bytes.chunks(piece.max(1)) {
        reader.push(piece);
        while let Some(message) = reader.next_message()? {
            messages.push(message);
        }
    }
    reader.finish()?;
    Ok(messages)
}

proptest! {
    #[test]
    fn what_is_written_is_read_in_any_pieces(
        messages in prop::collection::vec(message(), 1..4),
        piece in 1..40_usize,
    ) {
        let mut bytes = Vec::new();
        for message in &messages {
            bytes.extend_from_slice(&message.encode().expect("it is short"));
        }
        prop_assert_eq!(read(&bytes, piece).expect("it is whole"), messages);
    }

    #[test]
    fn a_changed_bit_is_noticed(message in message(), place in any::<prop::sample::Index>(), bit in 0..8) {
        let mut bytes = message.encode().expect("it is short").to_vec();
        let place = place.index(bytes.len());
        bytes[place] ^= 1_u8 << bit;
        prop_assert!(read(&bytes, usize::MAX).is_err());
    }

    #[test]
    fn a_cut_message_is_noticed(message in message(), place in any::<prop::sample::Index>()) {
        let bytes = message.encode().expect("it is short");
        let length = place.index(bytes.len());
        let cut = read(&bytes[..length], 7);
        match length {
            0 => prop_assert_eq!(cut, Ok(Vec::new())),
            _ => prop_assert!(matches!(cut, Err(FrameError::Cut(came, _)) if came == length)),
        }
    }
}

/// A prelude with these lengths and a right checksum.
fn prelude(total: u32, headers: u32) -> Vec<u8> {
    let mut bytes = [total.to_be_bytes(), headers.to_be_bytes()].concat();
    // The checksum is that of a message with the same lengths, computed bit by bit.
    let mut crc = u32::MAX;
    for byte in &bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
    }
    bytes.extend_from_slice(&(!crc).to_be_bytes());
    bytes
}

#[test]
fn impossible_lengths_are_refused_with_the_prelude() {
    let refused =
        |total, headers| read(&prelude(total, headers), 12).expect_err("it is impossible");
    assert!(matches!(refused(15, 0), FrameError::Lengths(15, 0)));
    assert!(matches!(refused(40, 25), FrameError::Lengths(40, 25)));
    assert!(matches!(
        refused(u32::MAX, u32::MAX),
        FrameError::Lengths(..)
    ));
    assert!(matches!(
        refused(200_000, 131_073),
        FrameError::HeadersTooLong(131_073)
    ));
    let total = MAX_PAYLOAD as u32 + 17;
    let error = refused(total, 0);
    assert_eq!(error, FrameError::PayloadTooLong(MAX_PAYLOAD as u64 + 1));
    assert_eq!(
        error.to_string(),
        "a message of the event stream cannot be used: its payload has 25165825 bytes, and 25165824 is the maximum"
    );
    // The longest one is only not complete yet.
    assert!(matches!(
        refused(total - 1, 0),
        FrameError::Cut(12, Some(_))
    ));
}

#[test]
fn messages_that_no_receiver_accepts_are_not_written() {
    let refused = |message: Message| message.encode().expect_err("it is too long");
    let long = "x".repeat(256);
    let header = |name: &str, value| Message::default().with(name, value);
    assert_eq!(
        refused(header(&long, HeaderValue::Byte(1))),
        FrameError::NameLength(256)
    );
    assert_eq!(
        refused(header("", HeaderValue::Byte(1))),
        FrameError::NameLength(0)
    );
    let value = HeaderValue::Blob(vec![0; 32_768].into());
    assert!(matches!(
        refused(header("a", value)),
        FrameError::ValueTooLong(_, 32_768)
    ));
    let payload = Bytes::from(vec![0; MAX_PAYLOAD + 1]);
    assert!(matches!(
        refused(Message::new(payload)),
        FrameError::PayloadTooLong(_)
    ));
}

#[test]
fn a_header_must_be_there_once_and_of_a_known_type() {
    let twice = Message::default().with_text("a", "1").with_text("a", "2");
    let bytes = twice.encode().expect("it can be written");
    assert_eq!(
        read(&bytes, 9),
        Err(FrameError::HeaderTwice("a".to_owned()))
    );
}
