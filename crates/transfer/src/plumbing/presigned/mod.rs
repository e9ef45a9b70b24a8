//! The headers that a presigned URL requires, and where each value comes from.
//!
//! The signature of a URL covers the headers that `X-Amz-SignedHeaders` names, with their values. The storage computes it
//! again from the request, so a header that is missing or different is `SignatureDoesNotMatch`. The service does not send
//! the values along, but most of them are known:
//!
//! | header | value |
//! |---|---|
//! | `host` | the host of the URL |
//! | `content-length` | the length of what is sent, in bytes |
//! | `content-type` | `application/octet-stream` |
//! | `if-none-match` | `*`: create only. S3 takes no other value for an upload |
//! | `content-md5`, `x-amz-content-sha256`, `x-amz-checksum-*` | computed from what is sent |
//! | `x-amz-sdk-checksum-algorithm`, `x-amz-checksum-algorithm` | the algorithm of the one `x-amz-checksum-*` |
//! | `x-amz-checksum-mode` | `ENABLED`: the only value that it has |
//!
//! A value that the caller sets ([`Settings::header`](crate::Settings::header)) takes precedence over these. If a
//! signed header has no value from either source, the upload is refused before anything is sent.
//!
//! A header `x-amz-*` that is not signed must not be sent: S3 refuses it ("There were headers present in the request
//! which were not signed"). Neither must a header that is in the query already, because a signer moves headers there
//! and signs them as parameters.
//!
//! Other headers may be sent without a signature, so a download may ask for a range with `Range` and `If-Match`.

use std::collections::BTreeSet;

use http::header::{CONTENT_LENGTH, CONTENT_TYPE, IF_NONE_MATCH};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};
use percent_encoding::percent_decode_str;

use crate::plumbing::checksum::{Algorithm, Checksums, Digests};

/// The type of evidence of which nobody says another one.
const OCTET_STREAM: &str = "application/octet-stream";

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Fetching a file.
    Download,
    /// Fetching the rest of a file.
    Continuation,
    /// Sending a file that may replace what is there.
    Upload,
    /// Sending a file where none is: the storage answers 412 if there is one.
    Creation,
}

impl Purpose {
    fn fetches(self) -> bool {
        matches!(self, Self::Download | Self::Continuation)
    }
}

/// The header and parameter names of a URL.
pub struct Presigned {
    /// The headers that its signature covers.
    signed: BTreeSet<String>,
    /// The parameters of its query, in lower case.
    parameters: BTreeSet<String>,
}

impl Presigned {
    pub fn of(uri: &Uri) -> Self {
        let mut presigned = Self {
            signed: BTreeSet::new(),
            parameters: BTreeSet::new(),
        };
        for pair in uri.query().unwrap_or_default().split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decoded(name);
            if name == "x-amz-signedheaders" {
                let names = decoded(value);
                let names = names.split(';').map(str::trim);
                let names = names.filter(|name| !name.is_empty() && *name != "host");
                presigned.signed.extend(names.map(str::to_owned));
            }
            presigned.parameters.insert(name);
        }
        presigned
    }

    /// The hashes that headers need, so that the content must be read before it is sent; `None` if there are none.
    pub fn required(&self, caller: &HeaderMap) -> Option<BTreeSet<Algorithm>> {
        let wanted = self.signed.iter();
        let wanted = wanted.filter(|name| !caller.contains_key(*name));
        let required: BTreeSet<Algorithm> = wanted
            .filter_map(|name| match name.as_str() {
                "content-md5" => Some(Algorithm::Md5),
                "x-amz-content-sha256" => Some(Algorithm::Sha256),
                name => Algorithm::of_header(name),
            })
            .collect();
        (!required.is_empty()).then_some(required)
    }

    /// The algorithms with which a response may confirm what is sent: the usual ones, and those that the URL names.
    pub fn expected(&self) -> BTreeSet<Algorithm> {
        let named = Algorithm::ALL
            .into_iter()
            .filter(|algorithm| self.names(*algorithm));
        named.chain(Algorithm::USUAL).collect()
    }

    /// Whether the URL requires or contains the checksum of an algorithm.
    fn names(&self, algorithm: Algorithm) -> bool {
        let header = algorithm.header();
        self.signed.contains(header) || self.parameters.contains(header)
    }

    /// Whether a request may have a header that the service did not foresee.
    pub fn leaves_free(&self, header: &HeaderName) -> bool {
        !self.signed.contains(header.as_str()) && !self.parameters.contains(header.as_str())
    }

    /// The headers of a request with `length` bytes. `checksums` are those of the bytes, where they are needed.
    ///
    /// # Errors
    /// A message that names a signed header whose value is unknown.
    pub fn headers(
        &self,
        purpose: Purpose,
        length: u64,
        checksums: Option<&Checksums>,
        caller: &HeaderMap,
    ) -> Result<HeaderMap, String> {
        let mut headers = HeaderMap::new();
        for name in self.sent(purpose, caller) {
            let refused = || unknown(&name);
            let header: HeaderName = name.parse().map_err(|_| refused())?;
            let value = match caller.get(&header) {
                Some(value) => value.clone(),
                None => self
                    .known(purpose, &name, length, checksums)
                    .ok_or_else(refused)?,
            };
            headers.insert(header, value);
        }
        Ok(headers)
    }

    /// The names of the headers that go out.
    fn sent(&self, purpose: Purpose, caller: &HeaderMap) -> BTreeSet<String> {
        let mut names = self.signed.clone();
        if !purpose.fetches() {
            names.insert(CONTENT_LENGTH.to_string());
            // A header that the caller sets is sent with every upload, unless the storage would refuse it.
            let unsigned = caller.keys().map(HeaderName::as_str);
            names.extend(unsigned.filter(|name| !is_amazon(name)).map(str::to_owned));
        }
        if purpose == Purpose::Creation {
            // Uploads to the real service have these headers, signed or not.
            names.extend([IF_NONE_MATCH, CONTENT_TYPE].map(|name| name.to_string()));
        }
        names.retain(|name| !is_amazon(name) || !self.parameters.contains(name));
        names
    }

    fn known(
        &self,
        purpose: Purpose,
        name: &str,
        length: u64,
        checksums: Option<&Checksums>,
    ) -> Option<HeaderValue> {
        let empty;
        let checksums = match checksums {
            None if length == 0 => {
                empty = Digests::of(Algorithm::ALL).finish();
                Some(&empty)
            }
            given => given,
        };
        let text = match name {
            "content-length" => return Some(HeaderValue::from(length)),
            "x-amz-content-sha256" => checksums?.sha256_hex(),
            "x-amz-checksum-mode" => "ENABLED".to_owned(),
            // The other headers describe a content that is sent.
            _ if purpose.fetches() => return None,
            "content-type" => OCTET_STREAM.to_owned(),
            "if-none-match" => "*".to_owned(),
            "content-md5" => checksums?.value(Algorithm::Md5)?,
            "x-amz-sdk-checksum-algorithm" | "x-amz-checksum-algorithm" => {
                self.algorithm()?.name().to_owned()
            }
            _ => checksums?.value(Algorithm::of_header(name)?)?,
        };
        HeaderValue::from_str(&text).ok()
    }

    /// The algorithm whose checksum the URL requires or contains, if there is only one.
    fn algorithm(&self) -> Option<Algorithm> {
        let mut named = Algorithm::ALL
            .into_iter()
            .filter(|algorithm| self.names(*algorithm));
        let algorithm = named.next()?;
        named.next().is_none().then_some(algorithm)
    }
}

fn is_amazon(name: &str) -> bool {
    name.starts_with("x-amz-")
}

/// Names of headers and of SigV4's parameters are not case-sensitive.
fn decoded(text: &str) -> String {
    let text = percent_decode_str(text).decode_utf8_lossy();
    text.to_ascii_lowercase()
}

fn unknown(name: &str) -> String {
    // The name comes from the URL.
    let name: String = name.chars().take(100).collect();
    format!(
        "the service signed the header `{}` of the request, and its value is not known here; set it with \
         `Settings::header`",
        name.escape_debug()
    )
}

#[cfg(test)]
mod tests;
