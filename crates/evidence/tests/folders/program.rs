//! Another process: this test binary, started again with the test `run_by_the_others`. It uploads a folder, prints a line
//! for each step, and waits for a line before it continues, so that a test can end it at a known place.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use attache_evidence::Progress;
use attache_runtime::{Config, Credentials};

use super::{World, one_by_one, read};

const TASK: &str = "ATTACHE_TEST_FOLDER";

/// What the process is told, one thing a line.
fn task(world: &World, service: &str, case: &str) -> String {
    let (key, secret) = world.local.key();
    let (folder, state) = (world.folder(), world.state());
    let paths = [folder, state].map(|path| path.display().to_string());
    let [folder, state] = &paths;
    [
        world.local.endpoint(),
        key,
        secret,
        service,
        case,
        folder,
        state,
    ]
    .join("\n")
}

#[tokio::test]
#[ignore = "the other tests run it as a process"]
async fn run_by_the_others() {
    let Ok(task) = std::env::var(TASK) else {
        return;
    };
    let parts: Vec<&str> = task.split('\n').collect();
    let [endpoint, key, secret, service, case, folder, state] = parts[..] else {
        panic!("a task: {task}");
    };
    let config = Config::builder()
        .endpoint_url(endpoint)
        .region("us-east-1")
        .credentials(Credentials::new(key, secret))
        .build()
        .expect("all is set");
    let settings = one_by_one().on_progress(step);
    let is_new = !std::fs::exists(state).expect("it can be asked for");
    let manifest = if service == "support" {
        let client = attache_support::Client::new(&config);
        let attachments = attache_evidence::support::Attachments::new(&client).settings(settings);
        let uploads = match is_new {
            true => attachments.upload_folder(folder, state).await,
            false => attachments.resume_folder(state).await,
        };
        uploads.expect("nothing is refused").into_manifest()
    } else {
        let client = attache_security_ir::Client::new(&config);
        let attachments =
            attache_evidence::security_ir::Attachments::new(&client).settings(settings);
        let uploads = match is_new {
            true => attachments.upload_folder(case, folder, state).await,
            false => attachments.resume_folder(state).await,
        };
        uploads.expect("nothing is refused").into_manifest()
    };
    let manifest = manifest.expect("all files arrived");
    let text = serde_json::to_string_pretty(&manifest).expect("it can be kept");
    std::fs::write(format!("{state}.manifest"), text).expect("it can be written");
}

/// Says what happened, and waits until it may continue.
fn step(progress: Progress) {
    let (stage, parts) = (progress.stage, progress.parts);
    println!(
        "step {stage:?} {} {parts} {}",
        progress.file_name, progress.bytes
    );
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).expect("a line");
}

/// A running process.
pub(crate) struct Program {
    child: Child,
    steps: std::io::Lines<BufReader<ChildStdout>>,
    answers: ChildStdin,
}

impl Program {
    pub(crate) fn start(world: &World, service: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this test is a file"))
            .args([
                "--exact",
                "program::run_by_the_others",
                "--ignored",
                "--nocapture",
            ])
            .env(TASK, task(world, service, &world.case))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it can be started");
        let steps = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let answers = child.stdin.take().expect("a pipe");
        Self {
            child,
            steps,
            answers,
        }
    }

    /// Runs until a step begins with this text, and kills it there: `SIGKILL` on Unix.
    pub(crate) fn kill_at(self, place: &str) {
        self.kill_when(place, || true);
    }

    /// The same at the first such step where this is true. Files are scanned while the next one is sent, so the steps of
    /// two files have no certain order.
    pub(crate) fn kill_when(mut self, place: &str, is_true: impl Fn() -> bool) {
        while let Some(step) = self.step() {
            if step.starts_with(place) && is_true() {
                self.child.kill().expect("it runs");
                self.child.wait().expect("it ended");
                return;
            }
            self.answers.write_all(b"\n").expect("it waits");
        }
        panic!("the step `{place}` did not come");
    }

    /// Runs until a step begins with this text.
    pub(crate) fn wait_for(&mut self, place: &str) {
        while let Some(step) = self.step() {
            self.answers.write_all(b"\n").expect("it waits");
            if step.starts_with(place) {
                return;
            }
        }
        panic!("the step `{place}` did not come");
    }

    /// Runs to its end. Returns the steps and the manifest.
    pub(crate) fn finish(mut self, world: &World) -> (Vec<String>, attache_evidence::Manifest) {
        let mut steps = Vec::new();
        while let Some(step) = self.step() {
            steps.push(step);
            self.answers.write_all(b"\n").expect("it waits");
        }
        let status = self.child.wait().expect("it ended");
        assert!(status.success(), "{status}: {steps:?}");
        let manifest = read(&world.beside("state.json.manifest"));
        let manifest = serde_json::from_str(&manifest).expect("a manifest");
        (steps, manifest)
    }

    fn step(&mut self) -> Option<String> {
        loop {
            let line = self.steps.next()?.expect("text");
            // The first line follows the name of the test.
            if let Some((_, step)) = line.split_once("step ") {
                return Some(step.to_owned());
            }
        }
    }
}
