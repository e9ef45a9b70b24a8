//! What is around the members of an error in XML (Smithy specification, "AWS query protocol" and "AWS EC2 query
//! protocol", sections "Operation error serialization").

use super::Writer;
use crate::plumbing::operation::{Protocol, Service};

/// The id of requests that no AWS service received.
const REQUEST_ID: &str = "00000000-0000-0000-0000-000000000000";

/// The elements around an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorEnvelope {
    /// `ErrorResponse` of awsQuery and restXml.
    Query,
    /// `Response` and `Errors` of ec2Query.
    Ec2,
    /// Nothing: the root is `Error` (`noErrorWrapping` of restXml).
    Unwrapped,
}

impl ErrorEnvelope {
    /// The elements of a service; `None` if its errors are not in XML.
    pub fn of(service: &Service) -> Option<Self> {
        match service.protocol {
            Protocol::Query | Protocol::RestXml => Some(Self::Query),
            Protocol::Ec2Query => Some(Self::Ec2),
            _ => None,
        }
    }

    /// Writes an error. `fault` is `Sender` or `Receiver`.
    pub fn write(
        self,
        writer: &mut Writer,
        code: &str,
        fault: &str,
        members: impl FnOnce(&mut Writer),
    ) {
        let text = |writer: &mut Writer, name: &str, value: &str| {
            writer.begin(name);
            writer.string(value);
            writer.end(name);
        };
        if self == Self::Unwrapped {
            writer.begin("Error");
            text(writer, "Code", code);
            members(writer);
            text(writer, "RequestId", REQUEST_ID);
            return writer.end("Error");
        }
        let (root, request_id) = match self {
            Self::Query | Self::Unwrapped => ("ErrorResponse", "RequestId"),
            Self::Ec2 => ("Response", "RequestID"),
        };
        writer.begin(root);
        if self == Self::Ec2 {
            writer.begin("Errors");
        }
        writer.begin("Error");
        if self == Self::Query {
            text(writer, "Type", fault);
        }
        text(writer, "Code", code);
        members(writer);
        writer.end("Error");
        if self == Self::Ec2 {
            writer.end("Errors");
        }
        text(writer, request_id, REQUEST_ID);
        writer.end(root);
    }
}
