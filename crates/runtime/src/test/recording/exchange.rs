//! A recorded exchange as it is in the file, without secrets.

use std::borrow::Cow;
use std::collections::BTreeMap;

#[cfg(feature = "xml-core")]
use super::xml_lines::xml_lines;
use crate::document::Document;
use crate::transport::TransportErrorKind;

/// Names of headers in lower case, and their values. Several headers of one name are one list.
pub(super) type Headers = BTreeMap<String, String>;

/// A request, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Exchange {
    /// The service and the operation, such as `Support.CreateCase`; `None` for a request to a presigned URL.
    pub(super) operation: Option<String>,
    pub(super) request: Request,
    pub(super) outcome: Outcome,
}

/// A request as it was before it was signed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Request {
    pub(super) method: String,
    /// The host of a presigned URL. Operations are replayed at any endpoint.
    pub(super) host: Option<String>,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: Headers,
    pub(super) body: Content,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    Response(Response),
    /// No response.
    Failure(TransportErrorKind),
}

/// A response.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) headers: Headers,
    pub(super) body: Content,
    /// Whether the connection broke after these bytes of the body.
    pub(super) is_broken: bool,
}

/// A body, in the form that is easiest to read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Content {
    #[default]
    Empty,
    Json(Document),
    /// CBOR, as the document of which it can be made again.
    #[cfg(feature = "cbor")]
    Cbor(Document),
    /// XML, with a line for each element.
    #[cfg(feature = "xml-core")]
    Xml(String),
    /// The pairs of a form.
    Form(Document),
    Text(String),
    Bytes(Vec<u8>),
    /// The content of a request that is none of these: it can be compared, and it is not in the file.
    Digest(Digest),
    /// The content of a request of which the service did not take all.
    Unknown,
}

/// The length and the SHA-256 of a content.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Digest {
    pub(super) length: u64,
    /// In hexadecimal digits.
    pub(super) sha256: String,
}

impl Exchange {
    /// What the exchange is called in messages.
    pub(super) fn name(&self) -> String {
        name(self.operation.as_deref(), &self.request)
    }
}

/// The operation, or the URL of a request outside of operations.
pub(super) fn name(operation: Option<&str>, request: &Request) -> String {
    match operation {
        Some(operation) => operation.to_owned(),
        None => format!(
            "{} https://{}{}",
            request.method,
            request.host.as_deref().unwrap_or_default(),
            request.path
        ),
    }
}

impl Content {
    /// The document that it is or that stands for it, if there is one.
    pub(super) fn document(&self) -> Option<Cow<'_, Document>> {
        match self {
            Self::Json(document) | Self::Form(document) => Some(Cow::Borrowed(document)),
            #[cfg(feature = "cbor")]
            Self::Cbor(document) => Some(Cow::Borrowed(document)),
            #[cfg(feature = "xml-core")]
            Self::Xml(text) => Some(Cow::Owned(Document::Array(xml_lines(text)))),
            _ => None,
        }
    }
}
