//! The examples, run against the local services as a user would run them.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};

use attache_local::{Clock, Local};
use attache_support::{Client, Timestamp};

/// Cargo builds the examples beside the tests.
fn example(name: &str) -> PathBuf {
    let mut path = std::env::current_exe().expect("this test is a file");
    path.pop();
    path.pop();
    path.join("examples")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

fn run(local: &Local, name: &str, arguments: &[&str]) -> Output {
    let (access_key_id, secret_access_key) = local.key();
    Command::new(example(name))
        .args(arguments)
        .env_clear()
        .env("AWS_ENDPOINT_URL", local.endpoint())
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", secret_access_key)
        .output()
        .unwrap_or_else(|error| panic!("{name} was not built: {error}"))
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).expect("text")
}

async fn with_cases(count: usize) -> Local {
    let local = Local::builder().start().await.expect("the server starts");
    let client = Client::new(&local.config().build().expect("all is set"));
    for index in 0..count {
        let call = client.create_case().subject(format!("case {index}"));
        call.communication_body("help")
            .send()
            .await
            .expect("a case");
    }
    local
}

#[tokio::test]
async fn all_cases_are_listed() {
    let local = with_cases(120).await;
    let output = stdout(&run(&local, "list_cases", &[]));
    assert!(output.ends_with("120 cases\n"), "{output}");
    assert_eq!(local.request_count("DescribeCases"), 2);
}

#[tokio::test]
async fn a_case_is_opened_with_a_log() {
    let local = with_cases(0).await;
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("app.log");
    std::fs::write(&log, "it broke").expect("a file");
    let output = run(&local, "open_case", &[log.to_str().expect("text")]);
    assert!(stdout(&output).starts_with("opened case-"));
    let attachments = local.attachments().expect("they can be read");
    assert_eq!(attachments.len(), 1);
    assert_eq!(attachments[0].file_name, "app.log");
}

#[tokio::test]
async fn a_missing_log_is_said_before_anything_is_sent() {
    let local = with_cases(0).await;
    let output = run(&local, "open_case", &["/nowhere/app.log"]);
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr).expect("text");
    assert!(text.contains("`/nowhere/app.log` cannot be read"), "{text}");
    assert!(local.requests().is_empty());
}

async fn open_case(local: &Local) -> String {
    let client = Client::new(&local.config().build().expect("all is set"));
    let call = client.create_case().subject("disk full");
    let case = call.communication_body("help").send().await;
    case.expect("a case").case_id.unwrap_or_default()
}

#[tokio::test]
async fn a_case_is_answered_with_a_file_and_its_attachments_are_downloaded() {
    let local = with_cases(0).await;
    let case = open_case(&local).await;
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("app.log");
    std::fs::write(&log, "it broke").expect("a file");
    let log = log.to_str().expect("text");
    let answered = stdout(&run(
        &local,
        "reply_to_case",
        &[&case, "It still fails.", log],
    ));
    assert!(
        answered.contains("It still fails.\n  with app.log\n"),
        "{answered}"
    );

    let into = folder.path().join("downloads");
    std::fs::create_dir(&into).expect("a folder");
    let arguments = [case.as_str(), into.to_str().expect("text")];
    let downloaded = stdout(&run(&local, "download_attachments", &arguments));
    assert!(downloaded.starts_with("8 bytes  "), "{downloaded}");
    assert!(
        downloaded.ends_with("app.log\n1 attachments\n"),
        "{downloaded}"
    );
    let bytes = std::fs::read(into.join("app.log")).expect("it is there");
    assert_eq!(bytes, b"it broke");

    // An existing file stays as it is.
    let again = run(&local, "download_attachments", &arguments);
    assert!(!again.status.success(), "{again:?}");
}

#[tokio::test]
async fn trusted_advisor_is_listed_and_a_check_is_refreshed() {
    let now = Timestamp::try_from(SystemTime::now()).expect("a time of this century");
    let clock = Clock::fixed(now);
    let local = Local::builder().clock(clock.clone()).start().await;
    let local = local.expect("the server starts");
    let listed = stdout(&run(&local, "trusted_advisor", &[]));
    let first = listed.lines().next().unwrap_or_default();
    let check = first.split_whitespace().nth(2).expect("the id of a check");
    assert!(listed.ends_with(" checks found something\n"), "{listed}");

    // The example waits for a refresh that has been requested before, and is done.
    let client = Client::new(
        &local
            .config()
            .time_source(clock.clone())
            .build()
            .expect("all is set"),
    );
    let call = client.refresh_trusted_advisor_check().check_id(check);
    call.send().await.expect("it is refreshed");
    clock.advance(Duration::from_secs(5));
    let shown = stdout(&run(&local, "trusted_advisor", &[check]));
    assert!(!shown.contains("was not refreshed"), "{shown}");
    assert!(shown.lines().count() > 1, "{shown}");
    assert_eq!(local.request_count("RefreshTrustedAdvisorCheck"), 2);
}

#[tokio::test]
async fn a_case_is_resolved() {
    let local = with_cases(0).await;
    let case = open_case(&local).await;
    let output = stdout(&run(&local, "resolve_case", &[&case]));
    assert!(output.ends_with(" -> resolved\n"), "{output}");
    let unknown = run(&local, "resolve_case", &["case-0"]);
    let text = String::from_utf8(unknown.stderr).expect("text");
    assert!(text.contains("there is no case case-0"), "{text}");
}

#[tokio::test]
async fn errors_are_told_apart() {
    let local = with_cases(0).await;
    let output = stdout(&run(&local, "errors", &[]));
    assert!(output.contains("not sent: subject: missing"), "{output}");
    assert!(
        output.contains("no such case: ResolveCase: CaseIdNotFound"),
        "{output}"
    );
}

#[tokio::test]
async fn blocking_code_gets_the_same() {
    let local = with_cases(2).await;
    let output = stdout(&run(&local, "blocking", &[]));
    assert_eq!(output.lines().count(), 5 + 2, "{output}");
}

#[tokio::test]
async fn code_can_be_tested_without_aws() {
    let local = with_cases(0).await;
    let output = stdout(&run(&local, "test_your_code", &[]));
    assert_eq!(output, "two cases, three requests\n");
}
