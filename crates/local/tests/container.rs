//! The Dockerfile: what can be checked without Docker, and the image itself where Docker runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The instructions of the Dockerfile, each with its arguments.
fn instructions() -> Vec<(String, String)> {
    let text = fs::read_to_string(root().join("crates/local/Dockerfile")).expect("it is there");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(' '))
        .map(|(name, rest)| (name.to_owned(), rest.to_owned()))
        .collect()
}

fn arguments(name: &str) -> Vec<String> {
    let found = instructions()
        .into_iter()
        .filter(|(found, _)| found == name);
    found.map(|(_, rest)| rest).collect()
}

/// Whether a program is installed and works.
fn works(program: &str, argument: &str) -> bool {
    let output = Command::new(program).arg(argument).output();
    output.is_ok_and(|output| output.status.success())
}

#[test]
fn the_base_images_have_a_version_of_rust_that_is_new_enough() {
    let bases = arguments("FROM");
    assert_eq!(
        bases.len(),
        2,
        "it builds, and copies the program: {bases:?}"
    );
    for base in &bases {
        let image = base.split(' ').next().unwrap_or_default();
        let (_, tag) = image.split_once(':').expect("it has a tag");
        assert!(
            tag.starts_with(|first: char| first.is_ascii_digit()),
            "{image}"
        );
    }
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("it is there");
    let line = manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "));
    let version = line.expect("it has a version").trim_matches('"');
    assert!(
        bases[0].starts_with(&format!("rust:{version}-")),
        "{}",
        bases[0]
    );
}

#[test]
fn everything_that_is_copied_exists_and_is_not_ignored() {
    let ignored = fs::read_to_string(root().join(".dockerignore")).expect("it is there");
    let mut wanted: Vec<&str> = ignored
        .lines()
        .filter_map(|line| line.strip_prefix('!'))
        .collect();
    assert!(
        ignored.lines().any(|line| line == "*"),
        "everything else is ignored"
    );
    let copied = arguments("COPY");
    let mut sources: Vec<&str> = copied
        .iter()
        .filter(|copy| !copy.starts_with("--from"))
        .flat_map(|copy| {
            let words: Vec<&str> = copy.split(' ').collect();
            words[..words.len() - 1].to_vec()
        })
        .collect();
    for source in &sources {
        assert!(root().join(source).exists(), "{source} does not exist");
    }
    sources.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(sources, wanted);
    // Each member of the workspace is in what is copied.
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("it is there");
    let members = manifest
        .lines()
        .find_map(|line| line.strip_prefix("members = "));
    for member in members
        .expect("it has members")
        .split('"')
        .skip(1)
        .step_by(2)
    {
        let first = member.split('/').next().unwrap_or_default();
        assert!(sources.contains(&first), "{member} is not copied");
    }
}

#[test]
fn the_program_is_no_root_and_listens_on_the_port_that_is_exposed() {
    let user = arguments("USER");
    let [user] = user.as_slice() else {
        panic!("one user: {user:?}")
    };
    assert!(
        !user.starts_with('0') && !user.starts_with("root"),
        "{user}"
    );
    let port = arguments("EXPOSE");
    let [port] = port.as_slice() else {
        panic!("one port: {port:?}")
    };
    let entry = arguments("ENTRYPOINT").join("");
    assert!(
        entry.contains(&format!("\"--port\", \"{port}\"")),
        "{entry}"
    );
    assert!(entry.contains("\"--allow-other-hosts\""), "{entry}");
    let health = arguments("HEALTHCHECK").join("");
    assert!(
        health.contains(&format!("http://127.0.0.1:{port}/_health")),
        "{health}"
    );
    // Arguments of the entry are arguments of the program.
    let (code, output) = (
        entry.replace("\"0.0.0.0\"", ""),
        env!("CARGO_BIN_EXE_attache-local"),
    );
    let help = Command::new(output)
        .arg("--help")
        .output()
        .expect("it runs");
    let help = String::from_utf8(help.stdout).expect("it is text");
    for option in code.split('"').filter(|word| word.starts_with("--")) {
        assert!(help.contains(option), "{option} is no option");
    }
}

#[test]
fn hadolint_finds_nothing() {
    if !works("hadolint", "--version") {
        println!("NOT TESTED: hadolint is not installed");
        return;
    }
    let output = Command::new("hadolint")
        .arg(root().join("crates/local/Dockerfile"))
        .output()
        .expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}");
}

/// It takes minutes and loads images, so it does not run with the other tests.
#[test]
#[ignore = "it builds an image"]
fn the_image_serves() {
    if !works("docker", "info") {
        println!("NOT TESTED: Docker does not run here");
        return;
    }
    let docker = |arguments: &[&str]| {
        let output = Command::new("docker")
            .args(arguments)
            .current_dir(root())
            .output();
        let output = output.expect("it runs");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "docker {arguments:?}: {error}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    docker(&[
        "build",
        "--file",
        "crates/local/Dockerfile",
        "--tag",
        "attache-local:test",
        ".",
    ]);
    let id = docker(&["run", "--rm", "--detach", "attache-local:test"]);
    let check = "wget -q -O - http://127.0.0.1:4500/_health";
    let health = docker(&[
        "exec",
        &id,
        "sh",
        "-c",
        &format!("until {check}; do :; done"),
    ]);
    docker(&["kill", &id]);
    assert!(health.ends_with(r#"{"status": "ok"}"#), "{health}");
}
