//! Lowers the mirror of the JSON AST to the model.
//!
//! The service shape is the root. It and its resources have operations; operations and the service declare errors.
//! Every input and output becomes a separate type, named after its operation, so that two operations never share a
//! request. Other shapes are lowered when something first targets them.

mod aggregate;
mod backends;
mod budget;
mod checksum;
mod constraint;
mod discovery;
mod events;
mod expression;
mod expression_parts;
mod http;
mod operations;
mod pagination;
mod path;
mod presigned_copy;
mod request_parameters;
mod request_values;
mod target;
mod token;
mod unsupported;
mod waiter;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::ast::{self, Model, ShapeId, trait_id};
use crate::error::{Context, Error, Result};
use crate::model::authentication::{signature_version, signing_name};
use crate::model::{Http2, Protocol, Service, TypeDefinition, TypeId};
use crate::model::{members, usage};
use crate::words::Words;
use budget::Budget;
use events::Streams;
use request_parameters::RequestParameters;

/// Lowers a model that holds one service. With `only`, operations that it does not name are left out.
///
/// # Errors
/// Everything that the model cannot represent: a missing target, an unsupported protocol or shape, a malformed trait,
/// labels without members, members with a type that their binding does not allow. Each names its shape.
pub fn lower(model: &Model, only: Option<&[String]>) -> Result<Service> {
    let (id, shape, service) = model.service()?;
    let mut lowering = Lowering::new(model, id, shape, service).at(id)?;
    backends::mark(&shape.traits, &mut lowering.service).at(id)?;
    lowering.lower_operations(only)?;
    lowering.lower_discovery()?;
    lowering.bind_events()?;
    lowering.lower_paginations()?;
    lowering.lower_waiters()?;
    let mut service = lowering.service;
    members::validate(&service)?;
    usage::mark(&mut service);
    Ok(service)
}

/// A lowering in progress.
struct Lowering<'a> {
    model: &'a Model,
    service_shape: &'a ast::Service,
    service_traits: &'a ast::Traits,
    service: Service,
    /// The nested shapes that already have a type.
    types: BTreeMap<ShapeId, TypeId>,
    /// The errors that have a type already.
    errors: BTreeMap<ShapeId, TypeId>,
    /// The types that have no definition yet.
    pending: Vec<(ShapeId, TypeId)>,
    /// The lists and maps that are being lowered, from the outermost one on.
    collections: Vec<ShapeId>,
    budget: Budget,
    streams: Streams,
    /// Which parameters of the endpoint rules requests must set.
    rules: RequestParameters<'a>,
}

impl<'a> Lowering<'a> {
    fn new(
        model: &'a Model,
        id: &ShapeId,
        shape: &'a ast::Shape,
        service: &'a ast::Service,
    ) -> Result<Self> {
        let traits = &shape.traits;
        let rules = RequestParameters::of(traits)?;
        let names = ServiceNames::of(id, traits)?;
        let title = traits.string(trait_id::TITLE)?;
        let ast::Service {
            version,
            operations: _,
            resources: _,
            errors: _,
            rename: _,
        } = service;
        Ok(Self {
            model,
            service_shape: service,
            service_traits: traits,
            service: Service {
                id: id.clone(),
                title: title.unwrap_or(names.sdk_id.clone()),
                version: version.clone(),
                doc_id: (names.doc_id).unwrap_or_else(|| default_doc_id(&names.sdk_id, version)),
                xml_namespace: traits.parse(trait_id::XML_NAMESPACE)?,
                signing_name: names.signing_name,
                target_prefix: names.target_prefix,
                signature_version: signature_version(traits)?,
                endpoint_prefix: names.endpoint_prefix,
                sdk_id: names.sdk_id,
                protocol: protocol(traits)?.1,
                http2: http2(traits)?,
                unwrapped_errors: unwrapped_errors(traits),
                query_compatible: traits.has(trait_id::AWS_QUERY_COMPATIBLE),
                request_headers: request_headers(traits)?,
                default_region: traits.string(trait_id::attache::DEFAULT_REGION)?,
                endpoint_rules: traits.get(trait_id::ENDPOINT_RULE_SET).cloned(),
                endpoint_bdd: traits.get(trait_id::ENDPOINT_BDD).cloned(),
                client_parameters: rules.client_parameters().to_vec(),
                endpoint_inputs: rules.inputs().to_vec(),
                endpoint_tests: traits.get(trait_id::ENDPOINT_TESTS).cloned(),
                endpoint_finder: None,
                operations: Vec::new(),
                types: Vec::new(),
                errors: Vec::new(),
                left_out: Vec::new(),
                warnings: spelled_versions(traits),
                words: Words::default(),
            },
            types: BTreeMap::new(),
            errors: BTreeMap::new(),
            pending: Vec::new(),
            collections: Vec::new(),
            budget: Budget::default(),
            streams: Streams::default(),
            rules,
        })
    }

    /// Puts a definition into the arena.
    fn add_type(&mut self, definition: TypeDefinition) -> TypeId {
        self.service.types.push(definition);
        TypeId(self.service.types.len() - 1)
    }
}

/// The default of `docId` (Smithy, "aws.api#service trait").
fn default_doc_id(sdk_id: &str, version: &str) -> String {
    format!("{}-{version}", sdk_id.to_lowercase().replace(' ', "-"))
}

/// The names of a service in different places.
struct ServiceNames {
    sdk_id: String,
    signing_name: String,
    endpoint_prefix: String,
    target_prefix: String,
    doc_id: Option<String>,
}

impl ServiceNames {
    fn of(id: &ShapeId, traits: &ast::Traits) -> Result<Self> {
        let aws: Option<ast::traits::AwsService> = traits.parse(trait_id::SERVICE)?;
        let sdk_id = aws
            .as_ref()
            .map_or_else(|| id.name().to_owned(), |aws| aws.sdk_id.clone());
        let doc_id = aws.as_ref().and_then(|aws| aws.doc_id.clone());
        let of_signatures = signing_name(traits)?;
        let host = aws.and_then(|aws| aws.endpoint_prefix.or(aws.arn_namespace));
        let fallback = || sdk_id.to_lowercase().replace(' ', "-");
        Ok(Self {
            signing_name: of_signatures.unwrap_or_else(fallback),
            endpoint_prefix: host.unwrap_or_else(fallback),
            target_prefix: target_prefix(id, traits)?,
            sdk_id,
            doc_id,
        })
    }
}

/// What the target of a request begins with. Names in it are separated by dots; anything else is no header.
fn target_prefix(id: &ShapeId, traits: &ast::Traits) -> Result<String> {
    let Some(prefix) = traits.string(trait_id::attache::TARGET_PREFIX)? else {
        return Ok(id.name().to_owned());
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !prefix
        .split('.')
        .all(|name| !name.is_empty() && name.chars().all(is_name))
    {
        return Err(Error::new(format!(
            "trait `{}`: `{prefix}` must be names with dots between them",
            trait_id::attache::TARGET_PREFIX
        )));
    }
    Ok(prefix)
}

/// Versions of the endpoint documents that are known, but spelled differently than in the specification.
fn spelled_versions(traits: &ast::Traits) -> Vec<String> {
    let documents = [
        trait_id::ENDPOINT_RULE_SET,
        trait_id::ENDPOINT_BDD,
        trait_id::ENDPOINT_TESTS,
    ];
    let spelled = documents.into_iter().filter_map(|id| {
        let version = traits.get(id)?.get("version")?.as_str()?;
        let usual = version.split('.').count() == 2;
        (!usual).then(|| format!("trait `{id}`: the version `{version}` is an unusual spelling"))
    });
    spelled.collect()
}

/// The headers of every request, in the form in which they can be constants.
fn request_headers(traits: &ast::Traits) -> Result<Vec<(String, String)>> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let headers = traits.request_headers()?;
    headers
        .into_iter()
        .map(|(name, value)| {
            if name.is_empty() || !name.bytes().all(is_token) {
                return Err(Error::new(format!(
                    "trait `{}`: `{name}` is not a header name",
                    trait_id::attache::REQUEST_HEADERS
                )));
            }
            if !value.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
                return Err(Error::new(format!(
                    "trait `{}`: the value of `{name}` is not visible ASCII",
                    trait_id::attache::REQUEST_HEADERS
                )));
            }
            Ok((name.to_ascii_lowercase(), value))
        })
        .collect()
}

/// Whether the service offers HTTP/2 for calls without event streams, and for those with them: Smithy states it in the
/// protocol's trait, C2J in its metadata. The default is HTTP/1.1 (Smithy AWS protocols, "http", "eventStreamHttp").
fn http2(traits: &ast::Traits) -> Result<Http2> {
    #[derive(Default, Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    struct Versions {
        http: Vec<String>,
        event_stream_http: Vec<String>,
    }
    #[derive(Default, Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    struct Metadata {
        protocol_settings: BTreeMap<String, String>,
    }
    let versions: Versions = traits.parse(protocol(traits)?.0)?.unwrap_or_default();
    let metadata: Metadata = traits
        .parse(trait_id::attache::METADATA)?
        .unwrap_or_default();
    let setting = metadata.protocol_settings.get("h2").map(String::as_str);
    let lists = |versions: &[String]| versions.iter().any(|version| version == "h2");
    let of_all = lists(&versions.http) || matches!(setting, Some("optional" | "required"));
    let of_streams = lists(&versions.event_stream_http) || setting == Some("eventstream");
    Ok(Http2 {
        of_all,
        of_streams: of_all || of_streams,
    })
}

/// Whether errors in XML have nothing around them.
fn unwrapped_errors(traits: &ast::Traits) -> bool {
    let of_protocol = traits
        .get(trait_id::REST_XML)
        .and_then(|value| value.get("noErrorWrapping"));
    traits.has(trait_id::attache::UNWRAPPED_ERRORS)
        || of_protocol.and_then(serde_json::Value::as_bool) == Some(true)
}

/// The protocol to generate: the best of those that the service offers.
fn protocol(traits: &ast::Traits) -> Result<(&'static str, Protocol)> {
    const SUPPORTED: [(&str, Protocol); 7] = [
        (trait_id::AWS_JSON_1_0, Protocol::AwsJson10),
        (trait_id::AWS_JSON_1_1, Protocol::AwsJson11),
        (trait_id::REST_JSON_1, Protocol::RestJson1),
        (trait_id::RPC_V2_CBOR, Protocol::RpcV2Cbor),
        (trait_id::AWS_QUERY, Protocol::AwsQuery),
        (trait_id::EC2_QUERY, Protocol::Ec2Query),
        (trait_id::REST_XML, Protocol::RestXml),
    ];
    const NAMES: &str = "awsJson1_0, awsJson1_1, restJson1, restXml, awsQuery, ec2Query and rpcv2Cbor can be generated";
    if let Some(protocol) = SUPPORTED.iter().find(|(id, _)| traits.has(id)) {
        return Ok(*protocol);
    }
    let offered: Vec<&str> = traits
        .iter()
        .map(|(id, _)| id)
        .filter(|id| {
            (id.starts_with("aws.protocols#") || id.starts_with("smithy.protocols#"))
                && !matches!(
                    *id,
                    trait_id::AWS_QUERY_COMPATIBLE | trait_id::HTTP_CHECKSUM
                )
        })
        .collect();
    Err(Error::new(match offered.as_slice() {
        [] => format!("the service names no protocol; {NAMES}"),
        offered => format!("unsupported protocol {}: {NAMES}", offered.join(", ")),
    }))
}
