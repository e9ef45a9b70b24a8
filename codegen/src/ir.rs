//! The intermediate representation: what the Rust code will look like, in types.
//!
//! Nothing here is a string that must be parsed again, and nothing here is about how code is written out. Types live
//! in an arena ([`Service::types`]) and name each other by [`TypeId`], which is what makes recursive shapes ordinary.
//! Every container is ordered, so that the output is the same on every run by construction.

mod continuation;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::ast::ShapeId;
use crate::ast::traits::{Length, Range};
use crate::pattern::Automaton;

pub use self::continuation::{Acceptor, AcceptorState, Matcher, Pagination, Path, Step, Waiter};
pub use crate::ast::traits::TimestampFormat;

/// A service, ready to be written out.
#[derive(Clone, Debug)]
pub struct Service {
    /// The service shape.
    pub id: ShapeId,
    /// The modules between the root of the crate and the generated ones: none in a client crate.
    pub root: Vec<String>,
    /// The title (`smithy.api#title`), for documentation.
    pub title: String,
    /// The version of the model.
    pub version: String,
    /// The name of the service in SDKs.
    pub sdk_id: String,
    /// The name of the service in signatures.
    pub signing_name: String,
    /// The first label of its hosts, where no endpoint rules say more.
    pub endpoint_prefix: String,
    /// The protocol that is generated.
    pub protocol: Protocol,
    /// Whether ordinary calls may go over HTTP/2: the protocol's `http` lists `h2`.
    pub http2: bool,
    /// Whether `aws.protocols#awsQueryCompatible` is on.
    pub query_compatible: bool,
    /// The headers of every request (`attache#requestHeaders`): names in lower case, and values.
    pub request_headers: Vec<(String, String)>,
    /// The region that endpoint rules are asked about when the caller has none.
    pub default_region: Option<String>,
    /// The endpoint rule set, uninterpreted.
    pub endpoint_rules: Option<Value>,
    /// The endpoint rules as a decision diagram (`smithy.rules#endpointBdd`), uninterpreted.
    pub endpoint_bdd: Option<Value>,
    /// The tests of the endpoint rules, uninterpreted.
    pub endpoint_tests: Option<Value>,
    /// The operations, by name.
    pub operations: Vec<Operation>,
    /// The arena of types.
    pub types: Vec<TypeDefinition>,
    /// The error types, by name.
    pub errors: Vec<TypeId>,
    /// The patterns of what is sent, compiled, by their text.
    pub patterns: BTreeMap<String, CompiledPattern>,
    /// The operations that cannot be generated while the rest of the service can: a line each, with the reason.
    pub left_out: Vec<String>,
    /// What is odd about the model, but can be generated: a line each, with the shape.
    pub warnings: Vec<String>,
}

/// A pattern, and what became of it.
#[derive(Clone, Debug)]
pub struct CompiledPattern {
    /// What its table is called: after the first shape that has it.
    pub name: String,
    /// The table, or why it cannot be checked.
    pub automaton: std::result::Result<Automaton, String>,
}

/// The protocols that attache speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// `aws.protocols#awsJson1_0`
    AwsJson10,
    /// `aws.protocols#awsJson1_1`
    AwsJson11,
    /// `aws.protocols#restJson1`
    RestJson1,
}

/// The value that an operation gives to a parameter of the endpoint rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContextValue {
    /// A text.
    String(String),
    /// A flag.
    Boolean(bool),
}

/// An index into [`Service::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

/// What something is called on the wire and in Rust.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// The name in the model.
    pub wire: String,
    /// The Rust identifier, without `r#`.
    pub rust: String,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The operation shape.
    pub id: ShapeId,
    /// Its name: as a Rust type (`CreateCase`).
    pub name: Name,
    /// Its name as a Rust function and module (`create_case`).
    pub function: String,
    /// The HTTP binding; `POST /` for the awsJson protocols.
    pub http: Http,
    /// The request type.
    pub request: TypeId,
    /// The response type.
    pub response: TypeId,
    /// The errors it may answer with, service-wide ones included.
    pub errors: Vec<TypeId>,
    /// `smithy.api#readonly`
    pub read_only: bool,
    /// `smithy.api#idempotent`, or a request with an idempotency token.
    pub idempotent: bool,
    /// Whether requests are signed.
    pub signed: bool,
    /// `aws.auth#unsignedPayload`
    pub unsigned_payload: bool,
    /// What goes before the host (`smithy.api#endpoint`).
    pub host_prefix: Vec<Segment>,
    /// Whether the body needs a checksum (`smithy.api#httpChecksumRequired`).
    pub checksum_required: bool,
    /// Whether the body goes with its SHA-256 and the tree hash of it (`attache#treeHash`).
    pub tree_hash: bool,
    /// The region whose endpoint alone has the operation (`attache#endpointRegion`).
    pub endpoint_region: Option<String>,
    /// What it tells the endpoint rules of itself (`smithy.rules#staticContextParams`).
    pub endpoint_context: BTreeMap<String, ContextValue>,
    /// Whether the body may be compressed with gzip (`smithy.api#requestCompression`).
    pub gzip: bool,
    /// Whether the model has an input shape at all: awsJson sends `{}` either way, restJson1 a body only with one.
    pub has_input: bool,
    /// Why it is not recommended any more.
    pub deprecated: Option<String>,
    /// How it can be asked whether it would succeed (`attache#dryRun`).
    pub dry_run: Option<DryRun>,
    /// How it answers in pages.
    pub pagination: Option<Pagination>,
    /// What can be waited for with it.
    pub waiters: Vec<Waiter>,
}

/// How an operation is asked whether it would succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DryRun {
    /// The Boolean member of the request that asks, by its wire name.
    pub member: String,
    /// The error that says yes.
    pub error: ShapeId,
}

/// The HTTP binding of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    /// The method.
    pub method: String,
    /// The path, from its first slash on.
    pub path: Vec<Segment>,
    /// The literal parts of the query.
    pub query: Vec<String>,
    /// The status of a success.
    pub code: u16,
}

/// A part of a URI or host pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Text as it stands.
    Literal(String),
    /// The value of a member, by the member's wire name.
    Label(String),
    /// The same, slashes kept.
    GreedyLabel(String),
}

/// A type that gets a Rust definition.
#[derive(Clone, Debug)]
pub struct TypeDefinition {
    /// The shape it comes from.
    pub id: ShapeId,
    /// What it is called.
    pub name: Name,
    /// What it is.
    pub definition: Definition,
    /// What it is for.
    pub role: Role,
    /// Where it travels.
    pub usage: Usage,
    /// Whether the shape itself is sensitive.
    pub sensitive: bool,
    /// Why it is not recommended any more.
    pub deprecated: Option<String>,
    /// The rules about several of its members.
    pub rules: Vec<Rule>,
}

/// A rule about several members of a structure.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What it asks for.
    pub kind: RuleKind,
    /// Where the documentation says so.
    pub source: String,
}

/// What a rule about several members asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum RuleKind {
    /// `attache#atLeastOneOf`: one of these members, by wire name; `strict` is a recommendation.
    AtLeastOneOf {
        /// The members.
        members: Vec<String>,
        /// Whether only the strict level checks it.
        strict: bool,
    },
    /// `attache#ordered`: the first member is less than the second.
    Ordered {
        /// The lesser member.
        first: String,
        /// The greater member.
        second: String,
        /// Whether both may be equal.
        may_be_equal: bool,
        /// By how much they may differ at most.
        span: Option<i64>,
    },
}

/// What a type is.
#[derive(Clone, Debug)]
pub enum Definition {
    /// A structure.
    Structure(Vec<Field>),
    /// A union; at most one of the fields is there.
    Union(Vec<Field>),
    /// An enum of strings.
    Enum(Vec<EnumValue<String>>),
    /// An enum of integers.
    IntEnum(Vec<EnumValue<i32>>),
}

/// What a type is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// The input of the operation with this index.
    Request(usize),
    /// The output of the operation with this index.
    Response(usize),
    /// An error.
    Error(ErrorFacts),
    /// Part of others.
    Nested,
}

/// What a model says about an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorFacts {
    /// `client` or `server`.
    pub fault: String,
    /// The status (`smithy.api#httpError`), or the default of the fault.
    pub status: u16,
    /// Whether it may be tried again, and whether it means throttling.
    pub retryable: Option<bool>,
    /// Another code on the wire (`aws.protocols#awsQueryError`).
    pub query_code: Option<String>,
}

/// Where a type travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// It is part of what is written: of requests in a client, of responses and errors in a server.
    pub sent: bool,
    /// It is part of what is read.
    pub received: bool,
    /// It is part of a request, at whichever end: it is checked.
    pub checked: bool,
    /// It is part of the elements of a list in a request that must be unique, which are found by their hashes.
    pub hashed: bool,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumValue<T> {
    /// The name of the member and of the Rust variant.
    pub name: Name,
    /// The value on the wire.
    pub value: T,
    /// Whether messages do not tell it (`smithy.api#internal`).
    pub internal: bool,
    /// Why it is not recommended any more.
    pub deprecated: Option<String>,
}

/// A member of a structure or a union.
#[derive(Clone, Debug)]
pub struct Field {
    /// The member.
    pub id: ShapeId,
    /// What it is called; the wire name is the member name.
    pub name: Name,
    /// What it is called in JSON.
    pub json_name: String,
    /// Its type.
    pub ty: Type,
    /// Whether a cycle of types makes a box around it necessary.
    pub boxed: bool,
    /// Whether it is always there.
    pub presence: Presence,
    /// Where it stands in the HTTP message.
    pub binding: Binding,
    /// Whether the model requires it.
    pub required: bool,
    /// The default of the model, whether or not the type makes use of it.
    pub default: Option<Value>,
    /// Whether it is an idempotency token that clients fill in.
    pub idempotency_token: bool,
    /// Whether it is part of the host name as well.
    pub host_label: bool,
    /// Whether its value is the URL to send the request to (`attache#endpoint`).
    pub endpoint: bool,
    /// What stands in the path where the member is absent or empty (`attache#labelDefault`).
    pub label_default: Option<String>,
    /// Why the documentation asks for it, where it is not required (`smithy.api#recommended`).
    pub recommended: Option<String>,
    /// Why it is not recommended any more.
    pub deprecated: Option<String>,
}

/// Whether a field is always there.
#[derive(Clone, Debug, PartialEq)]
pub enum Presence {
    /// Always; where a response lacks it, the zero value stands in.
    Required,
    /// Perhaps.
    Optional,
    /// Always; where a message lacks it, this value stands in.
    Default(Value),
}

/// Where a field stands in the HTTP message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binding {
    /// In the JSON body.
    Body,
    /// In the path.
    Label,
    /// In the query, under this name.
    Query(String),
    /// A map of query parameters.
    QueryParams,
    /// In this header.
    Header(String),
    /// A map of headers with this prefix.
    PrefixHeaders(String),
    /// It is the body.
    Payload,
    /// The status of the response.
    Status,
}

/// The type of a field or an element, with what the model says about its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// What it is.
    pub kind: TypeKind,
    /// The shape it comes from.
    pub shape: ShapeId,
    /// The constraints of shape and member together.
    pub constraints: Constraints,
    /// Whether its values must not be shown.
    pub sensitive: bool,
}

/// What a type is.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    missing_docs,
    reason = "the names are those of the Smithy specification, \"Simple types\""
)]
pub enum TypeKind {
    Boolean,
    Byte,
    Short,
    Integer,
    Long,
    Float,
    Double,
    /// `media_type` as in `smithy.api#mediaType`.
    String {
        media_type: Option<String>,
    },
    /// `media_type` as in `smithy.api#mediaType`.
    Blob {
        media_type: Option<String>,
    },
    /// `smithy.api#streaming`
    StreamingBlob {
        media_type: Option<String>,
    },
    /// With the format that the model asks for, where it does.
    Timestamp(Option<TimestampFormat>),
    Document,
    List {
        element: Box<Type>,
        sparse: bool,
    },
    Map {
        key: Box<Type>,
        value: Box<Type>,
        sparse: bool,
    },
    /// A type of the arena.
    Named(TypeId),
}

/// The constraints on a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constraints {
    /// `smithy.api#length`
    pub length: Option<Length>,
    /// `smithy.api#range`
    pub range: Option<Range>,
    /// `smithy.api#pattern`
    pub pattern: Option<String>,
    /// `smithy.api#uniqueItems`
    pub unique_items: bool,
    /// `attache#uniqueMember`: the member in which the elements of a list differ.
    pub unique_member: Option<String>,
    /// `attache#mustEqual`: the one value that the service takes.
    pub must_equal: Option<Value>,
    /// `attache#dayAligned`: a timestamp at midnight in UTC.
    pub day_aligned: bool,
    /// `attache#allowedValues`: what the documentation lists; strict only.
    pub allowed_values: Vec<String>,
    /// `attache#recommendedPattern`: a form that the documentation shows; strict only.
    pub recommended_pattern: Option<String>,
    /// Where the documentation states them, by trait; what is not here stands in the model.
    pub sources: BTreeMap<String, String>,
}

impl Constraints {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Service {
    /// The definition behind an id.
    pub fn type_definition(&self, id: TypeId) -> &TypeDefinition {
        &self.types[id.0]
    }
}

impl TypeDefinition {
    /// The fields of a structure or a union; none for enums.
    pub fn fields(&self) -> &[Field] {
        match &self.definition {
            Definition::Structure(fields) | Definition::Union(fields) => fields,
            Definition::Enum(_) | Definition::IntEnum(_) => &[],
        }
    }

    /// The field of a member.
    pub fn field(&self, member: &str) -> Option<&Field> {
        self.fields().iter().find(|field| field.name.wire == member)
    }

    /// The same, to be changed.
    pub fn fields_mut(&mut self) -> &mut [Field] {
        match &mut self.definition {
            Definition::Structure(fields) | Definition::Union(fields) => fields,
            Definition::Enum(_) | Definition::IntEnum(_) => &mut [],
        }
    }
}

impl Type {
    /// The types of the arena that a value of this type holds directly or in lists and maps.
    pub fn named(&self) -> Vec<TypeId> {
        match &self.kind {
            TypeKind::Named(id) => vec![*id],
            TypeKind::List { element, .. } => element.named(),
            TypeKind::Map { key, value, .. } => {
                key.named().into_iter().chain(value.named()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a value of this type, or an element of it, must not be shown. What a named type hides it hides itself.
    pub fn hides_values(&self) -> bool {
        self.sensitive
            || match &self.kind {
                TypeKind::List { element, .. } => element.hides_values(),
                TypeKind::Map { key, value, .. } => key.hides_values() || value.hides_values(),
                _ => false,
            }
    }
}
