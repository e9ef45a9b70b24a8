//! What would be published: which packages, and that each holds what belongs into it and nothing else.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const PUBLISHED: [&str; 8] = [
    "attache-codegen",
    "attache-evidence",
    "attache-evidence-cli",
    "attache-local",
    "attache-runtime",
    "attache-security-ir",
    "attache-support",
    "attache-transfer",
];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--locked"])
        .current_dir(repository())
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "cargo {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("it prints text")
}

/// The packages of the workspace that may be published.
fn publishable() -> Vec<Value> {
    let metadata = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&metadata).expect("metadata is JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    let mut found: Vec<Value> = packages
        .iter()
        .filter(|package| package["publish"].is_null())
        .cloned()
        .collect();
    found.sort_by_key(|package| package["name"].to_string());
    found
}

#[test]
fn libraries_and_the_command_are_published_and_what_serves_this_repository_is_not() {
    let found = publishable();
    let names: Vec<&str> = found
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    assert_eq!(names, PUBLISHED);
}

#[test]
fn every_published_package_says_what_it_is() {
    for package in publishable() {
        let name = &package["name"];
        for key in ["description", "license", "readme", "rust_version"] {
            assert!(package[key].is_string(), "{name} has no {key}");
        }
        for key in ["keywords", "categories"] {
            let words = package[key].as_array().expect("a list");
            assert!(
                (1..=5).contains(&words.len()),
                "{name}: a registry takes one to five {key}"
            );
        }
    }
}

/// Files of an editor, models, tests and examples stay here, and so does what nobody has thought of.
#[test]
fn packages_hold_sources_documents_and_the_license_only() {
    let documents = ["README.md", "LICENSE", "NOTICE"];
    let by_cargo = [
        ".cargo_vcs_info.json",
        "Cargo.lock",
        "Cargo.toml",
        "Cargo.toml.orig",
    ];
    for package in PUBLISHED {
        let listed = cargo(&["package", "--list", "--allow-dirty", "--package", package]);
        let files: Vec<String> = listed.lines().map(|line| line.replace('\\', "/")).collect();
        for file in &files {
            let belongs = by_cargo.contains(&file.as_str())
                || documents.contains(&file.as_str())
                || file == "CHANGELOG.md"
                // The overlays of ours, which `attache add` offers, and the settings that endpoint rules read.
                || (package == "attache-codegen" && ["shipped.json", "endpoint-settings.json"].contains(&file.as_str()))
                || (file.starts_with("src/") && [".rs", ".json", ".yml"].iter().any(|end| file.ends_with(end)));
            assert!(belongs, "{package} holds {file}");
        }
        let root = match package {
            "attache-evidence-cli" => "src/main.rs",
            _ => "src/lib.rs",
        };
        for file in documents.iter().chain(&[root]) {
            assert!(
                files.iter().any(|one| one == file),
                "{package} lacks {file}"
            );
        }
    }
}

/// A package is unpacked without the repository around it, so that each holds a copy.
#[test]
fn every_published_package_has_the_license_of_the_repository() {
    let read = |path: PathBuf| fs::read_to_string(&path).unwrap_or_else(|_| panic!("{path:?}"));
    for package in publishable() {
        let manifest = package["manifest_path"].as_str().expect("a path");
        for file in ["LICENSE", "NOTICE"] {
            assert_eq!(
                read(Path::new(manifest).with_file_name(file)),
                read(repository().join(file)),
                "{}: {file}",
                package["name"]
            );
        }
    }
}
