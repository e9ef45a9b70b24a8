//! Decides where the checksum of a request stands: in a header, or after a body that is sent in chunks.

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderName, HeaderValue};
use http_body::Body as _;

use super::algorithm::Algorithm;
use super::choice::has_checksum;
use super::chunked::Chunked;
use crate::body::{Body, ByteStream};
use crate::plumbing::message::HttpRequest;
use crate::plumbing::operation::SignatureVersion;
use crate::plumbing::sigv4::ChunkSigner;

const X_AMZ_TRAILER: HeaderName = HeaderName::from_static("x-amz-trailer");
const X_AMZ_DECODED_CONTENT_LENGTH: HeaderName =
    HeaderName::from_static("x-amz-decoded-content-length");
const X_AMZ_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");

/// How a body is sent in chunks (`aws-chunked`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chunks {
    checksum: Option<Algorithm>,
    /// Whether each chunk has a signature.
    pub(crate) is_signed: bool,
    /// The length of the body before it is cut, if it is known.
    length: Option<u64>,
}

/// Where a request is sent, as far as it matters here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route {
    pub(crate) is_encrypted: bool,
    /// Whether the request is signed with a symmetric key, so that its chunks can be, too.
    pub(crate) signs_chunks: bool,
    /// Whether a body that cannot be signed must not be sent.
    pub(crate) needs_signature: bool,
}

/// Sets the header with the checksum of a body, or those of a body in chunks.
pub(crate) fn place(request: &mut HttpRequest, route: Route) -> Option<Chunks> {
    let facts = request.checksums?.request;
    // What an interceptor has set counts as set by the caller.
    let checksum = request.chosen_checksums.request;
    let checksum = checksum.filter(|_| !has_checksum(&request.headers));
    let is_streamed = facts.is_some_and(|facts| facts.is_streamed);
    let is_signed = match (&request.body, checksum) {
        // It is read once, and TLS protects it.
        (_, Some(_)) if is_streamed && route.is_encrypted => false,
        (Body::Bytes(_), Some(_)) => {
            set_header(request);
            return None;
        }
        (Body::Bytes(_), None) => return None,
        (Body::Stream(_), _) if route.is_encrypted => return None,
        // The service of this version takes signed chunks also without a checksum.
        (Body::Stream(_), checksum) if route.signs_chunks => {
            let takes_chunks = request.signature_version == SignatureVersion::S3V4;
            if checksum.is_none() && !takes_chunks {
                return None;
            }
            true
        }
        (Body::Stream(_), Some(_)) if !route.needs_signature => false,
        // It is refused where it would be signed.
        (Body::Stream(_), _) => return None,
    };
    let chunks = Chunks {
        checksum,
        is_signed,
        length: length(request),
    };
    chunks.set_headers(request);
    Some(chunks)
}

/// Sets the header with the checksum of a body in memory, if one was chosen and the caller has set none.
fn set_header(request: &mut HttpRequest) {
    let Some(algorithm) = request.chosen_checksums.request else {
        return;
    };
    if has_checksum(&request.headers) {
        return;
    }
    if let Body::Bytes(bytes) = &request.body
        && let Ok(value) = HeaderValue::try_from(algorithm.checksum(bytes))
    {
        request.headers.insert(algorithm.header(), value);
    }
}

/// The length of a body: its own, or what the caller says of a stream.
fn length(request: &HttpRequest) -> Option<u64> {
    match &request.body {
        Body::Bytes(bytes) => Some(bytes.len() as u64),
        Body::Stream(stream) => stream.size_hint().exact().or_else(|| {
            let header = request.headers.get(CONTENT_LENGTH)?;
            header.to_str().ok()?.parse().ok()
        }),
    }
}

impl Chunks {
    /// What stands for the hash of the payload.
    pub(crate) fn payload(self) -> &'static str {
        match (self.is_signed, self.checksum) {
            (false, _) => "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            (true, Some(_)) => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            (true, None) => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        }
    }

    fn set_headers(self, request: &mut HttpRequest) {
        let headers = &mut request.headers;
        // The length of the chunks is another one, and the transport knows it from the body.
        headers.remove(CONTENT_LENGTH);
        let encoding = match headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes) {
            Some(other) if !other.is_empty() => [other, b",aws-chunked"].concat(),
            _ => b"aws-chunked".to_vec(),
        };
        let encoding = HeaderValue::try_from(encoding);
        let encoding = encoding.unwrap_or(HeaderValue::from_static("aws-chunked"));
        headers.insert(CONTENT_ENCODING, encoding);
        if let Some(length) = self.length {
            headers.insert(X_AMZ_DECODED_CONTENT_LENGTH, length.into());
        }
        if let Some(checksum) = self.checksum {
            let name = checksum.header();
            headers.insert(X_AMZ_TRAILER, name.into());
        }
        headers.insert(
            X_AMZ_CONTENT_SHA256,
            HeaderValue::from_static(self.payload()),
        );
    }

    /// The body in chunks.
    pub(crate) fn frame(self, body: Body, signer: Option<ChunkSigner>) -> Body {
        let stream = match body {
            Body::Bytes(bytes) => ByteStream::from(bytes),
            Body::Stream(stream) => stream,
        };
        let chunked = Chunked::new(stream, self.length, self.checksum, signer);
        Body::Stream(ByteStream::new(chunked))
    }
}
