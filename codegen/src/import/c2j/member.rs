//! Members: their targets, and their place in the message.

use serde_json::{Value, json};

use super::Converter;
use super::fields::Fields;
use super::keys::{can_be_boxed, enumeration, pattern, timestamp_format, xml_names, xml_namespace};
use super::service::BodyNames;
use super::trait_map::TraitMap;
use crate::ast::trait_id;
use crate::error::{Context, Error, Result};

/// The statements of a structure about its members.
pub(super) struct Owner {
    pub(super) name: String,
    pub(super) required: Vec<String>,
    pub(super) payload: Option<String>,
}

impl Converter {
    /// A member of a structure or a union.
    pub(super) fn member(&mut self, owner: &Owner, name: &str, value: Value) -> Result<Value> {
        let mut fields = Fields::new(value)?;
        let target: String = fields.require("shape")?;
        let kind = self.type_of(&target)?.to_owned();
        let mut traits = TraitMap::default();
        let required = owner.required.iter().any(|member| member == name);
        let payload = owner.payload.as_deref() == Some(name);
        traits.flag(trait_id::REQUIRED, required);
        traits.flag(trait_id::HTTP_PAYLOAD, payload);
        let has_name = fields.has("locationName");
        self.binding(&mut fields, &mut traits, name, &target, payload)?;
        traits.deprecated(&mut fields)?;
        traits.flag(trait_id::BOX, fields.flag("box")? && can_be_boxed(&kind));
        for (key, id) in [
            ("eventheader", trait_id::EVENT_HEADER),
            ("eventpayload", trait_id::EVENT_PAYLOAD),
            ("hostLabel", trait_id::HOST_LABEL),
            ("idempotencyToken", trait_id::IDEMPOTENCY_TOKEN),
            ("internalonly", trait_id::INTERNAL),
        ] {
            traits.flag(id, fields.flag(key)?);
        }
        traits.flag(
            trait_id::CLIENT_ENDPOINT_DISCOVERY_ID,
            fields.flag("endpointdiscoveryid")?,
        );
        traits.value(trait_id::CONTEXT_PARAM, fields.take("contextParam"));
        timestamp_format(&mut fields, &mut traits)?;
        if kind == "string" {
            pattern(&mut fields, &mut traits)?;
        }
        let namespace = self.namespace_of(&target)?;
        xml_names(&mut fields, &mut traits, namespace)?;
        let is_flat_shape = self.source_shape(&target)?["flattened"] == Value::Bool(true);
        traits.flag(
            trait_id::XML_FLATTENED,
            fields.flag("flattened")? || is_flat_shape,
        );
        if is_flat_shape && !has_name && self.metadata.body_names() == BodyNames::Xml {
            // A flattened list has no element of its own: C2J gives its name to the elements, Smithy to the member.
            let of_elements = self.source_shape(&target)?["member"]["locationName"].as_str();
            let other = of_elements.filter(|wire| *wire != name);
            traits.value(trait_id::XML_NAME, other);
        }
        traits.value(
            trait_id::EC2_QUERY_NAME,
            fields.parse::<String>("queryName")?,
        );
        let target = self.refined_target(&mut fields, target, &owner.name, name)?;
        fields.finish()?;
        let mut member = json!({"target": target});
        traits.put_into(&mut member);
        Ok(member)
    }

    /// The element of a list, or the key or value of a map.
    pub(super) fn element(
        &mut self,
        owner: &str,
        name: &str,
        fields: &mut Fields,
    ) -> Result<Value> {
        let mut fields = Fields::new(fields.require(name)?).at(name)?;
        let target: String = fields.require("shape").at(name)?;
        self.source_shape(&target).at(name)?;
        let mut traits = TraitMap::default();
        // Elements have names in XML only.
        traits.value(trait_id::XML_NAME, fields.parse::<String>("locationName")?);
        xml_namespace(&mut fields, &mut traits, self.namespace_of(&target)?)?;
        traits.deprecated(&mut fields)?;
        timestamp_format(&mut fields, &mut traits)?;
        let target = self.refined_target(&mut fields, target, owner, name)?;
        fields.finish().at(name)?;
        let mut element = json!({"target": target});
        traits.put_into(&mut element);
        Ok(element)
    }

    /// The namespace of a structure, which C2J declares on each element with it. In Smithy, the one of a structure counts
    /// only where it is the root, so members and elements get it.
    fn namespace_of(&self, target: &str) -> Result<Option<Value>> {
        let namespace = &self.source_shape(target)?["xmlNamespace"];
        let has_elements = self.metadata.body_names() == BodyNames::Xml;
        Ok((has_elements && !namespace.is_null()).then(|| namespace.clone()))
    }

    /// `location` and `locationName`: the part of the message with the member, and its name there.
    fn binding(
        &self,
        fields: &mut Fields,
        traits: &mut TraitMap,
        name: &str,
        target: &str,
        payload: bool,
    ) -> Result<()> {
        let shape = self.source_shape(target)?;
        let kind = self.type_of(target)?;
        let location: Option<String> = fields.parse("location")?;
        let wire: Option<String> = fields.parse("locationName")?;
        // The name of a collection is that of the members that target it and have no other.
        let of_collection = shape["locationName"].as_str().filter(|_| kind == "list");
        let wire = wire.or_else(|| of_collection.map(str::to_owned));
        let wire_or_own = wire.clone().unwrap_or_else(|| name.to_owned());
        match location.as_deref() {
            Some("uri") => traits.apply(trait_id::HTTP_LABEL, json!({})),
            Some("querystring") if kind == "map" => {
                traits.apply(trait_id::HTTP_QUERY_PARAMS, json!({}));
            }
            Some("querystring") => traits.apply(trait_id::HTTP_QUERY, wire_or_own),
            Some("header") => traits.apply(trait_id::HTTP_HEADER, wire_or_own),
            Some("headers") => {
                traits.apply(trait_id::HTTP_PREFIX_HEADERS, wire.unwrap_or_default());
            }
            Some("statusCode") => traits.apply(trait_id::HTTP_RESPONSE_CODE, json!({})),
            Some(other) => {
                return Err(Error::new(format!(
                    "key `location`: `{other}` is not known"
                )));
            }
            // A payload is the whole body, in which it has a name in XML only: that of the root.
            None if payload && self.metadata.body_names() != BodyNames::Xml => {}
            None if payload => {
                // A name that is only that of the member is used if the target has none.
                let is_own = |wire: &String| wire != name || shape["locationName"].is_null();
                traits.value(trait_id::XML_NAME, wire.filter(is_own));
            }
            None => match wire.filter(|wire| wire != name) {
                None => {}
                Some(wire) => match self.metadata.body_names() {
                    BodyNames::Json => traits.apply(trait_id::JSON_NAME, wire),
                    BodyNames::Xml => traits.apply(trait_id::XML_NAME, wire),
                    BodyNames::None => {
                        return Err(Error::new(format!(
                            "key `locationName`: the body calls this member `{wire}`, but its protocol knows no other \
                             names than those of the members"
                        )));
                    }
                },
            },
        }
        Ok(())
    }

    /// The id of the target. C2J refines a target where it is used, Smithy only where it is defined. JSON in a string,
    /// a stream and a list of values on a member therefore get a separate shape.
    fn refined_target(
        &mut self,
        fields: &mut Fields,
        target: String,
        owner: &str,
        member: &str,
    ) -> Result<String> {
        if fields.flag("jsonvalue")? {
            return self.json_string(&target);
        }
        if fields.flag("streaming")? && self.source_shape(&target)?["streaming"].is_null() {
            return self.streaming(&target);
        }
        let Some(values) = fields.parse::<Vec<String>>("enum")? else {
            return Ok(self.shape_id(&target));
        };
        let mut letters = member.chars();
        let first: String = letters
            .next()
            .into_iter()
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let name = format!("{owner}{first}{}Enum", letters.as_str());
        let id = self.free_id(&name)?;
        self.add(id.clone(), enumeration(&values)?)?;
        Ok(id)
    }

    /// The shape of bytes that are a stream where C2J says so of a member only.
    fn streaming(&mut self, target: &str) -> Result<String> {
        let name = format!("Streaming{target}");
        let id = self.id(&name);
        if !self.shapes.contains_key(&id) {
            let id = self.free_id(&name)?;
            let value = self.source_shape(target)?.clone();
            let mut shape = self.shape(target, value)?;
            shape["traits"][trait_id::STREAMING] = json!({});
            self.add(id, shape)?;
        }
        Ok(id)
    }

    /// The shape of a string that holds JSON; the name is the one that published Smithy models give it.
    fn json_string(&mut self, target: &str) -> Result<String> {
        let name = format!("SynthesizedJson{target}");
        let id = self.id(&name);
        if !self.shapes.contains_key(&id) {
            let id = self.free_id(&name)?;
            let value = self.source_shape(target)?.clone();
            let mut shape = self.shape(target, value)?;
            shape["traits"][trait_id::MEDIA_TYPE] = json!("application/json");
            self.add(id, shape)?;
        }
        Ok(id)
    }

    /// The id of an additional shape, whose name no shape of the source may have.
    pub(super) fn free_id(&self, name: &str) -> Result<String> {
        if self.source.contains_key(name) {
            return Err(Error::new(format!(
                "a shape `{name}` has to be added, but the model has one already"
            )));
        }
        Ok(self.id(name))
    }
}
