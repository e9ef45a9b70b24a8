//! A server that continues with the data of an earlier one.

use attache_security_ir::Client;
use attache_security_ir::enums::CaseStatus;
use attache_security_ir::operation::CreateCaseRequest;

use crate::stage::{Stage, security_ir_request, support_case};

/// The request of a case with a token and a tag.
fn tagged_request() -> CreateCaseRequest {
    CreateCaseRequest {
        client_token: Some("the same".to_owned()),
        tags: Some([("team".to_owned(), "blue".to_owned())].into()),
        ..security_ir_request()
    }
}

/// Opens a case of [`tagged_request`] with a comment and a file, and closes it.
async fn closed_case(stage: &Stage) -> String {
    let client = &stage.security_ir;
    let case_id = client
        .send(tagged_request())
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
    stage.put_case_file(&case_id, "a.log", b"kept").await;
    client
        .close_case()
        .case_id(&case_id)
        .send()
        .await
        .expect("it closes");
    case_id
}

/// Holds that a server has the case of [`closed_case`] with all that belongs to it.
async fn assert_closed_case(client: &Client, case_id: &str) {
    let shown = client
        .get_case()
        .case_id(case_id)
        .send()
        .await
        .expect("it is kept");
    assert_eq!(shown.case_status, Some(CaseStatus::Closed));
    assert_eq!(shown.case_attachments.map(|files| files.len()), Some(1));
    let comments = client
        .list_comments()
        .case_id(case_id)
        .send()
        .await
        .expect("there is one");
    assert_eq!(
        comments.items.expect("it is listed")[0].body.as_deref(),
        Some("Kept")
    );
    let tags = client
        .list_tags_for_resource()
        .resource_arn(shown.case_arn.expect("it has one"))
        .send()
        .await
        .expect("it has one");
    assert_eq!(tags.tags["team"], "blue");
}

#[tokio::test]
async fn another_server_continues_with_the_stored_data() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let first = Stage::with(|builder| builder.data(folder.path())).await;
    let support_id = support_case(&first).await;
    let case_id = closed_case(&first).await;
    let memberships = async |stage: &Stage| {
        let listed = stage.security_ir.list_memberships().send().await;
        listed.expect("there is one").items
    };
    let membership = memberships(&first).await;
    drop(first);

    let second = Stage::with(|builder| builder.data(folder.path())).await;
    let client = &second.security_ir;
    let again = client.send(tagged_request()).await;
    assert_eq!(again.expect("it was opened before").case_id, case_id);
    assert_eq!(memberships(&second).await, membership);
    assert_closed_case(client, &case_id).await;
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
    let new = client.send(security_ir_request()).await;
    assert_ne!(new.expect("it is opened").case_id, case_id);
}

#[tokio::test]
async fn a_file_that_nothing_refers_to_goes_at_the_next_start_and_those_of_others_stay() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let first = Stage::with(|builder| builder.data(folder.path())).await;
    closed_case(&first).await;
    // An upload that was cut leaves such a file.
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
    let files = second.local.attachments().expect("they are read");
    assert_eq!(&files[0].bytes[..], b"kept");
}
