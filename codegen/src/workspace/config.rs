//! `models/attache.toml`: which services there are, and what their crates are called.

use std::path::Path;

use anyhow::{Context, Result, bail};
use toml_edit::{DocumentMut, Item};

/// What the configuration says about one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceConfig {
    /// The folder below `models`.
    pub name: String,
    /// The package that is generated.
    pub crate_name: String,
    /// The folder of the modules with the server half, below the workspace, where there is one.
    pub server: Option<String>,
    /// The version of the package, where it is not that of the workspace; `cargo xtask update` sets it.
    pub crate_version: Option<String>,
    /// The operations to generate; all without it.
    pub operations: Option<Vec<String>>,
    /// What the examples and tests beside the generated code need: the lines of `[dev-dependencies]`.
    pub dev_dependencies: Option<String>,
}

/// Reads the services of a `models` folder, in the order of their names.
///
/// # Errors
/// A file that cannot be read or is not what it should be, with the key.
pub fn services(models: &Path) -> Result<Vec<ServiceConfig>> {
    let path = models.join("attache.toml");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("could not read {}", path.display()))?;
    parse(&path, &text)
}

/// Reads the services of a text that stands, or is about to stand, at `path`.
///
/// # Errors
/// As [`services`], but for reading the file.
pub(crate) fn parse(path: &Path, text: &str) -> Result<Vec<ServiceConfig>> {
    let document: DocumentMut = text
        .parse()
        .with_context(|| format!("could not read {}", path.display()))?;
    let Some(table) = document.get("service").and_then(Item::as_table_like) else {
        return Ok(Vec::new());
    };
    let mut services = table
        .iter()
        .map(|(name, item)| {
            service(name, item).with_context(|| format!("{}: [service.{name}]", path.display()))
        })
        .collect::<Result<Vec<_>>>()?;
    services.sort_by(|one, two| one.name.cmp(&two.name));
    Ok(services)
}

fn service(name: &str, item: &Item) -> Result<ServiceConfig> {
    let Some(table) = item.as_table_like() else {
        bail!("is not a table")
    };
    let mut config = ServiceConfig {
        name: name.to_owned(),
        crate_name: format!("attache-{name}"),
        server: None,
        crate_version: None,
        operations: None,
        dev_dependencies: None,
    };
    for (key, value) in table.iter() {
        match (key, value) {
            ("crate", value) => {
                config.crate_name = value
                    .as_str()
                    .context("`crate` must be a string")?
                    .to_owned();
            }
            ("server", value) => {
                let folder = value.as_str().context("`server` must be a string")?;
                config.server = Some(folder.to_owned());
            }
            ("crate-version", value) => {
                let version = value.as_str().context("`crate-version` must be a string")?;
                config.crate_version = Some(version.to_owned());
            }
            ("operations", value) => {
                let array = value
                    .as_array()
                    .context("`operations` must be a list of names")?;
                let names = array.iter().map(|name| {
                    Ok(name
                        .as_str()
                        .context("`operations` must be a list of names")?
                        .to_owned())
                });
                config.operations = Some(names.collect::<Result<_>>()?);
            }
            ("dev-dependencies", value) => {
                let table = value
                    .as_table()
                    .context("`dev-dependencies` must be a table of its own")?;
                config.dev_dependencies = Some(table.to_string());
            }
            ("source" | "version" | "sha256", value) => {
                value
                    .as_str()
                    .with_context(|| format!("`{key}` must be a string"))?;
            }
            (other, _) => bail!("unknown key `{other}`"),
        }
    }
    Ok(config)
}
