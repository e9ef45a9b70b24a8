//! Our checksums as a partner in conversation: what a client sends for an object, and what it makes of a response.
//!
//! The models of the services that have checksums are not in this repository. So the two operations are written here, with
//! what a generated client says of them.

mod object;
mod transport;

use std::collections::VecDeque;

use anyhow::{Context, Result};
use attache_runtime::plumbing::Core;
use attache_runtime::{
    ByteStream, Bytes, CallOptions, ChecksumUse, Config, Credentials, Error, Timestamp,
};
use serde::{Deserialize, Serialize};

use self::object::{GetObject, NoError, PutObject, SERVICE};
use self::transport::{Capture, Pieces};

/// A call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    /// The endpoint.
    url: String,
    time: Timestamp,
    /// The settings: whether checksums are used only where they are required.
    request_when_required: bool,
    response_when_required: bool,
    /// The headers that members set.
    headers: Vec<(String, String)>,
    #[serde(with = "attache_runtime::serde_blob")]
    body: Bytes,
    /// The lengths of the pieces of a stream; without them the body is in memory.
    pieces: Option<Vec<usize>>,
    /// Whether the stream knows its length.
    states_length: bool,
    /// The headers of a response whose body is the body; a request to read it is sent then.
    response: Option<Vec<(String, String)>>,
    /// Whether a URL is made instead.
    presigned: bool,
}

/// What was sent, or read.
#[derive(Debug, Default, Serialize)]
struct Answer {
    headers: Vec<(String, String)>,
    #[serde(with = "attache_runtime::serde_blob")]
    body: Bytes,
    /// The length that the body stated.
    stated: Option<u64>,
    url: Option<String>,
    error: Option<String>,
}

/// Answers one question, written as JSON.
///
/// # Errors
/// A question that cannot be understood.
pub fn answer(question: &str) -> Result<String> {
    let question: Question = serde_json::from_str(question).context("no question")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(serde_json::to_string(&runtime.block_on(asked(question))?)?)
}

async fn asked(question: Question) -> Result<Answer> {
    let capture = Capture::new(question.response.clone(), question.body.clone());
    let when = |is_required| match is_required {
        true => ChecksumUse::WhenRequired,
        false => ChecksumUse::WhenSupported,
    };
    let config = Config::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKID", "SECRET"))
        .time_source(question.time)
        .max_attempts(1)
        .endpoint_url(&question.url)
        .allow_plain_http(true)
        .request_checksum_calculation(when(question.request_when_required))
        .response_checksum_validation(when(question.response_when_required))
        .transport(capture.clone())
        .build()?;
    let core = Core::new(&SERVICE, &config);
    let options = CallOptions::default();
    if question.response.is_some() {
        let request = GetObject {
            headers: question.headers,
        };
        let read: Result<ByteStream, Error<NoError>> = core.send(request, options).await;
        let read = match read {
            Ok(stream) => stream.collect().await.map_err(|error| error.to_string()),
            Err(error) => Err(format!("{error:#}")),
        };
        let mut answer = capture.sent();
        match read {
            Ok(body) => answer.body = body,
            Err(error) => answer.error = Some(error),
        }
        return Ok(answer);
    }
    let request = PutObject {
        headers: question.headers,
        body: body(question.body, question.pieces, question.states_length),
    };
    let call = core.send(request, options);
    if question.presigned {
        let made = call.presign(std::time::Duration::from_secs(60)).await;
        let made = made.map_err(|error| anyhow::anyhow!("{error:#}"))?;
        return Ok(Answer {
            headers: transport::texts(made.headers())?,
            url: Some(made.url().to_owned()),
            ..Answer::default()
        });
    }
    let outcome = call.await;
    let mut answer = capture.sent();
    answer.error = outcome.err().map(|error| format!("{error:#}"));
    Ok(answer)
}

/// A body in memory, or a stream of pieces.
fn body(mut bytes: Bytes, pieces: Option<Vec<usize>>, states_length: bool) -> ByteStream {
    let Some(pieces) = pieces else {
        return bytes.into();
    };
    let length = states_length.then_some(bytes.len() as u64);
    let mut parts = VecDeque::new();
    for piece in pieces {
        parts.push_back(bytes.split_to(piece.min(bytes.len())));
    }
    parts.push_back(bytes);
    ByteStream::new(Pieces { parts, length })
}
