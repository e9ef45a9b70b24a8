//! Keys that shapes and members have in common.

use serde_json::{Value, json};

use super::fields::Fields;
use super::trait_map::TraitMap;
use crate::ast::trait_id;
use crate::error::{Context, Error, Result};
use crate::import::enum_names;

/// Whether `box` may be applied to a shape of this C2J type (Smithy specification, "box trait").
pub(super) fn can_be_boxed(kind: &str) -> bool {
    matches!(
        kind,
        "boolean" | "byte" | "short" | "integer" | "long" | "float" | "double"
    )
}

/// `pattern` of a string, or of a member that is one.
pub(super) fn pattern(fields: &mut Fields, traits: &mut TraitMap) -> Result<()> {
    if let Some(pattern) = fields.parse::<String>("pattern")? {
        // C2J's patterns are matched as a whole, Smithy's are searched for. The group keeps an alternative inside of
        // the pattern from escaping the anchors.
        traits.apply(trait_id::PATTERN, format!("^(?:{pattern})$"));
    }
    Ok(())
}

/// An enum shape with these values.
pub(super) fn enumeration(values: &[String]) -> Result<Value> {
    let members = enum_names::members(values.iter().map(String::as_str)).at("`enum`")?;
    Ok(json!({"type": "enum", "members": members}))
}

/// `timestampFormat` of a shape or a member.
pub(super) fn timestamp_format(fields: &mut Fields, traits: &mut TraitMap) -> Result<()> {
    let Some(format) = fields.parse::<String>("timestampFormat")? else {
        return Ok(());
    };
    let format = match format.as_str() {
        "iso8601" => "date-time",
        "rfc822" => "http-date",
        "unixTimestamp" => "epoch-seconds",
        other => {
            return Err(Error::new(format!(
                "key `timestampFormat`: `{other}` is not known"
            )));
        }
    };
    traits.apply(trait_id::TIMESTAMP_FORMAT, format);
    Ok(())
}

/// `xmlAttribute` and `xmlNamespace`, which some services have for another protocol that they support as well.
pub(super) fn xml_names(
    fields: &mut Fields,
    traits: &mut TraitMap,
    of_target: Option<Value>,
) -> Result<()> {
    traits.flag(trait_id::XML_ATTRIBUTE, fields.flag("xmlAttribute")?);
    xml_namespace(fields, traits, of_target)
}

/// `xmlNamespace`, which is an object like the trait, or only its URI; without it, the one of the target.
pub(super) fn xml_namespace(
    fields: &mut Fields,
    traits: &mut TraitMap,
    of_target: Option<Value>,
) -> Result<()> {
    let namespace = match fields.take("xmlNamespace").or(of_target) {
        Some(Value::String(uri)) => Some(json!({"uri": uri})),
        other => other,
    };
    traits.value(trait_id::XML_NAMESPACE, namespace);
    Ok(())
}
