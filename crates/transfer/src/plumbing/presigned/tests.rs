//! What the signature of a URL demands, header by header.

use http::{HeaderMap, HeaderValue};

use super::{Presigned, Purpose};
use crate::plumbing::checksum::{Algorithm, Digests};

const HOST: &str = "X-Amz-SignedHeaders=host";

fn caller(headers: &[(&'static str, &'static str)]) -> HeaderMap {
    let headers = headers.iter();
    headers
        .map(|(name, value)| {
            let name = name.parse().expect("a name");
            (name, HeaderValue::from_static(value))
        })
        .collect()
}

/// The headers for the content `123456789`, as `name: value`, in the order of their names.
fn headers(
    query: &str,
    purpose: Purpose,
    set: &[(&'static str, &'static str)],
) -> Result<Vec<String>, String> {
    let uri = format!("https://storage.test/file?{query}&X-Amz-Signature=00");
    let presigned = Presigned::of(&uri.parse().expect("a URL"));
    let caller = caller(set);
    let mut digests = Digests::of(Algorithm::ALL);
    digests.update(b"123456789");
    let checksums = digests.finish();
    let (length, checksums) = match purpose {
        Purpose::Download => (0, None),
        _ => (9, presigned.required(&caller).map(|_| &checksums)),
    };
    let headers = presigned.headers(purpose, length, checksums, &caller)?;
    let mut lines: Vec<String> = headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
        .collect();
    lines.sort();
    Ok(lines)
}

fn upload(query: &str) -> Vec<String> {
    let mut lines = headers(query, Purpose::Upload, &[]).expect("all is known");
    lines.retain(|line| line != "content-length: 9");
    lines
}

#[test]
fn a_plain_url_demands_a_length_only() {
    for query in [
        HOST,
        "",
        "x-amz-signedheaders=host%3Bcontent-length",
        "Expires=1",
    ] {
        assert!(upload(query).is_empty(), "{query}");
    }
}

#[test]
fn a_file_that_is_created_has_three_headers_signed_or_not() {
    let wanted = [
        "content-length: 9",
        "content-type: application/octet-stream",
        "if-none-match: *",
    ];
    for query in [
        HOST,
        "X-Amz-SignedHeaders=content-length%3Bhost%3Bif-none-match",
        "",
    ] {
        let lines = headers(query, Purpose::Creation, &[]);
        assert_eq!(lines.expect("all is known"), wanted, "{query}");
    }
}

#[test]
fn values_of_signed_headers_are_computed_from_the_content() {
    for (name, value) in [
        ("content-type", "application/octet-stream"),
        ("if-none-match", "*"),
        ("content-md5", "JfnnlDI7RTiF9RgfG2JNCw=="),
        (
            "x-amz-content-sha256",
            "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
        ),
        ("x-amz-checksum-crc32", "y/Q5Jg=="),
        ("x-amz-checksum-crc32c", "4waSgw=="),
        ("x-amz-checksum-crc64nvme", "rosUhgp5mIg="),
        ("x-amz-checksum-sha1", "98O8HYCOBHMq32eZZczDTKeuNEE="),
        (
            "x-amz-checksum-sha256",
            "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
        ),
        ("x-amz-checksum-md5", "JfnnlDI7RTiF9RgfG2JNCw=="),
        (
            "x-amz-checksum-sha512",
            "2eZ2LdHI6vbWGzxhkvxAjU1tXxF20MKRabwk5xw/J0rSf81YEbMT1oH35V7ALXPUmclUVba1u1A6z1dPuo/+hQ==",
        ),
    ] {
        let query = format!("X-Amz-SignedHeaders=host%3B{name}");
        assert_eq!(upload(&query), [format!("{name}: {value}")]);
    }
}

#[test]
fn the_name_of_the_algorithm_is_that_of_the_one_checksum() {
    let signed = "X-Amz-SignedHeaders=host;x-amz-checksum-crc32c;x-amz-sdk-checksum-algorithm";
    assert_eq!(
        upload(signed),
        [
            "x-amz-checksum-crc32c: 4waSgw==",
            "x-amz-sdk-checksum-algorithm: CRC32C"
        ]
    );
    let carried = "X-Amz-SignedHeaders=host;x-amz-sdk-checksum-algorithm&x-amz-checksum-sha1=a";
    assert_eq!(upload(carried), ["x-amz-sdk-checksum-algorithm: SHA1"]);
    let neither = "X-Amz-SignedHeaders=host;x-amz-sdk-checksum-algorithm";
    assert!(headers(neither, Purpose::Upload, &[]).is_err());
}

#[test]
fn headers_of_amazon_go_out_only_where_they_are_signed_and_not_in_the_query() {
    let set = [
        ("x-amz-server-side-encryption", "aws:kms"),
        ("x-trace", "1"),
    ];
    let lines = |query| headers(query, Purpose::Upload, &set).expect("all is known");
    assert_eq!(lines(HOST), ["content-length: 9", "x-trace: 1"]);
    assert_eq!(
        lines("X-Amz-SignedHeaders=host;x-amz-server-side-encryption"),
        [
            "content-length: 9",
            "x-amz-server-side-encryption: aws:kms",
            "x-trace: 1"
        ]
    );
    assert_eq!(
        lines(
            "X-Amz-SignedHeaders=host;x-amz-date&x-amz-server-side-encryption=aws%3Akms&X-Amz-Date=2"
        ),
        ["content-length: 9", "x-trace: 1"]
    );
}

#[test]
fn what_the_caller_sets_comes_before_what_is_known() {
    let set = [
        ("content-type", "text/plain"),
        ("x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
    ];
    let lines = headers(
        "X-Amz-SignedHeaders=host;x-amz-content-sha256",
        Purpose::Creation,
        &set,
    );
    assert_eq!(
        lines.expect("all is known"),
        [
            "content-length: 9",
            "content-type: text/plain",
            "if-none-match: *",
            "x-amz-content-sha256: UNSIGNED-PAYLOAD"
        ]
    );
}

#[test]
fn a_header_that_nobody_knows_is_refused_by_name() {
    for name in [
        "x-amz-server-side-encryption",
        "x-amz-server-side-encryption-customer-key",
        "x-amz-meta-case",
        "x-amz-checksum-xxhash64",
        "x-amz-trailer",
        "user-agent",
        "range",
        "a b",
    ] {
        for purpose in [Purpose::Upload, Purpose::Creation, Purpose::Download] {
            let query = format!("X-Amz-SignedHeaders=host;{}", name.replace(' ', "%20"));
            let error = headers(&query, purpose, &[]).expect_err("it is unknown");
            assert!(error.contains(&format!("`{name}`")), "{error}");
        }
    }
}

#[test]
fn a_download_sends_what_is_signed_and_nothing_else() {
    let set = [
        ("x-amz-server-side-encryption-customer-key", "a2V5"),
        ("content-type", "text/plain"),
    ];
    let query = "X-Amz-SignedHeaders=host;x-amz-checksum-mode;x-amz-content-sha256;\
                 x-amz-server-side-encryption-customer-key";
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(
        headers(query, Purpose::Download, &set).expect("all is known"),
        [
            "x-amz-checksum-mode: ENABLED".to_owned(),
            format!("x-amz-content-sha256: {empty}"),
            "x-amz-server-side-encryption-customer-key: a2V5".to_owned(),
        ]
    );
    assert!(
        headers(
            "X-Amz-SignedHeaders=host;if-none-match",
            Purpose::Download,
            &[]
        )
        .is_err()
    );
}
