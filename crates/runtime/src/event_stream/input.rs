//! The events of a request, as users make them.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use futures_core::Stream;
use http::header::CONTENT_TYPE;

use super::frame::{HeaderValue, Message};
use super::outgoing::{Outgoing, Source};
use super::writer::EventWriter;
use crate::body::Body;
use crate::error::Failure;
use crate::plumbing::message::{EncodeError, HttpRequest};
use crate::validation::{Level, Violations};

/// An event that can be sent. Generated enums of events implement it.
pub trait WriteEvent: Send + 'static {
    /// Writes the event.
    ///
    /// # Errors
    /// A value that cannot be sent at all.
    #[doc(hidden)]
    fn write_event(&self, writer: &mut EventWriter) -> Result<(), EncodeError>;

    /// Checks the event against the constraints that the service documents.
    ///
    /// # Errors
    /// All violations, each with its path.
    #[doc(hidden)]
    fn validate_event(&self, _level: Level) -> Result<(), Violations> {
        Ok(())
    }
}

/// The events of a request: any stream of them.
///
/// ```
/// use attache_runtime::event_stream::{EventInput, WriteEvent};
///
/// fn in_memory<E: WriteEvent>(events: Vec<E>) -> EventInput<E> {
///     EventInput::from_events(events)
/// }
/// ```
///
/// The stream is polled while the request is sent, on a thread of the transport, and dropped with the exchange. The
/// request ends when the stream ends. Events that depend on responses come from a channel whose receiver is a stream.
/// It is `Sync` because only its owner can access the stream.
pub struct EventInput<E>(Mutex<Pin<Box<dyn Stream<Item = E> + Send>>>);

impl<E> EventInput<E> {
    /// The events of a stream.
    pub fn new(stream: impl Stream<Item = E> + Send + 'static) -> Self {
        Self(Mutex::new(Box::pin(stream)))
    }

    /// The events of an iterator, such as a list. Its `next` must not block, because it runs on the thread that drives the
    /// connections of the transport.
    pub fn from_events<I>(events: I) -> Self
    where
        E: Send,
        I: IntoIterator<Item = E>,
        I::IntoIter: Send + 'static,
    {
        Self::new(FromIterator(events.into_iter()))
    }
}

impl<E, S: Stream<Item = E> + Send + 'static> From<S> for EventInput<E> {
    fn from(stream: S) -> Self {
        Self::new(stream)
    }
}

/// No events.
impl<E: 'static> Default for EventInput<E> {
    fn default() -> Self {
        Self::new(FromIterator(NoEvents(PhantomData)))
    }
}

struct NoEvents<E>(PhantomData<fn() -> E>);

impl<E> Iterator for NoEvents<E> {
    type Item = E;

    fn next(&mut self) -> Option<E> {
        None
    }
}

impl<E> fmt::Debug for EventInput<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("EventInput(..)")
    }
}

/// Two streams of events cannot be compared, so they are not equal.
impl<E> PartialEq for EventInput<E> {
    fn eq(&self, _other: &Self) -> bool {
        false
    }
}

/// An iterator as a stream that is always ready.
struct FromIterator<I>(I);

impl<I: Iterator> Stream for FromIterator<I>
where
    FromIterator<I>: Unpin,
{
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<I::Item>> {
        Poll::Ready(self.0.next())
    }
}

/// It is never pinned to its place.
impl<I> Unpin for FromIterator<I> {}

impl<E: WriteEvent> Source for EventInput<E> {
    fn poll_message(
        &mut self,
        context: &mut Context<'_>,
        level: Level,
    ) -> Poll<Option<Result<Message, Failure>>> {
        let stream = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        stream.as_mut().poll_next(context).map(|event| {
            event.map(|event| {
                event.validate_event(level)?;
                let mut writer = EventWriter::default();
                event.write_event(&mut writer)?;
                Ok(writer.into_message())
            })
        })
    }
}

impl HttpRequest {
    /// Says that the response has events, in the protocol that says so (Smithy specification, "Smithy RPC v2 CBOR
    /// protocol", "Requests").
    pub fn accepts_events(&mut self) {
        let value = http::HeaderValue::from_static(super::CONTENT_TYPE);
        self.headers.insert(http::header::ACCEPT, value);
    }

    /// Sets the body to events. Without a stream, there are none.
    pub fn events<E: WriteEvent>(&mut self, input: Option<EventInput<E>>) {
        self.headers.remove(CONTENT_TYPE);
        self.content_type(super::CONTENT_TYPE);
        self.body = Body::empty();
        self.events = Some(Outgoing::new(Box::new(input.unwrap_or_default())));
    }

    /// The same in protocols without HTTP bindings, where the other members, which are the body now, become the first
    /// message.
    pub fn rpc_events<E: WriteEvent>(&mut self, input: Option<EventInput<E>>) {
        let content_type = self.headers.get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        let content_type = match content_type {
            Some(content_type) if !content_type.starts_with("application/x-amz-json") => {
                content_type
            }
            _ => "application/json",
        };
        let text = |text: &str| HeaderValue::String(text.to_owned());
        let mut initial = Message::default()
            .with(":message-type", text("event"))
            .with(":event-type", text("initial-request"))
            .with(":content-type", text(content_type));
        if let Body::Bytes(bytes) = &self.body {
            initial.payload = bytes.clone();
        }
        self.events(input);
        if let Some(events) = &mut self.events {
            events.initial = Some(initial);
        }
    }
}
