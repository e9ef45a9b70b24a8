//! HTTP messages of the server: what the generated code in [`api`](crate::api) calls.
//!
//! [`answer`] reads a request, validates it, executes it and writes the response, in this order, for every operation of
//! every service. An error is a [`Refusal`], which has a status, a code and the protocol in which it is written.

use attache_runtime::Bytes;
use attache_runtime::plumbing::header;
use attache_runtime::plumbing::json::{self, Reader, Writer};
use attache_runtime::validation::{Constraint, Level, Violations};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use percent_encoding::percent_decode_str;

/// How much memory the values of a body may use. The longest body can be one text of that size; empty structures use a
/// hundred times the memory of their text.
const VALUE_LIMIT: u64 = 96 << 20;

/// The protocols that attache supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// `aws.protocols#awsJson1_0`
    AwsJson10,
    /// `aws.protocols#awsJson1_1`
    AwsJson11,
    /// `aws.protocols#restJson1`
    RestJson1,
}

impl Protocol {
    fn content_type(self) -> &'static str {
        match self {
            Self::AwsJson10 => "application/x-amz-json-1.0",
            Self::AwsJson11 => "application/x-amz-json-1.1",
            Self::RestJson1 => "application/json",
        }
    }
}

/// What a model says about a service.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    /// The name of the service in SDKs.
    pub sdk_id: &'static str,
    /// The version of its API.
    pub version: &'static str,
    /// Its name in signatures.
    pub signing_name: &'static str,
    /// The protocol of the service.
    pub protocol: Protocol,
}

/// A request with its whole body.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path as it was sent, percent-encoded.
    pub path: String,
    /// The query as it was sent, without `?`.
    pub query: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Request {
    /// The segments of the path, still percent-encoded.
    pub fn segments(&self) -> Vec<&str> {
        let path = self.path.strip_prefix('/').unwrap_or(&self.path);
        path.split('/').collect()
    }

    /// The path label in the segment with this index.
    ///
    /// # Errors
    /// Text that is not UTF-8.
    pub fn label(&self, member: &str, index: usize) -> Result<String, DecodeError> {
        let segments = self.segments();
        decoded(member, segments.get(index).copied().unwrap_or_default())
    }

    /// The path label in the segment with this index, counted from the last one.
    ///
    /// # Errors
    /// Text that is not UTF-8.
    pub fn label_from_end(&self, member: &str, index: usize) -> Result<String, DecodeError> {
        let segments = self.segments();
        let segment = segments.len().checked_sub(index + 1);
        let segment = segment.and_then(|index| segments.get(index));
        decoded(member, segment.copied().unwrap_or_default())
    }

    /// The greedy label from this segment on, `behind` segments left at the end.
    ///
    /// # Errors
    /// Text that is not UTF-8.
    pub fn greedy_label(
        &self,
        member: &str,
        from: usize,
        behind: usize,
    ) -> Result<String, DecodeError> {
        let segments = self.segments();
        let to = segments.len().saturating_sub(behind);
        decoded(
            member,
            &segments.get(from..to).unwrap_or_default().join("/"),
        )
    }

    /// The parameters of the query, decoded, in their order.
    pub fn query_pairs(&self) -> impl Iterator<Item = (String, String)> {
        self.query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                let decode = |text: &str| {
                    let text = text.replace('+', " ");
                    percent_decode_str(&text).decode_utf8_lossy().into_owned()
                };
                (decode(key), decode(value))
            })
    }

    /// The first value of a parameter of the query.
    pub fn query_value(&self, key: &str) -> Option<String> {
        self.query_pairs()
            .find_map(|(found, value)| (found == key).then_some(value))
    }

    /// All values of a parameter of the query.
    pub fn query_values(&self, key: &str) -> Vec<String> {
        self.query_pairs()
            .filter_map(|(found, value)| (found == key).then_some(value))
            .collect()
    }

    /// The value of a header, if it is text.
    pub fn header(&self, name: &str) -> Option<String> {
        let value = self.headers.get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }

    /// The body as text.
    ///
    /// # Errors
    /// A body that is not UTF-8.
    pub fn text(&self) -> Result<String, DecodeError> {
        String::from_utf8(self.body.to_vec())
            .map_err(|_| DecodeError("the body is not UTF-8".to_owned()))
    }

    /// Reads the body as one JSON value. A missing body counts as an object without members.
    ///
    /// # Errors
    /// A body that is not JSON, or not of the type that is read.
    pub fn json<T>(
        &self,
        read: impl FnOnce(&mut Reader<'_>) -> Result<T, json::Error>,
    ) -> Result<T, DecodeError> {
        let bytes: &[u8] = if self.body.is_empty() {
            b"{}"
        } else {
            &self.body
        };
        let mut reader = Reader::with_value_limit(bytes, VALUE_LIMIT)?;
        let value = read(&mut reader)?;
        reader.finish()?;
        Ok(value)
    }
}

fn decoded(member: &str, text: &str) -> Result<String, DecodeError> {
    let text = percent_decode_str(text).decode_utf8();
    let text = text.map_err(|_| DecodeError(format!("the label `{member}` is not UTF-8")))?;
    Ok(text.into_owned())
}

/// A request that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError(String);

impl From<json::Error> for DecodeError {
    fn from(error: json::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<header::HeaderError> for DecodeError {
    fn from(error: header::HeaderError) -> Self {
        Self(error.to_string())
    }
}

/// A response with its whole body.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Response {
    /// A success without a body.
    pub fn success(protocol: Protocol, status: u16) -> Self {
        let mut headers = HeaderMap::new();
        let content_type = HeaderValue::from_static(protocol.content_type());
        headers.insert(http::header::CONTENT_TYPE, content_type);
        Self {
            status,
            headers,
            body: Bytes::new(),
        }
    }

    /// Sets a header. A value that cannot be one is left out.
    pub fn header(&mut self, name: &'static str, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
    }

    /// Sets the status to that of a member.
    pub fn set_status(&mut self, status: i32) {
        self.status = u16::try_from(status).unwrap_or(self.status);
    }
}

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

/// A request of an operation.
pub trait Input: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// What cannot be read.
    fn decode(message: &Request) -> Result<Self, DecodeError>;

    /// Checks it.
    ///
    /// # Errors
    /// What is wrong, each with its place.
    fn validate(&self, level: Level) -> Result<(), Violations>;

    /// The response to a dry run that would succeed, if this is a dry run.
    fn dry_run_refusal(&self) -> Option<Refusal> {
        None
    }
}

/// A response of an operation.
pub trait Output {
    /// Writes it.
    fn encode(self) -> Response;
}

/// The parts that each service implements differently.
pub trait Handler: Clone {
    /// The protocol of the service.
    const PROTOCOL: Protocol;

    /// The validation level of requests.
    fn level(&self) -> Level {
        Level::Documented
    }

    /// The response to a request that violates constraints.
    fn invalid(&self, operation: &'static str, violations: &Violations) -> Refusal;
}

/// Reads a request, validates it, executes it and writes the response. A dry run is executed on a clone, so it finds
/// every reason against the request and changes nothing.
///
/// # Errors
/// A request that cannot be read or is not valid, and what the handler refuses.
pub fn answer<H: Handler, I: Input, O: Output>(
    handler: &mut H,
    operation: &'static str,
    message: &Request,
    act: impl Fn(&mut H, I) -> Result<O, Refusal>,
) -> Result<Response, Refusal> {
    let input = I::decode(message).map_err(|DecodeError(message)| {
        Refusal::common(H::PROTOCOL, 400, "SerializationException", &message)
    })?;
    let refuse = |violations: &Violations| handler.invalid(operation, violations);
    input
        .validate(handler.level())
        .map_err(|violations| refuse(&violations))?;
    // A server refuses unknown enum values; a mere recommendation of the documentation is no reason to refuse.
    if handler.level() >= Level::Documented
        && let Err(violations) = input.validate(Level::Strict)
        && violations
            .iter()
            .any(|violation| violation.constraint() == Constraint::Enum)
    {
        return Err(refuse(&violations));
    }
    if let Some(refusal) = input.dry_run_refusal() {
        act(&mut handler.clone(), input)?;
        return Err(refusal);
    }
    act(handler, input).map(Output::encode)
}
