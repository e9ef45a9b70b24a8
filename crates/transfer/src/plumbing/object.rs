//! What the responses of the storage say about the object that is fetched.
//!
//! A download is complete when the storage announced its length and that many bytes arrived, or when it announced a hash
//! of them. A response with neither could be truncated without a sign, and is refused. No more bytes are accepted than
//! the largest file of the service has.
//!
//! A download continues with `Range` and `If-Match`, so that both halves are of one object. The storage must have named
//! a strong `ETag`, and the range in its response must begin where the earlier bytes end and reach to the same end.

use http::HeaderMap;
use http::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG};

use crate::error::{Error, ErrorKind};
use crate::plumbing::checksum::{Checksums, Digests};
use crate::plumbing::failed::{Failed, changed};
use crate::plumbing::receipt::Announced;

/// The longest `ETag` with which a download continues, in bytes.
const ETAG_LIMIT: usize = 128;

/// An object, as the first response to a download describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// Its strong `ETag`.
    pub etag: Option<String>,
    pub length: Option<u64>,
    pub hashes: Announced,
}

impl Object {
    /// From a response with status 200. `limit` is the size of the largest file of the service, in bytes.
    pub fn of(headers: &HeaderMap, limit: u64) -> Result<Self, Failed> {
        let object = Self {
            etag: strong_etag(headers),
            length: number(headers.get(CONTENT_LENGTH)),
            hashes: Announced::of(headers),
        };
        match object.length {
            Some(length) if length > limit => Err(too_long(length, limit)),
            None if object.hashes.is_empty() => Err(Failed::Final(failed(
                "the storage announced neither the length of the attachment nor a hash, so it is unknown whether the \
                 download is complete",
            ))),
            _ => Ok(object),
        }
    }

    /// Whether a response with status 206 has the bytes of this object from `offset` on. It may complete the length.
    pub fn continues(
        &mut self,
        headers: &HeaderMap,
        offset: u64,
        limit: u64,
    ) -> Result<(), Failed> {
        self.require_same(headers)?;
        let range = headers.get(CONTENT_RANGE);
        let range = range.and_then(|value| content_range(value.to_str().ok()?));
        let fits = range.filter(|(first, last, total)| {
            let length = self.length.unwrap_or(*total);
            (*first, last.checked_add(1), *total) == (offset, Some(length), length)
        });
        match fits {
            Some((_, _, total)) if total > limit => Err(too_long(total, limit)),
            Some((_, _, total)) => {
                self.length = Some(total);
                Ok(())
            }
            None => Err(Failed::Restart(failed(
                "the storage sent another range than the one that is missing",
            ))),
        }
    }

    /// Refuses the response about another object.
    pub fn require_same(&self, headers: &HeaderMap) -> Result<(), Failed> {
        match (&self.etag, headers.get(ETAG)) {
            (Some(known), Some(named)) if known.as_bytes() != named.as_bytes() => {
                Err(Failed::Final(changed()))
            }
            _ => Ok(()),
        }
    }

    /// Whether all bytes have arrived. Without a length, only the end of the response says so.
    pub fn is_complete(&self, arrived: u64) -> bool {
        self.length == Some(arrived)
    }

    /// Refuses more bytes than were announced, or than the service has.
    pub fn permits(&self, arrived: u64, limit: u64) -> Result<(), Failed> {
        if let Some(length) = self.length.filter(|length| arrived > *length) {
            return Err(Failed::Restart(failed(format!(
                "{length} bytes were announced, and more arrived"
            ))));
        }
        if arrived > limit {
            return Err(Failed::Final(failed(format!(
                "more than {limit} bytes arrived, and an attachment has no more"
            ))));
        }
        Ok(())
    }

    /// The hashes of the bytes, which must be those that were announced.
    pub fn confirmed(&self, digests: Digests) -> Result<Checksums, Failed> {
        let arrived = digests.length();
        if let Some(length) = self.length.filter(|length| *length != arrived) {
            return Err(Failed::Passing(failed(format!(
                "{length} bytes were announced, and {arrived} arrived"
            ))));
        }
        let checksums = digests.finish();
        match self.hashes.confirmed(&checksums) {
            Ok(_) => Ok(checksums),
            Err(header) => Err(Failed::Restart(failed(format!(
                "the header `{header}` belongs to other bytes than arrived"
            )))),
        }
    }
}

fn failed(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Transfer, message)
}

fn too_long(length: u64, limit: u64) -> Failed {
    Failed::Final(failed(format!(
        "{length} bytes were announced, and an attachment has {limit} at most"
    )))
}

fn number(value: Option<&http::HeaderValue>) -> Option<u64> {
    value?.to_str().ok()?.trim().parse().ok()
}

/// An `ETag` in the form that S3 has: quoted letters, digits, `-` and `_`. A weak one does not say that two responses
/// have the same bytes (RFC 9110 section 8.8.1).
fn strong_etag(headers: &HeaderMap) -> Option<String> {
    let etag = headers.get(ETAG)?.to_str().ok()?;
    is_strong(etag).then(|| etag.to_owned())
}

/// Whether a text can stand in `If-Match` and in a saved state.
pub fn is_strong(etag: &str) -> bool {
    let inner = etag
        .strip_prefix('"')
        .and_then(|etag| etag.strip_suffix('"'));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    inner.is_some_and(|inner| {
        !inner.is_empty() && inner.len() <= ETAG_LIMIT && inner.bytes().all(plain)
    })
}

/// The first byte, the last byte and the total of `Content-Range` (RFC 9110 section 14.4).
fn content_range(text: &str) -> Option<(u64, u64, u64)> {
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let digits = |text: &str| {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| is_number)
    };
    Some((digits(first)?, digits(last)?, digits(total)?))
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::{Object, content_range, is_strong};
    use crate::plumbing::failed::Failed;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let lines = lines.iter();
        lines
            .map(|(name, value)| {
                (
                    name.parse().expect("a name"),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    #[test]
    fn only_the_missing_range_of_the_same_object_continues_it() {
        let first = headers(&[("content-length", "10"), ("etag", "\"a\"")]);
        let object = Object::of(&first, 100).ok().expect("an object");
        let continued = |lines: &[(&'static str, &'static str)]| {
            object.clone().continues(&headers(lines), 4, 100)
        };
        assert!(continued(&[("content-range", "bytes 4-9/10"), ("etag", "\"a\"")]).is_ok());
        assert!(continued(&[("content-range", "bytes 4-9/10")]).is_ok());
        for range in [
            "bytes 3-9/10",
            "bytes 5-9/10",
            "bytes 4-8/10",
            "bytes 4-9/11",
            "bytes 4-10/11",
            "bytes 4-9/*",
            "bytes */10",
            "bytes 4-18446744073709551615/10",
            "bytes +4-9/10",
            "lines 4-9/10",
            "",
        ] {
            let outcome = continued(&[("content-range", range)]);
            assert!(matches!(outcome, Err(Failed::Restart(_))), "{range}");
        }
        assert!(matches!(continued(&[]), Err(Failed::Restart(_))));
        let other = continued(&[("content-range", "bytes 4-9/10"), ("etag", "\"b\"")]);
        assert!(matches!(other, Err(Failed::Final(_))));
    }

    #[test]
    fn the_total_of_a_range_is_the_length_where_none_was_announced() {
        let first = headers(&[("etag", "\"25f9e794323b453885f5181f1b624d0b\"")]);
        let mut object = Object::of(&first, 100).ok().expect("an object");
        let range = headers(&[("content-range", "bytes 4-9/10")]);
        assert!(object.continues(&range, 4, 100).is_ok());
        assert_eq!(object.length, Some(10));
        let mut object = Object::of(&first, 100).ok().expect("an object");
        let range = headers(&[("content-range", "bytes 4-199/200")]);
        assert!(matches!(
            object.continues(&range, 4, 100),
            Err(Failed::Final(_))
        ));
    }

    #[test]
    fn ranges_and_etags_have_one_form() {
        assert_eq!(content_range("bytes 0-0/1"), Some((0, 0, 1)));
        assert_eq!(content_range("bytes 0-/1"), None);
        assert!(is_strong("\"5f2c9d-3\""));
        for etag in [
            "W/\"a\"",
            "a",
            "\"\"",
            "\"",
            "\"https://x\"",
            "\"a b\"",
            "\"a\", \"b\"",
        ] {
            assert!(!is_strong(etag), "{etag}");
        }
    }
}
