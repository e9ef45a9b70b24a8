//! The ledger of traits: every trait id that a model may have, and how it is handled.
//!
//! A generator that skips what it does not know is silently wrong the day a model learns a new trait. So an id that
//! is missing here stops the generation and names the shape, unless its namespace never travels or its owner settled it. `Ignored` carries the reason; a trait moves to `Handled`
//! in the change that makes generated code honour it.

use super::own_traits::{Decision, OwnTraits};
use super::{Model, ShapeId, Traits};
use crate::error::{Error, Result};

/// What the generator does with a trait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handling {
    /// Generated code honours it.
    Handled,
    /// It changes nothing in a client, because of the reason given.
    Ignored(&'static str),
    /// Shapes that carry it cannot be generated, because of the reason given.
    Refused(&'static str),
}

use Handling::{Handled, Ignored, Refused};

const DOCUMENTATION: Handling = Ignored("documentation comes from the overlay");
const SERVER: Handling = Ignored("it concerns servers and their gateways");
const IAM: Handling = Ignored("it concerns authorization policies, not the wire");
const INFRASTRUCTURE: Handling = Ignored("it concerns infrastructure templates");
const MODEL_LINT: Handling = Ignored("it concerns tools that check models");
const TEST: Handling =
    Ignored("test suites are read by the conformance command, not by the generator");
const RESOURCES: Handling = Ignored("resources only say where operations hang");
const AUTHENTICATION: Handling =
    Ignored("operations that take no signature of version 4 are left out one by one");
const XML: Handling = Ignored("the protocols that are generated carry no XML");
const STREAMING: Handling = Handled;

/// Every known trait, sorted by id.
pub const LEDGER: &[(&str, Handling)] = &[
    ("attache#allowedValues", Handled),
    ("attache#atLeastOneOf", Handled),
    ("attache#dayAligned", Handled),
    ("attache#defaultRegion", Handled),
    ("attache#dryRun", Handled),
    ("attache#endpoint", Handled),
    ("attache#endpointRegion", Handled),
    ("attache#errors", Handled),
    ("attache#labelDefault", Handled),
    (
        "attache#metadata",
        Ignored(
            "it keeps what C2J says of a service and Smithy has no trait for; none of it goes over the wire",
        ),
    ),
    ("attache#mustEqual", Handled),
    ("attache#ordered", Handled),
    ("attache#paginated", Handled),
    ("attache#recommendedPattern", Handled),
    ("attache#requestHeaders", Handled),
    ("attache#source", Handled),
    (
        "attache#synthetic",
        Ignored(
            "it says that an exception was added to the model from the outside, the wire stays the same",
        ),
    ),
    ("attache#treeHash", Handled),
    ("attache#uniqueMember", Handled),
    ("attache#waiters", Handled),
    ("attache#xmlOrder", XML),
    ("aws.api#arn", RESOURCES),
    ("aws.api#arnReference", RESOURCES),
    // Operations that cannot do without it are left out.
    ("aws.api#clientDiscoveredEndpoint", Handled),
    (
        "aws.api#clientEndpointDiscovery",
        Ignored("operations that need discovery are refused one by one"),
    ),
    (
        "aws.api#clientEndpointDiscoveryId",
        Ignored("operations that need discovery are refused one by one"),
    ),
    (
        "aws.api#controlPlane",
        Ignored("it classifies, the wire stays the same"),
    ),
    (
        "aws.api#data",
        Ignored("it classifies, the wire stays the same"),
    ),
    (
        "aws.api#dataPlane",
        Ignored("it classifies, the wire stays the same"),
    ),
    ("aws.api#service", Handled),
    ("aws.api#tagEnabled", RESOURCES),
    ("aws.api#taggable", RESOURCES),
    ("aws.auth#sigv4", Handled),
    ("aws.auth#sigv4a", AUTHENTICATION),
    ("aws.auth#unsignedPayload", Handled),
    ("aws.cloudformation#cfnAdditionalIdentifier", INFRASTRUCTURE),
    ("aws.cloudformation#cfnExcludeProperty", INFRASTRUCTURE),
    ("aws.cloudformation#cfnMutability", INFRASTRUCTURE),
    ("aws.cloudformation#cfnResource", INFRASTRUCTURE),
    ("aws.customizations#s3UnwrappedXmlOutput", XML),
    (
        "aws.endpoints#dualStackOnlyEndpoints",
        Ignored("the endpoint rule set says it all"),
    ),
    (
        "aws.endpoints#endpointsModifier",
        Ignored("the endpoint rule set says it all"),
    ),
    (
        "aws.endpoints#rulesBasedEndpoints",
        Ignored("the endpoint rule set says it all"),
    ),
    (
        "aws.endpoints#standardPartitionalEndpoints",
        Ignored("the endpoint rule set says it all"),
    ),
    (
        "aws.endpoints#standardRegionalEndpoints",
        Ignored("the endpoint rule set says it all"),
    ),
    ("aws.iam#actionName", IAM),
    ("aws.iam#actionPermissionDescription", IAM),
    ("aws.iam#conditionKeyValue", IAM),
    ("aws.iam#conditionKeys", IAM),
    ("aws.iam#defineConditionKeys", IAM),
    ("aws.iam#disableConditionKeyInference", IAM),
    ("aws.iam#iamAction", IAM),
    ("aws.iam#iamResource", IAM),
    ("aws.iam#requiredActions", IAM),
    ("aws.iam#serviceResolvedConditionKeys", IAM),
    ("aws.iam#supportedPrincipalTypes", IAM),
    ("aws.protocols#awsJson1_0", Handled),
    ("aws.protocols#awsJson1_1", Handled),
    (
        "aws.protocols#awsQuery",
        Ignored("the service is spoken to in another of its protocols"),
    ),
    ("aws.protocols#awsQueryCompatible", Handled),
    ("aws.protocols#awsQueryError", Handled),
    (
        "aws.protocols#ec2Query",
        Ignored("the service is spoken to in another of its protocols"),
    ),
    ("aws.protocols#httpChecksum", Handled),
    ("aws.protocols#restJson1", Handled),
    (
        "aws.protocols#restXml",
        Ignored("the service is spoken to in another of its protocols"),
    ),
    (
        "smithy.api#addedDefault",
        Ignored("defaults are read where they stand"),
    ),
    ("smithy.api#auth", Handled),
    ("smithy.api#authDefinition", MODEL_LINT),
    (
        "smithy.api#box",
        Ignored("since Smithy 2.0 a member without a default is boxed"),
    ),
    ("smithy.api#clientOptional", Handled),
    ("smithy.api#cors", SERVER),
    ("smithy.api#default", Handled),
    ("smithy.api#deprecated", Handled),
    ("smithy.api#documentation", DOCUMENTATION),
    ("smithy.api#endpoint", Handled),
    ("smithy.api#enum", Handled),
    ("smithy.api#enumValue", Handled),
    ("smithy.api#error", Handled),
    (
        "smithy.api#eventHeader",
        Ignored("event streams are refused where an operation reaches one"),
    ),
    (
        "smithy.api#eventPayload",
        Ignored("event streams are refused where an operation reaches one"),
    ),
    ("smithy.api#examples", DOCUMENTATION),
    ("smithy.api#externalDocumentation", DOCUMENTATION),
    ("smithy.api#hostLabel", Handled),
    ("smithy.api#http", Handled),
    ("smithy.api#httpApiKeyAuth", AUTHENTICATION),
    ("smithy.api#httpBasicAuth", AUTHENTICATION),
    ("smithy.api#httpBearerAuth", AUTHENTICATION),
    ("smithy.api#httpChecksumRequired", Handled),
    ("smithy.api#httpDigestAuth", AUTHENTICATION),
    ("smithy.api#httpError", Handled),
    ("smithy.api#httpHeader", Handled),
    ("smithy.api#httpLabel", Handled),
    ("smithy.api#httpPayload", Handled),
    ("smithy.api#httpPrefixHeaders", Handled),
    ("smithy.api#httpQuery", Handled),
    ("smithy.api#httpQueryParams", Handled),
    ("smithy.api#httpResponseCode", Handled),
    ("smithy.api#idRef", MODEL_LINT),
    ("smithy.api#idempotencyToken", Handled),
    ("smithy.api#idempotent", Handled),
    ("smithy.api#input", Handled),
    ("smithy.api#internal", DOCUMENTATION),
    ("smithy.api#jsonName", Handled),
    ("smithy.api#length", Handled),
    ("smithy.api#mediaType", Handled),
    (
        "smithy.api#mixin",
        Ignored("mixins are resolved when a model is read"),
    ),
    ("smithy.api#nestedProperties", RESOURCES),
    ("smithy.api#noReplace", RESOURCES),
    ("smithy.api#notProperty", RESOURCES),
    ("smithy.api#optionalAuth", Handled),
    ("smithy.api#output", Handled),
    ("smithy.api#paginated", Handled),
    ("smithy.api#pattern", Handled),
    ("smithy.api#private", MODEL_LINT),
    ("smithy.api#property", RESOURCES),
    ("smithy.api#protocolDefinition", MODEL_LINT),
    ("smithy.api#range", Handled),
    ("smithy.api#readonly", Handled),
    ("smithy.api#recommended", Handled),
    ("smithy.api#references", RESOURCES),
    ("smithy.api#requestCompression", Handled),
    ("smithy.api#required", Handled),
    ("smithy.api#requiresLength", Handled),
    ("smithy.api#resourceIdentifier", RESOURCES),
    ("smithy.api#retryable", Handled),
    ("smithy.api#sensitive", Handled),
    ("smithy.api#since", DOCUMENTATION),
    ("smithy.api#sparse", Handled),
    ("smithy.api#streaming", STREAMING),
    ("smithy.api#suppress", MODEL_LINT),
    ("smithy.api#tags", DOCUMENTATION),
    ("smithy.api#timestampFormat", Handled),
    ("smithy.api#title", Handled),
    ("smithy.api#trait", MODEL_LINT),
    ("smithy.api#traitValidators", MODEL_LINT),
    ("smithy.api#uniqueItems", Handled),
    ("smithy.api#unitType", MODEL_LINT),
    ("smithy.api#unstable", DOCUMENTATION),
    ("smithy.api#xmlAttribute", XML),
    ("smithy.api#xmlFlattened", XML),
    ("smithy.api#xmlName", XML),
    ("smithy.api#xmlNamespace", XML),
    (
        "smithy.protocols#rpcv2Cbor",
        Ignored("the service is spoken to in another of its protocols"),
    ),
    (
        "smithy.rules#clientContextParams",
        Ignored(
            "a client has no settings of one service; rules that need them are left out, and the module says so",
        ),
    ),
    (
        "smithy.rules#contextParam",
        Ignored(
            "endpoint rules see no request; operations for which they need one are left out one by one",
        ),
    ),
    ("smithy.rules#endpointBdd", Handled),
    ("smithy.rules#endpointRuleSet", Handled),
    ("smithy.rules#endpointTests", Handled),
    (
        "smithy.rules#operationContextParams",
        Ignored(
            "endpoint rules see no request; operations for which they need one are left out one by one",
        ),
    ),
    ("smithy.rules#staticContextParams", Handled),
    ("smithy.test#httpMalformedRequestTests", TEST),
    ("smithy.test#httpRequestTests", TEST),
    ("smithy.test#httpResponseTests", TEST),
    ("smithy.test#smokeTests", TEST),
    ("smithy.waiters#waitable", Handled),
];

/// Namespaces whose traits never travel, so that a new one is ignored with a warning.
const NAMESPACES: [(&str, Handling); 5] = [
    ("aws.apigateway", SERVER),
    ("aws.cloudformation", INFRASTRUCTURE),
    ("aws.iam", IAM),
    ("smithy.openapi", SERVER),
    ("smithy.test", TEST),
];

/// How a trait is handled; `None` for a trait that nobody has thought about.
pub fn handling(id: &str) -> Option<Handling> {
    let (namespace, _) = id.split_once('#').unwrap_or_default();
    let of_namespace = NAMESPACES.iter().find(|(known, _)| *known == namespace);
    known(id).or(of_namespace.map(|(_, handling)| *handling))
}

fn known(id: &str) -> Option<Handling> {
    LEDGER
        .binary_search_by(|(known, _)| (*known).cmp(id))
        .ok()
        .map(|index| LEDGER[index].1)
}

/// Checks every trait of a model against the ledger and what the workspace says about its own; gives back a line for
/// each shape or member with a trait that only its namespace is known of.
///
/// # Errors
/// The first unknown or refused trait, with the shape or member that carries it.
pub fn check(model: &Model, own: &OwnTraits) -> Result<Vec<String>> {
    let mut warnings = Vec::new();
    for (id, shape) in &model.shapes {
        check_traits(&shape.traits, id, own, &mut warnings)?;
        for (name, member) in shape.members() {
            check_traits(&member.traits, &id.with_member(name), own, &mut warnings)?;
        }
    }
    Ok(warnings)
}

fn check_traits(
    traits: &Traits,
    place: &ShapeId,
    own: &OwnTraits,
    warnings: &mut Vec<String>,
) -> Result<()> {
    for (id, _) in traits.iter() {
        match (known(id), handling(id), own.get(id)) {
            (_, Some(Refused(reason)), _) => return Err(refused(id, reason).at(place)),
            (_, None, Some(Decision::Refused(reason))) => {
                return Err(refused(id, reason).at(place));
            }
            (None, Some(Ignored(reason)), _) => {
                warnings.push(format!(
                    "{place}: the new trait `{id}` is ignored: {reason}"
                ));
            }
            (_, Some(_), _) | (_, None, Some(Decision::Ignored(_))) => {}
            (_, None, None) => return Err(unknown(id).at(place)),
        }
    }
    Ok(())
}

fn refused(id: &str, reason: &str) -> Error {
    Error::new(format!("trait `{id}`: {reason}"))
}

fn unknown(id: &str) -> Error {
    Error::new(format!(
        "unknown trait `{id}`: it could change what goes over the wire; where it does not, say so under `[traits]` in \
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
                "{} stands before {}",
                pair[0].0,
                pair[1].0
            );
        }
    }
}
