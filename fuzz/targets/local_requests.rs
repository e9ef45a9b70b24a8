//! Requests to the local services: every request gets a response, no response is an internal error, a request without a
//! signature changes nothing, and a request that the client signed passes the verification.
//!
//! The first byte says how the rest is sent. `r`: unchanged. `u`: with CRLF line ends and its content length. `s`: the
//! same, signed. `a`: the same without a signature, to a server that requires none.

#![no_main]

use std::sync::LazyLock;

use attache_fuzz::machine::{self, assert_free_of};
use attache_fuzz::script::{find, line};
use attache_local::{Builder, Clock, Local};
use attache_runtime::plumbing::sigv4::{PathForm, Scope, SigningRequest, sha256_hex, sign};
use libfuzzer_sys::fuzz_target;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const KEY: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
/// The buffer of a connection. It is large enough that neither end waits for the other.
const BUFFER: usize = 1 << 20;

/// Created once, because it reads the catalogue.
static BUILDER: LazyLock<Builder> = LazyLock::new(|| {
    Local::builder()
        .clock(Clock::fixed(machine::now()))
        .credentials(KEY, SECRET)
});

fuzz_target!(|input: &[u8]| {
    let [mode, rest @ ..] = input else { return };
    let bytes = match mode {
        b'r' => rest.to_vec(),
        b'u' | b'a' => match Request::read(rest) {
            Some(request) => request.written(&[]),
            None => return,
        },
        b's' => match Request::read(rest).and_then(Request::signed) {
            Some(bytes) => bytes,
            None => return,
        },
        _ => return,
    };
    let builder = BUILDER.clone();
    let server = builder.accept_any_signature(*mode == b'a').fuzzed();
    let before = server.state();
    let answer = machine::run(async {
        let (ours, theirs) = tokio::io::duplex(BUFFER);
        let (mut reading, mut writing) = tokio::io::split(ours);
        let talk = async {
            // The server may close the connection before it has read the whole request.
            let _ = writing.write_all(&bytes).await;
            let _ = writing.shutdown().await;
            let mut answer = Vec::new();
            let _ = reading.read_to_end(&mut answer).await;
            answer
        };
        tokio::join!(server.serve(theirs), talk).1
    });
    let is_signed = *mode == b's' || *mode == b'a';
    assert!(
        is_signed || server.state() == before,
        "a request without a signature changed something"
    );
    let text = String::from_utf8_lossy(&answer);
    assert_free_of(&text, &[SECRET], "the answer");
    let asks_for_faults = find(&bytes.to_ascii_lowercase(), b"x-attache-local-fault").is_some();
    if asks_for_faults || answer.is_empty() {
        return;
    }
    let status = text
        .strip_prefix("HTTP/1.1 ")
        .or(text.strip_prefix("HTTP/1.0 "));
    let status: u16 = status
        .and_then(|rest| rest.get(..3)?.parse().ok())
        .unwrap_or_else(|| panic!("the answer is no response: {text}"));
    assert!((200..500).contains(&status), "{text}");
    assert!(
        answer.len() <= 64 * bytes.len() + (256 << 10),
        "{} bytes",
        answer.len()
    );
    // The route determines the service of a request; this code guesses it.
    if *mode == b's' && !text.contains("should be scoped to the service") {
        for code in [
            "InvalidSignatureException",
            "IncompleteSignatureException",
            "MissingAuthenticationTokenException",
            "UnrecognizedClientException",
        ] {
            assert!(
                !text.contains(code) || bytes_contain(&bytes, code),
                "{text}"
            );
        }
    }
});

fn bytes_contain(bytes: &[u8], code: &str) -> bool {
    find(bytes, code.as_bytes()).is_some()
}

/// A request that is being built.
struct Request<'a> {
    method: &'a str,
    target: &'a str,
    /// Names in lower case.
    headers: Vec<(String, &'a str)>,
    body: &'a [u8],
}

impl<'a> Request<'a> {
    /// Reads the first line, the headers and, after an empty line, the body.
    fn read(text: &'a [u8]) -> Option<Self> {
        let (first, mut rest) = line(text);
        let (method, target) = std::str::from_utf8(first).ok()?.split_once(' ')?;
        let mut headers = Vec::new();
        while !rest.is_empty() {
            let (header, after) = line(rest);
            rest = after;
            if header.is_empty() {
                break;
            }
            let (name, value) = std::str::from_utf8(header).ok()?.split_once(": ")?;
            headers.push((name.to_ascii_lowercase(), value));
        }
        Some(Self {
            method,
            target,
            headers,
            body: rest,
        })
    }

    fn written(&self, more: &[(&str, &str)]) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        let own = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), *value));
        for (name, value) in own.chain(more.iter().copied()) {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!("content-length: {}\r\n\r\n", self.body.len()));
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(self.body);
        bytes
    }

    /// The request with the signature of the client; `None` if no client can send it.
    fn signed(self) -> Option<Vec<u8>> {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        let of_the_signer = [
            "authorization",
            "content-length",
            "transfer-encoding",
            "x-amz-date",
        ];
        // A `+` in a query is ambiguous in the canonical request.
        let is_usual = self.target.starts_with('/')
            && names.iter().filter(|name| **name == "host").count() == 1
            && !names.iter().any(|name| of_the_signer.contains(name))
            && self.method.bytes().all(|byte| byte.is_ascii_uppercase())
            && self.target.bytes().all(|byte| byte.is_ascii_graphic())
            && !self
                .target
                .contains(['#', '"', '<', '>', '\\', '^', '`', '{', '|', '}'])
            && self.headers.iter().all(|(name, value)| {
                let is_token = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
                name.bytes().all(is_token)
                    && value
                        .bytes()
                        .all(|byte| byte == b' ' || byte.is_ascii_graphic())
            });
        if !is_usual {
            return None;
        }
        let (path, query) = self.target.split_once('?').unwrap_or((self.target, ""));
        let headers = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), *value));
        let headers: Vec<(&str, &str)> = headers.collect();
        let is_support = names.contains(&"x-amz-target");
        let scope = Scope {
            region: "us-east-1",
            service: if is_support { "support" } else { "security-ir" },
            time: machine::now(),
        };
        let request = SigningRequest {
            method: self.method,
            path,
            query,
            headers: &headers,
            payload_sha256_hex: &sha256_hex(self.body),
            path_form: PathForm::default(),
        };
        let signature = sign(&request, KEY, SECRET, &scope);
        Some(self.written(&[
            ("x-amz-date", &signature.amz_date),
            ("authorization", &signature.authorization),
        ]))
    }
}
