//! Typed expressions of a rule set, in terms of the generated Rust code.
//!
//! Every value is `Copy` in the generated code (texts are `&str`, structures borrow), with a few exceptions that
//! `Term::is_owned` names. A term can therefore be used at any place without regard to moves.

use std::collections::BTreeSet;
use std::fmt;

/// The types of the rules engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Boolean,
    String,
    Integer,
    StringArray,
    Partition,
    Arn,
    Url,
    Option(Box<Type>),
}

impl Type {
    /// This type, or nothing.
    pub(super) fn optional(self) -> Self {
        match self {
            Type::Option(_) => self,
            other => Type::Option(Box::new(other)),
        }
    }

    /// The type of the value if it is present.
    pub(super) fn inner(&self) -> &Type {
        match self {
            Type::Option(inner) => inner,
            other => other,
        }
    }

    pub(super) fn is_optional(&self) -> bool {
        matches!(self, Type::Option(_))
    }
}

impl fmt::Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Boolean => formatter.write_str("boolean"),
            Type::String => formatter.write_str("string"),
            Type::Integer => formatter.write_str("integer"),
            Type::StringArray => formatter.write_str("array<string>"),
            Type::Partition => formatter.write_str("Partition"),
            Type::Arn => formatter.write_str("ARN"),
            Type::Url => formatter.write_str("URL"),
            Type::Option(inner) => write!(formatter, "option<{inner}>"),
        }
    }
}

/// An expression of the generated code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Term {
    /// `None`, known when the code is generated.
    Unset,
    Boolean(bool),
    String(String),
    Integer(i64),
    Array(Vec<String>),
    /// A local variable.
    Variable(String),
    /// A text with values filled in.
    Format(Vec<Piece>),
    /// `of.field`
    Field(Box<Term>, &'static str),
    /// `of.method()`, a computed text.
    Method(Box<Term>, &'static str),
    /// One part of the resource of an ARN.
    ResourceId(Box<Term>, usize),
    /// An element of an array; a negative index counts from the end.
    Element(Box<Term>, i64),
    Equal(Box<Term>, Box<Term>),
    Not(Box<Term>),
    IsSet(Box<Term>),
    /// A call of a function of the runtime.
    Library(&'static str, Vec<Term>),
    /// The first value, else the second; the flag says whether the second is always present.
    Or(Box<Term>, Box<Term>, bool),
    /// `if … { … } else { … }`
    If(Box<Term>, Box<Term>, Box<Term>),
    Some(Box<Term>),
}

/// A part of a `Term::Format`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Literal(String),
    Value(Term),
}

/// A term and its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) term: Term,
    pub(super) ty: Type,
}

impl Typed {
    pub(super) fn new(term: Term, ty: Type) -> Self {
        Self { term, ty }
    }
}

impl Term {
    pub(super) fn boxed(self) -> Box<Self> {
        Box::new(self)
    }

    /// The opposite of a boolean term, without a double negation.
    pub(super) fn negated(self) -> Self {
        match self {
            Term::Boolean(value) => Term::Boolean(!value),
            Term::Not(inner) => *inner,
            other => Term::Not(other.boxed()),
        }
    }

    /// Whether the value does not depend on the parameters.
    pub(super) fn is_constant(&self) -> bool {
        matches!(
            self,
            Term::Unset | Term::Boolean(_) | Term::String(_) | Term::Integer(_) | Term::Array(_)
        )
    }

    /// Whether the expression makes a new value that must be borrowed where it is used.
    pub(super) fn is_owned(&self) -> bool {
        match self {
            Term::Format(_) | Term::Method(..) | Term::Array(_) => true,
            Term::Library(function, _) => matches!(*function, "uri_encode" | "split"),
            _ => false,
        }
    }

    /// The terms that this one is made of.
    fn parts(&self) -> Vec<&Term> {
        match self {
            Term::Unset
            | Term::Boolean(_)
            | Term::String(_)
            | Term::Integer(_)
            | Term::Array(_)
            | Term::Variable(_) => Vec::new(),
            Term::Format(pieces) => {
                let values = pieces.iter().filter_map(|piece| match piece {
                    Piece::Value(term) => Some(term),
                    Piece::Literal(_) => None,
                });
                values.collect()
            }
            Term::Field(of, _)
            | Term::Method(of, _)
            | Term::ResourceId(of, _)
            | Term::Element(of, _)
            | Term::Not(of)
            | Term::IsSet(of)
            | Term::Some(of) => vec![of],
            Term::Equal(left, right) | Term::Or(left, right, _) => vec![left, right],
            Term::Library(_, arguments) => arguments.iter().collect(),
            Term::If(condition, yes, no) => vec![condition, yes, no],
        }
    }

    /// Adds the variables that the term reads.
    pub(super) fn add_variables(&self, used: &mut BTreeSet<String>) {
        if let Term::Variable(name) = self {
            used.insert(name.clone());
        }
        for part in self.parts() {
            part.add_variables(used);
        }
    }
}
