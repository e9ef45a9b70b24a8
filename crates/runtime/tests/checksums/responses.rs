//! Checksums of responses.

use attache_runtime::{ChecksumUse, Error, ErrorKind};

use crate::stage::{Answer, Get, MODE, NoError, Store, config, send};

fn answer(headers: &[(&'static str, &str)]) -> Answer {
    let headers = headers
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    (200, headers.collect(), vec![b"he", b"", b"llo"])
}

/// What a caller reads of a streamed response, and of one that is read whole.
async fn outcomes(headers: &[(&'static str, &str)]) -> [Result<String, String>; 2] {
    let store = Store::new([answer(headers), answer(headers)]);
    let text = |bytes: attache_runtime::Bytes| String::from_utf8_lossy(&bytes).into_owned();
    let stream = send(config(&store), Get::<true>::default()).await.unwrap();
    let streamed = stream.collect().await;
    let whole = send(config(&store), Get::<false>::default()).await;
    let whole = match whole {
        Ok(stream) => Ok(text(stream.collect().await.unwrap())),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Decode);
            Err(format!("{error:#}"))
        }
    };
    [streamed.map(text).map_err(|error| error.to_string()), whole]
}

#[tokio::test]
async fn a_response_is_what_its_checksum_says() {
    for (header, value) in [
        ("x-amz-checksum-crc32", "NhCmhg=="),
        ("x-amz-checksum-crc32c", "mnG7TA=="),
        ("x-amz-checksum-crc64nvme", "M3eFcAZSQlc="),
        ("x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00="),
        (
            "x-amz-checksum-sha256",
            "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
        ),
    ] {
        for outcome in outcomes(&[(header, value)]).await {
            assert_eq!(outcome.as_deref(), Ok("hello"), "{header}");
        }
        for outcome in outcomes(&[(header, "AAAAAA==")]).await {
            let error = outcome.expect_err("it is another checksum");
            assert!(
                error.contains(value) && error.contains("AAAAAA=="),
                "{error}"
            );
        }
    }
}

#[tokio::test]
async fn checksums_that_cannot_be_compared_are_passed_over() {
    for headers in [
        // Of the checksums of parts.
        [("x-amz-checksum-crc32", "AAAAAA==-3")],
        // Of an algorithm that is not computed.
        [("x-amz-checksum-md5", "AAAAAA==")],
        // Of an algorithm that the model does not list.
        [("x-amz-checksum-sha512", "AAAAAA==")],
    ] {
        for outcome in outcomes(&headers).await {
            assert_eq!(outcome.as_deref(), Ok("hello"), "{headers:?}");
        }
    }
}

#[tokio::test]
async fn the_first_algorithm_of_botocore_is_compared() {
    let wrong_crc32 = ("x-amz-checksum-crc32", "AAAAAA==");
    for (other, is_right) in [
        (("x-amz-checksum-crc64nvme", "M3eFcAZSQlc="), true),
        (("x-amz-checksum-crc64nvme", "M3eFcAZSQlc=-2"), false),
        (
            ("x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00="),
            false,
        ),
    ] {
        for outcome in outcomes(&[wrong_crc32, other]).await {
            assert_eq!(outcome.is_ok(), is_right, "{other:?}");
        }
    }
}

#[tokio::test]
async fn a_reader_that_counts_bytes_does_not_get_the_last_wrong_one() {
    let headers = [("x-amz-checksum-crc32", "AAAAAA==")];
    let store = Store::new([answer(&headers)]);
    let mut stream = send(config(&store), Get::<true>::default()).await.unwrap();
    let mut read = 0;
    let failed = loop {
        match stream.next().await {
            Some(Ok(bytes)) => read += bytes.len(),
            Some(Err(error)) => break error,
            None => panic!("the end came without an error, after {read} bytes"),
        }
    };
    assert!(read < 5, "{read} bytes, and {failed}");
    assert!(stream.next().await.is_none(), "the error is the end");
}

#[tokio::test]
async fn a_response_is_verified_where_the_settings_or_the_caller_say_so() {
    let wrong = [("x-amz-checksum-crc32", "AAAAAA==")];
    for (when, mode, sent, is_verified) in [
        (ChecksumUse::WhenSupported, None, Some("ENABLED"), true),
        (ChecksumUse::WhenRequired, None, None, false),
        (
            ChecksumUse::WhenRequired,
            Some("ENABLED"),
            Some("ENABLED"),
            true,
        ),
    ] {
        let store = Store::new([answer(&wrong)]);
        let config = config(&store).response_checksum_validation(when);
        let read: Result<_, Error<NoError>> = send(config, Get::<false> { mode }).await;
        assert_eq!(read.is_err(), is_verified, "{when:?}, {mode:?}");
        assert_eq!(store.only().header(MODE), sent);
    }
}
