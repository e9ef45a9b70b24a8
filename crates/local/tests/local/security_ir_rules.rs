//! Rules of Security IR that need the state of the service.

use attache_local::Limits;
use attache_security_ir::enums::{CaseAttachmentStatus, ResolverType, SelfManagedCaseStatus};
use attache_security_ir::types::{CaseAttachmentAttributes, IncidentResponder, Watcher};
use attache_security_ir::{Error, ServiceError, validation};

use crate::stage::{Stage, security_ir_case, security_ir_request};

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    let error = result.expect_err("it is refused");
    error.code().expect("it has a code").to_owned()
}

#[tokio::test]
async fn a_repeated_token_opens_no_second_case() {
    let stage = Stage::new().await;
    let client = &stage.security_ir;
    let mut request = security_ir_request();
    request.client_token = Some("the same".to_owned());
    let first = client
        .send(request.clone())
        .await
        .expect("it is opened")
        .case_id;
    let again = client
        .send(request.clone())
        .await
        .expect("it was opened")
        .case_id;
    assert_eq!(first, again);
    assert_eq!(
        client
            .list_cases()
            .send()
            .await
            .expect("there is one")
            .total,
        Some(1)
    );
    request.title = Some("Another".to_owned());
    assert_eq!(code(client.send(request).await), "ConflictException");
}

#[tokio::test]
async fn a_repeated_token_adds_no_second_comment() {
    let stage = Stage::new().await;
    let client = &stage.security_ir;
    let case = security_ir_case(&stage).await;
    let comment = |token: &str| {
        let call = client
            .create_case_comment()
            .case_id(&case)
            .body("b")
            .client_token(token);
        call.send()
    };
    let one = comment("one").await.expect("it is added").comment_id;
    assert_eq!(comment("one").await.expect("it was added").comment_id, one);
    assert_ne!(comment("two").await.expect("it is added").comment_id, one);
}

#[tokio::test]
async fn a_repeated_token_gives_the_same_upload_url() {
    let stage = Stage::new().await;
    let client = &stage.security_ir;
    let case = security_ir_case(&stage).await;
    let url = || {
        let call = client
            .get_case_attachment_upload_url()
            .case_id(&case)
            .client_token("file");
        call.file_name("a.log").content_length(1).send()
    };
    let path = |url: String| url.split('?').next().map(str::to_owned);
    let one = path(
        url()
            .await
            .expect("there is a URL")
            .attachment_presigned_url,
    );
    let two = path(
        url()
            .await
            .expect("there is a URL")
            .attachment_presigned_url,
    );
    assert_eq!(one, two);
}

#[tokio::test]
async fn a_case_changes_its_status_as_documented() {
    use SelfManagedCaseStatus as Status;

    let stage = Stage::new().await;
    let client = &stage.security_ir;
    let id = security_ir_case(&stage).await;
    let go = |status: Status| {
        client
            .update_case_status()
            .case_id(&id)
            .case_status(status)
            .send()
    };
    assert_eq!(
        code(go(Status::PostIncidentActivities).await),
        "ValidationException"
    );
    for status in [
        Status::DetectionAndAnalysis,
        Status::ContainmentEradicationAndRecovery,
        Status::PostIncidentActivities,
        Status::DetectionAndAnalysis,
    ] {
        go(status).await.expect("it may go there");
    }
    assert_eq!(code(go(Status::Submitted).await), "ValidationException");
    let resolver = |kind: ResolverType| {
        client
            .update_resolver_type()
            .case_id(&id)
            .resolver_type(kind)
            .send()
    };
    resolver(ResolverType::Aws).await.expect("AWS takes over");
    assert_eq!(
        code(resolver(ResolverType::SelfValue).await),
        "ValidationException"
    );
    assert_eq!(
        code(go(Status::DetectionAndAnalysis).await),
        "ValidationException"
    );
}

#[tokio::test]
async fn a_closed_case_takes_no_change() {
    let stage = Stage::new().await;
    let client = &stage.security_ir;
    let id = security_ir_case(&stage).await;
    client
        .close_case()
        .case_id(&id)
        .send()
        .await
        .expect("it closes");
    let again = client
        .close_case()
        .case_id(&id)
        .send()
        .await
        .expect_err("it is closed");
    let Some(ServiceError::ConflictException(conflict)) = again.service() else {
        panic!("{again}");
    };
    assert_eq!(
        (&conflict.resource_id, conflict.resource_type.as_str()),
        (&id, "case")
    );
    let late = client
        .create_case_comment()
        .case_id(&id)
        .body("late")
        .send()
        .await;
    assert_eq!(code(late), "ConflictException");
}

#[tokio::test]
async fn the_service_names_every_field_that_is_wrong() {
    let stage = Stage::new().await;
    let client = stage.security_ir.with_validation(validation::Level::Off);
    let mut request = security_ir_request();
    request.title = Some(String::new());
    request.watchers = Some(vec![
        Watcher::new("w@example.com"),
        Watcher::new("w@example.com"),
    ]);
    request.description = None;
    let error = client.send(request).await.expect_err("it is refused");
    let Some(ServiceError::ValidationException(said)) = error.service() else {
        panic!("{error}");
    };
    let fields = said.field_list.as_ref().expect("they are listed");
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["/description", "/title", "/watchers"]);
    assert_eq!(error.status(), Some(400));
    let mut request = security_ir_request();
    request.resolver_type = Some("Nobody".into());
    let error = client.send(request).await.expect_err("it is refused");
    assert!(
        error
            .message()
            .is_some_and(|text| text.contains("/resolverType")),
        "{error}"
    );
}

async fn attach(stage: &Stage, case: &str, name: &str, content: &[u8]) -> CaseAttachmentAttributes {
    stage.put_case_file(case, name, content).await;
    stage.wait(1);
    let shown = stage
        .security_ir
        .get_case()
        .case_id(case)
        .send()
        .await
        .expect("it is found");
    let files = shown.case_attachments.expect("they are listed");
    files
        .into_iter()
        .find(|file| file.file_name == name)
        .expect("it has arrived")
}

#[tokio::test]
async fn a_scan_stops_what_a_scanner_would_stop() {
    let stage = Stage::new().await;
    let case = security_ir_case(&stage).await;
    let clean = attach(&stage, &case, "a.log", b"a").await;
    assert_eq!(clean.attachment_status, CaseAttachmentStatus::Verified);
    let named = attach(&stage, &case, "infected.log", b"a").await;
    assert_eq!(named.attachment_status, CaseAttachmentStatus::Failed);
    // In two pieces, so that no scanner takes this file for it.
    let eicar = [
        "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD",
        "-ANTIVIRUS-TEST-FILE!$H+H*",
    ]
    .concat();
    let found = attach(&stage, &case, "b.log", eicar.as_bytes()).await;
    assert_eq!(found.attachment_status, CaseAttachmentStatus::Failed);
    let url = stage
        .security_ir
        .get_case_attachment_download_url()
        .case_id(&case);
    assert_eq!(
        code(url.attachment_id(found.attachment_id).send().await),
        "ConflictException"
    );
}

#[tokio::test]
async fn quotas_are_errors_with_a_status_of_their_own() {
    let mut limits = Limits::default();
    limits.security_ir_open_cases = Some(1);
    let stage = Stage::with(|builder| builder.limits(limits)).await;
    let client = &stage.security_ir;
    let case = security_ir_case(&stage).await;
    let second = client
        .send(security_ir_request())
        .await
        .expect_err("one is the limit");
    assert_eq!(second.status(), Some(402));
    let Some(ServiceError::ServiceQuotaExceededException(quota)) = second.service() else {
        panic!("{second}");
    };
    assert_eq!(quota.service_code, "security-ir");
    for number in 0..50 {
        attach(&stage, &case, &format!("{number}.log"), b"a").await;
    }
    let url = client
        .get_case_attachment_upload_url()
        .case_id(&case)
        .file_name("a")
        .content_length(1);
    assert_eq!(code(url.send().await), "ServiceQuotaExceededException");
}

#[tokio::test]
async fn without_an_active_membership_there_are_no_cases() {
    let stage = Stage::with(|builder| builder.membership(false)).await;
    let client = &stage.security_ir;
    let refused = client.send(security_ir_request()).await;
    assert_eq!(code(refused), "SecurityIncidentResponseNotActiveException");
    let team = ["one", "two"];
    let team = team.map(|name| IncidentResponder::new(format!("{name}@example.com"), "r", name));
    let join = || {
        client
            .create_membership()
            .membership_name("Mine")
            .incident_response_team(team.clone())
    };
    let id = join()
        .send()
        .await
        .expect("there is none yet")
        .membership_id;
    assert_eq!(code(join().send().await), "ConflictException");
    client
        .send(security_ir_request())
        .await
        .expect("it is active");
    client
        .cancel_membership()
        .membership_id(&id)
        .send()
        .await
        .expect("it is cancelled");
    let refused = client.send(security_ir_request()).await;
    assert_eq!(code(refused), "SecurityIncidentResponseNotActiveException");
    let rename = client
        .update_membership()
        .membership_id(&id)
        .membership_name("Yours")
        .send()
        .await;
    assert_eq!(code(rename), "ConflictException");
    client
        .update_membership()
        .membership_id(&id)
        .undo_membership_cancellation(true)
        .send()
        .await
        .expect("it is undone");
    client
        .send(security_ir_request())
        .await
        .expect("it is active again");
}

#[tokio::test]
async fn pages_of_comments_hold_each_of_them_once() {
    let stage = Stage::new().await;
    let client = &stage.security_ir;
    let case = security_ir_case(&stage).await;
    for number in 0..7 {
        let body = format!("{number}");
        client
            .create_case_comment()
            .case_id(&case)
            .body(body)
            .send()
            .await
            .expect("it is added");
    }
    let mut listed = Vec::new();
    let mut token = None;
    loop {
        let mut request = client
            .list_comments()
            .case_id(&case)
            .max_results(3)
            .into_request();
        request.next_token = token;
        let page = client.send(request).await.expect("there is a page");
        assert_eq!(page.total, Some(7));
        listed.extend(
            page.items
                .into_iter()
                .flatten()
                .filter_map(|item| item.body),
        );
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(listed, ["0", "1", "2", "3", "4", "5", "6"]);
    let wrong = client
        .list_comments()
        .case_id(&case)
        .next_token("AAAA")
        .send()
        .await;
    assert_eq!(code(wrong), "ValidationException");
}
