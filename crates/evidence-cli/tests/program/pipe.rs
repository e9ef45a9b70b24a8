//! In a pipe: the workflow of the demo for both services, and lost answers.

use std::io::Write;
use std::process::Stdio;

use attache_local::api::support;
use attache_local::{Effect, Fault, When};
use serde_json::{Value, json};

use super::world::{MIB, Ran, World};

/// Runs the program with a text as its standard input.
fn with_input(world: &World, arguments: &[&str], input: &[u8]) -> Ran {
    let mut command = world.program(arguments);
    let mut child = command.stdin(Stdio::piped()).spawn().expect("it runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input).expect("it reads");
    drop(stdin);
    Ran::of(child.wait_with_output().expect("it ends"))
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[test]
fn a_support_case_goes_from_opening_to_resolving() {
    let world = World::new();
    let small = world.write("app.log", 40_000);
    let large = world.write("dumps/memory.dump", 6 * MIB);
    let opened = world.json(&[
        "support",
        "open",
        "--subject",
        "It broke",
        "--note",
        "See the files.",
        "--severity",
        "urgent",
        "--cc",
        "me@example.com",
        "--manifest",
        "case.json",
        "app.log",
        "dumps",
    ]);
    let case = text(&opened["case_id"]).to_owned();
    let sent = &world
        .local
        .requests_of::<support::operation::CreateCaseRequest>()[0];
    assert_eq!(sent.severity_code.as_deref(), Some("urgent"));
    assert_eq!(
        sent.cc_email_addresses,
        Some(vec!["me@example.com".to_owned()])
    );
    let ran = with_input(
        &world,
        &[
            "support",
            "reply",
            &case,
            "--note",
            "The journal.",
            "--stdin-name",
            "journal.txt",
            "-",
        ],
        b"one line\n",
    );
    assert_eq!(ran.status, 0, "{}", ran.errors);
    let expected = [
        ("app.log".to_owned(), small.clone()),
        ("dumps--memory.dump".to_owned(), large.clone()),
        ("journal.txt".to_owned(), b"one line\n".to_vec()),
    ];
    assert!(world.stored() == expected);
    is_read_and_resolved(&world, &case, &large);
}

fn is_read_and_resolved(world: &World, case: &str, large: &[u8]) {
    let listed = world.json(&["support", "list"]);
    assert_eq!(listed["cases"][0]["case_id"], json!(case));
    let shown = world.json(&["support", "show", case]);
    assert_eq!(shown["texts"][1]["text"], json!("The journal."));
    assert_eq!(shown["attachments"].as_array().map(Vec::len), Some(3));
    let got = world.json(&["support", "get", case, "--to", "back"]);
    assert_eq!(got["files"].as_array().map(Vec::len), Some(3));
    assert!(std::fs::read(world.path("back/dumps--memory.dump")).expect("a file") == large);
    // Again, nothing is fetched.
    let before = world.local.request_count("GetAttachment");
    world.json(&["support", "get", case, "--to", "back"]);
    assert_eq!(world.local.request_count("GetAttachment"), before);
    let verified = world.json(&["verify", "case.json"]);
    assert_eq!(verified["files"][1]["service"], json!("same"));
    let resolved = world.json(&["support", "resolve", case]);
    assert_eq!(resolved["status"], json!("resolved"));
    assert_eq!(world.json(&["support", "list"])["cases"], json!([]));
}

#[test]
fn an_incident_goes_from_opening_to_closing() {
    let world = World::new();
    let dump = world.write("memory.dump", MIB);
    let opened = world.json(&[
        "ir",
        "open",
        "--title",
        "Unknown login",
        "--note",
        "At three.",
        "--account",
        "123456789012",
        "--resolver",
        "Self",
        "--watcher",
        "me@example.com",
        "--manifest",
        "case.json",
        "memory.dump",
    ]);
    let case = text(&opened["case_id"]);
    world.write("more.log", 50);
    world.json(&["ir", "put", case, "more.log"]);
    let comment = world.json(&["ir", "comment", case, "--note", "Two files."]);
    assert!(comment["comment_id"].is_string());
    let status = "Detection and Analysis";
    assert_eq!(
        world.json(&["ir", "status", case, status])["status"],
        json!(status)
    );
    let shown = world.json(&["ir", "show", case]);
    assert_eq!(shown["status"], json!(status));
    assert_eq!(shown["comments"][0]["text"], json!("Two files."));
    let got = world.json(&["ir", "get", case, "memory.dump", "--to", "back"]);
    assert_eq!(got["files"].as_array().map(Vec::len), Some(1));
    assert!(std::fs::read(world.path("back/memory.dump")).expect("a file") == dump);
    world.json(&["verify", "case.json"]);
    assert_eq!(
        world.json(&["ir", "close", case])["status"],
        json!("Closed")
    );
    assert_eq!(world.json(&["ir", "list"])["cases"], json!([]));
}

#[test]
fn the_same_command_does_nothing_twice() {
    let world = World::new();
    world.write("app.log", 100);
    let arguments = [
        "support",
        "open",
        "--subject",
        "It broke",
        "--note",
        "See.",
        "app.log",
    ];
    let first = world.json(&arguments);
    assert_eq!(world.json(&arguments), first);
    assert_eq!(world.local.request_count("CreateCase"), 1);
    // With another manifest it is another command.
    let other = world.json(&[&arguments[..], &["--manifest", "second.json"]].concat());
    assert_ne!(other["case_id"], first["case_id"]);
    let clash = world.run(&[
        "support",
        "open",
        "--subject",
        "Other",
        "--note",
        "See.",
        "--manifest",
        "second.json",
    ]);
    assert_eq!(clash.status, 4, "{}", clash.errors);
    assert!(clash.errors.contains("other arguments"), "{}", clash.errors);
}

#[test]
fn a_lost_answer_is_found_at_the_service() {
    let world = World::new();
    let lost = Fault::new(Effect::Drop(When::After))
        .on("CreateCase")
        .times(1);
    world.local.add_fault(lost).expect("a fault");
    let ran = world.run(&["support", "open", "--subject", "It broke", "--note", "See."]);
    assert_eq!(ran.status, 0, "{}", ran.errors);
    assert!(
        ran.errors.contains("is taken as the result"),
        "{}",
        ran.errors
    );
    assert_eq!(world.local.request_count("CreateCase"), 1);
}

#[test]
fn a_lost_request_is_sent_again_only_if_the_person_says_so() {
    let world = World::new();
    let lost = Fault::new(Effect::Drop(When::Before))
        .on("CreateCase")
        .times(1);
    world.local.add_fault(lost).expect("a fault");
    let arguments = ["support", "open", "--subject", "It broke", "--note", "See."];
    for _ in 0..2 {
        let ran = world.run(&arguments);
        assert_eq!(ran.status, 8, "{}", ran.errors);
        assert!(ran.errors.contains("--send-again"), "{}", ran.errors);
    }
    assert_eq!(world.local.request_count("CreateCase"), 1);
    let again = [&arguments[..], &["--send-again"]].concat();
    assert_eq!(world.run(&again).status, 0);
    let cases = world.json(&["support", "list"]);
    assert_eq!(cases["cases"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_case_of_somebody_else_is_shown_and_not_taken() {
    let world = World::new();
    let lost = Fault::new(Effect::Drop(When::Before))
        .on("CreateCase")
        .times(1);
    world.local.add_fault(lost).expect("a fault");
    let arguments = [
        "--output",
        "json",
        "support",
        "open",
        "--subject",
        "It broke",
        "--note",
        "See.",
    ];
    assert_eq!(world.run(&arguments).status, 8);
    let other = world.json(&[
        "support",
        "open",
        "--subject",
        "It broke",
        "--note",
        "Another text.",
    ]);
    let ran = world.run(&arguments);
    assert_eq!(ran.status, 8, "{}", ran.errors);
    let found = &ran.value()["error"]["found"][0];
    assert_eq!(
        (&found["id"], &found["is_equal"]),
        (&other["case_id"], &json!(false))
    );
    let wrong = world.run(&[&arguments[..], &["--adopt", "case-of-nobody"]].concat());
    assert_eq!(wrong.status, 8);
    let id = text(&other["case_id"]);
    let adopted = world.run(&[&arguments[..], &["--adopt", id]].concat());
    assert_eq!(adopted.value()["case_id"], other["case_id"]);
}
