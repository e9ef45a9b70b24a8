//! Error codes, in all places and spellings of the JSON protocols.
//!
//! The code is in the header `X-Amzn-Errortype`, or in the body as `__type`, `code` or `Code`; the name of the shape
//! may have a namespace before `#` and a URL after `:` (restJson1 and awsJson1_1, "Operation error serialization"). If
//! there are several, the one that botocore uses is taken (1.44.5, `parsers.py`): in restJson1 the header, `code`,
//! `Code`, `__type`; in awsJson `__type`, because `code` may be a member of the error there. Places that botocore does
//! not read in a protocol come last. The message is `message`, or else `Message`.

use crate::error::ResponseDetails;
use crate::plumbing::json::{Kind, Reader};
use crate::plumbing::message::{HttpResponse, unreadable};
use crate::plumbing::operation::{Protocol, Service};

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

/// The longest error of STS in bytes: a few hundred are usual, and the reader keeps all leaves.
#[cfg(feature = "credential-chain")]
const XML_LIMIT: usize = 64 * 1024;

/// Reads code, message and other details of an error response. A body that is not JSON has no details, which is not an
/// error here.
pub(crate) fn details(service: &Service, response: &HttpResponse) -> ResponseDetails {
    let body = match service.protocol {
        Protocol::AwsJson | Protocol::RestJson => {
            read_json(response.bytes()).or_else(|| read_xml(response.bytes()))
        }
    };
    let description = match &body {
        Some(_) => None,
        None => unreadable::describe(response.headers(), response.bytes()),
    };
    let body = body.unwrap_or_default();
    let header = response.header("x-amzn-errortype");
    let codes = match service.protocol {
        Protocol::AwsJson => [body.r#type, header, body.code, body.capital_code],
        Protocol::RestJson => [header, body.code, body.capital_code, body.r#type],
    };
    let shape = codes
        .into_iter()
        .flatten()
        .map(|code| shape_name(&code).to_owned())
        .find(|code| !code.is_empty());
    let mut code = shape.clone();
    if service.query_compatible
        && let Some(query_error) = response.header("x-amzn-query-error")
        && let Some((query_code, _)) = query_error.split_once(';')
    {
        code = Some(query_code.to_owned());
    }
    let throttling = is_throttling(
        service,
        [shape.as_deref(), code.as_deref()],
        response.status(),
    );
    let is_sensitive = [&shape, &code]
        .into_iter()
        .flatten()
        .any(|name| service.sensitive_messages.contains(&name.as_str()));
    ResponseDetails {
        code,
        shape,
        message: body.message.filter(|_| !is_sensitive),
        description,
        request_id: request_id(response),
        throttling,
    }
}

/// Whether an error of these names, shape and code, means throttling.
pub(crate) fn is_throttling(service: &Service, names: [Option<&str>; 2], status: u16) -> bool {
    let by_name = names.into_iter().flatten().any(|code| {
        THROTTLING_CODES.contains(&code)
            || service
                .retryable_errors
                .iter()
                .any(|(name, throttling)| *throttling && *name == code)
    });
    // Status 429 means throttling only if the model does not say more about the error (botocore 1.44.5,
    // `ThrottlingStatusCodeChecker`).
    let modelled = names[0].is_some_and(|shape| service.modelled_errors.contains(&shape));
    by_name || (status == 429 && !modelled)
}

/// The id that AWS gave the request.
pub(crate) fn request_id(response: &HttpResponse) -> Option<String> {
    ["x-amzn-requestid", "x-amz-request-id", "x-amzn-request-id"]
        .iter()
        .find_map(|name| response.header(name))
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
}

fn read_json(bytes: &[u8]) -> Option<ErrorBody> {
    let mut json = Reader::new(bytes).ok()?;
    let mut body = ErrorBody::default();
    let mut lower_case_message = None;
    let mut fields = json.object().ok()?;
    while let Some(key) = json.key(&mut fields).ok()? {
        match key.as_ref() {
            "__type" => body.r#type = text(&mut json)?,
            "code" => body.code = text(&mut json)?,
            "Code" => body.capital_code = text(&mut json)?,
            "message" => lower_case_message = text(&mut json)?,
            "Message" => body.message = text(&mut json)?,
            _ => json.skip().ok()?,
        }
    }
    body.message = lower_case_message.or(body.message);
    Some(body)
}

/// The error of STS, the only service with XML that the runtime itself calls.
#[cfg(feature = "credential-chain")]
fn read_xml(bytes: &[u8]) -> Option<ErrorBody> {
    if bytes.len() > XML_LIMIT {
        return None;
    }
    let leaves = crate::xml::Leaves::read(bytes)?;
    let leaf = |name| leaves.get(name).map(str::to_owned);
    Some(ErrorBody {
        r#type: None,
        code: Some(leaf("ErrorResponse/Error/Code")?),
        capital_code: None,
        message: leaf("ErrorResponse/Error/Message"),
    })
}

#[cfg(not(feature = "credential-chain"))]
fn read_xml(_: &[u8]) -> Option<ErrorBody> {
    None
}

/// A string; a code may be a number in some services.
fn text(json: &mut Reader<'_>) -> Option<Option<String>> {
    match json.peek_kind().ok()? {
        Kind::String => Some(Some(json.string().ok()?)),
        Kind::Number => Some(Some(json.any_number().ok()?.to_string())),
        _ => json.skip().ok().map(|()| None),
    }
}

#[cfg(test)]
mod tests {
    use super::shape_name;

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
