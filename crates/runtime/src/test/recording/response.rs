//! A response as it is recorded, and as it is given again.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use http_body::{Body as HttpBody, Frame};

use super::exchange::{Content, Response};
use super::hidden::Known;
use super::json::{line, parse};
use super::redaction::{Cleaner, headers};
use super::request::{Asked, Message, is_plain};
use super::secrets::{REDACTED, without_secrets};
#[cfg(feature = "xml-core")]
use super::xml;
use crate::body::{BoxError, ByteStream};
use crate::document::Document;
use crate::error_code;
#[cfg(feature = "cbor")]
use crate::plumbing::cbor;
use crate::plumbing::json::marks::Marks;
#[cfg(feature = "xml-core")]
use crate::plumbing::json::marks::Reason;
use crate::plumbing::message::unreadable::Format;
use crate::plumbing::message::{HttpResponse, Payload, Recording};
use crate::test::Sent;

/// Headers of responses that are kept, unless the model calls them sensitive. Others that no member is bound to say
/// nothing to a client.
const KEPT: [&str; 13] = [
    "accept-ranges",
    "content-encoding",
    "content-range",
    "etag",
    "last-modified",
    "retry-after",
    "x-amz-request-id",
    "x-amz-retry-after",
    "x-amz-version-id",
    "x-amzn-errortype",
    "x-amzn-query-error",
    "x-amzn-request-id",
    "x-amzn-requestid",
];
/// The members of an error that every service may send: its code, and its message.
const CODES: [&str; 3] = ["__type", "code", "Code"];
const MESSAGES: [&str; 2] = ["message", "Message"];
/// What a recorded connection that broke says.
pub(super) const BROKEN: &str = "the connection broke here when it was recorded";

/// A response as it came.
#[derive(Clone)]
pub(super) struct Raw {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    pub(super) is_broken: bool,
}

impl Raw {
    /// The response without secrets.
    pub(super) fn recorded(&self, asked: &Asked, cleaner: Cleaner<'_>) -> Response {
        match &asked.message {
            Message::Operation(sent) => self.of_operation(sent, cleaner),
            Message::Transfer(_) => self.of_transfer(cleaner),
        }
    }

    fn of_transfer(&self, cleaner: Cleaner<'_>) -> Response {
        let is_success = (200..300).contains(&self.status);
        Response {
            status: self.status,
            headers: headers(&self.headers, |name, _, text| {
                (KEPT.contains(&name) || is_plain(name)).then(|| cleaner.header(name, text))
            }),
            body: match content(&self.body) {
                // An error of S3 repeats the request.
                Content::Text(text) if !is_success => Content::Text(without_secrets(&text)),
                content => content,
            },
            is_broken: self.is_broken,
        }
    }

    fn of_operation(&self, sent: &Sent, cleaner: Cleaner<'_>) -> Response {
        let mut copy = HttpResponse::new(self.status, self.headers.clone(), self.body.clone());
        let shape = error_code::details(sent.operation.service, &copy).shape;
        let recording = Arc::new(Mutex::new(Recording::default()));
        copy.recording = Some(Arc::clone(&recording));
        (sent.view.read)(copy, shape.as_deref());
        let recording = recording.lock().unwrap_or_else(PoisonError::into_inner);
        Response {
            status: self.status,
            headers: headers(&self.headers, |name, _, text| {
                if recording.hides(name) {
                    return (!recording.hides_name(name)).then(|| REDACTED.to_owned());
                }
                let is_kept = KEPT.contains(&name) || name == "content-type";
                (is_kept || recording.shows(name)).then(|| cleaner.header(name, text))
            }),
            body: self.body_of_operation(&recording, cleaner),
            is_broken: self.is_broken,
        }
    }

    fn body_of_operation(&self, recording: &Recording, cleaner: Cleaner<'_>) -> Content {
        let hidden = || Content::Text(REDACTED.to_owned());
        if self.body.is_empty() {
            return Content::Empty;
        }
        match (&recording.body, &recording.payload) {
            (Some((marks, end)), _) if self.is_read(recording.format, *end) => {
                let content = self.marked(recording.format, marks, cleaner);
                content.unwrap_or_else(hidden)
            }
            // It does not match the model, or the member that it is must not be shown.
            (Some(_), _) | (None, Some(Payload::Hidden)) => hidden(),
            (None, Some(Payload::Shown)) => content(&self.body),
            (None, None) if self.is_success() => Content::Empty,
            (None, None) => self.unknown_error(cleaner).unwrap_or_else(hidden),
        }
    }

    /// Whether all of a body was read up to this place.
    fn is_read(&self, format: Format, end: usize) -> bool {
        match format {
            Format::Json | Format::Xml => end >= self.body.trim_ascii_end().len(),
            #[cfg(feature = "cbor")]
            Format::Cbor => end >= self.body.len(),
        }
    }

    /// The body without what is marked, with the code of an error, which the model of the error itself does not know.
    fn marked(&self, format: Format, marks: &Marks, cleaner: Cleaner<'_>) -> Option<Content> {
        match format {
            Format::Json => {
                let json = cleaner.json(&self.body, marks)?;
                Some(Content::Json(
                    self.with_error_code(json, parse(&self.body).ok()),
                ))
            }
            #[cfg(feature = "cbor")]
            Format::Cbor => {
                let cbor = cleaner.cbor(&self.body, marks)?;
                Some(Content::Cbor(self.with_error_code(cbor, self.readable())))
            }
            #[cfg(feature = "xml-core")]
            Format::Xml => {
                let kept: &[&str] = match self.is_success() {
                    true => &xml::REQUEST_IDS,
                    false => &xml::OF_ERRORS,
                };
                let text = std::str::from_utf8(&self.body).ok()?;
                xml::without(text, &marks.parts(), kept, cleaner, xml::Purpose::Reading)
                    .map(Content::Xml)
            }
            #[cfg(not(feature = "xml-core"))]
            Format::Xml => None,
        }
    }

    #[cfg(feature = "cbor")]
    fn readable(&self) -> Option<Document> {
        cbor::Reader::new(&self.body).readable().ok()
    }

    /// A document with the code of the original one, if it is an error.
    fn with_error_code(&self, mut body: Document, original: Option<Document>) -> Document {
        if let (false, Document::Object(members), Some(original)) =
            (self.is_success(), &mut body, original)
        {
            for name in CODES {
                if let Some(Document::String(code)) = original.get(name) {
                    members.insert(name.to_owned(), code.as_str().into());
                }
            }
        }
        body
    }

    /// The code and the message of an error that is not in the model.
    fn unknown_error(&self, cleaner: Cleaner<'_>) -> Option<Content> {
        if let Ok(json) = parse(&self.body) {
            return unknown_members(json, cleaner).map(Content::Json);
        }
        #[cfg(feature = "cbor")]
        if let Some(members) = self.readable().and_then(|it| unknown_members(it, cleaner)) {
            return Some(Content::Cbor(members));
        }
        #[cfg(feature = "xml-core")]
        if let Ok(text) = std::str::from_utf8(&self.body)
            && xml::is_error(text)
        {
            let all = [(0..text.len(), Reason::Unknown)];
            return xml::without(
                text,
                &all,
                &xml::OF_UNKNOWN_ERRORS,
                cleaner,
                xml::Purpose::Reading,
            )
            .map(Content::Xml);
        }
        None
    }

    fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// The members that every error may have.
fn unknown_members(error: Document, cleaner: Cleaner<'_>) -> Option<Document> {
    let Document::Object(mut members) = error else {
        return None;
    };
    members.retain(|name, value| {
        let is_known = CODES.contains(&name.as_str()) || MESSAGES.contains(&name.as_str());
        is_known && value.as_str().is_some()
    });
    Some(cleaner.value(Document::Object(members)))
}

/// A body that must stay as it is, byte by byte.
fn content(bytes: &[u8]) -> Content {
    match std::str::from_utf8(bytes) {
        Ok("") => Content::Empty,
        Ok(text) => Content::Text(text.to_owned()),
        Err(_) => Content::Bytes(bytes.to_vec()),
    }
}

impl Response {
    /// The response with the hidden texts that are known.
    pub(super) fn put_back(&self, known: &Known) -> Self {
        let mut response = self.clone();
        match &mut response.body {
            Content::Json(json) => *json = known.put_back(json),
            #[cfg(feature = "cbor")]
            Content::Cbor(cbor) => *cbor = known.put_back(cbor),
            #[cfg(feature = "xml-core")]
            Content::Xml(text) => *text = xml::put_back(text, known),
            _ => {}
        }
        response
    }

    /// The response as a transport returns it.
    ///
    /// # Errors
    /// What of it HTTP does not permit.
    pub(super) fn http(&self) -> Result<http::Response<ByteStream>, String> {
        let bytes = self.body.bytes();
        let body = match self.is_broken {
            true => ByteStream::new(Broken(Some(bytes))),
            false => ByteStream::from(bytes),
        };
        let mut response = http::Response::new(body);
        *response.status_mut() = StatusCode::from_u16(self.status)
            .map_err(|_| format!("{} is no status of HTTP", self.status))?;
        for (name, value) in &self.headers {
            let wrong = || format!("HTTP does not permit the header `{name}` or its value");
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
            let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| wrong())?;
            response.headers_mut().insert(name, value);
        }
        Ok(response)
    }
}

impl Content {
    /// The bytes of a response.
    fn bytes(&self) -> Bytes {
        match self {
            Self::Json(json) => line(json).into(),
            #[cfg(feature = "cbor")]
            Self::Cbor(cbor) => {
                let mut writer = cbor::Writer::default();
                // What cannot be written was refused when the file was read.
                let _ = writer.readable(cbor);
                writer.into_bytes().into()
            }
            #[cfg(feature = "xml-core")]
            Self::Xml(text) => text.clone().into(),
            Self::Text(text) => text.clone().into(),
            Self::Bytes(bytes) => bytes.clone().into(),
            Self::Empty | Self::Form(_) | Self::Digest(_) | Self::Unknown => Bytes::new(),
        }
    }
}

/// A body whose connection breaks after these bytes.
struct Broken(Option<Bytes>);

impl HttpBody for Broken {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Poll::Ready(Some(match self.0.take() {
            Some(bytes) => Ok(Frame::data(bytes)),
            None => Err(BROKEN.into()),
        }))
    }
}
