//! Streamed bodies: they are cut into chunks of one mebibyte, whatever their pieces are.

use attache_runtime::plumbing::message::HttpRequest;
use attache_runtime::{ByteStream, Bytes, ErrorKind, http};
use proptest::prelude::*;

use crate::stage::{Put, Store, config, pieces_of, send, stating};

const CHUNK: usize = 1024 * 1024;

/// The message of a body, made in the simplest way.
fn framed(body: &[u8]) -> Vec<u8> {
    let mut message = Vec::new();
    for chunk in body.chunks(CHUNK) {
        message.extend(format!("{:x}\r\n", chunk.len()).bytes());
        message.extend(chunk);
        message.extend(b"\r\n");
    }
    let crc = crc32fast::hash(body).to_be_bytes();
    let crc = base64_simd::STANDARD.encode_to_string(crc);
    message.extend(format!("0\r\nx-amz-checksum-crc32:{crc}\r\n\r\n").bytes());
    message
}

fn pseudo_random(length: usize) -> Bytes {
    let byte = |at: usize| ((at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as u8;
    (0..length).map(byte).collect::<Vec<u8>>().into()
}

async fn sent(body: ByteStream) -> crate::stage::Seen {
    let store = Store::default();
    send(
        config(&store),
        Put {
            body,
            ..Put::default()
        },
    )
    .await
    .unwrap();
    store.only()
}

#[tokio::test]
async fn lengths_around_those_of_chunks() {
    for length in [
        0,
        1,
        65_535,
        65_536,
        65_537,
        CHUNK - 1,
        CHUNK,
        CHUNK + 1,
        2 * CHUNK,
        5 * CHUNK / 2,
    ] {
        let body = pseudo_random(length);
        let in_memory = sent(body.clone().into()).await;
        let streamed = sent(stating(vec![body.clone()], length as u64)).await;
        let expected = framed(&body);
        for seen in [in_memory, streamed] {
            assert!(seen.body == expected, "{length} bytes");
            assert_eq!(seen.stated, Some(expected.len() as u64), "{length} bytes");
            let decoded = seen.header("x-amz-decoded-content-length");
            assert_eq!(decoded, Some(length.to_string().as_str()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_pieces_of_a_stream_do_not_matter(lengths in prop::collection::vec(0_usize..700_000, 0..6)) {
        let body = pseudo_random(lengths.iter().sum());
        let mut rest = body.clone();
        let pieces = lengths.iter().map(|length| rest.split_to(*length)).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let seen = runtime.block_on(sent(stating(pieces, body.len() as u64)));
        prop_assert!(seen.body == framed(&body));
    }
}

#[tokio::test]
async fn a_stream_of_unknown_length_is_sent_without_one() {
    let seen = sent(pieces_of(vec![b"he", b"llo"])).await;
    assert_eq!(seen.body, framed(b"hello"));
    assert_eq!(seen.stated, None);
    assert_eq!(seen.header("x-amz-decoded-content-length"), None);
}

#[tokio::test]
async fn a_member_can_state_the_length_of_a_stream() {
    let store = Store::default();
    let put = Put {
        body: pieces_of(vec![b"he", b"llo"]),
        headers: vec![("content-length", "5"), ("content-encoding", "gzip")],
        ..Put::default()
    };
    send(config(&store), put).await.unwrap();
    let seen = store.only();
    assert_eq!(seen.header("x-amz-decoded-content-length"), Some("5"));
    assert_eq!(
        seen.header("content-length"),
        None,
        "the chunks have another length"
    );
    assert_eq!(seen.stated, Some(seen.body.len() as u64));
    assert_eq!(seen.header("content-encoding"), Some("gzip,aws-chunked"));
}

#[tokio::test]
async fn a_stream_that_has_another_length_than_it_stated_fails() {
    for (length, problem) in [(4, "more bytes"), (6, "ended 1 bytes before")] {
        let store = Store::default();
        let body = stating(vec![Bytes::from_static(b"hello")], length);
        let error = send(
            config(&store),
            Put {
                body,
                ..Put::default()
            },
        )
        .await;
        let error = error.expect_err("the length is wrong");
        assert_eq!(error.kind(), ErrorKind::Request);
        assert!(format!("{error:#}").contains(problem), "{error:#}");
    }
}

#[test]
fn a_service_that_requires_a_length_gets_no_stream_without_one() {
    let of = |headers: &[(&'static str, &str)], stream: ByteStream| {
        let mut request = HttpRequest::new(http::Method::PUT);
        for (name, value) in headers {
            request.header(name, "Length", value).unwrap();
        }
        request.stream_with_length("application/octet-stream", "Body", stream)
    };
    let error = of(&[], pieces_of(vec![b"hello"])).expect_err("the length is unknown");
    let text = error.to_string();
    assert!(
        text.contains("Body") && text.contains("requires the length"),
        "{text}"
    );
    assert!(of(&[("content-length", "5")], pieces_of(vec![b"hello"])).is_ok());
    assert!(of(&[], "hello".into()).is_ok());
    assert!(of(&[], stating(vec![Bytes::from_static(b"hello")], 5)).is_ok());
}
