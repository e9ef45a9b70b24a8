//! Error codes, in all places and spellings of the protocols.
//!
//! The code is in the header `X-Amzn-Errortype`, or in the body as `__type`, `code` or `Code`; the name of the shape
//! may have a namespace before `#` and a URL after `:` (restJson1 and awsJson1_1, "Operation error serialization"). If
//! there are several, the one that botocore uses is taken (1.44.5, `parsers.py`): in restJson1 the header, `code`,
//! `Code`, `__type`; in awsJson `__type`, because `code` may be a member of the error there. Places that botocore does
//! not read in a protocol come last. The message is `message`, or else `Message`.
//!
//! In XML, code, message and the id of the request are in the element `Error` and around it (awsQuery, "Operation error
//! serialization", and ec2Query). A gateway may answer in another form than its service, so both are tried.

#[cfg(feature = "cbor")]
use crate::document::Document;
#[cfg(feature = "event-stream")]
use crate::error::Failure;
use crate::error::ResponseDetails;
#[cfg(feature = "cbor")]
use crate::plumbing::cbor;
use crate::plumbing::json::{Kind, Reader};
use crate::plumbing::message::HttpResponse;
use crate::plumbing::message::unreadable::{self, Format};
use crate::plumbing::operation::{Protocol, Service};
#[cfg(feature = "xml-core")]
use crate::plumbing::xml;
use crate::texts::ToText as _;

/// Codes that mean throttling whatever the model says.
pub(crate) const THROTTLING_CODES: [&str; 14] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
];

/// Reads code, message and other details of an error response. A body that cannot be read has no details, which is not
/// an error here.
pub(crate) fn details(service: &Service, response: &HttpResponse) -> ResponseDetails {
    let body = match service.protocol {
        Protocol::AwsJson | Protocol::RestJson => {
            read_json(response.bytes()).or_else(|| read_xml(response.bytes()))
        }
        Protocol::Query | Protocol::Ec2Query | Protocol::RestXml => {
            read_xml(response.bytes()).or_else(|| read_json(response.bytes()))
        }
        #[cfg(feature = "cbor")]
        Protocol::RpcV2Cbor => read_cbor(response.bytes()).or_else(|| read_json(response.bytes())),
    };
    let description = match &body {
        Some(_) => None,
        None => unreadable::describe(response.headers(), response.bytes(), format(service)),
    };
    let body = body.unwrap_or_else(|| of_status(service, response));
    let header = response.header("x-amzn-errortype");
    let codes = match service.protocol {
        #[cfg(feature = "cbor")]
        Protocol::RpcV2Cbor => [body.r#type, header, body.code, body.capital_code],
        Protocol::AwsJson => [body.r#type, header, body.code, body.capital_code],
        Protocol::RestJson => [header, body.code, body.capital_code, body.r#type],
        Protocol::Query | Protocol::Ec2Query | Protocol::RestXml => {
            [body.code, body.capital_code, body.r#type, header]
        }
    };
    let mut shape = None;
    for code in &codes {
        let name = shape_name(code.as_deref().unwrap_or_default());
        if !name.is_empty() {
            shape = Some(name.to_text());
            break;
        }
    }
    let mut code = shape.clone();
    if service.query_compatible
        && let Some(query_error) = response.header("x-amzn-query-error")
        && let Some((query_code, _)) = query_error.split_once(';')
    {
        code = Some(query_code.to_text());
    }
    let throttling = is_throttling(
        service,
        [shape.as_deref(), code.as_deref()],
        response.status(),
    );
    let mut is_sensitive = false;
    for name in service.sensitive_messages {
        is_sensitive |= shape.as_deref() == Some(name) || code.as_deref() == Some(name);
    }
    ResponseDetails {
        code,
        shape,
        message: body.message.filter(|_| !is_sensitive),
        description,
        request_id: request_id_of_headers(response).or(body.request_id),
        throttling,
    }
}

/// The failure of an error that is a message of a stream of events: its code, and perhaps its message, are headers of
/// that message. Only an exception has a payload with members.
#[cfg(feature = "event-stream")]
pub(crate) fn of_event(
    service: &Service,
    response: HttpResponse,
    (code, message): (&str, Option<String>),
) -> Failure {
    let is_exception = message.is_none();
    let of_payload = is_exception.then(|| details(service, &response));
    let of_payload = of_payload.unwrap_or_default();
    let is_sensitive = service.sensitive_messages.contains(&code);
    let details = ResponseDetails {
        shape: is_exception.then(|| code.to_text()),
        code: Some(code.to_text()),
        message: message
            .or(of_payload.message)
            .filter(|text| !is_sensitive && !text.is_empty()),
        throttling: is_throttling(service, [Some(code), None], response.status()),
        ..of_payload
    };
    Failure::from_response(response, details)
}

/// What the status says about an error of restXml without a body, such as each response to a `HEAD`: as in botocore
/// (1.44.8, `RestXMLParser._parse_error_from_http_status`), the code is the status.
fn of_status(service: &Service, response: &HttpResponse) -> ErrorBody {
    if service.protocol != Protocol::RestXml || !response.bytes().is_empty() {
        return ErrorBody::default();
    }
    let status = http::StatusCode::from_u16(response.status()).ok();
    let reason = status.and_then(|status| status.canonical_reason());
    ErrorBody {
        capital_code: Some(response.status().to_string()),
        message: reason.map(str::to_text),
        ..ErrorBody::default()
    }
}

/// Whether a response with the status 200 is an error. S3 begins some responses before it knows their result. A body that
/// ends too early, or is no XML, counts as one, too (botocore 1.44.8, `handlers._looks_like_special_case_error`).
#[cfg(feature = "xml-core")]
pub(crate) fn is_error_in_success(response: &HttpResponse) -> bool {
    let bytes = response.bytes();
    if response.status() != 200 || bytes.is_empty() {
        return false;
    }
    let Ok(mut reader) = xml::Reader::new(bytes) else {
        return true;
    };
    match reader.root() {
        Ok("Error") | Err(_) => true,
        Ok(root) => !ends_with_tag_of(bytes, root) && reader.finish().is_err(),
    }
}

/// Whether a text ends with the end tag of its root, so that nothing of it is missing. What is between is read later.
#[cfg(feature = "xml-core")]
fn ends_with_tag_of(bytes: &[u8], root: &str) -> bool {
    let tag = bytes.trim_ascii_end().strip_suffix(b">");
    let name = tag.and_then(|tag| tag.strip_suffix(root.as_bytes()));
    name.is_some_and(|before| before.ends_with(b"</") || before.ends_with(b":"))
}

#[cfg(not(feature = "xml-core"))]
pub(crate) fn is_error_in_success(_: &HttpResponse) -> bool {
    false
}

/// The region that an error names in its body.
#[cfg(feature = "xml-core")]
pub(crate) fn region(response: &HttpResponse) -> Option<String> {
    read_xml(response.bytes())?.region
}

#[cfg(not(feature = "xml-core"))]
pub(crate) fn region(_: &HttpResponse) -> Option<String> {
    None
}

/// Whether an error of these names, shape and code, means throttling.
pub(crate) fn is_throttling(service: &Service, names: [Option<&str>; 2], status: u16) -> bool {
    let is_named = |code: &str| {
        let mut is_named = THROTTLING_CODES.contains(&code);
        for (name, throttling) in service.retryable_errors {
            is_named |= *throttling && *name == code;
        }
        is_named
    };
    let by_name = names[0].is_some_and(is_named) || names[1].is_some_and(is_named);
    // Status 429 means throttling only if the model does not say more about the error (botocore 1.44.5,
    // `ThrottlingStatusCodeChecker`).
    let modelled = names[0].is_some_and(|shape| service.modelled_errors.contains(&shape));
    by_name || (status == 429 && !modelled)
}

/// The form of the bodies of a service.
fn format(service: &Service) -> Format {
    match service.protocol {
        Protocol::AwsJson | Protocol::RestJson => Format::Json,
        Protocol::Query | Protocol::Ec2Query | Protocol::RestXml => Format::Xml,
        #[cfg(feature = "cbor")]
        Protocol::RpcV2Cbor => Format::Cbor,
    }
}

/// The id that AWS gave the request. It is in a header, and in XML also in the body.
pub(crate) fn request_id(service: &Service, response: &HttpResponse) -> Option<String> {
    match (request_id_of_headers(response), format(service)) {
        (None, Format::Xml) => request_id_of_xml(response.bytes()),
        (id, _) => id,
    }
}

fn request_id_of_headers(response: &HttpResponse) -> Option<String> {
    for name in &["x-amzn-requestid", "x-amz-request-id", "x-amzn-request-id"] {
        let id = response.header(name);
        if id.is_some() {
            return id;
        }
    }
    None
}

/// The name of a shape, without its namespace and a URL after it.
fn shape_name(code: &str) -> &str {
    let code = code.split_once(':').map_or(code, |(name, _)| name);
    code.rsplit_once('#').map_or(code, |(_, name)| name).trim()
}

#[derive(Default)]
struct ErrorBody {
    r#type: Option<String>,
    code: Option<String>,
    capital_code: Option<String>,
    message: Option<String>,
    /// In XML only.
    request_id: Option<String>,
    #[cfg(feature = "xml-core")]
    region: Option<String>,
}

fn read_json(bytes: &[u8]) -> Option<ErrorBody> {
    let mut json = Reader::new(bytes).ok()?;
    let mut body = ErrorBody::default();
    let (mut lower_case_message, mut description) = (None, None);
    let mut fields = json.object().ok()?;
    while let Some(key) = json.key(&mut fields).ok()? {
        let place = match key.as_ref() {
            "__type" => &mut body.r#type,
            "code" => &mut body.code,
            "Code" => &mut body.capital_code,
            "message" => &mut lower_case_message,
            "Message" => &mut body.message,
            // Errors of OAuth 2 (RFC 6749, section 5.2), which IAM Identity Center sends.
            "error_description" => &mut description,
            _ => {
                json.skip().ok()?;
                continue;
            }
        };
        *place = text(&mut json)?;
    }
    body.message = lower_case_message.or(body.message).or(description);
    Some(body)
}

#[cfg(feature = "cbor")]
fn read_cbor(bytes: &[u8]) -> Option<ErrorBody> {
    let mut cbor = cbor::Reader::new(bytes);
    let mut body = ErrorBody::default();
    let mut lower_case_message = None;
    let mut fields = cbor.object().ok()?;
    while let Some(key) = cbor.key(&mut fields).ok()? {
        let place = match key.as_ref() {
            "__type" => &mut body.r#type,
            "code" => &mut body.code,
            "Code" => &mut body.capital_code,
            "message" => &mut lower_case_message,
            "Message" => &mut body.message,
            _ => {
                cbor.skip().ok()?;
                continue;
            }
        };
        *place = match cbor.document().ok()? {
            Document::String(text) => Some(text),
            _ => None,
        };
    }
    body.message = lower_case_message.or(body.message);
    Some(body)
}

/// The error in a body of XML; `None` if there is none.
#[cfg(feature = "xml-core")]
fn read_xml(bytes: &[u8]) -> Option<ErrorBody> {
    let mut reader = xml::Reader::new(bytes).ok()?;
    let mut body = ErrorBody::default();
    reader.root().ok()?;
    read_xml_error(&mut reader, &mut body).ok()?;
    (body.code.is_some() || body.message.is_some()).then_some(body)
}

/// Reads the element `Error`, or one that contains it.
#[cfg(feature = "xml-core")]
fn read_xml_error(reader: &mut xml::Reader<'_>, body: &mut ErrorBody) -> xml::Result<()> {
    while let Some(name) = reader.child()? {
        match name {
            "Error" | "Errors" => read_xml_error(reader, body)?,
            "Code" if body.code.is_none() => body.code = Some(reader.string()?),
            "Message" | "message" if body.message.is_none() => {
                body.message = Some(reader.string()?);
            }
            "RequestId" | "RequestID" => body.request_id = Some(reader.string()?),
            "Region" => body.region = Some(reader.string()?),
            _ => reader.skip()?,
        }
    }
    Ok(())
}

/// The id of the request in the XML of a response: beside the result, or in `ResponseMetadata`.
#[cfg(feature = "xml-core")]
fn request_id_of_xml(bytes: &[u8]) -> Option<String> {
    let mut reader = xml::Reader::new(bytes).ok()?;
    reader.root().ok()?;
    while let Some(name) = reader.child().ok()? {
        match name {
            "RequestId" | "RequestID" | "requestId" => return reader.string().ok(),
            // Its child is the id.
            "ResponseMetadata" => {}
            _ => reader.skip().ok()?,
        }
    }
    None
}

#[cfg(not(feature = "xml-core"))]
fn read_xml(_: &[u8]) -> Option<ErrorBody> {
    None
}

#[cfg(not(feature = "xml-core"))]
fn request_id_of_xml(_: &[u8]) -> Option<String> {
    None
}

/// A string; a code may be a number in some services.
fn text(json: &mut Reader<'_>) -> Option<Option<String>> {
    match json.peek_kind().ok()? {
        Kind::String => Some(Some(json.string().ok()?)),
        Kind::Number => Some(Some(json.number_as_text().ok()?.to_text())),
        _ => json.skip().ok().map(|()| None),
    }
}

#[cfg(test)]
mod tests {
    use super::{read_json, shape_name};

    #[test]
    fn the_description_of_an_oauth_error_is_its_message_where_it_has_no_other() {
        for (body, expected) in [
            (
                r#"{"error": "invalid_grant", "error_description": "too late"}"#,
                "too late",
            ),
            (
                r#"{"message": "late", "error_description": "too late"}"#,
                "late",
            ),
            (
                r#"{"error_description": "too late", "Message": "Late"}"#,
                "Late",
            ),
        ] {
            let read = read_json(body.as_bytes()).expect("it is JSON");
            assert_eq!(read.message.as_deref(), Some(expected), "{body}");
        }
    }

    #[test]
    fn a_code_is_the_shape_name_in_every_spelling() {
        for spelling in [
            "FooError",
            "FooError:http://internal.amazon.com/coral/com.amazon.coral.validate/",
            "aws.protocoltests.restjson#FooError",
            "aws.protocoltests.restjson#FooError:http://internal.amazon.com/coral/com.amazon.coral.validate/",
        ] {
            assert_eq!(shape_name(spelling), "FooError");
        }
    }
}
