//! Shapes other than operations and the service.

use serde_json::{Map, Value, json};

use super::Converter;
use super::fields::Fields;
use super::keys::{can_be_boxed, enumeration, pattern, timestamp_format, xml_names};
use super::member::Owner;
use super::trait_map::TraitMap;
use crate::ast::trait_id;
use crate::error::{Context, Error, Result};

impl Converter {
    /// Converts every shape of the source.
    pub(super) fn convert_shapes(&mut self) -> Result<()> {
        let source: Vec<(String, Value)> = self
            .source
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        for (name, value) in source {
            let id = self.shape_id(&name);
            let shape = self.shape(&name, value).at(&id)?;
            self.add(id, shape)?;
        }
        Ok(())
    }

    /// Converts one shape; `name` is its C2J name.
    pub(super) fn shape(&mut self, name: &str, value: Value) -> Result<Value> {
        let mut fields = Fields::new(value)?;
        let kind: String = fields.require("type")?;
        let mut traits = TraitMap::default();
        traits.deprecated(&mut fields)?;
        traits.flag(trait_id::SENSITIVE, fields.flag("sensitive")?);
        traits.flag(trait_id::INTERNAL, fields.flag("internalonly")?);
        let boxed = fields.flag("box")?;
        // Only numbers and Booleans can be unboxed; elsewhere the key has no meaning.
        traits.flag(trait_id::BOX, boxed && can_be_boxed(&kind));
        xml_names(&mut fields, &mut traits, None)?;
        let mut shape = match kind.as_str() {
            "structure" => self.structure(name, &mut fields, &mut traits)?,
            "list" => self.list(name, &mut fields, &mut traits)?,
            "map" => self.map(name, &mut fields, &mut traits)?,
            "string" => string(&mut fields, &mut traits)?,
            _ => simple(&kind, &mut fields, &mut traits)?,
        };
        fields.finish()?;
        traits.put_into(&mut shape);
        Ok(shape)
    }

    fn structure(
        &mut self,
        name: &str,
        fields: &mut Fields,
        traits: &mut TraitMap,
    ) -> Result<Value> {
        error(fields, traits, name)?;
        traits.flag(trait_id::attache::SYNTHETIC, fields.flag("synthetic")?);
        traits.value(trait_id::attache::XML_ORDER, fields.take("xmlOrder"));
        // That a structure is an event follows from the union that it is a member of; `wrapper` is of a protocol
        // before query, and current readers ignore it.
        fields.ignore("event");
        fields.ignore("wrapper");
        // The name of the element where it is the whole body; members have their own names.
        traits.value(trait_id::XML_NAME, fields.parse::<String>("locationName")?);
        let stream = fields.flag("eventstream")?;
        traits.flag(trait_id::STREAMING, stream);
        let union = fields.flag("union")? || stream;
        let document = fields.flag("document")?;
        let owner = Owner {
            name: name.to_owned(),
            required: fields.parse("required")?.unwrap_or_default(),
            payload: fields.parse("payload")?,
        };
        let source = fields.entries("members")?;
        if let Some(missing) = owner
            .required
            .iter()
            .chain(&owner.payload)
            .find(|member| !source.contains_key(*member))
        {
            return Err(Error::new(format!(
                "names the member `{missing}`, which it lacks"
            )));
        }
        if document {
            return if source.is_empty() {
                Ok(json!({"type": "document"}))
            } else {
                Err(Error::new("a document has no members, but this one does"))
            };
        }
        let mut members = Map::new();
        for (member, value) in source {
            let converted = self
                .member(&owner, &member, value)
                .at(format!("member `{member}`"))?;
            members.insert(member, converted);
        }
        let kind = if union { "union" } else { "structure" };
        Ok(json!({"type": kind, "members": members}))
    }

    fn list(&mut self, name: &str, fields: &mut Fields, traits: &mut TraitMap) -> Result<Value> {
        traits.bounds(trait_id::LENGTH, fields)?;
        traits.flag(trait_id::SPARSE, fields.flag("sparse")?);
        // The traits of a flattened list, and its name, are on the members that target it.
        fields.flag("flattened")?;
        fields.ignore("locationName");
        let member = self.element(name, "member", fields)?;
        Ok(json!({"type": "list", "member": member}))
    }

    fn map(&mut self, name: &str, fields: &mut Fields, traits: &mut TraitMap) -> Result<Value> {
        traits.bounds(trait_id::LENGTH, fields)?;
        traits.flag(trait_id::SPARSE, fields.flag("sparse")?);
        fields.flag("flattened")?;
        let key = self.element(name, "key", fields)?;
        let value = self.element(name, "value", fields)?;
        Ok(json!({"type": "map", "key": key, "value": value}))
    }
}

fn string(fields: &mut Fields, traits: &mut TraitMap) -> Result<Value> {
    traits.bounds(trait_id::LENGTH, fields)?;
    pattern(fields, traits)?;
    match fields.parse::<Vec<String>>("enum")? {
        Some(values) if !values.is_empty() => enumeration(&values),
        _ => Ok(json!({"type": "string"})),
    }
}

fn simple(kind: &str, fields: &mut Fields, traits: &mut TraitMap) -> Result<Value> {
    let smithy = match kind {
        "blob" => {
            traits.bounds(trait_id::LENGTH, fields)?;
            traits.flag(trait_id::STREAMING, fields.flag("streaming")?);
            traits.flag(trait_id::REQUIRES_LENGTH, fields.flag("requiresLength")?);
            "blob"
        }
        "timestamp" => {
            timestamp_format(fields, traits)?;
            "timestamp"
        }
        "boolean" => "boolean",
        "byte" | "short" | "integer" | "long" | "float" | "double" => {
            traits.bounds(trait_id::RANGE, fields)?;
            kind
        }
        "biginteger" | "bigInteger" => {
            traits.bounds(trait_id::RANGE, fields)?;
            "bigInteger"
        }
        "bigdecimal" | "bigDecimal" => {
            traits.bounds(trait_id::RANGE, fields)?;
            "bigDecimal"
        }
        other => {
            return Err(Error::new(format!(
                "the type `{other}` is not a type of C2J that the importer knows"
            )));
        }
    };
    Ok(json!({"type": smithy}))
}

/// The keys of an error.
fn error(fields: &mut Fields, traits: &mut TraitMap, name: &str) -> Result<()> {
    let exception = fields.flag("exception")?;
    let mut fault = fields.flag("fault")?;
    let error = fields.take("error");
    let is_error = exception || fault || error.is_some();
    let mut details = Fields::new(error.unwrap_or_else(|| json!({}))).at("`error`")?;
    fault |= details.flag("fault")?;
    let sender = details.flag("senderFault")?;
    let status: Option<u16> = details.parse("httpStatusCode")?;
    let code: Option<String> = details.parse("code")?;
    details.finish().at("`error`")?;
    if is_error {
        // If neither side is named as the cause, the first digit of the status decides, as in HTTP.
        let server = fault || (!sender && status.is_some_and(|status| status >= 500));
        traits.apply(trait_id::ERROR, if server { "server" } else { "client" });
        traits.value(trait_id::HTTP_ERROR, status);
        if let Some(code) = code.filter(|code| code != name) {
            let status = status.unwrap_or(if server { 500 } else { 400 });
            traits.apply(
                trait_id::AWS_QUERY_ERROR,
                json!({"code": code, "httpResponseCode": status}),
            );
        }
    }
    traits.value(trait_id::RETRYABLE, fields.take("retryable"));
    Ok(())
}
