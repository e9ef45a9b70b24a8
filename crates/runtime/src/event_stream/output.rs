//! The events of a response, as users read them.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::failures::failure_of;
use super::frame::{HeaderValue, Message};
use super::incoming::{Incoming, is_initial_response};
use super::received::EventReader;
use crate::body::Body;
use crate::error::{Error, ErrorKind, Failure};
use crate::error_code;
use crate::operation::ServiceError;
use crate::plumbing::message::{DecodeError, HttpResponse};
use crate::plumbing::operation::Operation;

/// An exception of a stream: what the model says about it.
#[derive(Clone, Copy, Debug)]
pub struct Exception {
    /// Its name in the stream.
    pub name: &'static str,
    /// The name of its shape.
    pub shape: &'static str,
    /// The status that it has as a response.
    pub status: u16,
}

/// An event that can be received. Generated enums of events implement it.
pub trait ReadEvent: Sized + Send + 'static {
    /// The exceptions that end the stream.
    #[doc(hidden)]
    const EXCEPTIONS: &'static [Exception] = &[];

    /// Reads the event of this name.
    ///
    /// # Errors
    /// A header or a payload that is not of the type that the model says.
    #[doc(hidden)]
    fn read_event(name: &str, event: &EventReader) -> Result<Self, DecodeError>;
}

/// The events of a response, in their order.
///
/// It ends after an error and after the last event. Dropping it ends the exchange. The page of
/// [its module](crate::event_stream) says what is defined beyond that.
///
/// ```
/// # use attache_runtime::operation::ServiceError;
/// # use attache_runtime::event_stream::{EventStream, ReadEvent};
/// # async fn example<E: ReadEvent + std::fmt::Debug, S: ServiceError>(
/// #     mut events: EventStream<E, S>,
/// # ) -> Result<(), attache_runtime::Error<S>> {
/// while let Some(event) = events.next().await {
///     println!("{:?}", event?);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "events are received while it is polled"]
pub struct EventStream<E, S>(Inner<E, S>);

enum Inner<E, S> {
    Memory(VecDeque<Result<E, Error<S>>>),
    Network(Box<Network>),
}

/// A stream of the network.
struct Network {
    incoming: Incoming,
    facts: Facts,
}

/// What every error of a stream says.
struct Facts {
    operation: &'static Operation,
    status: u16,
    attempts: u32,
    request_id: Option<String>,
    value_limit: u64,
}

impl<E, S> EventStream<E, S> {
    /// A stream of these events, for tests of code that reads one.
    pub fn from_events(events: impl IntoIterator<Item = Result<E, Error<S>>>) -> Self {
        Self(Inner::Memory(events.into_iter().collect()))
    }

    /// The events of a response.
    #[doc(hidden)]
    pub fn of_response(response: HttpResponse, operation: &'static Operation) -> Self {
        let facts = Facts {
            operation,
            status: response.status(),
            attempts: response.attempts,
            request_id: error_code::request_id(operation.service, &response),
            value_limit: response.value_limit,
        };
        let HttpResponse {
            body,
            events,
            input,
            ..
        } = response;
        let incoming = events.unwrap_or_else(|| {
            let body = match body {
                Body::Bytes(bytes) => bytes.into(),
                Body::Stream(stream) => stream,
            };
            Incoming::new(body, input)
        });
        Self(Inner::Network(Box::new(Network { incoming, facts })))
    }

    /// The events that are in memory.
    #[cfg(feature = "test-util")]
    pub(crate) fn into_memory(self) -> Option<VecDeque<Result<E, Error<S>>>> {
        match self.0 {
            Inner::Memory(events) => Some(events),
            Inner::Network(_) => None,
        }
    }
}

impl<E: ReadEvent, S: ServiceError> EventStream<E, S> {
    /// The next event; `None` at the end.
    ///
    /// Dropping the future loses nothing: the next call continues with the same event.
    ///
    /// # Errors
    /// An exception of the service, a message that cannot be read, a broken connection, and a stall.
    pub async fn next(&mut self) -> Option<Result<E, Error<S>>> {
        poll_fn(|context| self.poll_event(context)).await
    }

    /// The same events, as a blocking iterator.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> crate::pagination::Waiting<Self> {
        let operation = match &self.0 {
            Inner::Memory(_) => "",
            Inner::Network(network) => network.facts.operation.name,
        };
        crate::pagination::Waiting::new(self, operation)
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<E, Error<S>>>> {
        let network = match &mut self.0 {
            Inner::Memory(events) => return Poll::Ready(events.pop_front()),
            Inner::Network(network) => network,
        };
        loop {
            let Some(message) = ready!(network.incoming.poll_message(context)) else {
                self.0 = Inner::Memory(VecDeque::new());
                return Poll::Ready(None);
            };
            let event = match message {
                Ok(message) if is_initial_response(&message) => continue,
                Ok(message) => network.facts.event(message),
                Err(error) => Err(network.facts.failed(failure_of(error))),
            };
            return Poll::Ready(Some(event.map_err(|failure| {
                self.0 = Inner::Memory(VecDeque::new());
                failure.into()
            })));
        }
    }
}

impl Facts {
    /// Reads a message.
    fn event<E: ReadEvent>(&self, message: Message) -> Result<E, Failure> {
        match self.text(&message, ":message-type")? {
            "event" => {
                let name = self.text(&message, ":event-type")?.to_owned();
                let event = EventReader::new(message, self.status, self.value_limit);
                E::read_event(&name, &event).map_err(|error| self.undecodable(error))
            }
            "exception" => {
                let name = self.text(&message, ":exception-type")?.to_owned();
                Err(self.exception(&name, E::EXCEPTIONS, message))
            }
            "error" => Err(self.error(&message)),
            _ => Err(self.undecodable(DecodeError::new(
                "the `:message-type` of a message is none of `event`, `exception` and `error`",
            ))),
        }
    }

    /// A header that every message has.
    fn text<'m>(&self, message: &'m Message, name: &str) -> Result<&'m str, Failure> {
        match message.header(name) {
            Some(HeaderValue::String(text)) => Ok(text),
            Some(_) => Err(self.undecodable(DecodeError::new(format!(
                "the header `{name}` of a message is not a text"
            )))),
            None => Err(self.undecodable(DecodeError::new(format!(
                "a message has no header `{name}`"
            )))),
        }
    }

    /// An exception, which is read as an error response of its shape.
    fn exception(&self, name: &str, known: &[Exception], message: Message) -> Failure {
        let known = known.iter().find(|exception| exception.name == name);
        let shape = known.map_or(name, |exception| exception.shape);
        let status = known.map_or(400, |exception| exception.status);
        let event = EventReader::new(message, status, self.value_limit);
        let failure =
            error_code::of_event(self.operation.service, event.into_response(), (shape, None));
        self.failed(failure)
    }

    /// An error that the model does not name.
    fn error(&self, message: &Message) -> Failure {
        let text = |name: &str| match message.header(name) {
            Some(HeaderValue::String(text)) => Some(text.clone()),
            _ => None,
        };
        let code = text(":error-code").unwrap_or_default();
        let response = HttpResponse::new(400, http::HeaderMap::new(), "");
        let shown = text(":error-message").unwrap_or_default();
        let failure = error_code::of_event(self.operation.service, response, (&code, Some(shown)));
        self.failed(failure)
    }

    fn undecodable(&self, error: DecodeError) -> Failure {
        self.failed(Failure::new(ErrorKind::Decode, error))
    }

    fn failed(&self, failure: Failure) -> Failure {
        let status = failure.status().unwrap_or(self.status);
        failure
            .with_head(status, self.request_id.clone())
            .during(self.operation.name, self.attempts)
            .with_effect(!self.operation.read_only)
    }
}

impl<E: ReadEvent, S: ServiceError> Stream for EventStream<E, S> {
    type Item = Result<E, Error<S>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_event(context)
    }
}

/// Nothing in it is pinned.
impl<E, S> Unpin for EventStream<E, S> {}

/// A stream without events.
impl<E, S> Default for EventStream<E, S> {
    fn default() -> Self {
        Self(Inner::Memory(VecDeque::new()))
    }
}

/// Two streams are equal when both are in memory and hold the same events, and no errors. Others cannot be compared.
impl<E: PartialEq, S> PartialEq for EventStream<E, S> {
    fn eq(&self, other: &Self) -> bool {
        let (Inner::Memory(one), Inner::Memory(two)) = (&self.0, &other.0) else {
            return false;
        };
        let mut pairs = one.iter().zip(two);
        one.len() == two.len() && pairs.all(|pair| matches!(pair, (Ok(one), Ok(two)) if one == two))
    }
}

impl<E, S> fmt::Debug for EventStream<E, S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Memory(events) => write!(formatter, "EventStream({} in memory)", events.len()),
            Inner::Network(_) => formatter.write_str("EventStream(..)"),
        }
    }
}
