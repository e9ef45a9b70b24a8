//! What of a service should have words, and whether it has them.

use std::collections::BTreeMap;

use crate::model::{Definition, Role, Service, TypeDefinition};

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An operation.
    Operation,
    /// A member of a request, a response, another structure, a union or an error.
    Member,
    /// A value of an enum.
    Value,
    /// A structure or union that is part of others. Requests and responses are described by their operation.
    Structure,
    /// An enum.
    Enum,
    /// An error.
    Error,
}

/// Something that should have words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// The name of the operation or shape.
    pub shape: String,
    /// The member, or the value of an enum by its name.
    pub member: Option<String>,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Operation,
        Self::Member,
        Self::Value,
        Self::Structure,
        Self::Enum,
        Self::Error,
    ];

    /// Its name in the plural.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Operation => "operations",
            Self::Member => "members",
            Self::Value => "values",
            Self::Structure => "structures",
            Self::Enum => "enums",
            Self::Error => "errors",
        }
    }
}

/// As texts name it: `Shape` or `Shape$member`.
impl std::fmt::Display for Entry {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.shape)?;
        match &self.member {
            Some(member) => write!(formatter, "${member}"),
            None => Ok(()),
        }
    }
}

/// Everything of a service that should have words, in order, with whether it has them.
pub fn entries(service: &Service) -> BTreeMap<Entry, bool> {
    let mut entries = BTreeMap::new();
    let words = &service.words;
    for operation in &service.operations {
        let entry = entry(Kind::Operation, operation.id.name(), None);
        entries.insert(entry, words.of_operation(operation.id.name()).is_some());
    }
    let types = service.types.iter();
    for definition in types.filter(|one| one.id.namespace() != "smithy.api") {
        let shape = definition.id.name();
        if let Some(kind) = kind(definition) {
            entries.insert(entry(kind, shape, None), words.of_shape(shape).is_some());
        }
        let kind = match definition.definition {
            Definition::Structure(_) | Definition::Union(_) => Kind::Member,
            Definition::Enum(_) | Definition::IntEnum(_) => Kind::Value,
        };
        for member in names(definition) {
            let has_words = words.of_member(shape, member).is_some();
            entries.insert(entry(kind, shape, Some(member)), has_words);
        }
    }
    entries
}

/// The entries without words.
pub fn missing(service: &Service) -> Vec<Entry> {
    let entries = entries(service).into_iter();
    entries
        .filter_map(|(entry, has_words)| (!has_words).then_some(entry))
        .collect()
}

fn entry(kind: Kind, shape: &str, member: Option<&str>) -> Entry {
    Entry {
        kind,
        shape: shape.to_owned(),
        member: member.map(str::to_owned),
    }
}

/// What a type is; `None` for requests and responses.
fn kind(definition: &TypeDefinition) -> Option<Kind> {
    match (&definition.role, &definition.definition) {
        (Role::Request(_) | Role::Response(_), _) => None,
        (Role::Error(_), _) => Some(Kind::Error),
        (Role::Nested, Definition::Structure(_) | Definition::Union(_)) => Some(Kind::Structure),
        (Role::Nested, Definition::Enum(_) | Definition::IntEnum(_)) => Some(Kind::Enum),
    }
}

fn names(definition: &TypeDefinition) -> Vec<&str> {
    match &definition.definition {
        Definition::Structure(members) | Definition::Union(members) => {
            members.iter().map(|member| member.name.as_str()).collect()
        }
        Definition::Enum(values) => values.iter().map(|value| value.name.as_str()).collect(),
        Definition::IntEnum(values) => values.iter().map(|value| value.name.as_str()).collect(),
    }
}
