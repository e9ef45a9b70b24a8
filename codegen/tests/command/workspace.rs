//! A workspace outside of this repository, in which the program runs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A workspace without anything of attache.
pub(crate) struct Place {
    pub(crate) root: TempDir,
}

impl Place {
    pub(crate) fn empty() -> Self {
        Self {
            root: tempfile::tempdir().expect("a folder can be made"),
        }
    }

    pub(crate) fn workspace() -> Self {
        let place = Self::empty();
        place.write("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n");
        place
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Runs the program in a folder of it: the exit status, what it printed and what it complained of.
    pub(crate) fn run(&self, folder: &str, arguments: &str) -> (i32, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_attache"))
            .args(arguments.split_whitespace())
            .current_dir(self.path(folder))
            // What would download finds nobody, and keeps nothing.
            .env("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
            .env("PIP_CONFIG_FILE", "/dev/null")
            .env("ATTACHE_CACHE", self.path("target/cache"))
            .output()
            .expect("the program runs");
        let text = |bytes| String::from_utf8(bytes).expect("it prints text");
        (
            output.status.code().expect("it ends by itself"),
            text(output.stdout),
            text(output.stderr),
        )
    }

    pub(crate) fn succeeds(&self, folder: &str, arguments: &str) -> String {
        let (status, printed, complaint) = self.run(folder, arguments);
        assert_eq!((status, complaint.as_str()), (0, ""), "{printed}");
        printed
    }

    pub(crate) fn fails(&self, folder: &str, arguments: &str) -> String {
        self.ends_with(1, folder, arguments)
    }

    /// As [`fails`](Self::fails), for arguments that the program refuses before it does anything.
    pub(crate) fn is_misused(&self, folder: &str, arguments: &str) -> String {
        self.ends_with(2, folder, arguments)
    }

    fn ends_with(&self, expected: i32, folder: &str, arguments: &str) -> String {
        let (status, printed, complaint) = self.run(folder, arguments);
        assert_eq!((status, printed.as_str()), (expected, ""), "{complaint}");
        complaint
    }

    /// Every file, folder and link in a folder of it, by its path: what a file holds, or where a link leads to.
    pub(crate) fn snapshot(&self, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.path(folder)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("the folder can be listed") {
                let path = entry.expect("an entry").path();
                let kind = fs::symlink_metadata(&path).expect("it is there");
                let contents = if kind.is_symlink() {
                    let target = fs::read_link(&path).expect("it is a link");
                    target.into_os_string().into_encoded_bytes()
                } else if kind.is_dir() {
                    folders.push(path.clone());
                    Vec::new()
                } else {
                    fs::read(&path).expect("it can be read")
                };
                found.insert(path, contents);
            }
        }
        found
    }

    /// Commits everything to a repository of git, which it makes if there is none.
    pub(crate) fn commit(&self) {
        let commit = ["commit", "--quiet", "--all", "--message", "a"];
        let author = ["-c", "user.name=a", "-c", "user.email=a"];
        for arguments in [
            &["init", "--quiet"][..],
            &["add", "--all"],
            &[&author[..], &commit[..]].concat(),
        ] {
            let git = Command::new("git")
                .args(arguments)
                .current_dir(self.path(""))
                .status()
                .expect("git runs");
            assert!(git.success(), "{arguments:?}");
        }
    }

    pub(crate) fn add_parcels(&self) -> String {
        self.succeeds("", &format!("add parcels --from {}", published().display()))
    }
}

/// A model that is not in the normal form yet.
pub(crate) fn published() -> PathBuf {
    let path = "../tests/example-project/published/parcels.json";
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
