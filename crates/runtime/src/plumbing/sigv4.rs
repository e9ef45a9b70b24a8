//! Signature Version 4, with which AWS requests are signed (IAM User Guide, "Create a signed AWS API request").
//!
//! These are pure functions of request, identity and time. They do not depend on a clock, an HTTP library or a source
//! of credentials, so a test can replay any request. The path is normalised and encoded a second time, unless
//! [`SigningRequest::path_as_sent`] says otherwise.

use std::borrow::Cow;
use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{percent_decode, percent_encode, utf8_percent_encode};
use sha2::{Digest, Sha256};

use crate::plumbing::uri::{RESERVED, RESERVED_IN_PATH};
use crate::timestamp::Timestamp;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

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
const UNSIGNED_IN_URL: [&str; 2] = ["x-amz-checksum-mode", "x-amz-user-agent"];

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
    /// Whether the path is signed as it is sent, as S3 requires; endpoint rules call it `disableDoubleEncoding`.
    pub path_as_sent: bool,
}

/// Where and when a signature is valid.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The region to sign for, such as `us-east-1`.
    pub region: &'a str,
    /// The signing name of the service, such as `security-ir`.
    pub service: &'a str,
    /// When the request is signed. Services refuse it about 5 minutes (some 15) before and after.
    pub time: Timestamp,
}

impl Scope<'_> {
    /// The day in UTC as `YYYYMMDD`. A [`SigningKey`] is valid for one day, region and service.
    pub fn date(&self) -> String {
        let mut date = self.time.format_basic();
        date.truncate(8);
        date
    }

    /// The scope as it is written; `amz_date` is its time.
    fn credential_scope(&self, amz_date: &str) -> String {
        let date = &amz_date[..8];
        format!("{date}/{}/{}/aws4_request", self.region, self.service)
    }
}

/// The key for one day, region and service. It may be cached for that day.
///
/// The key can sign any request of that scope, so `Debug` does not show it.
#[derive(Clone)]
pub struct SigningKey(Hmac<Sha256>);

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningKey(..)")
    }
}

/// The outcome of [`sign`].
#[derive(Clone)]
pub struct Signature {
    /// The value for the header `authorization`.
    pub authorization: String,
    /// The value for the header `x-amz-date`, which is signed.
    pub amz_date: String,
    /// The signature alone, in hexadecimal; the signatures of chunks and events of a stream continue it.
    pub signature: String,
}

/// Derives the key for the date, region and service of `scope` (not for its time of day).
pub fn signing_key(secret_access_key: &str, scope: &Scope<'_>) -> SigningKey {
    let first = format!("AWS4{secret_access_key}");
    let date = hmac_sha256(first.as_bytes(), scope.date().as_bytes());
    let region = hmac_sha256(&date, scope.region.as_bytes());
    let service = hmac_sha256(&region, scope.service.as_bytes());
    // The state after the key, so that no request hashes the key again.
    SigningKey(keyed(&hmac_sha256(&service, b"aws4_request")))
}

/// Signs a request.
///
/// The caller adds the headers `authorization` and `x-amz-date` with the values returned. The session token of
/// temporary credentials must already be among the headers, as `x-amz-security-token`.
pub fn sign(
    request: &SigningRequest<'_>,
    access_key_id: &str,
    secret_access_key: &str,
    scope: &Scope<'_>,
) -> Signature {
    sign_with_key(
        request,
        access_key_id,
        &signing_key(secret_access_key, scope),
        scope,
    )
}

/// Signs a request with a key that was derived for the same date, region and service.
pub fn sign_with_key(
    request: &SigningRequest<'_>,
    access_key_id: &str,
    key: &SigningKey,
    scope: &Scope<'_>,
) -> Signature {
    let amz_date = scope.time.format_basic();
    let credential_scope = scope.credential_scope(&amz_date);
    let mut headers = signed_headers(request, &["x-amz-date"]);
    headers.push(("x-amz-date", Cow::Borrowed(&amz_date)));
    sort(&mut headers);
    let query = join_query(query_parameters(request.query));
    let names = header_names(&headers);
    let canonical = canonical_request(request, &query, &headers, &names);
    let signature = signature(&canonical, key, &amz_date, &credential_scope);
    let authorization = format!(
        "{ALGORITHM} Credential={access_key_id}/{credential_scope}, SignedHeaders={names}, Signature={signature}",
    );
    Signature {
        authorization,
        amz_date,
        signature,
    }
}

/// Signs a URL with which anyone may send the request within `expires_in_seconds` (at most 604,800, seven days).
///
/// Returns the query to send, without `?`; no other header than those of `request` is needed. Whoever has the URL
/// can send the request: treat it as confidential.
pub fn presign(
    request: &SigningRequest<'_>,
    access_key_id: &str,
    session_token: Option<&str>,
    key: &SigningKey,
    scope: &Scope<'_>,
    expires_in_seconds: u32,
) -> String {
    let amz_date = scope.time.format_basic();
    let credential_scope = scope.credential_scope(&amz_date);
    let mut headers = signed_headers(request, &UNSIGNED_IN_URL);
    sort(&mut headers);
    let names = header_names(&headers);
    let mut parameters = query_parameters(request.query);
    let mut add = |name: &str, value: &str| {
        parameters.push((
            name.to_owned(),
            utf8_percent_encode(value, RESERVED).to_string(),
        ));
    };
    add("X-Amz-Algorithm", ALGORITHM);
    add(
        "X-Amz-Credential",
        &format!("{access_key_id}/{credential_scope}"),
    );
    add("X-Amz-Date", &amz_date);
    add("X-Amz-Expires", &expires_in_seconds.to_string());
    add("X-Amz-SignedHeaders", &names);
    if let Some(token) = session_token {
        add("X-Amz-Security-Token", token);
    }
    let query = join_query(parameters);
    let canonical = canonical_request(request, &query, &headers, &names);
    let signature = signature(&canonical, key, &amz_date, &credential_scope);
    format!("{query}&X-Amz-Signature={signature}")
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
    let length = headers
        .iter()
        .map(|(name, value)| name.len() + value.len() + 2);
    let rest = request.path.len() + query.len() + names.len() + 128;
    let mut canonical = String::with_capacity(length.sum::<usize>() + rest);
    let path = match request.path_as_sent {
        true => Cow::Borrowed(request.path),
        false => canonical_path(request.path),
    };
    for part in [request.method, "\n", &path, "\n", query, "\n"] {
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

fn signature(
    canonical_request: &str,
    key: &SigningKey,
    amz_date: &str,
    credential_scope: &str,
) -> String {
    let hash = sha256_hex(canonical_request.as_bytes());
    let string_to_sign = format!("{ALGORITHM}\n{amz_date}\n{credential_scope}\n{hash}");
    let mut mac = key.0.clone();
    mac.update(string_to_sign.as_bytes());
    hexadecimal(&mac.finalize().into_bytes())
}

/// Sorts by name; a separate function, because a stable sort is much code.
fn sort(headers: &mut [(&str, Cow<'_, str>)]) {
    headers.sort_by_key(|(name, _)| *name);
}

/// The headers to sign with their values trimmed, in the order of the request.
fn signed_headers<'a>(
    request: &SigningRequest<'a>,
    left_out: &[&str],
) -> Vec<(&'a str, Cow<'a, str>)> {
    request
        .headers
        .iter()
        .filter(|(name, _)| !UNSIGNED.contains(name) && !left_out.contains(name))
        .map(|(name, value)| (*name, trim(value)))
        .collect()
}

fn header_names(headers: &[(&str, Cow<'_, str>)]) -> String {
    let mut names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    names.dedup();
    names.join(";")
}

/// Without spaces at either end, and with single spaces in between; tabs stay.
fn trim(value: &str) -> Cow<'_, str> {
    // Nearly all values already have this form.
    if !value.starts_with(' ') && !value.ends_with(' ') && !value.contains("  ") {
        return Cow::Borrowed(value);
    }
    let words = value.split(' ').filter(|word| !word.is_empty());
    Cow::Owned(words.collect::<Vec<_>>().join(" "))
}

/// Resolves `.`, `..` and empty segments (RFC 3986 section 5.2.4), then encodes the encoded path once more.
fn canonical_path(path: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_');
    if path.starts_with('/') && !path.contains("//") && path.bytes().all(plain) {
        // Nearly all paths need neither resolving nor encoding.
        return Cow::Borrowed(path);
    }
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
    let mut canonical = String::with_capacity(path.len() + 1);
    for segment in &segments {
        canonical.push('/');
        canonical.extend(utf8_percent_encode(segment, RESERVED_IN_PATH));
    }
    if ends_in_directory || segments.is_empty() {
        canonical.push('/');
    }
    Cow::Owned(canonical)
}

/// The parameters of a query as it was sent, with each name and value encoded as signatures require.
fn query_parameters(query: &str) -> Vec<(String, String)> {
    let encode = |text: &str| {
        let text = text.replace('+', " ");
        percent_encode(
            &percent_decode(text.as_bytes()).collect::<Vec<u8>>(),
            RESERVED,
        )
        .to_string()
    };
    query
        .split('&')
        .filter(|parameter| !parameter.is_empty())
        .map(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            (encode(name), encode(value))
        })
        .collect()
}

fn join_query(mut parameters: Vec<(String, String)>) -> String {
    parameters.sort_unstable();
    let mut query = String::new();
    for (name, value) in &parameters {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(name);
        query.push('=');
        query.push_str(value);
    }
    query
}

fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = keyed(key);
    mac.update(message);
    mac.finalize().into_bytes().into()
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}
