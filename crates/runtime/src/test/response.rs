//! A response being written: what generated code calls to make the bytes that its decoding reads.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::body::{Body, ByteStream};
use crate::error::Error;
#[cfg(feature = "event-stream")]
use crate::event_stream::{EventStream, EventWriter, Exception, Message, ReadEvent, WriteEvent};
use crate::operation::Request;
#[cfg(feature = "cbor")]
use crate::plumbing::cbor;
use crate::plumbing::json::Writer;
use crate::plumbing::operation::Modelled;
#[cfg(feature = "cbor")]
use crate::plumbing::operation::Protocol;
#[cfg(feature = "xml-write")]
use crate::plumbing::xml::{self, ErrorEnvelope};

/// The header with the shape of an error.
const ERROR_TYPE: &str = "x-amzn-errortype";

/// A request whose responses can be written, so that a [`Mock`](super::Mock) can give them.
///
/// The requests of a client crate implement it with the feature `test-util` of that crate.
#[diagnostic::on_unimplemented(
    message = "a mock cannot respond to `{Self}`",
    note = "switch on the feature `test-util` of the client crate, in `[dev-dependencies]`",
    note = "a crate has this feature if `models/attache.toml` has `test-util = true` for its service"
)]
pub trait Respond: Request + Send + Sync + 'static {
    /// Writes a response.
    #[doc(hidden)]
    fn write_response(response: Self::Response) -> ResponseWriter;

    /// Writes a modelled error.
    #[doc(hidden)]
    fn write_error(error: &Self::ServiceError) -> ResponseWriter;
}

/// A response that is being written.
#[derive(Debug)]
pub struct ResponseWriter {
    status: u16,
    headers: HeaderMap,
    body: Body,
    /// The form and the code of an error in XML.
    #[cfg(feature = "xml-write")]
    error: Option<(ErrorEnvelope, &'static str)>,
}

impl ResponseWriter {
    /// A response without a body.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Body::empty(),
            #[cfg(feature = "xml-write")]
            error: None,
        }
    }

    /// A response with the shape of an error in its header and no members yet. XML and CBOR have it beside the members.
    pub fn error(modelled: Option<Modelled<'_>>) -> Self {
        let Some(modelled) = modelled else {
            return Self::new(400);
        };
        let mut writer = Self::new(modelled.status);
        #[cfg(feature = "xml-write")]
        if let Some(envelope) = ErrorEnvelope::of(modelled.service) {
            writer.error = Some((envelope, modelled.query_code.unwrap_or(modelled.shape)));
            writer.xml_error(|_| ());
            return writer;
        }
        writer.header(ERROR_TYPE, modelled.shape);
        if let Some(code) = modelled.query_code {
            writer.header("x-amzn-query-error", &format!("{code};Sender"));
        }
        writer
    }

    /// Sets the status.
    ///
    /// # Panics
    /// If it is no status of HTTP: 100 to 999.
    #[track_caller]
    pub fn status(&mut self, status: i32) {
        let status = u16::try_from(status).ok();
        let status = status.filter(|status| (100..1000).contains(status));
        self.status = status.expect("a mocked response has a status of 100 to 999");
    }

    /// Sets a header.
    ///
    /// # Panics
    /// If the name or the value cannot be those of a header.
    #[track_caller]
    pub fn header(&mut self, name: &str, value: &str) {
        let name = HeaderName::from_bytes(name.as_bytes());
        let name = name.expect("a mocked response has a name of a header that HTTP permits");
        let value = HeaderValue::from_bytes(value.as_bytes());
        let value = value.expect("a mocked response has headers without control characters");
        self.headers.insert(name, value);
    }

    /// Sets the body to what is written.
    pub fn json(&mut self, write: impl FnOnce(&mut Writer)) {
        let mut writer = Writer::with_capacity(256);
        write(&mut writer);
        self.body = Body::Bytes(writer.into_bytes().into());
    }

    /// Sets the body to CBOR that is written.
    #[cfg(feature = "cbor")]
    pub fn cbor(&mut self, write: impl FnOnce(&mut cbor::Writer)) {
        let mut writer = cbor::Writer::with_capacity(256);
        write(&mut writer);
        self.body = Body::Bytes(writer.into_bytes().into());
    }

    /// Sets the body to an error of this shape in CBOR, with the members that are written. A server names the shape in the
    /// body (Smithy 2.0, "Smithy RPC v2 CBOR protocol", section "Operation error serialization").
    #[cfg(feature = "cbor")]
    pub fn cbor_error(&mut self, shape: &str, write: impl FnOnce(&mut cbor::Writer)) {
        self.headers.remove(ERROR_TYPE);
        self.cbor(|writer| {
            writer.begin_object();
            writer.key("__type");
            writer.string(shape);
            write(writer);
            writer.end_object();
        });
    }

    /// Sets the body to what is written.
    #[cfg(feature = "xml-write")]
    pub fn xml(&mut self, write: impl FnOnce(&mut xml::Writer)) {
        let mut writer = xml::Writer::with_capacity(256);
        write(&mut writer);
        self.body = Body::Bytes(writer.into_text().into());
    }

    /// Sets the body to an error with the members that are written.
    #[cfg(feature = "xml-write")]
    pub fn xml_error(&mut self, write: impl FnOnce(&mut xml::Writer)) {
        if let Some((envelope, code)) = self.error {
            self.xml(|writer| envelope.write(writer, code, "Sender", write));
        }
    }

    /// Sets the body.
    pub fn bytes(&mut self, body: impl Into<Bytes>) {
        self.body = Body::Bytes(body.into());
    }

    /// Sets the body to a stream.
    pub fn stream(&mut self, body: ByteStream) {
        self.body = match body.in_memory() {
            Some(bytes) => Body::Bytes(bytes.clone()),
            None => Body::Stream(body),
        };
    }

    /// Sets the body to the messages of events. What was the body becomes the first message.
    ///
    /// # Panics
    /// If the events are not in memory: they could be given once only. If one cannot be written, or the stream ends with
    /// an error that is not one of the service.
    #[cfg(feature = "event-stream")]
    #[track_caller]
    pub fn events<E, S>(&mut self, events: EventStream<E, S>, write_error: fn(&S) -> Self)
    where
        E: WriteEvent + ReadEvent,
    {
        let mut messages = Vec::new();
        if let Body::Bytes(bytes) = &self.body
            && !bytes.is_empty()
        {
            let mut writer = EventWriter::default();
            writer.event("initial-response");
            let mut first = writer.into_message();
            first.payload = bytes.clone();
            messages.push(first);
        }
        let events = events.into_memory();
        let events =
            events.expect("a mocked response holds events in memory: `EventStream::from_events`");
        for event in events {
            messages.push(match event {
                Ok(event) => {
                    let mut writer = EventWriter::default();
                    let written = event.write_event(&mut writer);
                    written.expect("a mocked event can be written");
                    writer.into_message()
                }
                Err(error) => error_message(&error, E::EXCEPTIONS, write_error),
            });
        }
        let mut body = Vec::new();
        for message in messages {
            let bytes = message.encode();
            body.extend_from_slice(&bytes.expect("a mocked event is not too long"));
        }
        self.body = Body::Bytes(body.into());
    }

    /// Takes over what an error says beyond its model: status, request id, pause.
    fn adjust<S>(&mut self, error: &Error<S>) {
        if let Some(status) = error.status() {
            self.status = status;
        }
        if let Some(response) = error.response() {
            self.headers.extend(response.headers().clone());
        }
    }

    /// # Panics
    /// If the body is a stream that is not in memory: it could be given once only.
    #[track_caller]
    fn finish(self) -> http::Response<Bytes> {
        let Body::Bytes(body) = self.body else {
            panic!("a mocked response holds a stream in memory: `ByteStream::from(bytes)`");
        };
        let mut response = http::Response::new(body);
        *response.headers_mut() = self.headers;
        let status = http::StatusCode::from_u16(self.status);
        *response.status_mut() = status.expect("a mocked response has a status of 100 to 999");
        response
    }
}

/// The message of an error that ends a stream of events.
#[cfg(feature = "event-stream")]
#[track_caller]
fn error_message<S>(
    error: &Error<S>,
    known: &[Exception],
    write_error: fn(&S) -> ResponseWriter,
) -> Message {
    let code = error.code();
    let code = code.expect("a mocked stream ends with an error of the service, which has a code");
    let exception = known.iter().find(|exception| exception.shape == code);
    let mut writer = EventWriter::default();
    if let (Some(service), Some(exception)) = (error.service(), exception) {
        writer.exception(exception.name);
        let mut message = writer.into_message();
        if let Body::Bytes(bytes) = write_error(service).body {
            message.payload = bytes;
        }
        return message;
    }
    writer.text(":message-type", "error");
    writer.text(":error-code", code);
    writer.text(":error-message", error.message().unwrap_or_default());
    writer.into_message()
}

/// The HTTP response of a successful call.
#[track_caller]
pub(super) fn success<R: Respond>(response: R::Response) -> http::Response<Bytes> {
    R::write_response(response).finish()
}

/// The HTTP response of an error of the service.
#[track_caller]
pub(super) fn failure<R: Respond>(error: &Error<R::ServiceError>) -> http::Response<Bytes> {
    let mut writer = match error.service() {
        Some(service) => R::write_error(service),
        None => {
            let mut writer = ResponseWriter::new(400);
            let message = error.message().unwrap_or_default();
            #[cfg(feature = "xml-write")]
            if let Some(envelope) = ErrorEnvelope::of(R::OPERATION.service) {
                let code = error.code().unwrap_or_default();
                writer.xml(|writer| {
                    envelope.write(writer, code, "Sender", |writer| {
                        writer.begin("Message");
                        writer.string(message);
                        writer.end("Message");
                    });
                });
                writer.adjust(error);
                return writer.finish();
            }
            #[cfg(feature = "cbor")]
            if R::OPERATION.service.protocol == Protocol::RpcV2Cbor {
                writer.cbor(|writer| {
                    writer.begin_object();
                    writer.key("__type");
                    writer.string(error.code().unwrap_or_default());
                    writer.key("message");
                    writer.string(message);
                    writer.end_object();
                });
                writer.adjust(error);
                return writer.finish();
            }
            if let Some(code) = error.code() {
                writer.header(ERROR_TYPE, code);
            }
            writer.json(|writer| {
                writer.begin_object();
                writer.key("message");
                writer.string(message);
                writer.end_object();
            });
            writer
        }
    };
    writer.adjust(error);
    writer.finish()
}
