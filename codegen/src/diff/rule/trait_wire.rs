//! What a change of a trait means for the messages.

use serde_json::Value;

use super::{Sides, authentication};
use crate::ast::ShapeKind;
use crate::ast::trait_id::{self, attache};
use crate::diff::level::Wire;
use crate::diff::side::{PROTOCOLS, Side};
use crate::diff::walk::Difference;
use crate::diff::wire::{PLACES, XML_PLACES};

/// What a handled trait means for the messages, if its value or its place matters.
pub(super) fn wire(sides: Sides<'_>, difference: &Difference<'_>, id: &str) -> Option<Wire> {
    let added = difference.old.is_none();
    Some(match id {
        id if PLACES.contains(&id) => place(sides, difference, id),
        id if XML_PLACES.contains(&id) => xml_place(sides, difference, id),
        id if PROTOCOLS.contains(&id) => match sides.old.protocol() == sides.new.protocol() {
            true => Wire::None,
            false => Wire::Breaking,
        },
        trait_id::REQUIRED => match difference.new {
            None if sides.usage(difference.shape).in_responses => Wire::Compatible,
            _ => Wire::None,
        },
        trait_id::DEFAULT => default(sides, difference),
        trait_id::HTTP_CHECKSUM_REQUIRED | trait_id::HTTP_CHECKSUM if added => Wire::Breaking,
        trait_id::AWS_QUERY_ERROR => match (difference.old, difference.new) {
            (None, _) => Wire::Compatible,
            (Some(old), Some(new)) if old["code"] == new["code"] => Wire::Compatible,
            _ => Wire::Breaking,
        },
        trait_id::HTTP => http(sides, difference),
        trait_id::STREAMING if sides.new.type_of(difference.shape) != "union" => Wire::Compatible,
        trait_id::TIMESTAMP_FORMAT => timestamp_format(sides, difference),
        trait_id::MEDIA_TYPE => media_type(sides, difference),
        trait_id::SIGV4 => changed_key(difference, "name"),
        trait_id::SERVICE => service(sides, difference),
        attache::TARGET_PREFIX => target_prefix(sides, difference),
        trait_id::SIGV4A if difference.old.is_some() && difference.new.is_some() => {
            changed_key(difference, "name")
        }
        trait_id::AUTH | trait_id::SIGV4A | trait_id::HTTP_BEARER_AUTH => {
            authentication::wire(sides, difference)
        }
        _ => always(id)?,
    })
}

/// What a trait means for the messages, whatever its value.
fn always(id: &str) -> Option<Wire> {
    Some(match id {
        // Checks, documentation, and the behaviour of clients.
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
        trait_id::IDEMPOTENCY_TOKEN
        | trait_id::SPARSE
        | trait_id::HTTP_ERROR
        | trait_id::REQUIRES_LENGTH
        | trait_id::REQUEST_COMPRESSION
        | trait_id::HTTP_CHECKSUM_REQUIRED
        | trait_id::HTTP_CHECKSUM
        | trait_id::ENDPOINT_RULE_SET
        | trait_id::ENDPOINT_BDD
        | trait_id::CLIENT_CONTEXT_PARAMS
        | trait_id::CONTEXT_PARAM
        | trait_id::OPERATION_CONTEXT_PARAMS
        | trait_id::STATIC_CONTEXT_PARAMS
        | trait_id::AWS_QUERY_COMPATIBLE
        | trait_id::CLIENT_DISCOVERED_ENDPOINT
        | trait_id::CLIENT_ENDPOINT_DISCOVERY
        | trait_id::CLIENT_ENDPOINT_DISCOVERY_ID
        | trait_id::UNSIGNED_PAYLOAD
        // A service accepts a signature that it does not need.
        | trait_id::OPTIONAL_AUTH => Wire::Compatible,
        trait_id::ENUM_VALUE
        | trait_id::ENDPOINT
        | trait_id::STREAMING
        | trait_id::ENUM
        | trait_id::EVENT_HEADER
        | trait_id::EVENT_PAYLOAD
        | trait_id::S3_UNWRAPPED_XML_OUTPUT => Wire::Breaking,
        _ => always_of_overlays(id)?,
    })
}

/// The same for the traits of overlays.
fn always_of_overlays(id: &str) -> Option<Wire> {
    Some(match id {
        attache::ALLOWED_VALUES
        | attache::AT_LEAST_ONE_OF
        | attache::DAY_ALIGNED
        | attache::DRY_RUN
        | attache::ERRORS
        // What it changes is compared as the target of the member.
        | attache::MEMBER_TARGET
        | attache::MUST_EQUAL
        | attache::ORDERED
        | attache::PAGINATED
        | attache::RECOMMENDED_PATTERN
        | attache::SOURCE
        | attache::TEXT_BESIDE
        | attache::UNIQUE_MEMBER
        | attache::WAITERS => Wire::None,
        attache::CRC32_REQUIRED
        | attache::DEFAULT_REGION
        | attache::ENDPOINT_BACKENDS
        | attache::ENDPOINT_REGION
        | attache::IDEMPOTENT_METHODS
        | attache::LABEL_DEFAULT
        | attache::LAST_SEGMENT
        | attache::REGION_REDIRECT
        | attache::PRESIGNED_COPY
        | attache::REQUEST_HEADERS
        | attache::UNWRAPPED_ERRORS => Wire::Compatible,
        attache::ENDPOINT
        | attache::ENDPOINT_LABELS
        | attache::KEY_WITH_MD5
        | attache::PERCENT_ENCODED
        | attache::QUERY_AS_FORM
        | attache::SIGNATURE_VERSION
        | attache::TREE_HASH
        | attache::URL_TEXTS => Wire::Breaking,
        _ => return None,
    })
}

/// The place of a member in the message; the awsJson protocols have only bodies.
fn place(sides: Sides<'_>, difference: &Difference<'_>, id: &str) -> Wire {
    let host = id == trait_id::HOST_LABEL;
    if host || sides.old.is_rest() || sides.new.is_rest() {
        if id == trait_id::JSON_NAME && same_name(difference) {
            return Wire::None;
        }
        Wire::Breaking
    } else {
        Wire::None
    }
}

/// The form of a member in XML and in forms, which the other protocols do not have.
fn xml_place(sides: Sides<'_>, difference: &Difference<'_>, id: &str) -> Wire {
    let is_read = sides.old.is_xml() || sides.new.is_xml();
    let is_same = id == trait_id::XML_NAME && same_name(difference);
    match is_read && !is_same {
        // Forms have no namespaces, and readers of XML accept any.
        true if id == trait_id::XML_NAMESPACE => Wire::Compatible,
        true => Wire::Breaking,
        false => Wire::None,
    }
}

/// A name that equals the member's name changes nothing.
fn same_name(difference: &Difference<'_>) -> bool {
    let name = |value: Option<&Value>| {
        value
            .and_then(Value::as_str)
            .or(difference.member)
            .map(str::to_owned)
    };
    name(difference.old) == name(difference.new)
}

fn changed_key(difference: &Difference<'_>, key: &str) -> Wire {
    let value = |side: Option<&Value>| side.and_then(|value| value.get(key)).cloned();
    if value(difference.old) == value(difference.new) {
        Wire::None
    } else {
        Wire::Breaking
    }
}

/// Services know the name of the service shape beside the whole prefix, which begins to be sent with a model that has it.
fn target_prefix(sides: Sides<'_>, difference: &Difference<'_>) -> Wire {
    match sides.old.is_aws_json() || sides.new.is_aws_json() {
        true if difference.old.is_some() && difference.new.is_some() => Wire::Breaking,
        true => Wire::Compatible,
        false => Wire::None,
    }
}

/// Method and URI decide where a request is sent; clients do not depend on the exact status of a success.
fn http(sides: Sides<'_>, difference: &Difference<'_>) -> Wire {
    if !sides.old.is_rest() && !sides.new.is_rest() {
        return Wire::None;
    }
    changed_key(difference, "method")
        .max(changed_key(difference, "uri"))
        .max(Wire::Compatible)
}

/// The names in signatures and hosts are part of messages, the names for tools are not.
fn service(sides: Sides<'_>, difference: &Difference<'_>) -> Wire {
    let ruled = [trait_id::ENDPOINT_RULE_SET, trait_id::ENDPOINT_BDD]
        .iter()
        .any(|id| {
            let service = sides.new.service.as_str();
            sides.new.traits(service, None).has(id)
        });
    match changed_key(difference, "endpointPrefix") {
        Wire::Breaking if !ruled => Wire::Breaking,
        _ => Wire::None,
    }
}

/// A default is sent for an omitted member, except for members of requests and those that may be absent. With another
/// default, the same program sends another message.
fn default(sides: Sides<'_>, difference: &Difference<'_>) -> Wire {
    let is_sent = |side: &Side| {
        let traits = side.traits(difference.shape, difference.member);
        difference.member.is_some()
            && side.type_of(difference.shape) == "structure"
            && !traits.client_optional()
            && !is_request(side, difference.shape)
    };
    if !sides.usage(difference.shape).in_requests || !is_sent(sides.old) && !is_sent(sides.new) {
        return Wire::None;
    }
    let given = |value: Option<&Value>| value.is_some_and(|value| !value.is_null());
    match (given(difference.old), given(difference.new)) {
        (false, false) => Wire::None,
        (true, true) => Wire::Breaking,
        _ => Wire::Compatible,
    }
}

/// Whether the shape is only used as a request, whose members may always be left out.
fn is_request(side: &Side, id: &str) -> bool {
    let shapes = || side.shapes().values();
    let is_message = shapes().any(|shape| match &shape.kind {
        ShapeKind::Operation(operation) => {
            let input = operation.input.as_ref();
            input.is_some_and(|input| input.target.as_str() == id)
        }
        _ => false,
    });
    let is_member = shapes().any(|shape| {
        let mut members = shape.members().into_iter();
        members.any(|(_, member)| member.target.as_str() == id)
    });
    side.traits(id, None).has(trait_id::INPUT) || is_message && !is_member
}

/// In bodies, the default format is the same as one of the named ones.
fn timestamp_format(sides: Sides<'_>, difference: &Difference<'_>) -> Wire {
    let traits = sides.new.traits(difference.shape, difference.member);
    let in_body = match difference.member {
        Some(_) => !PLACES
            .iter()
            .any(|id| id.contains("http") && traits.has(id)),
        None => !sides.new.is_rest(),
    };
    let default = match sides.new.is_xml() {
        true => "date-time",
        false => "epoch-seconds",
    };
    let format = |value: Option<&Value>| {
        let named = value.and_then(Value::as_str);
        named.or(in_body.then_some(default)).map(str::to_owned)
    };
    if format(difference.old) == format(difference.new) {
        Wire::None
    } else {
        Wire::Breaking
    }
}

/// A string with a media type is base64 in a header; elsewhere the type is only documented.
fn media_type(sides: Sides<'_>, difference: &Difference<'_>) -> Wire {
    let in_header = |side: &Side| {
        side.shapes().iter().any(|(id, shape)| {
            shape.members().into_iter().any(|(name, member)| {
                let here = id.as_str() == difference.shape && Some(name) == difference.member;
                member.traits.has(trait_id::HTTP_HEADER)
                    && (here || member.target.as_str() == difference.shape)
            })
        })
    };
    if sides.new.is_rest() && in_header(sides.new) {
        Wire::Breaking
    } else {
        Wire::Compatible
    }
}
