//! Calls CloudFormation.

mod steps;

use anyhow::{Context, Result, ensure};
use attache_cloudformation::Client;
use attache_cloudformation::types::{Parameter, Tag};
use steps::{ODD, agreed, refused, same};

fn main() -> Result<()> {
    let client = Client::new(&steps::config()?);
    stacks(&client)?;
    contents(&client)?;
    policies(&client)?;
    changes(&client)?;
    errors(&client)?;
    delete(&client)
}

/// A template with a queue, whose name is a parameter and an export of the stack.
fn template(description: &str) -> String {
    format!(
        r#"{{"AWSTemplateFormatVersion": "2010-09-09", "Description": "{description}",
        "Parameters": {{"Name": {{"Type": "String"}}}},
        "Resources": {{"Queue": {{"Type": "AWS::SQS::Queue", "Properties": {{"QueueName": {{"Ref": "Name"}}}}}}}},
        "Outputs": {{"Arn": {{"Value": {{"Ref": "Name"}}, "Export": {{"Name": {{"Ref": "Name"}}}}}}}}}}"#
    )
}

fn parameter(value: &str) -> Parameter {
    Parameter::new().parameter_key("Name").parameter_value(value)
}

fn stacks(client: &Client) -> Result<()> {
    for number in 0..105 {
        let name = format!("stack-{number}");
        let make = client.create_stack().stack_name(&name).template_body(template("a & b <c>"));
        let made = make.parameters([parameter(&name)]).tags([Tag::new("Größe", ODD)]).send().wait()?;
        ensure!(made.stack_id.is_some(), "no StackId");
    }
    agreed("CreateStack");
    // moto has 50 stacks a page.
    let mut pages = 0;
    let mut names = Vec::new();
    for page in client.describe_stacks().pages().wait() {
        names.extend(page?.stacks.unwrap_or_default().into_iter().map(|stack| stack.stack_name));
        pages += 1;
    }
    same("the number of pages", pages, 3)?;
    names.sort();
    names.dedup();
    same("the number of stacks", names.len(), 105)?;
    let waited = client.describe_stacks().stack_name("stack-7").until_stack_create_complete().wait()?;
    let found = waited.response.context("no response")?.stacks.unwrap_or_default();
    let stack = found.first().context("no stack")?;
    same("Description", stack.description.as_deref(), Some("a & b <c>"))?;
    same("Tags", stack.tags.as_ref(), Some(&vec![Tag::new("Größe", ODD)]))?;
    let outputs = stack.outputs.as_deref().unwrap_or_default();
    same("OutputValue", outputs.first().and_then(|output| output.output_value.as_deref()), Some("stack-7"))?;
    agreed("DescribeStacks");
    let listed = client.list_stacks().stack_status_filter(["CREATE_COMPLETE"]).items().wait().collect::<Result<Vec<_>, _>>()?;
    same("the number of summaries", listed.len(), 105)?;
    agreed("ListStacks");
    let exports = client.list_exports().items().wait().collect::<Result<Vec<_>, _>>()?;
    same("the number of exports", exports.len(), 105)?;
    agreed("ListExports");
    Ok(())
}

fn contents(client: &Client) -> Result<()> {
    let body = client.get_template().stack_name("stack-7").send().wait()?.template_body.context("no TemplateBody")?;
    ensure!(body.contains("AWS::SQS::Queue"), "TemplateBody is `{body}`");
    agreed("GetTemplate");
    let resources = client.list_stack_resources().stack_name("stack-7").items().wait().collect::<Result<Vec<_>, _>>()?;
    let types: Vec<_> = resources.iter().map(|resource| resource.resource_type.as_str()).collect();
    same("the resources", types, vec!["AWS::SQS::Queue"])?;
    agreed("ListStackResources");
    let valid = client.validate_template().template_body(template("only text")).send().wait()?;
    same("Description", valid.description.as_deref(), Some("only text"))?;
    agreed("ValidateTemplate");
    Ok(())
}

fn policies(client: &Client) -> Result<()> {
    let policy = r#"{"Statement": [{"Effect": "Deny", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}"#;
    client.set_stack_policy().stack_name("stack-7").stack_policy_body(policy).send().wait()?;
    agreed("SetStackPolicy");
    let found = client.get_stack_policy().stack_name("stack-7").send().wait()?.stack_policy_body;
    same("StackPolicyBody", found.as_deref(), Some(policy))?;
    agreed("GetStackPolicy");
    Ok(())
}

fn changes(client: &Client) -> Result<()> {
    let change = client.create_change_set().stack_name("stack-7").change_set_name("change").change_set_type("UPDATE");
    let change = change.template_body(template("changed")).parameters([parameter("queue-7")]).description(ODD).send().wait()?;
    ensure!(change.id.is_some(), "no Id");
    agreed("CreateChangeSet");
    let found = client.describe_change_set().stack_name("stack-7").change_set_name("change").send().wait()?;
    same("Description", found.description.as_deref(), Some(ODD))?;
    let parameters = found.parameters.unwrap_or_default();
    same("the parameters", parameters, vec![parameter("queue-7")])?;
    agreed("DescribeChangeSet");
    client.execute_change_set().stack_name("stack-7").change_set_name("change").send().wait()?;
    client.describe_stacks().stack_name("stack-7").until_stack_update_complete().wait()?;
    agreed("ExecuteChangeSet");
    let update = client.update_stack().stack_name("stack-8").template_body(template("updated")).parameters([parameter("queue-8")]);
    update.send().wait()?;
    let found = client.describe_stacks().stack_name("stack-8").send().wait()?.stacks.unwrap_or_default();
    let outputs = found.first().and_then(|stack| stack.outputs.as_deref()).unwrap_or_default();
    same("OutputValue", outputs.first().and_then(|output| output.output_value.as_deref()), Some("queue-8"))?;
    agreed("UpdateStack");
    Ok(())
}

fn errors(client: &Client) -> Result<()> {
    refused("DescribeStacks", "ValidationError", client.describe_stacks().stack_name("nowhere").send().wait())?;
    let again = client.create_stack().stack_name("stack-7").template_body(template("again")).parameters([parameter("again")]);
    refused("CreateStack", "AlreadyExistsException", again.send().wait())?;
    refused(
        "DescribeStackSet",
        "StackSetNotFoundException",
        client.describe_stack_set().stack_set_name("nowhere").send().wait(),
    )?;
    refused("GetTemplate", "ValidationError", client.get_template().stack_name("nowhere").send().wait())?;
    refused("UpdateStack", "ValidationError", client.update_stack().stack_name("nowhere").use_previous_template(true).send().wait())
}

fn delete(client: &Client) -> Result<()> {
    client.delete_stack().stack_name("stack-9").send().wait()?;
    client.describe_stacks().stack_name("stack-9").until_stack_delete_complete().wait()?;
    agreed("DeleteStack");
    Ok(())
}
