//! Operations.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::fields::Fields;
use super::keys::xml_namespace;
use super::trait_map::TraitMap;
use super::{Converter, uri};
use crate::ast::trait_id;
use crate::error::{Context, Error, Result};

/// Keys of an operation about an error that the error's shape has as well.
const ERROR_KEYS: [&str; 3] = ["error", "exception", "fault"];

impl Converter {
    /// Converts all operations; returns the one that discovers endpoints, if there is one.
    pub(super) fn convert_operations(
        &mut self,
        operations: BTreeMap<String, Value>,
    ) -> Result<Option<String>> {
        let mut discovery = None;
        for (name, value) in operations {
            let id = self.id(&name);
            let mut fields = Fields::new(value).at(&id)?;
            if fields.flag("endpointoperation").at(&id)? {
                discovery = Some(id.clone());
            }
            let shape = self.operation(&name, fields).at(&id)?;
            self.add(id, shape)?;
        }
        Ok(discovery)
    }

    fn operation(&mut self, name: &str, mut fields: Fields) -> Result<Value> {
        let own_name: String = fields.require("name")?;
        // REST protocols do not send it, and it may end with the version of the API, which the key lacks.
        if own_name != name && !self.metadata.is_rest() {
            return Err(Error::new(format!(
                "the operation has the key `{name}` but the name `{own_name}`"
            )));
        }
        let mut shape = json!({"type": "operation"});
        let (input, root) = reference(&mut fields, "input", name)?;
        if let Some(input) = &input {
            self.source_shape(input)?;
            shape["input"] = json!({"target": self.input_with_root(input, root)?});
        }
        // Readers of responses do not check the name of the root element.
        if let (Some(output), _) = reference(&mut fields, "output", name)? {
            self.source_shape(&output)?;
            shape["output"] = json!({"target": self.shape_id(&output)});
        }
        let errors: Vec<Value> = fields.parse("errors")?.unwrap_or_default();
        let errors: Result<Vec<Value>> = errors
            .into_iter()
            .map(|error| self.error_reference(error))
            .collect();
        shape["errors"] = Value::Array(errors?);
        let mut traits = TraitMap::default();
        self.http(&mut fields, input.as_deref(), &mut traits)?;
        authentication(&mut fields, &mut traits)?;
        endpoint(&mut fields, &mut traits)?;
        traits.flag(trait_id::IDEMPOTENT, fields.flag("idempotent")?);
        traits.flag(trait_id::READONLY, fields.flag("readonly")?);
        traits.flag(trait_id::INTERNAL, fields.flag("internalonly")?);
        traits.flag(
            trait_id::HTTP_CHECKSUM_REQUIRED,
            fields.flag("httpChecksumRequired")?,
        );
        traits.value(trait_id::HTTP_CHECKSUM, http_checksum(&mut fields)?);
        traits.value(
            trait_id::REQUEST_COMPRESSION,
            fields.take("requestcompression"),
        );
        traits.deprecated(&mut fields)?;
        fields.finish()?;
        traits.put_into(&mut shape);
        Ok(shape)
    }

    /// The shape of a request with the traits of its root element, which C2J states where an operation refers to it. A name
    /// that the shape has itself takes precedence. A shape that operations give different names is copied.
    fn input_with_root(&mut self, input: &str, mut root: TraitMap) -> Result<String> {
        let id = self.shape_id(input);
        let own = self.source_shape(input)?["locationName"].is_string();
        let name = root.take(trait_id::XML_NAME).filter(|_| !own);
        let shape = self.shapes.get_mut(&id);
        let shape = shape.ok_or_else(|| Error::new(format!("there is no shape `{id}`")))?;
        root.add_to(shape).at(&id)?;
        let Some(name) = name else {
            return Ok(id);
        };
        let present = &mut shape["traits"][trait_id::XML_NAME];
        if present.is_null() || *present == name {
            *present = name;
            return Ok(id);
        }
        let mut copy = shape.clone();
        copy["traits"][trait_id::XML_NAME] = name.clone();
        let copied = self.free_id(name.as_str().unwrap_or_default())?;
        self.add(copied.clone(), copy)?;
        Ok(copied)
    }

    /// The HTTP binding. Without a REST protocol every operation is a POST to `/`, and the trait is not needed.
    fn http(&self, fields: &mut Fields, input: Option<&str>, traits: &mut TraitMap) -> Result<()> {
        let mut http = Fields::new(fields.require("http")?).at("http")?;
        let method: String = http.require("method")?;
        let pattern: String = http.require("requestUri")?;
        let code: Option<u16> = http.parse("responseCode")?;
        http.finish().at("http")?;
        if self.metadata.is_rest() {
            let uri = uri::with_member_names(&pattern, self.labels(input)?)?;
            traits.apply(
                trait_id::HTTP,
                json!({"method": method, "uri": uri, "code": code.unwrap_or(200)}),
            );
        } else if self.metadata.posts_to_root()
            && (method != "POST" || pattern != "/" || code.is_some_and(|code| code != 200))
        {
            return Err(Error::new(format!(
                "`{method} {pattern}` is not what the protocol sends, which is `POST /`"
            )));
        }
        Ok(())
    }

    /// The members of an input that are bound to the URI: their wire names, and their own.
    fn labels(&self, input: Option<&str>) -> Result<BTreeMap<String, String>> {
        let Some(input) = input else {
            return Ok(BTreeMap::new());
        };
        let shape = self.source_shape(input)?;
        let members = shape["members"].as_object().into_iter().flatten();
        Ok(members
            .filter(|(_, member)| member["location"] == "uri")
            .map(|(name, member)| {
                let wire = member["locationName"].as_str().unwrap_or(name);
                (wire.to_owned(), name.clone())
            })
            .collect())
    }

    /// A reference to an error; keys that it repeats must agree with the error's shape.
    fn error_reference(&self, value: Value) -> Result<Value> {
        let mut fields = Fields::new(value)?;
        let name: String = fields.require("shape")?;
        let shape = self.source_shape(&name)?;
        for key in ERROR_KEYS {
            if let Some(value) = fields.take(key)
                && shape.get(key) != Some(&value)
            {
                return Err(Error::new(format!(
                    "the key `{key}` of the error `{name}` is {value} here, but not in the shape of the error"
                )));
            }
        }
        fields.finish().at(format!("error `{name}`"))?;
        Ok(json!({"target": self.shape_id(&name)}))
    }
}

/// The name of the input or output shape, and the traits of its root element in XML.
fn reference(
    fields: &mut Fields,
    key: &str,
    operation: &str,
) -> Result<(Option<String>, TraitMap)> {
    let mut root = TraitMap::default();
    let Some(value) = fields.take(key) else {
        return Ok((None, root));
    };
    let mut reference = Fields::new(value).at(format!("`{key}`"))?;
    let shape = reference.require("shape").at(format!("`{key}`"))?;
    if let Some(wrapper) = reference.parse::<String>("resultWrapper")? {
        // The query protocol derives the element's name from the operation's (Smithy specification, "AWS query
        // protocol").
        if wrapper != format!("{operation}Result") {
            return Err(Error::new(format!(
                "the `resultWrapper` is `{wrapper}`, which the query protocol does not have"
            )));
        }
    }
    // As on shapes, it is of a protocol before query, and current readers ignore it.
    reference.ignore("wrapper");
    root.value(
        trait_id::XML_NAME,
        reference.parse::<String>("locationName")?,
    );
    xml_namespace(&mut reference, &mut root, None).at(format!("`{key}`"))?;
    reference.finish().at(format!("`{key}`"))?;
    Ok((Some(shape), root))
}

/// `auth` lists authentication traits; `authtype` and `unsignedPayload` are older keys for the same.
fn authentication(fields: &mut Fields, traits: &mut TraitMap) -> Result<()> {
    let mut schemes: Option<Vec<String>> = fields.parse("auth")?;
    let mut unsigned = fields.flag("unsignedPayload")?;
    match fields.parse::<String>("authtype")?.as_deref() {
        None => {}
        Some("none") => schemes = schemes.or_else(|| Some(Vec::new())),
        Some("v4-unsigned-body") => unsigned = true,
        Some("v4") => schemes = schemes.or_else(|| Some(vec![trait_id::SIGV4.to_owned()])),
        Some("bearer") => {
            schemes = schemes.or_else(|| Some(vec![trait_id::HTTP_BEARER_AUTH.to_owned()]));
        }
        Some(other) => {
            return Err(Error::new(format!(
                "key `authtype`: the authentication `{other}` is not known"
            )));
        }
    }
    traits.flag(trait_id::UNSIGNED_PAYLOAD, unsigned);
    if let Some(mut schemes) = schemes {
        // Smithy says so in a trait of its own. In another place than the last it has no such trait.
        let is_last = schemes
            .pop_if(|scheme| scheme == trait_id::NO_AUTH)
            .is_some();
        traits.flag(trait_id::OPTIONAL_AUTH, is_last && !schemes.is_empty());
        traits.apply(trait_id::AUTH, json!(schemes));
    }
    Ok(())
}

/// The endpoint of the operation: host prefix, parameters of the endpoint rules, endpoint discovery.
fn endpoint(fields: &mut Fields, traits: &mut TraitMap) -> Result<()> {
    if let Some(value) = fields.take("endpoint") {
        let mut endpoint = Fields::new(value).at("`endpoint`")?;
        let prefix: String = endpoint.require("hostPrefix").at("`endpoint`")?;
        endpoint.finish().at("`endpoint`")?;
        traits.apply(trait_id::ENDPOINT, json!({"hostPrefix": prefix}));
    }
    traits.value(
        trait_id::STATIC_CONTEXT_PARAMS,
        fields.take("staticContextParams"),
    );
    traits.value(
        trait_id::OPERATION_CONTEXT_PARAMS,
        fields.take("operationContextParams"),
    );
    if let Some(value) = fields.take("endpointdiscovery") {
        let mut discovery = Fields::new(value).at("`endpointdiscovery`")?;
        let required = discovery.flag("required")?;
        discovery.finish().at("`endpointdiscovery`")?;
        traits.apply(
            trait_id::CLIENT_DISCOVERED_ENDPOINT,
            json!({"required": required}),
        );
    }
    Ok(())
}

/// `httpChecksum` has the keys of its trait.
fn http_checksum(fields: &mut Fields) -> Result<Option<Value>> {
    let Some(value) = fields.take("httpChecksum") else {
        return Ok(None);
    };
    let mut known = Fields::new(value.clone()).at("`httpChecksum`")?;
    for key in [
        "requestAlgorithmMember",
        "requestChecksumRequired",
        "requestValidationModeMember",
        "responseAlgorithms",
    ] {
        known.ignore(key);
    }
    known.finish().at("`httpChecksum`")?;
    Ok(Some(value))
}
