//! AWS's own Smithy files: the repository `api-models-aws`, one JSON file a service and version of its API.
//!
//! A release is a commit. There are four kinds of requests: for the newest commit, for its list of files, for its relation
//! to the commit of a recorded model, and for the files. The first three go to an API that limits requests without a token.
//! Answers about given commits never change, so they are cached.

use std::collections::BTreeMap;
use std::io::{BufReader, Read as _};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use super::http::{Http, Request};
use super::plain_name::is_plain;
use super::settings::SmithyFilesSettings;
use crate::workspace::read;

/// The most bytes of the list of files.
const LIST_LIMIT: u64 = 64 << 20;

/// The files of a commit.
#[derive(Debug)]
pub struct SmithyFiles {
    /// Where the files are, the commit included.
    files: String,
    commit: String,
    /// The paths of the files of a service, by version of its API.
    services: BTreeMap<String, BTreeMap<String, String>>,
}

/// A file.
#[derive(Debug)]
pub struct SmithyFile {
    /// Its path in the repository.
    pub path: String,
    /// Its text.
    pub text: String,
}

#[derive(Deserialize)]
struct Tree {
    tree: Vec<Entry>,
    #[serde(default)]
    truncated: bool,
}

#[derive(Deserialize)]
struct Entry {
    path: String,
}

/// How a commit relates to another one: `ahead`, `behind`, `identical` or `diverged`.
#[derive(Deserialize)]
struct Comparison {
    status: String,
}

impl SmithyFiles {
    /// Finds the newest commit, or takes `commit`, and lists its files.
    ///
    /// # Errors
    /// As [`Http::get`], answers of another form, a text that is not a commit.
    pub fn open(settings: &SmithyFilesSettings, http: &Http, commit: Option<&str>) -> Result<Self> {
        let commit = match commit {
            Some(commit) => commit.to_owned(),
            None => newest(settings, http)?,
        };
        ensure!(
            is_commit(&commit),
            "`{}` is not a commit: 40 hexadecimal digits",
            crate::escape::line(&commit)
        );
        let address = format!("{}/git/trees/{commit}?recursive=1", settings.repository);
        let mut request = Request::new(&address, LIST_LIMIT);
        request.token = settings.token.as_deref();
        request.is_immutable = true;
        let (_, mut file) = http.get(&request)?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        let list: Tree = serde_json::from_str(&text)
            .with_context(|| format!("the list of the files of {commit} cannot be read"))?;
        if list.truncated {
            bail!("the list of the files of {commit} is not complete");
        }
        let mut services: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for entry in list.tree {
            if let Some((service, version)) = model_file(&entry.path) {
                let versions = services.entry(service.to_owned()).or_default();
                versions.insert(version.to_owned(), entry.path.clone());
            }
        }
        ensure!(!services.is_empty(), "the commit {commit} holds no models");
        Ok(Self {
            files: format!("{}/{commit}", settings.files),
            commit,
            services,
        })
    }

    /// The commit.
    pub fn commit(&self) -> &str {
        &self.commit
    }

    /// Whether the commit is older than another one, as far as that can be known: not offline, not if the repository does
    /// not have the other commit or does not answer, and not for commits of which neither contains the other.
    pub fn is_older_than(&self, settings: &SmithyFilesSettings, http: &Http, other: &str) -> bool {
        if other == self.commit || !is_commit(other) {
            return false;
        }
        let (repository, commit) = (&settings.repository, &self.commit);
        let address = format!("{repository}/compare/{other}...{commit}?per_page=1");
        let mut request = Request::new(&address, LIST_LIMIT);
        request.token = settings.token.as_deref();
        request.is_immutable = true;
        let comparison = http.get(&request).ok().and_then(|(_, file)| {
            let comparison: Comparison = serde_json::from_reader(BufReader::new(file)).ok()?;
            Some(comparison)
        });
        comparison.is_some_and(|comparison| comparison.status == "behind")
    }

    /// The services, by the names of their folders.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.services.keys().map(String::as_str)
    }

    /// The newest model of a service; `None` where the commit does not have the service.
    ///
    /// # Errors
    /// As [`Http::get`], and a file that is not UTF-8.
    pub fn model(&self, http: &Http, service: &str) -> Result<Option<SmithyFile>> {
        let versions = self.services.get(service);
        let Some((_, path)) = versions.and_then(BTreeMap::last_key_value) else {
            return Ok(None);
        };
        let address = format!("{}/{path}", self.files);
        let mut request = Request::new(&address, read::SOURCE_LIMIT);
        request.is_immutable = true;
        let (_, file) = http.get(&request)?;
        Ok(Some(SmithyFile {
            path: path.clone(),
            text: read::text_of(file, path)?,
        }))
    }
}

/// Whether a text is the name of a commit.
pub(super) fn is_commit(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Requests the newest commit.
fn newest(settings: &SmithyFilesSettings, http: &Http) -> Result<String> {
    let address = format!("{}/commits/HEAD", settings.repository);
    let mut request = Request::new(&address, 1 << 20);
    request.token = settings.token.as_deref();
    request.accept = Some("application/vnd.github.sha");
    let (_, mut file) = http.get(&request)?;
    let mut text = String::new();
    file.read_to_string(&mut text)
        .context("the name of the newest commit is not UTF-8")?;
    Ok(text.trim().to_owned())
}

/// The service and the version of its API: `models/SERVICE/service/VERSION/NAME.json`.
fn model_file(path: &str) -> Option<(&str, &str)> {
    let parts: Vec<&str> = path.split('/').collect();
    let ["models", service, "service", version, file] = parts.as_slice() else {
        return None;
    };
    let is_model = file.ends_with(".json") && [*service, *version, *file].into_iter().all(is_plain);
    is_model.then_some((*service, *version))
}

#[cfg(test)]
mod tests {
    use super::model_file;

    #[test]
    fn only_models_of_services_are_listed() {
        let path = "models/support/service/2013-04-15/support-2013-04-15.json";
        assert_eq!(model_file(path), Some(("support", "2013-04-15")));
        for path in [
            "README.md",
            "models/support/service/2013-04-15/notes.md",
            "models/../service/x/y.json",
            "models/a/service/b/c/d.json",
            "models/a b/service/1/x.json",
        ] {
            assert_eq!(model_file(path), None, "{path}");
        }
    }
}
