//! `models/attache.toml`: the services, the names of their crates, and how crates fit their workspace.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use toml_edit::{DocumentMut, Item};

pub use super::crates::CratesConfig;
use super::place::{validate_device, validate_folder};
use super::protocol;
pub use super::published::SourcesConfig;
use super::published::{self, Published};
use super::read;
use super::workflow::WorkflowConfig;
use crate::ast::ledger;
use crate::ast::own_traits::{Decision, OwnTraits};
use crate::model::Protocol;
use crate::nearest::did_you_mean;

/// The configuration of one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceConfig {
    /// The folder below `models`.
    pub name: String,
    /// The package that is generated.
    pub crate_name: String,
    /// The folder of the modules with the server half, below the workspace, where there is one.
    pub server: Option<String>,
    /// The version of the package, where it is not that of the workspace or the first; `update` sets it.
    pub crate_version: Option<String>,
    /// The operations to generate; all without it.
    pub operations: Option<Vec<String>>,
    /// The protocol, where it is not the first that the service offers.
    pub protocol: Option<Protocol>,
    /// The dependencies of examples and tests: the lines of `[dev-dependencies]`.
    pub dev_dependencies: Option<String>,
    /// Whether the package has strategies for `proptest`.
    pub arbitrary: bool,
    /// Whether everything must be explained in `docs.json` (`words = "required"`).
    pub words_required: bool,
    /// Whether the crate has the documentation of the published model where it has no words of ours
    /// (`documentation = "source"`).
    pub has_prose: bool,
    /// The address of an operation's page in a reference, with `{operation}` and perhaps `{service}`.
    pub reference: Option<String>,
    /// Whether responses can be written, for mocks (feature `test-util` of the crate).
    pub test_util: bool,
    /// Where its models are published, and what the current one was made of.
    pub published: Published,
}

/// All of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The settings for all crates.
    pub crates: CratesConfig,
    /// How unknown traits are handled (`[traits]`).
    pub traits: OwnTraits,
    /// Where models come from.
    pub sources: SourcesConfig,
    /// What the workflow does that `workflow github` writes (`[workflow]`).
    pub workflow: WorkflowConfig,
    /// The services, in the order of their names.
    pub services: Vec<ServiceConfig>,
}

impl Config {
    /// The configuration of a service, if there is one.
    pub fn service(&self, name: &str) -> Option<&ServiceConfig> {
        self.services.iter().find(|service| service.name == name)
    }

    /// The error about an unknown service.
    pub(crate) fn no_service(&self, name: &str) -> anyhow::Error {
        let known: Vec<&str> = self.services.iter().map(|one| one.name.as_str()).collect();
        let near = did_you_mean(name, known.iter().copied());
        let known = match known.as_slice() {
            [] => "none".to_owned(),
            known => known.join(", "),
        };
        anyhow::anyhow!(
            "models/attache.toml has no service `{name}`; it has {known}{near} `{} services` lists the services that can be added",
            self.crates.command,
            near = if near.is_empty() { "." } else { &near }
        )
    }

    /// The services of these names, or all, in the order of their names.
    ///
    /// # Errors
    /// A name that no service has.
    pub(crate) fn select(&self, names: &[String]) -> Result<Vec<&ServiceConfig>> {
        if let Some(name) = names.iter().find(|name| self.service(name).is_none()) {
            return Err(self.no_service(name));
        }
        let services = self.services.iter();
        Ok(services
            .filter(|service| names.is_empty() || names.contains(&service.name))
            .collect())
    }

    /// [`select`](Self::select) for a command that looks for newer models. If no service is named, those without a known
    /// source are left out with a note: one of them must not keep the command from the others.
    ///
    /// # Errors
    /// A name that no service has.
    pub(crate) fn select_published(&self, names: &[String]) -> Result<Vec<&ServiceConfig>> {
        let mut selected = self.select(names)?;
        if names.is_empty() {
            selected.retain(|service| {
                let is_known = self.sources.know(&service.published);
                if !is_known {
                    eprintln!(
                        "note: {} is left out: {}",
                        service.name,
                        published::no_source(&service.name)
                    );
                }
                is_known
            });
        }
        Ok(selected)
    }
}

/// Reads `attache.toml` of a `models` folder.
///
/// # Errors
/// A file that cannot be read or is not what it should be, with the key.
pub fn read(models: &Path) -> Result<Config> {
    let path = models.join("attache.toml");
    parse(&path, &read::text(&path)?)
}

/// Reads the services of a `models` folder, in the order of their names.
///
/// # Errors
/// As [`read()`].
pub fn services(models: &Path) -> Result<Vec<ServiceConfig>> {
    Ok(read(models)?.services)
}

/// Reads a text that is, or will be, at `path`.
///
/// # Errors
/// As [`read()`], but for reading the file.
pub(crate) fn parse(path: &Path, text: &str) -> Result<Config> {
    let document: DocumentMut = text
        .parse()
        .with_context(|| format!("could not read {}", path.display()))?;
    let mut config = Config::default();
    for (key, item) in document.iter() {
        match key {
            "crates" => {
                config.crates = CratesConfig::parse(item)
                    .with_context(|| format!("{}: [crates]", path.display()))?;
            }
            "sources" => {
                config.sources = SourcesConfig::parse(item)
                    .with_context(|| format!("{}: [sources]", path.display()))?;
            }
            "service" => {
                let table = item
                    .as_table_like()
                    .with_context(|| format!("{}: `service` is not a table", path.display()))?;
                for (name, item) in table.iter() {
                    let parsed = service(name, item)
                        .with_context(|| format!("{}: [service.{name}]", path.display()))?;
                    config.services.push(parsed);
                }
            }
            "traits" => {
                config.traits =
                    own_traits(item).with_context(|| format!("{}: [traits]", path.display()))?;
            }
            "workflow" => {
                config.workflow = WorkflowConfig::parse(item)
                    .with_context(|| format!("{}: [workflow]", path.display()))?;
            }
            other => bail!(
                "{}: unknown key `{other}`; there are [crates], [sources], [traits], [workflow] and [service.NAME]",
                path.display()
            ),
        }
    }
    config.services.sort_by(|one, two| one.name.cmp(&two.name));
    Ok(config)
}

/// Reads a text: the entry of the fuzz targets, which have no files.
///
/// # Errors
/// As [`read`].
#[cfg(fuzzing)]
#[doc(hidden)]
pub fn fuzzed(text: &str) -> Result<Config> {
    parse(Path::new("models/attache.toml"), text)
}

/// `"namespace#trait" = { ignored = "why" }`, or `refused`.
fn own_traits(item: &Item) -> Result<OwnTraits> {
    let table = item.as_table_like().context("is not a table")?;
    let mut traits = OwnTraits::default();
    for (id, item) in table.iter() {
        let form = || format!("`{id}` must be {{ ignored = \"why\" }} or {{ refused = \"why\" }}");
        let decision = item.as_table_like().with_context(form)?;
        let mut entries = decision.iter();
        let (Some((key, reason)), None) = (entries.next(), entries.next()) else {
            bail!(form());
        };
        let reason = reason.as_str().with_context(form)?.to_owned();
        let decision = match key {
            "ignored" => Decision::Ignored(reason),
            "refused" => Decision::Refused(reason),
            _ => bail!(form()),
        };
        ensure!(
            ledger::handling(id, &OwnTraits::default()).is_none(),
            "attache knows the trait `{id}`: [traits] is only for others"
        );
        traits.add(id, decision)?;
    }
    Ok(traits)
}

/// The value of the key `operations`.
fn operations(value: &Item) -> Result<Vec<String>> {
    const FORM: &str = "`operations` must be a list of names";
    let array = value.as_array().context(FORM)?;
    let names = array
        .iter()
        .map(|name| Ok(name.as_str().context(FORM)?.to_owned()));
    names.collect()
}

fn service(name: &str, item: &Item) -> Result<ServiceConfig> {
    let Some(table) = item.as_table_like() else {
        bail!("is not a table")
    };
    validate_name(name)?;
    let mut config = ServiceConfig {
        name: name.to_owned(),
        crate_name: format!("attache-{name}"),
        server: None,
        crate_version: None,
        operations: None,
        protocol: None,
        dev_dependencies: None,
        arbitrary: false,
        test_util: false,
        words_required: false,
        has_prose: false,
        reference: None,
        published: Published::default(),
    };
    for (key, value) in table.iter() {
        match (key, value) {
            ("crate", value) => config.crate_name = crate_name(value)?,
            ("server", value) => {
                let folder = value.as_str().context("`server` must be a string")?;
                validate_folder("server", folder)?;
                config.server = Some(folder.to_owned());
            }
            ("crate-version", value) => {
                let version = value.as_str().context("`crate-version` must be a string")?;
                config.crate_version = Some(version.to_owned());
            }
            ("operations", value) => {
                config.operations = Some(operations(value)?);
            }
            ("protocol", value) => config.protocol = Some(protocol::of_setting(value.as_str())?),
            ("arbitrary", value) => config.arbitrary = flag(key, value)?,
            ("words", value) => config.words_required = words_required(value)?,
            ("documentation", value) => config.has_prose = has_prose(value)?,
            ("reference", value) => config.reference = Some(reference(value)?),
            ("test-util", value) => config.test_util = flag(key, value)?,
            ("dev-dependencies", value) => {
                let table = value
                    .as_table()
                    .context("`dev-dependencies` must be a table of its own")?;
                config.dev_dependencies = Some(table.to_string());
            }
            (key, value) if config.published.read(key, value)? => {}
            (other, _) => bail!("unknown key `{other}`"),
        }
    }
    Ok(config)
}

/// The value of the key `crate`.
fn crate_name(value: &Item) -> Result<String> {
    let name = value.as_str().context("`crate` must be a string")?;
    ensure!(
        is_package_name(name),
        "`{name}` is not a valid crate name: use letters, digits, `-` and `_`, a letter first"
    );
    validate_device(name)?;
    Ok(name.to_owned())
}

/// The value of the key `documentation`.
fn has_prose(value: &Item) -> Result<bool> {
    match value.as_str() {
        Some("source") => Ok(true),
        Some("facts") => Ok(false),
        _ => bail!(
            "`documentation` must be \"source\", for the documentation of the published model, or \"facts\""
        ),
    }
}

/// The value of the key `words`.
fn words_required(value: &Item) -> Result<bool> {
    let form = "`words` can only be \"required\"; without it, words may be missing";
    ensure!(value.as_str() == Some("required"), form);
    Ok(true)
}

/// The value of the key `reference`.
fn reference(value: &Item) -> Result<String> {
    let address = value.as_str().filter(|address| {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/#?&=%+,:@".contains(&byte);
        let rest = address.replace("{operation}", "").replace("{service}", "");
        address.contains("{operation}") && rest.starts_with("https://") && rest.bytes().all(is_part)
    });
    let address = address.context(
        "`reference` must be an address that begins with https:// and has {operation} in it, for the name of an operation",
    )?;
    Ok(address.to_owned())
}

/// # Errors
/// Another value than true and false.
fn flag(key: &str, value: &Item) -> Result<bool> {
    value
        .as_bool()
        .with_context(|| format!("`{key}` must be true or false"))
}

/// The name of a service becomes a folder and a part of a crate's name.
///
/// # Errors
/// Another name.
pub(crate) fn validate_name(service: &str) -> Result<()> {
    let valid = service.starts_with(|letter: char| letter.is_ascii_lowercase())
        && service
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let lower = service.to_ascii_lowercase();
    let such_as = match lower != service && validate_name(&lower).is_ok() {
        true => format!(", as in `{lower}`"),
        false => String::new(),
    };
    ensure!(
        valid,
        "`{service}` is not a valid name for a service: use lower case letters, digits and `-`{such_as}"
    );
    validate_device(service)
}

/// The name of a package is part of paths and of Rust code.
fn is_package_name(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_')
}
