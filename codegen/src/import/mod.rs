//! Importers: convert published descriptions of a service to the normal form.
//!
//! The same service is published twice: as a Smithy 2.0 JSON AST, and as the older C2J files of botocore. Both are
//! converted to one normal form ([`normal`]) first, so that the rest of the generator supports only one form, and so
//! that the diff of a model file is the review of a change of the service.
//!
//! An importer is exact: it converts or refuses everything that it reads, and adds nothing that its source does not
//! state.

mod c2j;
mod enum_names;
mod merge;
pub mod normal;
pub mod prose;

use serde_json::Value;

pub use c2j::Sources;

use crate::ast::own_traits::OwnTraits;
use crate::ast::{Model, ShapeKind, ledger, trait_id};
use crate::error::{Error, Result};
use crate::json;

use self::prose::Prose;

/// A model in the normal form, and a summary of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The text of `model.json`.
    pub model_json: String,
    /// The documentation that it came with.
    pub prose: Prose,
    /// The shape id of the service.
    pub service: String,
    /// The name of the service in SDKs (`aws.api#service`, `sdkId`); empty where the model has none.
    pub service_id: String,
    /// The version of the service's interface.
    pub version: String,
    /// The protocols of the service, as trait ids.
    pub protocols: Vec<String>,
    /// How many operations the model holds.
    pub operations: usize,
    /// How many shapes the model holds, operations included.
    pub shapes: usize,
}

/// Imports the C2J files of a service.
///
/// # Errors
/// Text that is not JSON; a key or a value that the importer does not know (with the shape and the key); a service
/// without a protocol that clients can be generated for; whatever [`from_smithy`] refuses in the result.
pub fn from_c2j(sources: &Sources<'_>) -> Result<Imported> {
    Imported::new(separate_c2j(sources)?, &OwnTraits::default())
}

/// Imports a Smithy 2.0 JSON AST. A text that is already in the normal form is returned unchanged.
///
/// # Errors
/// Text that is not a Smithy 2.0 JSON AST with one service; an unknown key, shape type or trait; a target that the
/// model lacks; a refused trait.
pub fn from_smithy(text: &str) -> Result<Imported> {
    from_smithy_with(text, &OwnTraits::default())
}

/// The same for a model that has traits of its own.
///
/// # Errors
/// As [`from_smithy`], and a trait that the settings refuse.
pub fn from_smithy_with(text: &str, own: &OwnTraits) -> Result<Imported> {
    Imported::new(separate_smithy(text)?, own)
}

/// The normal form of C2J files as a value. Unlike [`from_c2j`], it does not check whether a client can be generated.
///
/// # Errors
/// Text that is not JSON; a key or a value that the importer does not know.
pub fn read_c2j(sources: &Sources<'_>) -> Result<Value> {
    Ok(separate_c2j(sources)?.0)
}

/// The same with the documentation of the model.
///
/// # Errors
/// As [`read_c2j`].
pub fn separate_c2j(sources: &Sources<'_>) -> Result<(Value, Prose)> {
    let (model, prose) = c2j::convert(sources)?;
    Ok((normal::normalise(model)?, prose))
}

/// The normal form of a Smithy 2.0 JSON AST as a value. Unlike [`from_smithy`], it does not check whether a client
/// can be generated.
///
/// # Errors
/// Text that is not a Smithy 2.0 JSON AST.
pub fn read_smithy(text: &str) -> Result<Value> {
    Ok(separate_smithy(text)?.0)
}

/// The same with the documentation of the model.
///
/// # Errors
/// As [`read_smithy`].
pub fn separate_smithy(text: &str) -> Result<(Value, Prose)> {
    let value = json::parse(text).map_err(|error| match other_form(text) {
        Some(form) => Error::new(form),
        None => error,
    })?;
    normal::separate(value)
}

/// The actual format of a text that is not a JSON AST, if it is evident.
fn other_form(text: &str) -> Option<&'static str> {
    let mut lines = json::without_byte_order_mark(text).lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with("//"))?;
    let is_idl = ["$version", "namespace ", "metadata "];
    if is_idl.iter().any(|word| first.starts_with(word)) {
        return Some(
            "it is a file of the Smithy IDL, not a JSON AST: `smithy ast` of the Smithy CLI converts it",
        );
    }
    first
        .starts_with('<')
        .then_some("it is HTML or XML, not JSON: perhaps a login page")
}

impl Imported {
    /// Writes the normal form and reads it again, so that nothing is imported that the generator cannot read.
    fn new((value, prose): (Value, Prose), own: &OwnTraits) -> Result<Self> {
        let model_json = normal::write(&value)?;
        let model = Model::from_value(value)?;
        ledger::validate(&model, own)?;
        validate_targets(&model)?;
        let (service, shape, body) = model.service()?;
        let service_id = shape
            .traits
            .get(trait_id::SERVICE)
            .and_then(|value| value.get("sdkId"))
            .and_then(Value::as_str)
            .unwrap_or_default();
        Ok(Self {
            service: service.to_string(),
            service_id: service_id.to_owned(),
            version: body.version.clone(),
            protocols: shape
                .traits
                .iter()
                .map(|(id, _)| id)
                .filter(|id| c2j::is_protocol(id))
                .map(str::to_owned)
                .collect(),
            operations: model
                .shapes
                .values()
                .filter(|shape| matches!(shape.kind, ShapeKind::Operation(_)))
                .count(),
            shapes: model.shapes.len(),
            model_json,
            prose,
        })
    }
}

/// Every member targets a shape of the model, or one of Smithy's prelude.
fn validate_targets(model: &Model) -> Result<()> {
    for (id, shape) in &model.shapes {
        let members = shape
            .members()
            .into_iter()
            .map(|(name, member)| (id.with_member(name), &member.target));
        let references = match &shape.kind {
            ShapeKind::Operation(operation) => operation
                .input
                .iter()
                .chain(&operation.output)
                .chain(&operation.errors)
                .map(|reference| &reference.target)
                .collect(),
            ShapeKind::Service(service) => service
                .operations
                .iter()
                .chain(&service.resources)
                .chain(&service.errors)
                .map(|reference| &reference.target)
                .collect(),
            _ => Vec::new(),
        };
        let references = references.into_iter().map(|target| (id.clone(), target));
        for (place, target) in members.chain(references) {
            if target.namespace() != "smithy.api" {
                model.shape(target).map_err(|error| error.at(&place))?;
            }
        }
    }
    Ok(())
}
