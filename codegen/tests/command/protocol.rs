//! `protocol` of `models/attache.toml`: which of several protocols a client uses.

use std::fs;

use serde_json::{Value, json};

use super::workspace::{Place, published};

/// The published model with another protocol beside its own.
fn with_cbor() -> Place {
    let text = fs::read_to_string(published()).expect("the model is there");
    let mut model: Value = serde_json::from_str(&text).expect("it is JSON");
    let shapes = model["shapes"].as_object_mut().expect("it has shapes");
    let service = shapes.values_mut().find(|shape| shape["type"] == "service");
    let service = service.expect("it has a service");
    service["traits"]["smithy.protocols#rpcv2Cbor"] = json!({});
    let place = Place::workspace();
    place.write("published.json", &model.to_string());
    place
}

fn client(place: &Place) -> String {
    let files = place.snapshot("crates");
    let found = files
        .into_iter()
        .find(|(path, _)| path.ends_with("src/client.rs"));
    let (_, bytes) = found.expect("there is a client");
    String::from_utf8(bytes).expect("it is text")
}

#[test]
fn add_records_the_protocol_and_the_settings_choose_another_one() {
    let place = with_cbor();
    place.succeeds("", "add parcels --from published.json");
    let settings = place.read("models/attache.toml");
    let recorded = settings
        .lines()
        .find(|line| line.starts_with("protocol = "));
    let recorded = recorded.expect("the service offers two").to_owned();
    assert!(!client(&place).contains("Protocol::RpcV2Cbor"));
    let chosen = settings.replace(&recorded, "protocol = \"rpcv2Cbor\"");
    place.write("models/attache.toml", &chosen);
    place.succeeds("", "generate");
    assert!(client(&place).contains("Protocol::RpcV2Cbor"));
    place.write(
        "models/attache.toml",
        &settings.replace(&recorded, "protocol = \"awsQuery\""),
    );
    let (status, _, complaint) = place.run("", "generate");
    assert_eq!(status, 1, "{complaint}");
    assert!(
        complaint.contains("the service does not offer it; it offers"),
        "{complaint}"
    );
    place.write(
        "models/attache.toml",
        &settings.replace(&recorded, "protocol = \"soap\""),
    );
    let (status, _, complaint) = place.run("", "generate");
    assert_eq!(status, 1, "{complaint}");
    assert!(
        complaint.contains("there is no protocol `soap`"),
        "{complaint}"
    );
}

#[test]
fn add_takes_a_protocol() {
    let place = with_cbor();
    place.succeeds("", "add parcels --from published.json --protocol rpcv2Cbor");
    assert!(
        place
            .read("models/attache.toml")
            .contains("protocol = \"rpcv2Cbor\"\n")
    );
    assert!(client(&place).contains("Protocol::RpcV2Cbor"));
}

#[test]
fn a_service_with_one_protocol_has_no_key() {
    let place = Place::workspace();
    place.add_parcels();
    let settings = place.read("models/attache.toml");
    assert!(!settings.lines().any(|line| line.starts_with("protocol")));
}

/// Each revision has the protocol and the slice that its settings choose.
#[test]
fn diff_compares_what_the_settings_of_each_revision_choose() {
    let place = with_cbor();
    place.succeeds("", "add parcels --from published.json");
    place.commit();
    assert!(
        place
            .succeeds("", "diff parcels@HEAD parcels")
            .contains("nothing changed")
    );
    let settings = place.read("models/attache.toml");
    let chosen: String = settings
        .lines()
        .map(|line| match line.starts_with("protocol = ") {
            true => "protocol = \"rpcv2Cbor\"\n".to_owned(),
            false => format!("{line}\n"),
        })
        .collect();
    place.write("models/attache.toml", &chosen);
    let shown = place.succeeds("", "diff parcels@HEAD parcels");
    assert!(shown.contains("wire: breaking"), "{shown}");
    // Both sides have the new settings.
    place.commit();
    for sides in ["parcels@HEAD parcels", "parcels parcels"] {
        let shown = place.succeeds("", &format!("diff {sides}"));
        assert!(shown.contains("nothing changed"), "{sides}: {shown}");
    }
    let shown = place.succeeds("", "diff parcels@HEAD~1 parcels@HEAD");
    assert!(shown.contains("wire: breaking"), "{shown}");
    let sliced = format!("{chosen}operations = [\"SendParcel\"]\n");
    place.write("models/attache.toml", &sliced);
    let shown = place.succeeds("", "diff parcels@HEAD parcels");
    assert!(
        shown.contains("`Client::track_parcel` was removed"),
        "{shown}"
    );
}
