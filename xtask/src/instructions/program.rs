//! The program `bench-paths`: building it, and counting its paths.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::record::Counts;
use crate::{callgrind, tools};

const NAME: &str = "bench-paths";

/// Settings of the caller that would change what is built.
const SETTINGS: [&str; 4] = [
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
];

/// The built program.
#[derive(Debug)]
pub(super) struct Program {
    file: PathBuf,
    /// The folder for valgrind's messages.
    folder: PathBuf,
    /// How it was built, as cargo states it.
    pub(super) profile: String,
}

impl Program {
    /// Builds it below `target/instructions`.
    pub(super) fn build(workspace: &Path) -> Result<Self> {
        let folder = tools::target(workspace).join("instructions");
        let mut cargo = Command::new(tools::cargo());
        cargo
            .current_dir(workspace.join("benches"))
            .args(["build", "--release", "--locked", "--quiet"])
            .args(["--package", NAME])
            .arg("--message-format=json-render-diagnostics")
            .arg("--target-dir")
            .arg(&folder)
            .stderr(Stdio::inherit());
        for (name, _) in std::env::vars_os() {
            let Some(name) = name.to_str() else { continue };
            if SETTINGS.contains(&name) || name.starts_with("CARGO_PROFILE_") {
                cargo.env_remove(name);
            }
        }
        // Empty is no flag, whatever a configuration file of cargo says.
        cargo.env("CARGO_ENCODED_RUSTFLAGS", "");
        let output = cargo.output().context("could not run cargo")?;
        ensure!(
            output.status.success(),
            "{NAME} could not be built, see above"
        );
        let messages = String::from_utf8_lossy(&output.stdout);
        let (file, profile) = built(&messages)
            .with_context(|| format!("cargo does not say where it has put {NAME}"))?;
        Ok(Self {
            file,
            folder,
            profile,
        })
    }

    /// Counts all paths, or those that are named: the instructions of one run of each.
    ///
    /// Several are counted at the same time, which does not change the counts.
    pub(super) fn count(&self, chosen: &[String]) -> Result<Counts> {
        let paths = self.paths()?;
        for name in chosen {
            ensure!(
                paths.iter().any(|(path, _)| path == name),
                "there is no path `{name}`; `{NAME}` has {}",
                paths
                    .iter()
                    .map(|(path, _)| path.as_str())
                    .collect::<Vec<_>>()
                    .join(", ")
            );
        }
        let paths: Vec<_> = paths
            .into_iter()
            .filter(|(name, _)| chosen.is_empty() || chosen.contains(name))
            .collect();
        let next = AtomicUsize::new(0);
        let counts = Mutex::new(Vec::new());
        let work = || {
            while let Some((name, times)) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                let count = self.count_one(name, *times);
                let mut counts = counts.lock().unwrap_or_else(|error| error.into_inner());
                counts.push(count.map(|count| (name.clone(), count)));
            }
        };
        thread::scope(|scope| {
            for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
                scope.spawn(work);
            }
        });
        let counts = counts.into_inner();
        counts
            .unwrap_or_else(|error| error.into_inner())
            .into_iter()
            .collect()
    }

    /// The difference of two runs of different lengths, so that start, preparation and the first time do not count.
    fn count_one(&self, name: &str, times: u32) -> Result<u64> {
        let count = |times: u32| -> Result<u64> {
            let mut command = Command::new(&self.file);
            command.args([name, &times.to_string()]);
            let log = self.folder.join(format!("{name}-{times}.log"));
            Ok(callgrind::count(&command, &log)?.instructions)
        };
        let (fewer, more) = (count(1)?, count(1 + times)?);
        let difference = more.checked_sub(fewer).filter(|count| *count > 0);
        let difference = difference.with_context(|| {
            format!(
                "{name} takes {fewer} instructions once and {more} {} times",
                1 + times
            )
        })?;
        Ok(difference / u64::from(times))
    }

    /// The names of the paths, and how often each is to be run.
    fn paths(&self) -> Result<Vec<(String, u32)>> {
        let output = Command::new(&self.file)
            .arg("list")
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("could not run {}", self.file.display()))?;
        ensure!(output.status.success(), "{NAME} failed, see above");
        let text = String::from_utf8_lossy(&output.stdout);
        let path = |line: &str| {
            let (name, times) = line.split_once(' ')?;
            Some((name.to_owned(), times.parse().ok()?))
        };
        text.lines()
            .map(|line| path(line).with_context(|| format!("`{line}` of {NAME} is no path")))
            .collect()
    }

    /// The features of the processor that valgrind shows.
    pub(super) fn features(&self) -> Result<Vec<String>> {
        let mut command = Command::new(&self.file);
        command.arg("features");
        let counted = callgrind::count(&command, &self.folder.join("features.log"))?;
        let names = counted.output.split_whitespace();
        Ok(names.map(str::to_owned).collect())
    }
}

/// The path and the profile of the program, of cargo's messages.
fn built(messages: &str) -> Option<(PathBuf, String)> {
    let artifact = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find(|message| message["target"]["name"] == NAME && message["executable"].is_string())?;
    let file = artifact["executable"].as_str()?.into();
    let profile = &artifact["profile"];
    let setting = |name: &str| match &profile[name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let settings = [
        ("opt-level", "opt_level"),
        ("debug-assertions", "debug_assertions"),
        ("overflow-checks", "overflow_checks"),
    ];
    let settings = settings.map(|(name, key)| format!("{name} {}", setting(key)));
    Some((file, settings.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::built;

    #[test]
    fn cargo_says_where_the_program_is_and_how_it_was_built() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"serde"},"executable":null,"profile":{}}
{"reason":"compiler-artifact","target":{"name":"bench-paths"},"executable":"/somewhere/bench-paths","profile":{"opt_level":"3","debuginfo":0,"debug_assertions":false,"overflow_checks":false,"test":false}}
{"reason":"build-finished","success":true}"#;
        let (file, profile) = built(messages).expect("the program is there");
        assert_eq!(file.to_str(), Some("/somewhere/bench-paths"));
        assert_eq!(
            profile,
            "opt-level 3, debug-assertions false, overflow-checks false"
        );
        assert_eq!(built("{\"reason\":\"build-finished\"}"), None);
    }
}
