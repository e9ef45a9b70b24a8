//! Calls RDS.

mod steps;

use anyhow::{Context, Result, ensure};
use attache_rds::Client;
use attache_rds::types::{Parameter, Tag};
use steps::{agreed, refused, same};

fn main() -> Result<()> {
    let client = Client::new(&steps::config()?);
    let arn = instances(&client)?;
    tags(&client, &arn)?;
    snapshots(&client)?;
    parameters(&client)?;
    errors(&client)?;
    delete(&client)
}

fn instances(client: &Client) -> Result<String> {
    let mut arn = None;
    for number in 0..25 {
        let made = client
            .create_db_instance()
            .db_instance_identifier(format!("db-{number}"))
            .db_instance_class("db.m5.large")
            .engine("postgres")
            .allocated_storage(10)
            .master_username("root")
            .master_user_password("a secret+word=&")
            .tags([Tag::new().key("Größe").value("a b+c")])
            .send()
            .wait()?;
        let instance = made.db_instance.context("no DBInstance")?;
        same("AllocatedStorage", instance.allocated_storage, Some(10))?;
        ensure!(!format!("{instance:?}").contains("a secret"), "the password came back");
        arn = arn.or(instance.db_instance_arn);
    }
    agreed("CreateDBInstance");
    let mut pages = 0;
    let mut names = Vec::new();
    for page in client.describe_db_instances().max_records(20).pages().wait() {
        let instances = page?.db_instances.unwrap_or_default();
        names.extend(instances.into_iter().filter_map(|instance| instance.db_instance_identifier));
        pages += 1;
    }
    same("the number of pages", pages, 2)?;
    names.sort();
    names.dedup();
    same("the number of instances", names.len(), 25)?;
    let waited = client.describe_db_instances().db_instance_identifier("db-0").until_db_instance_available().wait()?;
    let found = waited.response.context("no response")?.db_instances.unwrap_or_default();
    let found = found.first().context("no instance")?;
    ensure!(found.endpoint.as_ref().is_some_and(|endpoint| endpoint.port == Some(5432)), "Endpoint is {:?}", found.endpoint);
    ensure!(found.instance_create_time.is_some(), "no InstanceCreateTime");
    agreed("DescribeDBInstances");
    let changed = client.modify_db_instance().db_instance_identifier("db-0").allocated_storage(20).apply_immediately(true);
    let changed = changed.send().wait()?.db_instance.context("no DBInstance")?;
    same("AllocatedStorage", changed.allocated_storage, Some(20))?;
    agreed("ModifyDBInstance");
    arn.context("no DBInstanceArn")
}

fn tags(client: &Client, arn: &str) -> Result<()> {
    client.add_tags_to_resource().resource_name(arn).tags([Tag::new().key("empty").value("")]).send().wait()?;
    agreed("AddTagsToResource");
    let tags = client.list_tags_for_resource().resource_name(arn).send().wait()?.tag_list;
    let both = vec![Tag::new().key("Größe").value("a b+c"), Tag::new().key("empty").value("")];
    same("TagList", tags, Some(both))?;
    agreed("ListTagsForResource");
    client.remove_tags_from_resource().resource_name(arn).tag_keys(["Größe"]).send().wait()?;
    let left = client.list_tags_for_resource().resource_name(arn).send().wait()?.tag_list;
    same("TagList", left, Some(vec![Tag::new().key("empty").value("")]))?;
    agreed("RemoveTagsFromResource");
    Ok(())
}

fn snapshots(client: &Client) -> Result<()> {
    let made = client.create_db_snapshot().db_snapshot_identifier("snap").db_instance_identifier("db-1").send().wait()?;
    same("Engine", made.db_snapshot.and_then(|snapshot| snapshot.engine).as_deref(), Some("postgres"))?;
    agreed("CreateDBSnapshot");
    let found = client.describe_db_snapshots().db_instance_identifier("db-1").items().wait().collect::<Result<Vec<_>, _>>()?;
    let manual = found.iter().filter(|snapshot| snapshot.snapshot_type.as_deref() == Some("manual"));
    let names: Vec<_> = manual.filter_map(|snapshot| snapshot.db_snapshot_identifier.as_deref()).collect();
    same("the snapshots", names, vec!["snap"])?;
    agreed("DescribeDBSnapshots");
    client.delete_db_snapshot().db_snapshot_identifier("snap").send().wait()?;
    agreed("DeleteDBSnapshot");
    Ok(())
}

fn parameters(client: &Client) -> Result<()> {
    let make = client.create_db_parameter_group().db_parameter_group_name("group").db_parameter_group_family("postgres16");
    let made = make.description("a <b> & \"c\"").send().wait()?.db_parameter_group.context("no DBParameterGroup")?;
    same("Description", made.description.as_deref(), Some("a <b> & \"c\""))?;
    agreed("CreateDBParameterGroup");
    let parameter = Parameter::new().parameter_name("work_mem").parameter_value("64").apply_method("immediate");
    let changed = client.modify_db_parameter_group().db_parameter_group_name("group").parameters([parameter]).send().wait()?;
    same("DBParameterGroupName", changed.db_parameter_group_name.as_deref(), Some("group"))?;
    agreed("ModifyDBParameterGroup");
    let found = client.describe_db_parameters().db_parameter_group_name("group").items().wait().collect::<Result<Vec<_>, _>>()?;
    let value = found.iter().find(|parameter| parameter.parameter_name.as_deref() == Some("work_mem"));
    same("ParameterValue", value.and_then(|parameter| parameter.parameter_value.as_deref()), Some("64"))?;
    agreed("DescribeDBParameters");
    client.delete_db_parameter_group().db_parameter_group_name("group").send().wait()?;
    agreed("DeleteDBParameterGroup");
    Ok(())
}

fn errors(client: &Client) -> Result<()> {
    refused(
        "DescribeDBInstances",
        "DBInstanceNotFound",
        client.describe_db_instances().db_instance_identifier("nowhere").send().wait(),
    )?;
    let again = client.create_db_instance().db_instance_identifier("db-1").db_instance_class("db.m5.large").engine("postgres");
    let again = again.allocated_storage(10).master_username("root").master_user_password("password");
    refused("CreateDBInstance", "DBInstanceAlreadyExists", again.send().wait())?;
    refused(
        "DeleteDBSnapshot",
        "DBSnapshotNotFound",
        client.delete_db_snapshot().db_snapshot_identifier("nothing").send().wait(),
    )?;
    refused(
        "DescribeDBParameters",
        "DBParameterGroupNotFound",
        client.describe_db_parameters().db_parameter_group_name("nothing").send().wait(),
    )
}

fn delete(client: &Client) -> Result<()> {
    client.stop_db_instance().db_instance_identifier("db-1").send().wait()?;
    let stopped = client.describe_db_instances().db_instance_identifier("db-1").send().wait()?.db_instances;
    let status = stopped.unwrap_or_default().into_iter().next().and_then(|instance| instance.db_instance_status);
    same("DBInstanceStatus", status.as_deref(), Some("stopped"))?;
    agreed("StopDBInstance");
    client.delete_db_instance().db_instance_identifier("db-2").skip_final_snapshot(true).send().wait()?;
    let left = client.describe_db_instances().db_instance_identifier("db-2").send().wait();
    refused("DescribeDBInstances", "DBInstanceNotFound", left)?;
    agreed("DeleteDBInstance");
    Ok(())
}
