//! `paginators-1.json`.
//!
//! Smithy's trait has one path each for the token, the items and the page size, and a path consists of member names.
//! C2J has several keys of items, members that are the same on every page, a member that says whether there is another
//! page, and JMESPath. Parts that the trait cannot express are put into `attache#paginated`:
//!
//! * `items`: the paths of all lists of items, where there are several (the Smithy trait then has none);
//! * `moreResults`: the path to the Boolean that says whether another page exists;
//! * `nonAggregateKeys`: paths to output members that are the same on every page;
//! * `inputToken`, `outputToken`, `pageSize`: only where the path to a token is not a Smithy path; the whole Smithy trait
//!   is then left out, because it would be incomplete.

use serde_json::{Map, Value, json};

use super::Converter;
use super::fields::Fields;
use crate::ast::trait_id;
use crate::error::{Context, Error, Result};

pub(super) fn apply(converter: &mut Converter, value: Value) -> Result<()> {
    let mut root = Fields::new(value)?;
    // The version of the format; there is only one.
    root.ignore("version");
    for (operation, value) in root.entries("pagination")? {
        let (standard, more) = paginator(value).at(&operation)?;
        let shape = converter.operation_mut(&operation).at("`pagination`")?;
        if !standard.is_empty() {
            shape["traits"][trait_id::PAGINATED] = Value::Object(standard);
        }
        if !more.is_empty() {
            shape["traits"][trait_id::attache::PAGINATED] = Value::Object(more);
        }
    }
    root.finish()
}

/// The value of the Smithy trait, and the parts that it cannot express.
fn paginator(value: Value) -> Result<(Map<String, Value>, Map<String, Value>)> {
    let mut fields = Fields::new(value)?;
    let mut standard = Map::new();
    let mut more = Map::new();
    for (key, part) in [
        ("input_token", "inputToken"),
        ("output_token", "outputToken"),
        ("limit_key", "pageSize"),
    ] {
        if let Some(path) = fields.take(key) {
            standard.insert(part.to_owned(), path);
        }
    }
    match fields.take("result_key") {
        None => {}
        Some(Value::Array(paths)) => {
            more.insert("items".to_owned(), Value::Array(paths));
        }
        Some(path) => {
            standard.insert("items".to_owned(), path);
        }
    }
    if let Some(path) = fields.parse::<String>("more_results")? {
        more.insert("moreResults".to_owned(), path.into());
    }
    if let Some(paths) = fields.parse::<Vec<String>>("non_aggregate_keys")? {
        more.insert("nonAggregateKeys".to_owned(), json!(paths));
    }
    fields.finish()?;
    if !(standard.contains_key("inputToken") && standard.contains_key("outputToken")) {
        return Err(Error::new("`input_token` or `output_token` is missing"));
    }
    if !standard.values().all(is_smithy_path) {
        // The trait of our own takes several paths.
        if let Some(items) = standard.get_mut("items") {
            *items = json!([items.take()]);
        }
        more.append(&mut standard);
    }
    Ok((standard, more))
}

/// Member names, joined by dots (Smithy specification, "paginated trait").
fn is_smithy_path(path: &Value) -> bool {
    path.as_str().is_some_and(|path| {
        path.split('.').all(|name| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        })
    })
}
