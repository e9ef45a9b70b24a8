//! What a presigned URL demands of a request, and where each value comes from.
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
//! A value that the caller sets ([`Settings::header`](crate::Settings::header)) comes before these. A signed header that
//! neither names is refused before anything is sent.
//!
//! A header `x-amz-*` that is not signed must not be sent: S3 refuses it ("There were headers present in the request which
//! were not signed"). Nor must one that stands in the query already, because a signer moves headers there and signs them as
//! parameters.

use std::collections::BTreeSet;

use http::header::{CONTENT_LENGTH, CONTENT_TYPE, IF_NONE_MATCH};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};
use percent_encoding::percent_decode_str;

use crate::checksum::{Algorithm, Checksums, Digests};

/// The type of evidence of which nobody says another one.
const OCTET_STREAM: &str = "application/octet-stream";

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Fetching a file.
    Download,
    /// Sending a file that may replace what is there.
    #[cfg_attr(not(feature = "support"), allow(dead_code))]
    Upload,
    /// Sending a file where none is: the storage answers 412 if there is one.
    #[cfg_attr(not(feature = "security-ir"), allow(dead_code))]
    Creation,
}

/// The names that a URL brings with it.
pub(crate) struct Presigned {
    /// The headers that its signature covers.
    signed: BTreeSet<String>,
    /// The parameters of its query, in lower case.
    parameters: BTreeSet<String>,
}

impl Presigned {
    pub(crate) fn of(uri: &Uri) -> Self {
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

    /// Whether a header needs the content to be read before it is sent.
    pub(crate) fn needs_checksums(&self, caller: &HeaderMap) -> bool {
        let mut wanted = self
            .signed
            .iter()
            .filter(|name| !caller.contains_key(*name));
        wanted.any(|name| {
            matches!(name.as_str(), "content-md5" | "x-amz-content-sha256")
                || Algorithm::of_header(name).is_some()
        })
    }

    /// The headers of a request with `length` bytes. `checksums` are those of the bytes, where they are needed.
    ///
    /// # Errors
    /// A signed header whose value nobody knows, in words.
    pub(crate) fn headers(
        &self,
        purpose: Purpose,
        length: u64,
        checksums: Option<&Checksums>,
        caller: &HeaderMap,
    ) -> Result<HeaderMap, String> {
        let mut headers = HeaderMap::new();
        for name in self.names(purpose, caller) {
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
    fn names(&self, purpose: Purpose, caller: &HeaderMap) -> BTreeSet<String> {
        let mut names = self.signed.clone();
        if purpose != Purpose::Download {
            names.insert(CONTENT_LENGTH.to_string());
            // What the caller sets goes with every upload, unless the storage would refuse it.
            let unsigned = caller.keys().map(HeaderName::as_str);
            names.extend(unsigned.filter(|name| !is_amazon(name)).map(str::to_owned));
        }
        if purpose == Purpose::Creation {
            // The real service is spoken to with these, signed or not.
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
                empty = Digests::default().finish();
                Some(&empty)
            }
            given => given,
        };
        let text = match name {
            "content-length" => return Some(HeaderValue::from(length)),
            "x-amz-content-sha256" => checksums?.sha256_hex(),
            "x-amz-checksum-mode" => "ENABLED".to_owned(),
            // The rest is about a content that is sent.
            _ if purpose == Purpose::Download => return None,
            "content-type" => OCTET_STREAM.to_owned(),
            "if-none-match" => "*".to_owned(),
            "content-md5" => checksums?.content_md5(),
            "x-amz-sdk-checksum-algorithm" | "x-amz-checksum-algorithm" => {
                self.algorithm()?.name().to_owned()
            }
            _ => checksums?.value(Algorithm::of_header(name)?),
        };
        HeaderValue::from_str(&text).ok()
    }

    /// The one algorithm whose checksum the URL demands or carries.
    fn algorithm(&self) -> Option<Algorithm> {
        let mut named = Algorithm::ALL.into_iter().filter(|algorithm| {
            let header = algorithm.header();
            self.signed.contains(header) || self.parameters.contains(header)
        });
        let algorithm = named.next()?;
        named.next().is_none().then_some(algorithm)
    }
}

fn is_amazon(name: &str) -> bool {
    name.starts_with("x-amz-")
}

/// Names of headers and of SigV4's parameters mean the same in every case.
fn decoded(text: &str) -> String {
    let text = percent_decode_str(text).decode_utf8_lossy();
    text.to_ascii_lowercase()
}

fn unknown(name: &str) -> String {
    // Whoever made the URL chose the name.
    let name: String = name.chars().take(100).collect();
    format!(
        "the service signed the header `{}` of the request, and its value is not known here; set it with \
         `Settings::header`",
        name.escape_debug()
    )
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::{Presigned, Purpose};
    use crate::checksum::Digests;

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
        let mut digests = Digests::default();
        digests.update(b"123456789");
        let checksums = digests.finish();
        let (length, checksums) = match purpose {
            Purpose::Download => (0, None),
            _ => (9, presigned.needs_checksums(&caller).then_some(&checksums)),
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
                let error = headers(&query, purpose, &[]).expect_err("nobody knows it");
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
}
