//! Bodies over plain HTTP: others could change them, so each chunk of a stream is signed.

use attache_runtime::plumbing::sigv4::{ChunkSigner, Scope, signing_key};
use attache_runtime::{Bytes, ChecksumUse};

use crate::stage::{NOW, Put, Seen, Store, config, send, stating};

const CHUNK: usize = 1024 * 1024;

async fn sent(url: &str, body: Bytes, when: ChecksumUse) -> Seen {
    let store = Store::default();
    let config = config(&store)
        .endpoint_url(url)
        .allow_plain_http(true)
        .request_checksum_calculation(when);
    let length = body.len() as u64;
    let body = stating(vec![body], length);
    send(
        config,
        Put {
            body,
            ..Put::default()
        },
    )
    .await
    .unwrap();
    store.only()
}

/// The message of a body, made with the signer that the examples of AWS test.
fn framed(seen: &Seen, body: &[u8], with_checksum: bool) -> Vec<u8> {
    let scope = Scope {
        region: "us-east-1",
        service: "store",
        time: NOW.parse().unwrap(),
    };
    let authorization = seen.header("authorization").unwrap();
    let (_, seed) = authorization.split_once("Signature=").unwrap();
    let mut signer = ChunkSigner::new(signing_key("SECRET", &scope), &scope, seed.to_owned());
    let mut message = Vec::new();
    for chunk in body.chunks(CHUNK) {
        let signature = signer.chunk(chunk);
        message.extend(format!("{:x};chunk-signature={signature}\r\n", chunk.len()).bytes());
        message.extend(chunk);
        message.extend(b"\r\n");
    }
    message.extend(format!("0;chunk-signature={}\r\n", signer.chunk(b"")).bytes());
    if with_checksum {
        let crc = base64_simd::STANDARD.encode_to_string(crc32fast::hash(body).to_be_bytes());
        let signature = signer.trailer(&format!("x-amz-checksum-crc32:{crc}\n"));
        message.extend(format!("x-amz-checksum-crc32:{crc}\r\n").bytes());
        message.extend(format!("x-amz-trailer-signature:{signature}\r\n").bytes());
    }
    message.extend(b"\r\n");
    message
}

#[tokio::test]
async fn each_chunk_of_a_stream_is_signed() {
    for url in ["http://store.example.com", "http://127.0.0.1:9"] {
        for length in [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK - 1] {
            for (when, payload) in [
                (
                    ChecksumUse::WhenSupported,
                    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
                ),
                (
                    ChecksumUse::WhenRequired,
                    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                ),
            ] {
                let with_checksum = when == ChecksumUse::WhenSupported;
                let body = Bytes::from(vec![length as u8; length]);
                let seen = sent(url, body.clone(), when).await;
                assert!(
                    seen.body == framed(&seen, &body, with_checksum),
                    "{length}, {when:?}"
                );
                assert_eq!(seen.stated, Some(seen.body.len() as u64));
                assert_eq!(seen.header("x-amz-content-sha256"), Some(payload));
                assert_eq!(seen.header("content-encoding"), Some("aws-chunked"));
                let decoded = seen.header("x-amz-decoded-content-length");
                assert_eq!(decoded, Some(length.to_string().as_str()));
                assert_eq!(seen.header("x-amz-trailer").is_some(), with_checksum);
            }
        }
    }
}

#[tokio::test]
async fn a_stream_over_tls_without_a_checksum_is_sent_as_it_is() {
    let body = Bytes::from_static(b"hello");
    let seen = sent("https://store.example.com", body, ChecksumUse::WhenRequired).await;
    assert_eq!(seen.body, "hello");
    assert_eq!(
        seen.header("x-amz-content-sha256"),
        Some("UNSIGNED-PAYLOAD")
    );
}
