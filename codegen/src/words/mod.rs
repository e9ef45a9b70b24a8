//! The words of a service: `docs.json`, which explains its operations, shapes and members in texts of ours.
//!
//! A model states facts only. What an operation is for, what must exist before, and what an error means is written by
//! people and kept beside the model, by the names of the model. `read` reads the file, `form` its values that are no texts,
//! `coverage` compares it with a service, `filler` finds texts that only repeat a name, `gaps` adds what is missing to the
//! file, `prune` takes out what is about another version of the model. Where a service has no words of ours, `prose` makes
//! the same texts of the documentation that its published model carries.

pub mod coverage;
pub mod filler;
mod form;
pub mod gaps;
pub mod prose;
pub mod prune;
pub mod read;
pub mod text;

use std::collections::BTreeMap;

use serde_json::Value;

use self::text::Text;

/// The words of a service, by the names of shapes without their namespace.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words {
    /// The service.
    pub service: ServiceWords,
    /// The operations.
    pub operations: BTreeMap<String, OperationWords>,
    /// The shapes.
    pub shapes: BTreeMap<String, ShapeWords>,
    /// What is wrong with them beside their form: names that the model lacks, and texts that only repeat a name.
    pub problems: Vec<Problem>,
}

/// A name that the model lacks, or a text that only repeats a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it is in the file, from the outside to the inside.
    pub place: Vec<Step>,
    /// A sentence about it.
    pub sentence: String,
}

/// A step to a place of the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The value of a key.
    Key(String),
    /// A paragraph of a text, counted from 0.
    Paragraph(usize),
}

/// The words about a service as a whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceWords {
    /// What it is, for the front page of its crate.
    pub documentation: Option<Text>,
    /// What belongs to it: companions of its crate, pages, a guide. The front page shows it.
    pub related: Option<Text>,
    /// The operation that the front page calls.
    pub first: Option<String>,
    /// The address of an operation's page in the reference of the service, in which `{operation}` is its name.
    pub reference: Option<String>,
}

/// The words about an operation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OperationWords {
    /// What it does, and when to use it.
    pub documentation: Option<Text>,
    /// The sections of its page, by their keys.
    pub sections: BTreeMap<Section, Text>,
    /// What an error means here and what to do about it, by the shape of the error.
    pub errors: BTreeMap<String, Text>,
    /// Values of members for the example, by member.
    pub example: BTreeMap<String, Value>,
}

/// A section of the page of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// What must exist before the call.
    Before,
    /// What the call costs, and its limits.
    Limits,
    /// What is true after the call: what is eventually consistent, what to call next.
    After,
    /// How the operation relates to others.
    Related,
}

/// The words about a shape.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShapeWords {
    /// What it is.
    pub documentation: Option<Text>,
    /// Its members, or the values of an enum by their names.
    pub members: BTreeMap<String, Text>,
    /// What its members count, in the singular, where their names do not say it: "byte".
    pub units: BTreeMap<String, String>,
    /// Values of its members for examples.
    pub examples: BTreeMap<String, Value>,
    /// A value of the shape for examples.
    pub example: Option<Value>,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.sentence)
    }
}

impl Section {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 4] = [Self::Before, Self::Limits, Self::After, Self::Related];

    /// Its key in the file.
    pub fn key(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::Limits => "limits",
            Self::After => "after",
            Self::Related => "related",
        }
    }

    /// Its heading on the page.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Before => "Before the call",
            Self::Limits => "Cost and limits",
            Self::After => "After the call",
            Self::Related => "Related operations",
        }
    }
}

impl Words {
    /// Whether there is nothing but gaps.
    pub fn is_empty(&self) -> bool {
        let no_operation = self
            .operations
            .values()
            .all(|one| *one == Default::default());
        let no_shape = self.shapes.values().all(|one| *one == Default::default());
        no_operation && no_shape && self.service == Default::default()
    }

    /// The text of an operation.
    pub fn of_operation(&self, name: &str) -> Option<&Text> {
        self.operations.get(name)?.documentation.as_ref()
    }

    /// The text of a shape.
    pub fn of_shape(&self, name: &str) -> Option<&Text> {
        self.shapes.get(name)?.documentation.as_ref()
    }

    /// The text of a member of a shape.
    pub fn of_member(&self, shape: &str, member: &str) -> Option<&Text> {
        self.shapes.get(shape)?.members.get(member)
    }
}
