//! What a trait means that comes, goes, or gets another value.
//!
//! The ledger of traits knows which ones change nothing in a client; each of the others has its line here. One that has
//! none is unclassified, so that a trait cannot move to *handled* unnoticed.

use serde_json::Value;

use super::authentication;
use super::references::plain;
use super::sentence::sentence;
use super::{Context, Effect, happened, kebab, place, values};
use crate::ast::ledger::{Handling, handling};
use crate::ast::trait_id;
use crate::diff::level::{RustLevel, Validation, Wire};
use crate::diff::side::Side;
use crate::diff::validation::is_constraint;
use crate::diff::walk::Difference;
use crate::diff::wire::PLACES;

/// The effect of a difference of a trait; `None` for one that has no rule.
pub(super) fn rule(context: Context<'_>, difference: &Difference<'_>, id: &str) -> Option<Effect> {
    let name = id.split_once('#').map_or(id, |(_, name)| name);
    let subject = match difference.member {
        None if difference.shape == context.new.service => "the service".to_owned(),
        _ => place(difference),
    };
    let kind = format!("{}-{}", kebab(name), happened(difference));
    let what = values(difference.old, difference.new);
    let mut effect = plain(kind, format!("`{name}` of {subject} {what}."));
    match handling(id)? {
        Handling::Ignored(reason) => {
            effect.sentence = format!("`{name}` of {subject} {what}; {reason}.");
            return Some(effect);
        }
        // Without this trait the shape can be generated, with it not: the API tells.
        Handling::Refused(_) | Handling::Handled => {}
    }
    effect.wire = if PLACES.contains(&id) {
        place_wire(context, difference, id)
    } else {
        wire(context, difference, id)?
    };
    if !context.is_kept(difference.shape) {
        effect.wire = Wire::None;
        effect.rust = context.patch(difference.shape);
        if effect.rust == RustLevel::None {
            effect.sentence = format!("`{name}` of {subject} {what}; no operation reaches it.");
        }
        return Some(effect);
    }
    effect.rust = RustLevel::Patch;
    effect.sentence = sentence(context, &subject, id, difference).unwrap_or(effect.sentence);
    let usage = context.usage(difference.shape);
    if is_constraint(id) {
        if usage.in_requests {
            effect.validation = checked(context, difference, id);
        } else {
            effect
                .sentence
                .push_str(" It is only received, and what is received is not checked.");
        }
    }
    if let Some(level) = strict(id) {
        effect.sentence.push_str(level);
    }
    Some(effect)
}

/// A constraint on what a client fills in itself refuses nothing.
fn checked(context: Context<'_>, difference: &Difference<'_>, id: &str) -> Validation {
    let has = |id: &str| {
        let traits = context.new.traits(difference.shape, difference.member);
        traits.contains_key(id)
    };
    match id {
        trait_id::REQUIRED if has(trait_id::IDEMPOTENCY_TOKEN) => Validation::None,
        _ => {
            let judge = &context.new.judge;
            judge.constraint(id, difference.old, difference.new)
        }
    }
}

fn strict(id: &str) -> Option<&'static str> {
    matches!(
        id,
        trait_id::RECOMMENDED
            | trait_id::attache::ALLOWED_VALUES
            | trait_id::attache::RECOMMENDED_PATTERN
    )
    .then_some(" Only the strict level checks it.")
}

/// Where in the message a member is: the awsJson protocols have nothing but bodies.
fn place_wire(context: Context<'_>, difference: &Difference<'_>, id: &str) -> Wire {
    let host = id == trait_id::HOST_LABEL;
    if host || context.old.is_rest() || context.new.is_rest() {
        if id == trait_id::JSON_NAME && same_json_name(difference) {
            return Wire::None;
        }
        Wire::Breaking
    } else {
        Wire::None
    }
}

/// A JSON name that is the member's own says nothing.
fn same_json_name(difference: &Difference<'_>) -> bool {
    let name = |value: Option<&Value>| {
        value
            .and_then(Value::as_str)
            .or(difference.member)
            .map(str::to_owned)
    };
    name(difference.old) == name(difference.new)
}

/// What a handled trait means for the messages.
fn wire(context: Context<'_>, difference: &Difference<'_>, id: &str) -> Option<Wire> {
    let added = difference.old.is_none();
    let name = id.rsplit('#').next().unwrap_or(id);
    Some(match id {
        // Checks, documentation, and what clients do on their own.
        trait_id::LENGTH
        | trait_id::RANGE
        | trait_id::PATTERN
        | trait_id::UNIQUE_ITEMS
        | trait_id::RECOMMENDED
        | trait_id::DEPRECATED
        | trait_id::SENSITIVE
        | trait_id::TITLE
        | trait_id::PAGINATED
        | trait_id::READONLY
        | trait_id::IDEMPOTENT
        | trait_id::RETRYABLE
        | trait_id::CLIENT_OPTIONAL
        | trait_id::INPUT
        | trait_id::OUTPUT
        | trait_id::ERROR
        | trait_id::WAITABLE
        | trait_id::ENDPOINT_TESTS => Wire::None,
        id if id.starts_with("attache#") => attache_wire(id)?,
        trait_id::REQUIRED => match difference.new {
            None if context.usage(difference.shape).in_responses => Wire::Compatible,
            _ => Wire::None,
        },
        trait_id::DEFAULT => default(context, difference),
        trait_id::IDEMPOTENCY_TOKEN
        | trait_id::SPARSE
        | trait_id::HTTP_ERROR
        | trait_id::REQUIRES_LENGTH
        | trait_id::REQUEST_COMPRESSION
        | trait_id::ENDPOINT_RULE_SET
        | trait_id::ENDPOINT_BDD
        | trait_id::STATIC_CONTEXT_PARAMS
        | trait_id::AWS_QUERY_COMPATIBLE
        | trait_id::CLIENT_DISCOVERED_ENDPOINT
        | trait_id::UNSIGNED_PAYLOAD => Wire::Compatible,
        trait_id::HTTP_CHECKSUM_REQUIRED | trait_id::HTTP_CHECKSUM => {
            if added {
                Wire::Breaking
            } else {
                Wire::Compatible
            }
        }
        trait_id::AWS_QUERY_ERROR => match (difference.old, difference.new) {
            (None, _) => Wire::Compatible,
            (Some(old), Some(new)) if old["code"] == new["code"] => Wire::Compatible,
            _ => Wire::Breaking,
        },
        trait_id::HTTP => http(context, difference),
        trait_id::STREAMING if context.new.type_of(difference.shape) != "union" => Wire::Compatible,
        trait_id::ENUM_VALUE | trait_id::ENDPOINT | trait_id::STREAMING | trait_id::ENUM => {
            Wire::Breaking
        }
        trait_id::TIMESTAMP_FORMAT => timestamp_format(context, difference),
        trait_id::MEDIA_TYPE => media_type(context, difference),
        trait_id::SIGV4 => changed_key(difference, "name"),
        trait_id::SERVICE => service(context, difference),
        trait_id::AUTH => authentication::wire(context, difference),
        // A service takes a signature that it does not need.
        trait_id::OPTIONAL_AUTH => Wire::Compatible,
        _ if ["awsJson1_0", "awsJson1_1", "restJson1"].contains(&name) => {
            if context.old.protocol() == context.new.protocol() {
                Wire::None
            } else {
                Wire::Breaking
            }
        }
        _ => return None,
    })
}

/// The traits of our own that are about more than checks.
fn attache_wire(id: &str) -> Option<Wire> {
    Some(match id {
        trait_id::attache::ALLOWED_VALUES
        | trait_id::attache::AT_LEAST_ONE_OF
        | trait_id::attache::DAY_ALIGNED
        | trait_id::attache::DRY_RUN
        | trait_id::attache::ERRORS
        | trait_id::attache::MUST_EQUAL
        | trait_id::attache::ORDERED
        | trait_id::attache::PAGINATED
        | trait_id::attache::RECOMMENDED_PATTERN
        | trait_id::attache::SOURCE
        | trait_id::attache::UNIQUE_MEMBER
        | trait_id::attache::WAITERS => Wire::None,
        trait_id::attache::DEFAULT_REGION
        | trait_id::attache::ENDPOINT_REGION
        | trait_id::attache::LABEL_DEFAULT
        | trait_id::attache::REQUEST_HEADERS => Wire::Compatible,
        trait_id::attache::ENDPOINT | trait_id::attache::TREE_HASH => Wire::Breaking,
        _ => return None,
    })
}

fn changed_key(difference: &Difference<'_>, key: &str) -> Wire {
    let value = |side: Option<&Value>| side.and_then(|value| value.get(key)).cloned();
    if value(difference.old) == value(difference.new) {
        Wire::None
    } else {
        Wire::Breaking
    }
}

/// Method and URI are where a request goes; the status of a success is not what clients go by.
fn http(context: Context<'_>, difference: &Difference<'_>) -> Wire {
    if !context.old.is_rest() && !context.new.is_rest() {
        return Wire::None;
    }
    changed_key(difference, "method")
        .max(changed_key(difference, "uri"))
        .max(Wire::Compatible)
}

/// The name in signatures and hosts is on the wire, the names for tools are not.
fn service(context: Context<'_>, difference: &Difference<'_>) -> Wire {
    let ruled = [trait_id::ENDPOINT_RULE_SET, trait_id::ENDPOINT_BDD]
        .iter()
        .any(|id| {
            context
                .new
                .traits(&context.new.service, None)
                .contains_key(*id)
        });
    match changed_key(difference, "endpointPrefix") {
        Wire::Breaking if !ruled => Wire::Breaking,
        _ => Wire::None,
    }
}

/// A default is sent where a member is left out, but for members of requests and those that may be absent all the same.
/// Another default than before is another message of the same program.
fn default(context: Context<'_>, difference: &Difference<'_>) -> Wire {
    let is_sent = |side: &Side| {
        let traits = side.traits(difference.shape, difference.member);
        difference.member.is_some()
            && side.type_of(difference.shape) == "structure"
            && !traits.contains_key(trait_id::CLIENT_OPTIONAL)
            && !is_request(side, difference.shape)
    };
    if !context.usage(difference.shape).in_requests
        || !is_sent(context.old) && !is_sent(context.new)
    {
        return Wire::None;
    }
    let given = |value: Option<&Value>| value.is_some_and(|value| !value.is_null());
    match (given(difference.old), given(difference.new)) {
        (false, false) => Wire::None,
        (true, true) => Wire::Breaking,
        _ => Wire::Compatible,
    }
}

/// Whether the shape is nothing but a request, whose members may always be left out.
fn is_request(side: &Side, id: &str) -> bool {
    let targets = |shape: &Value| shape["target"] == id;
    let mut shapes = side.shapes().iter();
    let is_message =
        shapes.any(|(_, shape)| shape["type"] == "operation" && targets(&shape["input"]));
    let is_member = side.shapes().keys().any(|owner| {
        let members = side.members(owner);
        members.iter().any(|(_, member)| targets(member))
    });
    side.traits(id, None).contains_key(trait_id::INPUT) || is_message && !is_member
}

/// Bodies have seconds since 1970 without a format as well.
fn timestamp_format(context: Context<'_>, difference: &Difference<'_>) -> Wire {
    let traits = context.new.traits(difference.shape, difference.member);
    let in_body = match difference.member {
        Some(_) => !PLACES
            .iter()
            .any(|id| id.contains("http") && traits.contains_key(*id)),
        None => !context.new.is_rest(),
    };
    let format = |value: Option<&Value>| {
        let named = value.and_then(Value::as_str);
        named
            .or(in_body.then_some("epoch-seconds"))
            .map(str::to_owned)
    };
    if format(difference.old) == format(difference.new) {
        Wire::None
    } else {
        Wire::Breaking
    }
}

/// A string with a media type travels as base64 in a header; elsewhere the type is only told.
fn media_type(context: Context<'_>, difference: &Difference<'_>) -> Wire {
    let in_header = |side: &Side| {
        side.shapes().iter().any(|(id, _)| {
            side.members(id).into_iter().any(|(name, member)| {
                let here = id == difference.shape && Some(name) == difference.member;
                member["traits"].get(trait_id::HTTP_HEADER).is_some()
                    && (here || member["target"] == difference.shape)
            })
        })
    };
    if context.new.is_rest() && in_header(context.new) {
        Wire::Breaking
    } else {
        Wire::Compatible
    }
}
