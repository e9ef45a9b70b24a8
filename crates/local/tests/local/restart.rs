//! A server that continues with the data of an earlier one.

use attache_security_ir::enums::CaseStatus;

use crate::stage::{Stage, security_ir_request, support_case};

#[tokio::test]
async fn another_server_continues_with_the_stored_data() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let first = Stage::with(|builder| builder.data(folder.path())).await;
    let support_id = support_case(&first).await;
    let mut request = security_ir_request();
    request.client_token = Some("the same".to_owned());
    request.tags = Some([("team".to_owned(), "blue".to_owned())].into());
    let client = &first.security_ir;
    let case_id = client
        .send(request.clone())
        .await
        .expect("it is opened")
        .case_id;
    client
        .create_case_comment()
        .case_id(&case_id)
        .body("Kept")
        .send()
        .await
        .expect("it is added");
    let url = client
        .get_case_attachment_upload_url()
        .case_id(&case_id)
        .file_name("a.log");
    let url = url
        .content_length(4)
        .send()
        .await
        .expect("there is a URL")
        .attachment_presigned_url;
    assert_eq!(first.put(&url, b"kept".to_vec()).await.0, 200);
    client
        .close_case()
        .case_id(&case_id)
        .send()
        .await
        .expect("it closes");
    let membership = client
        .list_memberships()
        .send()
        .await
        .expect("there is one")
        .items;
    // A file without a reference, such as one of an interrupted upload, is removed at the next start; a file of another
    // form is kept.
    let stray = folder
        .path()
        .join(format!("files/{}.blob", "0a".repeat(16)));
    let thesis = folder.path().join("files/thesis");
    for file in [&stray, &thesis] {
        std::fs::write(file, "half").expect("it is written");
    }
    drop(first);

    let second = Stage::with(|builder| builder.data(folder.path())).await;
    assert!(!stray.exists() && thesis.exists());
    let client = &second.security_ir;
    let again = client.send(request).await.expect("it was opened before");
    assert_eq!(again.case_id, case_id);
    assert_eq!(
        client
            .list_memberships()
            .send()
            .await
            .expect("there is one")
            .items,
        membership
    );
    let shown = client
        .get_case()
        .case_id(&case_id)
        .send()
        .await
        .expect("it is kept");
    assert_eq!(shown.case_status, Some(CaseStatus::Closed));
    assert_eq!(shown.case_attachments.map(|files| files.len()), Some(1));
    let comments = client
        .list_comments()
        .case_id(&case_id)
        .send()
        .await
        .expect("there is one");
    assert_eq!(
        comments.items.expect("it is listed")[0].body.as_deref(),
        Some("Kept")
    );
    let arn = shown.case_arn.expect("it has one");
    let tags = client
        .list_tags_for_resource()
        .resource_arn(arn)
        .send()
        .await
        .expect("it has one");
    assert_eq!(tags.tags["team"], "blue");
    let files = second.local.attachments().expect("they are read");
    assert_eq!(&files[0].bytes[..], b"kept");
    let cases = second
        .support
        .describe_cases()
        .case_id_list([support_id])
        .send()
        .await;
    assert_eq!(
        cases.expect("it is kept").cases.map(|cases| cases.len()),
        Some(1)
    );
    // Numbers go on, so that nothing new is taken for something old.
    assert_ne!(
        client
            .send(security_ir_request())
            .await
            .expect("it is opened")
            .case_id,
        case_id
    );
}
