//! Headers of requests at presigned URLs, and the responses to invalid ones, in the form of S3.

use std::borrow::Cow;

use http::{HeaderValue, Response, StatusCode};

use crate::body::ReplyBody;
use crate::front::Reply;
use crate::hexadecimal::hex;
use crate::store::Blob;
use crate::wire::Request;

/// A response in the form of S3: a status, a code and a text.
pub(crate) struct Problem(
    pub(crate) u16,
    pub(crate) Cow<'static, str>,
    pub(crate) String,
);

pub(crate) fn problem<T>(
    status: u16,
    code: &'static str,
    text: impl Into<String>,
) -> Result<T, Problem> {
    Err(Problem(status, code.into(), text.into()))
}

impl Problem {
    pub(crate) fn reply(self) -> Reply {
        let Self(status, code, text) = self;
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{text}</Message></Error>"
        );
        let mut reply = Response::new(ReplyBody::bytes(body.into()));
        *reply.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
        let xml = HeaderValue::from_static("application/xml");
        reply.headers_mut().insert(http::header::CONTENT_TYPE, xml);
        reply
    }
}

pub(crate) fn disposition(file_name: &str) -> String {
    let plain: String = file_name
        .chars()
        .map(|letter| match letter {
            ' '..='~' if !matches!(letter, '"' | '\\') => letter,
            _ => '_',
        })
        .collect();
    format!("attachment; filename=\"{plain}\"")
}

pub(crate) fn verify_length(message: &Request, expected: u64) -> Result<(), Problem> {
    if message.headers.contains_key("transfer-encoding") {
        return problem(
            411,
            "MissingContentLength",
            "The header `Content-Length` is missing.",
        );
    }
    // Without either header there is no body (RFC 9112 section 6.3).
    let length = message.header("content-length");
    let length = length.unwrap_or_else(|| "0".to_owned());
    match length.parse::<u64>() {
        Ok(length) if length == expected => Ok(()),
        Ok(length) if length > expected => problem(
            400,
            "EntityTooLarge",
            format!("The upload must have {expected} bytes, not {length}."),
        ),
        _ => problem(
            400,
            "EntityTooSmall",
            format!("The upload must have {expected} bytes, not {length}."),
        ),
    }
}

/// Whether a request only creates an object that does not exist (S3 API reference, "PutObject", `If-None-Match`).
pub(crate) fn creates_only(message: &Request) -> Result<bool, Problem> {
    match message.header("if-none-match").as_deref() {
        None => Ok(false),
        Some("*") => Ok(true),
        Some(_) => problem(
            501,
            "NotImplemented",
            "A header you provided implies functionality that is not implemented: `If-None-Match` must be `*`.",
        ),
    }
}

pub(crate) fn verify_digest(message: &Request, blob: &Blob) -> Result<(), Problem> {
    let Some(digest) = message.header("content-md5") else {
        return Ok(());
    };
    match base64_simd::STANDARD.decode_to_vec(digest.trim()) {
        Ok(digest) if hex(&digest) == blob.md5 => Ok(()),
        _ => problem(
            400,
            "BadDigest",
            "The header `Content-MD5` does not match the body.",
        ),
    }
}

/// The first byte and the length of a range (RFC 9110 section 14.1.2): one range, from its first byte.
pub(crate) fn range(text: &str, size: u64) -> Option<(u64, u64)> {
    let (from, to) = text.strip_prefix("bytes=")?.split_once('-')?;
    if from.is_empty() {
        let length = to.parse::<u64>().ok()?.min(size);
        return (length > 0).then_some((size - length, length));
    }
    let from = from.parse::<u64>().ok()?;
    let last = match to {
        "" => size.checked_sub(1)?,
        to => to.parse::<u64>().ok()?.min(size.checked_sub(1)?),
    };
    (from <= last).then(|| (from, last - from + 1))
}

#[cfg(test)]
mod tests {
    use super::{disposition, range};

    #[test]
    fn ranges_are_cut_to_the_file() {
        assert_eq!(range("bytes=0-", 10), Some((0, 10)));
        assert_eq!(range("bytes=4-6", 10), Some((4, 3)));
        assert_eq!(range("bytes=4-60", 10), Some((4, 6)));
        assert_eq!(range("bytes=-3", 10), Some((7, 3)));
        assert_eq!(range("bytes=10-", 10), None);
        assert_eq!(range("bytes=0-", 0), None);
        assert_eq!(range("lines=0-", 10), None);
    }

    #[test]
    fn a_file_name_cannot_leave_its_header() {
        assert_eq!(
            disposition("a\"b\r\nc ü.log"),
            "attachment; filename=\"a_b__c _.log\""
        );
    }
}
