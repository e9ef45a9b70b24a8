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
        "smithy.api#required" if has("smithy.api#idempotencyToken") => Validation::None,
        _ => {
            let judge = &context.new.judge;
            judge.constraint(id, difference.old, difference.new)
        }
    }
}

fn strict(id: &str) -> Option<&'static str> {
    matches!(
        id,
        "smithy.api#recommended" | "attache#allowedValues" | "attache#recommendedPattern"
    )
    .then_some(" Only the strict level checks it.")
}

/// Where in the message a member is: the awsJson protocols have nothing but bodies.
fn place_wire(context: Context<'_>, difference: &Difference<'_>, id: &str) -> Wire {
    let host = id == "smithy.api#hostLabel";
    if host || context.old.is_rest() || context.new.is_rest() {
        if id == "smithy.api#jsonName" && same_json_name(difference) {
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
        "smithy.api#length"
        | "smithy.api#range"
        | "smithy.api#pattern"
        | "smithy.api#uniqueItems"
        | "smithy.api#recommended"
        | "smithy.api#deprecated"
        | "smithy.api#sensitive"
        | "smithy.api#title"
        | "smithy.api#paginated"
        | "smithy.api#readonly"
        | "smithy.api#idempotent"
        | "smithy.api#retryable"
        | "smithy.api#clientOptional"
        | "smithy.api#input"
        | "smithy.api#output"
        | "smithy.api#error"
        | "smithy.waiters#waitable"
        | "smithy.rules#endpointTests" => Wire::None,
        id if id.starts_with("attache#") => attache_wire(id)?,
        "smithy.api#required" => match difference.new {
            None if context.usage(difference.shape).in_responses => Wire::Compatible,
            _ => Wire::None,
        },
        "smithy.api#default" => default(context, difference),
        "smithy.api#idempotencyToken"
        | "smithy.api#sparse"
        | "smithy.api#httpError"
        | "smithy.api#requiresLength"
        | "smithy.api#requestCompression"
        | "smithy.rules#endpointRuleSet"
        | "smithy.rules#endpointBdd"
        | "smithy.rules#staticContextParams"
        | "aws.protocols#awsQueryCompatible"
        | "aws.api#clientDiscoveredEndpoint"
        | "aws.auth#unsignedPayload" => Wire::Compatible,
        "smithy.api#httpChecksumRequired" | "aws.protocols#httpChecksum" => {
            if added {
                Wire::Breaking
            } else {
                Wire::Compatible
            }
        }
        "aws.protocols#awsQueryError" => match (difference.old, difference.new) {
            (None, _) => Wire::Compatible,
            (Some(old), Some(new)) if old["code"] == new["code"] => Wire::Compatible,
            _ => Wire::Breaking,
        },
        "smithy.api#http" => http(context, difference),
        "smithy.api#streaming" if context.new.type_of(difference.shape) != "union" => {
            Wire::Compatible
        }
        "smithy.api#enumValue"
        | "smithy.api#endpoint"
        | "smithy.api#streaming"
        | "smithy.api#enum" => Wire::Breaking,
        "smithy.api#timestampFormat" => timestamp_format(context, difference),
        "smithy.api#mediaType" => media_type(context, difference),
        "aws.auth#sigv4" => changed_key(difference, "name"),
        "aws.api#service" => service(context, difference),
        "smithy.api#auth" => authentication::wire(context, difference),
        // A service takes a signature that it does not need.
        "smithy.api#optionalAuth" => Wire::Compatible,
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
        "attache#allowedValues"
        | "attache#atLeastOneOf"
        | "attache#dayAligned"
        | "attache#dryRun"
        | "attache#errors"
        | "attache#mustEqual"
        | "attache#ordered"
        | "attache#paginated"
        | "attache#recommendedPattern"
        | "attache#source"
        | "attache#uniqueMember"
        | "attache#waiters" => Wire::None,
        "attache#defaultRegion"
        | "attache#endpointRegion"
        | "attache#labelDefault"
        | "attache#requestHeaders" => Wire::Compatible,
        "attache#endpoint" | "attache#treeHash" => Wire::Breaking,
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
    let ruled = ["smithy.rules#endpointRuleSet", "smithy.rules#endpointBdd"]
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
            && !traits.contains_key("smithy.api#clientOptional")
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
    side.traits(id, None).contains_key("smithy.api#input") || is_message && !is_member
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
                member["traits"].get("smithy.api#httpHeader").is_some()
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
