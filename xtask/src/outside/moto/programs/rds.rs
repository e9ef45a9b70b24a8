//! Calls RDS.

mod steps;

use anyhow::{Context, Result, ensure};
use attache_rds::Client;
use attache_rds::types::Tag;
use steps::{agreed, refused, same};

fn main() -> Result<()> {
    let client = Client::new(&steps::config()?);
    let arn = instances(&client)?;
    tags(&client, &arn)?;
    snapshots(&client)?;
    errors(&client)?;
    client.delete_db_instance().db_instance_identifier("one").skip_final_snapshot(true).send().wait()?;
    refused(
        "DescribeDBInstances",
        "DBInstanceNotFound",
        client.describe_db_instances().db_instance_identifier("one").send().wait(),
    )?;
    agreed("DeleteDBInstance");
    Ok(())
}

fn instances(client: &Client) -> Result<String> {
    for name in ["one", "two", "three"] {
        let made = client
            .create_db_instance()
            .db_instance_identifier(name)
            .db_instance_class("db.t3.micro")
            .engine("postgres")
            .allocated_storage(20)
            .master_username("root")
            .master_user_password("a+b&c=d%20")
            .send()
            .wait()?;
        let instance = made.db_instance.context("no DBInstance")?;
        same("AllocatedStorage", instance.allocated_storage, Some(20))?;
    }
    agreed("CreateDBInstance");
    let mut names: Vec<_> = client
        .describe_db_instances()
        .max_records(20)
        .items()
        .wait()
        .map(|instance| Ok(instance?.db_instance_identifier.unwrap_or_default()))
        .collect::<Result<_>>()?;
    names.sort();
    same("the instances of all pages", names, vec!["one", "three", "two"])?;
    let found = client.describe_db_instances().db_instance_identifier("one").send().wait()?;
    let found = found.db_instances.unwrap_or_default();
    let instance = found.first().context("no instance")?;
    ensure!(instance.instance_create_time.is_some(), "no InstanceCreateTime");
    agreed("DescribeDBInstances");
    let changed = client.modify_db_instance().db_instance_identifier("one").allocated_storage(30).apply_immediately(true);
    changed.send().wait()?;
    agreed("ModifyDBInstance");
    instance.db_instance_arn.clone().context("no DBInstanceArn")
}

fn tags(client: &Client, arn: &str) -> Result<()> {
    let wanted = [Tag::new().key("Größe").value("a b+c"), Tag::new().key("plain").value("")];
    client.add_tags_to_resource().resource_name(arn).tags(wanted.clone()).send().wait()?;
    agreed("AddTagsToResource");
    let tags = client.list_tags_for_resource().resource_name(arn).send().wait()?.tag_list;
    same("TagList", tags, Some(wanted.to_vec()))?;
    agreed("ListTagsForResource");
    client.remove_tags_from_resource().resource_name(arn).tag_keys(["plain"]).send().wait()?;
    agreed("RemoveTagsFromResource");
    Ok(())
}

fn snapshots(client: &Client) -> Result<()> {
    client.create_db_snapshot().db_snapshot_identifier("shot").db_instance_identifier("one").send().wait()?;
    agreed("CreateDBSnapshot");
    let found = client.describe_db_snapshots().db_snapshot_identifier("shot").send().wait()?.db_snapshots;
    same("the snapshots", found.map(|list| list.len()), Some(1))?;
    agreed("DescribeDBSnapshots");
    client.delete_db_snapshot().db_snapshot_identifier("shot").send().wait()?;
    agreed("DeleteDBSnapshot");
    Ok(())
}

fn errors(client: &Client) -> Result<()> {
    refused(
        "DescribeDBInstances",
        "DBInstanceNotFound",
        client.describe_db_instances().db_instance_identifier("nowhere").send().wait(),
    )?;
    refused(
        "CreateDBInstance",
        "DBInstanceAlreadyExists",
        client.create_db_instance().db_instance_identifier("one").db_instance_class("db.t3.micro").engine("postgres").send().wait(),
    )?;
    refused(
        "DescribeDBSnapshots",
        "DBSnapshotNotFound",
        client.describe_db_snapshots().db_snapshot_identifier("nowhere").send().wait(),
    )
}
