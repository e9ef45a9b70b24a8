//! Whole folders, to `attache-local` over HTTP: what is sent, and what another process sends after a `kill -9`.

mod killed;
mod program;
mod refusals;
mod rules;

use std::path::{Path, PathBuf};
use std::time::Duration;

use attache_evidence::{Manifest, Settings, security_ir, support};
use attache_local::{Builder, Clock, Local};
use attache_security_ir::enums::{EngagementType, ResolverType};

/// More than an attachment set takes, and several parts.
pub(crate) const LARGE: usize = 6 * MIB + 1000;
pub(crate) const MIB: usize = 1 << 20;

/// Both services, a case, and a folder with a place for the state beside it.
pub(crate) struct World {
    pub(crate) local: Local,
    pub(crate) case: String,
    place: tempfile::TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|builder| builder).await
    }

    pub(crate) async fn with(set: impl FnOnce(Builder) -> Builder) -> Self {
        let builder = Local::builder()
            .part_size(MIB as u64)
            .processing_time(Duration::ZERO)
            .scan_time(Duration::ZERO);
        let local = set(builder).start().await.expect("the server starts");
        let client = attache_security_ir::Client::new(&local.config().build().expect("all is set"));
        let call = client
            .create_case()
            .title("a case")
            .description("for a folder")
            .engagement_type(EngagementType::Investigation)
            .resolver_type(ResolverType::Aws)
            .reported_incident_start_date(attache_runtime::Timestamp::UNIX_EPOCH)
            .impacted_accounts(["123456789012"])
            .watchers([]);
        let case = call.send().await.expect("the case is opened").case_id;
        let place = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(place.path().join("evidence")).expect("a folder");
        Self { local, case, place }
    }

    /// At a fixed time, which a test can change.
    pub(crate) async fn at_a_fixed_time() -> Self {
        let noon = "2026-11-22T12:00:00Z".parse().expect("a time");
        Self::with(|builder| builder.clock(Clock::fixed(noon))).await
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.place.path().join("evidence")
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.place.path().join("state.json")
    }

    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// Writes a file of the folder.
    pub(crate) fn write(&self, path: &str, content: &[u8]) {
        let path = self.folder().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, content).expect("a file");
    }

    pub(crate) fn support(&self) -> support::Attachments {
        let config = self.local.config().build().expect("all is set");
        support::Attachments::new(&attache_support::Client::new(&config))
    }

    pub(crate) fn security_ir(&self) -> security_ir::Attachments {
        let config = self.local.config().build().expect("all is set");
        security_ir::Attachments::new(&attache_security_ir::Client::new(&config))
    }

    /// How many requests of an operation succeeded.
    pub(crate) fn successes(&self, operation: &str) -> usize {
        let requests = self.local.requests().into_iter();
        requests
            .filter(|request| request.operation == operation && request.status == Some(200))
            .count()
    }

    /// Compares what the cases have with the files of the folder, each of which must be there once.
    pub(crate) fn judge(&self, manifest: &Manifest) {
        let stored = self.local.attachments().expect("they can be read");
        assert_eq!(stored.len(), manifest.files.len());
        for file in &manifest.files {
            let path = file.path.as_deref().expect("it is of a folder");
            let content = std::fs::read(self.folder().join(path)).expect("the file");
            let of_name = stored.iter().filter(|stored| stored.file_name == file.name);
            let of_name: Vec<_> = of_name.collect();
            assert_eq!(of_name.len(), 1, "{path}");
            assert!(of_name[0].bytes == content, "{path}");
        }
    }
}

/// Bytes that differ from place to place and from file to file.
pub(crate) fn content(name: &str, length: usize) -> Vec<u8> {
    let name = name.as_bytes();
    let bytes = (0..length).map(|index| (index / 251) as u8 ^ name[index % name.len()]);
    bytes.collect()
}

/// Tries one step after the other, so that a test knows what has happened.
pub(crate) fn one_by_one() -> Settings {
    Settings::default().parallel_parts(1)
}

pub(crate) fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a text")
}
