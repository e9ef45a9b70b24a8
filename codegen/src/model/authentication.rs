//! How the requests of an operation are authenticated.
//!
//! A request that accepts no way which a client knows must not be sent: the service would refuse it, and would receive a
//! signature that it does not need.

use serde_json::Value;

use crate::ast::{Traits, trait_id};
use crate::error::{Error, Result};

/// The traits with which a service names its schemes; without `smithy.api#auth` all of them apply, in the order of the
/// alphabet (Smithy specification, "Authentication traits").
pub(crate) const SCHEMES: [&str; 6] = [
    trait_id::SIGV4,
    trait_id::SIGV4A,
    trait_id::HTTP_API_KEY_AUTH,
    trait_id::HTTP_BASIC_AUTH,
    trait_id::HTTP_BEARER_AUTH,
    trait_id::HTTP_DIGEST_AUTH,
];

/// A way to authenticate a request that a client knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `aws.auth#sigv4`
    SigV4,
    /// `aws.auth#sigv4a`
    SigV4a,
    /// `smithy.api#httpBearerAuth`
    Bearer,
    /// `smithy.api#noAuth`, or `smithy.api#optionalAuth`, which adds it behind the others.
    NoAuth,
}

impl Scheme {
    fn of(id: &str) -> Option<Self> {
        match id {
            trait_id::SIGV4 => Some(Self::SigV4),
            trait_id::SIGV4A => Some(Self::SigV4a),
            trait_id::HTTP_BEARER_AUTH => Some(Self::Bearer),
            trait_id::NO_AUTH => Some(Self::NoAuth),
            _ => None,
        }
    }

    /// Whether it is a signature.
    pub fn is_signature(self) -> bool {
        matches!(self, Self::SigV4 | Self::SigV4a)
    }
}

/// The form of Signature Version 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureVersion {
    /// The usual one.
    V4,
    /// `s3v4`: the path is signed as it is sent, the hash of the payload is a header, and a URL signs no payload.
    S3V4,
}

/// What a client does for an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Authentication {
    /// It uses the first of these for which it has what it needs.
    By(Vec<Scheme>),
    /// It cannot call the operation, which accepts only these schemes.
    Unsupported(Vec<String>),
}

/// Decides for an operation. Without a trait, a signature is required, as usual for AWS.
pub(crate) fn authentication(operation: &Traits, service: &Traits) -> Authentication {
    let listed = operation
        .get(trait_id::AUTH)
        .or_else(|| service.get(trait_id::AUTH))
        .and_then(|value| value.as_array());
    let ids: Vec<String> = match listed {
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
    let mut schemes: Vec<Scheme> = Vec::new();
    for scheme in ids.iter().filter_map(|id| Scheme::of(id)) {
        if !schemes.contains(&scheme) {
            schemes.push(scheme);
        }
    }
    let is_anonymous = listed.is_some_and(Vec::is_empty) || operation.has(trait_id::OPTIONAL_AUTH);
    if is_anonymous && !schemes.contains(&Scheme::NoAuth) {
        schemes.push(Scheme::NoAuth);
    }
    if ids.is_empty() && schemes.is_empty() {
        schemes.push(Scheme::SigV4);
    }
    match schemes.is_empty() {
        false => Authentication::By(schemes),
        true => Authentication::Unsupported(ids),
    }
}

/// The form of the signatures of a service. C2J states it. Smithy has no trait for it, but the endpoint rules of the services
/// that want it, and of no others, switch off that paths are encoded twice.
///
/// # Errors
/// A form that is not known.
pub(crate) fn signature_version(service: &Traits) -> Result<SignatureVersion> {
    let id = trait_id::attache::SIGNATURE_VERSION;
    match service.string(id)?.as_deref() {
        None => {
            let rules = [trait_id::ENDPOINT_RULE_SET, trait_id::ENDPOINT_BDD];
            let mut rules = rules.iter().filter_map(|id| service.get(id));
            Ok(match rules.any(encodes_once) {
                true => SignatureVersion::S3V4,
                false => SignatureVersion::V4,
            })
        }
        Some("s3v4") => Ok(SignatureVersion::S3V4),
        Some(other) => Err(Error::new(format!(
            "trait `{id}`: `{other}` is not known, only `s3v4` is"
        ))),
    }
}

/// Whether endpoint rules say `disableDoubleEncoding` somewhere.
fn encodes_once(rules: &Value) -> bool {
    match rules {
        Value::Object(entries) => entries.iter().any(|(key, value)| {
            (key == "disableDoubleEncoding" && *value == Value::Bool(true)) || encodes_once(value)
        }),
        Value::Array(items) => items.iter().any(encodes_once),
        _ => false,
    }
}

/// The name of a service in signatures, which is the same for both kinds.
///
/// # Errors
/// The two traits have different names.
pub(crate) fn signing_name(service: &Traits) -> Result<Option<String>> {
    let name = |id: &str| {
        let value = service.get(id)?;
        value.get("name")?.as_str().map(str::to_owned)
    };
    match (name(trait_id::SIGV4), name(trait_id::SIGV4A)) {
        (Some(one), Some(other)) if one != other => Err(Error::new(format!(
            "the traits `{}` and `{}` name the service differently, `{one}` and `{other}`: one name is supported",
            trait_id::SIGV4,
            trait_id::SIGV4A
        ))),
        (one, other) => Ok(one.or(other)),
    }
}
