//! The examples, run against the local services as a user would run them.

use std::path::PathBuf;
use std::process::{Command, Output};

use attache_local::Local;
use attache_security_ir::Client;
use attache_security_ir::enums::{EngagementType, ResolverType};
use attache_security_ir::types::{IncidentResponder, Watcher};

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
        .env("AWS_ENDPOINT_URL_SECURITY_IR", local.endpoint())
        .env("AWS_REGION", local.region())
        .env("AWS_ACCESS_KEY_ID", access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", secret_access_key)
        .output()
        .unwrap_or_else(|error| panic!("{name} was not built: {error}"))
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).expect("text")
}

async fn open_case(client: &Client) -> String {
    let call = client
        .create_case()
        .title("an incident")
        .description("somebody was here")
        .engagement_type(EngagementType::SecurityIncident)
        .resolver_type(ResolverType::Aws)
        .reported_incident_start_date(attache_security_ir::Timestamp::UNIX_EPOCH)
        .impacted_accounts(["123456789012"])
        .watchers([Watcher::new("watcher@example.com")]);
    call.send().await.expect("a case").case_id
}

#[tokio::test]
async fn evidence_is_uploaded_and_scanned() {
    let local = Local::builder().start().await.expect("the server starts");
    let client = Client::new(&local.config().build().expect("all is set"));
    let case = open_case(&client).await;
    let folder = tempfile::tempdir().expect("a folder");
    let dump = folder.path().join("memory.dump");
    std::fs::write(&dump, vec![7; 1_000_000]).expect("a file");
    let output = run(
        &local,
        "upload_evidence",
        &[&case, dump.to_str().expect("text")],
    );
    assert!(output.status.success(), "{output:?}");
    let attachments = local.attachments().expect("they can be read");
    assert_eq!(attachments.len(), 1);
    assert_eq!(attachments[0].bytes, vec![7; 1_000_000]);

    let listed = run(&local, "list_incidents", &[]);
    let text = String::from_utf8(listed.stdout).expect("text");
    assert_eq!(text, format!("{case}  Submitted\n"));
}

#[tokio::test]
async fn an_incident_is_opened_commented_watched_and_closed() {
    let local = Local::builder().start().await.expect("the server starts");
    let opened = stdout(&run(
        &local,
        "open_incident",
        &["123456789012", "jane.doe@example.com"],
    ));
    let (case, status) = opened
        .strip_prefix("opened ")
        .and_then(|rest| rest.trim_end().split_once(": "))
        .expect("the id and the status");
    assert_eq!(status, "Submitted");

    let commented = run(&local, "comment_on_incident", &[case, "The key is off."]);
    let commented = stdout(&commented);
    assert!(commented.ends_with("  The key is off.\n"), "{commented}");

    let watched = run(
        &local,
        "add_watcher",
        &[case, "john.roe@example.com", "John Roe"],
    );
    let watched = stdout(&watched);
    for person in [
        "jane.doe@example.com  Jane Doe",
        "john.roe@example.com  John Roe",
    ] {
        assert!(watched.lines().any(|line| line == person), "{watched}");
    }

    let closed = stdout(&run(&local, "close_incident", &[case]));
    assert!(
        closed.starts_with(&format!("{case}: Closed at 20")),
        "{closed}"
    );
    let unknown = run(&local, "close_incident", &["9999999999"]);
    let text = String::from_utf8(unknown.stderr).expect("text");
    assert!(text.contains("there is no case 9999999999"), "{text}");
}

#[tokio::test]
async fn memberships_are_shown_with_their_team() {
    let local = Local::builder().start().await.expect("the server starts");
    let client = Client::new(&local.config().build().expect("all is set"));
    let listed = client.list_memberships().send().await.expect("memberships");
    let id = listed.items.unwrap_or_default()[0].membership_id.clone();
    let team = ["Jane Doe", "John Roe"]
        .map(|name| IncidentResponder::new("team@example.com", "Security lead", name));
    let call = client.update_membership().membership_id(&id);
    let call = call.incident_response_team(team);
    call.send().await.expect("it is changed");
    let shown = stdout(&run(&local, "membership", &[]));
    assert!(shown.starts_with(&format!("{id}  ")), "{shown}");
    assert!(
        shown.contains("\n  John Roe, Security lead, team@example.com\n"),
        "{shown}"
    );
    assert!(shown.ends_with("1 memberships\n"), "{shown}");
}

#[tokio::test]
async fn evidence_that_does_not_pass_the_scan_fails() {
    let local = Local::builder().start().await.expect("the server starts");
    let client = Client::new(&local.config().build().expect("all is set"));
    let case = open_case(&client).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("infected.bin");
    std::fs::write(&file, "bad").expect("a file");
    let output = run(
        &local,
        "upload_evidence",
        &[&case, file.to_str().expect("text")],
    );
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr).expect("text");
    assert!(text.contains("the service rejects the file"), "{text}");
}
