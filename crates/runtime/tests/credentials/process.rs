//! `credential_process`, with real programs.
#![cfg(unix)]

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use attache_runtime::{BoxFuture, Timer, TokioTimer};
use tokio::task::JoinHandle;

use crate::stage::{Network, builder, core, files, key_of};

async fn run(command: &str) -> Result<String, String> {
    let network = Network::default();
    let environment = files(&format!("[default]\ncredential_process = {command}\n"), "");
    // A program runs in real time.
    let builder = builder(&network).timer(TokioTimer::default());
    let core = core(builder.from_environment(environment).unwrap());
    let found = key_of(&network, &core).await;
    if let Err(error) = &found {
        assert!(!error.contains("SECRET"), "{error}");
    }
    found
}

#[tokio::test]
async fn credentials_are_read_from_the_output_of_a_program() {
    let printed = r#"{"Version":1,"AccessKeyId":"PROCESS","SecretAccessKey":"SECRET","SessionToken":"T","Expiration":"2026-11-22T18:00:00Z"}"#;
    assert_eq!(
        run(&format!("printf %s '{printed}'")).await.unwrap(),
        "PROCESS T"
    );
    let forever = r#"{"Version":1,"AccessKeyId":"PROCESS","SecretAccessKey":"SECRET"}"#;
    assert_eq!(
        run(&format!(
            "sh -c \"echo '{}'\"",
            forever.replace('"', "\\\"")
        ))
        .await
        .unwrap(),
        "PROCESS"
    );
}

#[tokio::test]
async fn errors_show_no_output_of_the_program() {
    let place = "credential_process (/home/me/.aws/config, line 2)";
    for (command, complaint) in [
        ("'unfinished", format!("{place} is not a command")),
        (
            "no-such-program-anywhere",
            format!("{place}, program `no-such-program-anywhere`: it could not be started"),
        ),
        (
            "sh -c 'echo SECRET; echo SECRET >&2; exit 3'",
            format!(
                "{place}, program `sh`: it ended with exit status: 3; what it printed is not shown"
            ),
        ),
        (
            "echo SECRET",
            format!("{place}, program `echo`: what it printed is not JSON; it is not shown"),
        ),
        (
            r#"printf %s '{"AccessKeyId":"A","SecretAccessKey":"SECRET"}'"#,
            format!("{place}, program `printf`: its output has no `Version` of 1"),
        ),
        (
            r#"printf %s '{"Version":1,"AccessKeyId":"A"}'"#,
            format!("{place}, program `printf`: it returned no AccessKeyId or no SecretAccessKey"),
        ),
    ] {
        let found = run(command).await.expect_err("it fails");
        assert!(found.starts_with(&complaint), "{found}");
    }
}

/// A FIFO that a program and its children keep open. A reader sees its end when all of these processes have ended.
struct Alive(PathBuf);

impl Alive {
    fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("attache-alive-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let made = Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        Self(path)
    }

    /// A command that opens the FIFO and then runs the script.
    fn command(&self, script: &str) -> String {
        format!("sh -c 'exec 3>{}; {script}'", self.0.display())
    }

    /// Waits until a process has opened the FIFO, and returns a task that waits until no process has it open.
    async fn held(&self) -> JoinHandle<()> {
        let path = self.0.clone();
        let opened = tokio::task::spawn_blocking(move || std::fs::File::open(path).unwrap());
        let mut file = opened.await.unwrap();
        tokio::task::spawn_blocking(move || {
            assert_eq!(file.read_to_end(&mut Vec::new()).unwrap(), 0);
        })
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap();
    }
}

/// A timer with the real time, except that the deadline of a program comes early.
#[derive(Debug)]
struct Hurried(TokioTimer);

impl Timer for Hurried {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let is_deadline = duration == Duration::from_secs(60);
        let shorter = Duration::from_millis(50);
        self.0.sleep(if is_deadline { shorter } else { duration })
    }
}

async fn run_hurried(command: String) -> Result<String, String> {
    let network = Network::default();
    let environment = files(&format!("[default]\ncredential_process = {command}\n"), "");
    let builder = builder(&network).timer(Hurried(TokioTimer::default()));
    let core = core(builder.from_environment(environment).unwrap());
    key_of(&network, &core).await
}

const PRINT: &str =
    r#"printf "{\"Version\":1,\"AccessKeyId\":\"PROCESS\",\"SecretAccessKey\":\"SECRET\"}""#;

#[tokio::test]
async fn when_the_caller_is_dropped_the_program_and_its_children_are_killed() {
    for script in [
        "sleep 1000",
        "sleep 1000 & sleep 1000",
        "exec >&-; sleep 1000",
    ] {
        let alive = Alive::new();
        let command = alive.command(script);
        let task = tokio::spawn(async move { run(&command).await });
        let gone = alive.held().await;
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        gone.await.unwrap();
    }
}

/// None of these programs ends. The first one closes its output, the others do not.
#[tokio::test]
async fn a_program_that_does_not_end_is_killed_with_its_children() {
    for (script, complaint) in [
        (
            "exec >&-; sleep 1000",
            "it did not end within 60s, and was stopped",
        ),
        (
            "sleep 1000 & sleep 1000",
            "it did not end within 60s, and was stopped",
        ),
        (
            "trap \"\" HUP INT TERM PIPE; sleep 1000 & wait",
            "it did not end within 60s, and was stopped",
        ),
    ] {
        let alive = Alive::new();
        let running = tokio::spawn(run_hurried(alive.command(script)));
        alive.held().await.await.unwrap();
        let found = running.await.unwrap().unwrap_err();
        let place = "credential_process (/home/me/.aws/config, line 2), program `sh`";
        assert_eq!(found, format!("{place}: {complaint}"));
    }
}

#[tokio::test]
async fn a_program_with_endless_output_is_killed() {
    let alive = Alive::new();
    let command = alive.command("while :; do echo SECRET; done");
    let running = tokio::spawn(async move { run(&command).await });
    alive.held().await.await.unwrap();
    let found = running.await.unwrap().unwrap_err();
    assert!(
        found.ends_with("it printed more than 262144 bytes, and was stopped"),
        "{found}"
    );
}

#[tokio::test]
async fn output_is_used_although_a_child_keeps_the_pipe_open() {
    let alive = Alive::new();
    let command = alive.command(&format!("sleep 1000 & {PRINT}"));
    let running = tokio::spawn(async move { run(&command).await });
    alive.held().await.await.unwrap();
    assert_eq!(running.await.unwrap().as_deref(), Ok("PROCESS"));
}

/// Runs an ignored test of this file in a separate process.
fn alone(test: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--ignored", "--nocapture"]);
    command
}

#[test]
#[cfg(target_os = "linux")]
fn no_thread_and_no_process_remains() {
    let status = alone("process::assert_that_nothing_remains")
        .stdin(Stdio::null())
        .status();
    assert!(status.unwrap().success());
}

/// This needs a separate process, in which no other test has threads and children.
#[tokio::test]
#[ignore = "run by no_thread_and_no_process_remains"]
#[cfg(target_os = "linux")]
async fn assert_that_nothing_remains() {
    let keeps = format!("sh -c 'sleep 1000 & {PRINT}'");
    // A process that leaves the process group cannot be killed; it must not keep a thread of ours either.
    let leaves = format!("sh -c 'setsid sleep 30 & {PRINT}'");
    let mut running = Vec::new();
    for _ in 0..4 {
        for command in [
            "sh -c 'exec >&-; sleep 1000'",
            "sh -c 'sleep 1000 & sleep 1000'",
        ] {
            running.push(tokio::spawn(run_hurried(command.to_owned())));
        }
        for command in [keeps.clone(), leaves.clone()] {
            running.push(tokio::spawn(async move { run(&command).await }));
        }
    }
    for running in running {
        // Other tests assert the results.
        let _ = running.await.unwrap();
    }
    let since = Instant::now();
    while threads() > 0 || children() > 0 {
        let (threads, children) = (threads(), children());
        assert!(
            since.elapsed() < Duration::from_secs(30),
            "{threads} threads, {children} children"
        );
        tokio::task::yield_now().await;
    }
}

/// The number of threads of this process that wait for programs.
#[cfg(target_os = "linux")]
fn threads() -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let name = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("comm"));
    let names = tasks.filter_map(|task| name(task.unwrap()).ok());
    names
        .filter(|name| name.starts_with("attache-cred"))
        .count()
}

/// The number of children of this process, including ended ones that were not waited for.
#[cfg(target_os = "linux")]
fn children() -> usize {
    let own = std::process::id().to_string();
    let processes = std::fs::read_dir("/proc").unwrap();
    let parent = |process: std::fs::DirEntry| {
        let stat = std::fs::read_to_string(process.path().join("stat")).ok()?;
        let (_, rest) = stat.rsplit_once(") ")?;
        Some(rest.split(' ').nth(1)?.to_owned())
    };
    let parents = processes.filter_map(|process| parent(process.unwrap()));
    parents.filter(|parent| *parent == own).count()
}

/// A program that prompts for a code reads it from the terminal at standard input, and its prompt is visible.
#[test]
fn a_program_can_prompt_at_the_terminal() {
    use nix::fcntl::OFlag;
    use nix::pty::{grantpt, posix_openpt, ptsname_r, unlockpt};

    let mut terminal = posix_openpt(OFlag::O_RDWR | OFlag::O_NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname_r(&terminal).unwrap();
    let open = || {
        let mut options = std::fs::OpenOptions::new();
        options.read(true).write(true).open(&name).unwrap()
    };
    let mut child = alone("process::prompt_at_the_terminal")
        .stdin(open())
        .stderr(open())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut shown = Vec::new();
    while !shown.ends_with(b"code: ") {
        let mut byte = [0];
        terminal.read_exact(&mut byte).unwrap();
        shown.push(byte[0]);
    }
    terminal.write_all(b"123456\n").unwrap();
    let mut output = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut output)
        .unwrap();
    assert!(child.wait().unwrap().success(), "{output}");
}

const ASK: &str = r#"printf "code: " >&2; read code && test "$code" = 123456"#;

#[tokio::test]
#[ignore = "run by a_program_can_prompt_at_the_terminal"]
async fn prompt_at_the_terminal() {
    let found = run(&format!("sh -c '{ASK} && {PRINT}'")).await;
    assert_eq!(found.as_deref(), Ok("PROCESS"));
}

#[test]
fn a_program_has_no_input_if_standard_input_is_no_terminal() {
    let mut child = alone("process::prompt_without_a_terminal")
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    // The program must not read the input of this process.
    child.stdin.take().unwrap().write_all(b"123456\n").unwrap();
    assert!(child.wait().unwrap().success());
}

#[tokio::test]
#[ignore = "run by a_program_has_no_input_if_standard_input_is_no_terminal"]
async fn prompt_without_a_terminal() {
    let found = run(&format!("sh -c '{ASK} && {PRINT}'")).await.unwrap_err();
    assert!(found.contains("it ended with exit status: 1"), "{found}");
}
