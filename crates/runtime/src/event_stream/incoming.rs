//! The messages of a response.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::Body as HttpBody;

use super::control::InputGuard;
use super::frame::{HeaderValue, Message};
use super::reader::FrameReader;
use crate::body::{BoxError, ByteStream};

/// The messages of a response. When it is dropped, the exchange ends.
pub(crate) struct Incoming {
    /// `None` after its end.
    body: Option<ByteStream>,
    reader: FrameReader,
    /// A message that was read already.
    first: Option<Message>,
    input: Option<InputGuard>,
}

impl Incoming {
    pub(crate) fn new(body: ByteStream, input: Option<InputGuard>) -> Self {
        Self {
            body: Some(body),
            reader: FrameReader::default(),
            first: None,
            input,
        }
    }

    /// The next message.
    ///
    /// # Errors
    /// A message that cannot be read, and a failure of either direction.
    pub(super) fn poll_message(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Message, BoxError>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        loop {
            match self.reader.next_message() {
                Ok(Some(message)) => return Poll::Ready(Some(Ok(message))),
                Ok(None) => {}
                Err(error) => return self.failed(error.into()),
            }
            let Some(body) = &mut self.body else {
                return Poll::Ready(None);
            };
            match ready!(Pin::new(body).poll_frame(context)) {
                Some(Ok(frame)) => {
                    if let Ok(piece) = frame.into_data() {
                        self.reader.push(&piece);
                    }
                }
                Some(Err(error)) => return self.failed(error),
                None => {
                    self.body = None;
                    if let Err(error) = self.reader.finish() {
                        return self.failed(error.into());
                    }
                    let of_input = self.of_input();
                    return Poll::Ready(of_input.map(Err));
                }
            }
        }
    }

    /// Ends the exchange. The failure of the request is the cause of the others.
    fn failed(&mut self, failure: BoxError) -> Poll<Option<Result<Message, BoxError>>> {
        let failure = self.of_input().unwrap_or(failure);
        self.body = None;
        self.reader = FrameReader::default();
        self.input = None;
        Poll::Ready(Some(Err(failure)))
    }

    fn of_input(&self) -> Option<BoxError> {
        self.input.as_ref()?.0.take_failure()
    }
}

/// Waits for the first message of a response in protocols without HTTP bindings. Returns the other members of the
/// response if the message has them, and the messages that follow. Anything else is left for whoever reads the events.
///
/// # Errors
/// A message that cannot be read, and a failure of either direction.
pub(crate) async fn initial_response(
    mut incoming: Incoming,
) -> Result<(Bytes, Incoming), BoxError> {
    let first = poll_fn(|context| incoming.poll_message(context)).await;
    match first.transpose()? {
        Some(message) if is_initial_response(&message) => Ok((message.payload, incoming)),
        first => {
            incoming.first = first;
            Ok((Bytes::new(), incoming))
        }
    }
}

/// Whether a message has the members of the response that are no events.
pub(super) fn is_initial_response(message: &Message) -> bool {
    let is = |name: &str, wanted: &str| matches!(message.header(name), Some(HeaderValue::String(text)) if text == wanted);
    is(":message-type", "event") && is(":event-type", "initial-response")
}
