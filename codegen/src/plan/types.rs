//! The types that get a Rust definition, and their fields.

use super::default::DefaultValue;
use super::module::Module;
use super::rust_type::RustType;
use super::setter::Setter;
use super::value::Type;
use crate::ast::trait_id;
use crate::model::{self, Role, TypeId};

/// A type that gets a Rust definition.
#[derive(Clone, Debug)]
pub struct TypeDefinition<'m> {
    /// Its place in the arena.
    pub id: TypeId,
    /// What the model says.
    pub model: &'m model::TypeDefinition,
    /// The Rust name.
    pub name: String,
    /// The module that holds it.
    pub module: Module,
    /// What it is.
    pub definition: Definition<'m>,
    /// Whether this end writes it.
    pub is_written: bool,
    /// Whether this end reads it from bodies.
    pub is_read: bool,
    /// Whether it has an additional field that only `Default` can set, so that literals compile when members are added:
    /// the requests of a client. Users do not construct the requests of a server.
    pub is_open_literal: bool,
    /// How it gets its `Default`.
    pub default: DefaultKind,
    /// Which of its fields have a setter on the type itself.
    pub setters: Setters,
    /// Whether it is part of requests, and something in it or below it has a constraint.
    pub is_validated: bool,
    /// Whether it is part of the elements of a list in a request that must be unique, which are found by their hashes.
    pub is_hashed: bool,
    /// Whether its body holds a blob, directly or in a part of it.
    pub holds_blob: bool,
    /// Whether a value of it can contain another one, directly or indirectly.
    pub is_recursive: bool,
}

/// Which fields of a structure have a setter on the structure itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setters {
    /// None: requests are literals, and the builder of the operation has their setters.
    None,
    /// Those that `new` does not take.
    NotRequired,
    /// All.
    All,
}

/// How a type gets its `Default`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultKind {
    /// None: a server only writes it, and a handler that lacks a field must not compile.
    None,
    /// Derived.
    Derived,
    /// Written out: the model gives fields other values than zero, a field has no `Default`, or it is not a structure.
    Written,
}

/// What a type is.
#[derive(Clone, Debug)]
pub enum Definition<'m> {
    /// A structure.
    Structure(Vec<Field<'m>>),
    /// A union; its fields are variants.
    Union(Vec<Field<'m>>),
    /// An enum of strings.
    Enum(Vec<EnumValue<'m, String>>),
    /// An enum of integers.
    IntEnum(Vec<EnumValue<'m, i32>>),
}

/// A value of an enum.
#[derive(Clone, Debug)]
pub struct EnumValue<'m, T> {
    /// What the model says.
    pub model: &'m model::EnumValue<T>,
    /// The Rust variant.
    pub name: String,
}

/// A field of a structure, or a variant of a union.
#[derive(Clone, Debug)]
pub struct Field<'m> {
    /// What the model says.
    pub model: &'m model::Member,
    /// The Rust name.
    pub name: String,
    /// The type of its value.
    pub ty: Type<'m>,
    /// The Rust type of the field: boxed and optional where it must be.
    pub rust: RustType,
    /// Whether a cycle of types makes a box around the value necessary.
    pub boxed: bool,
    /// Whether it is always present.
    pub presence: Presence<'m>,
    /// Its setter.
    pub setter: Setter,
}

/// Whether a field is always present.
#[derive(Clone, Debug, PartialEq)]
pub enum Presence<'m> {
    /// Always; if a response lacks it, it has the zero value.
    Required,
    /// Perhaps.
    Optional,
    /// Always; if a message lacks it, it has this value.
    Default(DefaultValue<'m>),
}

impl<'m> TypeDefinition<'m> {
    /// The fields of a structure or the variants of a union; none for enums.
    pub fn fields(&self) -> &[Field<'m>] {
        match &self.definition {
            Definition::Structure(fields) | Definition::Union(fields) => fields,
            Definition::Enum(_) | Definition::IntEnum(_) => &[],
        }
    }

    /// The fields that have a setter on the type itself.
    pub fn fields_with_setters(&self) -> impl Iterator<Item = &Field<'m>> {
        self.fields().iter().filter(|field| match self.setters {
            Setters::None => false,
            Setters::NotRequired => field.presence != Presence::Required,
            Setters::All => true,
        })
    }

    /// Whether serde reads a value that lacks required members, as services send them. What users write as a request
    /// must have them, although the type has a `Default`.
    pub fn may_lack_members(&self) -> bool {
        let is_required = |field: &Field<'_>| field.presence == Presence::Required;
        self.is_read || !self.fields().iter().any(is_required)
    }

    /// Whether it has `new`, which takes the required members.
    pub fn has_constructor(&self) -> bool {
        self.model.role == Role::Nested && self.is_written
    }

    /// The field of a member.
    pub fn field(&self, member: &str) -> Option<&Field<'m>> {
        let mut fields = self.fields().iter();
        fields.find(|field| field.model.name == member)
    }
}

impl Field<'_> {
    /// Where the documentation says that it is required; `None` where the model does.
    pub fn required_source(&self) -> Option<&str> {
        let sources = &self.model.ty.constraints.sources;
        sources.get(trait_id::REQUIRED).map(String::as_str)
    }

    /// Whether it may be absent.
    pub fn is_optional(&self) -> bool {
        self.presence == Presence::Optional
    }
}
