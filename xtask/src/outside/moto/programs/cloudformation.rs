//! Calls CloudFormation.

mod steps;

use anyhow::{Context, Result, ensure};
use attache_cloudformation::Client;
use attache_cloudformation::types::{Parameter, Tag};
use steps::{ODD, agreed, refused, same};

const TEMPLATE: &str = r#"{
  "AWSTemplateFormatVersion": "2010-09-09",
  "Description": "a <queue> & \"more\"",
  "Parameters": {"Name": {"Type": "String"}},
  "Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "Name"}}}},
  "Outputs": {"Name": {"Value": {"Ref": "Name"}}}
}"#;

fn main() -> Result<()> {
    let client = Client::new(&steps::config()?);
    stacks(&client)?;
    parts(&client)?;
    errors(&client)?;
    client.delete_stack().stack_name("stack-0").send().wait()?;
    refused("DescribeStacks", "ValidationError", client.describe_stacks().stack_name("stack-0").send().wait())?;
    agreed("DeleteStack");
    Ok(())
}

fn create(client: &Client, name: &str) -> Result<()> {
    let made = client
        .create_stack()
        .stack_name(name)
        .template_body(TEMPLATE)
        .parameters([Parameter::new().parameter_key("Name").parameter_value(format!("queue-{name}"))])
        .tags([Tag::new("Größe", ODD)])
        .send()
        .wait()?;
    ensure!(made.stack_id.is_some_and(|id| id.contains(name)), "no StackId");
    Ok(())
}

fn stacks(client: &Client) -> Result<()> {
    // moto has 50 stacks a page.
    for number in 0..52 {
        create(client, &format!("stack-{number}"))?;
    }
    agreed("CreateStack");
    let mut pages = 0;
    let mut count = 0;
    for page in client.describe_stacks().pages().wait() {
        count += page?.stacks.map_or(0, |stacks| stacks.len());
        pages += 1;
    }
    same("the stacks of all pages", count, 52)?;
    same("the number of pages", pages, 2)?;
    let found = client.describe_stacks().stack_name("stack-0").send().wait()?.stacks.unwrap_or_default();
    let stack = found.first().context("no stack")?;
    same("Description", stack.description.as_deref(), Some("a <queue> & \"more\""))?;
    same("Tags", stack.tags.as_ref(), Some(&vec![Tag::new("Größe", ODD)]))?;
    same("StackStatus", stack.stack_status.as_str(), "CREATE_COMPLETE")?;
    agreed("DescribeStacks");
    let listed = client.list_stacks().stack_status_filter(["CREATE_COMPLETE"]).items().wait().collect::<Result<Vec<_>, _>>()?;
    same("the listed stacks", listed.len(), 52)?;
    agreed("ListStacks");
    Ok(())
}

fn parts(client: &Client) -> Result<()> {
    let resources = client.list_stack_resources().stack_name("stack-0").send().wait()?.stack_resource_summaries;
    let resources = resources.unwrap_or_default();
    same("ResourceType", resources.first().map(|found| found.resource_type.as_str()), Some("AWS::SQS::Queue"))?;
    agreed("ListStackResources");
    let resource = client.describe_stack_resource().stack_name("stack-0").logical_resource_id("Queue").send().wait()?;
    ensure!(resource.stack_resource_detail.is_some(), "no StackResourceDetail");
    agreed("DescribeStackResource");
    let template = client.get_template().stack_name("stack-0").send().wait()?.template_body;
    ensure!(template.is_some_and(|text| text.contains("AWS::SQS::Queue")), "the template is another one");
    agreed("GetTemplate");
    let events = client.describe_stack_events().stack_name("stack-0").send().wait()?.stack_events.unwrap_or_default();
    ensure!(!events.is_empty(), "no event");
    agreed("DescribeStackEvents");
    client
        .update_stack()
        .stack_name("stack-0")
        .template_body(TEMPLATE)
        .parameters([Parameter::new().parameter_key("Name").parameter_value("other")])
        .send()
        .wait()?;
    agreed("UpdateStack");
    Ok(())
}

fn errors(client: &Client) -> Result<()> {
    refused("GetTemplate", "ValidationError", client.get_template().stack_name("nowhere").send().wait())?;
    refused(
        "CreateStack",
        "AlreadyExistsException",
        client
            .create_stack()
            .stack_name("stack-1")
            .template_body(TEMPLATE)
            .parameters([Parameter::new().parameter_key("Name").parameter_value("again")])
            .send()
            .wait(),
    )?;
    refused("DescribeStackResource", "ValidationError",
        client.describe_stack_resource().stack_name("stack-1").logical_resource_id("Nothing").send().wait())
}
