//! Uploads of Support: parts, their reports, and their states.

use attache_support::Error;
use attache_support::enums::UploadStatus;
use attache_support::types::CompletedUpload;

use crate::stage::Stage;

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    let error = result.expect_err("it is refused");
    error.code().expect("it has a code").to_owned()
}

#[tokio::test]
async fn a_part_is_reported_with_the_etag_of_its_bytes() {
    let stage = Stage::new().await;
    let client = &stage.support;
    let links = client
        .get_attachment_upload_links()
        .file_name("a.log")
        .file_size_bytes(4);
    let links = links.send().await.expect("there are links");
    let report = |etag: &str| {
        client
            .complete_attachment_upload()
            .upload_id(&links.upload_id)
            .completed_uploads([CompletedUpload::new(etag, 1)])
            .send()
    };
    assert_eq!(code(report("none").await), "InvalidParameterValueException");
    let (status, etag, _) = stage.put(&links.upload_urls[0].url, b"abcd".to_vec()).await;
    assert_eq!(
        (status, etag.as_str()),
        (200, "\"e2fc714c4727ee9395f324cd2e7f331f\"")
    );
    assert_eq!(
        code(report("\"wrong\"").await),
        "InvalidParameterValueException"
    );
    // With and without its quotes.
    report(&etag).await.expect("it is complete");
    report(etag.trim_matches('"'))
        .await
        .expect("it is still complete");
}

#[tokio::test]
async fn an_upload_is_ready_when_all_its_parts_are_reported_and_looked_at() {
    let stage = Stage::with(|builder| builder.part_size(4)).await;
    let client = &stage.support;
    let links = client
        .get_attachment_upload_links()
        .file_name("a.log")
        .file_size_bytes(6);
    let links = links.send().await.expect("there are links");
    let id = &links.upload_id;
    assert_eq!(
        (links.total_parts, links.part_size_bytes, links.next_index),
        (2, 4, None)
    );
    let report = |index: i32, etag: &str| {
        let part = CompletedUpload::new(etag, index);
        client
            .complete_attachment_upload()
            .upload_id(id)
            .completed_uploads([part])
            .send()
    };
    let (_, first, _) = stage.put(&links.upload_urls[0].url, b"abcd".to_vec()).await;
    report(1, &first).await.expect("it is complete");
    let (_, second, _) = stage.put(&links.upload_urls[1].url, b"ef".to_vec()).await;
    let attach = || {
        client
            .create_case()
            .subject("s")
            .communication_body("b")
            .upload_ids([id])
    };
    assert_eq!(
        code(attach().send().await),
        "InvalidParameterValueException"
    );
    let status = report(2, &second)
        .await
        .expect("all are complete")
        .upload_status;
    assert_eq!(status, UploadStatus::AttachmentNotReady);
    assert_eq!(
        code(attach().send().await),
        "InvalidParameterValueException"
    );
    let (status, _, text) = stage.put(&links.upload_urls[1].url, b"gh".to_vec()).await;
    assert!(status == 404 && text.contains("NoSuchUpload"), "{text}");
    stage.wait(1);
    attach().send().await.expect("it is ready");
    let stored = stage.local.attachments().expect("they are read");
    assert_eq!((stored.len(), &stored[0].bytes[..]), (1, &b"abcdef"[..]));
}

#[tokio::test]
async fn an_upload_that_a_scanner_would_stop_fails() {
    let stage = Stage::new().await;
    let client = &stage.support;
    let links = client
        .get_attachment_upload_links()
        .file_name("infected.log")
        .file_size_bytes(1);
    let links = links.send().await.expect("there are links");
    let (_, etag, _) = stage.put(&links.upload_urls[0].url, b"a".to_vec()).await;
    let part = CompletedUpload::new(etag, 1);
    let id = &links.upload_id;
    client
        .complete_attachment_upload()
        .upload_id(id)
        .completed_uploads([part])
        .send()
        .await
        .expect("it is complete");
    stage.wait(1);
    let status = client
        .describe_attachment_upload_status()
        .upload_id(id)
        .send()
        .await;
    assert_eq!(
        status.expect("it is known").upload_status,
        UploadStatus::Failed
    );
}

#[tokio::test]
async fn a_large_attachment_is_read_through_a_link_only() {
    let stage = Stage::new().await;
    let client = &stage.support;
    let size = (5 << 20) + 1;
    let links = client
        .get_attachment_upload_links()
        .file_name("a.log")
        .file_size_bytes(size);
    let links = links.send().await.expect("there are links");
    let mut parts = Vec::new();
    for (link, length) in links.upload_urls.iter().zip([5 << 20, 1]) {
        let (_, etag, _) = stage.put(&link.url, vec![b'a'; length]).await;
        parts.push(CompletedUpload::new(etag, link.part_index));
    }
    client
        .complete_attachment_upload()
        .upload_id(&links.upload_id)
        .completed_uploads(parts)
        .send()
        .await
        .expect("both are complete");
    stage.wait(1);
    let case = client
        .create_case()
        .subject("s")
        .communication_body("b")
        .upload_ids([&links.upload_id]);
    let case = case
        .send()
        .await
        .expect("it is opened")
        .case_id
        .expect("it has an id");
    let said = client
        .describe_communications()
        .case_id(case)
        .send()
        .await
        .expect("there is one");
    let said = &said.communications.expect("it is listed")[0];
    assert_eq!(said.attachment_set.as_deref(), Some(&[][..]));
    let id = said.attachments.as_ref().expect("there is one")[0]
        .attachment_id
        .clone()
        .expect("it has an id");
    let read = client.describe_attachment().attachment_id(&id).send().await;
    assert_eq!(code(read), "InvalidParameterValueException");
    let link = client
        .get_attachment_download_link()
        .attachment_id(&id)
        .send()
        .await
        .expect("there is a link");
    let (status, bytes) = stage.get(&link.download_url.url).await;
    assert_eq!((status, bytes.len()), (200, (5 << 20) + 1));
}
