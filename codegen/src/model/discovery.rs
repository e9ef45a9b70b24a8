//! Endpoints that a service names itself.

use super::id::MemberId;
use super::path::Path;

/// The operation that names endpoints (`aws.api#clientEndpointDiscovery`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointFinder {
    /// Its name.
    pub operation: String,
    /// The shape name of the error which means that an endpoint must not be used any more.
    pub error: String,
    /// The member of its request for the name of the operation that is to be called.
    pub operation_name: Option<MemberId>,
    /// The member of its request for the identifiers.
    pub identifiers: Option<MemberId>,
    /// The list of endpoints in its response.
    pub endpoints: MemberId,
    /// The address of an endpoint.
    pub address: MemberId,
    /// For how many minutes an endpoint may be used.
    pub minutes: MemberId,
}

/// How an operation uses endpoints that the service names (`aws.api#clientDiscoveredEndpoint`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// Whether no other endpoint has it.
    pub required: bool,
    /// The members of the request that choose the endpoint (`aws.api#clientEndpointDiscoveryId`), by their names.
    pub identifiers: Vec<(String, Path)>,
}
