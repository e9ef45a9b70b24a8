//! Compares the hashes in a response of the storage with those of a content.
//!
//! `x-amz-checksum-*` and `content-md5` always mean the content. An `ETag` is the MD5 of the content only where the
//! object is encrypted with S3's own keys or not at all: with a key of KMS or of the customer it looks like an MD5 and
//! is not one (S3 API reference, "Object", `ETag`). An `ETag` that is not 32 hexadecimal digits is opaque as well.
//!
//! A checksum with `-N` at its end is that of the checksums of N parts, and cannot be computed from the content alone.

use std::collections::BTreeMap;

use http::HeaderMap;
use http::header::ETAG;

use crate::plumbing::checksum::{Algorithm, Checksums};
use crate::plumbing::sent_part::Confirmation;

const CONTENT_MD5: &str = "content-md5";

/// The hashes that the storage reports for a content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub etag: Option<String>,
    /// The headers `x-amz-checksum-*` of the response.
    pub checksums: BTreeMap<String, String>,
    pub confirmation: Confirmation,
}

impl Receipt {
    /// Compares the response with the bytes that were sent.
    ///
    /// # Errors
    /// The name of a header that belongs to another content.
    pub fn of(headers: &HeaderMap, content: &Checksums) -> Result<Self, String> {
        let mut checksums = BTreeMap::new();
        for (name, value) in announced(headers) {
            checksums.insert(name.to_owned(), value);
        }
        Ok(Self {
            etag: text(headers, ETAG.as_str()),
            confirmation: Announced::of(headers).confirmed(content)?,
            checksums,
        })
    }
}

/// The hashes of a response that can be compared with the whole content, by the names of their headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Announced(BTreeMap<String, String>);

impl Announced {
    pub fn of(headers: &HeaderMap) -> Self {
        let mut hashes = BTreeMap::new();
        if let Some(md5) = etag_md5(headers) {
            hashes.insert(ETAG.to_string(), md5);
        }
        if let Some(md5) = text(headers, CONTENT_MD5) {
            hashes.insert(CONTENT_MD5.to_owned(), md5);
        }
        for (name, value) in announced(headers) {
            if Algorithm::of_header(name).is_some() && !is_of_parts(&value) {
                hashes.insert(name.to_owned(), value);
            }
        }
        // A value of another form belongs to no content. It is not kept, because a state may be saved with it.
        for value in hashes.values_mut() {
            if !value.bytes().all(is_base64) {
                value.clear();
            }
        }
        Self(hashes)
    }

    /// From a saved state.
    pub fn saved(hashes: BTreeMap<String, String>) -> Self {
        Self(hashes)
    }

    /// For a saved state.
    pub fn to_saved(&self) -> BTreeMap<String, String> {
        self.0.clone()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The algorithms that a comparison needs.
    pub fn algorithms(&self) -> impl Iterator<Item = Algorithm> {
        self.0.keys().filter_map(|name| match name.as_str() {
            "etag" | CONTENT_MD5 => Some(Algorithm::Md5),
            name => Algorithm::of_header(name),
        })
    }

    /// Compares the hashes with those of a content. A hash that was not computed is left out.
    ///
    /// # Errors
    /// The name of a header that belongs to another content.
    pub fn confirmed(&self, content: &Checksums) -> Result<Confirmation, String> {
        let mut confirmation = Confirmation::None;
        for (name, announced) in &self.0 {
            let (computed, means) = match name.as_str() {
                "etag" => (content.md5_hex(), Confirmation::ETag),
                CONTENT_MD5 => (content.value(Algorithm::Md5), Confirmation::Checksum),
                name => {
                    let algorithm = Algorithm::of_header(name);
                    let value = algorithm.and_then(|algorithm| content.value(algorithm));
                    (value, Confirmation::Checksum)
                }
            };
            match computed {
                None => {}
                Some(computed) if computed != *announced => return Err(name.clone()),
                Some(_) if confirmation != Confirmation::Checksum => confirmation = means,
                Some(_) => {}
            }
        }
        Ok(confirmation)
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)
}

/// The checksums of a response. `x-amz-checksum-type` and similar headers have another meaning.
fn announced(headers: &HeaderMap) -> impl Iterator<Item = (&str, String)> {
    headers.iter().filter_map(|(name, value)| {
        let name = name.as_str();
        let algorithm = name.strip_prefix("x-amz-checksum-")?;
        let is_value = !matches!(algorithm, "type" | "algorithm" | "mode");
        is_value.then(|| {
            (
                name,
                String::from_utf8_lossy(value.as_bytes()).trim().to_owned(),
            )
        })
    })
}

/// Base64 has no `-`.
fn is_of_parts(value: &str) -> bool {
    value.contains('-')
}

/// The MD5 of a content, where the `ETag` is one.
fn etag_md5(headers: &HeaderMap) -> Option<String> {
    let etag = text(headers, ETAG.as_str())?;
    let etag = etag.trim_matches('"');
    let is_md5 = etag.len() == 32 && etag.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_md5 && !has_own_key(headers)).then(|| etag.to_ascii_lowercase())
}

/// Whether the response names another key than S3's own.
fn has_own_key(headers: &HeaderMap) -> bool {
    const ENCRYPTION: &str = "x-amz-server-side-encryption";
    headers.iter().any(|(name, value)| {
        let name = name.as_str();
        match name.strip_prefix(ENCRYPTION) {
            Some("") => value != "AES256",
            Some(rest) => rest.starts_with("-aws-kms") || rest.starts_with("-customer"),
            None => false,
        }
    })
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::{Announced, Receipt};
    use crate::plumbing::checksum::{Algorithm, Checksums, Digests};
    use crate::plumbing::sent_part::Confirmation;

    const MD5: &str = "\"25f9e794323b453885f5181f1b624d0b\"";
    const OTHER_MD5: &str = "\"00f9e794323b453885f5181f1b624d0b\"";

    fn content() -> Checksums {
        let mut digests = Digests::of(Algorithm::ALL);
        digests.update(b"123456789");
        digests.finish()
    }

    fn answer(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let lines = lines.iter();
        lines
            .map(|(name, value)| {
                let name = name.parse().expect("a name");
                (name, HeaderValue::from_static(value))
            })
            .collect()
    }

    fn announces(headers: &HeaderMap) -> bool {
        !Announced::of(headers).is_empty()
    }

    fn judged(lines: &[(&'static str, &'static str)]) -> Result<Confirmation, String> {
        Receipt::of(&answer(lines), &content()).map(|receipt| receipt.confirmation)
    }

    #[test]
    fn hashes_of_the_content_confirm_it() {
        for (line, confirmation) in [
            (("etag", MD5), Confirmation::ETag),
            (
                ("etag", "25F9E794323B453885F5181F1B624D0B"),
                Confirmation::ETag,
            ),
            (
                ("content-md5", "JfnnlDI7RTiF9RgfG2JNCw=="),
                Confirmation::Checksum,
            ),
            (("x-amz-checksum-crc32", "y/Q5Jg=="), Confirmation::Checksum),
            (
                ("x-amz-checksum-crc64nvme", "rosUhgp5mIg="),
                Confirmation::Checksum,
            ),
        ] {
            assert_eq!(judged(&[line]), Ok(confirmation), "{line:?}");
            assert!(announces(&answer(&[line])), "{line:?}");
        }
        let s3_keys = [("etag", MD5), ("x-amz-server-side-encryption", "AES256")];
        assert_eq!(judged(&s3_keys), Ok(Confirmation::ETag));
    }

    #[test]
    fn hashes_of_another_content_are_named() {
        for line in [
            ("etag", OTHER_MD5),
            ("content-md5", "AAAAAAAAAAAAAAAAAAAAAA=="),
            ("x-amz-checksum-crc32", "AAAAAA=="),
            ("x-amz-checksum-crc32c", "AAAAAA=="),
            ("x-amz-checksum-crc64nvme", "AAAAAAAAAAA="),
            ("x-amz-checksum-sha1", ""),
            ("x-amz-checksum-md5", "AAAAAAAAAAAAAAAAAAAAAA=="),
            ("x-amz-checksum-sha512", "AAAA"),
            ("x-amz-checksum-sha256", "not base64"),
        ] {
            assert_eq!(judged(&[line]), Err(line.0.to_owned()));
        }
        // A correct hash does not outweigh a wrong one.
        let both = [("etag", MD5), ("x-amz-checksum-sha1", "AAAA")];
        assert_eq!(judged(&both), Err("x-amz-checksum-sha1".to_owned()));
    }

    #[test]
    fn an_etag_with_a_key_of_its_own_means_nothing() {
        for key in [
            ("x-amz-server-side-encryption", "aws:kms"),
            ("x-amz-server-side-encryption", "aws:kms:dsse"),
            ("x-amz-server-side-encryption", "aws:fsx"),
            ("x-amz-server-side-encryption-aws-kms-key-id", "key"),
            ("x-amz-server-side-encryption-customer-algorithm", "AES256"),
        ] {
            let lines = [("etag", OTHER_MD5), key];
            assert_eq!(judged(&lines), Ok(Confirmation::None), "{key:?}");
            assert!(!announces(&answer(&lines)), "{key:?}");
            let with_checksum = [lines[0], lines[1], ("x-amz-checksum-crc32", "AAAAAA==")];
            assert_eq!(
                judged(&with_checksum),
                Err("x-amz-checksum-crc32".to_owned())
            );
        }
    }

    #[test]
    fn what_cannot_be_compared_confirms_nothing() {
        for line in [
            ("date", "today"),
            ("etag", "\"etag-1\""),
            ("etag", "\"25f9e794323b453885f5181f1b624d0b-3\""),
            ("etag", "W/\"25f9e794323b453885f5181f1b624d0b\""),
            ("x-amz-checksum-sha256", "AAAA-2"),
            ("x-amz-checksum-xxhash64", "AAAA"),
            ("x-amz-checksum-type", "FULL_OBJECT"),
        ] {
            assert_eq!(judged(&[line]), Ok(Confirmation::None), "{line:?}");
            assert!(!announces(&answer(&[line])), "{line:?}");
        }
    }
}
