//! The types that get a Rust definition, their members, and constraints on their values.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::id::TypeId;
use super::xml::{Xml, XmlNamespace};
use crate::ast::ShapeId;
use crate::ast::traits::{Length, Range, TimestampFormat};

/// A type that gets a Rust definition.
#[derive(Clone, Debug)]
pub struct TypeDefinition {
    /// The shape it comes from.
    pub id: ShapeId,
    /// Its name in the service.
    pub name: String,
    /// What it is.
    pub definition: Definition,
    /// What it is for.
    pub role: Role,
    /// Where it is sent.
    pub usage: Usage,
    /// Whether the shape itself is sensitive.
    pub sensitive: bool,
    /// The name of the element where it is a whole body (`smithy.api#xmlName`); by default that of the shape.
    pub xml_name: Option<String>,
    /// The namespace of that element (`smithy.api#xmlNamespace`).
    pub xml_namespace: Option<XmlNamespace>,
    /// Why it is deprecated.
    pub deprecated: Option<String>,
    /// The rules about several of its members.
    pub rules: Vec<Rule>,
    /// What the union of an event stream has beside its members.
    pub event_stream: Option<EventStream>,
}

/// What the union of an event stream has beside its members, which are the events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventStream {
    /// The members that are errors. They end the stream, and are members only if a client sends the stream.
    pub exceptions: Vec<EventException>,
}

/// An error in an event stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventException {
    /// The name of the member.
    pub name: String,
    /// The error, if the stream is received.
    pub error: Option<TypeId>,
}

/// A rule about several members of a structure.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its requirement.
    pub kind: RuleKind,
    /// Its place in the documentation.
    pub source: String,
}

/// The requirement of a rule about several members.
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
        /// The maximum difference.
        span: Option<i64>,
    },
}

/// What a type is.
#[derive(Clone, Debug)]
pub enum Definition {
    /// A structure.
    Structure(Vec<Member>),
    /// A union; at most one of the members is present.
    Union(Vec<Member>),
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
    /// A nested type.
    Nested,
}

/// What a model says about an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorFacts {
    /// `client` or `server`.
    pub fault: String,
    /// The status (`smithy.api#httpError`, in the query protocol that of `aws.protocols#awsQueryError`), or the default
    /// of the fault.
    pub status: u16,
    /// Whether it may be retried, and whether it means throttling.
    pub retryable: Option<bool>,
    /// Another code on the wire (`aws.protocols#awsQueryError`).
    pub query_code: Option<String>,
}

/// Where a type is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// It is part of requests.
    pub in_requests: bool,
    /// It is part of responses or errors.
    pub in_responses: bool,
    /// It is part of the elements of a list in a request that must be unique.
    pub in_unique_lists: bool,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumValue<T> {
    /// The name of the member.
    pub name: String,
    /// The value on the wire.
    pub value: T,
    /// Whether messages do not show it (`smithy.api#internal`).
    pub internal: bool,
    /// Why it is deprecated.
    pub deprecated: Option<String>,
}

/// The form of an idempotency token that satisfies the constraints of its member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenForm {
    /// A UUID with its hyphens, 36 characters.
    Hyphenated,
    /// The 32 digits of a UUID.
    Digits,
}

/// A member of a structure or a union.
#[derive(Clone, Debug)]
pub struct Member {
    /// The member.
    pub id: ShapeId,
    /// Its name.
    pub name: String,
    /// Its name in JSON.
    pub json_name: String,
    /// Its type.
    pub ty: Type,
    /// Its place in the HTTP message.
    pub binding: Binding,
    /// Whether the model requires it.
    pub required: bool,
    /// Whether it is a member of an input, where clients require nothing (`smithy.api#input`).
    pub input: bool,
    /// Whether clients treat it as optional in any case (`smithy.api#clientOptional`).
    pub client_optional: bool,
    /// Its default (`smithy.api#default`).
    pub default: Option<Value>,
    /// How clients fill it in where it is an idempotency token.
    pub idempotency_token: Option<TokenForm>,
    /// Whether it is part of the host name as well.
    pub host_label: bool,
    /// Whether its value is the URL to send the request to (`attache#endpoint`).
    pub endpoint: bool,
    /// The part of the path if the member is absent or empty (`attache#labelDefault`).
    pub label_default: Option<String>,
    /// Whether only what is behind the last `/` of a value is sent (`attache#lastSegment`).
    pub last_segment: bool,
    /// The copy from another region that it is the source of (`attache#presignedCopy`).
    pub presigned_copy: Option<PresignedCopy>,
    /// Whether a response may hold a value of another type, which another member has as a text (`attache#textBeside`).
    pub is_tolerant: bool,
    /// Why the documentation requires it, if the model does not (`smithy.api#recommended`).
    pub recommended: Option<String>,
    /// Why it is deprecated.
    pub deprecated: Option<String>,
}

/// What a request from another region has beside its members: a URL of the same request to that region, which the region
/// of the client calls. The member with this trait names the other region.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PresignedCopy {
    /// The member with the URL. A URL of the caller is kept.
    pub url: String,
    /// The parameter of the URL that names the region of the client.
    pub destination: String,
    /// Whether the request itself names both regions, too.
    pub names_regions: bool,
}

/// The place of a member in the HTTP message.
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
    /// It is the body, or the payload of an event.
    Payload,
    /// In a header of an event, under its own name.
    EventHeader,
    /// The status of the response.
    Status,
}

/// The type of a member or an element, with what the model says about its values.
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
    /// How XML and forms hold it here.
    pub xml: Xml,
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
    BigInteger,
    BigDecimal,
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
        /// `smithy.api#requiresLength`
        requires_length: bool,
    },
    /// With the format of the model, if it has one.
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
    /// A stream of the events of a union.
    EventStream(TypeId),
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
    /// `attache#mustEqual`: the only value that the service accepts.
    pub must_equal: Option<Value>,
    /// `attache#dayAligned`: a timestamp at midnight in UTC.
    pub day_aligned: bool,
    /// `attache#allowedValues`: what the documentation lists; strict only.
    pub allowed_values: Vec<String>,
    /// `attache#recommendedPattern`: a form that the documentation shows; strict only.
    pub recommended_pattern: Option<String>,
    /// Their places in the documentation, by trait; constraints of the model are not in this map.
    pub sources: BTreeMap<String, String>,
}

impl Constraints {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl TypeDefinition {
    /// The members of a structure or a union; none for enums.
    pub fn members(&self) -> &[Member] {
        match &self.definition {
            Definition::Structure(members) | Definition::Union(members) => members,
            Definition::Enum(_) | Definition::IntEnum(_) => &[],
        }
    }

    /// The member of a name, and its place among the others.
    pub(super) fn member(&self, name: &str) -> Option<(usize, &Member)> {
        let mut members = self.members().iter().enumerate();
        members.find(|(_, member)| member.name == name)
    }
}

impl Member {
    /// The name of its element or attribute in XML.
    pub fn xml_name(&self) -> &str {
        self.ty.xml.name.as_deref().unwrap_or(&self.name)
    }
}

impl Type {
    /// The types of the arena that a value of this type contains directly or in lists and maps.
    pub fn named(&self) -> Vec<TypeId> {
        match &self.kind {
            TypeKind::Named(id) | TypeKind::EventStream(id) => vec![*id],
            TypeKind::List { element, .. } => element.named(),
            TypeKind::Map { key, value, .. } => {
                key.named().into_iter().chain(value.named()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a value of this type, or an element of it, must not be shown. Named types hide their values themselves.
    pub fn hides_values(&self) -> bool {
        self.sensitive
            || match &self.kind {
                TypeKind::List { element, .. } => element.hides_values(),
                TypeKind::Map { key, value, .. } => key.hides_values() || value.hides_values(),
                _ => false,
            }
    }
}
