//! A mirror of the Smithy 2.0 JSON AST.
//!
//! The mirror is strict: an unknown key or shape type is an error that names the shape, because the generator would
//! otherwise ignore it silently. The meaning of traits is decided elsewhere ([`ledger`] lists the known ones).

pub mod ledger;
pub mod mixins;
pub mod overlay;
pub mod own_traits;
pub mod placement;
mod reference;
mod shape;
mod shape_id;
pub(crate) mod trait_id;
pub mod traits;

use std::collections::BTreeMap;

use serde_json::Value;

pub use reference::Reference;
pub use shape::{
    Aggregate, ApplyStatement, List, Map, Member, Operation, Resource, Service, Shape, ShapeKind,
    Simple,
};
pub use shape_id::ShapeId;
pub(crate) use shape_id::UNIT;
pub use traits::Traits;

use crate::error::{Error, Result};
use crate::json;
use crate::version::is_same;

/// A whole model: every shape by its id, in the order of the ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// The version of the AST, `2.0` or `2`; `1.0` is read as well.
    pub smithy: String,
    /// Metadata of the model, uninterpreted.
    pub metadata: BTreeMap<String, Value>,
    /// The shapes.
    pub shapes: BTreeMap<ShapeId, Shape>,
}

/// Reads the JSON AST of a model as JSON, with its mixins and `apply` statements resolved; messages name it `file`.
///
/// # Errors
/// Text that is not JSON (with line and column), whatever [`mixins::resolve`] finds.
pub fn read(file: &str, text: &str) -> Result<Value> {
    let read = || {
        let mut value = json::parse(text)?;
        mixins::resolve(&mut value)?;
        Ok(value)
    };
    read().map_err(|error: Error| error.in_file(file))
}

/// Reads an overlay, whose `apply` statements are about another model; messages name it `file`.
///
/// # Errors
/// Text that is not JSON (with line and column).
pub fn read_overlay(file: &str, text: &str) -> Result<Value> {
    json::parse(text).map_err(|error| error.in_file(file))
}

impl Model {
    /// Reads the JSON AST of a model, with its mixins and `apply` statements resolved; messages name it `file`.
    ///
    /// # Errors
    /// As [`read`] and [`Model::from_value`].
    pub fn parse(file: &str, text: &str) -> Result<Self> {
        Self::from_value(read(file, text)?).map_err(|error| error.in_file(file))
    }

    /// Reads a JSON AST that is already a JSON value and has no mixins.
    ///
    /// # Errors
    /// An unknown key or shape type (with the shape), a malformed shape id.
    pub fn from_value(value: Value) -> Result<Self> {
        let (model, errors) = Self::read_what_is_known(value);
        match errors.into_iter().next() {
            Some(error) => Err(error),
            None => Ok(model),
        }
    }

    /// Reads the known keys and shapes; returns the errors of the others, which are left out.
    pub fn read_what_is_known(value: Value) -> (Self, Vec<Error>) {
        let mut model = Self::default();
        let Value::Object(root) = value else {
            let error = "a Smithy JSON AST is an object with the keys `smithy` and `shapes`";
            return (model, vec![Error::new(error)]);
        };
        let mut errors = Vec::new();
        for (key, value) in root {
            match (key.as_str(), value) {
                ("smithy", Value::String(version)) => model.smithy = version,
                ("metadata", Value::Object(metadata)) => {
                    model.metadata = metadata.into_iter().collect()
                }
                ("shapes", Value::Object(shapes)) => {
                    for (id, shape) in shapes {
                        match model.read_shape(&id, shape) {
                            Ok(()) => {}
                            Err(error) => errors.push(error.at(&id)),
                        }
                    }
                }
                (other, _) => {
                    let error = Error::new(
                        "unknown or malformed key of a Smithy JSON AST, which has `smithy`, `metadata` and `shapes`",
                    );
                    errors.push(error.at(format!("`{other}`")));
                }
            }
        }
        if !["2.0", "1.0"]
            .iter()
            .any(|known| is_same(known, &model.smithy))
        {
            let found = match model.smithy.as_str() {
                "" => "it is missing: add `\"smithy\": \"2.0\"` before `shapes`".to_owned(),
                other => format!("found `{other}`"),
            };
            errors.push(Error::new(format!(
                "the key `smithy` must say which version of the JSON AST this is, 2.0 or 1.0; {found}"
            )));
        }
        (model, errors)
    }

    fn read_shape(&mut self, id: &str, shape: Value) -> Result<()> {
        self.shapes
            .insert(ShapeId::parse(id)?, Shape::from_value(shape)?);
        Ok(())
    }

    /// The shape with this id.
    ///
    /// # Errors
    /// Names the id when the model holds no such shape.
    pub fn shape(&self, id: &ShapeId) -> Result<&Shape> {
        self.shapes
            .get(id)
            .ok_or_else(|| Error::new(format!("targets the shape `{id}`, which the model lacks")))
    }

    /// The service shape of a model that holds one service.
    ///
    /// # Errors
    /// A model without a service, or with several.
    pub fn service(&self) -> Result<(&ShapeId, &Shape, &Service)> {
        let mut services = self
            .shapes
            .iter()
            .filter_map(|(id, shape)| match &shape.kind {
                ShapeKind::Service(service) => Some((id, shape, service)),
                _ => None,
            });
        match (services.next(), services.next()) {
            (Some(service), None) => Ok(service),
            (None, _) => Err(Error::new("the model holds no service shape")),
            (Some((first, ..)), Some((second, ..))) => Err(Error::new(format!(
                "the model holds more than one service: `{first}` and `{second}`"
            ))),
        }
    }
}
