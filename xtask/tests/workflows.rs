//! The workflows of this repository, as a YAML parser reads them: what they may do, what they run, and that it exists.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use saphyr::{LoadableYamlNode as _, Yaml};

fn workspace() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("a workspace")
}

/// The files of the workflows, by name.
fn files() -> BTreeMap<String, PathBuf> {
    let folder = workspace().join(".github/workflows");
    let entries = fs::read_dir(&folder).expect("there are workflows");
    let files = entries.map(|entry| {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("it has a name");
        (name.to_string_lossy().into_owned(), path)
    });
    files.collect()
}

/// Calls a function with the name and the content of each workflow.
fn each(mut check: impl FnMut(&str, &Yaml<'_>)) {
    for (name, path) in files() {
        let text = fs::read_to_string(&path).expect("it can be read");
        let documents =
            Yaml::load_from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(documents.len(), 1, "{name}");
        check(&name, &documents[0]);
    }
}

/// The jobs of a workflow, by name.
fn jobs<'a>(workflow: &'a Yaml<'a>) -> impl Iterator<Item = (&'a str, &'a Yaml<'a>)> {
    let jobs = workflow["jobs"].as_mapping().expect("jobs");
    jobs.iter()
        .map(|(name, job)| (name.as_str().expect("a name"), job))
}

fn steps<'a>(job: &'a Yaml<'a>) -> impl Iterator<Item = &'a Yaml<'a>> {
    job["steps"].as_sequence().expect("steps").iter()
}

fn text<'a>(node: &'a Yaml<'a>, key: &str) -> Option<&'a str> {
    node.as_mapping_get(key)?.as_str()
}

/// `contents: read` and so on, in one text.
fn permissions(node: &Yaml<'_>) -> String {
    let mapping = node["permissions"].as_mapping().expect("permissions");
    let pairs = mapping.iter().map(|(key, value)| {
        let text = |node: &Yaml<'_>| node.as_str().expect("a text").to_owned();
        format!("{}: {}", text(key), text(value))
    });
    pairs.collect::<Vec<_>>().join(", ")
}

#[test]
fn each_job_may_what_it_needs_and_nothing_else() {
    let mut found = Vec::new();
    each(|name, workflow| {
        assert_eq!(permissions(workflow), "", "{name}: the workflow as a whole");
        assert!(workflow["concurrency"]["group"].is_string(), "{name}");
        for (job, content) in jobs(workflow) {
            let minutes = content["timeout-minutes"].as_integer();
            assert!(minutes.is_some_and(|minutes| minutes > 0), "{name}: {job}");
            found.push(format!("{name} {job}: {}", permissions(content)));
        }
    });
    assert_eq!(
        found,
        [
            "attache-update.yml test: contents: read",
            "attache-update.yml propose: contents: write, pull-requests: write",
            "ci.yml ci: contents: read",
            "release.yml check: contents: read",
            "release.yml publish: contents: write",
        ]
    );
}

#[test]
fn the_only_action_is_pinned_to_one_commit_and_keeps_no_token() {
    let mut pins = Vec::new();
    each(|name, workflow| {
        for (job, content) in jobs(workflow) {
            for step in steps(content).filter(|step| step.contains_mapping_key("uses")) {
                pins.extend(text(step, "uses").map(str::to_owned));
                let keeps = step["with"]["persist-credentials"].as_bool();
                assert_eq!(keeps, Some(false), "{name}: {job}");
            }
        }
    });
    assert!(!pins.is_empty());
    pins.dedup();
    let [pin] = pins.as_slice() else {
        panic!("one action in one version: {pins:?}");
    };
    let hash = pin.strip_prefix("actions/checkout@").expect(pin);
    assert!(hash.len() == 40 && hash.chars().all(|letter| letter.is_ascii_hexdigit()));
}

#[test]
fn no_script_is_made_of_expressions_and_bash_runs_all() {
    each(|name, workflow| {
        let shell = text(&workflow["defaults"]["run"], "shell");
        assert_eq!(shell, Some("bash"), "{name}");
        for (job, content) in jobs(workflow) {
            for step in steps(content) {
                let run = text(step, "run").unwrap_or_default();
                assert!(!run.contains("${{"), "{name}: {job}: {run}");
            }
        }
    });
}

/// The help of a command of `cargo xtask`.
fn help(command: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args([command, "--help"])
        .output()
        .expect("it runs");
    assert!(output.status.success(), "there is no command {command}");
    String::from_utf8(output.stdout).expect("it prints text")
}

#[test]
fn the_commands_that_are_run_exist() {
    let mut seen = Vec::new();
    each(|name, workflow| {
        let scripts = jobs(workflow).flat_map(|(_, job)| steps(job));
        for line in scripts
            .filter_map(|step| text(step, "run"))
            .flat_map(str::lines)
        {
            let words: Vec<&str> = line.split_whitespace().collect();
            if words.first() == Some(&".ci/run") {
                assert!(workspace().join(".ci/run").is_file());
                seen.push(".ci/run".to_owned());
            }
            if let ["cargo", "xtask", command, arguments @ ..] = words.as_slice() {
                let help = help(command);
                for option in arguments.iter().filter(|word| word.starts_with("--")) {
                    assert!(help.contains(option), "{name}: {command} has no {option}");
                }
                seen.push((*command).to_owned());
            }
        }
    });
    assert_eq!(seen, ["update", "update", ".ci/run", "release", "release"]);
}

#[test]
fn the_update_workflow_is_the_one_that_the_settings_make() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["workflow", "github", "--check"])
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{output:?}");
}

/// Runs the script that publishes, with programs that record how they are called; `cargo` fails for the crate `broken`.
#[cfg(unix)]
fn publish(printed: &str) -> (bool, String) {
    use std::os::unix::fs::PermissionsExt as _;

    let mut script = None;
    each(|name, workflow| {
        if name == "release.yml" {
            let mut steps = steps(&workflow["jobs"]["publish"]);
            let step = steps.find(|step| text(step, "name") == Some("Publish"));
            script = step.and_then(|step| text(step, "run")).map(str::to_owned);
        }
    });
    let place = tempfile::tempdir().expect("a folder can be made");
    let path = |name: &str| place.path().join(name);
    for name in ["cargo", "gh", "git"] {
        let record =
            format!("#!/bin/bash\necho {name} \"$@\" >> calls\n[[ \"$*\" != *broken* ]]\n");
        fs::write(path(name), record).expect("it can be written");
        fs::set_permissions(path(name), fs::Permissions::from_mode(0o755)).expect("it is ours");
    }
    fs::write(path("release.txt"), printed).expect("it can be written");
    fs::write(path("script"), script.expect("there is a script")).expect("it can be written");
    let programs = std::env::var("PATH").expect("there is a PATH");
    let output = Command::new("bash")
        .args(["--noprofile", "--norc", "-eo", "pipefail", "script"])
        .current_dir(place.path())
        .env("RUNNER_TEMP", place.path())
        .env("PATH", format!("{}:{programs}", place.path().display()))
        .output()
        .expect("bash runs");
    let calls = fs::read_to_string(path("calls")).expect("something was called");
    (output.status.success(), calls)
}

#[cfg(unix)]
#[test]
fn each_crate_is_published_before_its_tag_is_pushed() {
    let overview = "letters 0.2.0: first release\ntagged letters-v0.2.0\n";
    let published = "gh auth setup-git\n\
        cargo publish --locked --no-verify --package letters\n\
        git push origin refs/tags/letters-v0.2.0\n";
    assert_eq!(publish(overview), (true, published.to_owned()));
    let (passed, calls) = publish(&format!(
        "{overview}tagged broken-vault-v1.0.0-rc.1\ntagged office-v0.1.0\n"
    ));
    assert!(!passed);
    assert_eq!(
        calls,
        format!("{published}cargo publish --locked --no-verify --package broken-vault\n"),
        "what depends on a crate is not published without it"
    );
}
