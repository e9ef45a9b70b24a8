//! The frozen crates are what their generator wrote, and the runtime still claims to be compatible with them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

/// The version of the runtime that the crates were generated for.
const GENERATED_FOR: &str = "0.2.0";
/// The folders, and the SHA-256 of their files: of each its path, its length and its bytes.
const FROZEN: [(&str, &str); 2] = [
    (
        "generated-by-0-2-aws-json",
        "7f24113d16d4051225e91f99fc9fb739ac0618c8442c7e73c6889cdaf0f87b76",
    ),
    (
        "generated-by-0-2-rest-json",
        "7b8e45496c754c8cbb583937a0bd0c3ca9cb7db49b9b2c41bc5910ca097509af",
    ),
];

/// The end of `Cargo.toml` that the generator did not write.
const ADDED: &str = "
# Not of the generator: the tests are in tests/tests/frozen, so the crate is not compiled once more for them.
[lib]
test = false
";

/// What a version must share with another one to be compatible: `0.2` of 0.2.3, `1` of 1.4.0.
fn compatible_part(version: &str) -> &str {
    let parts = if version.starts_with("0.") { 2 } else { 1 };
    let end = version.match_indices('.').nth(parts - 1);
    end.map_or(version, |(position, _)| &version[..position])
}

/// All files below a folder, in the order of their paths.
fn files(folder: &Path, below: &str, found: &mut Vec<(String, Vec<u8>)>) {
    let entries = fs::read_dir(folder.join(below)).expect("the folder can be listed");
    let mut entries: Vec<_> = entries.map(|entry| entry.expect("an entry")).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().into_string().expect("a name in UTF-8");
        let path = format!("{below}/{name}");
        if entry.file_type().expect("its type").is_dir() {
            files(folder, &path, found);
        } else {
            found.push((path, fs::read(entry.path()).expect("it can be read")));
        }
    }
}

fn digest(crate_name: &str) -> String {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("frozen/crates");
    let mut found = Vec::new();
    files(&crates, crate_name, &mut found);
    assert!(found.len() > 5, "{crate_name} has {} files", found.len());
    let mut hasher = Sha256::new();
    for (path, mut bytes) in found {
        if path.ends_with("/Cargo.toml") {
            assert!(bytes.ends_with(ADDED.as_bytes()), "{path} ends otherwise");
            bytes.truncate(bytes.len() - ADDED.len());
        }
        hasher.update(format!("{path} {}\n", bytes.len()));
        hasher.update(bytes);
    }
    let mut text = String::new();
    for byte in hasher.finalize() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[test]
fn frozen_crates_are_never_edited_or_generated_again() {
    for (name, expected) in FROZEN {
        assert_eq!(
            digest(name),
            expected,
            "tests/frozen/crates/{name} differs from what was frozen: `git checkout` it. If it does not compile any more, \
             the plumbing has broken generated crates: see tests/frozen/README.md"
        );
    }
}

#[test]
fn a_frozen_crate_stays_until_the_runtime_breaks_with_it() {
    // All hand-written crates have the version of the workspace, this one included.
    let runtime = env!("CARGO_PKG_VERSION");
    assert_eq!(
        compatible_part(runtime),
        compatible_part(GENERATED_FOR),
        "attache-runtime {runtime} does not claim to work with crates that were generated for {GENERATED_FOR}: \
         replace them by crates of the generator of today, as tests/frozen/README.md says"
    );
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("frozen/crates");
    let entries = fs::read_dir(crates).expect("the folder can be listed");
    let names = entries.map(|entry| entry.expect("an entry").file_name().into_string());
    let mut names: Vec<String> = names.map(|name| name.expect("UTF-8")).collect();
    names.sort();
    assert_eq!(names, FROZEN.map(|(name, _)| name), "every crate is listed");
}

#[test]
fn versions_are_compatible_up_to_their_first_number_that_is_not_zero() {
    for (version, part) in [
        ("0.2.0", "0.2"),
        ("0.2.13", "0.2"),
        ("1.4.0", "1"),
        ("12.0.1", "12"),
    ] {
        assert_eq!(compatible_part(version), part);
    }
}
