//! Calls services over a scripted network: a case in each line of the input, what was sent in each line of the output.

use std::io::{BufRead as _, Write as _};
use std::sync::{Arc, Mutex};

use attache_runtime::http;
use attache_runtime::transport::{Transport, TransportError, TransportErrorKind};
use attache_runtime::{Body, BoxFuture, ByteStream, EndpointDiscovery, TimeSource, Timestamp};

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    /// The setting of endpoint discovery: `auto`, `true` or `false`.
    discovery: String,
    /// The length from which on bodies are compressed.
    minimum: Option<usize>,
    /// Whether nothing is compressed.
    disabled: bool,
    /// What the operation that names endpoints gets, the last one any number of times.
    searches: Vec<Answer>,
    /// What other operations get.
    calls: Vec<Answer>,
    steps: Vec<Step>,
}

#[derive(serde::Deserialize)]
struct Step {
    /// How many seconds pass before the call.
    advance: i64,
    /// The value of the member that the call sets.
    text: String,
}

#[derive(Clone, Debug, serde::Deserialize)]
struct Answer {
    /// Zero if no connection is made.
    status: u16,
    body: String,
}

#[derive(Debug, serde::Serialize)]
struct Sent {
    target: String,
    host: String,
    headers: Vec<(String, String)>,
    /// In hexadecimal digits.
    body: String,
}

#[derive(serde::Serialize)]
struct Found {
    sent: Vec<Sent>,
    outcomes: Vec<&'static str>,
}

#[derive(Debug)]
struct Script {
    searches: Vec<Answer>,
    calls: Vec<Answer>,
    sent: Vec<Sent>,
}

#[derive(Clone, Debug)]
struct Network(Arc<Mutex<Script>>);

impl Network {
    fn new(case: &Case) -> Self {
        let script = Script { searches: case.searches.clone(), calls: case.calls.clone(), sent: Vec::new() };
        Self(Arc::new(Mutex::new(script)))
    }

    fn answer(&self, sent: Sent) -> Answer {
        let mut script = self.0.lock().expect("nothing panics");
        let answers = match sent.target.ends_with(".DescribeEndpoints") {
            true => &mut script.searches,
            false => &mut script.calls,
        };
        let answer = answers[0].clone();
        if answers.len() > 1 {
            answers.remove(0);
        }
        script.sent.push(sent);
        answer
    }
}

impl Transport for Network {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let failed = |kind, text: &str| TransportError::new(kind, text.to_owned());
            let Body::Bytes(body) = body else {
                return Err(failed(TransportErrorKind::Setup, "the body is a stream"));
            };
            let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
            let answer = self.answer(Sent {
                target: head.headers.get("x-amz-target").map(text).unwrap_or_default(),
                host: head.uri.host().unwrap_or_default().to_owned(),
                headers: head.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
                body: body.iter().map(|byte| format!("{byte:02x}")).collect(),
            });
            if answer.status == 0 {
                return Err(failed(TransportErrorKind::Connect, "refused"));
            }
            let response = http::Response::builder()
                .status(answer.status)
                .header("content-type", "application/x-amz-json-1.0")
                .body(answer.body.into_bytes().into());
            response.map_err(|error| TransportError::new(TransportErrorKind::Setup, error))
        })
    }
}

#[derive(Clone, Debug)]
struct Clock(Arc<Mutex<i64>>);

impl TimeSource for Clock {
    fn now(&self) -> Timestamp {
        let now = *self.0.lock().expect("nothing panics");
        Timestamp::from_epoch_seconds(now).expect("the time is near")
    }
}

macro_rules! calls {
    ($crate_name:ident, $operation:ident, $member:ident, $case:expr) => {{
        let network = Network::new($case);
        let clock = Clock(Arc::new(Mutex::new(1_767_225_600)));
        let builder = attache_runtime::test::config(network.clone())
            .time_source(clock.clone())
            .max_attempts(3)
            .endpoint_discovery(match $case.discovery.as_str() {
                "auto" => EndpointDiscovery::Auto,
                "true" => EndpointDiscovery::Enabled,
                _ => EndpointDiscovery::Disabled,
            })
            .disable_request_compression($case.disabled);
        let builder = match $case.minimum {
            Some(minimum) => builder.request_min_compression_size_bytes(minimum),
            None => builder,
        };
        let client = $crate_name::Client::new(&builder.build()?);
        let client = client.with_validation(attache_runtime::validation::Level::Off);
        let mut outcomes = Vec::new();
        for step in &$case.steps {
            *clock.0.lock().expect("nothing panics") += step.advance;
            let outcome = client.$operation().$member(step.text.as_str()).send().wait();
            outcomes.push(if outcome.is_ok() { "ok" } else { "error" });
        }
        let sent = std::mem::take(&mut network.0.lock().expect("nothing panics").sent);
        Ok(Found { sent, outcomes })
    }};
}

fn main() -> anyhow::Result<()> {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let case: Case = serde_json::from_str(&line?)?;
        let found = chosen(&case).map_err(|error| anyhow::anyhow!("{}: {error:#}", case.name))?;
        writeln!(output, "{}", serde_json::to_string(&found)?)?;
    }
    Ok(())
}
