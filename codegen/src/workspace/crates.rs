//! `[crates]` of `models/attache.toml`: how the generated crates fit their workspace.
//!
//! The defaults are for a workspace without settings for attache: plain versions, and the runtime from the registry.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use toml_edit::{Item, TableLike, Value};

use super::place::validate_folder;
use crate::escape::is_hidden;

/// The settings for all crates of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CratesConfig {
    /// The folder of the crates, below the workspace; `crates` without it.
    pub folder: String,
    /// The command that the first line of each file and messages name; `attache` without it.
    pub command: String,
    /// Where `attache-runtime` comes from; the version of this library without it.
    pub runtime: Runtime,
    /// Whether version, edition, Rust version, license, authors and lints are those of the workspace.
    pub inherit: bool,
    /// More lines of `[package]`.
    pub package: String,
}

impl Default for CratesConfig {
    fn default() -> Self {
        Self {
            folder: "crates".to_owned(),
            command: "attache".to_owned(),
            runtime: Runtime::default(),
            inherit: false,
            package: String::new(),
        }
    }
}

/// Where `attache-runtime` comes from: the keys of a dependency in a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runtime {
    /// Relative to the workspace, unless it is absolute.
    path: Option<String>,
    /// The other keys, each with its value in TOML.
    keys: Vec<String>,
}

impl Default for Runtime {
    fn default() -> Self {
        // Generated code and runtime belong together, and are published with the same version.
        Self::version(env!("CARGO_PKG_VERSION"))
    }
}

impl Runtime {
    fn version(version: &str) -> Self {
        Self {
            path: None,
            keys: vec![format!("version = {}", Value::from(version))],
        }
    }

    fn parse(item: &Item) -> Result<Self> {
        if let Some(version) = item.as_str() {
            // Such as `path = "…"`, which would break the manifest of each crate.
            ensure!(
                is_requirement(version),
                "`runtime = {}` is not a version requirement; a path is a table: {{ path = \"…\" }}",
                Value::from(version)
            );
            return Ok(Self::version(version));
        }
        let table = item
            .as_table_like()
            .context("`runtime` must be a version or a table, such as { path = \"…\" }")?;
        let mut runtime = Self {
            path: None,
            keys: Vec::new(),
        };
        for (key, item) in table.iter() {
            let value = item
                .as_value()
                .with_context(|| format!("`runtime.{key}` is not a value"))?;
            match key {
                "path" => {
                    let path = value.as_str().context("`runtime.path` must be a string")?;
                    runtime.path = Some(path.to_owned());
                }
                "version" => {
                    let version = value.as_str().filter(|text| is_requirement(text));
                    let version =
                        version.context("`runtime.version` is not a version requirement")?;
                    runtime
                        .keys
                        .push(format!("version = {}", Value::from(version)));
                }
                "git" | "branch" | "tag" | "rev" | "registry" | "package" | "workspace" => {
                    let value = value.clone().decorated("", "");
                    runtime.keys.push(format!("{key} = {value}"));
                }
                "features" | "default-features" => {
                    bail!("`runtime.{key}` is generated: each service has its own")
                }
                other => bail!("unknown key `runtime.{other}`"),
            }
        }
        ensure!(!table.is_empty(), "`runtime` is empty");
        Ok(runtime)
    }

    /// A note about the registry, where the settings name no other place and no version.
    pub(crate) fn note(&self, command: &str) -> Option<String> {
        (*self == Self::default()).then(|| {
            format!(
                "note: the crate takes attache-runtime {} from crates.io. If it is not there, write `runtime = {{ path = \"…\" }}` \
                 into [crates] of models/attache.toml (or {{ git = \"…\" }}), and run `{command} generate`\n",
                env!("CARGO_PKG_VERSION")
            )
        })
    }

    /// The keys in the manifest of a crate that is `depth` folders below the workspace.
    pub(crate) fn dependency(&self, depth: usize) -> String {
        let path = self.path.as_ref().map(|path| {
            let path = if Path::new(path).is_absolute() {
                path.clone()
            } else {
                let below = path.trim_start_matches("./").trim_end_matches('/');
                "../".repeat(depth) + below
            };
            format!("path = {}", Value::from(path))
        });
        let keys: Vec<String> = path.into_iter().chain(self.keys.iter().cloned()).collect();
        keys.join(", ")
    }
}

/// Whether a text has the form of a version requirement, such as `0.2`, `1.*` or `>=1.2, <2`. Cargo checks the rest.
fn is_requirement(text: &str) -> bool {
    text.split(',').all(|part| {
        let version = part.trim().trim_start_matches(['^', '~', '=', '>', '<']);
        let version = version.trim_start();
        version.starts_with(|first: char| first.is_ascii_digit() || first == '*')
            && version
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-+*".contains(&byte))
    })
}

impl CratesConfig {
    pub(crate) fn parse(item: &Item) -> Result<Self> {
        let table = item.as_table_like().context("is not a table")?;
        let mut config = Self::default();
        for (key, item) in table.iter() {
            match key {
                "folder" => config.folder = folder(item)?,
                "command" => {
                    let command = item.as_str().context("`command` must be a string")?;
                    ensure!(
                        !command.is_empty()
                            && !command.contains('`')
                            && !command.contains(is_hidden),
                        "`command` must be a command without line breaks, backquotes and control characters"
                    );
                    config.command = command.to_owned();
                }
                "runtime" => config.runtime = Runtime::parse(item)?,
                "inherit" => {
                    config.inherit = item.as_bool().context("`inherit` must be true or false")?;
                }
                "package" => {}
                other => bail!("unknown key `{other}`"),
            }
        }
        if let Some(item) = table.get("package") {
            let lines = item.as_table_like().context("`package` must be a table")?;
            config.package = package(lines, config.inherit)?;
        }
        Ok(config)
    }

    /// How many folders below the workspace a crate is.
    pub(crate) fn depth(&self) -> usize {
        Path::new(&self.folder).components().count() + 1
    }

    /// The first line of each generated file.
    pub fn header(&self, origin: &str) -> String {
        let command = &self.command;
        format!("Generated by `{command} generate` from {origin}. Do not edit.")
    }
}

fn folder(item: &Item) -> Result<String> {
    let folder = item.as_str().context("`folder` must be a string")?;
    validate_folder("folder", folder)?;
    Ok(folder.to_owned())
}

/// The keys of `[package]` that are generated; those after the bar come from a workspace that is inherited from.
const GENERATED: [&str; 9] = [
    "name",
    "description",
    "version",
    "edition",
    "rust-version",
    "keywords",
    "categories",
    "include",
    "build",
];

fn package(table: &dyn TableLike, inherit: bool) -> Result<String> {
    let mut lines = String::new();
    for (key, item) in table.iter() {
        ensure!(
            !GENERATED.contains(&key),
            "`package.{key}` is generated; the version of a crate is `crate-version` of its service"
        );
        ensure!(
            !inherit || !matches!(key, "license" | "authors"),
            "`package.{key}` comes from the workspace, because of `inherit`"
        );
        let value = match item {
            Item::Value(value) => value.clone().decorated("", "").to_string(),
            // `license.workspace = true`
            other => {
                let table = other
                    .as_table_like()
                    .with_context(|| format!("`package.{key}` is not a value"))?;
                let keys = table
                    .iter()
                    .map(|(key, item)| format!("{key} = {}", item.to_string().trim()));
                let keys: Vec<String> = keys.collect();
                format!("{{ {} }}", keys.join(", "))
            }
        };
        lines.push_str(&format!("{key} = {}\n", value.trim()));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use toml_edit::DocumentMut;

    use super::CratesConfig;

    fn parse(text: &str) -> anyhow::Result<CratesConfig> {
        let document: DocumentMut = format!("[crates]\n{text}").parse().expect("TOML");
        CratesConfig::parse(&document["crates"])
    }

    #[test]
    fn a_path_to_the_runtime_is_written_from_the_workspace_and_read_from_the_crate() {
        for (text, expected) in [
            ("", concat!("version = \"", env!("CARGO_PKG_VERSION"), "\"")),
            ("runtime = \"0.3\"", "version = \"0.3\""),
            (
                "runtime = \">=0.3.1-beta.1, < 1\"",
                "version = \">=0.3.1-beta.1, < 1\"",
            ),
            (
                "runtime = { path = \"../attache/crates/runtime\" }",
                "path = \"../../../attache/crates/runtime\"",
            ),
            (
                "folder = \"a/b\"\nruntime = { path = \"./runtime/\", version = \"1\" }",
                "path = \"../../../runtime\", version = \"1\"",
            ),
            (
                "runtime = { path = \"/attache/runtime\" }",
                "path = \"/attache/runtime\"",
            ),
            ("runtime = { workspace = true }", "workspace = true"),
            ("runtime.workspace = true", "workspace = true"),
        ] {
            let config = parse(text).unwrap_or_else(|error| panic!("{text}: {error:#}"));
            assert_eq!(
                config.runtime.dependency(config.depth()),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn lines_of_the_package_are_taken_over() {
        let text = "[crates.package]\nlicense.workspace = true\npublish = false # not yet\n\
                    repository = \"https://example.com\"\n";
        let config = parse(text).expect("these are lines of a package");
        assert_eq!(
            config.package,
            "license = { workspace = true }\npublish = false\nrepository = \"https://example.com\"\n"
        );
    }

    #[test]
    fn what_would_not_hold_is_refused() {
        for (text, message) in [
            ("runtim = \"1\"", "unknown key `runtim`"),
            (
                "folder = \"../elsewhere\"",
                "below the workspace, not `../elsewhere`",
            ),
            ("folder = \"/tmp\"", "below the workspace"),
            ("command = \"a`b\"", "without line breaks"),
            ("runtime = { features = [] }", "each service has its own"),
            ("runtime = {}", "`runtime` is empty"),
            (
                "runtime = 'path = \"../runtime\"'",
                "is not a version requirement; a path is a table: { path = \"…\" }",
            ),
            ("runtime = \"../runtime\"", "is not a version requirement"),
            ("runtime = \"\"", "is not a version requirement"),
            (
                "runtime = { version = \"workspace = true\" }",
                "`runtime.version` is not a version requirement",
            ),
            (
                "package = { version = \"2.0.0\" }",
                "`crate-version` of its service",
            ),
            (
                "inherit = true\npackage = { license = \"MIT\" }",
                "because of `inherit`",
            ),
        ] {
            let error = parse(text).expect_err(text);
            assert!(format!("{error:#}").contains(message), "{text}: {error:#}");
        }
    }
}
