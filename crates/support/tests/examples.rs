//! The examples, run against the local services as a user would run them.

use std::path::PathBuf;
use std::process::{Command, Output};

use attache_local::Local;
use attache_support::Client;

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

#[cfg(feature = "blocking")]
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
