//! How the requests of an operation are authenticated.
//!
//! A client signs with Signature Version 4 or not at all. A request of an operation that accepts neither must not be
//! sent: the service would refuse it, and would receive a signature that it does not need.

use crate::ast::{Traits, trait_id};

/// The traits with which a service names its schemes; without `smithy.api#auth` all of them apply (Smithy
/// specification, "Authentication traits").
const SCHEMES: [&str; 6] = [
    trait_id::SIGV4,
    trait_id::SIGV4A,
    trait_id::HTTP_API_KEY_AUTH,
    trait_id::HTTP_BASIC_AUTH,
    trait_id::HTTP_BEARER_AUTH,
    trait_id::HTTP_DIGEST_AUTH,
];

/// What a client does for an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Authentication {
    /// It signs.
    Signed,
    /// It sends the request as it is.
    Unsigned,
    /// It cannot call the operation, which accepts only these schemes.
    Unsupported(Vec<String>),
}

/// Decides for an operation. Without a trait, a signature is required, as usual for AWS.
pub(crate) fn authentication(operation: &Traits, service: &Traits) -> Authentication {
    let listed = operation
        .get(trait_id::AUTH)
        .or_else(|| service.get(trait_id::AUTH))
        .and_then(|value| value.as_array());
    let schemes: Vec<String> = match listed {
        Some(list) => list
            .iter()
            .filter_map(|scheme| scheme.as_str().map(str::to_owned))
            .collect(),
        None => SCHEMES
            .into_iter()
            .filter(|scheme| service.has(scheme))
            .map(str::to_owned)
            .collect(),
    };
    let anonymous = listed.is_some_and(Vec::is_empty)
        || schemes.iter().any(|scheme| scheme == trait_id::NO_AUTH)
        || operation.has(trait_id::OPTIONAL_AUTH);
    if schemes.iter().any(|scheme| scheme == trait_id::SIGV4)
        || listed.is_none() && schemes.is_empty()
    {
        Authentication::Signed
    } else if anonymous {
        Authentication::Unsigned
    } else {
        Authentication::Unsupported(schemes)
    }
}
