//! Responses that say why nothing was done.

use attache_runtime::plumbing::json::{Reader, Writer};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::response::Response;
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
}

impl Refusal {
    /// An error that the model of a service names. `query_code` is its code in the query protocol.
    pub fn modelled(
        protocol: Protocol,
        status: u16,
        code: &str,
        is_server_fault: bool,
        query_code: Option<&str>,
    ) -> Self {
        let mut headers = HeaderMap::new();
        let content_type = HeaderValue::from_static(protocol.content_type());
        headers.insert(http::header::CONTENT_TYPE, content_type);
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
        }
        let fault = if is_server_fault {
            "Receiver"
        } else {
            "Sender"
        };
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
        }))
    }

    /// An error that all services have and no model names.
    pub fn common(protocol: Protocol, status: u16, code: &str, message: &str) -> Self {
        let mut refusal = Self::modelled(protocol, status, code, status >= 500, None);
        refusal.0.members.key("message");
        refusal.0.members.string(message);
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
        let mut refusal = Self::modelled(protocol, status, code, is_server_fault, query_code);
        let members = refusal.members();
        members.key(facts.message);
        members.string(message);
        for (name, value) in facts.members {
            members.key(name);
            // The generator writes JSON.
            match Reader::new(value.as_bytes()).and_then(|mut reader| reader.document()) {
                Ok(value) => members.document(&value),
                Err(_) => members.null(),
            }
        }
        refusal
    }

    /// Sets a header. A value that cannot be one is left out.
    pub fn header(&mut self, name: &'static str, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers.insert(HeaderName::from_static(name), value);
        }
    }

    /// Where the members of the error are written to.
    pub fn members(&mut self) -> &mut Writer {
        &mut self.0.members
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
            ..
        } = *self.0;
        members.end_object();
        Response {
            status,
            headers,
            body: members.into_bytes().into(),
        }
    }
}
