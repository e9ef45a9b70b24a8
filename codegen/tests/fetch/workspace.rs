//! A workspace in which the program runs, with variables and a cache of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::server::Server;

/// A workspace, and the cache and the variables of whoever works in it.
pub(crate) struct Place {
    root: tempfile::TempDir,
    pub(crate) home: tempfile::TempDir,
    variables: BTreeMap<String, String>,
}

impl Place {
    /// A workspace without services, and `server` as the package index.
    pub(crate) fn new(server: &Server) -> Self {
        let mut place = Self {
            root: tempfile::tempdir().unwrap(),
            home: tempfile::tempdir().unwrap(),
            variables: BTreeMap::new(),
        };
        place.set("PIP_INDEX_URL", &server.address("/simple"));
        place.set("PIP_CONFIG_FILE", "/dev/null");
        place.set("NO_PROXY", "127.0.0.1");
        place.write("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n");
        place
    }

    /// Sets a variable for the commands that follow.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    /// The folder of the downloads.
    pub(crate) fn cache(&self) -> PathBuf {
        self.home.path().join("cache")
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn run(&self, arguments: &str) -> (i32, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_attache"))
            .args(arguments.split_whitespace())
            .current_dir(self.root.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home.path())
            .env("ATTACHE_CACHE", self.cache())
            .envs(&self.variables)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.code().unwrap(),
            text(output.stdout),
            text(output.stderr),
        )
    }

    pub(crate) fn succeeds(&self, arguments: &str) -> String {
        let (status, printed, complaint) = self.run(arguments);
        assert_eq!(
            (status, complaint.as_str()),
            (0, ""),
            "{arguments}: {printed}"
        );
        printed
    }

    /// What a command complains of, in one line, having written nothing.
    pub(crate) fn refuses(&self, arguments: &str) -> String {
        let before = self.files();
        let (status, printed, complaint) = self.run(arguments);
        assert_eq!(
            (status, printed.as_str()),
            (1, ""),
            "{arguments}: {complaint}"
        );
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
        assert_eq!(self.files(), before, "{arguments}");
        complaint
    }

    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        fn walk(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, files);
                } else {
                    files.insert(path.clone(), fs::read(&path).unwrap());
                }
            }
        }
        let mut files = BTreeMap::new();
        walk(self.root.path(), &mut files);
        files
    }
}
