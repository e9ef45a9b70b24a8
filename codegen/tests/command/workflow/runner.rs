//! Runs the scripts of a workflow as a runner of GitHub does: bash, a fresh clone for each job, and files for outputs.
//!
//! `attache`, `cargo` and `gh` are scripts that record how they are called; git is the real one. The repository that is
//! cloned and pushed to is a folder.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::super::workspace::Place;
use super::document::{Job, Workflow};

/// Writes the report, and what a file `update` beside it holds into the workspace.
const ATTACHE: &str = r#"#!/bin/bash
[[ $1 == update && $2 == --report && $4 == --drop-endpoint-tests && $# == 4 ]] || exit 64
cp "$FAKE/report.md" "$3"
echo '::add-mask::a text of a model'
[[ ! -d $FAKE/update ]] || cp -R "$FAKE/update/." .
"#;

/// Fails for `cargo test` where there is a file `broken`, and outside of the workspace.
const CARGO: &str = r#"#!/bin/bash
[[ -e Cargo.lock ]] || exit 101
echo "cargo $*" >> "$FAKE/calls"
[[ $1 == test && -e $FAKE/broken ]] && exit 101
exit 0
"#;

/// Knows one open pull request: the number in the file `open`.
const GH: &str = r#"#!/bin/bash
echo "gh $*" >> "$FAKE/calls"
[[ -n $GH_TOKEN ]] || exit 4
for argument; do
    [[ $before == --body-file ]] && cp "$argument" "$FAKE/body"
    before=$argument
done
case "$1 $2" in
    'pr list') cat "$FAKE/open" 2>/dev/null ;;
    'pr create') echo 7 > "$FAKE/open" ;;
    'auth setup-git' | 'pr edit') ;;
    *) exit 64 ;;
esac
exit 0
"#;

/// What a job left behind.
pub(super) struct Ended {
    pub(super) passed: bool,
    pub(super) outputs: BTreeMap<String, String>,
    pub(super) printed: String,
}

/// A repository, and programs that stand for those of a runner.
pub(super) struct Runner {
    root: TempDir,
    workflow: Workflow,
    /// Whether the secret is set.
    pub(super) has_own_token: bool,
}

impl Runner {
    pub(super) fn new(workflow: &str) -> Self {
        let runner = Self {
            root: tempfile::tempdir().expect("a folder can be made"),
            workflow: Workflow::read(workflow),
            has_own_token: true,
        };
        for (name, script) in [("attache", ATTACHE), ("cargo", CARGO), ("gh", GH)] {
            let path = runner.write(&format!("bin/{name}"), script);
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it is ours");
        }
        runner.write("fake/report.md", "| service | verdict |\n");
        runner.write("home/.gitconfig", "[init]\ndefaultBranch = main\n");
        runner.git("", &["init", "--quiet", "--bare", "origin"]);
        runner.git("", &["clone", "--quiet", "origin", "person"]);
        for (file, text) in [
            ("models/attache.toml", "release = 1\n"),
            ("models/parcels/model.json", "{}\n"),
            ("Cargo.lock", "version = 4\n"),
        ] {
            let folder = Path::new("person").join(&runner.workflow.directory);
            runner.write(&folder.join(file).display().to_string(), text);
        }
        runner.commit("person");
        runner.git("person", &["push", "--quiet", "origin", "HEAD:main"]);
        runner
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    pub(super) fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("it can be made");
        fs::write(&path, text).expect("it can be written");
        path
    }

    /// Puts the program itself in the place of its stand-in, and the files of a workspace into the repository.
    pub(super) fn use_program(&self, workspace: &Place) {
        let program = self.path("bin/attache");
        fs::remove_file(&program).expect("it is there");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_attache"), &program)
            .expect("a link can be made");
        for (path, bytes) in workspace.snapshot("") {
            let below = path.strip_prefix(workspace.path("")).expect("it is below");
            let place = self.path("person").join(below);
            if path.is_dir() {
                fs::create_dir_all(place).expect("it can be made");
            } else {
                fs::write(place, bytes).expect("it can be written");
            }
        }
        self.commit("person");
        self.git("person", &["push", "--quiet", "origin", "HEAD:main"]);
    }

    /// What the next update writes into the workspace.
    pub(super) fn publish(&self, path: &str, text: &str) {
        self.write(&format!("fake/update/{path}"), text);
    }

    pub(super) fn commit(&self, folder: &str) {
        self.git(folder, &["add", "--all"]);
        let person = [
            "-c",
            "user.name=A person",
            "-c",
            "user.email=person@example.com",
        ];
        let commit = ["commit", "--quiet", "--message", "By hand"];
        self.git(folder, &[&person[..], &commit[..]].concat());
    }

    fn command(&self, program: &str, folder: &Path) -> Command {
        let path = std::env::var("PATH").expect("there is a PATH");
        let mut command = Command::new(program);
        command
            .current_dir(folder)
            .env_clear()
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("HOME", self.path("home"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("FAKE", self.path("fake"));
        command
    }

    pub(super) fn git(&self, folder: &str, arguments: &[&str]) -> String {
        let mut command = self.command("git", &self.path(folder));
        let output = command.args(arguments).output().expect("git runs");
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).expect("git prints text")
    }

    /// How `cargo` and `gh` were called since the last time.
    pub(super) fn calls(&self) -> Vec<String> {
        let calls = fs::read_to_string(self.path("fake/calls")).unwrap_or_default();
        self.write("fake/calls", "");
        calls.lines().map(str::to_owned).collect()
    }

    /// The text of the pull request.
    pub(super) fn body(&self) -> String {
        fs::read_to_string(self.path("fake/body")).expect("a pull request was opened or refreshed")
    }

    /// The commit of a branch of the repository, where there is one.
    pub(super) fn branch(&self, name: &str) -> Option<String> {
        let reference = format!("refs/heads/{name}");
        let found = self.git(
            "origin",
            &["for-each-ref", "--format=%(objectname)", &reference],
        );
        (!found.is_empty()).then(|| found.trim().to_owned())
    }

    /// Runs the first job.
    pub(super) fn test(&self) -> Ended {
        self.job(self.workflow.job("test"), &BTreeMap::new())
    }

    /// Runs the second job after the first, unless its condition keeps it from running.
    pub(super) fn propose(&self, tested: &Ended) -> Option<Ended> {
        let job = self.workflow.job("propose");
        assert_eq!(
            job.condition,
            "${{ !cancelled() && needs.test.outputs.tree != '' }}"
        );
        let tree = tested.outputs.get("tree")?;
        let result = if tested.passed { "success" } else { "failure" };
        let own = self.has_own_token.to_string();
        let expressions = BTreeMap::from([
            ("secrets.ATTACHE_UPDATE_TOKEN || github.token", "a-token"),
            ("secrets.ATTACHE_UPDATE_TOKEN != ''", own.as_str()),
            ("needs.test.outputs.tree", tree),
            ("needs.test.result", result),
        ]);
        Some(self.job(job, &expressions))
    }

    /// Both jobs.
    pub(super) fn run(&self) -> Option<Ended> {
        self.propose(&self.test())
    }

    fn job(&self, job: &Job, expressions: &BTreeMap<&str, &str>) -> Ended {
        let temporary = tempfile::tempdir_in(self.root.path()).expect("a folder can be made");
        let work = temporary.path().join("work");
        self.git(
            "",
            &["clone", "--quiet", "origin", &work.display().to_string()],
        );
        let output = temporary.path().join("output");
        let mut ended = Ended {
            passed: true,
            outputs: BTreeMap::new(),
            printed: String::new(),
        };
        for step in job.steps.iter().filter(|step| !step.run.is_empty()) {
            let is_due = match step.condition.as_str() {
                "" => true,
                "steps.update.outputs.tree != ''" => ended.outputs.contains_key("tree"),
                other => panic!("a condition that is not known here: {other}"),
            };
            if !is_due {
                continue;
            }
            let script = temporary.path().join("script.sh");
            fs::write(&script, &step.run).expect("it can be written");
            let mut command = self.command("bash", &work.join(&self.workflow.directory));
            command
                .args(["--noprofile", "--norc", "-eo", "pipefail"])
                .arg(&script)
                .env("GITHUB_OUTPUT", &output)
                .env("GITHUB_STEP_SUMMARY", temporary.path().join("summary"))
                .env("RUNNER_TEMP", temporary.path())
                .env("GITHUB_REF_NAME", "main")
                .env("GITHUB_SERVER_URL", "https://github.example.com")
                .env("GITHUB_REPOSITORY", "acme/clients")
                .env("GITHUB_RUN_ID", "42");
            for (name, value) in &step.env {
                command.env(name, evaluated(value, expressions));
            }
            let done = command.output().expect("bash runs");
            let complaints = String::from_utf8_lossy(&done.stderr);
            ended.printed += &(String::from_utf8_lossy(&done.stdout).into_owned() + &complaints);
            for line in fs::read_to_string(&output).unwrap_or_default().lines() {
                let (name, value) = line.split_once('=').expect("an output");
                ended.outputs.insert(name.to_owned(), value.to_owned());
            }
            if !done.status.success() {
                ended.passed = false;
                break;
            }
        }
        ended
    }
}

/// The value of a variable: a text, or one expression of those that are known.
fn evaluated(value: &str, expressions: &BTreeMap<&str, &str>) -> String {
    let expression = value
        .strip_prefix("${{ ")
        .and_then(|rest| rest.strip_suffix(" }}"));
    match expression {
        None => value.to_owned(),
        Some(expression) => expressions
            .get(expression)
            .unwrap_or_else(|| panic!("an expression that is not known here: {expression}"))
            .to_string(),
    }
}
