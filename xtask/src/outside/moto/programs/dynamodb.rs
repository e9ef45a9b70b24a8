//! Calls DynamoDB.

mod steps;

use anyhow::{Context, Result, ensure};
use attache_dynamodb::Client;
use attache_dynamodb::types::{
    AttributeDefinition, AttributeValue, KeySchemaElement, PutRequest, Tag, WriteRequest,
};
use steps::{ODD, agreed, refused, same};

fn main() -> Result<()> {
    let client = Client::new(&steps::config()?);
    let arn = tables(&client)?;
    items(&client)?;
    many(&client)?;
    tags(&client, &arn)?;
    errors(&client)?;
    client.delete_table().table_name("one").send().wait()?;
    let left = client.list_tables().send().wait()?.table_names.unwrap_or_default();
    ensure!(!left.contains(&"one".to_owned()), "the table is there after DeleteTable");
    agreed("DeleteTable");
    Ok(())
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::new().s(value)
}

fn create(client: &Client, name: &str) -> Result<String> {
    let made = client
        .create_table()
        .table_name(name)
        .key_schema([KeySchemaElement::new("id", "HASH")])
        .attribute_definitions([AttributeDefinition::new("id", "S")])
        .billing_mode("PAY_PER_REQUEST")
        .send()
        .wait()?;
    let table = made.table_description.context("no description")?;
    same("TableName", table.table_name.as_deref(), Some(name))?;
    ensure!(table.creation_date_time.is_some(), "no CreationDateTime");
    table.table_arn.context("no TableArn")
}

fn tables(client: &Client) -> Result<String> {
    let arn = create(client, "one")?;
    for name in ["two", "three", "four", "five"] {
        create(client, name)?;
    }
    agreed("CreateTable");
    let names = client.list_tables().limit(2).items().wait().collect::<Result<Vec<_>, _>>()?;
    same("the tables of all pages", names.len(), 5)?;
    agreed("ListTables");
    let table = client.describe_table().table_name("one").send().wait()?.table.context("no table")?;
    same("TableStatus", table.table_status.as_ref().map(|status| status.as_str()), Some("ACTIVE"))?;
    same("ItemCount", table.item_count, Some(0))?;
    agreed("DescribeTable");
    Ok(arn)
}

fn items(client: &Client) -> Result<()> {
    let bytes: Vec<u8> = (0..=255).collect();
    let item = [
        ("id", text("1")),
        ("text", text(ODD)),
        ("number", AttributeValue::new().n("-12.5")),
        ("bytes", AttributeValue::new().b(bytes)),
        ("flag", AttributeValue::new().bool(true)),
        ("list", AttributeValue::new().l([text("a"), AttributeValue::new().m([("deep", text(""))])])),
        ("set", AttributeValue::new().ss(["x"])),
        ("null", AttributeValue::new().null(true)),
    ];
    client.put_item().table_name("one").item(item.clone()).send().wait()?;
    agreed("PutItem");
    let found = client.get_item().table_name("one").key([("id", text("1"))]).send().wait()?;
    let wanted = item.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
    same("the item", found.item, Some(wanted))?;
    agreed("GetItem");
    let changed = client
        .update_item()
        .table_name("one")
        .key([("id", text("1"))])
        .update_expression("SET #n = :value")
        .expression_attribute_names([("#n", "text")])
        .expression_attribute_values([(":value", text("changed"))])
        .return_values("UPDATED_NEW")
        .send()
        .wait()?;
    let changed = changed.attributes.context("no attributes")?;
    same("the change", changed.get("text"), Some(&text("changed")))?;
    agreed("UpdateItem");
    Ok(())
}

fn many(client: &Client) -> Result<()> {
    let puts = (2..=20).map(|number| {
        let item = [("id", text(&number.to_string())), ("text", text(ODD))];
        WriteRequest::new().put_request(PutRequest::new(item))
    });
    client.batch_write_item().request_items([("one", puts.collect::<Vec<_>>())]).send().wait()?;
    agreed("BatchWriteItem");
    let mut pages = 0;
    let mut count = 0;
    for page in client.scan().table_name("one").limit(6).pages().wait() {
        let page = page?;
        count += page.items.map_or(0, |items| items.len());
        pages += 1;
    }
    same("the number of items", count, 20)?;
    ensure!(pages >= 4, "Scan came in {pages} pages");
    agreed("Scan");
    let found = client
        .query()
        .table_name("one")
        .key_condition_expression("id = :id")
        .expression_attribute_values([(":id", text("7"))])
        .send()
        .wait()?;
    same("Count", found.count, Some(1))?;
    agreed("Query");
    client.delete_item().table_name("one").key([("id", text("7"))]).send().wait()?;
    let gone = client.get_item().table_name("one").key([("id", text("7"))]).send().wait()?;
    same("the deleted item", gone.item, None::<std::collections::BTreeMap<String, AttributeValue>>)?;
    agreed("DeleteItem");
    Ok(())
}

fn tags(client: &Client, arn: &str) -> Result<()> {
    client.tag_resource().resource_arn(arn).tags([Tag::new("Größe", "a b+c")]).send().wait()?;
    agreed("TagResource");
    let tags = client.list_tags_of_resource().resource_arn(arn).send().wait()?.tags;
    same("the tags", tags, Some(vec![Tag::new("Größe", "a b+c")]))?;
    agreed("ListTagsOfResource");
    Ok(())
}

fn errors(client: &Client) -> Result<()> {
    refused(
        "DescribeTable",
        "ResourceNotFoundException",
        client.describe_table().table_name("nowhere").send().wait(),
    )?;
    refused(
        "CreateTable",
        "ResourceInUseException",
        client
            .create_table()
            .table_name("one")
            .key_schema([KeySchemaElement::new("id", "HASH")])
            .attribute_definitions([AttributeDefinition::new("id", "S")])
            .billing_mode("PAY_PER_REQUEST")
            .send()
            .wait(),
    )?;
    refused(
        "PutItem",
        "ConditionalCheckFailedException",
        client
            .put_item()
            .table_name("one")
            .item([("id", text("1"))])
            .condition_expression("attribute_not_exists(id)")
            .send()
            .wait(),
    )
}
