//! Checksums of requests whose body is in memory.

use std::time::Duration;

use attache_runtime::{CallOptions, ChecksumUse, ErrorKind};

use crate::stage::{ALGORITHM, Put, Store, config, core, send};

/// The CRC32 of `hello`, as botocore 1.44.8 sends it.
const HELLO: &str = "NhCmhg==";

#[tokio::test]
async fn a_streaming_operation_over_tls_sends_its_checksum_after_the_body() {
    let store = Store::default();
    let body = "hello".into();
    send(
        config(&store),
        Put {
            body,
            ..Put::default()
        },
    )
    .await
    .unwrap();
    let seen = store.only();
    // These are the headers and the body of botocore 1.44.8.
    assert_eq!(
        seen.body,
        "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"
    );
    assert_eq!(seen.stated, Some(seen.body.len() as u64));
    for (name, value) in [
        ("content-encoding", "aws-chunked"),
        ("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
        ("x-amz-decoded-content-length", "5"),
        ("x-amz-trailer", "x-amz-checksum-crc32"),
        (ALGORITHM, "CRC32"),
    ] {
        assert_eq!(seen.header(name), Some(value), "{name}");
    }
    let signed = seen.header("authorization").unwrap();
    assert!(
        signed.contains("x-amz-decoded-content-length;x-amz-trailer"),
        "{signed}"
    );
    assert_eq!(seen.header("x-amz-checksum-crc32"), None);
}

#[tokio::test]
async fn a_body_that_is_not_streamed_has_its_checksum_in_a_header() {
    for (is_whole, url) in [(true, None), (false, Some("http://store.example.com"))] {
        let store = Store::default();
        let mut config = config(&store).allow_plain_http(true);
        if let Some(url) = url {
            config = config.endpoint_url(url);
        }
        let body = "hello".into();
        send(
            config,
            Put {
                body,
                is_whole,
                ..Put::default()
            },
        )
        .await
        .unwrap();
        let seen = store.only();
        assert_eq!(seen.body, "hello");
        assert_eq!(seen.header("x-amz-checksum-crc32"), Some(HELLO));
        assert_eq!(seen.header(ALGORITHM), Some("CRC32"));
        // The payload is signed.
        assert_eq!(
            seen.header("x-amz-content-sha256"),
            Some("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
        );
        assert_eq!(seen.header("content-encoding"), None);
    }
}

#[tokio::test]
async fn the_caller_names_the_algorithm() {
    for (name, value) in [
        ("CRC32", "NhCmhg=="),
        ("CRC32C", "mnG7TA=="),
        ("CRC64NVME", "M3eFcAZSQlc="),
        ("SHA1", "qvTGHdzF6KLavt4PO0gs2a6pQ00="),
        ("sha256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="),
    ] {
        let store = Store::default();
        let put = Put {
            body: "hello".into(),
            headers: vec![(ALGORITHM, name)],
            is_whole: true,
            ..Put::default()
        };
        let config = config(&store).request_checksum_calculation(ChecksumUse::WhenRequired);
        send(config, put).await.unwrap();
        let seen = store.only();
        let header = format!("x-amz-checksum-{}", name.to_lowercase());
        assert_eq!(seen.header(&header), Some(value));
        assert_eq!(seen.header(ALGORITHM), Some(name));
    }
}

#[tokio::test]
async fn an_algorithm_that_is_not_supported_is_refused_by_name() {
    for name in [
        "MD5",
        #[cfg(not(feature = "xxhash"))]
        "XXHASH3",
        "CRC-32",
    ] {
        let store = Store::default();
        let headers = vec![(ALGORITHM, name)];
        let refused = send(
            config(&store),
            Put {
                headers,
                ..Put::default()
            },
        )
        .await;
        let error = refused.expect_err("it is unknown");
        assert_eq!(error.kind(), ErrorKind::Request);
        let text = format!("{error:#}");
        assert!(text.contains(name) && text.contains("CRC64NVME"), "{text}");
        assert!(store.seen().is_empty());
    }
}

/// The value is that of awscrt.
#[cfg(feature = "xxhash")]
#[tokio::test]
async fn a_service_that_lists_the_xxh_family_gets_its_checksums() {
    let store = Store::default();
    let put = Put {
        body: "123456789".into(),
        headers: vec![(ALGORITHM, "XXHASH128")],
        is_whole: true,
        ..Put::default()
    };
    send(config(&store), put).await.expect("it is stored");
    let sent = store.only();
    let value = sent.header("x-amz-checksum-xxhash128");
    assert_eq!(value, Some("MxGUd+3l3NXpcWQnaB1YYA=="), "{sent:?}");
}

#[tokio::test]
async fn a_checksum_of_the_caller_is_sent_as_it_is() {
    for header in ["x-amz-checksum-crc32", "x-amz-checksum-xxhash64"] {
        let store = Store::default();
        let put = Put {
            body: "hello".into(),
            headers: vec![(header, "AAAAAA=="), (ALGORITHM, "SHA256")],
            is_required: true,
            ..Put::default()
        };
        send(config(&store), put).await.unwrap();
        let seen = store.only();
        assert_eq!(seen.body, "hello");
        assert_eq!(seen.header(header), Some("AAAAAA=="));
        let checksums = seen
            .headers
            .keys()
            .filter(|name| name.as_str().starts_with("x-amz-checksum-"));
        assert_eq!(checksums.count(), 1, "{:?}", seen.headers);
        assert_eq!(seen.header("x-amz-trailer"), None);
    }
}

#[tokio::test]
async fn a_header_about_checksums_is_no_checksum() {
    let store = Store::default();
    let put = Put {
        headers: vec![("x-amz-checksum-type", "FULL_OBJECT")],
        is_whole: true,
        ..Put::default()
    };
    send(config(&store), put).await.unwrap();
    assert_eq!(
        store.only().header("x-amz-checksum-crc32"),
        Some("AAAAAA==")
    );
}

#[tokio::test]
async fn a_checksum_that_is_not_required_can_be_switched_off() {
    for (is_required, expected) in [(false, None), (true, Some(HELLO))] {
        let store = Store::default();
        let put = Put {
            body: "hello".into(),
            is_required,
            is_whole: true,
            ..Put::default()
        };
        let config = config(&store).request_checksum_calculation(ChecksumUse::WhenRequired);
        send(config, put).await.unwrap();
        assert_eq!(store.only().header("x-amz-checksum-crc32"), expected);
    }
}

#[tokio::test]
async fn a_retry_sends_the_same_body_and_the_same_checksum() {
    let store = Store::new([(500, Vec::new(), vec![b"{}".as_slice()])]);
    let body = vec![7; 3 * 1024 * 1024 / 2].into();
    let retry = config(&store).random_source(Zero);
    send(
        retry,
        Put {
            body,
            ..Put::default()
        },
    )
    .await
    .unwrap();
    let seen = store.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].body, seen[1].body);
    assert_eq!(
        seen[0].headers.get("x-amz-trailer"),
        seen[1].headers.get("x-amz-trailer")
    );
    assert!(seen[0].body.ends_with(b"\r\n\r\n") && seen[0].body.starts_with(b"100000\r\n"));
}

#[derive(Debug)]
struct Zero;

impl attache_runtime::RandomSource for Zero {
    fn next(&self) -> u64 {
        0
    }
}

#[tokio::test]
async fn a_presigned_url_has_no_checksum_but_that_of_the_caller() {
    let store = Store::default();
    let core = core(config(&store));
    for (header, expected) in [(None, false), (Some(("x-amz-checksum-crc32", HELLO)), true)] {
        let headers = header.into_iter().collect();
        let put = Put {
            headers,
            is_required: true,
            ..Put::default()
        };
        let call = core.send(put, CallOptions::default());
        let made = call.presign(Duration::from_secs(60)).await.unwrap();
        assert_eq!(
            made.url().contains("x-amz-checksum-crc32"),
            expected,
            "{}",
            made.url()
        );
        assert_eq!(
            made.headers().contains_key("x-amz-checksum-crc32"),
            expected
        );
        assert!(!made.url().contains("trailer") && !made.headers().contains_key(ALGORITHM));
    }
}

#[tokio::test]
async fn the_user_agent_counts_settings_and_algorithms() {
    for (when, header, expected) in [
        (ChecksumUse::WhenSupported, None, "m/e,Z,c,U,E"),
        (
            ChecksumUse::WhenRequired,
            Some((ALGORITHM, "SHA512")),
            "m/e,a,c,AF,E",
        ),
        (ChecksumUse::WhenRequired, None, "m/e,a,c,E"),
        (
            ChecksumUse::WhenSupported,
            Some(("x-amz-checksum-md5", "x")),
            "m/e,Z,c,AE,E",
        ),
    ] {
        let store = Store::default();
        let config = config(&store)
            .request_checksum_calculation(when)
            .response_checksum_validation(ChecksumUse::WhenRequired);
        let headers = header.into_iter().collect();
        send(
            config,
            Put {
                headers,
                ..Put::default()
            },
        )
        .await
        .unwrap();
        let seen = store.only();
        let agent = seen.header("user-agent").unwrap();
        assert!(agent.contains(expected), "{agent}");
    }
}

#[tokio::test]
async fn the_service_is_asked_before_a_long_body() {
    let long = 2 * 1024 * 1024;
    for (length, is_whole, expected) in [
        (long, false, Some("100-continue")),
        (long - 1, false, None),
        (long, true, None),
    ] {
        let store = Store::default();
        let body = vec![1; length].into();
        let put = Put {
            body,
            is_whole,
            ..Put::default()
        };
        send(config(&store), put).await.unwrap();
        let seen = store.only();
        assert_eq!(seen.header("expect"), expected, "{length}, {is_whole}");
        assert!(!seen.header("authorization").unwrap().contains("expect"));
    }
}
