//! Rules of Support that need the state of the service.

use attache_local::Limits;
use attache_support::types::Attachment;
use attache_support::{Error, ServiceError, validation};

use crate::stage::{Stage, support_case};

fn file(name: &str, bytes: usize) -> Attachment {
    Attachment::new().file_name(name).data(vec![b'a'; bytes])
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    let error = result.expect_err("it is refused");
    error.code().expect("it has a code").to_owned()
}

#[tokio::test]
async fn a_set_holds_three_attachments_of_five_mebibytes_for_an_hour() {
    let stage = Stage::new().await;
    // The client would refuse most of this itself.
    let client = stage.support.with_validation(validation::Level::Off);
    let add = |files: Vec<Attachment>| client.add_attachments_to_set().attachments(files);
    let set = add(vec![file("one", 5 << 20)])
        .send()
        .await
        .expect("it is small enough");
    let id = set.attachment_set_id.expect("it has an id");
    let full = add(vec![file("two", 1), file("three", 1)]).attachment_set_id(&id);
    full.send().await.expect("three fit");
    let too_many = add(vec![file("four", 1)])
        .attachment_set_id(&id)
        .send()
        .await;
    assert_eq!(code(too_many), "AttachmentSetSizeLimitExceeded");
    let too_large = add(vec![file("large", (5 << 20) + 1)]).send().await;
    assert_eq!(code(too_large), "AttachmentSetSizeLimitExceeded");
    let unknown = add(vec![file("one", 1)])
        .attachment_set_id("set-1")
        .send()
        .await;
    assert_eq!(code(unknown), "AttachmentSetIdNotFound");

    let open = || {
        client
            .create_case()
            .subject("s")
            .communication_body("b")
            .attachment_set_id(&id)
    };
    stage.wait(3599);
    open().send().await.expect("the set is still good");
    stage.wait(1);
    assert_eq!(code(open().send().await), "AttachmentSetExpired");
    let late = add(vec![file("late", 1)])
        .attachment_set_id(&id)
        .send()
        .await;
    assert_eq!(code(late), "AttachmentSetExpired");
}

#[tokio::test]
async fn a_dry_run_finds_what_is_wrong_and_does_nothing() {
    let stage = Stage::new().await;
    let client = &stage.support;
    let open = || client.create_case().subject("s").communication_body("b");
    open().send_dry_run().await.expect("it would succeed");
    let listed = client
        .describe_cases()
        .send()
        .await
        .expect("they are listed");
    assert_eq!(listed.cases.map(|cases| cases.len()), Some(0));
    let wrong = open().service_code("no-such-service").send_dry_run().await;
    assert_eq!(code(wrong), "InvalidParameterValueException");
    let unknown = client.resolve_case().case_id("case-1").send_dry_run().await;
    assert!(matches!(
        unknown.expect_err("it is refused").service(),
        Some(ServiceError::CaseIdNotFound(_))
    ));
    client
        .add_attachments_to_set()
        .attachments([file("a", 1)])
        .send_dry_run()
        .await
        .expect("it would");
    assert_eq!(stage.local.attachments().expect("they are read"), []);
}

#[tokio::test]
async fn the_service_checks_what_the_client_does_not() {
    let stage = Stage::new().await;
    let client = stage.support.with_validation(validation::Level::Off);
    let long = client
        .create_case()
        .subject("s")
        .communication_body("b".repeat(8001))
        .send()
        .await;
    let error = long.expect_err("it is refused");
    assert_eq!(error.code(), Some("ValidationException"));
    let message = error.message().expect("it has one");
    assert!(
        message.contains("at '/communicationBody' failed to satisfy constraint: Member must have length between 1 and 8000"),
        "{message}"
    );
    let missing = client
        .create_case()
        .subject("s")
        .send()
        .await
        .expect_err("it is refused");
    let message = missing.message().expect("it has one");
    assert!(
        message.contains("'/communicationBody'") && message.contains("null"),
        "{message}"
    );
}

#[tokio::test]
async fn limits_of_the_account_are_errors_of_their_own() {
    let mut limits = Limits::default();
    limits.support_open_cases = Some(1);
    limits.support_attachment_sets = Some(1);
    limits.support_described_attachments = Some(1);
    let stage = Stage::with(|builder| builder.limits(limits)).await;
    let client = &stage.support;
    let set = client
        .add_attachments_to_set()
        .attachments([file("a", 1)])
        .send()
        .await;
    let set = set
        .expect("one is allowed")
        .attachment_set_id
        .expect("it has an id");
    let second = || {
        client
            .add_attachments_to_set()
            .attachments([file("a", 1)])
            .send()
    };
    assert_eq!(code(second().await), "AttachmentLimitExceeded");
    let open = || client.create_case().subject("s").communication_body("b");
    let case = open()
        .attachment_set_id(set)
        .send()
        .await
        .expect("one is allowed");
    assert_eq!(code(open().send().await), "CaseCreationLimitExceeded");
    client
        .resolve_case()
        .case_id(case.case_id.expect("it has an id"))
        .send()
        .await
        .expect("it resolves");
    open().send().await.expect("none was open");
    let id = &stage.local.attachments().expect("they are read")[0].attachment_id;
    let read = || client.describe_attachment().attachment_id(id).send();
    read().await.expect("one is allowed");
    assert_eq!(code(read().await), "DescribeAttachmentLimitExceeded");
    stage.wait(3600);
    read().await.expect("the hour is over");
    second().await.expect("the hour is over");
}

#[tokio::test]
async fn a_resolved_case_is_hidden_and_opens_again_with_a_word() {
    let stage = Stage::new().await;
    let client = &stage.support;
    let id = support_case(&stage).await;
    client
        .resolve_case()
        .case_id(&id)
        .send()
        .await
        .expect("it resolves");
    let listed = client
        .describe_cases()
        .send()
        .await
        .expect("they are listed");
    assert_eq!(listed.cases.map(|cases| cases.len()), Some(0));
    client
        .add_communication_to_case()
        .case_id(&id)
        .communication_body("Again")
        .send()
        .await
        .expect("it is said");
    let listed = client
        .describe_cases()
        .send()
        .await
        .expect("they are listed");
    assert_eq!(
        listed.cases.expect("there is one")[0].status.as_deref(),
        Some("reopened")
    );
}

#[tokio::test]
async fn pages_of_cases_stay_right_while_cases_come_and_go() {
    let stage = Stage::new().await;
    let client = &stage.support;
    let mut ids = Vec::new();
    for _ in 0..22 {
        ids.push(support_case(&stage).await);
    }
    let page = |token: Option<String>| {
        let mut request = client.describe_cases().max_results(10).into_request();
        request.next_token = token;
        client.send(request)
    };
    let first = page(None).await.expect("there is a page");
    // The case where the page ended goes, and a new one comes.
    client
        .resolve_case()
        .case_id(&ids[9])
        .send()
        .await
        .expect("it resolves");
    ids.push(support_case(&stage).await);
    let second = page(first.next_token.clone())
        .await
        .expect("there is a page");
    let third = page(second.next_token).await.expect("there is a page");
    let listed: Vec<String> = [first.cases, second.cases, third.cases]
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|case| case.case_id)
        .collect();
    // The oldest comes first, as in recorded answers.
    assert_eq!(listed, ids);
    assert_eq!(third.next_token, None);
    let foreign = client.describe_cases().include_resolved_cases(true);
    let foreign = foreign
        .next_token(first.next_token.expect("there is one"))
        .send()
        .await;
    assert_eq!(code(foreign), "InvalidParameterValueException");
}

#[tokio::test]
async fn a_check_is_refreshed_in_steps_and_not_too_often() {
    let stage = Stage::new().await;
    let client = &stage.support;
    let refresh = || async {
        let answer = client
            .refresh_trusted_advisor_check()
            .check_id("Pfx0RwqBli")
            .send()
            .await;
        let status = answer.expect("it may be refreshed").status;
        (status.status, status.millis_until_next_refreshable)
    };
    assert_eq!(refresh().await, ("enqueued".to_owned(), 300_000));
    stage.wait(1);
    assert_eq!(refresh().await, ("processing".to_owned(), 299_000));
    stage.wait(2);
    assert_eq!(refresh().await, ("success".to_owned(), 297_000));
    stage.wait(297);
    assert_eq!(refresh().await, ("enqueued".to_owned(), 300_000));
    let automatic = client
        .refresh_trusted_advisor_check()
        .check_id("0t121N1Ty3")
        .send()
        .await;
    assert_eq!(code(automatic), "InvalidParameterValueException");
}

#[tokio::test]
async fn without_a_plan_every_operation_is_refused() {
    let stage = Stage::with(|builder| builder.support_plan(false)).await;
    let refused = stage.support.describe_severity_levels().send().await;
    assert_eq!(code(refused), "SubscriptionRequiredException");
    let other = stage.security_ir.list_cases().send().await;
    other.expect("Security IR has plans of its own");
}

#[tokio::test]
async fn secrets_are_not_shown() {
    let stage = Stage::with(|builder| builder.credentials("AKID", "very secret")).await;
    let shown = format!(
        "{:?} {:?}",
        stage.local,
        attache_local::Local::builder().credentials("AKID", "very secret")
    );
    assert!(
        shown.contains("AKID") && !shown.contains("very secret"),
        "{shown}"
    );
}
