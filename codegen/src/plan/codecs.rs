//! The codecs of the messages of a protocol.

use crate::model::Protocol;

/// How the bodies of requests are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestCodec {
    /// JSON
    Json,
    /// A form, as browsers send it.
    Form,
}

/// How the bodies of responses and errors are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseCodec {
    /// JSON
    Json,
    /// XML
    Xml,
}

impl RequestCodec {
    pub(super) fn of(protocol: Protocol) -> Self {
        match protocol {
            Protocol::AwsJson10 | Protocol::AwsJson11 | Protocol::RestJson1 => Self::Json,
            Protocol::AwsQuery | Protocol::Ec2Query => Self::Form,
        }
    }
}

impl ResponseCodec {
    pub(super) fn of(protocol: Protocol) -> Self {
        match protocol {
            Protocol::AwsJson10 | Protocol::AwsJson11 | Protocol::RestJson1 => Self::Json,
            Protocol::AwsQuery | Protocol::Ec2Query => Self::Xml,
        }
    }
}
