//! Signs requests, one JSON document a line, from standard input to standard output.
//!
//! `cargo xtask outside` holds the signatures against those of AWS's C library and of botocore.

use std::io::{BufRead, Write};

use attache_runtime::Timestamp;
use attache_runtime::plumbing::{sigv4, sigv4a};
use serde::{Deserialize, Serialize};

/// A request to sign.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    /// Whether the key is asymmetric; the region is a list then.
    is_asymmetric: bool,
    /// The lifetime of a signature in the query; without it, the signature is a header.
    seconds: Option<u32>,
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    payload: String,
    token: Option<String>,
    id: String,
    secret: String,
    region: String,
    service: String,
    time: Timestamp,
    keeps_segments: bool,
    encoded_once: bool,
}

/// The signature.
#[derive(Serialize)]
struct Answer {
    /// The header `authorization`, or the query.
    placed: String,
    /// X and Y of the public key, where it is asymmetric.
    public: Option<(String, String)>,
}

fn answer(question: &Question) -> Answer {
    let mut headers: Vec<(&str, &str)> = question
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let token = question.token.as_deref();
    if question.seconds.is_none() {
        headers.extend(token.map(|token| ("x-amz-security-token", token)));
    }
    let request = sigv4::SigningRequest {
        method: &question.method,
        path: &question.path,
        query: &question.query,
        headers: &headers,
        payload_sha256_hex: &question.payload,
        path_form: sigv4::PathForm {
            keeps_segments: question.keeps_segments,
            encoded_once: question.encoded_once,
        },
    };
    let (id, secret, time) = (&question.id, &question.secret, question.time);
    let (region, service) = (question.region.as_str(), question.service.as_str());
    if question.is_asymmetric {
        let key = sigv4a::signing_key(id, secret);
        let region_set = region;
        let scope = sigv4a::Scope {
            region_set,
            service,
            time,
        };
        let placed = match question.seconds {
            None => sigv4a::sign(&request, id, &key, &scope).authorization,
            Some(seconds) => sigv4a::presign(&request, id, token, &key, &scope, seconds),
        };
        let public = Some(key.public_hex());
        return Answer { placed, public };
    }
    let scope = sigv4::Scope {
        region,
        service,
        time,
    };
    let key = sigv4::signing_key(secret, &scope);
    let placed = match question.seconds {
        None => sigv4::sign_with_key(&request, id, &key, &scope).authorization,
        Some(seconds) => sigv4::presign(&request, id, token, &key, &scope, seconds),
    };
    Answer {
        placed,
        public: None,
    }
}

fn main() -> anyhow::Result<()> {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let question: Question = serde_json::from_str(&line?)?;
        writeln!(output, "{}", serde_json::to_string(&answer(&question))?)?;
        output.flush()?;
    }
    Ok(())
}
