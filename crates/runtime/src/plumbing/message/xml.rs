//! Messages with a body of XML: what is around the members of a response or an error in each protocol.

#[cfg(feature = "xml-write")]
use super::HttpRequest;
#[cfg(all(feature = "xml-write", feature = "tracing"))]
use super::Written;
use super::unreadable::{self, Format};
use super::{DecodeError, HttpResponse};
#[cfg(feature = "xml-write")]
use crate::body::Body;
use crate::plumbing::xml::{self, Reader};

/// The element whose children are the members.
#[derive(Clone, Copy)]
enum Place {
    /// The child of the root with this name (awsQuery).
    Result(&'static str),
    /// The root itself (ec2Query).
    Root,
    /// The root, whatever its name is (restXml).
    AnyRoot,
    /// What is around the root, which is the only member (S3).
    Document,
    /// The element `Error`: the root, a child of it, or a child of `Errors`.
    Error,
}

#[cfg(feature = "xml-write")]
impl HttpRequest {
    /// Sets a body of XML.
    pub fn xml(&mut self, body: xml::Writer) {
        self.content_type("application/xml");
        let (text, _sensitive) = body.into_parts();
        self.body = Body::Bytes(text.into());
        #[cfg(feature = "tracing")]
        self.marks
            .keep(&self.body, |bytes| Written::Xml(bytes, _sensitive));
    }
}

impl HttpResponse {
    /// Reads the result of an awsQuery operation, which is in the element of this name. If the body or the element is
    /// missing, the result has no members.
    ///
    /// # Errors
    /// A body that is not the XML of a response, or a member that is not of its type.
    pub fn query_result<T: Default>(
        &self,
        element: &'static str,
        read: impl FnOnce(&mut Reader<'_>) -> xml::Result<T>,
    ) -> Result<T, DecodeError> {
        self.read_place(Place::Result(element), read)
    }

    /// Reads the result of an ec2Query operation, which is the body.
    ///
    /// # Errors
    /// As [`query_result`](Self::query_result).
    pub fn ec2_result<T: Default>(
        &self,
        read: impl FnOnce(&mut Reader<'_>) -> xml::Result<T>,
    ) -> Result<T, DecodeError> {
        self.read_place(Place::Root, read)
    }

    /// Reads the members of a response of restXml, whose body is their element. If the body is missing, the response has
    /// no members.
    ///
    /// # Errors
    /// As [`query_result`](Self::query_result).
    pub fn xml_root<T: Default>(
        &self,
        read: impl FnOnce(&mut Reader<'_>) -> xml::Result<T>,
    ) -> Result<T, DecodeError> {
        self.read_place(Place::AnyRoot, read)
    }

    /// Reads a response whose body is the element of its only member (`aws.customizations#s3UnwrappedXmlOutput`).
    ///
    /// # Errors
    /// As [`query_result`](Self::query_result).
    pub fn xml_unwrapped<T: Default>(
        &self,
        read: impl FnOnce(&mut Reader<'_>) -> xml::Result<T>,
    ) -> Result<T, DecodeError> {
        self.read_place(Place::Document, read)
    }

    /// Reads the member which is the whole body; `None` if there is no body.
    ///
    /// # Errors
    /// As [`query_result`](Self::query_result).
    pub fn xml_payload<T>(
        &self,
        read: impl FnOnce(&mut Reader<'_>) -> xml::Result<T>,
    ) -> Result<Option<T>, DecodeError> {
        self.read_place(Place::AnyRoot, |reader| read(reader).map(Some))
    }

    /// Reads the members of a modelled error. If there is none, the error has no members.
    ///
    /// # Errors
    /// A body that is no XML, or a member that is not of its type.
    pub fn xml_error<T: Default>(
        &self,
        read: impl FnOnce(&mut Reader<'_>) -> xml::Result<T>,
    ) -> Result<T, DecodeError> {
        self.read_place(Place::Error, read)
    }

    fn read_place<T: Default>(
        &self,
        place: Place,
        read: impl FnOnce(&mut Reader<'_>) -> xml::Result<T>,
    ) -> Result<T, DecodeError> {
        let result = match self.enter(place) {
            Ok(Some(mut reader)) => {
                let value = read(&mut reader);
                let value = value.and_then(|value| reader.finish().map(|()| value));
                self.keep_xml(&mut reader);
                value
            }
            Ok(None) => return Ok(T::default()),
            Err(error) => Err(error),
        };
        result.map_err(|error| self.unreadable_xml(error))
    }

    /// A reader in the element of this place; `None` if there is none.
    #[inline(never)]
    fn enter(&self, place: Place) -> xml::Result<Option<Reader<'_>>> {
        let bytes: &[u8] = self.in_memory();
        if bytes.is_empty() {
            return Ok(None);
        }
        let mut reader = Reader::with_value_limit(bytes, self.value_limit)?;
        #[cfg(feature = "tracing")]
        if self.recording.is_some() {
            // What of it may be shown is known only while it is read.
            self.sensitive_payload();
            reader.record();
        }
        match find(&mut reader, place) {
            Ok(true) => Ok(Some(reader)),
            Ok(false) => reader.finish().map(|()| {
                self.keep_xml(&mut reader);
                None
            }),
            Err(error) => Err(error),
        }
    }

    /// Keeps what the reader has recorded.
    #[inline(never)]
    fn keep_xml(&self, reader: &mut Reader<'_>) {
        #[cfg(feature = "tracing")]
        self.record(|recording| {
            recording.format = Format::Xml;
            recording.body = reader.recorded();
        });
        #[cfg(not(feature = "tracing"))]
        let _ = reader;
    }

    #[cold]
    #[inline(never)]
    fn unreadable_xml(&self, error: xml::Error) -> DecodeError {
        match unreadable::describe(&self.headers, self.in_memory(), Format::Xml) {
            Some(description) => DecodeError::new(format!("{error}; {description}")),
            None => error.into(),
        }
    }
}

/// Enters the element of a place; `false` if there is none.
fn find(reader: &mut Reader<'_>, place: Place) -> xml::Result<bool> {
    if matches!(place, Place::Document) {
        return Ok(true);
    }
    let root = reader.root()?;
    match place {
        Place::AnyRoot if root.eq_ignore_ascii_case("html") => {
            return Err(reader.error("expected the element of a response, found a page"));
        }
        Place::Result(_) | Place::Root if !is_response(root) => {
            return Err(reader.error(
                "expected the element of a response, whose name ends with `Response`, found another one",
            ));
        }
        Place::Root | Place::AnyRoot => return Ok(true),
        Place::Error if root == "Error" => return Ok(true),
        Place::Result(_) | Place::Error | Place::Document => {}
    }
    while let Some(name) = reader.child()? {
        match (place, name) {
            (Place::Result(result), _) if name == result => return Ok(true),
            (Place::Error, "Error") => return Ok(true),
            // Its child is the error.
            (Place::Error, "Errors") => {}
            _ => reader.skip()?,
        }
    }
    Ok(false)
}

/// Whether a root is that of a response: `GetUserResponse`, and neither an error nor a page of a proxy. The name of the
/// operation is not compared, because there are servers that do not have it right.
fn is_response(root: &str) -> bool {
    root.ends_with("Response") && root != "Response" && root != "ErrorResponse"
}
