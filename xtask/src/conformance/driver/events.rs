//! Exchanges with events: what was sent is compared as messages, and what is received as values.

use std::fmt::Debug;

use attache_runtime::event_stream::{EventStream, FrameReader, HeaderValue, Message, ReadEvent};
use attache_runtime::operation::ServiceError;
use attache_runtime::plumbing::json;
use attache_runtime::{Call, Config, Document, Error};

use super::comparison::{Same, different};
use super::outcome::Outcome;
use super::poll::run;
use super::transport::{Answer, Wire};
use super::{configure, describe};

/// What a case wants to be sent.
pub struct Sending {
    /// The messages, without signatures.
    pub messages: &'static [u8],
    /// Whether the request around them is judged.
    pub has_request: bool,
}

/// Calls, checks what was sent, and then the result of the call.
pub fn exchange<T, S: ServiceError>(
    endpoint: &str,
    answer: Answer,
    wanted: Sending,
    call: impl FnOnce(&Config) -> Call<T, S>,
    check: impl FnOnce(Result<T, Error<S>>) -> Outcome,
) -> Outcome {
    let wire = Wire::new(answer);
    let result = run(call(&configure(endpoint, &wire)));
    let Some(sent) = wire.sent() else {
        return match result {
            Ok(_) => Outcome::Failed("nothing was sent".to_owned()),
            Err(error) => Outcome::Failed(format!("nothing was sent: {}", describe(&error))),
        };
    };
    if let Some(outcome) = compare_messages(wanted.messages, &sent.body) {
        return outcome;
    }
    match check(result) {
        Outcome::Same if wanted.has_request => Outcome::Sent(sent),
        outcome => outcome,
    }
}

/// Reads events to their end, or to an error.
pub fn events<E: ReadEvent + Same + Debug, S: ServiceError>(
    mut came: EventStream<E, S>,
    wanted: Vec<E>,
) -> Result<Outcome, Error<S>> {
    for wanted in wanted {
        match run(came.next()) {
            Some(Ok(event)) if wanted.same(&event) => {}
            Some(Ok(event)) => return Ok(different(&wanted, &event)),
            Some(Err(error)) => return Err(error),
            None => return Ok(different(&wanted, &"the end of the stream")),
        }
    }
    match run(came.next()) {
        None => Ok(Outcome::Same),
        Some(Ok(event)) => Ok(different(&"the end of the stream", &event)),
        Some(Err(error)) => Err(error),
    }
}

/// The outcome of a case that expects no error.
pub fn succeeded<S: ServiceError>(result: Result<Outcome, Error<S>>) -> Outcome {
    result.unwrap_or_else(|error| Outcome::Failed(format!("it failed: {}", describe(&error))))
}

/// `None` if the messages are the same.
fn compare_messages(wanted: &[u8], sent: &[u8]) -> Option<Outcome> {
    let wanted = match messages(wanted) {
        Ok(wanted) => wanted,
        Err(problem) => return Some(Outcome::Failed(format!("the case: {problem}"))),
    };
    if wanted.is_empty() {
        return None;
    }
    let came = match messages(sent).and_then(unsigned) {
        Ok(came) => came,
        Err(problem) => return Some(Outcome::Failed(format!("what was sent: {problem}"))),
    };
    let is_same = wanted.len() == came.len()
        && wanted.iter().zip(&came).all(|(one, two)| is_same(one, two));
    (!is_same).then(|| different(&wanted, &came))
}

fn messages(bytes: &[u8]) -> Result<Vec<Message>, String> {
    let mut reader = FrameReader::default();
    reader.push(bytes);
    let mut messages = Vec::new();
    while let Some(message) = reader.next_message().map_err(|error| error.to_string())? {
        messages.push(message);
    }
    reader.finish().map_err(|error| error.to_string())?;
    Ok(messages)
}

/// The messages inside of signed ones, the last of which must be empty.
fn unsigned(mut signed: Vec<Message>) -> Result<Vec<Message>, String> {
    let is_signed = |message: &Message| {
        matches!(message.header(":date"), Some(HeaderValue::Timestamp(_)))
            && matches!(message.header(":chunk-signature"), Some(HeaderValue::Blob(it)) if it.len() == 32)
    };
    if !signed.iter().all(is_signed) {
        return Err("a message is not signed".to_owned());
    }
    match signed.pop() {
        Some(last) if last.payload.is_empty() => {}
        _ => return Err("no empty message ends the stream".to_owned()),
    }
    let inner = signed.iter().map(|message| messages(&message.payload));
    Ok(inner.collect::<Result<Vec<_>, _>>()?.concat())
}

/// The order of headers has no meaning, and neither has the form of JSON.
fn is_same(one: &Message, two: &Message) -> bool {
    let sorted = |message: &Message| {
        let mut headers = message.headers.clone();
        headers.sort_by(|one, two| one.0.cmp(&two.0));
        headers
    };
    let json = |message: &Message| -> Option<Document> {
        json::Reader::new(&message.payload).ok()?.document().ok()
    };
    let is_json = matches!(one.header(":content-type"), Some(HeaderValue::String(it)) if it.ends_with("json"));
    sorted(one) == sorted(two)
        && (one.payload == two.payload || (is_json && json(one) == json(two)))
}
