//! A release of botocore: the C2J models of all services in one archive.
//!
//! Only the files that are needed are read, into memory; nothing is unpacked.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;

use anyhow::{Context, Result};
use zip::ZipArchive;

use super::package_index::Archive;
use super::plain_name::is_plain;
use crate::workspace::import::source::{BOTOCORE_FILES, Texts};
use crate::workspace::read;

const DATA: &str = "botocore/data/";

/// A release, opened.
#[derive(Debug)]
pub struct Botocore {
    version: String,
    sha256: String,
    archive: ZipArchive<File>,
    /// The folders with a model, by service: the versions of its API, the newest last.
    services: BTreeMap<String, BTreeSet<String>>,
}

/// The model of one service in a release.
#[derive(Debug)]
pub struct Model {
    /// The folder of the model: `SERVICE/VERSION`.
    pub folder: String,
    /// Its files.
    pub texts: Texts,
}

impl Botocore {
    /// Opens the archive of a release.
    ///
    /// # Errors
    /// An archive that is broken, or holds no models.
    pub fn open(archive: Archive) -> Result<Self> {
        let broken = || format!("the archive of botocore {} cannot be read", archive.version);
        let zip = ZipArchive::new(archive.file).with_context(broken)?;
        let mut services: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for name in zip.file_names() {
            let Some((service, version)) = model_folder(name) else {
                continue;
            };
            let versions = services.entry(service.to_owned()).or_default();
            versions.insert(version.to_owned());
        }
        anyhow::ensure!(
            !services.is_empty(),
            "the archive of botocore {} holds no models",
            archive.version
        );
        Ok(Self {
            version: archive.version,
            sha256: archive.sha256,
            archive: zip,
            services,
        })
    }

    /// The version of the release.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The SHA-256 of the archive.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The services, by the names of their folders.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.services.keys().map(String::as_str)
    }

    /// The newest model of a service; `None` where the release does not have the service.
    ///
    /// # Errors
    /// A member of the archive that is broken, too large, or not UTF-8.
    pub fn model(&mut self, service: &str) -> Result<Option<Model>> {
        let newest = self.services.get(service).and_then(BTreeSet::last);
        let Some(version) = newest else {
            return Ok(None);
        };
        let folder = format!("{service}/{version}");
        let texts = self.texts(&folder)?;
        Ok(Some(Model { folder, texts }))
    }

    /// The model in a folder: `SERVICE/VERSION`.
    ///
    /// # Errors
    /// As [`Botocore::model`], and a folder without a model.
    pub fn texts(&mut self, folder: &str) -> Result<Texts> {
        let mut files = BTreeMap::new();
        for name in BOTOCORE_FILES {
            if let Some(text) = self.text(&format!("{DATA}{folder}/{name}"))? {
                files.insert(name, text);
            }
        }
        anyhow::ensure!(
            files.contains_key("service-2.json"),
            "botocore {} has no model in {}",
            self.version,
            crate::escape::line(folder)
        );
        Ok(Texts::Botocore(files))
    }

    /// A file, plain or compressed; `None` where there is none.
    fn text(&mut self, path: &str) -> Result<Option<String>> {
        for path in [path.to_owned(), format!("{path}.gz")] {
            let Some(index) = self.archive.index_for_name(&path) else {
                continue;
            };
            let shown = format!("{path} of botocore {}", self.version);
            let member = self.archive.by_index(index);
            let member = member.with_context(|| format!("could not read {shown}"))?;
            return read::text_of(member, &shown).map(Some);
        }
        Ok(None)
    }
}

/// The service and the version of the API whose model this is, if it is one.
fn model_folder(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix(DATA)?;
    let mut parts = rest.split('/');
    let (service, version, file) = (parts.next()?, parts.next()?, parts.next()?);
    let is_model = parts.next().is_none() && file.trim_end_matches(".gz") == "service-2.json";
    (is_model && is_plain(service) && is_plain(version)).then_some((service, version))
}

#[cfg(test)]
mod tests {
    use super::model_folder;

    #[test]
    fn only_models_of_services_are_members() {
        let found = model_folder("botocore/data/support/2013-04-15/service-2.json.gz");
        assert_eq!(found, Some(("support", "2013-04-15")));
        for path in [
            "botocore/data/support/2013-04-15/waiters-2.json",
            "botocore/data/endpoints.json",
            "botocore/data/a/b/c/service-2.json",
            "botocore/data//x/service-2.json",
            "botocore/data/../x/service-2.json",
            "../botocore/data/a/b/service-2.json",
            "botocore/data/a\u{202e}/b/service-2.json",
        ] {
            assert_eq!(model_folder(path), None, "{path}");
        }
    }
}
