//! `add`, `update` and slices on a workspace of their own: all is written, or nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use xtask::generate::generate;
use xtask::reconcile::Mode;
use xtask::{add, lock_files, update};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A workspace without services.
fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(
        folder.path().join("Cargo.toml"),
        "[workspace]\nmembers = [\"crates/*\"]\n\n[workspace.package]\nversion = \"0.1.0\"\n",
    )
    .expect("the manifest can be written");
    fs::create_dir(folder.path().join("models")).expect("the folder can be made");
    fs::write(
        folder.path().join("models/attache.toml"),
        "[crates]\nruntime = { workspace = true }\ninherit = true\n",
    )
    .expect("the settings can be written");
    folder
}

/// The committed model of a service, changed as text.
fn model(place: &Path, change: impl Fn(String) -> String) -> PathBuf {
    let text = fs::read_to_string(repository().join("models/support/model.json"))
        .expect("the model is there");
    let path = place.join("support.json");
    fs::write(&path, change(text)).expect("the model can be written");
    path
}

fn read(place: &Path, file: &str) -> String {
    fs::read_to_string(place.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Every file below a folder with its text.
fn snapshot(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((path.clone(), fs::read_to_string(&path).expect("text")));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn a_service_is_added_and_then_updated() {
    let workspace = workspace();
    let place = workspace.path();
    let published = tempfile::tempdir().expect("a folder can be made");
    let first = model(published.path(), |text| text);
    add::add(place, "support", &first).expect("the service is new");
    assert!(read(place, "crates/support/Cargo.toml").contains("version.workspace = true"));
    assert!(
        add::add(place, "support", &first).is_err(),
        "it is there already"
    );

    let unchanged = update::update(place, "support", &first, false).expect("the same model");
    assert_eq!(unchanged, "support: nothing changed\n");

    // One more value of an input's length is refused from now on.
    let second = model(published.path(), |text| {
        text.replacen("\"max\": 8000", "\"max\": 7000", 1)
    });
    let before = snapshot(place);
    let shown = update::update(place, "support", &second, true).expect("a dry run");
    assert_eq!(snapshot(place), before, "a dry run writes nothing");
    assert!(shown.contains("version 0.1.0 -> 0.1.1"), "{shown}");
    update::update(place, "support", &second, false).expect("the model is sound");
    assert!(read(place, "crates/support/Cargo.toml").contains("version = \"0.1.1\""));
    assert!(read(place, "models/attache.toml").contains("crate-version = \"0.1.1\""));
    let changelog = read(place, "crates/support/CHANGELOG.md");
    assert!(
        changelog.contains("## 0.1.1") && changelog.contains("was 1 to 8000 and is now 1 to 7000"),
        "{changelog}"
    );
    let fresh = generate(place, &["support".to_owned()], Mode::Check).expect("it can be generated");
    assert!(
        !fresh.differs,
        "an update leaves nothing to generate: {}",
        fresh.text
    );
}

#[test]
fn manifests_that_depend_on_the_crate_require_its_new_version() {
    let workspace = workspace();
    let place = workspace.path();
    let published = tempfile::tempdir().expect("a folder can be made");
    add::add(place, "support", &model(published.path(), |text| text)).expect("the service is new");
    let asks = "[dependencies]\nattache-support = { path = \"../support\", version = \"0.1.0\" }\n";
    fs::create_dir(place.join("crates/automation")).expect("the folder can be made");
    fs::write(place.join("crates/automation/Cargo.toml"), asks).expect("it can be written");

    // The name is not part of any message, but it is the name of a type of the crate.
    let renamed = model(published.path(), |text| {
        text.replace("#CaseDetails", "#CaseInformation")
    });
    let shown = update::update(place, "support", &renamed, false).expect("the model is sound");
    assert!(shown.contains("version 0.1.0 -> 0.2.0"), "{shown}");
    assert!(
        shown.contains("wrote crates/automation/Cargo.toml, "),
        "{shown}"
    );
    assert_eq!(
        read(place, "crates/automation/Cargo.toml"),
        asks.replace("0.1.0", "0.2.0")
    );
}

#[test]
fn an_update_that_fails_changes_nothing() {
    let workspace = workspace();
    let place = workspace.path();
    let published = tempfile::tempdir().expect("a folder can be made");
    add::add(place, "support", &model(published.path(), |text| text)).expect("the service is new");
    fs::write(
        place.join("models/support/overlay.json"),
        r#"{"smithy": "2.0", "shapes": {"com.amazonaws.support#CommunicationBody": {"type": "apply",
           "traits": {"smithy.api#sensitive": {}}}}}"#,
    )
    .expect("the overlay can be written");
    let before = snapshot(place);
    let renamed = model(published.path(), |text| {
        text.replace("#CommunicationBody", "#CommunicationText")
    });
    let error = update::update(place, "support", &renamed, false)
        .expect_err("the overlay applies to nothing");
    assert!(
        format!("{error:#}").contains("applies to nothing"),
        "{error:#}"
    );
    assert_eq!(snapshot(place), before);
}

#[test]
fn a_slice_has_its_operations_and_what_they_reach_only() {
    let workspace = workspace();
    let place = workspace.path();
    let published = tempfile::tempdir().expect("a folder can be made");
    add::add(place, "support", &model(published.path(), |text| text)).expect("the service is new");
    let config = place.join("models/attache.toml");
    let text = read(place, "models/attache.toml");
    let slice = |names: &str| {
        fs::write(&config, format!("{text}operations = [{names}]\n")).expect("it can be written")
    };
    slice("\"CreateCase\", \"AddAttachmentsToSet\"");
    generate(place, &[], Mode::Write).expect("both operations exist");
    let operations: Vec<String> = snapshot(&place.join("crates/support/src/operation"))
        .into_iter()
        .map(|(path, _)| {
            path.file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(
        operations,
        ["add_attachments_to_set.rs", "create_case.rs", "mod.rs"]
    );
    let types = read(place, "crates/support/src/types.rs");
    assert!(types.contains("pub struct Attachment") && !types.contains("TrustedAdvisor"));

    slice("\"CreateCase\", \"CreateCases\"");
    let error = generate(place, &[], Mode::Write).expect_err("there is no such operation");
    assert!(format!("{error:#}").contains("`CreateCases`"), "{error:#}");
}

#[test]
fn every_lock_file_gets_the_versions_of_the_crates() {
    let place = tempfile::tempdir().expect("a folder can be made");
    let place = place.path();
    let package = |name: &str, rest: &str| {
        let folder = place.join(name);
        fs::create_dir_all(folder.join("src")).expect("the folder can be made");
        fs::write(folder.join("src/lib.rs"), "").expect("it can be written");
        let manifest = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\n{rest}");
        fs::write(folder.join("Cargo.toml"), manifest).expect("it can be written");
    };
    package("client", "");
    package(
        "measured",
        "[dependencies]\nclient = { path = \"../client\" }\n[workspace]\n",
    );
    fs::write(
        place.join("Cargo.toml"),
        "[workspace]\nmembers = [\"client\"]\nexclude = [\"measured\"]\nresolver = \"3\"\n",
    )
    .expect("it can be written");
    let run = |program: &str, folder: &Path, arguments: &[&str]| {
        let status = Command::new(program)
            .current_dir(folder)
            .args(arguments)
            .status();
        assert!(status.expect("it runs").success(), "{program}");
    };
    for folder in [place, &place.join("measured")] {
        run(
            "cargo",
            folder,
            &["generate-lockfile", "--offline", "--quiet"],
        );
    }
    run("git", place, &["init", "--quiet"]);
    run("git", place, &["add", "--all"]);
    assert_eq!(lock_files::update(place).expect("they are current"), "");

    let raised = read(place, "client/Cargo.toml").replace("0.1.0", "0.1.1");
    fs::write(place.join("client/Cargo.toml"), raised).expect("it can be written");
    assert_eq!(
        lock_files::update(place).expect("cargo can update them"),
        "wrote Cargo.lock, measured/Cargo.lock\n"
    );
    assert!(read(place, "measured/Cargo.lock").contains("name = \"client\"\nversion = \"0.1.1\""));
}
