//! Our clients as a partner in conversation, so that another implementation of AWS clients can be held against them.
//!
//! A [`Question`] names an operation, its parameters and what the service is to answer; the [`Answer`] holds the HTTP
//! request that our client would have sent and what it made of the response. Everything that a request depends on,
//! the clock included, is in the question, so that both sides can be given the same.

mod capture;
mod entries;
mod poll;
pub mod table;

use std::io::{BufRead, Write};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use attache_runtime::bearer::BearerToken;
use attache_runtime::operation::ServiceError;
use attache_runtime::validation::Level;
use attache_runtime::{
    Bytes, Config, Credentials, Error, PresignedRequest, Timestamp, TokenSource,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::capture::Capture;
use self::entries::Blob;
use self::poll::NoTime;

/// A call to be made.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The folder of the service in `models/`.
    service: String,
    /// The operation.
    operation: String,
    /// The members of the request in serde's form: names as on the wire, timestamps as text, blobs in base64.
    parameters: Value,
    /// What the client is configured with.
    settings: Settings,
    /// What the service answers.
    response: Message,
    /// For how many seconds a presigned URL is to be valid, if one is to be made instead of a call.
    #[serde(default)]
    presigned_seconds: Option<u64>,
}

/// What a client is configured with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    region: String,
    endpoint_url: Option<String>,
    #[serde(default)]
    use_fips: bool,
    #[serde(default)]
    use_dual_stack: bool,
    account_id: Option<String>,
    bearer_token: Option<String>,
    /// The names of the preferred schemes, with commas.
    #[serde(default)]
    auth_scheme_preference: Option<String>,
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    time: Timestamp,
    idempotency_token: String,
}

/// An HTTP response, written down.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    status: u16,
    headers: Vec<(String, String)>,
    #[serde(with = "attache_runtime::serde_blob")]
    body: Bytes,
}

/// An HTTP request, written down.
#[derive(Debug, Serialize)]
struct Sent {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    #[serde(with = "attache_runtime::serde_blob")]
    body: Bytes,
}

/// What came of a call.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The request that was sent; none where the client refused.
    sent: Option<Sent>,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Output(Value),
    Presigned(Presigned),
    Error(Failed),
}

/// A presigned request; `body` is the one that it signs.
#[derive(Debug, Serialize)]
struct Presigned {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<Blob>,
}

impl TryFrom<PresignedRequest> for Presigned {
    type Error = anyhow::Error;

    fn try_from(made: PresignedRequest) -> Result<Self> {
        Ok(Self {
            method: made.method().to_string(),
            url: made.url().to_owned(),
            headers: capture::texts(made.headers())?,
            body: made.body().cloned().map(Blob),
        })
    }
}

/// An error, as users of a client see it.
#[derive(Debug, Serialize)]
struct Failed {
    text: String,
    status: Option<u16>,
    code: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
    throttled: bool,
    /// The modelled error, where there is one.
    shape: Option<&'static str>,
    /// The members of the modelled error.
    members: Value,
}

impl Failed {
    fn new<S: ServiceError>(
        error: &Error<S>,
        members: impl FnOnce(&S) -> Result<(&'static str, Value)>,
    ) -> Result<Self> {
        let (shape, members) = match error.service() {
            Some(service) => {
                let (shape, members) = members(service)?;
                (Some(shape), members)
            }
            None => (None, Value::Null),
        };
        Ok(Self {
            text: format!("{error:#}"),
            status: error.status(),
            code: error.code().map(str::to_owned),
            message: error.message().map(str::to_owned),
            request_id: error.request_id().map(str::to_owned),
            throttled: error.is_throttled(),
            shape,
            members,
        })
    }
}

/// The idempotency token of the question, again and again.
#[derive(Debug)]
struct FixedToken(String);

impl TokenSource for FixedToken {
    fn token(&self) -> String {
        self.0.clone()
    }
}

/// Answers questions, one JSON document a line, from standard input to standard output.
///
/// # Errors
/// As [`answer`], with the number of the line.
pub fn converse() -> Result<()> {
    let mut output = std::io::stdout().lock();
    for (number, question) in std::io::stdin().lock().lines().enumerate() {
        let answer = answer(&question?).with_context(|| format!("line {}", number + 1))?;
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}

/// Answers one question, written as JSON.
///
/// # Errors
/// A question that cannot be understood: an unknown operation, parameters that its request type cannot hold.
pub fn answer(question: &str) -> Result<String> {
    let Question {
        service,
        operation,
        parameters,
        settings,
        response,
        presigned_seconds,
    } = serde_json::from_str(question).context("no question")?;
    let Some(entry) = table::service(&service)
        .with_context(|| format!("no service `{service}`"))?
        .operations
        .iter()
        .find(|entry| entry.operation.name == operation)
    else {
        bail!("no operation `{operation}` of {service}");
    };
    let capture = Capture::new(response);
    let config = configure(settings, &capture)?;
    let presigned = presigned_seconds.map(Duration::from_secs);
    let outcome = (entry.call)(&config, parameters, presigned)
        .with_context(|| format!("{service}, {operation}"))?;
    let answer = Answer {
        sent: capture.sent(),
        outcome,
    };
    Ok(serde_json::to_string(&answer)?)
}

fn configure(settings: Settings, capture: &Capture) -> Result<Config> {
    let mut credentials = Credentials::new(settings.access_key_id, settings.secret_access_key);
    if let Some(token) = settings.session_token {
        credentials = credentials.session_token(token);
    }
    if let Some(account) = settings.account_id {
        credentials = credentials.account_id(account);
    }
    let mut builder = Config::builder()
        .region(settings.region)
        .use_fips(settings.use_fips)
        .use_dual_stack(settings.use_dual_stack)
        .credentials(credentials)
        .time_source(settings.time)
        .timer(NoTime)
        .token_source(FixedToken(settings.idempotency_token))
        // What is compared is one exchange, and what botocore sends although the documentation says otherwise, too.
        .max_attempts(1)
        .validation(Level::Off)
        .transport(capture.clone());
    if let Some(url) = settings.endpoint_url {
        builder = builder.endpoint_url(url);
    }
    if let Some(names) = settings.auth_scheme_preference {
        builder = builder.auth_scheme_preference(names.split(','));
    }
    if let Some(token) = settings.bearer_token {
        builder = builder.bearer_token(BearerToken::new(token));
    }
    Ok(builder.build()?)
}
