//! Responses that say why nothing was done.

use attache_runtime::Document;
use attache_runtime::plumbing::cbor;
use attache_runtime::plumbing::json::{Reader, Writer};
use attache_runtime::plumbing::xml::{self, ErrorEnvelope};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::response::{Response, set_prefix_header};
use super::service::{ErrorFacts, Protocol, Service};

/// Why a service refuses a request: an error that is sent to the client.
///
/// One pointer, so that results without it stay small.
#[derive(Debug)]
pub struct Refusal(Box<Inner>);

#[derive(Debug)]
struct Inner {
    status: u16,
    code: String,
    headers: HeaderMap,
    members: Writer,
    /// The members, where errors are in CBOR.
    cbor: Option<cbor::Writer>,
    /// What is around the members, who is at fault, and the members, where errors are in XML.
    xml: Option<(ErrorEnvelope, &'static str, xml::Writer)>,
}

impl Refusal {
    /// An error that the model of a service names. `shape` is its code, with or without a namespace and `#` before it;
    /// `query_code` is its code in the query protocol.
    pub fn modelled(
        protocol: Protocol,
        status: u16,
        shape: &str,
        is_server_fault: bool,
        query_code: Option<&str>,
    ) -> Self {
        let code = shape.rsplit_once('#').map_or(shape, |(_, name)| name);
        let mut headers = protocol.headers();
        let mut cbor = None;
        let mut members = Writer::with_capacity(256);
        members.begin_object();
        match protocol {
            Protocol::RestJson1 => {
                if let Ok(value) = HeaderValue::from_str(code) {
                    headers.insert("x-amzn-errortype", value);
                }
            }
            Protocol::AwsJson10 | Protocol::AwsJson11 => {
                members.key("__type");
                members.string(code);
            }
            Protocol::RpcV2Cbor => {
                let mut writer = cbor::Writer::with_capacity(256);
                writer.begin_object();
                writer.key("__type");
                writer.string(shape);
                cbor = Some(writer);
            }
            Protocol::AwsQuery
            | Protocol::Ec2Query
            | Protocol::RestXml
            | Protocol::RestXmlUnwrapped => {}
        }
        let fault = fault(is_server_fault);
        let envelope = protocol.error_envelope();
        if let Some(envelope) = envelope {
            return Self(Box::new(Inner {
                status,
                code: query_code.unwrap_or(code).to_owned(),
                headers,
                members,
                cbor,
                xml: Some((envelope, fault, xml::Writer::default())),
            }));
        }
        if let Some(code) = query_code
            && let Ok(value) = HeaderValue::from_str(&format!("{code};{fault}"))
        {
            headers.insert("x-amzn-query-error", value);
        }
        Self(Box::new(Inner {
            status,
            code: code.to_owned(),
            headers,
            members,
            cbor,
            xml: None,
        }))
    }

    /// An error that all services have and no model names.
    pub fn common(protocol: Protocol, status: u16, code: &str, message: &str) -> Self {
        let mut refusal = Self::modelled(protocol, status, code, status >= 500, None);
        refusal.text("message", message);
        refusal
    }

    /// An error with the members that the model requires of it, which have the emptiest values.
    pub fn without_facts(
        service: &Service,
        code: &str,
        status: Option<u16>,
        message: &str,
    ) -> Self {
        let protocol = service.protocol;
        let Some(facts) = service.error(code) else {
            return Self::common(protocol, status.unwrap_or(400), code, message);
        };
        let ErrorFacts {
            is_server_fault,
            query_code,
            ..
        } = *facts;
        let status = status.unwrap_or(facts.status);
        let mut refusal =
            Self::modelled(protocol, status, facts.shape, is_server_fault, query_code);
        refusal.text(facts.message, message);
        for (name, value) in facts.members {
            // The generator writes JSON.
            let value = Reader::new(value.as_bytes()).and_then(|mut reader| reader.document());
            let value = value.unwrap_or_default();
            refusal.member(name, &value);
        }
        refusal
    }

    /// Sets a header. A value that cannot be one is left out.
    pub fn header(&mut self, name: &'static str, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers.insert(HeaderName::from_static(name), value);
        }
    }

    /// Sets a header of a map of them. What cannot be a header is left out.
    pub fn prefix_header(&mut self, prefix: &str, key: &str, value: &str) {
        set_prefix_header(&mut self.0.headers, prefix, key, value);
    }

    /// Where the members of the error are written to.
    pub fn members(&mut self) -> &mut Writer {
        &mut self.0.members
    }

    /// Where the members of the error are written to in CBOR.
    pub fn cbor_members(&mut self) -> &mut cbor::Writer {
        self.0.cbor.get_or_insert_with(|| {
            let mut writer = cbor::Writer::default();
            writer.begin_object();
            writer
        })
    }

    /// Where the members of the error are written to in XML.
    pub fn xml_members(&mut self) -> &mut xml::Writer {
        let (.., members) = self
            .0
            .xml
            .get_or_insert_with(|| (ErrorEnvelope::Query, "Sender", xml::Writer::default()));
        members
    }

    /// Writes a member that is a text.
    fn text(&mut self, name: &str, value: &str) {
        self.member(name, &value.into());
    }

    /// Writes a member.
    fn member(&mut self, name: &str, value: &Document) {
        match (&mut self.0.xml, &mut self.0.cbor) {
            (Some((.., members)), _) => element(members, name, value),
            (None, Some(members)) => {
                members.key(name);
                // What the generator writes can be written.
                if members.readable(value).is_err() {
                    members.null();
                }
            }
            (None, None) => {
                self.0.members.key(name);
                self.0.members.document(value);
            }
        }
    }

    /// The code of the error.
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The response with this error.
    pub fn into_response(self) -> Response {
        let Inner {
            status,
            headers,
            mut members,
            cbor,
            code,
            xml,
        } = *self.0;
        let body = match (xml, cbor) {
            (Some((envelope, fault, members)), _) => {
                let mut writer = xml::Writer::with_capacity(256);
                let members = members.into_text();
                envelope.write(&mut writer, &code, fault, |writer| writer.raw(&members));
                writer.into_text().into()
            }
            (None, Some(mut members)) => {
                members.end_object();
                members.into_bytes().into()
            }
            (None, None) => {
                members.end_object();
                members.into_bytes().into()
            }
        };
        Response {
            status,
            headers,
            body,
        }
    }
}

/// Who is at fault, in the words of the query protocols.
fn fault(is_server_fault: bool) -> &'static str {
    match is_server_fault {
        true => "Receiver",
        false => "Sender",
    }
}

/// Writes a value as an element. The emptiest value of a list or a map is an empty element.
fn element(writer: &mut xml::Writer, name: &str, value: &Document) {
    writer.begin(name);
    match value {
        Document::Null | Document::Array(_) => {}
        Document::Bool(value) => writer.boolean(*value),
        Document::Number(value) => writer.string(&value.to_string()),
        Document::String(value) => writer.string(value),
        Document::Object(members) => {
            for (name, value) in members {
                element(writer, name, value);
            }
        }
    }
    writer.end(name);
}
