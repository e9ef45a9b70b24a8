//! The releases that a command takes models from. Each is opened when the first service needs it, and once.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

use super::botocore::Botocore;
use super::cache::Cache;
use super::environment::Environment;
use super::http::{Http, Request};
use super::package_index::Project;
use super::release_number::ReleaseNumber;
use super::settings;
use super::smithy_files::{SmithyFiles, is_commit};
use crate::nearest::did_you_mean;
use crate::workspace::address::shown;
use crate::workspace::config::{ServiceConfig, SourcesConfig};
use crate::workspace::downloads::Options;
use crate::workspace::import::source::{self, Found, Kind, Texts};
use crate::workspace::incoming::{Earlier, Incoming};
use crate::workspace::published::{self, Source};
use crate::workspace::read;

/// The releases, as far as they are open.
pub struct Releases<'a> {
    workspace: PathBuf,
    sources: SourcesConfig,
    environment: &'a dyn Environment,
    to: Option<String>,
    http: Http,
    /// The package index, once it was determined: that may run pip.
    index: OnceCell<Option<String>>,
    botocore: Option<Botocore>,
    /// Older releases of botocore, by version.
    recorded: BTreeMap<String, Botocore>,
    smithy_files: Option<SmithyFiles>,
}

impl std::fmt::Debug for Releases<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Releases")
            .field("to", &self.to)
            .finish_non_exhaustive()
    }
}

impl<'a> Releases<'a> {
    /// Opens no release yet.
    ///
    /// # Errors
    /// Settings of pip or certificates that cannot be read, no folder for the cache.
    pub fn new(
        workspace: &Path,
        sources: &SourcesConfig,
        environment: &'a dyn Environment,
        options: &Options,
    ) -> Result<Self> {
        let connection = settings::connection(environment)?;
        let http = Http::new(Cache::of(environment)?, options.offline, connection)?;
        Ok(Self {
            workspace: workspace.to_owned(),
            sources: sources.clone(),
            environment,
            to: options.to.clone(),
            http,
            index: OnceCell::new(),
            botocore: None,
            recorded: BTreeMap::new(),
            smithy_files: None,
        })
    }

    /// The source of services without `source`: that of `[sources]`, otherwise botocore if a package index is known, and
    /// AWS's own Smithy files if none is.
    ///
    /// # Errors
    /// Settings of pip that cannot be read.
    pub fn default_source(&self) -> Result<Source> {
        if let Some(source) = &self.sources.default {
            return Ok(source.clone());
        }
        Ok(match self.index()? {
            Some(_) => Source::Botocore,
            None => Source::ApiModelsAws,
        })
    }

    fn index(&self) -> Result<Option<&str>> {
        if self.index.get().is_none() {
            let index = settings::index(self.sources.index.as_deref(), self.environment)?;
            let _ = self.index.set(index);
        }
        Ok(self.index.get().and_then(Option::as_deref))
    }

    /// The newest model of a service of the workspace, or that of the requested release.
    ///
    /// # Errors
    /// As [`Releases::model`], a service without a known source, a release that is older than the recorded one.
    pub fn newest(&mut self, service: &ServiceConfig) -> Result<Incoming> {
        let source = match &service.published.source {
            Some(source) => source.clone(),
            None if !self.sources.know(&service.published) => bail!(
                "{}: {}. `update {0} --from PATH` takes the model of a file",
                service.name,
                published::no_source(&service.name)
            ),
            None => self.default_source()?,
        };
        let name = self.published_name(service, &source);
        let (found, texts) = self.model(&name, &source)?;
        if let (Some(recorded), Some(release)) = (&service.published.taken.release, &found.release)
            && self.is_older(&source, release, recorded)
        {
            bail!(
                "{}: {source} {} is older than {}, which its model was taken from",
                service.name,
                source::short_release(release),
                source::short_release(recorded)
            );
        }
        Ok(Incoming::published(&service.name, found, texts))
    }

    /// The documentation that the committed model of a service came with: that of the recorded release, where this release
    /// has other files than `found`.
    pub fn documentation(&mut self, service: &ServiceConfig, found: &Found) -> Earlier {
        match self.recorded(service, found) {
            Ok(None) => Earlier::Same,
            Ok(Some(texts)) => Earlier::Texts(texts),
            Err(error) => Earlier::Missing(format!("{error:#}")),
        }
    }

    fn recorded(&mut self, service: &ServiceConfig, found: &Found) -> Result<Option<Texts>> {
        let taken = &service.published.taken;
        let (Some(release), Some(file)) = (&taken.release, &taken.file) else {
            return Ok(None);
        };
        if taken.file_sha256.as_ref() == Some(&found.sha256) {
            return Ok(None);
        }
        match found.source {
            Some(Source::Botocore) if release.parse::<ReleaseNumber>().is_ok() => {
                if !self.recorded.contains_key(release) {
                    let open = self.open_botocore(Some(release))?;
                    self.recorded.insert(release.clone(), open);
                }
                let open = self.recorded.get_mut(release);
                open.map(|open| open.texts(file)).transpose()
            }
            Some(Source::ApiModelsAws) if is_commit(release) => {
                let files = settings::smithy_files(self.environment).files;
                let address = format!("{files}/{release}/{file}");
                let mut request = Request::new(&address, read::SOURCE_LIMIT);
                request.is_immutable = true;
                let (_, text) = self.http.get(&request)?;
                Ok(Some(Texts::Smithy(read::text_of(text, file)?)))
            }
            _ => Ok(None),
        }
    }

    fn open_botocore(&self, version: Option<&str>) -> Result<Botocore> {
        let project = Project {
            index: settings::required(self.index()?)?,
            name: "botocore",
        };
        Botocore::open(project.release(&self.http, version)?)
    }

    /// Whether a release is known to be older than another one of the same source.
    fn is_older(&self, source: &Source, release: &str, other: &str) -> bool {
        match source {
            Source::Botocore => {
                let number = |text: &str| text.parse::<ReleaseNumber>().ok();
                matches!((number(release), number(other)), (Some(one), Some(two)) if one < two)
            }
            Source::ApiModelsAws => self.smithy_files.as_ref().is_some_and(|files| {
                let settings = settings::smithy_files(self.environment);
                files.is_older_than(&settings, &self.http, other)
            }),
            Source::Url(_) | Source::Path(_) => false,
        }
    }

    /// The name of a service in its source: the recorded one, if its model was taken from there.
    fn published_name(&self, service: &ServiceConfig, source: &Source) -> String {
        if let Some(name) = &service.published.name {
            return name.clone();
        }
        let file = service.published.taken.file.as_deref().unwrap_or_default();
        let taken = match source {
            Source::Botocore => file
                .split_once('/')
                .map(|(name, _)| name)
                .filter(|name| *name != "models"),
            Source::ApiModelsAws => file
                .strip_prefix("models/")
                .and_then(|rest| rest.split_once('/'))
                .map(|(name, _)| name),
            Source::Url(_) | Source::Path(_) => None,
        };
        taken.unwrap_or(&service.name).to_owned()
    }

    /// A model.
    ///
    /// # Errors
    /// No network, an index or a release that cannot be read, a release without the service; `name` is its name
    /// there. Nothing is downloaded when offline.
    pub fn model(&mut self, name: &str, source: &Source) -> Result<(Found, Texts)> {
        match source {
            Source::Botocore => self.botocore_model(name),
            Source::ApiModelsAws => self.smithy_model(name),
            Source::Url(address) => {
                self.no_release(source)?;
                self.single_file(address)
            }
            Source::Path(path) => {
                self.no_release(source)?;
                let (found, texts) = source::load(&self.workspace.join(path))?;
                Ok((
                    Found {
                        source: Some(source.clone()),
                        ..found
                    },
                    texts,
                ))
            }
        }
    }

    /// The names of the services in a release.
    ///
    /// # Errors
    /// As [`Releases::model`], and a source that has no releases.
    pub fn services(&mut self, source: &Source) -> Result<Vec<String>> {
        let names = |names: &mut dyn Iterator<Item = &str>| names.map(str::to_owned).collect();
        Ok(match source {
            Source::Botocore => names(&mut self.botocore()?.services()),
            Source::ApiModelsAws => names(&mut self.smithy_files()?.services()),
            Source::Url(_) | Source::Path(_) => bail!("{source} holds one service"),
        })
    }

    /// What a release is called, for a heading.
    ///
    /// # Errors
    /// As [`Releases::model`].
    pub fn release(&mut self, source: &Source) -> Result<String> {
        Ok(match source {
            Source::Botocore => format!("botocore {}", self.botocore()?.version()),
            Source::ApiModelsAws => format!("api-models-aws {}", self.smithy_files()?.commit()),
            Source::Url(_) | Source::Path(_) => source.to_string(),
        })
    }

    fn no_release(&self, source: &Source) -> Result<()> {
        match &self.to {
            Some(to) => bail!("--to {to}: {source} has no releases"),
            None => Ok(()),
        }
    }

    fn botocore(&mut self) -> Result<&mut Botocore> {
        let open = match self.botocore.take() {
            Some(open) => open,
            None => self.open_botocore(self.to.as_deref())?,
        };
        Ok(self.botocore.insert(open))
    }

    fn smithy_files(&mut self) -> Result<&SmithyFiles> {
        let open = match self.smithy_files.take() {
            Some(open) => open,
            None => {
                let settings = settings::smithy_files(self.environment);
                SmithyFiles::open(&settings, &self.http, self.to.as_deref())?
            }
        };
        Ok(self.smithy_files.insert(open))
    }

    fn botocore_model(&mut self, name: &str) -> Result<(Found, Texts)> {
        let release = self.botocore()?;
        let Some(model) = release.model(name)? else {
            let version = format!("botocore {}", release.version());
            return Err(no_service(&version, name, release.services()));
        };
        let found = Found {
            kind: Kind::Botocore,
            source: Some(Source::Botocore),
            release: Some(release.version().to_owned()),
            file: model.folder,
            sha256: model.texts.sha256(),
        };
        Ok((found, model.texts))
    }

    fn smithy_model(&mut self, name: &str) -> Result<(Found, Texts)> {
        self.smithy_files()?;
        let release = self
            .smithy_files
            .as_ref()
            .context("the release was just opened")?;
        let Some(file) = release.model(&self.http, name)? else {
            let commit = format!("api-models-aws {}", release.commit());
            return Err(no_service(&commit, name, release.services()));
        };
        let texts = Texts::Smithy(file.text);
        let found = Found {
            kind: Kind::Smithy,
            source: Some(Source::ApiModelsAws),
            release: Some(release.commit().to_owned()),
            file: file.path,
            sha256: texts.sha256(),
        };
        Ok((found, texts))
    }

    fn single_file(&self, address: &str) -> Result<(Found, Texts)> {
        let (_, file) = self.http.get(&Request::new(address, read::SOURCE_LIMIT))?;
        let shown = shown(address);
        let text = read::text_of(file, &shown)?;
        let name = shown.trim_end_matches('/').rsplit('/').next();
        let name = name.unwrap_or_default();
        let name = name.strip_suffix(".gz").unwrap_or(name).to_owned();
        let (kind, texts) = if source::is_c2j(&text) {
            let files = [("service-2.json", text)].into_iter().collect();
            (Kind::Botocore, Texts::Botocore(files))
        } else {
            (Kind::Smithy, Texts::Smithy(text))
        };
        let found = source::found(kind, name, &texts);
        let source = Some(Source::Url(address.to_owned()));
        Ok((Found { source, ..found }, texts))
    }
}

/// A release without a service, with the names that are nearest.
fn no_service<'n>(
    release: &str,
    name: &str,
    names: impl Iterator<Item = &'n str>,
) -> anyhow::Error {
    anyhow!(
        "{release} has no service `{}`{}",
        crate::escape::line(name),
        did_you_mean(name, names)
    )
}
