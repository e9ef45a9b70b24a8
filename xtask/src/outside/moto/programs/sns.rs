//! Calls SNS.

mod steps;

use anyhow::{Context, Result, ensure};
use attache_sns::Client;
use attache_sns::types::{MessageAttributeValue, PublishBatchRequestEntry, Tag};
use steps::{ODD, agreed, refused, same};

fn main() -> Result<()> {
    let client = Client::new(&steps::config()?);
    let arn = topics(&client)?;
    messages(&client, &arn)?;
    subscriptions(&client, &arn)?;
    errors(&client, &arn)?;
    client.delete_topic().topic_arn(&arn).send().wait()?;
    let left = client.list_topics().items().wait().collect::<Result<Vec<_>, _>>()?;
    ensure!(left.iter().all(|topic| topic.topic_arn.as_ref() != Some(&arn)), "the topic is there after DeleteTopic");
    agreed("DeleteTopic");
    Ok(())
}

fn topics(client: &Client) -> Result<String> {
    // moto has 100 topics a page.
    let mut arns = Vec::new();
    for number in 0..105 {
        let made = client.create_topic().name(format!("topic-{number}")).send().wait()?;
        arns.push(made.topic_arn.context("no TopicArn")?);
    }
    agreed("CreateTopic");
    let listed = client.list_topics().items().wait().collect::<Result<Vec<_>, _>>()?;
    same("the topics of all pages", listed.len(), 105)?;
    agreed("ListTopics");
    let arn = arns.swap_remove(0);
    client.set_topic_attributes().topic_arn(&arn).attribute_name("DisplayName").attribute_value(ODD).send().wait()?;
    agreed("SetTopicAttributes");
    let attributes = client.get_topic_attributes().topic_arn(&arn).send().wait()?.attributes.context("no attributes")?;
    same("DisplayName", attributes.get("DisplayName").map(String::as_str), Some(ODD))?;
    agreed("GetTopicAttributes");
    client.tag_resource().resource_arn(&arn).tags([Tag::new("Größe", "a b+c"), Tag::new("empty", "")]).send().wait()?;
    agreed("TagResource");
    let tags = client.list_tags_for_resource().resource_arn(&arn).send().wait()?.tags;
    same("Tags", tags, Some(vec![Tag::new("Größe", "a b+c"), Tag::new("empty", "")]))?;
    agreed("ListTagsForResource");
    Ok(arn)
}

fn messages(client: &Client, arn: &str) -> Result<()> {
    let text = MessageAttributeValue::new("String").string_value(ODD);
    let bytes = MessageAttributeValue::new("Binary").binary_value(vec![0, 255, 43, 47]);
    let sent = client.publish().topic_arn(arn).message(ODD).subject("a & b").message_attributes([("text", text), ("bytes", bytes)]);
    ensure!(sent.send().wait()?.message_id.is_some(), "no MessageId");
    agreed("Publish");
    let entries = ["a", "b"].map(|id| PublishBatchRequestEntry::new(id, ODD));
    let sent = client.publish_batch().topic_arn(arn).publish_batch_request_entries(entries).send().wait()?;
    same("the number of messages", sent.successful.map(|entries| entries.len()), Some(2))?;
    agreed("PublishBatch");
    Ok(())
}

fn subscriptions(client: &Client, arn: &str) -> Result<()> {
    let made = client.subscribe().topic_arn(arn).protocol("email").endpoint("a+b@example.com").send().wait()?;
    let subscription = made.subscription_arn.context("no SubscriptionArn")?;
    agreed("Subscribe");
    let listed = client.list_subscriptions_by_topic().topic_arn(arn).send().wait()?.subscriptions.unwrap_or_default();
    same("Endpoint", listed.first().and_then(|found| found.endpoint.as_deref()), Some("a+b@example.com"))?;
    agreed("ListSubscriptionsByTopic");
    client.unsubscribe().subscription_arn(subscription).send().wait()?;
    agreed("Unsubscribe");
    Ok(())
}

fn errors(client: &Client, arn: &str) -> Result<()> {
    let nowhere = "arn:aws:sns:us-east-1:123456789012:nowhere";
    refused("GetTopicAttributes", "NotFound", client.get_topic_attributes().topic_arn(nowhere).send().wait())?;
    refused("Publish", "NotFound", client.publish().topic_arn(nowhere).message("text").send().wait())?;
    refused(
        "TagResource",
        "ResourceNotFound",
        client.tag_resource().resource_arn(nowhere).tags([Tag::new("a", "b")]).send().wait(),
    )?;
    refused(
        "Publish",
        "InvalidParameter",
        client.publish().topic_arn(arn).message("text").subject("s".repeat(101)).send().wait(),
    )
}
