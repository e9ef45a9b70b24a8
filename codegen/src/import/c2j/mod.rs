//! C2J, the older description of services that botocore carries, converted to the Smithy JSON AST.
//!
//! AWS generates C2J from the Smithy models, so most keys correspond to a trait. Other keys become traits of the
//! namespace `attache`, so that nothing is lost; information that C2J dropped is not guessed. Every key is consumed by
//! a line of code for it ([`fields`]); a key that is not consumed stops the import.
//!
//! The order of the conversion: the service's metadata (which says how to read the rest), the shapes, the operations,
//! and then the other files about the operations.

mod fields;
mod keys;
mod member;
mod operation;
mod pagination;
mod service;
mod shape;
mod trait_map;
mod uri;
mod waiters;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use fields::Fields;
use service::Metadata;
pub(super) use service::is_protocol;

use super::merge::merge_extras;
use super::prose::{self, Prose};
use crate::ast::trait_id;
use crate::error::{Context, Error, Result};
use crate::json;
use crate::version::is_same;

/// The texts of one service's files; the fields are named after botocore's files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sources<'a> {
    /// `service-2.json`.
    pub service_2: &'a str,
    /// `service-2.sdk-extras.json`.
    pub service_2_extras: Option<&'a str>,
    /// `paginators-1.json`.
    pub paginators: Option<&'a str>,
    /// `paginators-1.sdk-extras.json`.
    pub paginators_extras: Option<&'a str>,
    /// `waiters-2.json`.
    pub waiters: Option<&'a str>,
    /// `endpoint-rule-set-1.json`.
    pub endpoint_rule_set: Option<&'a str>,
}

/// The state of the conversion: the source for look-ups, and the resulting shapes.
struct Converter {
    namespace: String,
    metadata: Metadata,
    /// The shapes of the source, by their C2J names.
    source: BTreeMap<String, Value>,
    /// New names of the few shapes that could not keep theirs.
    renamed: BTreeMap<String, String>,
    /// The result, by absolute shape id.
    shapes: Map<String, Value>,
    /// The documentation of the source.
    prose: Prose,
}

/// Converts the files of one service to a Smithy JSON AST without documentation, and that documentation.
pub(super) fn convert(sources: &Sources<'_>) -> Result<(Value, Prose)> {
    let in_file = |file: &'static str| move |error: Error| error.in_file(file);
    let mut value = json::parse(sources.service_2).map_err(in_file("service-2.json"))?;
    if let Some(extras) = sources.service_2_extras {
        merge_extras(&mut value, extras).map_err(in_file("service-2.sdk-extras.json"))?;
    }
    let mut converter = convert_service(value).map_err(in_file("service-2.json"))?;
    if let Some(text) = sources.paginators {
        let mut value = json::parse(text).map_err(in_file("paginators-1.json"))?;
        if let Some(extras) = sources.paginators_extras {
            merge_extras(&mut value, extras).map_err(in_file("paginators-1.sdk-extras.json"))?;
        }
        pagination::apply(&mut converter, value).map_err(in_file("paginators-1.json"))?;
    }
    if let Some(text) = sources.waiters {
        json::parse(text)
            .and_then(|value| waiters::apply(&mut converter, value))
            .map_err(in_file("waiters-2.json"))?;
    }
    if let Some(text) = sources.endpoint_rule_set {
        let rules = json::parse(text).map_err(in_file("endpoint-rule-set-1.json"))?;
        let service = converter.id(&converter.metadata.shape_name.clone());
        converter.shapes[&service]["traits"][trait_id::ENDPOINT_RULE_SET] = rules;
    }
    let model = serde_json::json!({"smithy": "2.0", "shapes": converter.shapes});
    Ok((model, converter.prose))
}

fn convert_service(value: Value) -> Result<Converter> {
    let documentation = value.get("documentation").cloned();
    let mut root = Fields::new(value)?;
    match root.parse::<String>("version")?.as_deref() {
        None => {}
        Some(version) if is_same(version, "2.0") => {}
        Some(version) => {
            return Err(Error::new(format!(
                "version {version} of the C2J format is not known, only 2.0 is"
            )));
        }
    }
    root.ignore("examples");
    let metadata = Metadata::parse(root.require("metadata")?).at("metadata")?;
    let operations = root.entries("operations")?;
    let source = root.entries("shapes")?;
    let mut converter = Converter {
        namespace: metadata.namespace.clone(),
        renamed: renamed(&source, &operations, &metadata.shape_name),
        metadata,
        source,
        shapes: Map::new(),
        prose: Prose::new(),
    };
    converter.collect_prose(documentation.as_ref(), &operations);
    converter.convert_shapes()?;
    let discovery = converter.convert_operations(operations)?;
    let service = service::shape(&converter, root, discovery).at("service")?;
    let id = converter.id(&converter.metadata.shape_name.clone());
    match converter.shapes.insert(id.clone(), service) {
        None => Ok(converter),
        Some(_) => Err(Error::new("an operation has the name of the service").at(id)),
    }
}

/// Smithy has one namespace for shapes, operations and the service, C2J has three. A shape that has the name of an
/// operation or of the service gets an underscore at its end, as in the published Smithy models.
fn renamed(
    source: &BTreeMap<String, Value>,
    operations: &BTreeMap<String, Value>,
    service: &str,
) -> BTreeMap<String, String> {
    let taken =
        |name: &str| source.contains_key(name) || operations.contains_key(name) || name == service;
    source
        .keys()
        .filter(|name| operations.contains_key(*name) || *name == service)
        .map(|name| {
            let mut other = format!("{name}_");
            while taken(&other) {
                other.push('_');
            }
            (name.clone(), other)
        })
        .collect()
}

impl Converter {
    /// Collects the documentation under the names of the result.
    fn collect_prose(&mut self, service: Option<&Value>, operations: &BTreeMap<String, Value>) {
        let mut prose = Prose::new();
        prose::add(&mut prose, self.metadata.shape_name.clone(), service);
        for (name, value) in operations {
            prose::add(&mut prose, name.clone(), value.get("documentation"));
        }
        for (name, value) in &self.source {
            let name = self.renamed.get(name).unwrap_or(name);
            prose::add(&mut prose, name.clone(), value.get("documentation"));
            let members = value.get("members").and_then(Value::as_object);
            for (member, value) in members.into_iter().flatten() {
                let place = format!("{name}${member}");
                prose::add(&mut prose, place, value.get("documentation"));
            }
        }
        self.prose = prose;
    }

    /// The absolute shape id of an operation, of the service, or of a shape that the conversion named.
    fn id(&self, name: &str) -> String {
        format!("{}#{name}", self.namespace)
    }

    /// The absolute shape id of a shape of the source.
    fn shape_id(&self, c2j_name: &str) -> String {
        self.id(self.renamed.get(c2j_name).map_or(c2j_name, String::as_str))
    }

    /// A shape of the source.
    fn source_shape(&self, c2j_name: &str) -> Result<&Value> {
        self.source.get(c2j_name).ok_or_else(|| {
            Error::new(format!(
                "the shape `{c2j_name}` is named here, but the model lacks it"
            ))
        })
    }

    /// The C2J type of a shape of the source.
    fn type_of(&self, c2j_name: &str) -> Result<&str> {
        self.source_shape(c2j_name)?
            .get("type")
            .and_then(Value::as_str)
            .ok_or_else(|| Error::new(format!("the shape `{c2j_name}` has no `type`")))
    }

    /// A converted operation.
    fn operation_mut(&mut self, name: &str) -> Result<&mut Value> {
        let id = self.id(name);
        self.shapes
            .get_mut(&id)
            .filter(|shape| shape["type"] == "operation")
            .ok_or_else(|| Error::new(format!("there is no operation `{name}`")))
    }

    /// Adds a shape that the conversion made.
    fn add(&mut self, id: String, shape: Value) -> Result<()> {
        match self.shapes.insert(id.clone(), shape) {
            None => Ok(()),
            Some(_) => Err(Error::new("two shapes would have this name").at(id)),
        }
    }
}
