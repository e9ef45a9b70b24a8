//! Finding and reading a published model: botocore's folders, or one Smithy file, plain or compressed.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use crate::ast::own_traits::OwnTraits;
use crate::import::prose::Prose;
use crate::import::{Imported, Sources, from_c2j, from_smithy_with, separate_c2j, separate_smithy};
use crate::json;
use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use crate::workspace::published::Source;
use crate::workspace::read;

/// Where a model was found, without any path of this machine.
#[derive(Clone, Debug)]
pub struct Found {
    /// The form it has.
    pub kind: Kind,
    /// The source of newer models, if it is known.
    pub source: Option<Source>,
    /// The version or commit of the release that it is part of.
    pub release: Option<String>,
    /// The file or folder in the release; otherwise the name of the file.
    pub file: String,
    /// The SHA-256 of what was read, see [`Texts::sha256`].
    pub sha256: String,
}

/// The two forms in which AWS's models are published.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// C2J files, as botocore ships them.
    Botocore,
    /// One Smithy JSON AST.
    Smithy,
}

impl Found {
    /// Where it comes from, in a line. A Smithy file does not say the `version` of its interface in its name.
    pub fn describe(&self, version: &str) -> String {
        let Self { file, release, .. } = self;
        let release = release.as_deref();
        match (&self.source, self.kind) {
            (Some(Source::ApiModelsAws), _) => {
                let commit = short_release(release.unwrap_or_default());
                format!("api-models-aws {commit} {file}")
            }
            (Some(Source::Botocore), _) => match release {
                Some(release) => format!("botocore {release} {file}"),
                None => format!("botocore {file}"),
            },
            (_, Kind::Botocore) => format!("C2J {file}"),
            (_, Kind::Smithy) => format!("Smithy {file} {version}"),
        }
    }
}

/// A release as people name it: a commit by its first digits.
pub(crate) fn short_release(release: &str) -> &str {
    release.get(..12).unwrap_or(release)
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Botocore => "botocore's data",
            Self::Smithy => "a Smithy JSON AST",
        })
    }
}

/// The texts of a model, as they were published.
#[derive(Debug)]
pub enum Texts {
    /// botocore's files of a service, by name.
    Botocore(BTreeMap<&'static str, String>),
    /// One Smithy JSON AST.
    Smithy(String),
}

/// The files of a service that are read, in botocore's folders.
pub(crate) const BOTOCORE_FILES: [&str; 6] = [
    "service-2.json",
    "service-2.sdk-extras.json",
    "paginators-1.json",
    "paginators-1.sdk-extras.json",
    "waiters-2.json",
    "endpoint-rule-set-1.json",
];

impl Texts {
    fn sources<'a>(files: &'a BTreeMap<&'static str, String>) -> Sources<'a> {
        let text = |name: &str| files.get(name).map(String::as_str);
        Sources {
            service_2: text("service-2.json").unwrap_or_default(),
            service_2_extras: text("service-2.sdk-extras.json"),
            paginators: text("paginators-1.json"),
            paginators_extras: text("paginators-1.sdk-extras.json"),
            waiters: text("waiters-2.json"),
            endpoint_rule_set: text("endpoint-rule-set-1.json"),
        }
    }

    /// The SHA-256 of the files, uncompressed, in hexadecimal digits: that of the only file, or that of a list of all, a
    /// line each as the program `sha256sum` prints it, in the order of their names.
    pub fn sha256(&self) -> String {
        let files: Vec<(&str, &str)> = match self {
            Self::Botocore(files) => files
                .iter()
                .map(|(name, text)| (*name, text.as_str()))
                .collect(),
            Self::Smithy(text) => vec![("", text)],
        };
        match files.as_slice() {
            [(_, text)] => read::sha256(text.as_bytes()),
            files => {
                let line = |(name, text): &(&str, &str)| {
                    format!("{}  {name}\n", read::sha256(text.as_bytes()))
                };
                read::sha256(files.iter().map(line).collect::<String>().as_bytes())
            }
        }
    }

    /// Converts them to what can be generated from; `own` is what the workspace says about traits of its own.
    ///
    /// # Errors
    /// What the importer cannot read, with the shape.
    pub fn import(&self, own: &OwnTraits) -> Result<Imported> {
        Ok(match self {
            Self::Botocore(files) => from_c2j(&Self::sources(files))?,
            Self::Smithy(text) => from_smithy_with(text, own)?,
        })
    }

    /// Converts them to the normal form, whether or not a client can be generated from it.
    ///
    /// # Errors
    /// As [`Texts::import`].
    pub fn normal_form(&self) -> Result<Value> {
        Ok(self.separate()?.0)
    }

    /// The same with the documentation that the source carries.
    ///
    /// # Errors
    /// As [`Texts::import`].
    pub fn separate(&self) -> Result<(Value, Prose)> {
        Ok(match self {
            Self::Botocore(files) => separate_c2j(&Self::sources(files))?,
            Self::Smithy(text) => separate_smithy(text)?,
        })
    }
}

/// Reads and converts the model at `from`; `own` has the decisions of the workspace about its own traits.
///
/// # Errors
/// As [`load`], and what the importer cannot read.
pub fn read(from: &Path, own: &OwnTraits) -> Result<(Found, Imported)> {
    let (found, texts) = load(from)?;
    let imported = texts
        .import(own)
        .with_context(|| format!("could not import {}", from.display()))?;
    Ok((found, imported))
}

/// Reads the model at `from`: a folder of botocore, one `service-2.json`, or a Smithy JSON AST.
///
/// # Errors
/// A path with neither of them, or a file that cannot be read.
pub fn load(from: &Path) -> Result<(Found, Texts)> {
    // Links and `..` are resolved first: the names of the folders above are what the source is called by.
    let path =
        fs::canonicalize(from).with_context(|| format!("could not read {}", from.display()))?;
    if path.is_dir() {
        load_botocore(&path)
    } else {
        load_file(&path)
    }
    .with_context(|| format!("could not import {}", from.display()))
}

fn load_file(path: &Path) -> Result<(Found, Texts)> {
    let text = read::source(path)?;
    let name = file_name(path);
    let name = name.strip_suffix(".gz").unwrap_or(&name).to_owned();
    Ok(if is_c2j(&text) {
        let texts = Texts::Botocore(BTreeMap::from([("service-2.json", text)]));
        (found(Kind::Botocore, name, &texts), texts)
    } else {
        let texts = Texts::Smithy(text);
        (found(Kind::Smithy, name, &texts), texts)
    })
}

/// A file whose published address is unknown.
pub(crate) fn found(kind: Kind, file: String, texts: &Texts) -> Found {
    Found {
        kind,
        source: None,
        release: None,
        file,
        sha256: texts.sha256(),
    }
}

/// Whether a text is C2J: it has its metadata beside the operations. Whatever else it is, the reader of Smithy will say.
pub(crate) fn is_c2j(text: &str) -> bool {
    json::parse(text)
        .is_ok_and(|value| value.get("operations").is_some() && value.get("metadata").is_some())
}

fn load_botocore(folder: &Path) -> Result<(Found, Texts)> {
    let folder = version_folder(folder)?;
    let mut files = BTreeMap::new();
    for name in BOTOCORE_FILES {
        if let Some(text) = read_either(&folder, name)? {
            files.insert(name, text);
        }
    }
    if !files.contains_key("service-2.json") {
        bail!("the folder has no service-2.json");
    }
    let service = folder.parent().map(file_name).unwrap_or_default();
    let texts = Texts::Botocore(files);
    let found = Found {
        source: Some(Source::Botocore),
        release: botocore_release(&folder),
        ..found(
            Kind::Botocore,
            format!("{service}/{}", file_name(&folder)),
            &texts,
        )
    };
    Ok((found, texts))
}

/// The folder itself if it holds a model, or else the newest of the versions in it: they are named by dates.
///
/// # Errors
/// A folder that cannot be read, or holds no model.
pub fn version_folder(folder: &Path) -> Result<PathBuf> {
    let holds_model = |folder: &Path| {
        ["service-2.json", "service-2.json.gz"]
            .iter()
            .any(|name| folder.join(name).is_file())
    };
    if holds_model(folder) {
        return Ok(folder.to_owned());
    }
    let mut versions = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if holds_model(&path) {
            versions.push(path);
        }
    }
    versions.sort();
    versions.pop().ok_or_else(|| {
        anyhow!(
            "neither the folder nor a folder in it holds a service-2.json, and it is not a Smithy file either"
        )
    })
}

/// `__version__` of the botocore that the folder belongs to (`botocore/data/SERVICE/VERSION`), if it does.
fn botocore_release(folder: &Path) -> Option<String> {
    let package = folder.ancestors().nth(3)?;
    let text = read::text(&package.join("__init__.py")).ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("__version__"))?;
    let release = line.trim_start_matches([' ', '=']).trim();
    Some(release.trim_matches(['\'', '"']).to_owned())
}

/// A file of the folder, plain or compressed; absent files are normal.
fn read_either(folder: &Path, name: &str) -> Result<Option<String>> {
    for name in [name.to_owned(), format!("{name}.gz")] {
        let path = folder.join(&name);
        if path.exists() {
            return read::source(&path).map(Some);
        }
    }
    Ok(None)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
