//! What generated code says about the discovery of endpoints (`aws.api#clientEndpointDiscovery`).

#[cfg(feature = "endpoint-discovery")]
mod asking;
mod question;

#[cfg(feature = "endpoint-discovery")]
pub use self::asking::request;
pub use self::question::Question;
#[cfg(feature = "endpoint-discovery")]
use super::message::{DecodeError, EncodeError, HttpRequest, HttpResponse};
#[cfg(feature = "endpoint-discovery")]
use super::operation::Operation;

/// An operation that is called at an endpoint which the service names (`aws.api#clientDiscoveredEndpoint`).
#[derive(Debug)]
pub struct Discovery {
    /// Whether no other endpoint has the operation.
    pub required: bool,
    /// How the endpoint is found. A client that has it and lacks the feature does not compile, instead of calling endpoints
    /// that may not have the operation.
    #[cfg(feature = "endpoint-discovery")]
    pub finder: &'static Finder,
}

/// The operation of a service that names endpoints.
#[cfg(feature = "endpoint-discovery")]
#[derive(Debug)]
pub struct Finder {
    /// The operation.
    pub operation: &'static Operation,
    /// The shape name of the error which means that an endpoint must not be used any more.
    pub error: &'static str,
    /// Writes its request.
    pub encode: fn(Question) -> Result<HttpRequest, EncodeError>,
    /// Reads its response.
    pub decode: fn(HttpResponse) -> Result<Vec<Endpoint>, DecodeError>,
}

/// An endpoint that a service named.
#[cfg(feature = "endpoint-discovery")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub(crate) address: String,
    pub(crate) minutes: i64,
}

#[cfg(feature = "endpoint-discovery")]
impl Endpoint {
    /// An endpoint with the time for which it may be used, in minutes; `None` without an address.
    pub fn new(
        address: impl Into<Option<String>>,
        minutes: impl Into<Option<i64>>,
    ) -> Option<Self> {
        let address = address.into().filter(|address| !address.is_empty())?;
        let minutes = minutes.into().unwrap_or_default();
        Some(Self { address, minutes })
    }
}
