//! Event streams: messages that arrive one by one in a response, or are sent one by one in a request.
//!
//! A response with events has a member of the type [`EventStream`]. Its [`next`](EventStream::next) waits for an event;
//! it is a [`futures_core::Stream`], too. A request with events takes an [`EventInput`], which is made of any stream or
//! any iterator of events. Both directions run at the same time, over HTTP/2.
//!
//! # What is defined
//!
//! * **Begin.** A call ends when the head of the response has arrived. In protocols without HTTP bindings (awsJson,
//!   rpcv2Cbor), a response that has other members waits for the first message as well, which has them.
//! * **End.** The stream ends with the response. After an error it ends, too. Dropping it ends the exchange in both
//!   directions; the events of the request that were not sent yet are dropped.
//! * **Errors.** An exception in the stream is the error of the service that it would be as a response: `service()` has
//!   the modelled one. An error that the model does not name has its code and its message. A message that cannot be read
//!   is [`ErrorKind::Decode`](crate::ErrorKind::Decode), a broken connection and a stream that ends in the middle of a
//!   message are [`ErrorKind::Io`](crate::ErrorKind::Io).
//! * **Stalls.** A stream that brings no byte for [`read_timeout`](crate::ConfigBuilder::read_timeout) ends with
//!   [`ErrorKind::Timeout`](crate::ErrorKind::Timeout). Only the time in which it is polled counts. The other time limits
//!   end with the call.
//! * **Limits.** The headers of a message have at most 128 KiB, and a payload at most 24 MiB;
//!   [`value_limit`](crate::ConfigBuilder::value_limit) limits the memory of each decoded event.
//! * **Retries.** A call is retried like any other until it has ended. Nothing is retried after that. A call with events
//!   in its request is sent once.
//! * **Events that this version does not know** are not an error: they have the variant `Unknown` of the generated enum,
//!   with an [`UnknownEvent`].
//!
//! Events are validated before they are sent, at the level of the call. One that breaks a constraint ends the exchange.

mod control;
mod error;
mod failures;
mod frame;
mod incoming;
mod input;
mod limits;
mod outgoing;
mod output;
mod reader;
mod received;
mod signed;
mod signing;
mod unknown;
mod writer;

pub(crate) use self::control::{InputControl, InputGuard};
pub use self::error::FrameError;
pub(crate) use self::failures::{failure_of, of_input};
pub use self::frame::{HeaderValue, Message};
pub(crate) use self::incoming::{Incoming, initial_response};
pub use self::input::{EventInput, WriteEvent};
pub use self::limits::{MAX_HEADERS, MAX_PAYLOAD};
pub(crate) use self::outgoing::Outgoing;
pub use self::output::{EventStream, Exception, ReadEvent};
pub use self::reader::FrameReader;
pub use self::received::EventReader;
pub use self::unknown::UnknownEvent;
pub use self::writer::EventWriter;

/// The content type of a body of messages.
pub(crate) const CONTENT_TYPE: &str = "application/vnd.amazon.eventstream";
