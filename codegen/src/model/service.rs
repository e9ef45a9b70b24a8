//! A service: its operations, and the arena of its types.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::authentication::{Scheme, SignatureVersion};
use super::checksum::HttpChecksum;
use super::continuation::{Pagination, Waiter};
use super::discovery::{Discovery, EndpointFinder};
use super::endpoint::{ClientParameter, ContextValue, EndpointInput, RequestParameter};
use super::id::{MemberId, TypeId};
use super::types::{Member, TypeDefinition};
use super::xml::XmlNamespace;
use crate::ast::{ShapeId, trait_id};
use crate::words::Words;

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    /// The service shape.
    pub id: ShapeId,
    /// The title (`smithy.api#title`), for documentation.
    pub title: String,
    /// The version of the model.
    pub version: String,
    /// The namespace of its XML (`smithy.api#xmlNamespace`).
    pub xml_namespace: Option<XmlNamespace>,
    /// The name of the service in SDKs.
    pub sdk_id: String,
    /// The name of the service in AWS's documentation, with its version.
    pub doc_id: String,
    /// The name of the service in signatures.
    pub signing_name: String,
    /// What the header `X-Amz-Target` begins with: `attache#targetPrefix`, or the name of the service shape.
    pub target_prefix: String,
    /// The form of the signatures (`attache#signatureVersion`).
    pub signature_version: SignatureVersion,
    /// The first label of its hosts, if there are no endpoint rules.
    pub endpoint_prefix: String,
    /// The protocol that is generated.
    pub protocol: Protocol,
    /// Which calls may use HTTP/2.
    pub http2: Http2,
    /// Whether the root of an error in XML is its element `Error`, and nothing is around it (`noErrorWrapping` of
    /// `aws.protocols#restXml`, or `attache#unwrappedErrors`).
    pub unwrapped_errors: bool,
    /// Whether `aws.protocols#awsQueryCompatible` is on.
    pub query_compatible: bool,
    /// The headers of every request (`attache#requestHeaders`): names in lower case, and values.
    pub request_headers: Vec<(String, String)>,
    /// The region for the endpoint rules when the caller has none.
    pub default_region: Option<String>,
    /// The endpoint rule set, uninterpreted.
    pub endpoint_rules: Option<Value>,
    /// The endpoint rules as a decision diagram (`smithy.rules#endpointBdd`), uninterpreted.
    pub endpoint_bdd: Option<Value>,
    /// The parameters of the rules that are settings of the client.
    pub client_parameters: Vec<ClientParameter>,
    /// The parameters of the rules that are bound to values which not all services need.
    pub endpoint_inputs: Vec<EndpointInput>,
    /// The tests of the endpoint rules, uninterpreted.
    pub endpoint_tests: Option<Value>,
    /// The operation that names endpoints.
    pub endpoint_finder: Option<EndpointFinder>,
    /// The operations, by name.
    pub operations: Vec<Operation>,
    /// The arena of types.
    pub types: Vec<TypeDefinition>,
    /// The error types, by name.
    pub errors: Vec<TypeId>,
    /// The operations that cannot be generated while the rest of the service can: a line each, with the reason.
    pub left_out: Vec<String>,
    /// Warnings about the model: a line each, with the shape.
    pub warnings: Vec<String>,
    /// Descriptions of ours.
    pub words: Words,
}

/// Which calls may use HTTP/2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Http2 {
    /// All of them: the protocol's `http` lists `h2`.
    pub of_all: bool,
    /// Those with event streams: the protocol's `eventStreamHttp` lists `h2`.
    pub of_streams: bool,
}

/// The protocols that attache supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// `aws.protocols#awsJson1_0`
    AwsJson10,
    /// `aws.protocols#awsJson1_1`
    AwsJson11,
    /// `aws.protocols#restJson1`
    RestJson1,
    /// `aws.protocols#awsQuery`
    AwsQuery,
    /// `aws.protocols#ec2Query`
    Ec2Query,
    /// `smithy.protocols#rpcv2Cbor`
    RpcV2Cbor,
    /// `aws.protocols#restXml`
    RestXml,
}

impl Protocol {
    /// Its trait.
    pub fn trait_id(self) -> &'static str {
        match self {
            Self::AwsJson10 => trait_id::AWS_JSON_1_0,
            Self::AwsJson11 => trait_id::AWS_JSON_1_1,
            Self::RestJson1 => trait_id::REST_JSON_1,
            Self::AwsQuery => trait_id::AWS_QUERY,
            Self::Ec2Query => trait_id::EC2_QUERY,
            Self::RpcV2Cbor => trait_id::RPC_V2_CBOR,
            Self::RestXml => trait_id::REST_XML,
        }
    }

    /// The name of its trait, without the namespace.
    pub fn name(self) -> &'static str {
        let id = self.trait_id();
        id.split_once('#').map_or(id, |(_, name)| name)
    }

    /// Whether traits bind operations to methods and paths, and members to parts of messages. In the other protocols an
    /// operation is one `POST`, and all members are in the body.
    pub fn binds_http(self) -> bool {
        match self {
            Self::AwsJson10
            | Self::AwsJson11
            | Self::AwsQuery
            | Self::Ec2Query
            | Self::RpcV2Cbor => false,
            Self::RestJson1 | Self::RestXml => true,
        }
    }

    /// Whether messages can hold documents.
    pub fn has_documents(self) -> bool {
        !self.answers_in_xml()
    }

    /// Whether messages can hold streams.
    pub fn has_streams(self) -> bool {
        !matches!(self, Self::AwsQuery | Self::Ec2Query)
    }

    /// Whether the bodies of responses and errors are XML.
    pub fn answers_in_xml(self) -> bool {
        matches!(self, Self::AwsQuery | Self::Ec2Query | Self::RestXml)
    }

    /// Whether `smithy.api#jsonName` gives members other names in bodies.
    pub fn uses_json_names(self) -> bool {
        self == Self::RestJson1
    }
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The operation shape.
    pub id: ShapeId,
    /// Its name.
    pub name: String,
    /// The HTTP binding; `POST /` for the awsJson protocols.
    pub http: Http,
    /// The request type.
    pub request: TypeId,
    /// The response type.
    pub response: TypeId,
    /// Its possible errors, including those of the service.
    pub errors: Vec<TypeId>,
    /// `smithy.api#readonly`
    pub read_only: bool,
    /// `smithy.api#idempotent`, or a request with an idempotency token.
    pub idempotent: bool,
    /// The ways to authenticate a request, in the order of the service.
    pub schemes: Vec<Scheme>,
    /// Whether the root of the response is the element of its only member (`aws.customizations#s3UnwrappedXmlOutput`).
    pub unwrapped_output: bool,
    /// `aws.auth#unsignedPayload`
    pub unsigned_payload: bool,
    /// The host prefix (`smithy.api#endpoint`).
    pub host_prefix: Vec<Segment>,
    /// Whether the header `Content-MD5` is sent (`smithy.api#httpChecksumRequired`, unless `http_checksum` says more).
    pub content_md5: bool,
    /// `aws.protocols#httpChecksum`
    pub http_checksum: Option<HttpChecksum>,
    /// Whether its query is sent as a form (`attache#queryAsForm`).
    pub query_as_form: bool,
    /// Whether the SHA-256 and the tree hash of the body are sent with it (`attache#treeHash`).
    pub tree_hash: bool,
    /// The only region whose endpoint has the operation (`attache#endpointRegion`).
    pub endpoint_region: Option<String>,
    /// The parameters that it sets for the endpoint rules (`smithy.rules#staticContextParams`).
    pub endpoint_context: BTreeMap<String, ContextValue>,
    /// The parameters of the endpoint rules that its requests set, as far as the rules need them.
    pub request_parameters: Vec<RequestParameter>,
    /// How it uses endpoints that the service names.
    pub discovery: Option<Discovery>,
    /// Whether the body may be compressed with gzip (`smithy.api#requestCompression`).
    pub gzip: bool,
    /// Whether the model has an input shape at all: awsJson sends `{}` either way, restJson1 a body only with one.
    pub has_input: bool,
    /// Whether the model has an output shape at all: rpcv2Cbor responds without a body if not.
    pub has_output: bool,
    /// Why it is deprecated.
    pub deprecated: Option<String>,
    /// Its dry run (`attache#dryRun`).
    pub dry_run: Option<DryRun>,
    /// Its pagination.
    pub pagination: Option<Pagination>,
    /// Its waiters.
    pub waiters: Vec<Waiter>,
}

/// The dry run of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DryRun {
    /// The Boolean member of the request that requests a dry run.
    pub member: MemberId,
    /// The error that means success.
    pub error: ShapeId,
}

/// The HTTP binding of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    /// The method.
    pub method: String,
    /// The path, from its first slash on.
    pub path: Vec<Segment>,
    /// The labels that the path lacks, because the endpoint rules put them into the URL (`attache#endpointLabels`).
    pub endpoint_labels: Vec<String>,
    /// The literal parts of the query.
    pub query: Vec<String>,
    /// The status of a success.
    pub code: u16,
}

/// A part of a URI or host pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Literal text.
    Literal(String),
    /// The value of a member of the request, by its name.
    Label(String),
    /// The same, slashes kept.
    GreedyLabel(String),
}

impl Operation {
    /// Whether requests can be signed.
    pub fn is_signed(&self) -> bool {
        self.schemes.iter().any(|scheme| scheme.is_signature())
    }
}

impl Service {
    /// Whether any operation has checksums (`aws.protocols#httpChecksum`).
    pub fn has_checksums(&self) -> bool {
        let mut operations = self.operations.iter();
        operations.any(|operation| operation.http_checksum.is_some())
    }

    /// The parameters of the endpoint rules that operations, requests and settings of the client set.
    pub fn endpoint_parameters(&self) -> BTreeSet<String> {
        let of_operations = self.operations.iter().flat_map(|operation| {
            let of_requests = operation.request_parameters.iter();
            let of_requests = of_requests.map(|parameter| &parameter.name);
            operation.endpoint_context.keys().chain(of_requests)
        });
        let of_clients = self
            .client_parameters
            .iter()
            .map(|parameter| &parameter.name);
        let inputs = self.endpoint_inputs.iter().map(|input| &input.parameter);
        of_operations
            .chain(of_clients)
            .chain(inputs)
            .cloned()
            .collect()
    }

    /// The definition behind an id.
    pub fn type_definition(&self, id: TypeId) -> &TypeDefinition {
        &self.types[id.0]
    }

    /// The member behind an id.
    pub fn member(&self, id: MemberId) -> &Member {
        &self.type_definition(id.owner).members()[id.index]
    }
}
