//! What the scripts of the workflow do with a repository and its pull requests.

use std::fs;

use super::super::workspace::published;
use super::folders::{BELOW, repository};
use super::runner::Runner;
use super::{FILE, place};

const BRANCH: &str = "attache-update";

fn runner() -> Runner {
    let place = place("");
    place.succeeds("", "workflow github");
    Runner::new(&place.read(FILE))
}

/// The same for a workspace in the folder `rust` of its repository.
fn runner_below() -> Runner {
    let place = repository(&["rust"]);
    place.succeeds("rust", "workflow github");
    Runner::new(&place.read(BELOW))
}

/// The calls of `gh` that change something or look at pull requests.
fn of_gh(runner: &Runner) -> Vec<String> {
    let calls = runner.calls().into_iter();
    let of_gh = calls.filter(|call| call.starts_with("gh pr "));
    // The name of the file for the text is another one each time.
    let short = of_gh.map(|call| match call.split_once(" --body-file ") {
        Some((before, _)) => before.to_owned(),
        None => call,
    });
    short
        .filter(|call| !call.starts_with("gh pr list"))
        .collect()
}

#[test]
fn without_a_change_there_is_no_pull_request() {
    let runner = runner();
    let tested = runner.test();
    assert!(
        tested.passed && tested.outputs.is_empty(),
        "{}",
        tested.printed
    );
    assert!(runner.propose(&tested).is_none());
    let calls = runner.calls();
    let install = concat!(
        "cargo install attache-codegen --locked --version ",
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(calls, [install, "cargo update --quiet --workspace"]);

    // A release with the same models.
    runner.publish("models/attache.toml", "release = 2\n");
    assert!(runner.run().is_none());
    assert_eq!(runner.branch(BRANCH), None);
}

#[test]
fn a_change_is_built_tested_pushed_and_proposed_with_the_report() {
    let runner = runner();
    // Nothing of a report is read by a shell.
    let report = "# Report\n\n| `$(touch pwned)` | \"; exit 1 # |\n`id` ${HOME} $'\\n'\n";
    runner.write("fake/report.md", report);
    runner.publish("models/parcels/model.json", "{\"a\": 1}\n");
    let tested = runner.test();
    assert!(tested.passed, "{}", tested.printed);
    assert!(
        tested.printed.contains("| ::add-mask::a text of a model\n")
            && !tested.printed.contains("\n::add-mask"),
        "the runner takes no commands from a model: {}",
        tested.printed
    );
    let calls = runner.calls();
    assert_eq!(
        calls[2..],
        [
            "cargo build --workspace --all-targets",
            "cargo test --workspace"
        ]
    );
    let proposed = runner.propose(&tested).expect("it runs");
    assert!(proposed.passed, "{}", proposed.printed);
    assert_eq!(
        of_gh(&runner),
        [format!(
            "gh pr create --head {BRANCH} --base main --title Update AWS clients"
        )]
    );
    let body = runner.body();
    assert!(
        body.starts_with(
            "The workspace builds with these models, and its tests pass \
             ([run](https://github.example.com/acme/clients/actions/runs/42)).\n"
        ) && body.ends_with(report)
            && !body.contains("ATTACHE_UPDATE_TOKEN"),
        "{body}"
    );
    let log = [
        "log",
        "--format=%an %s",
        "--name-only",
        &format!("main..{BRANCH}"),
    ];
    assert_eq!(
        runner.git("origin", &log),
        "github-actions[bot] Update AWS clients\n\nmodels/parcels/model.json\n"
    );
    let tree = runner.git("origin", &["rev-parse", &format!("{BRANCH}^{{tree}}")]);
    assert_eq!(
        tree.trim(),
        tested.outputs["tree"],
        "what was tested is proposed"
    );
}

#[test]
fn a_workspace_in_a_subfolder_is_updated_built_and_proposed_there() {
    let runner = runner_below();
    assert!(runner.run().is_none());
    runner.publish("models/attache.toml", "release = 2\n");
    assert!(runner.run().is_none(), "its settings are no model");

    runner.publish("models/parcels/model.json", "{\"a\": 1}\n");
    runner.calls();
    let tested = runner.test();
    assert!(tested.passed, "{}", tested.printed);
    let calls = runner.calls();
    assert_eq!(
        calls[1..],
        [
            "cargo update --quiet --workspace",
            "cargo build --workspace --all-targets",
            "cargo test --workspace"
        ]
    );
    let proposed = runner.propose(&tested).expect("it runs");
    assert!(proposed.passed, "{}", proposed.printed);
    let log = [
        "log",
        "--format=%s",
        "--name-only",
        "main..attache-update-rust",
    ];
    assert_eq!(
        runner.git("origin", &log),
        "Update AWS clients (rust)\n\nrust/models/attache.toml\nrust/models/parcels/model.json\n"
    );
}

#[test]
fn the_open_pull_request_is_refreshed_and_stays_the_only_one() {
    let runner = runner();
    runner.publish("models/parcels/model.json", "{\"a\": 1}\n");
    runner.run().expect("there is something to propose");
    let first = runner.branch(BRANCH).expect("it was pushed");
    of_gh(&runner);

    // The same again: the branch stays, and its checks are not started anew.
    runner.run().expect("there is something to propose");
    assert_eq!(runner.branch(BRANCH), Some(first.clone()));
    let refreshed = ["gh pr edit 7 --title Update AWS clients".to_owned()];
    assert_eq!(of_gh(&runner), refreshed);

    // Another release: one commit still.
    runner.publish("models/parcels/model.json", "{\"a\": 2}\n");
    runner.write("fake/report.md", "the second report\n");
    let ended = runner.run().expect("there is something to propose");
    assert!(ended.passed, "{}", ended.printed);
    assert_eq!(of_gh(&runner), refreshed);
    assert!(runner.body().ends_with("the second report\n"));
    let second = runner.branch(BRANCH).expect("it is there");
    assert_ne!(second, first);
    let count = ["rev-list", "--count", &format!("main..{BRANCH}")];
    assert_eq!(runner.git("origin", &count), "1\n");

    // The branch to update has moved: the commit is put on top of it.
    runner.write("person/README.md", "x\n");
    runner.commit("person");
    runner.git("person", &["push", "--quiet", "origin", "HEAD:main"]);
    runner.run().expect("there is something to propose");
    assert_eq!(runner.git("origin", &count), "1\n");
    let base = ["merge-base", "--is-ancestor", "main", BRANCH];
    runner.git("origin", &base);
}

#[test]
fn a_branch_that_a_person_has_committed_to_stays() {
    let runner = runner();
    runner.publish("models/parcels/model.json", "{\"a\": 1}\n");
    runner.run().expect("there is something to propose");
    runner.git("person", &["fetch", "--quiet", "origin", BRANCH]);
    runner.git("person", &["switch", "--quiet", "--detach", "FETCH_HEAD"]);
    runner.write("person/app.rs", "// adapted\n");
    runner.commit("person");
    let push = ["push", "--quiet", "origin", &format!("HEAD:{BRANCH}")];
    runner.git("person", &push);
    let adapted = runner.branch(BRANCH);
    of_gh(&runner);

    runner.publish("models/parcels/model.json", "{\"a\": 2}\n");
    let ended = runner.run().expect("it runs");
    assert!(
        ended.passed
            && ended
                .printed
                .contains("::warning::A person committed to attache-update"),
        "{}",
        ended.printed
    );
    assert_eq!(runner.branch(BRANCH), adapted);
    assert_eq!(of_gh(&runner), [""; 0]);
}

#[test]
fn a_change_that_breaks_the_workspace_is_proposed_and_says_so() {
    let mut runner = runner();
    runner.has_own_token = false;
    runner.publish("models/parcels/model.json", "{\"a\": 1}\n");
    runner.write("fake/broken", "");
    let tested = runner.test();
    assert!(!tested.passed);
    let proposed = runner.propose(&tested).expect("it runs");
    assert!(proposed.passed, "{}", proposed.printed);
    let body = runner.body();
    assert!(
        body.starts_with(
            "**The workspace does not build with these models, or its tests fail** ([run]("
        ) && body.contains("\n\nThe secret ATTACHE_UPDATE_TOKEN is not set"),
        "{body}"
    );
}

#[test]
fn what_was_not_tested_is_not_proposed() {
    let runner = runner();
    runner.publish("models/parcels/model.json", "{\"a\": 1}\n");
    let tested = runner.test();
    runner.publish("models/parcels/model.json", "{\"a\": 2}\n");
    let proposed = runner.propose(&tested).expect("it runs");
    assert!(
        !proposed.passed
            && proposed
                .printed
                .contains("::error::A release was published"),
        "{}",
        proposed.printed
    );
    assert_eq!((runner.branch(BRANCH), of_gh(&runner)), (None, Vec::new()));
}

#[test]
fn a_long_report_is_cut_to_what_a_pull_request_may_hold() {
    let runner = runner();
    let line = "ä".repeat(499) + "\n";
    runner.write("fake/report.md", &line.repeat(200));
    runner.publish("models/parcels/model.json", "{\"a\": 1}\n");
    let ended = runner.run().expect("there is something to propose");
    assert!(ended.passed, "{}", ended.printed);
    let body = runner.body();
    assert!(
        body.len() < 61_000 && body.ends_with("ä\n\n(The summary of the run has the rest.)\n"),
        "{} bytes",
        body.len()
    );
}

#[test]
fn the_program_itself_updates_and_reports_as_the_workflow_expects() {
    let place = place("[crates]\nruntime = { path = \"runtime\" }\n");
    place.write(
        "published.json",
        &fs::read_to_string(published()).expect("it is there"),
    );
    place.succeeds("", "add parcels --from published.json");
    let settings = place.read("models/attache.toml");
    let with_source = settings.replace(
        "[service.parcels]\n",
        "[service.parcels]\nsource = { path = \"published.json\" }\n",
    );
    place.write("models/attache.toml", &with_source);
    let runner = runner();
    runner.use_program(&place);
    let tested = runner.test();
    assert!(
        tested.passed && tested.outputs.is_empty(),
        "{}",
        tested.printed
    );

    let changed = place.read("published.json").replace("30000", "20000");
    runner.write("person/published.json", &changed);
    runner.commit("person");
    runner.git("person", &["push", "--quiet", "origin", "HEAD:main"]);
    let ended = runner.run().expect("there is something to propose");
    assert!(ended.passed, "{}", ended.printed);
    let body = runner.body();
    assert!(
        body.contains("One model changed.")
            && body.contains("was 1 to 30000 and is now 1 to 20000"),
        "{body}"
    );
    let log = [
        "log",
        "--format=",
        "--name-only",
        &format!("main..{BRANCH}"),
    ];
    assert_eq!(
        runner.git("origin", &log),
        "crates/parcels/CHANGELOG.md\ncrates/parcels/Cargo.toml\ncrates/parcels/src/client.rs\n\
         crates/parcels/src/operation/send_parcel.rs\nmodels/attache.toml\nmodels/parcels/model.json\n"
    );
}
