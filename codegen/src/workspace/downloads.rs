//! The downloads of the commands. Without the feature `fetch` each of them is the same error.

use clap::ArgMatches;

pub(crate) use self::imp::{list, new, newest, newest_with_documentation};

/// Which releases a command requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether nothing but the cache is used.
    pub offline: bool,
    /// The version or commit to use instead of the newest.
    pub to: Option<String>,
}

/// Whether a command downloads, with what clap read for it. An xtask that is built without the feature `fetch` can run
/// the program `attache` then.
pub fn needed(name: &str, matches: &ArgMatches) -> bool {
    match name {
        "outdated" | "services" => true,
        "add" | "update" => !matches.contains_id("from"),
        _ => false,
    }
}

#[cfg(feature = "fetch")]
mod imp {
    use std::path::Path;

    use anyhow::Result;

    use super::Options;
    use crate::workspace::config::{Config, ServiceConfig};
    use crate::workspace::fetch::environment::ProcessEnvironment;
    use crate::workspace::fetch::releases::Releases;
    use crate::workspace::incoming::Incoming;
    use crate::workspace::listing::{self, Listing};

    fn releases(workspace: &Path, config: &Config, options: &Options) -> Result<Releases<'static>> {
        Releases::new(workspace, &config.sources, &ProcessEnvironment, options)
    }

    /// The newest models of services, each from its source.
    ///
    /// # Errors
    /// What [`Releases::newest`] finds wrong.
    pub(crate) fn newest(
        workspace: &Path,
        config: &Config,
        services: &[&ServiceConfig],
        options: &Options,
    ) -> Result<Vec<Incoming>> {
        let mut releases = releases(workspace, config, options)?;
        services
            .iter()
            .map(|service| releases.newest(service))
            .collect()
    }

    /// The same with the documentation of the recorded releases, as far as it can be downloaded.
    ///
    /// # Errors
    /// What [`Releases::newest`] finds wrong.
    pub(crate) fn newest_with_documentation(
        workspace: &Path,
        config: &Config,
        services: &[&ServiceConfig],
        options: &Options,
    ) -> Result<Vec<Incoming>> {
        let mut releases = releases(workspace, config, options)?;
        let mut all = Vec::new();
        for service in services {
            let mut incoming = releases.newest(service)?;
            // Where the crate has the prose, that of the recorded release is in the workspace.
            if !service.has_prose {
                incoming.earlier = releases.documentation(service, &incoming.found);
            }
            all.push(incoming);
        }
        Ok(all)
    }

    /// The model of a service that is not in the workspace yet, from the source in its settings if there is one.
    ///
    /// # Errors
    /// What [`Releases::model`] finds wrong.
    pub(crate) fn new(
        workspace: &Path,
        config: &Config,
        service: &str,
        options: &Options,
    ) -> Result<Incoming> {
        let mut releases = releases(workspace, config, options)?;
        if let Some(configured) = config.service(service) {
            return releases.newest(configured);
        }
        let source = releases.default_source()?;
        let (found, texts) = releases.model(service, &source)?;
        Ok(Incoming::published(service, found, texts))
    }

    /// The services that can be added.
    ///
    /// # Errors
    /// What [`listing::list`] finds wrong.
    pub(crate) fn list(
        workspace: &Path,
        config: &Config,
        word: Option<&str>,
        options: &Options,
    ) -> Result<Listing> {
        listing::list(config, word, &mut releases(workspace, config, options)?)
    }
}

#[cfg(not(feature = "fetch"))]
mod imp {
    use std::path::Path;

    use anyhow::{Result, bail};

    use super::Options;
    use crate::workspace::config::{Config, ServiceConfig};
    use crate::workspace::incoming::Incoming;
    use crate::workspace::listing::Listing;

    fn refused<T>() -> Result<T> {
        bail!(
            "this program is built without the feature `fetch` of attache-codegen, and downloads nothing: name the model \
             with --from PATH, or run the program `attache`"
        )
    }

    pub(crate) fn newest(
        _: &Path,
        _: &Config,
        _: &[&ServiceConfig],
        _: &Options,
    ) -> Result<Vec<Incoming>> {
        refused()
    }

    pub(crate) fn newest_with_documentation(
        _: &Path,
        _: &Config,
        _: &[&ServiceConfig],
        _: &Options,
    ) -> Result<Vec<Incoming>> {
        refused()
    }

    pub(crate) fn new(_: &Path, _: &Config, _: &str, _: &Options) -> Result<Incoming> {
        refused()
    }

    pub(crate) fn list(_: &Path, _: &Config, _: Option<&str>, _: &Options) -> Result<Listing> {
        refused()
    }
}
