//! Calls SQS.

mod steps;

use anyhow::{Context, Result, ensure};
use attache_sqs::Client;
use attache_sqs::types::{MessageAttributeValue, SendMessageBatchRequestEntry};
use steps::{ODD, agreed, refused, same};

fn main() -> Result<()> {
    let client = Client::new(&steps::config()?);
    let url = queues(&client)?;
    messages(&client, &url)?;
    errors(&client, &url)?;
    client.delete_queue().queue_url(&url).send().wait()?;
    let left = client.list_queues().send().wait()?.queue_urls;
    ensure!(
        !left.unwrap_or_default().contains(&url),
        "the queue is there after DeleteQueue"
    );
    agreed("DeleteQueue");
    Ok(())
}

fn queues(client: &Client) -> Result<String> {
    let mut urls = Vec::new();
    for name in ["one", "two", "three", "four", "five"] {
        let made = client
            .create_queue()
            .queue_name(name)
            .attributes([("VisibilityTimeout", "31")])
            .send()
            .wait()?;
        urls.push(made.queue_url.context("CreateQueue gave no URL")?);
    }
    agreed("CreateQueue");
    let mut listed = client.list_queues().max_results(2).items().wait().collect::<Result<Vec<_>, _>>()?;
    let mut pages = 0;
    for page in client.list_queues().max_results(2).pages().wait() {
        page?;
        pages += 1;
    }
    let mut wanted = urls.clone();
    (listed.sort(), wanted.sort());
    same("the queues of all pages", listed, wanted)?;
    same("the number of pages", pages, 3)?;
    agreed("ListQueues");
    let url = urls.swap_remove(0);
    let found = client.get_queue_url().queue_name("one").send().wait()?;
    same("QueueUrl", found.queue_url.as_deref(), Some(url.as_str()))?;
    agreed("GetQueueUrl");
    client.set_queue_attributes().queue_url(&url).attributes([("DelaySeconds", "0")]).send().wait()?;
    agreed("SetQueueAttributes");
    let attributes = client.get_queue_attributes().queue_url(&url).attribute_names(["All"]).send().wait()?;
    let attributes = attributes.attributes.context("no attributes")?;
    let value = |name: &str| attributes.iter().find(|(key, _)| key.as_str() == name).map(|(_, value)| value.as_str());
    same("VisibilityTimeout", value("VisibilityTimeout"), Some("31"))?;
    agreed("GetQueueAttributes");
    client.tag_queue().queue_url(&url).tags([("Größe", "a b+c"), ("plain", "")]).send().wait()?;
    agreed("TagQueue");
    let tags = client.list_queue_tags().queue_url(&url).send().wait()?.tags.context("no tags")?;
    same("the tag", tags.get("Größe").map(String::as_str), Some("a b+c"))?;
    same("the empty tag", tags.get("plain").map(String::as_str), Some(""))?;
    agreed("ListQueueTags");
    Ok(url)
}

fn messages(client: &Client, url: &str) -> Result<()> {
    let bytes: Vec<u8> = (0..=255).collect();
    client
        .send_message()
        .queue_url(url)
        .message_body(ODD)
        .message_attributes([
            ("text", MessageAttributeValue::new("String").string_value(ODD)),
            ("bytes", MessageAttributeValue::new("Binary").binary_value(bytes.clone())),
        ])
        .send()
        .wait()?
        .message_id
        .context("no MessageId")?;
    agreed("SendMessage");
    let received = client
        .receive_message()
        .queue_url(url)
        .message_attribute_names(["All"])
        .message_system_attribute_names(["All"])
        .send()
        .wait()?;
    let messages = received.messages.unwrap_or_default();
    let message = messages.first().context("no message")?;
    same("Body", message.body.as_deref(), Some(ODD))?;
    let attributes = message.message_attributes.as_ref().context("no attributes of the message")?;
    same("text", attributes.get("text").and_then(|value| value.string_value.as_deref()), Some(ODD))?;
    let binary = attributes.get("bytes").and_then(|value| value.binary_value.as_deref());
    same("bytes", binary, Some(bytes.as_slice()))?;
    agreed("ReceiveMessage");
    let receipt = message.receipt_handle.clone().context("no ReceiptHandle")?;
    let again = client.change_message_visibility().queue_url(url).receipt_handle(&receipt).visibility_timeout(60);
    again.send().wait()?;
    agreed("ChangeMessageVisibility");
    client.delete_message().queue_url(url).receipt_handle(&receipt).send().wait()?;
    agreed("DeleteMessage");
    let entries = ["a", "b"].map(|id| SendMessageBatchRequestEntry::new(id, ODD));
    let sent = client.send_message_batch().queue_url(url).entries(entries).send().wait()?;
    same("the number of messages", sent.successful.len(), 2)?;
    agreed("SendMessageBatch");
    client.purge_queue().queue_url(url).send().wait()?;
    agreed("PurgeQueue");
    Ok(())
}

fn errors(client: &Client, url: &str) -> Result<()> {
    refused(
        "GetQueueUrl",
        "AWS.SimpleQueueService.NonExistentQueue",
        client.get_queue_url().queue_name("nowhere").send().wait(),
    )?;
    refused(
        "DeleteMessage",
        "ReceiptHandleIsInvalid",
        client.delete_message().queue_url(url).receipt_handle("nothing").send().wait(),
    )?;
    refused(
        "CreateQueue",
        "QueueAlreadyExists",
        client.create_queue().queue_name("one").attributes([("VisibilityTimeout", "32")]).send().wait(),
    )
}
