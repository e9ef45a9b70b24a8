//! Where downloads come from and how: `[sources]` of `models/attache.toml`, variables, and pip's settings.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::environment::{Environment, Patience};
use super::pip;

/// Where AWS's own Smithy files are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmithyFilesSettings {
    /// The API of the repository, without a slash at the end.
    pub repository: String,
    /// The raw files, to which commit and path are added.
    pub files: String,
    /// A token for the API, which permits more requests with one.
    pub token: Option<String>,
}

/// The API of the repository of AWS's own Smithy files; [`REPOSITORY_VARIABLE`] names another one.
const REPOSITORY: &str = "https://api.github.com/repos/aws/api-models-aws";

/// The files of that repository; [`FILES_VARIABLE`] names others.
const FILES: &str = "https://raw.githubusercontent.com/aws/api-models-aws";

/// The variable that names another API of a repository.
pub const REPOSITORY_VARIABLE: &str = "ATTACHE_API_MODELS_REPOSITORY";

/// The variable that names another place of its files.
pub const FILES_VARIABLE: &str = "ATTACHE_API_MODELS_FILES";

/// The package index: that of `models/attache.toml`, of pip's settings, or the default of an installed pip.
///
/// # Errors
/// Settings of pip that cannot be read.
pub fn index(configured: Option<&str>, environment: &dyn Environment) -> Result<Option<String>> {
    if let Some(index) = configured {
        return Ok(Some(index.to_owned()));
    }
    let settings = pip::settings(environment)?;
    Ok(settings.index_url.or_else(|| environment.default_index()))
}

/// The index that [`index`] found; an error if there is none.
///
/// # Errors
/// No index.
pub fn required(index: Option<&str>) -> Result<&str> {
    index.context(
        "no package index is known: set `index` in [sources] of models/attache.toml, the variable PIP_INDEX_URL, or \
         `index-url` in pip's configuration",
    )
}

/// How servers are reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connection {
    /// A PEM file of authorities that are trusted besides those of the platform.
    pub certificates: Option<PathBuf>,
    /// The address of a proxy, instead of those of the environment.
    pub proxy: Option<String>,
    /// How long downloads wait for a server.
    pub patience: Patience,
}

/// How servers are reached: pip's settings, and the defaults.
///
/// # Errors
/// As [`index`].
pub fn connection(environment: &dyn Environment) -> Result<Connection> {
    let settings = pip::settings(environment)?;
    Ok(Connection {
        patience: settings.patience(environment.patience()),
        certificates: settings.certificates,
        proxy: settings.proxy,
    })
}

/// Where AWS's own Smithy files are.
pub fn smithy_files(environment: &dyn Environment) -> SmithyFilesSettings {
    let place = |variable: &str, otherwise: &str| {
        let place = environment.variable(variable);
        let place = place.unwrap_or_else(|| otherwise.to_owned());
        place.trim_end_matches('/').to_owned()
    };
    SmithyFilesSettings {
        repository: place(REPOSITORY_VARIABLE, REPOSITORY),
        files: place(FILES_VARIABLE, FILES),
        token: environment
            .variable("GITHUB_TOKEN")
            .or_else(|| environment.variable("GH_TOKEN")),
    }
}
