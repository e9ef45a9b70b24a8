//! The metadata of a service, and the service shape that it becomes.

use serde_json::{Map, Value, json};

use super::Converter;
use super::fields::Fields;
use super::keys::xml_namespace;
use super::trait_map::TraitMap;
use crate::ast::trait_id;
use crate::error::{Error, Result};

/// Protocols: the name in `metadata.protocols`, the `metadata.jsonVersion` that belongs to it, the trait.
const PROTOCOLS: [(&str, Option<&str>, &str); 7] = [
    ("json", Some("1.0"), trait_id::AWS_JSON_1_0),
    ("json", Some("1.1"), trait_id::AWS_JSON_1_1),
    ("rest-json", None, trait_id::REST_JSON_1),
    ("query", None, trait_id::AWS_QUERY),
    ("ec2", None, trait_id::EC2_QUERY),
    ("rest-xml", None, trait_id::REST_XML),
    ("smithy-rpc-v2-cbor", None, trait_id::RPC_V2_CBOR),
];

/// The protocols that clients can be generated for, under their C2J names.
const GENERATED: [&str; 6] = [
    "json",
    "rest-json",
    "rest-xml",
    "query",
    "ec2",
    "smithy-rpc-v2-cbor",
];

/// Keys of the metadata that Smithy has no trait for. They become the trait `attache#metadata` as they are.
const KEPT: [&str; 5] = [
    "checksumFormat",
    "globalEndpoint",
    "protocolSettings",
    "ripServiceName",
    "serviceAbbreviation",
];

/// Whether a trait id is that of a protocol.
pub(crate) fn is_protocol(id: &str) -> bool {
    PROTOCOLS.iter().any(|(.., known)| *known == id)
}

/// The metadata in Smithy's terms.
pub(super) struct Metadata {
    pub(super) namespace: String,
    pub(super) shape_name: String,
    version: String,
    traits: TraitMap,
    protocols: Vec<String>,
}

/// What `locationName` of a member in the body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyNames {
    /// A name in JSON.
    Json,
    /// A name in XML and in forms.
    Xml,
    /// Nothing: the protocol knows no other names than those of the members.
    None,
}

impl Metadata {
    pub(super) fn parse(value: Value) -> Result<Self> {
        let mut fields = Fields::new(value)?;
        let mut traits = TraitMap::default();
        let mut kept = Map::new();
        for key in KEPT {
            if let Some(value) = fields.take(key) {
                kept.insert(key.to_owned(), value);
            }
        }
        let names = protocols(&mut fields, &mut traits)?;
        let version: String = fields.require("apiVersion")?;
        let service_id: String = fields.require("serviceId")?;
        let title: String = fields.require("serviceFullName")?;
        let endpoint_prefix: String = fields.require("endpointPrefix")?;
        let target_prefix: Option<String> = fields.parse("targetPrefix")?;
        let shape_name = shape_name(&names, target_prefix.as_deref(), &title)?;
        let other = target_prefix.filter(|prefix| *prefix != shape_name);
        traits.value(trait_id::attache::TARGET_PREFIX, other.map(Value::from));
        let signing_name = fields.parse::<String>("signingName")?;
        let signing_name = signing_name.unwrap_or_else(|| endpoint_prefix.clone());
        authentication(
            &mut fields,
            &mut traits,
            &signing_name,
            &default_name(&service_id),
        )?;
        let mut service = json!({"sdkId": service_id, "endpointPrefix": endpoint_prefix});
        // `uid` is what Smithy calls `docId`, which has this default.
        let default_uid = format!("{}-{version}", default_name(&service_id));
        if let Some(uid) = fields
            .parse::<String>("uid")?
            .filter(|uid| *uid != default_uid)
        {
            service["docId"] = uid.into();
        }
        traits.apply(trait_id::SERVICE, service);
        traits.apply(trait_id::TITLE, title);
        xml_namespace(&mut fields, &mut traits, None)?;
        if !kept.is_empty() {
            traits.apply(trait_id::attache::METADATA, kept);
        }
        fields.finish()?;
        Ok(Self {
            namespace: namespace(&service_id),
            shape_name,
            version,
            traits,
            protocols: names,
        })
    }

    fn has(&self, protocol: &str) -> bool {
        self.protocols.iter().any(|name| name == protocol)
    }

    /// Whether HTTP bindings have a meaning.
    pub(super) fn is_rest(&self) -> bool {
        self.has("rest-json") || self.has("rest-xml")
    }

    /// Whether an operation is a `POST` to `/` in a protocol of the service. In rpcv2Cbor the path has its name, and the key
    /// `http` has no meaning.
    pub(super) fn posts_to_root(&self) -> bool {
        let mut others = self.protocols.iter();
        others.any(|name| name != "smithy-rpc-v2-cbor")
    }

    /// What `locationName` of a member in the body is. With several protocols, it would be a name in each of them.
    pub(super) fn body_names(&self) -> BodyNames {
        let is_xml = |name: &String| matches!(name.as_str(), "query" | "ec2" | "rest-xml");
        if self.has("rest-json") {
            BodyNames::Json
        } else if self.protocols.iter().all(is_xml) {
            BodyNames::Xml
        } else {
            BodyNames::None
        }
    }
}

/// Applies the trait of each protocol; returns their C2J names.
fn protocols(fields: &mut Fields, traits: &mut TraitMap) -> Result<Vec<String>> {
    let main: Option<String> = fields.parse("protocol")?;
    let names: Option<Vec<String>> = fields.parse("protocols")?;
    let names = names.unwrap_or_else(|| main.into_iter().collect());
    let json_version: Option<String> = fields.parse("jsonVersion")?;
    if !names.iter().any(|name| GENERATED.contains(&name.as_str())) {
        return Err(Error::new(format!(
            "the service uses {}; clients can be generated for json, rest-json, rest-xml, query, ec2 and smithy-rpc-v2-cbor only",
            names.join(", ")
        )));
    }
    for name in &names {
        let (.., id) = PROTOCOLS
            .iter()
            .find(|(known, version, _)| {
                known == name && (version.is_none() || *version == json_version.as_deref())
            })
            .ok_or_else(|| {
                Error::new(format!(
                    "the protocol `{name}` with the `jsonVersion` {json_version:?} is not known"
                ))
            })?;
        traits.apply(id, json!({}));
    }
    if let Some(value) = fields.take("awsQueryCompatible") {
        traits.apply(trait_id::AWS_QUERY_COMPATIBLE, value);
    }
    Ok(names)
}

/// `auth` lists authentication traits; `signatureVersion` is an older key for the same.
fn authentication(
    fields: &mut Fields,
    traits: &mut TraitMap,
    signing_name: &str,
    default_name: &str,
) -> Result<()> {
    let signature: String = fields.require("signatureVersion")?;
    let implied = match signature.as_str() {
        // S3 has names of its own for a signature of version 4 with rules of its own.
        "v4" | "s3" | "s3v4" => trait_id::SIGV4,
        "bearer" => trait_id::HTTP_BEARER_AUTH,
        "v2" => {
            return Err(Error::new(
                "the service requires signatures of version 2 (key `signatureVersion`), which AWS replaced in 2012; \
                 clients can be generated for signatures of version 4 only",
            ));
        }
        other => {
            return Err(Error::new(format!(
                "key `signatureVersion`: `{other}` is not known, only `v4` and `bearer` are"
            )));
        }
    };
    if matches!(signature.as_str(), "s3" | "s3v4") {
        traits.apply(trait_id::attache::SIGNATURE_VERSION, json!("s3v4"));
    }
    let schemes: Option<Vec<String>> = fields.parse("auth")?;
    let schemes = schemes.unwrap_or_else(|| vec![implied.to_owned()]);
    if !schemes.iter().any(|scheme| scheme == implied) {
        return Err(Error::new(format!(
            "key `auth`: {} leaves out `{implied}`, which the `signatureVersion` {signature} stands for",
            schemes.join(", ")
        )));
    }
    for scheme in &schemes {
        match scheme.as_str() {
            trait_id::SIGV4 | trait_id::SIGV4A => {
                traits.apply(scheme, json!({"name": signing_name}));
            }
            trait_id::HTTP_BEARER_AUTH => traits.apply(scheme, json!({})),
            other => {
                return Err(Error::new(format!(
                    "key `auth`: the authentication `{other}` is not known"
                )));
            }
        }
    }
    let mut ids = schemes.iter().map(String::as_str);
    let is_signed = ids.any(|id| matches!(id, trait_id::SIGV4 | trait_id::SIGV4A));
    let is_named = !is_signed && signing_name != default_name;
    if is_named {
        // A service without signatures has a name for its token. Smithy has no other place for it.
        traits.apply(trait_id::SIGV4, json!({"name": signing_name}));
    }
    if schemes.len() > 1 || is_named {
        // The order is the service's preference; without the trait it would be that of the alphabet.
        traits.apply(trait_id::AUTH, json!(schemes));
    }
    Ok(())
}

/// What a service is called where it has no other name.
fn default_name(service_id: &str) -> String {
    service_id.to_lowercase().replace(' ', "-")
}

/// Namespaces follow the published Smithy models: `com.amazonaws.` and the service id without blanks, in lower case.
fn namespace(service_id: &str) -> String {
    let name: String = service_id
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    format!("com.amazonaws.{name}")
}

/// The name of the service shape: the target prefix, which the JSON protocols send, or its part after the last dot, as names
/// of shapes have none. Without a prefix, it is derived from the service's full name.
fn shape_name(protocols: &[String], target_prefix: Option<&str>, title: &str) -> Result<String> {
    let name = match target_prefix {
        Some(prefix) => prefix
            .rsplit_once('.')
            .map_or(prefix, |(_, name)| name)
            .to_owned(),
        None if protocols.iter().any(|name| name == "json") => {
            return Err(Error::new(
                "the key `targetPrefix` is missing, which the protocol json needs",
            ));
        }
        None => title.chars().filter(char::is_ascii_alphanumeric).collect(),
    };
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        Ok(name)
    } else {
        Err(Error::new(format!(
            "no name for the service shape can be made from `{name}`"
        )))
    }
}

/// Makes the service shape; `discovery` is the operation that finds endpoints, if there is one.
pub(super) fn shape(
    converter: &Converter,
    mut root: Fields,
    discovery: Option<String>,
) -> Result<Value> {
    let mut traits = converter.metadata.traits.clone();
    traits.value(
        trait_id::CLIENT_CONTEXT_PARAMS,
        root.take("clientContextParams"),
    );
    traits.deprecated(&mut root)?;
    traits.value(
        trait_id::CLIENT_ENDPOINT_DISCOVERY,
        discovery.map(|operation| json!({"operation": operation})),
    );
    root.finish()?;
    let operations: Vec<Value> = converter
        .shapes
        .iter()
        .filter(|(_, shape)| shape["type"] == "operation")
        .map(|(id, _)| json!({"target": id}))
        .collect();
    let mut shape = json!({
        "type": "service",
        "version": converter.metadata.version,
        "operations": operations,
    });
    traits.put_into(&mut shape);
    Ok(shape)
}
