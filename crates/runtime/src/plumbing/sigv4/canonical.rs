//! The canonical form of a request, of which a signature is computed (IAM User Guide, "Create a signed AWS API request").
//!
//! Both algorithms sign the same form.

use std::borrow::Cow;

use percent_encoding::{percent_decode, percent_encode, utf8_percent_encode};

use crate::plumbing::uri::{RESERVED, RESERVED_IN_PATH};
use crate::sha256::Sha256;
use crate::texts::{ToText as _, insert_behind, join};

/// The SHA-256 of no bytes, in hexadecimal: the hash of an empty payload.
pub const EMPTY_SHA256_HEX: &str =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Headers that proxies and HTTP libraries add or change, and the header of the signature.
const UNSIGNED: [&str; 4] = [
    "authorization",
    "transfer-encoding",
    "user-agent",
    "x-amzn-trace-id",
];
/// Headers that the user of a presigned URL need not send.
pub(crate) const UNSIGNED_IN_URL: [&str; 2] = ["x-amz-checksum-mode", "x-amz-user-agent"];

/// The signed parts of a request.
#[derive(Clone, Copy)]
pub struct SigningRequest<'a> {
    /// The method, in upper case.
    pub method: &'a str,
    /// The path as it is sent: absolute, percent-encoded once.
    pub path: &'a str,
    /// The query as it is sent, without `?`; may be empty.
    pub query: &'a str,
    /// The headers as they are sent, names in lower case, `host` among them. All are signed except those that may be
    /// changed on the way: `authorization`, `transfer-encoding`, `user-agent` and `x-amzn-trace-id`.
    pub headers: &'a [(&'a str, &'a str)],
    /// The SHA-256 of the body in hexadecimal, see [`sha256_hex`]; or the value that the service accepts instead, such
    /// as `UNSIGNED-PAYLOAD`.
    pub payload_sha256_hex: &'a str,
    /// The form in which the path is signed.
    pub path_form: PathForm,
}

/// The form in which a path is signed. The default is that of all services but S3: normalised, then encoded once more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PathForm {
    /// Whether the path keeps `.`, `..` and empty segments; endpoint rules call it `disableNormalizePath`.
    pub keeps_segments: bool,
    /// Whether the path is encoded once only, as it is sent; endpoint rules call it `disableDoubleEncoding`.
    pub encoded_once: bool,
}

impl PathForm {
    /// The path as it is sent, which S3 requires.
    pub const AS_SENT: Self = Self {
        keeps_segments: true,
        encoded_once: true,
    };

    /// The path of a request in this form.
    fn apply(self, path: &str) -> Cow<'_, str> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_');
        let (mut is_plain, mut previous) = (path.starts_with('/'), 0);
        for byte in path.bytes() {
            is_plain &= plain(byte) && (byte != b'/' || previous != b'/');
            previous = byte;
        }
        if is_plain {
            // Nearly all paths need neither resolving nor encoding.
            return Cow::Borrowed(path);
        }
        let path = match self.keeps_segments {
            // A request is sent to `/` where it has no path.
            true if path.is_empty() => Cow::Borrowed("/"),
            true => Cow::Borrowed(path),
            false => Cow::Owned(normalised(path)),
        };
        match self.encoded_once {
            true => path,
            false => Cow::Owned(utf8_percent_encode(&path, RESERVED_IN_PATH).to_string()),
        }
    }
}

/// A request in its canonical form.
pub(crate) struct Canonical {
    /// The form, of which the signature is computed.
    pub(crate) text: String,
    /// The names of the signed headers.
    pub(crate) names: String,
    /// The query in its canonical order.
    pub(crate) query: String,
}

impl Canonical {
    /// The form for a signature in a header. `added` are the signed headers that come with it; they replace those of
    /// an earlier attempt.
    pub(crate) fn for_header<'a>(
        request: &SigningRequest<'a>,
        added: &[(&'a str, &'a str)],
    ) -> Self {
        let is_added = |name: &str| {
            let mut is_added = false;
            for (known, _) in added {
                is_added |= *known == name;
            }
            is_added
        };
        let mut headers = signed_headers(request, &is_added);
        for (name, value) in added {
            add(&mut headers, name, Cow::Borrowed(value));
        }
        let names = header_names(&headers);
        let query = join_query(&query_parameters(request.query));
        Self {
            text: canonical_request(request, &query, &headers, &names),
            names,
            query,
        }
    }

    /// The form for a signature in the query, which `added` becomes a part of.
    #[inline]
    pub(crate) fn for_url(request: &SigningRequest<'_>, added: &[(&str, &str)]) -> Self {
        let headers = signed_headers(request, &|name| UNSIGNED_IN_URL.contains(&name));
        let names = header_names(&headers);
        let mut parameters = query_parameters(request.query);
        for (name, value) in added
            .iter()
            .chain([&("X-Amz-SignedHeaders", names.as_str())])
        {
            let value = utf8_percent_encode(value, RESERVED).to_string();
            add_parameter(&mut parameters, (*name).to_text(), value);
        }
        let query = join_query(&parameters);
        Self {
            text: canonical_request(request, &query, &headers, &names),
            names,
            query,
        }
    }

    /// What is signed: the algorithm, the time, the scope and the hash of the form.
    #[inline(never)]
    pub(crate) fn string_to_sign(&self, algorithm: &str, amz_date: &str, scope: &str) -> String {
        let hash = sha256_hex(self.text.as_bytes());
        join(&[algorithm, amz_date, scope, &hash], "\n")
    }
}

/// The SHA-256 of `bytes` in lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn canonical_request(
    request: &SigningRequest<'_>,
    query: &str,
    headers: &[(&str, Cow<'_, str>)],
    names: &str,
) -> String {
    let mut length = request.path.len() + query.len() + names.len() + 128;
    for (name, value) in headers {
        length += name.len() + value.len() + 2;
    }
    let mut canonical = String::with_capacity(length);
    let path = request.path_form.apply(request.path);
    for part in &[request.method, "\n", &path, "\n", query, "\n"] {
        canonical.push_str(part);
    }
    let mut previous = None;
    for (name, value) in headers {
        if previous == Some(name) {
            canonical.push(',');
        } else {
            if previous.is_some() {
                canonical.push('\n');
            }
            canonical.push_str(name);
            canonical.push(':');
        }
        canonical.push_str(value);
        previous = Some(name);
    }
    canonical.push_str("\n\n");
    canonical.push_str(names);
    canonical.push('\n');
    canonical.push_str(request.payload_sha256_hex);
    canonical
}

/// Adds a header to headers in the order of their names, and of the request where these are the same.
fn add<'a>(headers: &mut Vec<(&'a str, Cow<'a, str>)>, name: &'a str, value: Cow<'a, str>) {
    insert_behind(headers, (name, value), &|(other, _), (name, _)| {
        other <= name
    });
}

/// The headers to sign with their values trimmed, in the order of their names.
fn signed_headers<'a>(
    request: &SigningRequest<'a>,
    is_left_out: &dyn Fn(&str) -> bool,
) -> Vec<(&'a str, Cow<'a, str>)> {
    let mut headers = Vec::with_capacity(request.headers.len() + 4);
    for (name, value) in request.headers {
        if !UNSIGNED.contains(name) && !is_left_out(name) {
            add(&mut headers, name, trim(value));
        }
    }
    headers
}

fn header_names(headers: &[(&str, Cow<'_, str>)]) -> String {
    let mut names = String::with_capacity(24 * headers.len());
    let mut previous = "";
    for (name, _) in headers {
        if *name == previous {
            continue;
        }
        if !names.is_empty() {
            names.push(';');
        }
        names.push_str(name);
        previous = name;
    }
    names
}

/// Without spaces at either end, and with single spaces in between; tabs stay.
fn trim(value: &str) -> Cow<'_, str> {
    // Nearly all values already have this form.
    let mut is_trimmed = !value.starts_with(' ') && !value.ends_with(' ');
    let mut rest = value;
    while let Some((_, after)) = rest.split_once(' ') {
        is_trimmed &= !after.starts_with(' ');
        rest = after;
    }
    if is_trimmed {
        return Cow::Borrowed(value);
    }
    let mut trimmed = String::with_capacity(value.len());
    for word in value.split(' ') {
        if word.is_empty() {
            continue;
        }
        if !trimmed.is_empty() {
            trimmed.push(' ');
        }
        trimmed.push_str(word);
    }
    Cow::Owned(trimmed)
}

/// Resolves `.`, `..` and empty segments (RFC 3986 section 5.2.4).
fn normalised(path: &str) -> String {
    let mut segments = Vec::new();
    let mut ends_in_directory = false;
    for segment in path.split('/') {
        ends_in_directory = matches!(segment, "" | "." | "..");
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(segment),
        }
    }
    let mut normalised = String::with_capacity(path.len() + 1);
    for segment in &segments {
        normalised.push('/');
        normalised.push_str(segment);
    }
    if ends_in_directory || segments.is_empty() {
        normalised.push('/');
    }
    normalised
}

/// The parameters of a query as it was sent, with each name and value encoded as signatures require, in their canonical
/// order.
fn query_parameters(query: &str) -> Vec<(String, String)> {
    let encode = |text: &str| {
        let mut text = text.as_bytes().to_vec();
        for byte in &mut text {
            if *byte == b'+' {
                *byte = b' ';
            }
        }
        let text: Cow<'_, [u8]> = percent_decode(&text).into();
        percent_encode(&text, RESERVED).to_string()
    };
    let mut parameters = Vec::new();
    for parameter in query.split('&') {
        if !parameter.is_empty() {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            add_parameter(&mut parameters, encode(name), encode(value));
        }
    }
    parameters
}

fn add_parameter(parameters: &mut Vec<(String, String)>, name: String, value: String) {
    insert_behind(parameters, (name, value), &|other, parameter| {
        other <= parameter
    });
}

fn join_query(parameters: &[(String, String)]) -> String {
    let mut query = String::new();
    for (name, value) in parameters {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(name);
        query.push('=');
        query.push_str(value);
    }
    query
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = Vec::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let (high, low) = (usize::from(byte >> 4), usize::from(byte & 15));
        text.extend_from_slice(&[DIGITS[high], DIGITS[low]]);
    }
    String::from_utf8(text).expect("digits are ASCII")
}
