//! The codecs of the messages of a protocol.

use crate::model::Protocol;

/// How the bodies of requests are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestCodec {
    /// JSON
    Json,
    /// CBOR
    Cbor,
    /// A form, as browsers send it.
    Form,
    /// XML
    Xml,
}

/// How the bodies of responses and errors are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseCodec {
    /// JSON
    Json,
    /// CBOR
    Cbor,
    /// XML
    Xml,
}

impl RequestCodec {
    pub(super) fn of(protocol: Protocol) -> Self {
        match protocol {
            Protocol::AwsJson10 | Protocol::AwsJson11 | Protocol::RestJson1 => Self::Json,
            Protocol::RpcV2Cbor => Self::Cbor,
            Protocol::AwsQuery | Protocol::Ec2Query => Self::Form,
            Protocol::RestXml => Self::Xml,
        }
    }
}

impl ResponseCodec {
    pub(super) fn of(protocol: Protocol) -> Self {
        match protocol {
            Protocol::AwsJson10 | Protocol::AwsJson11 | Protocol::RestJson1 => Self::Json,
            Protocol::RpcV2Cbor => Self::Cbor,
            Protocol::AwsQuery | Protocol::Ec2Query | Protocol::RestXml => Self::Xml,
        }
    }
}
