//! A separate workspace for each test.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use xtask::generate::{Report, generate};
use xtask::reconcile::Mode;

/// A workspace with the services `toys` and `games`, nothing generated yet.
pub(crate) struct Place {
    root: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
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

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("it can be made");
        fs::write(path, text).expect("the file can be written");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("the file can be read")
    }

    /// Generates the services that are named among the arguments, or all, and checks only where they have `--check`.
    pub(crate) fn run(&self, arguments: &str) -> Result<Report, String> {
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

    pub(crate) fn generate(&self) -> Report {
        self.run("").expect("the models are fine")
    }

    pub(crate) fn refused(&self, arguments: &str) -> String {
        self.run(arguments).expect_err("it cannot be done")
    }

    /// Every file below the crates, with its text.
    pub(crate) fn crates(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        collect(self.root.path(), "crates", &mut files);
        files
    }
}

pub(crate) fn collect(root: &Path, below: &str, files: &mut BTreeMap<String, String>) {
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
pub(crate) fn model(operations: &[&str]) -> Value {
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
