//! The events of a request on their way: validated, written, signed, and passed to the transport as a body.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};

use super::control::InputControl;
use super::frame::Message;
use super::signed::{Chain, Clock};
use crate::body::{BoxError, ByteStream};
use crate::error::{ErrorKind, Failure};
use crate::validation::Level;

/// A source of messages.
pub(super) trait Source: Send + Sync {
    /// The next message, after it was validated at this level.
    fn poll_message(
        &mut self,
        context: &mut Context<'_>,
        level: Level,
    ) -> Poll<Option<Result<Message, Failure>>>;
}

/// The events of a request.
pub(crate) struct Outgoing {
    source: Box<dyn Source>,
    /// The message with the other members of the request, in protocols without HTTP bindings.
    pub(super) initial: Option<Message>,
    pub(crate) level: Level,
    /// The clock of the signatures.
    pub(super) clock: Option<Clock>,
    /// The signatures, if there are any.
    pub(super) chain: Option<Chain>,
    pub(crate) control: InputControl,
}

impl Outgoing {
    pub(super) fn new(source: Box<dyn Source>) -> Self {
        Self {
            source,
            initial: None,
            level: Level::default(),
            clock: None,
            chain: None,
            control: InputControl::default(),
        }
    }

    /// The body.
    pub(super) fn into_body(self) -> ByteStream {
        let is_signed = self.chain.is_some();
        ByteStream::new(EventBody(Sending {
            source: Some(self.source),
            level: self.level,
            initial: self.initial,
            chain: self.chain,
            end_is_due: is_signed,
            control: self.control,
        }))
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Outgoing(..)")
    }
}

/// The body of a request.
struct EventBody(Sending);

struct Sending {
    /// It is dropped when it has ended.
    source: Option<Box<dyn Source>>,
    level: Level,
    initial: Option<Message>,
    chain: Option<Chain>,
    /// Whether the message that ends a signed stream must still be sent.
    end_is_due: bool,
    control: InputControl,
}

impl Sending {
    fn poll_bytes(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxError>>> {
        if self.source.is_some() && self.control.is_closed(context) {
            self.source = None;
            self.end_is_due = false;
            let ended = "the response has ended, so no more events are sent";
            return Poll::Ready(Some(Err(ended.into())));
        }
        let message = match self.initial.take() {
            Some(initial) => Some(Ok(initial)),
            None => match &mut self.source {
                Some(source) => ready!(source.poll_message(context, self.level)),
                None => None,
            },
        };
        let bytes = match message {
            Some(message) => message.and_then(|message| self.bytes(&message)),
            None => {
                self.source = None;
                if !std::mem::take(&mut self.end_is_due) {
                    return Poll::Ready(None);
                }
                self.signed(Bytes::new())
            }
        };
        Poll::Ready(Some(bytes.map_err(|failure| {
            self.source = None;
            self.end_is_due = false;
            let text = format!("{failure:#}");
            self.control.fail(failure.into());
            text.into()
        })))
    }

    fn bytes(&mut self, message: &Message) -> Result<Bytes, Failure> {
        let bytes = message
            .encode()
            .map_err(|error| Failure::new(ErrorKind::Request, error))?;
        self.signed(bytes)
    }

    fn signed(&mut self, bytes: Bytes) -> Result<Bytes, Failure> {
        match &mut self.chain {
            Some(chain) => chain
                .sign(bytes)
                .map_err(|error| Failure::new(ErrorKind::Request, error)),
            None => Ok(bytes),
        }
    }
}

impl HttpBody for EventBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.0
            .poll_bytes(context)
            .map(|bytes| bytes.map(|bytes| bytes.map(Frame::data)))
    }
}
