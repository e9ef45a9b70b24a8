//! `tests/example-project`: an example of another workspace that generates its client, by a build script and by an xtask.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("example-project")
}

/// The packages of a lock file: name and version.
fn locked(folder: &Path) -> BTreeSet<(String, String)> {
    let text = fs::read_to_string(folder.join("Cargo.lock")).expect("the lock file is there");
    let value = |package: &str, key: &str| {
        let line = package.lines().find_map(|line| line.strip_prefix(key));
        line.map(|text| text.trim_matches('"').to_owned())
            .unwrap_or_default()
    };
    text.split("[[package]]\n")
        .skip(1)
        .filter(|package| package.contains("\nsource = "))
        .map(|package| (value(package, "name = "), value(package, "version = ")))
        .collect()
}

/// Otherwise the project could not be built where only the crates of this repository have been fetched.
#[test]
fn the_project_needs_no_crate_that_the_repository_does_not() {
    let (ours, theirs) = (locked(&repository()), locked(&project()));
    assert!(theirs.len() > 50, "the lock file was read: {theirs:?}");
    let others: Vec<_> = theirs.difference(&ours).collect();
    assert!(
        others.is_empty(),
        "copy Cargo.lock to tests/example-project and build there: {others:?}"
    );
}

/// The project as it stands, in a folder of its own: what it generates belongs into no checkout.
struct Copy {
    folder: PathBuf,
}

impl Copy {
    fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("example-project");
        let _ = fs::remove_dir_all(&folder);
        for file in [
            "Cargo.toml",
            "Cargo.lock",
            "app/Cargo.toml",
            "app/src/bin/errors_through_anyhow.rs",
            "app/src/bin/log_of_a_retry.rs",
            "app/src/main.rs",
            "courier/Cargo.toml",
            "courier/src/lib.rs",
            "courier/tests/mock.rs",
            "courier/tests/recording.rs",
            "courier/tests/recordings/two_recipients.json",
            "evidence/Cargo.toml",
            "evidence/src/main.rs",
            "models/attache.toml",
            "parcels/Cargo.toml",
            "parcels/build.rs",
            "parcels/src/lib.rs",
            "published/parcels.json",
            "xtask/Cargo.toml",
            "xtask/src/main.rs",
        ] {
            let text = fs::read_to_string(project().join(file)).expect(file);
            let repository = repository().canonicalize().expect("the repository");
            let text = text.replace("\"../../", &format!("\"{}/", repository.display()));
            let place = folder.join(file);
            fs::create_dir_all(place.parent().expect("a folder")).expect("it can be made");
            fs::write(place, text).expect("it can be written");
        }
        Self { folder }
    }

    fn cargo(&self, arguments: &str) -> Output {
        Command::new(env!("CARGO"))
            .args(arguments.split_whitespace())
            .current_dir(&self.folder)
            .env("RUST_BACKTRACE", "0")
            .env(
                "CARGO_TARGET_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("example-project-target"),
            )
            .output()
            .expect("cargo runs")
    }

    /// What a command prints that succeeds.
    fn succeeds(&self, arguments: &str) -> String {
        let output = self.cargo(arguments);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "cargo {arguments}:\n{complaint}");
        String::from_utf8(output.stdout).expect("it prints text")
    }
}

/// What the example `log_of_a_retry` writes.
const LOG_OF_A_RETRY: &str = r#" INFO attache.call{otel.name=Parcels.SendParcel otel.kind="client" rpc.system.name="aws-api" rpc.method=Parcels/SendParcel cloud.region="eu-central-1" invocation_id="cfdf3b64-5a1c-4c00-8fdf-3b645a1cac00" server.address="parcels.eu-central-1.amazonaws.com" server.port=443}: attache::retry: retrying in 812 ms after ThrottlingException, attempt 2 of 3 rpc.method=Parcels/SendParcel attempt=2 max_attempts=3 delay_ms=812 error.type=ThrottlingException http.response.status_code=429 aws.request_id=request-1
 INFO attache.call{otel.name=Parcels.SendParcel otel.kind="client" rpc.system.name="aws-api" rpc.method=Parcels/SendParcel cloud.region="eu-central-1" invocation_id="cfdf3b64-5a1c-4c00-8fdf-3b645a1cac00" server.address="parcels.eu-central-1.amazonaws.com" server.port=443 http.response.status_code=200 aws.request_id=request-2 attempts=2}: attache::call: Parcels.SendParcel succeeded after 2 attempts in 812 ms rpc.method=Parcels/SendParcel http.response.status_code=200 aws.request_id=request-2 attempts=2 duration_ms=812
"#;

/// What the example `errors_through_anyhow` prints.
const ERRORS_THROUGH_ANYHOW: &str = "\
the parcel stays here: SendParcel: grams: 40000, at most 30000 (not sent)
the parcel stays here

Caused by:
    SendParcel: grams: 40000, at most 30000 (not sent)

the parcel stays here: SendParcel: no connection to parcels.eu-central-1.amazonaws.com:443: connection refused
the parcel stays here

Caused by:
    0: SendParcel: no connection to parcels.eu-central-1.amazonaws.com:443
    1: connection refused

";

/// What the example `evidence` prints.
const FOLDER_IN_TWO_PROCESSES: &str = "The first process succeeded: false
Files that were sent so far: 3
The second process continued.
Files that were sent so far: 5
New files, which were not sent: late.txt
host-1/.bash_history is host-1--.bash_history in the case, 36 bytes
host-1/app.log is host-1--app.log in the case, 30 bytes
host-1/memory.dump is host-1--memory.dump in the case, 34 bytes
host-2/app.log is host-2--app.log in the case, 30 bytes
notes.txt is notes.txt in the case, 25 bytes
Differences between the manifest and the folder: 1
";

fn a_folder_is_uploaded_by_two_processes(copy: &Copy) {
    assert_eq!(
        copy.succeeds("run --quiet --locked --offline --package evidence"),
        FOLDER_IN_TWO_PROCESSES
    );
}

/// What the programs of the app print: results, errors and a log.
fn the_app_sends_and_reports(copy: &Copy) {
    assert_eq!(
        copy.succeeds("run --quiet --locked --offline --package app"),
        "sent p-1\n\
         refused by the service: 999 g at most\n\
         refused before sending: SendParcel: grams: 40000, at most 30000 (not sent)\n"
    );

    for (program, printed) in [
        ("errors_through_anyhow", ERRORS_THROUGH_ANYHOW),
        ("log_of_a_retry", LOG_OF_A_RETRY),
    ] {
        let command = format!("run --quiet --locked --offline --package app --bin {program}");
        assert_eq!(copy.succeeds(&command), printed);
    }
}

/// Tests of a user: with a mock, and with a recording.
fn courier_is_tested(copy: &Copy) {
    let printed = copy.succeeds("test --quiet --locked --offline --package courier");
    for passed in ["2 passed", "3 passed"] {
        assert!(printed.contains(passed), "{printed}");
    }
}

#[test]
#[ignore = "builds the generator twice more, about two minutes: `.ci/run` runs it"]
fn the_project_builds_its_client_in_both_ways_and_uses_it() {
    let copy = Copy::new();
    the_app_sends_and_reports(&copy);
    courier_is_tested(&copy);
    a_folder_is_uploaded_by_two_processes(&copy);
    let xtask = "run --quiet --locked --offline --package xtask --";
    let added = copy.succeeds(&format!(
        "{xtask} add parcels --from published/parcels.json"
    ));
    assert!(added.contains("2 operations"), "{added}");
    let lib = fs::read_to_string(copy.folder.join("clients/parcels/src/lib.rs")).expect("lib.rs");
    assert!(
        lib.starts_with("// Generated by `cargo xtask generate` from models/parcels/model.json"),
        "{lib}"
    );
    copy.succeeds(&format!("{xtask} generate --check"));

    // The owner of the service publishes a model that allows less. The app is built with the client of that model.
    let published = copy.folder.join("published/parcels.json");
    let text = fs::read_to_string(&published).expect("the published model");
    assert!(text.contains("\"max\": 30000"), "{text}");
    fs::write(&published, text.replace("\"max\": 30000", "\"max\": 20000"))
        .expect("it can be written");
    let updated = copy.succeeds(&format!(
        "{xtask} update parcels --from published/parcels.json"
    ));
    assert!(updated.contains("version 0.1.0 -> 0.1.1"), "{updated}");
    copy.succeeds(&format!("{xtask} verify"));

    // The app, unchanged, over the client that the xtask wrote: it is the same one, under another name.
    let replace = |file: &str, from: &str, to: &str| {
        let path = copy.folder.join(file);
        let text = fs::read_to_string(&path).expect(file);
        assert!(text.contains(from), "{file} has {from}");
        fs::write(path, text.replace(from, to)).expect("it can be written");
    };
    replace("Cargo.toml", "\"parcels\",", "\"clients/*\",");
    replace(
        "app/Cargo.toml",
        "parcels = { path = \"../parcels\",",
        "parcels = { package = \"attache-parcels\", path = \"../clients/parcels\", default-features = false,",
    );
    // A client of the workspace brings its features, and with them crates that the project did not have.
    let lock = fs::read_to_string(repository().join("Cargo.lock")).expect("the lock file");
    fs::write(copy.folder.join("Cargo.lock"), lock).expect("it can be written");
    let printed = copy.succeeds("run --quiet --offline --package app");
    assert!(printed.starts_with("sent p-1\n"), "{printed}");
    assert!(printed.contains("at most 20000"), "{printed}");
}
