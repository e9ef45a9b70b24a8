//! A slice compiles: each client with one operation, and what that reaches, is a crate of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use xtask::add;
use xtask::generate::generate;
use xtask::reconcile::Mode;

/// The services, and the operation that their slices have.
const SLICES: [(&str, &str); 2] = [
    ("support", "AddAttachmentsToSet"),
    ("security-ir", "GetCaseAttachmentUploadUrl"),
];

fn repository() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::canonicalize(folder).expect("the workspace is there")
}

/// A workspace that uses the runtime by path, with both slices and the committed overlays.
fn workspace(place: &Path) {
    let repository = repository();
    let runtime = repository.join("crates/runtime");
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n\n\
         [workspace.package]\nversion = \"0.1.0\"\nedition = \"2024\"\nrust-version = \"1.88\"\nlicense = \"Apache-2.0\"\n\
         authors = [\"Nobody\"]\n\n\
         [workspace.dependencies]\nattache-runtime = {{ path = {runtime:?}, default-features = false }}\n\n\
         [workspace.lints.rust]\nmissing_docs = \"warn\"\n",
    );
    fs::write(place.join("Cargo.toml"), manifest).expect("the manifest can be written");
    fs::copy(repository.join("Cargo.lock"), place.join("Cargo.lock"))
        .expect("the lock can be copied");
    fs::create_dir(place.join("models")).expect("the folder can be made");
    let mut config = "[crates]\nruntime = { workspace = true }\ninherit = true\n\n".to_owned();
    fs::write(place.join("models/attache.toml"), &config).expect("it can be written");
    for (service, operation) in SLICES {
        let model = repository.join("models").join(service);
        add::add(place, service, &model.join("model.json")).expect("the service is new");
        let overlay = format!("models/{service}/overlay.json");
        fs::copy(repository.join(&overlay), place.join(&overlay))
            .expect("the overlay can be copied");
        config.push_str(&format!(
            "[service.{service}]\ncrate = \"attache-{service}\"\noperations = [\"{operation}\"]\n\n"
        ));
    }
    fs::write(place.join("models/attache.toml"), config).expect("it can be written");
    generate(place, &[], Mode::Write).expect("both operations exist");
}

#[test]
fn a_slice_of_one_operation_compiles_without_a_warning() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    workspace(folder.path());
    // The dependencies are those of this workspace, so this needs no network.
    let output = Command::new(env!("CARGO"))
        .current_dir(folder.path())
        .args(["check", "--offline", "--workspace", "--no-default-features"])
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("slice"),
        )
        .env("RUSTFLAGS", "--deny=warnings")
        .output()
        .expect("cargo can be run");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let operations = |service: &str| {
        let folder = folder
            .path()
            .join(format!("crates/{service}/src/operation"));
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("there are operations")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    };
    assert_eq!(
        operations("support"),
        ["add_attachments_to_set.rs", "mod.rs"]
    );
    assert_eq!(
        operations("security-ir"),
        ["get_case_attachment_upload_url.rs", "mod.rs"]
    );
}
