//! How the requests of an operation are authenticated.
//!
//! A client signs with Signature Version 4 or not at all. An operation that takes neither must not be sent: the service
//! would refuse it, and a signature made with credentials that nobody asked for would go to it.

use crate::ast::{Traits, trait_id};

/// The traits by which a service says which schemes it takes; without `smithy.api#auth` all that it has hold (Smithy
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
    /// It cannot: the operation takes these schemes only.
    Unsupported(Vec<String>),
}

/// Decides for an operation. A model that says nothing at all about it is taken to want a signature, as AWS does.
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
