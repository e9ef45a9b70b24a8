//! The protocol of a service that offers several.
//!
//! Without a choice, clients use the first of a fixed order, in which JSON comes first: a client that exists
//! keeps its protocol. `attache add` records a choice for a new service that offers several.

use std::borrow::Cow;

use anyhow::{Context, Result, bail};
use clap::Arg;
use serde_json::Value;

use crate::import::read_smithy;
use crate::model::Protocol;

/// The protocols, those with the least measured cost first: see `docs/decisions/0060-cbor.md`.
pub const BY_COST: [Protocol; 7] = [
    Protocol::AwsJson10,
    Protocol::AwsJson11,
    Protocol::RestJson1,
    Protocol::RpcV2Cbor,
    Protocol::AwsQuery,
    Protocol::Ec2Query,
    Protocol::RestXml,
];

/// The value of the key `protocol`.
///
/// # Errors
/// No text, or a name that no protocol has.
pub(crate) fn of_setting(value: Option<&str>) -> Result<Protocol> {
    let name = value.context("`protocol` must be a string")?;
    let known = BY_COST.into_iter().find(|known| known.name() == name);
    known.with_context(|| {
        let names: Vec<&str> = BY_COST.iter().map(|known| known.name()).collect();
        format!(
            "there is no protocol `{name}`; clients can be generated for {}",
            names.join(", ")
        )
    })
}

/// The option of `attache add` that chooses a protocol.
pub(crate) fn argument() -> Arg {
    Arg::new("protocol")
        .long("protocol")
        .value_name("NAME")
        .value_parser(BY_COST.map(Protocol::name))
        .hide_possible_values(true)
        .help("The protocol, if the service offers several: rpcv2Cbor, awsJson1_0, awsQuery, …")
}

/// The protocol with the least cost, if a model offers several.
///
/// # Errors
/// A text that is no model.
pub(crate) fn cheapest(model: &str) -> Result<Option<Protocol>> {
    let mut model = read_smithy(model)?;
    let offered = offered(&mut model).map_or(Vec::new(), names);
    let mut by_cost = BY_COST.into_iter();
    Ok(match offered.len() {
        0 | 1 => None,
        _ => by_cost.find(|known| offered.contains(&known.trait_id())),
    })
}

/// The text of a model without the other protocols of its service.
///
/// # Errors
/// A protocol that the service does not offer.
pub fn only(model: &str, protocol: Option<Protocol>) -> Result<Cow<'_, str>> {
    let Some(protocol) = protocol else {
        return Ok(Cow::Borrowed(model));
    };
    let mut value = read_smithy(model)?;
    if !keep(&mut value, protocol) {
        let offered = offered(&mut value).map_or(Vec::new(), names);
        let offered = offered
            .into_iter()
            .filter_map(|id| Some(id.split_once('#')?.1));
        bail!(
            "`protocol = \"{}\"`: the service does not offer it; it offers {}",
            protocol.name(),
            offered.collect::<Vec<_>>().join(", ")
        );
    }
    Ok(Cow::Owned(value.to_string()))
}

/// Removes the other protocols, if the service offers this one; returns whether it does.
pub(crate) fn keep(model: &mut Value, protocol: Protocol) -> bool {
    let Some(traits) = offered(model) else {
        return false;
    };
    let offers = traits.contains_key(protocol.trait_id());
    if offers {
        for other in BY_COST.into_iter().filter(|other| *other != protocol) {
            traits.remove(other.trait_id());
        }
    }
    offers
}

/// The traits of the service.
fn offered(model: &mut Value) -> Option<&mut serde_json::Map<String, Value>> {
    let shapes = model.get_mut("shapes")?.as_object_mut()?;
    let mut shapes = shapes.values_mut();
    let service = shapes.find(|shape| shape["type"] == "service")?;
    service.get_mut("traits")?.as_object_mut()
}

/// The protocols among the traits.
fn names(traits: &mut serde_json::Map<String, Value>) -> Vec<&'static str> {
    let ids = BY_COST.into_iter().map(Protocol::trait_id);
    ids.filter(|id| traits.contains_key(*id)).collect()
}
