//! Finding and reading a published model: botocore's folders, or one Smithy file, plain or compressed.

use std::fmt;
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use attache_codegen::import::{Imported, Sources, from_c2j, from_smithy};
use flate2::read::GzDecoder;

/// What stood at the path that the user named.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) kind: Kind,
    /// Where the model comes from, for everyone: without any path of this machine.
    pub(super) source: String,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Botocore,
    Smithy,
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Botocore => "botocore's data",
            Self::Smithy => "a Smithy JSON AST",
        })
    }
}

/// Reads and converts what stands at `from`.
pub(super) fn read(from: &Path) -> Result<(Found, Imported)> {
    // Links and `..` are resolved first: the names of the folders above are what the source is called by.
    let path =
        fs::canonicalize(from).with_context(|| format!("could not read {}", from.display()))?;
    if path.is_dir() {
        read_botocore(&path)
    } else {
        read_smithy(&path)
    }
    .with_context(|| format!("could not import {}", from.display()))
}

fn read_smithy(path: &Path) -> Result<(Found, Imported)> {
    let text = read_text(path)?;
    let imported = from_smithy(&text)?;
    let name = file_name(path);
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let found = Found {
        kind: Kind::Smithy,
        source: format!("Smithy {name} {}", imported.version),
    };
    Ok((found, imported))
}

fn read_botocore(folder: &Path) -> Result<(Found, Imported)> {
    let folder = version_folder(folder)?;
    let read = |name: &str| read_either(&folder, name);
    let service_2 = read("service-2.json")?.context("the folder has no service-2.json")?;
    let service_2_extras = read("service-2.sdk-extras.json")?;
    let paginators = read("paginators-1.json")?;
    let paginators_extras = read("paginators-1.sdk-extras.json")?;
    let waiters = read("waiters-2.json")?;
    let endpoint_rule_set = read("endpoint-rule-set-1.json")?;
    let imported = from_c2j(&Sources {
        service_2: &service_2,
        service_2_extras: service_2_extras.as_deref(),
        paginators: paginators.as_deref(),
        paginators_extras: paginators_extras.as_deref(),
        waiters: waiters.as_deref(),
        endpoint_rule_set: endpoint_rule_set.as_deref(),
    })?;
    let service = folder.parent().map(file_name).unwrap_or_default();
    let release = botocore_release(&folder)
        .map(|release| format!(" {release}"))
        .unwrap_or_default();
    let found = Found {
        kind: Kind::Botocore,
        source: format!("botocore{release} {service}/{}", file_name(&folder)),
    };
    Ok((found, imported))
}

/// The folder itself if it holds a model, or else the newest of the versions in it: they are named by dates.
fn version_folder(folder: &Path) -> Result<PathBuf> {
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
            "neither the folder nor a folder in it holds a service-2.json, and it is no Smithy file either"
        )
    })
}

/// `__version__` of the botocore that the folder belongs to (`botocore/data/SERVICE/VERSION`), if it does.
fn botocore_release(folder: &Path) -> Option<String> {
    let package = folder.ancestors().nth(3)?;
    let text = fs::read_to_string(package.join("__init__.py")).ok()?;
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
        if path.is_file() {
            return read_text(&path).map(Some);
        }
    }
    Ok(None)
}

/// The text of a file; a compressed one is known by its first bytes, whatever it is called.
fn read_text(path: &Path) -> Result<String> {
    let name = file_name(path);
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => bail!("there is no {name}"),
        Err(error) => return Err(error).with_context(|| format!("could not read {name}")),
    };
    let mut text = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        GzDecoder::new(bytes.as_slice())
            .read_to_string(&mut text)
            .with_context(|| format!("could not decompress {name}"))?;
        return Ok(text);
    }
    String::from_utf8(bytes).with_context(|| format!("{name} is not UTF-8"))
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
