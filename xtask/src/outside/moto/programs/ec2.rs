//! Calls EC2: an instance is started, found, isolated and terminated.

mod steps;

use anyhow::{Context, Result, ensure};
use attache_ec2::Client;
use attache_ec2::types::{Filter, IamInstanceProfileSpecification, IpPermission, IpRange, Tag, TagSpecification};
use steps::{ODD, agreed, refused, same};

const IMAGE: &str = "ami-12c6146b";

fn main() -> Result<()> {
    let client = Client::new(&steps::config()?);
    let vpc = vpcs(&client)?;
    let (open, closed) = groups(&client, &vpc)?;
    let instance = instances(&client, &open)?;
    isolate(&client, &instance, &closed)?;
    tags(&client, &instance)?;
    dry_runs(&client, &instance)?;
    errors(&client, &vpc, &instance)?;
    delete(&client, &vpc, &instance, &open)
}

fn vpcs(client: &Client) -> Result<String> {
    let tags = TagSpecification::new().resource_type("vpc").tags([Tag::new().key("Name").value(ODD)]);
    let made = client.create_vpc().cidr_block("10.0.0.0/16").tag_specifications([tags]).send().wait()?;
    let vpc = made.vpc.context("no Vpc")?;
    same("CidrBlock", vpc.cidr_block.as_deref(), Some("10.0.0.0/16"))?;
    let id = vpc.vpc_id.context("no VpcId")?;
    agreed("CreateVpc");
    let filter = Filter::new().name("tag:Name").values([ODD]);
    let found = client.describe_vpcs().filters([filter]).items().wait().collect::<Result<Vec<_>, _>>()?;
    same("the number of networks with the tag", found.len(), 1)?;
    same("VpcId", found[0].vpc_id.as_ref(), Some(&id))?;
    same("Tags", found[0].tags.as_ref(), Some(&vec![Tag::new().key("Name").value(ODD)]))?;
    client.describe_vpcs().vpc_ids([&id]).until_vpc_available().wait()?;
    agreed("DescribeVpcs");
    Ok(id)
}

fn groups(client: &Client, vpc: &str) -> Result<(String, String)> {
    let make = |name: &str| -> Result<String> {
        let made = client.create_security_group().group_name(name).description("a & b <c>").vpc_id(vpc).send().wait()?;
        made.group_id.context("no GroupId")
    };
    let (open, closed) = (make("open")?, make("closed")?);
    agreed("CreateSecurityGroup");
    let range = IpRange::new().cidr_ip("10.1.0.0/16").description("a+b c");
    let permission = IpPermission::new().ip_protocol("tcp").from_port(22).to_port(443).ip_ranges([range]);
    let permitted = client.authorize_security_group_ingress().group_id(&open).ip_permissions([permission.clone()]).send().wait()?;
    same("Return", permitted.return_, Some(true))?;
    agreed("AuthorizeSecurityGroupIngress");
    let everything = IpPermission::new().ip_protocol("-1").ip_ranges([IpRange::new().cidr_ip("0.0.0.0/0")]);
    client.revoke_security_group_egress().group_id(&closed).ip_permissions([everything]).send().wait()?;
    agreed("RevokeSecurityGroupEgress");
    let found = client.describe_security_groups().group_ids([&open, &closed]).items().wait().collect::<Result<Vec<_>, _>>()?;
    let group = |id: &String| found.iter().find(|group| group.group_id.as_ref() == Some(id)).context("a group is missing");
    same("Description", group(&open)?.description.as_deref(), Some("a & b <c>"))?;
    let rules = group(&open)?.ip_permissions.clone().unwrap_or_default();
    same("the number of rules", rules.len(), 1)?;
    same("the ports", (rules[0].from_port, rules[0].to_port), (Some(22), Some(443)))?;
    same("IpRanges", &rules[0].ip_ranges, &permission.ip_ranges)?;
    ensure!(group(&closed)?.ip_permissions_egress.as_ref().is_none_or(Vec::is_empty), "the closed group has a way out");
    agreed("DescribeSecurityGroups");
    Ok((open, closed))
}

fn instances(client: &Client, group: &str) -> Result<String> {
    let mut instance = None;
    for _ in 0..5 {
        let run = client.run_instances().image_id(IMAGE).instance_type("t3.micro").min_count(1).max_count(1);
        let made = run.security_group_ids([group]).send().wait()?.instances.unwrap_or_default();
        same("the number of instances", made.len(), 1)?;
        instance = made.into_iter().next().and_then(|instance| instance.instance_id).or(instance);
    }
    let id = instance.context("no InstanceId")?;
    agreed("RunInstances");
    let mut pages = 0;
    let mut ids = Vec::new();
    for page in client.describe_instances().max_results(2).pages().wait() {
        let reservations = page?.reservations.unwrap_or_default();
        let instances = reservations.into_iter().flat_map(|reservation| reservation.instances.unwrap_or_default());
        ids.extend(instances.filter_map(|instance| instance.instance_id));
        pages += 1;
    }
    same("the number of pages", pages, 3)?;
    same("the number of instances", ids.len(), 5)?;
    ensure!(ids.contains(&id), "`{id}` is missing");
    let waited = client.describe_instances().instance_ids([&id]).until_instance_running().wait()?;
    ensure!(waited.calls >= 1, "the waiter called nothing");
    agreed("DescribeInstances");
    Ok(id)
}

/// The only group of the instance becomes one without a way in or out.
fn isolate(client: &Client, instance: &str, closed: &str) -> Result<()> {
    client.modify_instance_attribute().instance_id(instance).groups([closed]).send().wait()?;
    let found = client.describe_instances().instance_ids([instance]).send().wait()?.reservations.unwrap_or_default();
    let found = found.into_iter().flat_map(|reservation| reservation.instances.unwrap_or_default()).next();
    let found = found.context("no instance")?;
    let groups: Vec<_> = found.security_groups.unwrap_or_default().into_iter().filter_map(|group| group.group_id).collect();
    same("SecurityGroups", groups, vec![closed])?;
    agreed("ModifyInstanceAttribute");
    Ok(())
}

fn tags(client: &Client, instance: &str) -> Result<()> {
    let tags = [Tag::new().key("Größe").value("a b+c"), Tag::new().key("empty").value("")];
    client.create_tags().resources([instance]).tags(tags).send().wait()?;
    agreed("CreateTags");
    let filter = Filter::new().name("resource-id").values([instance]);
    let found = client.describe_tags().filters([filter]).items().wait().collect::<Result<Vec<_>, _>>()?;
    let value = |key: &str| found.iter().find(|tag| tag.key.as_deref() == Some(key)).and_then(|tag| tag.value.as_deref());
    same("a tag", value("Größe"), Some("a b+c"))?;
    same("the empty tag", value("empty"), Some(""))?;
    agreed("DescribeTags");
    Ok(())
}

/// The service responds to a dry run with an error in any case; `DryRunOperation` means that the call would succeed.
fn dry_runs(client: &Client, instance: &str) -> Result<()> {
    client.terminate_instances().instance_ids([instance]).send_dry_run().wait()?;
    client.run_instances().image_id(IMAGE).min_count(1).max_count(1).send_dry_run().wait()?;
    let found = client.describe_instances().instance_ids([instance]).until_instance_running().wait();
    ensure!(found.is_ok(), "a dry run has terminated the instance: {found:?}");
    let terminated = client.terminate_instances().instance_ids([instance]).dry_run(true).send().wait()?;
    ensure!(terminated.terminating_instances.is_none(), "a dry run has terminated {terminated:?}");
    // moto looks for the instance profile before it looks at the member DryRun.
    let profile = IamInstanceProfileSpecification::new().name("nothing");
    let run = client.run_instances().image_id(IMAGE).min_count(1).max_count(1).iam_instance_profile(profile);
    refused("RunInstances", "NoSuchEntity", run.send_dry_run().wait())?;
    Ok(())
}

fn errors(client: &Client, vpc: &str, instance: &str) -> Result<()> {
    refused("DescribeVpcs", "InvalidVpcID.NotFound", client.describe_vpcs().vpc_ids(["vpc-0123456789abcdef0"]).send().wait())?;
    refused(
        "CreateSecurityGroup",
        "InvalidGroup.Duplicate",
        client.create_security_group().group_name("open").description("again").vpc_id(vpc).send().wait(),
    )?;
    refused(
        "StopInstances",
        "InvalidInstanceID.NotFound",
        client.stop_instances().instance_ids(["i-0123456789abcdef0"]).send().wait(),
    )?;
    refused(
        "DescribeInstances",
        "InvalidParameterCombination",
        client.describe_instances().instance_ids([instance]).max_results(5).send().wait(),
    )
}

fn delete(client: &Client, vpc: &str, instance: &str, open: &str) -> Result<()> {
    let stopped = client.stop_instances().instance_ids([instance]).send().wait()?.stopping_instances.unwrap_or_default();
    let before = stopped.first().and_then(|change| change.previous_state.as_ref()).and_then(|state| state.name.as_ref());
    same("PreviousState", before.map(|name| name.as_str()), Some("running"))?;
    client.describe_instances().instance_ids([instance]).until_instance_stopped().wait()?;
    agreed("StopInstances");
    client.terminate_instances().instance_ids([instance]).send().wait()?;
    client.describe_instances().instance_ids([instance]).until_instance_terminated().wait()?;
    agreed("TerminateInstances");
    client.delete_security_group().group_id(open).send().wait()?;
    refused("DeleteSecurityGroup", "InvalidGroup.NotFound", client.delete_security_group().group_id(open).send().wait())?;
    agreed("DeleteSecurityGroup");
    client.delete_vpc().vpc_id(vpc).send().wait()?;
    refused("DeleteVpc", "InvalidVpcID.NotFound", client.delete_vpc().vpc_id(vpc).send().wait())?;
    agreed("DeleteVpc");
    Ok(())
}
