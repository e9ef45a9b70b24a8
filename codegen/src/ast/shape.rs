//! The shapes of the JSON AST.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Reference, ShapeId, Traits};
use crate::error::{Error, Result};

/// A shape: what it is, and the traits that are applied to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// What it is.
    pub kind: ShapeKind,
    /// Its traits.
    pub traits: Traits,
}

/// The types of shapes (Smithy specification, "The Smithy type system").
#[derive(Clone, Debug, PartialEq)]
pub enum ShapeKind {
    /// A simple type without members.
    Simple(Simple),
    /// A string with named values.
    Enum(Aggregate),
    /// An integer with named values.
    IntEnum(Aggregate),
    /// A list (or, in old models, a set).
    List(List),
    /// A map.
    Map(Map),
    /// A structure.
    Structure(Aggregate),
    /// A tagged union.
    Union(Aggregate),
    /// An operation.
    Operation(Operation),
    /// A resource.
    Resource(Box<Resource>),
    /// A service.
    Service(Service),
    /// Traits for a shape that is defined elsewhere; only overlays hold these.
    Apply(ApplyStatement),
}

/// The simple types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(
    missing_docs,
    reason = "the names are those of the Smithy specification, \"Simple types\""
)]
pub enum Simple {
    Blob,
    Boolean,
    String,
    Byte,
    Short,
    Integer,
    Long,
    Float,
    Double,
    BigInteger,
    BigDecimal,
    Timestamp,
    Document,
}

/// A member: its target, and the traits that are applied to the member itself.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The shape of its values.
    pub target: ShapeId,
    /// The traits of the member.
    #[serde(default)]
    pub traits: Traits,
}

/// A shape with named members: structure, union, enum.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aggregate {
    /// The members by name.
    #[serde(default)]
    pub members: BTreeMap<String, Member>,
}

/// A list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// Its elements.
    pub member: Member,
}

/// A map.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// Its keys.
    pub key: Member,
    /// Its values.
    pub value: Member,
}

/// An operation.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// The input structure; absent means `smithy.api#Unit`.
    pub input: Option<Reference>,
    /// The output structure; absent means `smithy.api#Unit`.
    pub output: Option<Reference>,
    /// The errors that are declared on the operation.
    #[serde(default)]
    pub errors: Vec<Reference>,
}

/// A resource, which has operations like a service.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "the names are those of the Smithy specification, \"Resource\""
)]
pub struct Resource {
    #[serde(default)]
    pub identifiers: BTreeMap<String, Reference>,
    #[serde(default)]
    pub properties: BTreeMap<String, Reference>,
    pub create: Option<Reference>,
    pub put: Option<Reference>,
    pub read: Option<Reference>,
    pub update: Option<Reference>,
    pub delete: Option<Reference>,
    pub list: Option<Reference>,
    #[serde(default)]
    pub operations: Vec<Reference>,
    #[serde(default)]
    pub collection_operations: Vec<Reference>,
    #[serde(default)]
    pub resources: Vec<Reference>,
}

impl Resource {
    /// All operations of the resource itself.
    pub fn all_operations(&self) -> impl Iterator<Item = &Reference> {
        let Self {
            identifiers: _,
            properties: _,
            create,
            put,
            read,
            update,
            delete,
            list,
            operations,
            collection_operations,
            resources: _,
        } = self;
        [create, put, read, update, delete, list]
            .into_iter()
            .flatten()
            .chain(operations)
            .chain(collection_operations)
    }
}

/// A service.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the names are those of the Smithy specification, \"Service\""
)]
pub struct Service {
    #[serde(default)]
    pub version: String,
    #[serde(default)]
    pub operations: Vec<Reference>,
    #[serde(default)]
    pub resources: Vec<Reference>,
    #[serde(default)]
    pub errors: Vec<Reference>,
    #[serde(default)]
    pub rename: BTreeMap<ShapeId, String>,
}

/// An `apply` statement.
#[derive(Clone, Debug, PartialEq)]
pub struct ApplyStatement;

impl Shape {
    /// Reads one shape.
    ///
    /// # Errors
    /// An unknown `type`, or a key that this type of shape does not have.
    pub fn from_value(value: Value) -> Result<Self> {
        let Value::Object(mut fields) = value else {
            return Err(Error::new("a shape is a JSON object"));
        };
        let kind = match fields.remove("type") {
            Some(Value::String(kind)) => kind,
            _ => return Err(Error::new("a shape needs the key `type`")),
        };
        let traits = parse("traits", fields.remove("traits"))?.unwrap_or_default();
        if fields.contains_key("mixins") {
            return Err(Error::new(
                "a shape that an overlay adds has no `mixins`: write out their members",
            ));
        }
        let rest = Value::Object(fields);
        let kind = match kind.as_str() {
            "enum" => ShapeKind::Enum(parse_kind(&kind, rest)?),
            "intEnum" => ShapeKind::IntEnum(parse_kind(&kind, rest)?),
            "list" | "set" => ShapeKind::List(parse_kind(&kind, rest)?),
            "map" => ShapeKind::Map(parse_kind(&kind, rest)?),
            "structure" => ShapeKind::Structure(parse_kind(&kind, rest)?),
            "union" => ShapeKind::Union(parse_kind(&kind, rest)?),
            "operation" => ShapeKind::Operation(parse_kind(&kind, rest)?),
            "resource" => ShapeKind::Resource(parse_kind(&kind, rest)?),
            "service" => ShapeKind::Service(parse_kind(&kind, rest)?),
            simple => {
                let Nothing {} = parse_kind(simple, rest)?;
                match Simple::from_name(simple) {
                    Some(simple) => ShapeKind::Simple(simple),
                    None if simple == "apply" => ShapeKind::Apply(ApplyStatement),
                    None => return Err(Error::new(format!("unknown shape type `{simple}`"))),
                }
            }
        };
        Ok(Self { kind, traits })
    }

    /// The members with their names; lists have `member`, maps `key` and `value`.
    pub fn members(&self) -> Vec<(&str, &Member)> {
        match &self.kind {
            ShapeKind::Structure(aggregate)
            | ShapeKind::Union(aggregate)
            | ShapeKind::Enum(aggregate)
            | ShapeKind::IntEnum(aggregate) => aggregate
                .members
                .iter()
                .map(|(name, member)| (name.as_str(), member))
                .collect(),
            ShapeKind::List(list) => vec![("member", &list.member)],
            ShapeKind::Map(map) => vec![("key", &map.key), ("value", &map.value)],
            ShapeKind::Simple(_)
            | ShapeKind::Operation(_)
            | ShapeKind::Resource(_)
            | ShapeKind::Service(_)
            | ShapeKind::Apply(_) => Vec::new(),
        }
    }

    /// A member, by its name as in [`Shape::members`].
    pub fn member(&self, name: &str) -> Option<&Member> {
        let mut members = self.members().into_iter();
        members.find_map(|(known, member)| (known == name).then_some(member))
    }

    /// The errors that an operation or a service lists; none for other shapes.
    pub fn errors(&self) -> &[Reference] {
        match &self.kind {
            ShapeKind::Operation(operation) => &operation.errors,
            ShapeKind::Service(service) => &service.errors,
            _ => &[],
        }
    }

    /// The name of this type of shape in the specification.
    pub fn type_name(&self) -> &'static str {
        match &self.kind {
            ShapeKind::Simple(simple) => simple.name(),
            ShapeKind::Enum(_) => "enum",
            ShapeKind::IntEnum(_) => "intEnum",
            ShapeKind::List(_) => "list",
            ShapeKind::Map(_) => "map",
            ShapeKind::Structure(_) => "structure",
            ShapeKind::Union(_) => "union",
            ShapeKind::Operation(_) => "operation",
            ShapeKind::Resource(_) => "resource",
            ShapeKind::Service(_) => "service",
            ShapeKind::Apply(_) => "apply",
        }
    }
}

impl Simple {
    const NAMES: [(Self, &'static str); 13] = [
        (Self::Blob, "blob"),
        (Self::Boolean, "boolean"),
        (Self::String, "string"),
        (Self::Byte, "byte"),
        (Self::Short, "short"),
        (Self::Integer, "integer"),
        (Self::Long, "long"),
        (Self::Float, "float"),
        (Self::Double, "double"),
        (Self::BigInteger, "bigInteger"),
        (Self::BigDecimal, "bigDecimal"),
        (Self::Timestamp, "timestamp"),
        (Self::Document, "document"),
    ];

    fn from_name(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(simple, _)| *simple)
    }

    /// The type of a shape of the prelude that members target (Smithy specification, "Prelude").
    pub fn of_prelude(id: &ShapeId) -> Option<Self> {
        Some(match id.as_str().strip_prefix("smithy.api#")? {
            "Blob" => Self::Blob,
            "Boolean" | "PrimitiveBoolean" => Self::Boolean,
            "String" => Self::String,
            "Byte" | "PrimitiveByte" => Self::Byte,
            "Short" | "PrimitiveShort" => Self::Short,
            "Integer" | "PrimitiveInteger" => Self::Integer,
            "Long" | "PrimitiveLong" => Self::Long,
            "Float" | "PrimitiveFloat" => Self::Float,
            "Double" | "PrimitiveDouble" => Self::Double,
            "BigInteger" => Self::BigInteger,
            "BigDecimal" => Self::BigDecimal,
            "Timestamp" => Self::Timestamp,
            "Document" => Self::Document,
            _ => return None,
        })
    }

    /// Its name in the specification.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(simple, _)| *simple == self)
            .map_or("", |(_, name)| name)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

fn parse<T: serde::de::DeserializeOwned>(key: &str, value: Option<Value>) -> Result<Option<T>> {
    value
        .map(|value| {
            serde_json::from_value(value)
                .map_err(|error| Error::new(error.to_string()).at(format!("`{key}`")))
        })
        .transpose()
}

fn parse_kind<T: serde::de::DeserializeOwned>(kind: &str, value: Value) -> Result<T> {
    serde_json::from_value(value)
        .map_err(|error| Error::new(format!("malformed {kind} shape: {error}")))
}
