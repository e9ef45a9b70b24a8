//! Exit statuses, the form of the output, `verify`, and what is never printed.

use attache_local::{Effect, Fault};
use serde_json::{Value, json};

use super::world::{MIB, Ran, World};

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
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
    // What the service has is compared with the manifest, not with the local file.
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
