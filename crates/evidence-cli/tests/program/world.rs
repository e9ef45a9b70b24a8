//! The local services, a folder with files, and the program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use attache_local::Local;
use serde_json::Value;

pub(crate) const MIB: usize = 1 << 20;

pub(crate) struct World {
    pub(crate) local: Local,
    place: tempfile::TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        let local = Local::builder()
            .part_size(2 * MIB as u64)
            .processing_time(Duration::ZERO)
            .scan_time(Duration::ZERO)
            .start_blocking()
            .expect("the server starts");
        let place = tempfile::tempdir().expect("a temporary folder");
        Self { local, place }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// Writes a file whose bytes differ from place to place and from file to file.
    pub(crate) fn write(&self, name: &str, length: usize) -> Vec<u8> {
        let letters = name.as_bytes();
        let bytes = (0..length).map(|index| (index / 251) as u8 ^ letters[index % letters.len()]);
        let bytes: Vec<u8> = bytes.collect();
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, &bytes).expect("a file");
        bytes
    }

    /// The program in the folder, at an endpoint, with no other settings than these.
    pub(crate) fn program_at(&self, endpoint: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_evidence"));
        let (id, secret) = self.local.key();
        command
            .env_clear()
            .env("HOME", self.path("home"))
            .env("AWS_ACCESS_KEY_ID", id)
            .env("AWS_SECRET_ACCESS_KEY", secret)
            .env("AWS_REGION", self.local.region())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .current_dir(self.place.path())
            .args(["--endpoint-url", endpoint])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        self.program_at(self.local.endpoint(), arguments)
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let output = self.program(arguments).output();
        Ran::of(output.expect("the program runs"))
    }

    /// Runs it with JSON as its output; it must succeed.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let arguments: Vec<&str> = [&["--output", "json"], arguments].concat();
        let ran = self.run(&arguments);
        assert_eq!(ran.status, 0, "{}{}", ran.output, ran.errors);
        ran.value()
    }

    /// The names and contents of all files that cases have.
    pub(crate) fn stored(&self) -> Vec<(String, Vec<u8>)> {
        let stored = self.local.attachments().expect("they can be read");
        let stored = stored.into_iter();
        let mut stored: Vec<_> = stored
            .map(|one| (one.file_name, one.bytes.to_vec()))
            .collect();
        stored.sort();
        stored
    }

    pub(crate) fn read(&self, path: impl AsRef<Path>) -> String {
        std::fs::read_to_string(self.place.path().join(path)).expect("a text")
    }
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) output: String,
    pub(crate) errors: String,
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            status: output.status.code().expect("it was not killed"),
            output: String::from_utf8(output.stdout).expect("text"),
            errors: String::from_utf8(output.stderr).expect("text"),
        }
    }

    /// The one document of the output.
    pub(crate) fn value(&self) -> Value {
        serde_json::from_str(&self.output).expect("one JSON document")
    }
}
