//! The releases of botocore in a Python package index ("Simple repository API" of the Python packaging user guide).

use std::fs::File;
use std::io::Read as _;

use anyhow::{Context, Result, bail};

use super::http::{Http, Request};
use super::index_page::{self, PublishedFile};
use super::release_number::ReleaseNumber;
use crate::workspace::address::shown;

/// The most bytes of the page of a project. That of botocore has 2 MB.
const PAGE_LIMIT: u64 = 64 << 20;

/// The most bytes of an archive. That of botocore has 15 MB.
const ARCHIVE_LIMIT: u64 = 256 << 20;

/// Both forms of a page; JSON is shorter and preferred.
const ACCEPT: &str = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";

/// A project in an index.
#[derive(Clone, Copy, Debug)]
pub struct Project<'a> {
    /// The address of the index, as pip has it.
    pub index: &'a str,
    /// The name of the project, in its normal form.
    pub name: &'a str,
}

/// A release, downloaded.
#[derive(Debug)]
pub struct Archive {
    /// Its version.
    pub version: String,
    /// The archive: a wheel, which is a zip file.
    pub file: File,
    /// The SHA-256 of it.
    pub sha256: String,
}

impl Project<'_> {
    /// Downloads a release: the newest one, or `version`.
    ///
    /// # Errors
    /// An index that cannot be reached or read, that lacks the project or the version, and what [`Http::get`] finds.
    pub fn release(&self, http: &Http, version: Option<&str>) -> Result<Archive> {
        let address = format!("{}/{}/", self.index.trim_end_matches('/'), self.name);
        let mut request = Request::new(&address, PAGE_LIMIT);
        request.accept = Some(ACCEPT);
        let (_, mut page) = http.get(&request)?;
        let mut text = String::new();
        page.read_to_string(&mut text)
            .with_context(|| format!("{} is not UTF-8", shown(&address)))?;
        let files = index_page::read(&address, &text)
            .with_context(|| format!("could not read {}", shown(&address)))?;
        let (version, file) = self.choose(files, version, &shown(&address))?;
        let mut request = Request::new(&file.address, ARCHIVE_LIMIT);
        request.sha256 = file.sha256.as_deref();
        request.is_immutable = true;
        let (answer, archive) = http.get(&request)?;
        Ok(Archive {
            version: version.to_string(),
            file: archive,
            sha256: answer.sha256,
        })
    }

    /// The file of the requested version, or of the newest one that was not withdrawn.
    fn choose(
        &self,
        files: Vec<PublishedFile>,
        version: Option<&str>,
        shown: &str,
    ) -> Result<(ReleaseNumber, PublishedFile)> {
        let mut releases: Vec<(ReleaseNumber, PublishedFile)> = files
            .into_iter()
            .filter_map(|file| Some((self.version_of(&file.name)?, file)))
            .collect();
        releases.sort_by(|one, two| one.0.cmp(&two.0));
        let Some((newest, _)) = releases.last() else {
            bail!("{shown} lists no release of {} as a wheel", self.name);
        };
        let newest = newest.to_string();
        let Some(version) = version else {
            let usable = releases.into_iter().rfind(|(_, file)| !file.is_yanked);
            return usable
                .with_context(|| format!("{shown}: all releases of {} were withdrawn", self.name));
        };
        let asked: ReleaseNumber = version.parse().ok().with_context(|| {
            format!(
                "`{version}` is not a version of {}: numbers and dots, such as {newest}",
                self.name
            )
        })?;
        releases
            .into_iter()
            .find(|(release, _)| *release == asked)
            .with_context(|| {
                format!(
                    "{shown} has no {} {version}; the newest is {newest}",
                    self.name
                )
            })
    }

    /// The version in the name of a wheel that fits every machine: `NAME-VERSION-PYTHON-none-any.whl`.
    fn version_of(&self, file: &str) -> Option<ReleaseNumber> {
        let rest = file.strip_suffix("-none-any.whl")?;
        let (name, rest) = rest.split_once('-')?;
        let (version, _) = rest.split_once('-')?;
        let is_project = name.replace('_', "-").eq_ignore_ascii_case(self.name);
        is_project.then(|| version.parse().ok()).flatten()
    }
}
