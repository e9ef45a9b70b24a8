//! A plan as a whole, and the operations of it.

use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value};

use super::codecs::{RequestCodec, ResponseCodec};
use super::given::Names;
use super::height;
use super::names::module_name;
use super::patterns::Patterns;
use super::types::{Field, TypeDefinition};
use super::value::Type;
use crate::model::{self, MemberId, Service, TypeId};
use crate::words::Words;

/// The end of a service that code is generated for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The one that writes requests.
    Client,
    /// The one that reads requests. A server must be able to report a missing required member, so every member of a
    /// request is optional for it. Responses keep their required members: a handler that lacks one does not compile.
    Server {
        /// The modules between the root of the crate and the generated ones.
        root: Vec<String>,
    },
}

/// The Rust code of a service: every decision, made once.
#[derive(Clone, Debug)]
pub struct Plan<'m> {
    /// What the model says.
    pub model: &'m Service,
    /// The end.
    pub end: End,
    /// How the bodies of requests are written.
    pub request_codec: RequestCodec,
    /// How the bodies of responses and errors are written.
    pub response_codec: ResponseCodec,
    /// The operations, in the order of the model.
    pub operations: Vec<Operation<'m>>,
    /// The arena of types; the ids are those of the model.
    pub types: Vec<TypeDefinition<'m>>,
    /// The names that a collision settled. With them, a plan of the same model has the same names.
    pub recorded: Names,
    /// The patterns of requests.
    pub patterns: Arc<Patterns>,
    /// How deep structures and unions nest.
    pub depth: usize,
    /// How deep the least value of each type nests; `None` for types without a finite value.
    pub(super) heights: Vec<Option<usize>>,
    /// The features that a crate has by default.
    pub default_features: Vec<&'static str>,
    /// The features of the runtime that only some services need.
    pub runtime_features: Vec<&'static str>,
    /// The features of the runtime that only mocks need.
    pub mock_features: Vec<&'static str>,
    /// Warnings about the model: a line each, with the shape.
    pub warnings: Vec<String>,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation<'m> {
    /// What the model says.
    pub model: &'m model::Operation,
    /// The Rust type of its builder (`CreateCase`).
    pub name: String,
    /// Its Rust function and module (`create_case`).
    pub function: String,
    /// Its waiters.
    pub waiters: Vec<Waiter<'m>>,
    /// Its example request, once it was asked for.
    pub(super) example: OnceLock<Example>,
}

/// An example request, as in JSON: strings for bytes and timestamps, an object with one member for a union.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Example {
    /// The members, by their names.
    pub members: Map<String, Value>,
    /// Whether it has all members that a valid request needs.
    pub is_complete: bool,
}

/// A waiter.
#[derive(Clone, Debug)]
pub struct Waiter<'m> {
    /// What the model says.
    pub model: &'m model::Waiter,
    /// The function that makes it.
    pub function: String,
}

impl Operation<'_> {
    /// The module of the operation, which is the name of its file as well.
    pub fn module(&self) -> String {
        module_name(&self.function)
    }
}

impl<'m> Plan<'m> {
    /// The words for the documentation. A server half has none: its documentation would be that of the client again, and
    /// the items that the words name are those of the client.
    pub fn words(&self) -> Option<&'m Words> {
        let words = &self.model.words;
        (self.end == End::Client && !words.is_empty()).then_some(words)
    }

    /// Whether the function with which the client writes a type for requests also writes it for responses.
    pub fn has_response_writer(&self, definition: &TypeDefinition<'_>) -> bool {
        definition.is_written && self.request_codec != RequestCodec::Form
    }

    /// Whether a type or a field is deprecated, so that code which names all of them needs `#![allow(deprecated)]`.
    pub fn has_deprecated(&self) -> bool {
        self.types.iter().any(|definition| {
            definition.model.deprecated.is_some()
                || definition
                    .fields()
                    .iter()
                    .any(|field| field.model.deprecated.is_some())
        })
    }

    /// The depth of the minimal value of a type, which a strategy uses to end recursive values. `None` if no value
    /// is finite.
    pub fn least_height(&self, ty: &Type<'_>) -> Option<usize> {
        height::height(&self.heights, ty)
    }

    /// The definition behind an id.
    pub fn type_definition(&self, id: TypeId) -> &TypeDefinition<'m> {
        &self.types[id.0]
    }

    /// The field behind an id.
    pub fn field(&self, id: MemberId) -> &Field<'m> {
        &self.type_definition(id.owner).fields()[id.index]
    }

    /// The `recursion_limit` of a program that requires `Send` of a future with a request, if the default, 128, may be too
    /// low. Each structure takes up to five steps: itself, its option, and a list with its parts.
    pub fn recursion_limit(&self) -> Option<usize> {
        let steps = 64 + 8 * self.depth;
        (self.depth > 20).then(|| steps.next_power_of_two())
    }

    /// The modules between the root of the crate and the generated ones.
    pub fn root(&self) -> &[String] {
        match &self.end {
            End::Client => &[],
            End::Server { root } => root,
        }
    }
}
