//! `Cargo.toml` of a client crate.
//!
//! The file is built from values, not from text, so a title that looks like TOML stays a string.

use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value};

use crate::error::{Error, Result};
use crate::escape::line;
use crate::plan::Plan;

/// The name and the dependencies of a client crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The name of the package, for example `attache-support`.
    pub crate_name: String,
    /// How the package finds `attache-runtime`: the keys of the dependency in TOML, without `default-features`,
    /// for example `path = "../runtime", version = "0.2.0"`.
    pub runtime: String,
    /// Whether version, edition and lints come from the workspace; if not, they are written out.
    pub in_workspace: bool,
    /// More lines of `[package]`, each with its line break, for example `publish = false`.
    pub package: String,
    /// Whether the crate has a hand-written `src/ext.rs`.
    pub has_extension: bool,
    /// Whether the crate has strategies for `proptest`, behind the feature of that name. They are about a fifth of its
    /// code.
    pub has_arbitrary: bool,
    /// Whether the crate has a module with which mocks write responses, behind the feature `test-util`.
    pub has_test_util: bool,
    /// The settings of a workspace for the crate.
    pub additions: Additions,
}

/// Settings of a crate in a workspace, which a build script does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Additions {
    /// The version of the crate, where it has one of its own.
    pub version: Option<String>,
    /// The table `[dev-dependencies]` of hand-written examples and tests, in TOML.
    pub dev_dependencies: Option<String>,
    /// The address of an operation's page in a reference, where the words of the service have none: `{operation}` stands
    /// for its name, and `{service}` for that of the service there.
    pub reference: Option<String>,
    /// The hand-written examples of the crate: the name of each, and what its file says about it first.
    pub examples: Vec<(String, String)>,
    /// The SHA-256 of the model, in hexadecimal digits. It is only in the manifest, so that an update changes only the
    /// manifest and the files whose code changes.
    pub model_sha256: Option<String>,
}

/// The feature that only crates with strategies have.
const ARBITRARY: &str = "proptest";
/// The feature that only crates with responses that can be written have.
const TEST_UTIL: &str = "test-util";

/// The features of every client crate: the comment above, the name, and what it switches on.
const FEATURES: [(&str, &str, &[&str]); 18] = [
    (
        "The transport over hyper; without a TLS feature it supports plain HTTP only.",
        "hyper",
        &["attache-runtime/hyper"],
    ),
    (
        "A transport over a client of reqwest that the application provides.",
        "reqwest",
        &["attache-runtime/reqwest"],
    ),
    (
        "TLS by rustls with ring, by rustls with aws-lc-rs, or by the platform.",
        "rustls-ring",
        &["hyper", "attache-runtime/rustls-ring"],
    ),
    (
        "",
        "rustls-aws-lc-rs",
        &["hyper", "attache-runtime/rustls-aws-lc-rs"],
    ),
    ("", "native-tls", &["hyper", "attache-runtime/native-tls"]),
    (
        "Fast hashes for signatures over a transport that the application provides; TLS and reqwest bring them.",
        "sha2",
        &["attache-runtime/sha2"],
    ),
    (
        "HTTP/2 where the server offers it; on by default for services whose model lists it.",
        "http2",
        &["attache-runtime/http2"],
    ),
    (
        "Spans and events for the crate tracing: see `runtime::telemetry`.",
        "tracing",
        &["attache-runtime/tracing"],
    ),
    (
        "Counters and histograms for the crate metrics: see `runtime::telemetry`.",
        "metrics",
        &["attache-runtime/metrics"],
    ),
    (
        "The default chain of credentials: profiles, roles, SSO, containers, instance metadata.",
        "credential-chain",
        &["attache-runtime/credential-chain"],
    ),
    (
        "Credentials from any provider of the AWS SDK.",
        "aws-credential-types",
        &["attache-runtime/aws-credential-types"],
    ),
    (
        "`Call::wait` and `Client::from_env_blocking`, for code that is not asynchronous.",
        "blocking",
        &["attache-runtime/blocking"],
    ),
    (
        "`Serialize` and `Deserialize` on every type of the model; bodies of the service are read.",
        "serde",
        &["dep:serde", "attache-runtime/serde"],
    ),
    (
        "`Arbitrary` on every type of the model, for property tests.",
        ARBITRARY,
        &["attache-runtime/proptest"],
    ),
    (
        "Mocked, recorded and replayed responses for tests.",
        TEST_UTIL,
        &["attache-runtime/test-util"],
    ),
    (
        "Conversions of timestamps.",
        "chrono",
        &["attache-runtime/chrono"],
    ),
    ("", "jiff", &["attache-runtime/jiff"]),
    ("", "time", &["attache-runtime/time"]),
];

impl Manifest {
    /// The name of the crate in Rust.
    pub(super) fn library(&self) -> String {
        self.crate_name.replace('-', "_")
    }

    /// The text of `Cargo.toml`.
    ///
    /// # Errors
    /// [`Manifest::runtime`], [`Manifest::package`] or [`Additions::dev_dependencies`] is not TOML of its form.
    pub(super) fn cargo_toml(&self, plan: &Plan<'_>, header: &str) -> Result<String> {
        let mut document = DocumentMut::new();
        let root = document.as_table_mut();
        root.insert("package", Item::Table(self.package(plan)?));
        root.insert("features", Item::Table(features(plan, self)));
        root.insert("dependencies", Item::Table(self.dependencies(plan)?));
        if let Some(lines) = &self.additions.dev_dependencies {
            let lines = parse("`dev-dependencies`", lines)?;
            let mut table = lines.as_table().clone();
            table.set_position(None);
            table.decor_mut().set_prefix("\n");
            root.insert("dev-dependencies", Item::Table(table));
        }
        if self.in_workspace {
            let mut lints = Table::new();
            lints.insert("workspace", toml_edit::value(true));
            root.insert("lints", Item::Table(lints));
        }
        let header = format!("# {}\n\n", line(header));
        if let Some(first) = root.get_mut("package").and_then(Item::as_table_mut) {
            first.decor_mut().set_prefix(header);
        }
        Ok(document.to_string())
    }

    fn package(&self, plan: &Plan<'_>) -> Result<Table> {
        let mut package = Table::new();
        let mut set = |key: &str, value: Value| package.insert(key, Item::Value(value));
        set("name", self.crate_name.as_str().into());
        let description = format!("A small, typed client of {}.", line(&plan.model.title));
        set("description", description.into());
        set("keywords", list(&["aws", "client"]).into());
        set("categories", list(&["api-bindings"]).into());
        let included = [
            "/src/**/*.rs",
            "/README.md",
            "/CHANGELOG.md",
            "/LICENSE*",
            "/NOTICE*",
        ];
        set("include", list(&included).into());
        let version = self.additions.version.as_deref();
        if self.in_workspace {
            for key in ["version", "edition", "rust-version", "license", "authors"] {
                if let ("version", Some(version)) = (key, version) {
                    package.insert(key, toml_edit::value(version));
                    continue;
                }
                let mut inherited = Table::new();
                inherited.set_dotted(true);
                inherited.insert("workspace", toml_edit::value(true));
                package.insert(key, Item::Table(inherited));
            }
        } else {
            set("version", version.unwrap_or("0.1.0").into());
            set("edition", "2024".into());
            set("rust-version", "1.88".into());
        }
        let more = parse("lines of `package`", &self.package)?;
        for (key, item) in more.iter() {
            if package.contains_key(key) {
                return Err(Error::new(format!("`package.{key}` is generated")));
            }
            package.insert(key, item.clone());
        }
        if let Some(digest) = &self.additions.model_sha256 {
            insert_digest(&mut package, digest)?;
        }
        insert_docs_rs(&mut package, self)?;
        Ok(package)
    }

    fn dependencies(&self, plan: &Plan<'_>) -> Result<Table> {
        // It is parsed as the only value of a document, so it can contain nothing but keys of this dependency.
        let read = parse("`runtime`", &format!("runtime = {{ {} }}", self.runtime))?;
        let keys = read
            .get("runtime")
            .filter(|_| read.len() == 1)
            .and_then(Item::as_inline_table)
            .ok_or_else(|| Error::new("the keys of `runtime` are those of one dependency"))?;
        let mut runtime = keys.clone();
        runtime.insert("default-features", false.into());
        if !plan.runtime_features.is_empty() {
            runtime.insert("features", list(&plan.runtime_features).into());
        }
        runtime.fmt();
        let mut serde = toml_edit::InlineTable::new();
        serde.insert("version", "1".into());
        serde.insert("features", list(&["derive"]).into());
        serde.insert("optional", true.into());
        let mut dependencies = Table::new();
        dependencies.insert("attache-runtime", toml_edit::value(runtime));
        dependencies.insert("serde", toml_edit::value(serde));
        Ok(dependencies)
    }
}

impl Manifest {
    /// The features that the crate has, those of one kind together, and what they add.
    pub(super) fn feature_groups(&self) -> Vec<(Vec<&'static str>, &'static str)> {
        let mut groups: Vec<(Vec<&str>, &str)> = Vec::new();
        for (what, name, _) in FEATURES
            .iter()
            .filter(|(_, name, _)| self.has_feature(name))
        {
            match groups.last_mut().filter(|_| what.is_empty()) {
                Some((names, _)) => names.push(name),
                None => groups.push((vec![name], what)),
            }
        }
        groups
    }

    /// The features that these switch on in this crate, with themselves.
    pub(super) fn switched_on(&self, features: &[&'static str]) -> Vec<&'static str> {
        let mut on = features.to_vec();
        for (_, name, parts) in FEATURES {
            if features.contains(&name) {
                on.extend(parts.iter().filter(|part| !part.contains([':', '/'])));
            }
        }
        on
    }

    fn has_feature(&self, name: &str) -> bool {
        match name {
            ARBITRARY => self.has_arbitrary,
            TEST_UTIL => self.has_test_util,
            _ => true,
        }
    }
}

/// `[package.metadata.attache]`, beside what [`Manifest::package`] has in `package.metadata`.
fn insert_digest(package: &mut Table, digest: &str) -> Result<()> {
    let metadata = metadata(package)?;
    if metadata.contains_key("attache") {
        return Err(Error::new("`package.metadata.attache` is generated"));
    }
    let mut own = Table::new();
    own.insert("model-sha256", toml_edit::value(digest));
    metadata.insert("attache", Item::Table(own));
    Ok(())
}

/// The features that docs.rs documents: all that need nothing on the machine. A package may have a table of its own.
fn insert_docs_rs(package: &mut Table, manifest: &Manifest) -> Result<()> {
    let metadata = metadata(package)?;
    if metadata.contains_key("docs") {
        return Ok(());
    }
    let documented = FEATURES
        .iter()
        .map(|(_, name, _)| *name)
        .filter(|name| match *name {
            "native-tls" | "rustls-aws-lc-rs" => false,
            name => manifest.has_feature(name),
        });
    let documented: Vec<&str> = documented.collect();
    let mut settings = Table::new();
    settings.insert("features", toml_edit::value(list(&documented)));
    settings.insert("rustdoc-args", toml_edit::value(list(&["--cfg", "docsrs"])));
    let mut docs = Table::new();
    docs.set_implicit(true);
    docs.insert("rs", Item::Table(settings));
    metadata.insert("docs", Item::Table(docs));
    Ok(())
}

/// `package.metadata`, which is added where it is missing.
fn metadata(package: &mut Table) -> Result<&mut dyn TableLike> {
    let mut implicit = Table::new();
    implicit.set_implicit(true);
    package
        .entry("metadata")
        .or_insert(Item::Table(implicit))
        .as_table_like_mut()
        .ok_or_else(|| Error::new("`package.metadata` is not a table"))
}

fn parse(what: &str, text: &str) -> Result<DocumentMut> {
    text.parse()
        .map_err(|error| Error::new(format!("the {what} are not TOML: {error}")))
}

fn list(texts: &[&str]) -> Array {
    texts.iter().copied().collect()
}

fn features(plan: &Plan<'_>, manifest: &Manifest) -> Table {
    let mut features = Table::new();
    features.insert("default", toml_edit::value(list(&plan.default_features)));
    let wanted = FEATURES.iter();
    let wanted = wanted.filter(|(_, name, _)| manifest.has_feature(name));
    for (comment, name, parts) in wanted {
        let name = *name;
        let mut parts = list(parts);
        if name == TEST_UTIL {
            let more = plan.mock_features.iter();
            parts.extend(more.map(|feature| format!("attache-runtime/{feature}")));
        }
        features.insert(name, toml_edit::value(parts));
        if let Some(mut key) = features.key_mut(name)
            && !comment.is_empty()
        {
            key.leaf_decor_mut().set_prefix(format!("# {comment}\n"));
        }
    }
    features
}
