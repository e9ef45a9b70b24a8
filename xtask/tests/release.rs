//! `cargo xtask release` on made-up workspaces: order, versions, changelogs and tags. What is packed and built takes
//! minutes and a registry: `.ci/run` does it with the crates of this repository.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use xtask::release::Release;

/// A workspace in a repository: `post-office` depends on `letters`, and `private` is not published.
struct Place {
    root: TempDir,
}

const LETTERS: &str = "[package]\nname = \"letters\"\nversion = \"0.2.0\"\nedition = \"2024\"\ndescription = \"x\"\n\
    license = \"MIT\"\nreadme = \"README.md\"\nrepository = \"https://example.com\"\n";
const POST_OFFICE: &str = "[package]\nname = \"a-post-office\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\
    description = \"x\"\nlicense = \"MIT\"\nreadme = \"README.md\"\nrepository = \"https://example.com\"\n\n\
    [dependencies]\nletters = { path = \"../letters\", version = \"0.2.0\" }\n\n\
    [dev-dependencies]\nprivate = { path = \"../private\" }\n";
const PRIVATE: &str =
    "[package]\nname = \"private\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n";

impl Place {
    fn new() -> Self {
        let place = Self {
            root: tempfile::tempdir().expect("a folder can be made"),
        };
        place.write(
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"letters\", \"a-post-office\", \"private\"]\n",
        );
        for (name, manifest) in [
            ("letters", LETTERS),
            ("a-post-office", POST_OFFICE),
            ("private", PRIVATE),
        ] {
            place.write(&format!("{name}/Cargo.toml"), manifest);
            place.write(&format!("{name}/src/lib.rs"), "");
            place.write(&format!("{name}/README.md"), "x\n");
        }
        place.write("letters/CHANGELOG.md", "# Changelog\n\n## 0.2.0\n\n* x\n");
        place.write(
            "a-post-office/CHANGELOG.md",
            "## [1.0.0] - 2026-01-01\n\n* x\n",
        );
        place.git(&["init", "--quiet"]);
        place.commit();
        place
    }

    fn path(&self) -> &Path {
        self.root.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }

    fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .current_dir(self.path())
            .args(["-c", "user.name=x", "-c", "user.email=x@example.com"])
            .args(arguments)
            .output()
            .expect("git runs");
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).expect("git prints text")
    }

    /// The identity is in the repository's own settings: tags are set by the command.
    fn commit(&self) {
        self.git(&["config", "user.name", "x"]);
        self.git(&["config", "user.email", "x@example.com"]);
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "x"]);
    }

    fn release(&self) -> Release {
        Release::read(self.path()).expect("the workspace can be read")
    }

    fn tags(&self) -> Vec<String> {
        let tags = self.git(&["tag", "--list"]);
        tags.lines().map(str::to_owned).collect()
    }

    /// What `release` without and with `--dry-run` does after everything was built.
    fn conclude(&self, dry_run: bool) -> (String, bool) {
        let mut release = self.release();
        if !dry_run {
            release.refuse_unfinished(self.path()).expect("git answers");
        }
        let report = release.conclude(self.path(), dry_run).expect("git answers");
        (report.text, report.failed)
    }
}

#[test]
fn crates_come_after_those_that_they_depend_on() {
    let place = Place::new();
    let release = place.release();
    assert_eq!(release.problems(), [""; 0]);
    assert_eq!(
        release.overview(),
        "letters 0.2.0: first release: there is no tag of an earlier one to compare with\n\
         a-post-office 1.0.0: first release: there is no tag of an earlier one to compare with\n"
    );
}

#[test]
fn contradictions_between_manifests_and_changelogs_are_named() {
    for (path, text, problem) in [
        (
            "letters/Cargo.toml",
            LETTERS.replace("0.2.0", "0.2.1"),
            "a-post-office: it asks for letters ^0.2.0, whose version is 0.2.1",
        ),
        (
            "letters/Cargo.toml",
            LETTERS.replace("0.2.0", "0.2.1"),
            "letters: its version is 0.2.1, and the newest section of its CHANGELOG.md is 0.2.0",
        ),
        (
            "letters/CHANGELOG.md",
            "# Changelog\n".to_owned(),
            "letters: its CHANGELOG.md has no section `## 0.2.0`",
        ),
        (
            "letters/CHANGELOG.md",
            "## 0.2.0\n\n### Added\n\n## 0.1.0\n\n* x\n".to_owned(),
            "letters: the section 0.2.0 of its CHANGELOG.md is empty",
        ),
        (
            "letters/CHANGELOG.md",
            "## [Unreleased]\n\n* y\n\n## 0.2.0\n\n* x\n".to_owned(),
            "letters: its CHANGELOG.md has changes under Unreleased: they belong to 0.2.0",
        ),
        (
            "a-post-office/Cargo.toml",
            POST_OFFICE.replace(", version = \"0.2.0\"", ""),
            "a-post-office: it asks for letters *, whose version is 0.2.0",
        ),
        (
            "letters/Cargo.toml",
            format!("{LETTERS}publish = false\n"),
            "a-post-office: it depends on letters, which is not published (`publish = false`)",
        ),
    ] {
        let place = Place::new();
        place.write(path, &text);
        let release = place.release();
        assert!(
            release.problems().iter().any(|found| found == problem),
            "{problem}: {:?}",
            release.problems()
        );
        let (printed, failed) = place.conclude(true);
        assert!(failed && printed.contains(problem), "{printed}");
    }
}

#[test]
fn a_crate_without_a_changelog_is_named() {
    let place = Place::new();
    fs::remove_file(place.path().join("letters/CHANGELOG.md")).expect("it is there");
    let release = place.release();
    let problems = release.problems();
    assert!(
        problems.len() == 1 && problems[0].starts_with("letters: could not read "),
        "{problems:?}"
    );
}

#[test]
fn tags_are_set_once_and_by_a_release_only() {
    let place = Place::new();
    let (printed, failed) = place.conclude(true);
    assert!(
        !failed && printed.contains("would tag letters-v0.2.0\nwould tag a-post-office-v1.0.0\n")
    );
    assert_eq!(place.tags(), [""; 0]);

    let (printed, failed) = place.conclude(false);
    assert!(!failed, "{printed}");
    assert!(printed.starts_with("tagged letters-v0.2.0\ntagged a-post-office-v1.0.0\n"));
    assert_eq!(place.tags(), ["a-post-office-v1.0.0", "letters-v0.2.0"]);

    // What has a tag is left alone, and a change of it is mentioned.
    place.write("letters/src/lib.rs", "//! A change.\n");
    place.commit();
    assert_eq!(
        place.release().overview(),
        "letters 0.2.0: released, and changed since: raise its version to release that\n\
         a-post-office 1.0.0: released, and unchanged since\n"
    );
    let (printed, failed) = place.conclude(false);
    assert_eq!((printed.as_str(), failed), ("", false));

    // Another version follows the newest release.
    place.git(&["tag", "letters-v0.1.10", "HEAD~1"]);
    place.write("letters/Cargo.toml", &LETTERS.replace("0.2.0", "0.3.0"));
    place.write(
        "letters/CHANGELOG.md",
        "## 0.3.0\n\n* y\n\n## 0.2.0\n\n* x\n",
    );
    let overview = place.release().overview();
    assert!(
        overview.starts_with("letters 0.3.0: to be released, after letters-v0.2.0\n"),
        "{overview}"
    );
}

#[test]
fn nothing_is_tagged_that_is_not_committed_or_lacks_an_address() {
    let place = Place::new();
    let lacking = LETTERS.replace("repository = \"https://example.com\"\n", "");
    place.write("letters/Cargo.toml", &lacking);
    let (printed, failed) = place.conclude(true);
    assert!(!failed, "{printed}");
    assert!(
        printed.contains(
            "missing for the first publication of letters, a-post-office:\n  `repository` in the manifests of letters\n  \
             an owner: "
        ),
        "{printed}"
    );
    let (printed, failed) = place.conclude(false);
    assert!(failed, "{printed}");
    assert!(
        printed.contains("problem: not committed: M letters/Cargo.toml\n")
            && printed.contains("problem: letters: the manifest has no `repository`\n"),
        "{printed}"
    );
    assert_eq!(place.tags(), [""; 0]);
}

#[test]
fn the_crates_of_this_repository_contradict_nothing() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("a workspace");
    let release = Release::read(workspace).expect("this repository can be read");
    assert_eq!(release.problems(), [""; 0]);
}
