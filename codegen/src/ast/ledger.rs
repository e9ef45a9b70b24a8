//! The ledger of traits: every trait id that a model may have, and how it is handled.
//!
//! A generator that skips unknown traits would silently generate wrong code when a model gets a new trait. Therefore an
//! id that is missing here stops the generation with an error that names the shape, unless its namespace never affects
//! messages or the settings of the workspace list the trait. `Ignored` has the reason; a trait becomes `Handled` in the
//! change that makes generated code support it.

use super::own_traits::{Decision, OwnTraits};
use super::{Model, ShapeId, Traits, trait_id};
use crate::error::{Error, Result};

/// What the generator does with a trait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handling<'a> {
    /// Generated code supports it.
    Handled,
    /// It changes nothing in a client, for this reason.
    Ignored(&'a str),
    /// Shapes with it cannot be generated, for this reason.
    Refused(&'a str),
}

use Handling::{Handled, Ignored, Refused};

const DOCUMENTATION: Handling<'static> = Ignored("documentation comes from the overlay");
const SERVER: Handling<'static> = Ignored("it concerns servers and their gateways");
const IAM: Handling<'static> = Ignored("it concerns authorization policies, not the wire");
const INFRASTRUCTURE: Handling<'static> = Ignored("it concerns infrastructure templates");
const MODEL_LINT: Handling<'static> = Ignored("it concerns tools that check models");
const TEST: Handling<'static> =
    Ignored("test suites are read by the conformance command, not by the generator");
const RESOURCES: Handling<'static> = Ignored("resources only group operations");
const AUTHENTICATION: Handling<'static> =
    Ignored("operations that accept nothing else are left out one by one");
const STREAMING: Handling<'static> = Handled;

/// Every known trait, sorted by id.
pub const LEDGER: &[(&str, Handling<'static>)] = &[
    (trait_id::attache::ALLOWED_VALUES, Handled),
    (trait_id::attache::AT_LEAST_ONE_OF, Handled),
    (trait_id::attache::CRC32_REQUIRED, Handled),
    (trait_id::attache::DAY_ALIGNED, Handled),
    (trait_id::attache::DEFAULT_REGION, Handled),
    (trait_id::attache::DRY_RUN, Handled),
    (trait_id::attache::ENDPOINT, Handled),
    (trait_id::attache::ENDPOINT_BACKENDS, Handled),
    (trait_id::attache::ENDPOINT_LABELS, Handled),
    (trait_id::attache::ENDPOINT_REGION, Handled),
    (trait_id::attache::ERRORS, Handled),
    (trait_id::attache::IDEMPOTENT_METHODS, Handled),
    (trait_id::attache::KEY_WITH_MD5, Handled),
    (trait_id::attache::LABEL_DEFAULT, Handled),
    (trait_id::attache::LAST_SEGMENT, Handled),
    (trait_id::attache::MEMBER_TARGET, Handled),
    (
        trait_id::attache::METADATA,
        Ignored("it has the facts of C2J for which Smithy has no trait; none of them is sent"),
    ),
    (trait_id::attache::MUST_EQUAL, Handled),
    (trait_id::attache::ORDERED, Handled),
    (trait_id::attache::PAGINATED, Handled),
    (trait_id::attache::PERCENT_ENCODED, Handled),
    (trait_id::attache::PRESIGNED_COPY, Handled),
    (trait_id::attache::QUERY_AS_FORM, Handled),
    (trait_id::attache::RECOMMENDED_PATTERN, Handled),
    (trait_id::attache::REGION_REDIRECT, Handled),
    (trait_id::attache::REQUEST_HEADERS, Handled),
    (trait_id::attache::SIGNATURE_VERSION, Handled),
    (trait_id::attache::SOURCE, Handled),
    (
        trait_id::attache::SYNTHETIC,
        Ignored("it says that the error was added to the published model; messages stay the same"),
    ),
    (trait_id::attache::TARGET_PREFIX, Handled),
    (trait_id::attache::TEXT_BESIDE, Handled),
    (trait_id::attache::TREE_HASH, Handled),
    (trait_id::attache::UNIQUE_MEMBER, Handled),
    (trait_id::attache::UNWRAPPED_ERRORS, Handled),
    (trait_id::attache::URL_TEXTS, Handled),
    (trait_id::attache::WAITERS, Handled),
    (
        trait_id::attache::XML_ORDER,
        Ignored("services read the members of an element in any order"),
    ),
    (trait_id::ARN, RESOURCES),
    (trait_id::ARN_REFERENCE, RESOURCES),
    (trait_id::CLIENT_DISCOVERED_ENDPOINT, Handled),
    (trait_id::CLIENT_ENDPOINT_DISCOVERY, Handled),
    (trait_id::CLIENT_ENDPOINT_DISCOVERY_ID, Handled),
    (
        trait_id::CONTROL_PLANE,
        Ignored("it only classifies; messages stay the same"),
    ),
    (
        trait_id::DATA,
        Ignored("it only classifies; messages stay the same"),
    ),
    (
        trait_id::DATA_PLANE,
        Ignored("it only classifies; messages stay the same"),
    ),
    (trait_id::SERVICE, Handled),
    (trait_id::TAG_ENABLED, RESOURCES),
    (trait_id::TAGGABLE, RESOURCES),
    (trait_id::SIGV4, Handled),
    (trait_id::SIGV4A, Handled),
    (trait_id::UNSIGNED_PAYLOAD, Handled),
    (trait_id::CFN_ADDITIONAL_IDENTIFIER, INFRASTRUCTURE),
    (trait_id::CFN_EXCLUDE_PROPERTY, INFRASTRUCTURE),
    (trait_id::CFN_MUTABILITY, INFRASTRUCTURE),
    (trait_id::CFN_RESOURCE, INFRASTRUCTURE),
    (trait_id::S3_UNWRAPPED_XML_OUTPUT, Handled),
    (
        trait_id::DUAL_STACK_ONLY_ENDPOINTS,
        Ignored("the endpoint rule set contains this information"),
    ),
    (
        trait_id::ENDPOINTS_MODIFIER,
        Ignored("the endpoint rule set contains this information"),
    ),
    (
        trait_id::RULES_BASED_ENDPOINTS,
        Ignored("the endpoint rule set contains this information"),
    ),
    (
        trait_id::STANDARD_PARTITIONAL_ENDPOINTS,
        Ignored("the endpoint rule set contains this information"),
    ),
    (
        trait_id::STANDARD_REGIONAL_ENDPOINTS,
        Ignored("the endpoint rule set contains this information"),
    ),
    (trait_id::ACTION_NAME, IAM),
    (trait_id::ACTION_PERMISSION_DESCRIPTION, IAM),
    (trait_id::CONDITION_KEY_VALUE, IAM),
    (trait_id::CONDITION_KEYS, IAM),
    (trait_id::DEFINE_CONDITION_KEYS, IAM),
    (trait_id::DISABLE_CONDITION_KEY_INFERENCE, IAM),
    (trait_id::IAM_ACTION, IAM),
    (trait_id::IAM_RESOURCE, IAM),
    (trait_id::REQUIRED_ACTIONS, IAM),
    (trait_id::SERVICE_RESOLVED_CONDITION_KEYS, IAM),
    (trait_id::SUPPORTED_PRINCIPAL_TYPES, IAM),
    (trait_id::AWS_JSON_1_0, Handled),
    (trait_id::AWS_JSON_1_1, Handled),
    (trait_id::AWS_QUERY, Handled),
    (trait_id::AWS_QUERY_COMPATIBLE, Handled),
    (trait_id::AWS_QUERY_ERROR, Handled),
    (trait_id::EC2_QUERY, Handled),
    (trait_id::EC2_QUERY_NAME, Handled),
    (trait_id::HTTP_CHECKSUM, Handled),
    (trait_id::REST_JSON_1, Handled),
    (trait_id::REST_XML, Handled),
    (
        trait_id::ADDED_DEFAULT,
        Ignored("defaults are read from the members"),
    ),
    (trait_id::AUTH, Handled),
    (trait_id::AUTH_DEFINITION, MODEL_LINT),
    (
        trait_id::BOX,
        Ignored("since Smithy 2.0 a member without a default is boxed"),
    ),
    (trait_id::CLIENT_OPTIONAL, Handled),
    (trait_id::CORS, SERVER),
    (trait_id::DEFAULT, Handled),
    (trait_id::DEPRECATED, Handled),
    (trait_id::DOCUMENTATION, DOCUMENTATION),
    (trait_id::ENDPOINT, Handled),
    (trait_id::ENUM, Handled),
    (trait_id::ENUM_VALUE, Handled),
    (trait_id::ERROR, Handled),
    (trait_id::EVENT_HEADER, Handled),
    (trait_id::EVENT_PAYLOAD, Handled),
    (trait_id::EXAMPLES, DOCUMENTATION),
    (trait_id::EXTERNAL_DOCUMENTATION, DOCUMENTATION),
    (trait_id::HOST_LABEL, Handled),
    (trait_id::HTTP, Handled),
    (trait_id::HTTP_API_KEY_AUTH, AUTHENTICATION),
    (trait_id::HTTP_BASIC_AUTH, AUTHENTICATION),
    (trait_id::HTTP_BEARER_AUTH, Handled),
    (trait_id::HTTP_CHECKSUM_REQUIRED, Handled),
    (trait_id::HTTP_DIGEST_AUTH, AUTHENTICATION),
    (trait_id::HTTP_ERROR, Handled),
    (trait_id::HTTP_HEADER, Handled),
    (trait_id::HTTP_LABEL, Handled),
    (trait_id::HTTP_PAYLOAD, Handled),
    (trait_id::HTTP_PREFIX_HEADERS, Handled),
    (trait_id::HTTP_QUERY, Handled),
    (trait_id::HTTP_QUERY_PARAMS, Handled),
    (trait_id::HTTP_RESPONSE_CODE, Handled),
    (trait_id::ID_REF, MODEL_LINT),
    (trait_id::IDEMPOTENCY_TOKEN, Handled),
    (trait_id::IDEMPOTENT, Handled),
    (trait_id::INPUT, Handled),
    (trait_id::INTERNAL, DOCUMENTATION),
    (trait_id::JSON_NAME, Handled),
    (trait_id::LENGTH, Handled),
    (trait_id::MEDIA_TYPE, Handled),
    (
        trait_id::MIXIN,
        Ignored("mixins are resolved when a model is read"),
    ),
    (trait_id::NESTED_PROPERTIES, RESOURCES),
    (trait_id::NO_REPLACE, RESOURCES),
    (trait_id::NOT_PROPERTY, RESOURCES),
    (trait_id::OPTIONAL_AUTH, Handled),
    (trait_id::OUTPUT, Handled),
    (trait_id::PAGINATED, Handled),
    (trait_id::PATTERN, Handled),
    (trait_id::PRIVATE, MODEL_LINT),
    (trait_id::PROPERTY, RESOURCES),
    (trait_id::PROTOCOL_DEFINITION, MODEL_LINT),
    (trait_id::RANGE, Handled),
    (trait_id::READONLY, Handled),
    (trait_id::RECOMMENDED, Handled),
    (trait_id::REFERENCES, RESOURCES),
    (trait_id::REQUEST_COMPRESSION, Handled),
    (trait_id::REQUIRED, Handled),
    (trait_id::REQUIRES_LENGTH, Handled),
    (trait_id::RESOURCE_IDENTIFIER, RESOURCES),
    (trait_id::RETRYABLE, Handled),
    (trait_id::SENSITIVE, Handled),
    (trait_id::SINCE, DOCUMENTATION),
    (trait_id::SPARSE, Handled),
    (trait_id::STREAMING, STREAMING),
    (trait_id::SUPPRESS, MODEL_LINT),
    (trait_id::TAGS, DOCUMENTATION),
    (trait_id::TIMESTAMP_FORMAT, Handled),
    (trait_id::TITLE, Handled),
    (trait_id::TRAIT, MODEL_LINT),
    (trait_id::TRAIT_VALIDATORS, MODEL_LINT),
    (trait_id::UNIQUE_ITEMS, Handled),
    (trait_id::UNIT_TYPE, MODEL_LINT),
    (trait_id::UNSTABLE, DOCUMENTATION),
    (trait_id::XML_ATTRIBUTE, Handled),
    (trait_id::XML_FLATTENED, Handled),
    (trait_id::XML_NAME, Handled),
    (trait_id::XML_NAMESPACE, Handled),
    (trait_id::RPC_V2_CBOR, Handled),
    (trait_id::CLIENT_CONTEXT_PARAMS, Handled),
    (trait_id::CONTEXT_PARAM, Handled),
    (trait_id::ENDPOINT_BDD, Handled),
    (trait_id::ENDPOINT_RULE_SET, Handled),
    (trait_id::ENDPOINT_TESTS, Handled),
    (trait_id::OPERATION_CONTEXT_PARAMS, Handled),
    (trait_id::STATIC_CONTEXT_PARAMS, Handled),
    (trait_id::HTTP_MALFORMED_REQUEST_TESTS, TEST),
    (trait_id::HTTP_REQUEST_TESTS, TEST),
    (trait_id::HTTP_RESPONSE_TESTS, TEST),
    (trait_id::SMOKE_TESTS, TEST),
    (trait_id::WAITABLE, Handled),
];

/// Namespaces whose traits never affect messages, so that a new one is ignored with a warning.
const NAMESPACES: [(&str, Handling<'static>); 5] = [
    ("aws.apigateway", SERVER),
    ("aws.cloudformation", INFRASTRUCTURE),
    ("aws.iam", IAM),
    ("smithy.openapi", SERVER),
    ("smithy.test", TEST),
];

/// How a trait is handled; `None` for an unknown trait.
pub fn handling<'a>(id: &str, own: &'a OwnTraits) -> Option<Handling<'a>> {
    let (namespace, _) = id.split_once('#').unwrap_or_default();
    let of_namespace = NAMESPACES.iter().find(|(known, _)| *known == namespace);
    let of_namespace = of_namespace.map(|(_, handling)| *handling);
    let of_owner = || {
        Some(match own.get(id)? {
            Decision::Ignored(reason) => Ignored(reason),
            Decision::Refused(reason) => Refused(reason),
        })
    };
    known(id).or(of_namespace).or_else(of_owner)
}

fn known(id: &str) -> Option<Handling<'static>> {
    LEDGER
        .binary_search_by(|(known, _)| (*known).cmp(id))
        .ok()
        .map(|index| LEDGER[index].1)
}

/// Looks for a refused trait; unknown ones are ignored.
///
/// # Errors
/// The first refused trait, with the shape or member that has it.
pub(crate) fn refuse_traits(model: &Model, own: &OwnTraits) -> Result<()> {
    for (place, traits) in placed(model) {
        for (id, _) in traits.iter() {
            if let Some(Refused(reason)) = handling(id, own) {
                return Err(refused(id, reason).at(place));
            }
        }
    }
    Ok(())
}

/// The traits of all shapes and members.
fn placed(model: &Model) -> impl Iterator<Item = (ShapeId, &Traits)> {
    model.shapes.iter().flat_map(|(id, shape)| {
        let members = shape.members().into_iter();
        let members = members.map(|(name, member)| (id.with_member(name), &member.traits));
        std::iter::once((id.clone(), &shape.traits)).chain(members)
    })
}

/// Checks every trait of a model against the ledger and the settings of the workspace; returns a warning for each shape
/// or member with an unknown trait of a known namespace.
///
/// # Errors
/// The first unknown or refused trait, with its shape or member.
pub fn validate(model: &Model, own: &OwnTraits) -> Result<Vec<String>> {
    let mut warnings = Vec::new();
    for (place, traits) in placed(model) {
        validate_traits(traits, &place, own, &mut warnings)?;
    }
    Ok(warnings)
}

fn validate_traits(
    traits: &Traits,
    place: &ShapeId,
    own: &OwnTraits,
    warnings: &mut Vec<String>,
) -> Result<()> {
    for (id, _) in traits.iter() {
        match handling(id, own) {
            Some(Refused(reason)) => return Err(refused(id, reason).at(place)),
            Some(Ignored(reason)) if known(id).is_none() && own.get(id).is_none() => {
                warnings.push(format!(
                    "{place}: the new trait `{id}` is ignored: {reason}"
                ));
            }
            Some(_) => {}
            None => return Err(unknown(id).at(place)),
        }
    }
    Ok(())
}

fn refused(id: &str, reason: &str) -> Error {
    Error::new(format!("trait `{id}`: {reason}"))
}

fn unknown(id: &str) -> Error {
    Error::new(format!(
        "unknown trait `{id}`: it could change what is sent; if it does not, add it to `[traits]` in \
         models/attache.toml, such as `\"{id}\" = {{ ignored = \"why\" }}`, or `refused`"
    ))
}

#[cfg(test)]
mod tests {
    use super::LEDGER;

    #[test]
    fn the_ledger_is_sorted_and_names_each_trait_once() {
        for pair in LEDGER.windows(2) {
            assert!(
                pair[0].0 < pair[1].0,
                "{} is before {}",
                pair[0].0,
                pair[1].0
            );
        }
    }
}
