//! `cargo xtask generate` on the real tree and on folders of its own: what it writes, deletes and leaves alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::generate::{Report, generate};
use xtask::reconcile::Mode;

/// A workspace with the services `toys` and `games`, nothing generated yet.
struct Place {
    root: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self {
            root: tempfile::tempdir().expect("a temporary folder can be made"),
        };
        place.write(
            "models/attache.toml",
            "[crates]\ncommand = \"cargo xtask\"\n\n[service.toys]\n[service.games]\n",
        );
        place.write(
            "models/toys/model.json",
            &model(&["Make", "Break"]).to_string(),
        );
        place.write("models/games/model.json", &model(&["Play"]).to_string());
        place
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("it can be made");
        fs::write(path, text).expect("the file can be written");
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("the file can be read")
    }

    /// Generates the services that are named among the arguments, or all, and checks only where they have `--check`.
    fn run(&self, arguments: &str) -> Result<Report, String> {
        let (flags, names): (Vec<&str>, Vec<&str>) = arguments
            .split_whitespace()
            .partition(|argument| *argument == "--check");
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let mode = if flags.is_empty() {
            Mode::Write
        } else {
            Mode::Check
        };
        generate(self.root.path(), &names, mode).map_err(|error| format!("{error:#}"))
    }

    fn generate(&self) -> Report {
        self.run("").expect("the models are fine")
    }

    fn refused(&self, arguments: &str) -> String {
        self.run(arguments).expect_err("it cannot be done")
    }

    /// Every file below the crates, with its text.
    fn crates(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        collect(self.root.path(), "crates", &mut files);
        files
    }
}

fn collect(root: &Path, below: &str, files: &mut BTreeMap<String, String>) {
    let Ok(entries) = fs::read_dir(root.join(below)) else {
        return;
    };
    for entry in entries {
        let entry = entry.expect("the folder can be listed");
        let path = format!("{below}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().expect("it has a type").is_dir() {
            collect(root, &path, files);
        } else {
            let text = fs::read_to_string(entry.path()).expect("the file is text");
            files.insert(path, text);
        }
    }
}

/// A service with these operations.
fn model(operations: &[&str]) -> Value {
    let list: Vec<Value> = operations
        .iter()
        .map(|name| json!({ "target": format!("example.toys#{name}") }))
        .collect();
    let mut shapes = json!({
        "example.toys#Toys": {
            "type": "service",
            "version": "2026-01-01",
            "operations": list,
            "traits": { "aws.api#service": { "sdkId": "Toys" }, "aws.protocols#awsJson1_1": {} }
        }
    });
    for name in operations {
        shapes[format!("example.toys#{name}")] = json!({ "type": "operation" });
    }
    json!({ "smithy": "2.0", "shapes": shapes })
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn the_committed_crates_are_what_the_models_give() {
    let report = generate(&workspace(), &[], Mode::Check).expect("the models are fine");
    assert!(
        !report.differs,
        "run `cargo xtask generate`:\n{}",
        report.text
    );
}

#[test]
fn the_command_exits_with_0_when_all_is_fresh_and_with_1_when_it_cannot_work() {
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(arguments)
            .output()
            .expect("the command runs");
        let text = |bytes| String::from_utf8(bytes).expect("it prints text");
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    let (code, printed, complaint) = run(&["generate", "--check"]);
    assert_eq!((code, complaint.as_str()), (Some(0), ""), "{printed}");
    assert!(printed.contains("(nothing was changed)"), "{printed}");
    for (arguments, expected) in [
        (
            ["generate", "nothing"].as_slice(),
            "error: models/attache.toml has no service `nothing`; it has security-ir, support. \
             `cargo xtask add nothing --from PATH` brings a new one\n",
        ),
        (
            &["generate", "--chekc"],
            "error: unexpected argument '--chekc' found\n\n  tip: a similar argument exists: '--check'\n\n\
             Usage: cargo xtask generate --check [SERVICE]...\n\nFor more information, try '--help'.\n",
        ),
    ] {
        let (code, printed, complaint) = run(arguments);
        assert_eq!(
            (code, printed.as_str(), complaint.as_str()),
            (Some(1), "", expected)
        );
    }
}

#[test]
fn files_are_written_once_and_then_left_alone() {
    let place = Place::new();
    let report = place.generate();
    let files = place.crates();
    assert!(!report.differs);
    assert!(
        report.text.contains("games: 1 operations"),
        "{}",
        report.text
    );
    assert!(
        report
            .text
            .contains(&format!("wrote {} files, deleted 0, left 0", files.len())),
        "{}",
        report.text
    );
    for path in [
        "crates/games/Cargo.toml",
        "crates/toys/README.md",
        "crates/toys/src/lib.rs",
        "crates/toys/src/operation/break.rs",
    ] {
        let path = path.replace("break", "break_");
        assert!(
            files[&path].contains("Generated by `cargo xtask generate` from models/"),
            "{path}"
        );
    }
    let again = place.generate();
    assert!(
        again
            .text
            .contains(&format!("wrote 0 files, deleted 0, left {}", files.len())),
        "{}",
        again.text
    );
    assert_eq!(place.crates(), files);
}

#[test]
fn stale_files_are_deleted_and_hand_written_ones_never() {
    let place = Place::new();
    place.generate();
    place.write("crates/toys/src/ext.rs", "//! Hand-written.\n");
    place.write("crates/toys/notes/operation.md", "Hand-written.\n");
    place.write(
        "crates/toys/tests/it.rs",
        "// cargo xtask generate wrote none of this.\n",
    );
    place.write("models/toys/model.json", &model(&["Make"]).to_string());
    let report = place.generate();
    assert!(report.text.contains("deleted 1"), "{}", report.text);
    let files = place.crates();
    assert!(!files.contains_key("crates/toys/src/operation/break_.rs"));
    assert!(files.contains_key("crates/toys/src/operation/make.rs"));
    assert_eq!(files["crates/toys/src/ext.rs"], "//! Hand-written.\n");
    assert_eq!(files["crates/toys/notes/operation.md"], "Hand-written.\n");
    assert!(files.contains_key("crates/toys/tests/it.rs"));
    assert!(
        files["crates/toys/src/lib.rs"].contains("mod ext;"),
        "it is part of the crate"
    );
}

#[test]
fn a_hand_written_file_in_the_place_of_a_generated_one_is_refused() {
    let place = Place::new();
    place.write("crates/toys/src/client.rs", "//! My own.\n");
    for arguments in ["", "--check"] {
        let message = place.refused(arguments);
        assert!(
            message.ends_with(
                "client.rs is hand-written, but generating wants to write it: move it away"
            ),
            "{message}"
        );
        assert_eq!(
            place.crates(),
            BTreeMap::from([(
                "crates/toys/src/client.rs".to_owned(),
                "//! My own.\n".to_owned()
            )])
        );
    }
}

#[test]
fn check_changes_nothing_and_shows_a_unified_diff() {
    let place = Place::new();
    place.generate();
    assert!(!place.run("--check").expect("the models are fine").differs);
    let client = place.read("crates/toys/src/client.rs");
    place.write(
        "crates/toys/src/client.rs",
        &client.replace("Sends a request.", "Sends it."),
    );
    place.write(
        "models/games/model.json",
        &model(&["Play", "Win"]).to_string(),
    );
    place.write(
        "crates/toys/src/old.rs",
        "// Generated by `cargo xtask generate`.\n",
    );
    let before = place.crates();
    let report = place.run("--check").expect("the models are fine");
    assert!(report.differs);
    assert_eq!(place.crates(), before);
    for line in [
        "-    /// Sends it.\n+    /// Sends a request.\n",
        "+mod win;\n",
        "-// Generated by `cargo xtask generate`.\n",
        "(nothing was changed)",
        "deleted 1",
    ] {
        assert!(
            report.text.contains(line),
            "no {line:?} in\n{}",
            report.text
        );
    }
    let named = place.run("games --check").expect("the models are fine");
    assert!(
        !named.text.contains("Sends it."),
        "only what is named is looked at"
    );
}

#[test]
fn a_failure_writes_nothing() {
    let place = Place::new();
    let broken = model(&["Make"])
        .to_string()
        .replace("awsJson1_1", "restXml");
    place.write("models/toys/model.json", &broken);
    let message = place.refused("");
    assert!(
        message.starts_with("models/toys/model.json: example.toys#Toys: unsupported protocol"),
        "{message}"
    );
    fs::remove_file(place.path("models/toys/model.json")).expect("it is there");
    let message = place.refused("");
    assert!(
        message.starts_with("could not read models/toys/model.json: "),
        "{message}"
    );
    assert_eq!(
        place.crates(),
        BTreeMap::new(),
        "not the fine service either"
    );
}

#[test]
fn a_folder_that_cannot_be_written_leaves_no_partial_output() {
    let place = Place::new();
    // A file where a folder is needed cannot be written into, whoever runs the tests.
    place.write("crates/toys/src/operation", "in the way");
    let message = place.refused("");
    assert!(message.contains("crates/toys/src/operation"), "{message}");
    assert_eq!(
        place.crates(),
        BTreeMap::from([(
            "crates/toys/src/operation".to_owned(),
            "in the way".to_owned()
        )])
    );
    assert!(
        !place.path("crates/games").exists(),
        "not even empty folders"
    );

    let place = Place::new();
    fs::create_dir_all(place.path("crates/toys/src/lib.rs")).expect("it can be made");
    let message = place.refused("");
    assert!(message.contains("crates/toys/src/lib.rs"), "{message}");
    assert_eq!(place.crates(), BTreeMap::new());
}

#[test]
fn what_a_broken_off_run_left_behind_goes() {
    let place = Place::new();
    place.generate();
    let files = place.crates();
    let client = &files["crates/toys/src/client.rs"];
    place.write("crates/toys/src/client.rs.new", client);
    place.write("crates/toys/src/error.rs.new", client);
    place.write(
        "crates/toys/src/client.rs",
        &client.replace("Sends", "Ships"),
    );
    place.generate();
    assert_eq!(place.crates(), files);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let place = Place::new();
    place.generate();
    let generated = "// Generated by `cargo xtask generate`.\n";
    place.write("elsewhere/kept.rs", generated);
    std::os::unix::fs::symlink(place.path("elsewhere"), place.path("crates/toys/link"))
        .expect("links can be made");
    std::os::unix::fs::symlink(place.path("crates"), place.path("crates/toys/loop"))
        .expect("links can be made");
    let report = place.generate();
    assert!(report.text.contains("deleted 0"), "{}", report.text);
    assert_eq!(place.read("elsewhere/kept.rs"), generated);
}

#[test]
fn two_services_in_one_folder_are_refused() {
    let place = Place::new();
    place.write(
        "models/attache.toml",
        "[service.toys]\ncrate = \"toys\"\n[service.games]\ncrate = \"attache-toys\"\n",
    );
    let message = place.refused("");
    assert!(
        message.starts_with("models/attache.toml has two services whose crates both belong into "),
        "{message}"
    );
    assert_eq!(place.crates(), BTreeMap::new());
}

#[test]
fn an_overlay_and_a_filter_are_used() {
    let place = Place::new();
    place.write(
        "models/attache.toml",
        "[service.toys]\noperations = [\"Make\"]\n",
    );
    let overlay = json!({
        "smithy": "2.0",
        "shapes": {
            "example.toys#Toys": { "type": "apply", "traits": { "smithy.api#title": "Fine Toys" } }
        }
    });
    place.write("models/toys/overlay.json", &overlay.to_string());
    place.generate();
    let files = place.crates();
    assert!(files["crates/toys/README.md"].contains("client of Fine Toys: 1 operations"));
    assert!(!files.contains_key("crates/toys/src/operation/break_.rs"));

    place.write("models/toys/overlay.json", "{ \"smithy\": \"2.0\", ");
    let message = place.refused("");
    assert!(
        message.starts_with("models/toys/overlay.json: not valid JSON: "),
        "{message}"
    );
    assert_eq!(place.crates(), files);
}
