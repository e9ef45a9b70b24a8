//! Chooses the algorithm of a request, and those with which its response is verified.

use http::header::EXPECT;
use http::{HeaderMap, HeaderName, HeaderValue};

use http_body::Body as _;

use super::algorithm::{Algorithm, BY_PRIORITY, HEADER_PREFIX};
use super::chosen::Chosen;
use crate::body::Body;
use crate::config::{ChecksumSettings, ChecksumUse};
use crate::error::{ErrorKind, Failure};
use crate::plumbing::message::{Checksums, HttpRequest};
use crate::plumbing::operation::SignatureVersion;

/// The length from which on a body is worth a question, in bytes. A short one arrives as soon as the answer would.
const EXPECT_FROM: u64 = 2 * 1024 * 1024;

/// Chooses, and sets the headers that say so.
///
/// # Errors
/// An algorithm that the caller names and this build does not know.
pub(crate) fn choose(request: &mut HttpRequest, settings: ChecksumSettings) -> Result<(), Failure> {
    let Some(Checksums {
        request: of_request,
        response: of_response,
    }) = request.checksums
    else {
        return Ok(());
    };
    let mut chosen = Chosen::default();
    if let Some(response) = of_response {
        let mode = HeaderName::from_static(response.mode_header);
        if settings.response == ChecksumUse::WhenSupported {
            let enabled = HeaderValue::from_static("ENABLED");
            request.headers.entry(&mode).or_insert(enabled);
        }
        if request.headers.contains_key(mode) {
            chosen.response = response.algorithms;
        }
    }
    if let Some(facts) = of_request
        && !has_checksum(&request.headers)
    {
        let header = facts.algorithm_header.map(HeaderName::from_static);
        let named = header.as_ref().and_then(|name| request.headers.get(name));
        let takes = header.is_some() && settings.request == ChecksumUse::WhenSupported;
        chosen.request = match named {
            Some(name) => Some(algorithm(name)?),
            None if facts.is_required || takes => {
                if let Some(header) = header {
                    let name = HeaderValue::from_static(Algorithm::Crc32.name());
                    request.headers.insert(header, name);
                }
                Some(Algorithm::Crc32)
            }
            None => None,
        };
    }
    request.chosen_checksums = chosen;
    if of_request.is_some_and(|facts| facts.is_streamed) {
        expect_continue(request);
    }
    Ok(())
}

/// Asks the service whether it wants a long body (`Expect: 100-continue`). S3 is known to answer; no trait says who else.
fn expect_continue(request: &mut HttpRequest) {
    let is_long = match &request.body {
        Body::Bytes(bytes) => bytes.len() as u64 >= EXPECT_FROM,
        Body::Stream(stream) => {
            let length = stream.size_hint().exact();
            length.is_none_or(|length| length >= EXPECT_FROM)
        }
    };
    if is_long && request.signature_version == SignatureVersion::S3V4 {
        let value = HeaderValue::from_static("100-continue");
        request.headers.insert(EXPECT, value);
    }
}

fn algorithm(name: &HeaderValue) -> Result<Algorithm, Failure> {
    let name = String::from_utf8_lossy(name.as_bytes());
    Algorithm::of(&name).ok_or_else(|| {
        let known: Vec<&str> = BY_PRIORITY.iter().copied().map(Algorithm::name).collect();
        Failure::new(
            ErrorKind::Request,
            format!(
                "checksums of the algorithm {name:?} are not supported, those of {} are; a checksum that you compute \
                 yourself can be sent in its member",
                known.join(", ")
            ),
        )
    })
}

/// Whether the caller has set a checksum: a header of any algorithm, also of one that is not known here.
pub(super) fn has_checksum(headers: &HeaderMap) -> bool {
    headers.keys().any(is_checksum)
}

fn is_checksum(name: &HeaderName) -> bool {
    // These say something about checksums.
    const OTHERS: [&str; 3] = ["algorithm", "mode", "type"];
    name.as_str()
        .strip_prefix(HEADER_PREFIX)
        .is_some_and(|name| {
            !OTHERS.contains(&name) && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// The identifiers under which AWS counts the settings and the algorithms.
pub(crate) fn feature_ids(request: &HttpRequest, settings: ChecksumSettings) -> Vec<&'static str> {
    if request.checksums.is_none() {
        return Vec::new();
    }
    let mut ids = vec![
        match settings.request {
            ChecksumUse::WhenSupported => "Z",
            ChecksumUse::WhenRequired => "a",
        },
        match settings.response {
            ChecksumUse::WhenSupported => "b",
            ChecksumUse::WhenRequired => "c",
        },
    ];
    let of_caller = request.headers.keys().filter(|name| is_checksum(name));
    let of_caller = of_caller.filter_map(|name| name.as_str().strip_prefix(HEADER_PREFIX));
    let computed = request.chosen_checksums.request.map(Algorithm::name);
    ids.extend(of_caller.chain(computed).filter_map(feature_id));
    ids
}

/// The identifier of an algorithm.
fn feature_id(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_uppercase().as_str() {
        "CRC32" => "U",
        "CRC32C" => "V",
        "CRC64NVME" => "W",
        "SHA1" => "X",
        "SHA256" => "Y",
        "MD5" => "AE",
        "SHA512" => "AF",
        "XXHASH3" => "AG",
        "XXHASH64" => "AH",
        "XXHASH128" => "AI",
        _ => return None,
    })
}
