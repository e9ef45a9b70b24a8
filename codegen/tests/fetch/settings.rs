//! The environment of a test: a home of its own, variables of its own, and no pauses.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use attache_codegen::workspace::config::SourcesConfig;
use attache_codegen::workspace::downloads::Options;
use attache_codegen::workspace::fetch::environment::{Environment, Patience};
use attache_codegen::workspace::fetch::pip;
use attache_codegen::workspace::fetch::releases::Releases;
use attache_codegen::workspace::fetch::settings;

pub(crate) struct TestEnvironment {
    home: tempfile::TempDir,
    variables: BTreeMap<String, String>,
    default_index: Option<String>,
}

impl TestEnvironment {
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().display().to_string();
        let variables = [
            ("HOME", path.clone()),
            ("XDG_CONFIG_DIRS", format!("{path}/machine")),
            ("PIP_CONFIG_FILE", format!("{path}/named.conf")),
            ("ATTACHE_CACHE", format!("{path}/cache")),
        ];
        Self {
            home,
            variables: variables
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
            default_index: None,
        }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.home().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

impl Environment for TestEnvironment {
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn default_index(&self) -> Option<String> {
        self.default_index.clone()
    }

    fn patience(&self) -> Patience {
        Patience {
            silence: Duration::from_millis(300),
            pauses: vec![Duration::ZERO; 3],
            ..Patience::default()
        }
    }
}

/// The releases that a workspace without settings takes models from.
pub(crate) fn releases<'e>(
    environment: &'e TestEnvironment,
    options: &Options,
) -> Result<Releases<'e>> {
    Releases::new(
        Path::new("."),
        &SourcesConfig::default(),
        environment,
        options,
    )
}

fn index(environment: &TestEnvironment) -> Option<String> {
    settings::index(None, environment).unwrap()
}

#[test]
fn the_index_is_that_of_attache_toml_then_of_the_variable_then_of_the_files_of_pip_then_its_default()
 {
    let mut environment = TestEnvironment::new();
    environment.default_index = Some("http://default.example/simple".to_owned());
    assert_eq!(
        index(&environment).as_deref(),
        Some("http://default.example/simple")
    );
    environment.write(
        "machine/pip/pip.conf",
        "[global]\nindex-url = http://machine.example/simple\n",
    );
    environment.write(
        ".config/pip/pip.conf",
        "; mine\n[global]\nindex_url: http://user.example/simple\ntimeout = 3\n",
    );
    assert_eq!(
        index(&environment).as_deref(),
        Some("http://user.example/simple")
    );
    environment.write("named.conf", "[global]\nindex-url = http://named.example/a\n[download]\nindex-url = http://named.example/b\n");
    assert_eq!(
        index(&environment).as_deref(),
        Some("http://named.example/b")
    );
    let environment = environment.with("PIP_INDEX_URL", "http://variable.example/simple");
    assert_eq!(
        index(&environment).as_deref(),
        Some("http://variable.example/simple")
    );
    let configured = settings::index(Some("http://toml.example"), &environment).unwrap();
    assert_eq!(configured.as_deref(), Some("http://toml.example"));
}

#[test]
fn without_any_index_the_message_says_where_one_is_set() {
    let environment = TestEnvironment::new();
    let index = index(&environment);
    let error = settings::required(index.as_deref())
        .unwrap_err()
        .to_string();
    for place in ["[sources]", "PIP_INDEX_URL", "pip's configuration"] {
        assert!(error.contains(place), "{error}");
    }
}

#[test]
fn a_broken_configuration_file_is_named_with_its_line() {
    let environment = TestEnvironment::new();
    environment.write("named.conf", "[global]\nindex-url\n");
    let error = format!("{:#}", pip::settings(&environment).unwrap_err());
    assert!(
        error.contains("named.conf") && error.contains("line 2"),
        "{error}"
    );
}

#[test]
fn proxy_timeout_and_retries_of_pip_apply_to_downloads() {
    let environment = TestEnvironment::new();
    assert_eq!(
        settings::connection(&environment).unwrap().patience,
        environment.patience()
    );
    environment.write(
        "named.conf",
        "[global]\ntimeout = 7.5\nretries = 1\nproxy = http://proxy.example:3128\n",
    );
    let connection = settings::connection(&environment).unwrap();
    assert_eq!(
        (connection.patience.connect, connection.patience.silence),
        (Duration::from_millis(7500), Duration::from_millis(7500))
    );
    assert_eq!(connection.patience.pauses.len(), 1);
    assert_eq!(
        connection.proxy.as_deref(),
        Some("http://proxy.example:3128")
    );
    let environment = environment
        .with("PIP_DEFAULT_TIMEOUT", "60")
        .with("PIP_RETRIES", "5")
        .with("PIP_PROXY", "http://other.example");
    let connection = settings::connection(&environment).unwrap();
    assert_eq!(connection.patience.connect, Duration::from_secs(60));
    assert_eq!(connection.patience.pauses.len(), 5);
    assert_eq!(connection.proxy.as_deref(), Some("http://other.example"));
    for (name, value) in [("PIP_TIMEOUT", "soon"), ("PIP_RETRIES", "-1")] {
        let environment = TestEnvironment::new().with(name, value);
        let error = format!("{:#}", settings::connection(&environment).unwrap_err());
        assert!(error.contains(name), "{error}");
    }
}
