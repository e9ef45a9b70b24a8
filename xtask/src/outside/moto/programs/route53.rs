//! Calls Route 53: identifiers that responses have as paths, pages with several tokens, and errors in XML.

mod steps;

use anyhow::{Context, Result, ensure};
use attache_route53::Client;
use attache_runtime::validation::Level;
use attache_route53::types::{Change, ChangeBatch, HealthCheckConfig, HostedZoneConfig, ResourceRecord, ResourceRecordSet, Tag};
use steps::{agreed, refused, same};

/// A value of a record with what XML and DNS must treat with care.
const TEXT: &str = "\"v=1; a=<b> & 'c' \\195\\164 100%+\"";

fn main() -> Result<()> {
    let client = Client::new(&steps::config()?);
    let zone = zones(&client)?;
    records(&client, &zone)?;
    tags(&client, &zone)?;
    health_checks(&client)?;
    errors(&client, &zone)?;
    clean(&client, &zone)
}

/// Creates zones; returns the identifier of one as the service has it: a path.
fn zones(client: &Client) -> Result<String> {
    let mut ids = Vec::new();
    for name in ["one.example", "two.example", "three.example", "four.example", "five.example"] {
        let comment = HostedZoneConfig::default().comment("Größe <of> \"it\" & 100% 漢字");
        let made = client.create_hosted_zone().name(name).caller_reference(name).hosted_zone_config(comment);
        ids.push(made.send().wait()?.hosted_zone.id);
    }
    agreed("CreateHostedZone");
    ensure!(ids.iter().all(|id| id.starts_with("/hostedzone/")), "identifiers are no paths: {ids:?}");
    // Markers of moto are longer than those that the service documents.
    let list = || client.list_hosted_zones().max_items("2").validation(Level::Off);
    let listed = list().items().wait().collect::<Result<Vec<_>, _>>()?;
    let mut came: Vec<String> = listed.into_iter().map(|zone| zone.id).collect();
    let pages = list().pages().wait().collect::<Result<Vec<_>, _>>()?;
    same("the number of pages", pages.len(), 3)?;
    let mut wanted = ids.clone();
    (came.sort(), wanted.sort());
    same("the zones of all pages", came, wanted)?;
    agreed("ListHostedZones");
    let zone = ids.swap_remove(0);
    let found = client.get_hosted_zone().id(&zone).send().wait()?.hosted_zone;
    same("Id", &found.id, &zone)?;
    let config = found.config.context("the zone has no Config")?;
    same("Comment", config.comment.as_deref(), Some("Größe <of> \"it\" & 100% 漢字"))?;
    agreed("GetHostedZone");
    same("HostedZoneCount", client.get_hosted_zone_count().send().wait()?.hosted_zone_count, 5)?;
    agreed("GetHostedZoneCount");
    for other in ids {
        client.delete_hosted_zone().id(other).send().wait()?;
    }
    agreed("DeleteHostedZone");
    Ok(zone)
}

fn record(name: &str, kind: &str, value: &str) -> ResourceRecordSet {
    ResourceRecordSet::new(name, kind).ttl(300).resource_records([ResourceRecord::new(value)])
}

fn change(client: &Client, zone: &str, changes: Vec<Change>) -> Result<String> {
    let batch = ChangeBatch::new(changes).comment("a < b");
    let changed = client.change_resource_record_sets().hosted_zone_id(zone).change_batch(batch).send().wait()?;
    Ok(changed.change_info.id)
}

fn records(client: &Client, zone: &str) -> Result<()> {
    let mut changes = vec![Change::new("CREATE", record("text.one.example.", "TXT", TEXT))];
    for number in 1..=4 {
        let name = format!("host{number}.one.example.");
        changes.push(Change::new("UPSERT", record(&name, "A", &format!("192.0.2.{number}"))));
    }
    let id = change(client, zone, changes)?;
    agreed("ChangeResourceRecordSets");
    ensure!(id.starts_with("/change/"), "the identifier of the change is no path: {id}");
    let info = client.get_change().id(&id).send().wait()?.change_info;
    same("Status", info.status.as_str(), "INSYNC")?;
    agreed("GetChange");
    let (mut sets, mut pages, mut next) = (Vec::new(), 0, None);
    loop {
        let mut call = client.list_resource_record_sets().hosted_zone_id(zone).max_items("3");
        if let Some((name, kind)) = next {
            call = call.start_record_name(name).start_record_type(kind);
        }
        let page = call.send().wait()?;
        (sets.extend(page.resource_record_sets), pages += 1);
        match (page.is_truncated, page.next_record_name, page.next_record_type) {
            (true, Some(name), Some(kind)) => next = Some((name, kind)),
            (true, ..) => anyhow::bail!("a page that is not the last one has no next record"),
            (false, ..) => break,
        }
    }
    ensure!(pages >= 2, "all record sets came in one page");
    let text = sets.iter().find(|set| set.name == "text.one.example.").context("the text record is not listed")?;
    let values: Vec<&str> = text.resource_records.iter().flatten().map(|record| record.value.as_str()).collect();
    same("the text", values, vec![TEXT])?;
    same("the hosts", sets.iter().filter(|set| set.name.starts_with("host")).count(), 4)?;
    agreed("ListResourceRecordSets");
    Ok(())
}

fn tags(client: &Client, zone: &str) -> Result<()> {
    // Tags take the identifier alone: their members are of another kind.
    let id = zone.trim_start_matches("/hostedzone/");
    let tags = [("plain", "value"), ("empty", "")].map(|(key, value)| Tag::default().key(key).value(value));
    client.change_tags_for_resource().resource_type("hostedzone").resource_id(id).add_tags(tags).send().wait()?;
    agreed("ChangeTagsForResource");
    let listed = client.list_tags_for_resource().resource_type("hostedzone").resource_id(id).send().wait()?;
    let tags = listed.resource_tag_set.tags.context("no tags")?;
    let value = |name: &str| tags.iter().find(|tag| tag.key.as_deref() == Some(name)).and_then(|tag| tag.value.as_deref());
    same("the tag", value("plain"), Some("value"))?;
    same("the number of tags", tags.len(), 2)?;
    agreed("ListTagsForResource");
    Ok(())
}

fn health_checks(client: &Client) -> Result<()> {
    let config = HealthCheckConfig::new("HTTP")
        .ip_address("192.0.2.44")
        .port(8080)
        .resource_path("/health?a=1&b=<2>")
        .request_interval(10)
        .failure_threshold(2);
    let made = client.create_health_check().caller_reference("first").health_check_config(config).send().wait()?;
    let id = made.health_check.id;
    agreed("CreateHealthCheck");
    let found = client.get_health_check().health_check_id(&id).send().wait()?.health_check.health_check_config;
    same("ResourcePath", found.resource_path.as_deref(), Some("/health?a=1&b=<2>"))?;
    same("Port", found.port, Some(8080))?;
    agreed("GetHealthCheck");
    let listed = client.list_health_checks().items().wait().collect::<Result<Vec<_>, _>>()?;
    same("the health checks", listed.len(), 1)?;
    agreed("ListHealthChecks");
    client.delete_health_check().health_check_id(&id).send().wait()?;
    agreed("DeleteHealthCheck");
    refused("GetHealthCheck", "NoSuchHealthCheck", client.get_health_check().health_check_id(&id).send().wait())
}

fn errors(client: &Client, zone: &str) -> Result<()> {
    let gone = client.get_hosted_zone().id("/hostedzone/Z0NOTHING").send().wait();
    ensure!(gone.as_ref().is_err_and(|error| error.is_not_found()), "a zone that is gone is not found: {gone:?}");
    refused("GetHostedZone", "NoSuchHostedZone", gone)?;
    refused("DeleteHostedZone", "HostedZoneNotEmpty", client.delete_hosted_zone().id(zone).send().wait())?;
    let other = ChangeBatch::new([Change::new("CREATE", record("host.other.example.", "A", "192.0.2.9"))]);
    let refusal = client.change_resource_record_sets().hosted_zone_id(zone).change_batch(other).send().wait();
    refused("ChangeResourceRecordSets", "InvalidChangeBatch", refusal)
}

fn clean(client: &Client, zone: &str) -> Result<()> {
    let sets = client.list_resource_record_sets().hosted_zone_id(zone).send().wait()?.resource_record_sets;
    let ours = sets.into_iter().filter(|set| !matches!(set.type_.as_str(), "NS" | "SOA"));
    change(client, zone, ours.map(|set| Change::new("DELETE", set)).collect())?;
    client.delete_hosted_zone().id(zone).send().wait()?;
    same("HostedZoneCount", client.get_hosted_zone_count().send().wait()?.hosted_zone_count, 0)
}
