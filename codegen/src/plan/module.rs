//! The modules of a generated crate that hold types.

use super::reserved::functions;
use crate::model::{Definition, Role, TypeDefinition};

/// A module that holds generated types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Module {
    /// The strategies for property tests; no types.
    Arbitrary,
    /// What serde reads types with; no types.
    Deserialize,
    /// The enums.
    Enums,
    /// The errors.
    Error,
    /// The requests and responses.
    Operation,
    /// What mocks write responses with; no types.
    TestUtil,
    /// The structures and unions that are part of others.
    Types,
}

impl Module {
    /// The module that holds a type.
    pub(super) fn of(definition: &TypeDefinition) -> Self {
        match (&definition.role, &definition.definition) {
            (Role::Request(_) | Role::Response(_), _) => Self::Operation,
            (Role::Error(_), _) => Self::Error,
            (Role::Nested, Definition::Enum(_) | Definition::IntEnum(_)) => Self::Enums,
            (Role::Nested, Definition::Structure(_) | Definition::Union(_)) => Self::Types,
        }
    }

    /// Its path.
    pub fn path(self) -> &'static str {
        match self {
            Self::Arbitrary => "arbitrary",
            Self::Deserialize => "deserialize",
            Self::Enums => "enums",
            Self::Error => "error",
            Self::Operation => functions::OPERATION.as_str(),
            Self::TestUtil => "test_util",
            Self::Types => "types",
        }
    }
}
