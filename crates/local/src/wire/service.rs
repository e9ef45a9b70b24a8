//! What a model says about a service as a whole.

use attache_runtime::plumbing::xml::ErrorEnvelope;
use http::{HeaderMap, HeaderValue};

/// The protocols that attache supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// `aws.protocols#awsJson1_0`
    AwsJson10,
    /// `aws.protocols#awsJson1_1`
    AwsJson11,
    /// `aws.protocols#restJson1`
    RestJson1,
    /// `aws.protocols#awsQuery`
    AwsQuery,
    /// `aws.protocols#ec2Query`
    Ec2Query,
    /// `smithy.protocols#rpcv2Cbor`
    RpcV2Cbor,
}

impl Protocol {
    /// The headers of every response that has a body.
    pub(super) fn headers(self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let content_type = HeaderValue::from_static(self.content_type());
        headers.insert(http::header::CONTENT_TYPE, content_type);
        if self == Self::RpcV2Cbor {
            headers.insert("smithy-protocol", HeaderValue::from_static("rpc-v2-cbor"));
        }
        headers
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::AwsJson10 => "application/x-amz-json-1.0",
            Self::AwsJson11 => "application/x-amz-json-1.1",
            Self::RestJson1 => "application/json",
            Self::AwsQuery | Self::Ec2Query => "text/xml",
            Self::RpcV2Cbor => "application/cbor",
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
    /// The errors of its operations, in the order of the model.
    pub errors: &'static [ErrorFacts],
}

impl Protocol {
    /// What is around errors in XML; `None` for other protocols.
    pub(super) fn error_envelope(self) -> Option<ErrorEnvelope> {
        match self {
            Self::AwsQuery => Some(ErrorEnvelope::Query),
            Self::Ec2Query => Some(ErrorEnvelope::Ec2),
            Self::AwsJson10 | Self::AwsJson11 | Self::RestJson1 | Self::RpcV2Cbor => None,
        }
    }
}

impl Service {
    /// What the model says about the error with this code.
    pub fn error(&self, code: &str) -> Option<&'static ErrorFacts> {
        self.errors.iter().find(|error| error.code == code)
    }
}

/// What a model says about an error.
#[derive(Clone, Copy, Debug)]
pub struct ErrorFacts {
    /// Its code.
    pub code: &'static str,
    /// The id of its shape: its namespace, `#` and its code.
    pub shape: &'static str,
    /// Its status.
    pub status: u16,
    /// Whether the service is at fault, and not the client.
    pub is_server_fault: bool,
    /// Its code in the query protocol.
    pub query_code: Option<&'static str>,
    /// The member with the text for people.
    pub message: &'static str,
    /// The other members that the body must have, with the emptiest JSON of their types: empty texts, zeros, first values.
    /// In rpcv2Cbor it is the JSON of which `plumbing::cbor::Writer::readable` makes CBOR.
    pub members: &'static [(&'static str, &'static str)],
}
