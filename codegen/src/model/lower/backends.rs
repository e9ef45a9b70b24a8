//! Endpoints of another kind that the rules do not mark (`attache#endpointBackends`).
//!
//! Rules mark endpoints whose requests differ from the others of the service with the property `backend`, and clients refuse
//! to send such requests. Some they do not mark; these have a signing name of their own.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::ast::{Traits, trait_id};
use crate::error::{Context, Error, Result};
use crate::model::Service;

/// The names of backends by signing names.
type Backends = BTreeMap<String, String>;

/// Marks the endpoints of the rules and of their tests.
///
/// # Errors
/// A trait of another form, and a signing name that no endpoint has.
pub(super) fn mark(traits: &Traits, service: &mut Service) -> Result<()> {
    let id = trait_id::attache::ENDPOINT_BACKENDS;
    let Some(backends) = traits.parse::<Backends>(id)? else {
        return Ok(());
    };
    let documents = [
        &mut service.endpoint_rules,
        &mut service.endpoint_bdd,
        &mut service.endpoint_tests,
    ];
    let mut found = BTreeSet::new();
    for document in documents.into_iter().flatten() {
        mark_below(document, &backends, &mut found);
    }
    let missing = backends.keys().find(|name| !found.contains(*name));
    match missing {
        None => Ok(()),
        Some(name) => Err(Error::new(format!(
            "no endpoint of the rules is signed for `{name}`"
        ))),
    }
    .at(id)
}

fn mark_below(value: &mut Value, backends: &Backends, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => {
            for item in items {
                mark_below(item, backends, found);
            }
        }
        Value::Object(members) => {
            if let Some((name, backend)) = backend(members, backends) {
                found.insert(name.clone());
                members
                    .entry("backend")
                    .or_insert_with(|| Value::from(backend.as_str()));
            }
            for (_, member) in members {
                mark_below(member, backends, found);
            }
        }
        _ => {}
    }
}

/// The backend of endpoint properties.
fn backend<'a>(
    properties: &Map<String, Value>,
    backends: &'a Backends,
) -> Option<(&'a String, &'a String)> {
    let mut schemes = properties.get("authSchemes")?.as_array()?.iter();
    schemes.find_map(|scheme| backends.get_key_value(scheme.get("signingName")?.as_str()?))
}
