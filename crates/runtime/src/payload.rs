//! Moves a query into the body, compresses a complete body, and computes the checksum of the result.
//!
//! A generated `encode` only requests these steps. A presigned URL keeps its query. Whether a body is compressed depends on
//! the configuration, which `encode` does not have, and the checksum must cover the bytes that are sent. The last two are
//! cargo features, so that the many services that need neither do not compile them.

use http::Method;

#[cfg(any(feature = "request-compression", feature = "content-md5"))]
use crate::body::Body;
use crate::plumbing::message::HttpRequest;

/// Moves the query into the body if the request requires it. What is left without a query is sent as it is.
#[inline(never)]
pub(crate) fn query_as_form(request: &mut HttpRequest) {
    if !request.query_as_form || request.query.is_empty() {
        return;
    }
    let query = std::mem::take(&mut request.query);
    request.method = Method::POST;
    request.bytes("application/x-www-form-urlencoded", query.into());
    #[cfg(feature = "tracing")]
    request.marks.query.clear();
}

/// Compresses the body if the request requires it and it has at least `minimum` bytes; `None` forbids it.
#[cfg(feature = "request-compression")]
pub(crate) fn compress(request: &mut HttpRequest, minimum: Option<usize>) {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use http::HeaderValue;
    use http::header::CONTENT_ENCODING;

    let (Body::Bytes(bytes), Some(minimum), true) = (&request.body, minimum, request.compress)
    else {
        return;
    };
    if bytes.len() < minimum {
        return;
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing into a vector cannot fail; if it did, the body would be sent uncompressed.
    let Ok(compressed) = encoder.write_all(bytes).and_then(|()| encoder.finish()) else {
        return;
    };
    request.body = Body::Bytes(compressed.into());
    // Encodings are listed in the order in which they were applied (RFC 9110 section 8.4).
    let before = request
        .headers
        .get(CONTENT_ENCODING)
        .map(HeaderValue::as_bytes);
    let encodings = match before {
        Some(before) if !before.is_empty() => [before, b", gzip"].concat(),
        _ => b"gzip".to_vec(),
    };
    let encodings = HeaderValue::from_bytes(&encodings);
    let encodings = encodings.unwrap_or(HeaderValue::from_static("gzip"));
    request.headers.insert(CONTENT_ENCODING, encodings);
}

/// Sets `Content-MD5` (RFC 1864) if the request requires it.
#[cfg(feature = "content-md5")]
pub(crate) fn content_md5(request: &mut HttpRequest) {
    use http::{HeaderName, HeaderValue};
    use md5::{Digest, Md5};

    if let (Body::Bytes(bytes), true) = (&request.body, request.content_md5) {
        let digest = base64_simd::STANDARD.encode_to_string(Md5::digest(bytes));
        if let Ok(value) = HeaderValue::from_str(&digest) {
            request
                .headers
                .entry(HeaderName::from_static("content-md5"))
                .or_insert(value);
        }
    }
}

#[cfg(all(test, feature = "request-compression", feature = "content-md5"))]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;
    use http::Method;

    use super::{compress, content_md5};
    use crate::body::Body;
    use crate::plumbing::message::HttpRequest;

    fn request(body: &'static [u8]) -> HttpRequest {
        let mut request = HttpRequest::new(Method::POST);
        request.bytes("text/plain", body.into());
        request.compress();
        request.content_md5();
        request
    }

    fn sent(request: &HttpRequest) -> &[u8] {
        match &request.body {
            Body::Bytes(bytes) => bytes,
            Body::Stream(_) => panic!("the body is in memory"),
        }
    }

    fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
        request.headers.get(name)?.to_str().ok()
    }

    #[test]
    fn long_bodies_are_compressed_and_short_ones_are_not() {
        let text = b"the same again and again, the same again and again";
        for (minimum, encoding) in [
            (Some(text.len()), Some("gzip")),
            (Some(text.len() + 1), None),
            (None, None),
        ] {
            let mut request = request(text);
            compress(&mut request, minimum);
            assert_eq!(header(&request, "content-encoding"), encoding);
            if encoding.is_some() {
                let mut read = Vec::new();
                GzDecoder::new(sent(&request))
                    .read_to_end(&mut read)
                    .expect("it is gzip");
                assert_eq!(read, text);
            } else {
                assert_eq!(sent(&request), text);
            }
        }
    }

    #[test]
    fn gzip_comes_after_the_encodings_of_the_caller() {
        let mut request = request(b"text");
        request
            .header("content-encoding", "encoding", "custom")
            .expect("it is a header value");
        compress(&mut request, Some(0));
        assert_eq!(header(&request, "content-encoding"), Some("custom, gzip"));
    }

    #[test]
    fn the_checksum_is_that_of_rfc_1321() {
        let mut request = request(b"message digest");
        content_md5(&mut request);
        assert_eq!(
            header(&request, "content-md5"),
            Some("+WtpfXy3k41SWi8xqvFh0A==")
        );
    }
}
