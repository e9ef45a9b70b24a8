//! An event being written: what generated code calls.

use bytes::Bytes;

use super::frame::{HeaderValue, Message};
use super::unknown::UnknownEvent;
use crate::plumbing::json;
use crate::timestamp::Timestamp;

/// An event that is being written.
#[derive(Debug, Default)]
pub struct EventWriter {
    message: Message,
}

impl EventWriter {
    /// Says that it is an event with this name.
    pub fn event(&mut self, name: &str) {
        self.begin("event", ":event-type", name);
    }

    /// Says that it is an exception with this name.
    pub fn exception(&mut self, name: &str) {
        self.begin("exception", ":exception-type", name);
    }

    /// Writes an event that the model lacks.
    pub fn unknown(&mut self, event: &UnknownEvent) {
        self.event(&event.name);
        if let Some(content_type) = &event.content_type {
            self.text(":content-type", content_type);
        }
        self.message.payload = event.payload.clone();
    }

    fn begin(&mut self, kind: &str, header: &str, name: &str) {
        self.text(":message-type", kind);
        self.text(header, name);
    }

    /// Sets a header that is a text.
    pub fn text(&mut self, name: &str, value: &str) {
        self.header(name, HeaderValue::String(value.to_owned()));
    }

    /// Sets a header.
    pub fn header(&mut self, name: &str, value: HeaderValue) {
        self.message.headers.push((name.to_owned(), value));
    }

    /// Sets a header that is a time. What is less than a millisecond is cut off.
    pub fn timestamp(&mut self, name: &str, time: Timestamp) {
        let milliseconds = time
            .epoch_seconds()
            .saturating_mul(1_000)
            .saturating_add(i64::from(time.subsecond_nanoseconds() / 1_000_000));
        self.header(name, HeaderValue::Timestamp(milliseconds));
    }

    /// Sets the payload to JSON that is written. `capacity` is its estimated length in bytes.
    pub fn json(&mut self, capacity: usize, write: impl FnOnce(&mut json::Writer)) {
        let mut writer = json::Writer::with_capacity(capacity);
        write(&mut writer);
        self.bytes("application/json", writer.into_bytes());
    }

    /// Sets the payload to CBOR that is written.
    #[cfg(feature = "cbor")]
    pub fn cbor(
        &mut self,
        capacity: usize,
        write: impl FnOnce(&mut crate::plumbing::cbor::Writer),
    ) {
        let mut writer = crate::plumbing::cbor::Writer::with_capacity(capacity);
        write(&mut writer);
        self.bytes("application/cbor", writer.into_bytes());
    }

    /// Sets the payload to XML that is written.
    #[cfg(feature = "xml-write")]
    pub fn xml(&mut self, write: impl FnOnce(&mut crate::plumbing::xml::Writer)) {
        let mut writer = crate::plumbing::xml::Writer::with_capacity(256);
        write(&mut writer);
        self.bytes("application/xml", writer.into_text());
    }

    /// Sets the payload.
    pub fn bytes(&mut self, content_type: &str, payload: impl Into<Bytes>) {
        self.text(":content-type", content_type);
        self.message.payload = payload.into();
    }

    /// The message.
    pub fn into_message(self) -> Message {
        self.message
    }
}
