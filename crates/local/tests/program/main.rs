//! The program: how it starts and how it ends.

mod kill;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use attache_support::{Client, Config, Credentials};

const PROGRAM: &str = env!("CARGO_BIN_EXE_attache-local");

/// A running program; it is killed when this is dropped.
struct Program {
    process: Child,
    url: String,
    /// What it prints behind its URL.
    output: BufReader<ChildStdout>,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut process = Command::new(PROGRAM)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let output = process.stdout.take().expect("it has an output");
        let mut output = BufReader::new(output);
        let mut url = String::new();
        output.read_line(&mut url).expect("it prints its URL");
        let url = url.trim_end().to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "{url}");
        Self {
            process,
            url,
            output,
        }
    }

    fn on(folder: &Path) -> Self {
        let folder = folder.to_str().expect("it is text");
        Self::start(&[
            "--data",
            folder,
            "--processing-time",
            "0",
            "--part-size",
            "65536",
        ])
    }

    fn client(&self) -> Client {
        let config = Config::builder()
            .endpoint_url(&self.url)
            .region("us-east-1")
            .credentials(Credentials::new("AKIDATTACHELOCAL", "attache-local-secret"))
            .max_attempts(1)
            .build();
        Client::new(&config.expect("the configuration is whole"))
    }

    /// `kill -9`.
    fn kill(mut self) {
        self.process.kill().expect("it is killed");
        self.process.wait().expect("it has ended");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let ended = Command::new(PROGRAM)
        .args(arguments)
        .output()
        .expect("it runs");
    let Output {
        status,
        stdout,
        stderr,
    } = ended;
    let text = |bytes| String::from_utf8(bytes).expect("it is text");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn help_and_version_go_to_the_output() {
    let (code, output, _) = run(&["--help"]);
    assert_eq!(code, Some(0));
    for option in [
        "--port",
        "--data",
        "--fault",
        "x-attache-local-fault",
        "--catalogue",
        "--lenient",
        "--key random",
    ] {
        assert!(output.contains(option), "{option} is missing:\n{output}");
    }
    let (code, output, _) = run(&["--version"]);
    assert_eq!(
        (code, output.starts_with("attache-local ")),
        (Some(0), true)
    );
}

#[test]
fn wrong_arguments_are_named() {
    for (arguments, problem) in [
        (&["--prot", "1"][..], "unknown argument `--prot`"),
        (&["--port"], "`--port` needs a value"),
        (
            &["--port", "many"],
            "the value of `--port` must be a whole number, not `many`",
        ),
        (&["--fault", "explode"], "`explode` is no fault"),
        (&["--key", "alone"], "with a colon between them"),
        (
            &["--catalogue", "no such file"],
            "could not read no such file",
        ),
        (&["--lenient=yes"], "`--lenient` takes no value"),
        (&["--account", "12"], "must be 12 digits, not `12`"),
        (&["--account", "AKID=12"], "must be 12 digits, not `12`"),
        (
            &["--account", "=123456789012"],
            "no access key id before `=`",
        ),
        (
            &["--listen", "everywhere"],
            "must be an IP address, not `everywhere`",
        ),
        (&["--no-membership=yes"], "`--no-membership` takes no value"),
    ] {
        let (code, output, error) = run(arguments);
        assert_eq!((code, output.as_str()), (Some(2), ""));
        assert!(error.contains(problem), "{arguments:?}: {error}");
    }
}

#[tokio::test]
async fn the_start_says_what_is_held_and_how_clients_are_set_up() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let first = Program::on(folder.path());
    let call = first.client().create_case().subject("s");
    let opened = call.communication_body("b").send().await;
    opened.expect("the case is opened");
    first.kill();
    let data = folder.path().to_str().expect("it is text");
    let arguments = ["--data", data, "--account", "AKIDOTHER=210987654321"];
    let mut process = Command::new(PROGRAM)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut url = String::new();
    let output = process.stdout.take().expect("it has an output");
    let mut output = BufReader::new(output);
    output.read_line(&mut url).expect("it prints its URL");
    let mut said = BufReader::new(process.stderr.take().expect("it has an output")).lines();
    let mut lines = Vec::new();
    while lines.len() < 12 {
        lines.push(said.next().expect("it says more").expect("it is text"));
    }
    process.kill().expect("it is killed");
    process.wait().expect("it has ended");
    let url = url.trim_end();
    let address = url.strip_prefix("http://").expect("it is a URL");
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        lines,
        [
            format!(
                "attache-local {version}: Support and Security IR listen at {address}. Ctrl-C ends it."
            ),
            format!("The data is kept in {data}:"),
            "  123456789012 support global: 1 case, 0 files".to_owned(),
            "  210987654321 support global: 0 cases, 0 files".to_owned(),
            "  123456789012 security-ir us-east-1: 0 cases, 0 files, 1 membership".to_owned(),
            "  210987654321 security-ir us-east-1: 0 cases, 0 files, 1 membership".to_owned(),
            "Settings of clients:".to_owned(),
            format!("  export AWS_ENDPOINT_URL_SUPPORT={url}"),
            format!("  export AWS_ENDPOINT_URL_SECURITY_IR={url}"),
            "  export AWS_ACCESS_KEY_ID=AKIDATTACHELOCAL".to_owned(),
            "  export AWS_SECRET_ACCESS_KEY=attache-local-secret".to_owned(),
            "  export AWS_REGION=us-east-1".to_owned(),
        ]
    );
}

#[test]
fn an_address_that_other_hosts_reach_must_be_allowed() {
    let (code, _, error) = run(&["--listen", "0.0.0.0"]);
    assert_eq!(code, Some(1));
    assert!(error.contains("--allow-other-hosts"), "{error}");
    let program = Program::start(&["--listen", "0.0.0.0", "--allow-other-hosts"]);
    assert!(program.url.starts_with("http://127.0.0.1:"));
}

#[test]
fn a_port_or_a_folder_that_is_in_use_is_named() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let first = Program::on(folder.path());
    let port = first.url.rsplit(':').next().expect("it has a port");
    let (code, _, error) = run(&["--port", port]);
    assert!(
        code == Some(1) && error.contains(&format!("could not listen on 127.0.0.1:{port}")),
        "{error}"
    );
    let (code, _, error) = run(&["--data", folder.path().to_str().expect("it is text")]);
    assert!(
        code == Some(1) && error.contains("is in use by another process"),
        "{error}"
    );
    let file = folder.path().join("a file");
    std::fs::write(&file, "").expect("it is written");
    let (code, _, error) = run(&["--data", file.to_str().expect("it is text")]);
    assert!(code == Some(1) && error.contains("a file"), "{error}");
}

#[tokio::test]
async fn a_catalogue_is_read_from_files() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let file = |name: &str, json: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, json).expect("it is written");
        path.to_str().expect("it is text").to_owned()
    };
    let levels = file(
        "levels.json",
        r#"{"severityLevels": [{"code": "low", "name": "Low"}]}"#,
    );
    let checks = file("checks.json", r#"{"checks": []}"#);
    let program = Program::start(&["--catalogue", &levels, "--catalogue", &checks]);
    let client = program.client();
    let listed = client
        .describe_severity_levels()
        .send()
        .await
        .expect("they are listed");
    assert_eq!(listed.severity_levels.map(|levels| levels.len()), Some(1));
    let checks = client
        .describe_trusted_advisor_checks()
        .language("en")
        .send()
        .await;
    assert_eq!(checks.expect("they are listed").checks.len(), 0);
    let wrong = file("wrong.json", r#"{"checks": [{"id": 1}]}"#);
    let (code, output, error) = run(&["--catalogue", &wrong]);
    assert_eq!((code, output.as_str()), (Some(2), ""));
    let member = "wrong.json: `/checks/0` lacks the member `name`";
    assert!(error.contains(member), "{error}");
}

#[tokio::test]
async fn a_random_key_is_another_one_each_time_and_the_only_one() {
    let mut secrets = Vec::new();
    for _ in 0..2 {
        let mut program = Program::start(&["--key", "random"]);
        let mut setting = |name: &str| {
            let mut line = String::new();
            program.output.read_line(&mut line).expect("it is text");
            let value = line.trim_end().strip_prefix(name);
            value.expect("it is the setting").to_owned()
        };
        let id = setting("AWS_ACCESS_KEY_ID=");
        let secret = setting("AWS_SECRET_ACCESS_KEY=");
        let refused = program.client().describe_services().send().await;
        let refused = refused.expect_err("the key of the source is refused");
        assert_eq!(refused.code(), Some("UnrecognizedClientException"));
        let config = Config::builder()
            .endpoint_url(&program.url)
            .region("us-east-1")
            .credentials(Credentials::new(id, secret.clone()))
            .build();
        let client = Client::new(&config.expect("the configuration is whole"));
        let let_in = client.describe_services().send().await;
        let_in.expect("the printed key is accepted");
        secrets.push(secret);
    }
    assert_ne!(secrets[0], secrets[1]);
}

#[cfg(unix)]
#[test]
fn it_runs_with_closed_outputs() {
    // The reading ends are closed before the program starts, so that every write fails.
    let closed = || {
        let (reader, writer) = std::io::pipe().expect("there is a pipe");
        drop(reader);
        writer
    };
    for arguments in [&["--help"][..], &["--version"], &["--wrong"], &[]] {
        let mut process = Command::new(PROGRAM)
            .args(arguments)
            .stdout(closed())
            .stderr(closed())
            .spawn()
            .expect("it starts");
        if arguments.is_empty() {
            // The server goes on, and ends when it is asked to. It listens for signals before it prints anything.
            while !is_waiting(&process) {
                std::thread::yield_now();
            }
            let sent = Command::new("kill")
                .args(["-TERM", &process.id().to_string()])
                .status();
            assert!(sent.expect("there is such a program").success());
        }
        let code = process.wait().expect("it ends").code();
        let wanted = if arguments == ["--wrong"] { 2 } else { 0 };
        assert_eq!(code, Some(wanted), "{arguments:?}");
    }
}

/// Whether the program has a thread that serves, or has ended.
#[cfg(unix)]
fn is_waiting(process: &Child) -> bool {
    let tasks = std::fs::read_dir(format!("/proc/{}/task", process.id()));
    let Ok(tasks) = tasks else { return true };
    tasks.flatten().any(|task| {
        let name = std::fs::read_to_string(task.path().join("comm")).unwrap_or_default();
        name.trim_end() == "attache-local" && task.file_name() != *process.id().to_string()
    })
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_when_requests_are_answered() {
    for signal in ["-INT", "-TERM"] {
        let mut program = Program::start(&[]);
        let sent = Command::new("kill")
            .args([signal, &program.process.id().to_string()])
            .status();
        assert!(sent.expect("there is such a program").success());
        let status = program.process.wait().expect("it ends");
        assert_eq!(status.code(), Some(0), "{signal}");
        let mut rest = String::new();
        program
            .output
            .read_to_string(&mut rest)
            .expect("it is text");
        assert_eq!(rest, "");
    }
}
