//! In a pipe: the workflow of the demo for both services, the form of the output, and the exit statuses.

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
    let listed = world.json(&["support", "list"]);
    assert_eq!(listed["cases"][0]["case_id"], json!(case));
    let shown = world.json(&["support", "show", &case]);
    assert_eq!(shown["texts"][1]["text"], json!("The journal."));
    assert_eq!(shown["attachments"].as_array().map(Vec::len), Some(3));
    let got = world.json(&["support", "get", &case, "--to", "back"]);
    assert_eq!(got["files"].as_array().map(Vec::len), Some(3));
    assert!(std::fs::read(world.path("back/dumps--memory.dump")).expect("a file") == large);
    // Again, nothing is fetched.
    let before = world.local.request_count("GetAttachment");
    world.json(&["support", "get", &case, "--to", "back"]);
    assert_eq!(world.local.request_count("GetAttachment"), before);
    let verified = world.json(&["verify", "case.json"]);
    assert_eq!(verified["files"][1]["service"], json!("same"));
    let resolved = world.json(&["support", "resolve", &case]);
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

#[test]
fn a_dry_run_sends_no_file_and_opens_nothing() {
    let world = World::new();
    world.write("app.log", 100);
    let dry = world.json(&[
        "support",
        "open",
        "--dry-run",
        "--subject",
        "A",
        "--note",
        "B",
        "app.log",
    ]);
    assert_eq!(dry, json!({ "dry_run": true }));
    assert_eq!(world.local.request_count("AddAttachmentsToSet"), 0);
    assert_eq!(
        world.json(&["support", "list", "--all"])["cases"],
        json!([])
    );
}

#[test]
fn each_kind_of_failure_has_its_exit_status() {
    let world = World::new();
    world.write("empty.log", 0);
    let open = ["support", "open", "--subject", "A", "--note", "B"];
    for (arguments, status, says) in [
        (vec!["support", "open"], 2, "--subject"),
        ([&open[..], &["--severity", "grave"]].concat(), 2, "urgent"),
        (vec!["support", "open", "--subject", "A"], 2, "--note-file"),
        ([&open[..], &["missing.log"]].concat(), 3, "missing.log"),
        ([&open[..], &["empty.log"]].concat(), 3, "empty"),
        (vec!["support", "show", "case-0"], 6, "case-0"),
        (
            vec!["--endpoint-url", "http://127.0.0.1:1", "support", "list"],
            7,
            "127.0.0.1:1",
        ),
        (vec!["verify", "none.json"], 3, "none.json"),
    ] {
        // The last of two equal options would be an error of the command line.
        let endpoint = arguments.contains(&"--endpoint-url");
        let ran = match endpoint {
            true => Ran::of(
                world
                    .program_at("http://127.0.0.1:1", &arguments[2..])
                    .output()
                    .expect("it runs"),
            ),
            false => world.run(&arguments),
        };
        assert_eq!(ran.status, status, "{arguments:?}: {}", ran.errors);
        assert!(ran.errors.contains(says), "{arguments:?}: {}", ran.errors);
    }
    let mut bare = world.program(&["support", "list"]);
    let ran = Ran::of(
        bare.env_remove("AWS_ACCESS_KEY_ID")
            .output()
            .expect("it runs"),
    );
    assert_eq!(ran.status, 5, "{}", ran.errors);
    let refused = Fault::new(Effect::refuse("SubscriptionRequiredException")).on("DescribeCases");
    if world.local.add_fault(refused).is_ok() {
        assert_eq!(world.run(&["support", "list"]).status, 6);
    }
}

#[test]
fn a_failure_is_one_json_document_too() {
    let world = World::new();
    let ran = world.run(&["--output", "json", "support", "show", "case-0"]);
    let error = &ran.value()["error"];
    assert_eq!(
        (&error["kind"], &error["exit_status"]),
        (&json!("service"), &json!(6))
    );
}

#[test]
fn verify_finds_a_file_that_changed_and_one_that_is_gone() {
    let world = World::new();
    world.write("a.log", 100);
    world.write("b.log", 100);
    world.json(&[
        "support",
        "open",
        "--subject",
        "A",
        "--note",
        "B",
        "--manifest",
        "case.json",
        "a.log",
        "b.log",
    ]);
    world.write("a.log", 101);
    std::fs::remove_file(world.path("b.log")).expect("it is there");
    let ran = world.run(&["--output", "json", "verify", "case.json"]);
    assert_eq!(ran.status, 10, "{}", ran.errors);
    let found = &ran.value()["error"]["found"];
    let verdicts = |index: usize| (text(&found[index]["local"]), text(&found[index]["service"]));
    assert_eq!(
        (verdicts(0), verdicts(1)),
        (("changed", "same"), ("missing", "same"))
    );
    assert_eq!(
        world.run(&["verify", "--service-only", "case.json"]).status,
        0
    );
    // What the service gives back is compared with the manifest, not with the local file.
    let forged = world
        .read("case.json")
        .replace("\"size\": 100", "\"size\": 101");
    std::fs::write(world.path("forged.json"), forged).expect("a file");
    let ran = world.run(&[
        "--output",
        "json",
        "verify",
        "--service-only",
        "forged.json",
    ]);
    assert_eq!(ran.status, 10, "{}", ran.errors);
}

#[test]
fn no_secret_and_no_url_is_printed_or_kept() {
    let world = World::new();
    world.write("memory.dump", 6 * MIB);
    let ran = world.run(&[
        "support",
        "open",
        "--subject",
        "A",
        "--note",
        "B",
        "--manifest",
        "case.json",
        "memory.dump",
    ]);
    let (_, secret) = world.local.key();
    let mut all = format!("{}{}{}", ran.output, ran.errors, world.read("case.json"));
    for entry in std::fs::read_dir(world.path("case.json.state")).expect("the state") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            all += &std::fs::read_to_string(path).expect("a text");
        }
    }
    assert!(all.contains("memory.dump"));
    assert!(!all.contains(secret) && !all.contains("X-Amz-Signature"));
    // Nothing is drawn where there is no terminal.
    assert!(
        !ran.errors.contains('\u{1b}') && !ran.output.contains('\u{1b}'),
        "{}",
        ran.errors
    );
}

#[test]
fn the_manual_page_and_completions_name_all_commands() {
    let world = World::new();
    let manual = world.run(&["manual"]).output;
    for text in [
        ".TH evidence",
        "Exit status",
        "MANIFEST.state",
        "support",
        "verify",
    ] {
        assert!(manual.contains(text), "{text}: {manual}");
    }
    world.run(&["manual", "pages"]);
    let page = world.read("pages/evidence-support-open.1");
    assert!(page.contains("severity"), "{page}");
    for shell in ["bash", "zsh", "fish"] {
        let script = world.run(&["completions", shell]).output;
        assert!(
            script.contains("resolve") && script.contains("adopt"),
            "{shell}"
        );
    }
}
