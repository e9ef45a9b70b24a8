//! Calls EC2.

mod steps;

use anyhow::{Context, Result, ensure};
use attache_ec2::Client;
use attache_ec2::types::{Filter, IpPermission, IpRange, Tag};
use steps::{ODD, agreed, refused, same};

fn main() -> Result<()> {
    let client = Client::new(&steps::config()?);
    let vpc = networks(&client)?;
    groups(&client, &vpc)?;
    let instances = instances(&client)?;
    errors(&client)?;
    let ended = client.terminate_instances().instance_ids(&instances).send().wait()?;
    same("the ended instances", ended.terminating_instances.map(|list| list.len()), Some(instances.len()))?;
    agreed("TerminateInstances");
    Ok(())
}

fn networks(client: &Client) -> Result<String> {
    let vpc = client.create_vpc().cidr_block("10.0.0.0/16").send().wait()?.vpc.context("no Vpc")?;
    let id = vpc.vpc_id.context("no VpcId")?;
    agreed("CreateVpc");
    client.create_tags().resources([&id]).tags([Tag::new().key("Größe").value(ODD)]).send().wait()?;
    agreed("CreateTags");
    let filter = Filter::new().name("tag:Größe").values([ODD]);
    let found = client.describe_vpcs().filters([filter]).send().wait()?.vpcs.unwrap_or_default();
    let [found] = found.as_slice() else {
        anyhow::bail!("{} networks have the tag", found.len());
    };
    same("VpcId", found.vpc_id.as_deref(), Some(id.as_str()))?;
    let tag = found.tags.as_ref().and_then(|tags| tags.first()).and_then(|tag| tag.value.as_deref());
    same("the tag", tag, Some(ODD))?;
    agreed("DescribeVpcs");
    Ok(id)
}

fn groups(client: &Client, vpc: &str) -> Result<()> {
    let made = client.create_security_group().group_name("group").description("a & b").vpc_id(vpc).send().wait()?;
    let id = made.group_id.context("no GroupId")?;
    agreed("CreateSecurityGroup");
    let permission = IpPermission::new()
        .ip_protocol("tcp")
        .from_port(443)
        .to_port(443)
        .ip_ranges([IpRange::new().cidr_ip("10.1.0.0/16").description("one"), IpRange::new().cidr_ip("10.2.0.0/16")]);
    client.authorize_security_group_ingress().group_id(&id).ip_permissions([permission]).send().wait()?;
    agreed("AuthorizeSecurityGroupIngress");
    let found = client.describe_security_groups().group_ids([&id]).send().wait()?.security_groups.unwrap_or_default();
    let permission = found.first().and_then(|group| group.ip_permissions.as_ref()?.first()).context("no permission")?;
    same("FromPort", permission.from_port, Some(443))?;
    same("the ranges", permission.ip_ranges.as_ref().map(Vec::len), Some(2))?;
    agreed("DescribeSecurityGroups");
    client.delete_security_group().group_id(&id).send().wait()?;
    agreed("DeleteSecurityGroup");
    Ok(())
}

fn instances(client: &Client) -> Result<Vec<String>> {
    let image = client.describe_images().send().wait()?.images.unwrap_or_default();
    let image = image.into_iter().find_map(|image| image.image_id).context("moto has no image")?;
    agreed("DescribeImages");
    let mut ids = Vec::new();
    // moto has a reservation a page entry.
    for _ in 0..7 {
        let made = client.run_instances().image_id(&image).min_count(1).max_count(1).instance_type("t3.micro").send().wait()?;
        ids.extend(made.instances.unwrap_or_default().into_iter().filter_map(|instance| instance.instance_id));
    }
    same("the started instances", ids.len(), 7)?;
    agreed("RunInstances");
    let mut found = Vec::new();
    let mut pages = 0;
    for page in client.describe_instances().max_results(5).pages().wait() {
        for reservation in page?.reservations.unwrap_or_default() {
            for instance in reservation.instances.unwrap_or_default() {
                ensure!(instance.launch_time.is_some(), "no LaunchTime");
                found.extend(instance.instance_id);
            }
        }
        pages += 1;
    }
    found.sort();
    ids.sort();
    same("the instances of all pages", &found, &ids)?;
    same("the number of pages", pages, 2)?;
    agreed("DescribeInstances");
    let stopped = client.stop_instances().instance_ids([&ids[0]]).send().wait()?.stopping_instances.unwrap_or_default();
    let state = stopped.first().and_then(|change| change.current_state.as_ref()?.name.clone()).context("no state")?;
    same("the state", state.as_str(), "stopping")?;
    agreed("StopInstances");
    Ok(ids)
}

fn errors(client: &Client) -> Result<()> {
    refused(
        "DescribeInstances",
        "InvalidInstanceID.NotFound",
        client.describe_instances().instance_ids(["i-0123456789abcdef0"]).send().wait(),
    )?;
    refused(
        "DeleteSecurityGroup",
        "InvalidGroup.NotFound",
        client.delete_security_group().group_id("sg-0123456789abcdef0").send().wait(),
    )?;
    refused("CreateVpc", "InvalidParameterValue", client.create_vpc().cidr_block("no block").send().wait())?;
    refused("CreateVpc", "DryRunOperation", client.create_vpc().cidr_block("10.9.0.0/16").dry_run(true).send().wait())
}
