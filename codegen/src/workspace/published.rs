//! The source of the model of a service, and the record of the current model: keys of `[service.NAME]`.
//!
//! ```toml
//! source = "botocore"           # or "api-models-aws", { url = "https://…/model.json" }, { path = "below/the/workspace" }
//! published = "support"         # the name of the service there, if it differs
//! release = "1.44.8"            # the version or commit that the model was taken from
//! file = "support/2013-04-15"   # the file or folder of the model in the release
//! file-sha256 = "…"             # of what was read there, uncompressed
//! version = "2013-04-15"        # of the service's interface, as the model says
//! sha256 = "…"                  # of models/NAME/model.json
//! prose-sha256 = "…"            # of models/NAME/prose.json, where the crate has the documentation of its source
//! ```
//!
//! Users write the first two; the commands that replace a model write the others.

use std::fmt;

use anyhow::{Context, Result, bail, ensure};
use toml_edit::{InlineTable, Item, Value};

use super::address::shown;
use super::place::validate_path;
use super::read;

/// Where new models of a service are published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// AWS's own Smithy files, by commit of their repository.
    ApiModelsAws,
    /// The models in the releases of botocore, from a Python package index.
    Botocore,
    /// One file at an address.
    Url(String),
    /// A file or a folder of botocore's form, below the workspace.
    Path(String),
}

impl Source {
    /// Reads the value of the key `source`.
    ///
    /// # Errors
    /// Another value.
    pub(crate) fn parse(item: &Item) -> Result<Self> {
        const FORMS: &str = "`source` must be \"botocore\", \"api-models-aws\", { url = \"…\" } or { path = \"…\" }";
        if let Some(name) = item.as_str() {
            return Ok(match name {
                "api-models-aws" => Self::ApiModelsAws,
                "botocore" => Self::Botocore,
                other => bail!("{FORMS}, not `{other}`"),
            });
        }
        let table = item.as_table_like().context(FORMS)?;
        let mut keys = table.iter();
        let (Some((key, value)), None) = (keys.next(), keys.next()) else {
            bail!("{FORMS}");
        };
        let text = value.as_str().context(FORMS)?;
        match key {
            "url" => {
                validate_address("source.url", text)?;
                Ok(Self::Url(text.to_owned()))
            }
            "path" => {
                validate_path("source.path", "path", text)?;
                Ok(Self::Path(text.to_owned()))
            }
            _ => bail!("{FORMS}"),
        }
    }

    /// The value of the key `source`.
    pub(crate) fn to_value(&self) -> Value {
        let table = |key: &str, text: &str| {
            let mut table = InlineTable::new();
            table.insert(key, text.into());
            Value::InlineTable(table)
        };
        match self {
            Self::ApiModelsAws => "api-models-aws".into(),
            Self::Botocore => "botocore".into(),
            Self::Url(address) => table("url", address),
            Self::Path(path) => table("path", path),
        }
    }

    /// Whether one release holds the models of many services.
    pub fn has_releases(&self) -> bool {
        matches!(self, Self::ApiModelsAws | Self::Botocore)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApiModelsAws => formatter.write_str("api-models-aws"),
            Self::Botocore => formatter.write_str("botocore"),
            Self::Url(address) => formatter.write_str(&shown(address)),
            Self::Path(path) => formatter.write_str(path),
        }
    }
}

fn validate_address(key: &str, text: &str) -> Result<()> {
    ensure!(
        text.starts_with("https://") || text.starts_with("http://"),
        "`{key}` must begin with https:// or http://"
    );
    Ok(())
}

/// `[sources]`: the defaults of all services.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourcesConfig {
    /// Where models are published.
    pub default: Option<Source>,
    /// The address of the Python package index; that of pip's settings without it.
    pub index: Option<String>,
}

impl SourcesConfig {
    pub(crate) fn parse(item: &Item) -> Result<Self> {
        let table = item.as_table_like().context("is not a table")?;
        let mut config = Self::default();
        for (key, value) in table.iter() {
            match key {
                "default" => {
                    let source = Source::parse(value).context("`default`")?;
                    ensure!(
                        source.has_releases(),
                        "`default` must be \"botocore\" or \"api-models-aws\": a file holds one service"
                    );
                    config.default = Some(source);
                }
                "index" => {
                    let index = value.as_str().context("`index` must be a string")?;
                    validate_address("index", index)?;
                    config.index = Some(index.to_owned());
                }
                other => bail!("unknown key `{other}`; there are `default` and `index`"),
            }
        }
        Ok(config)
    }

    /// Whether it is known where newer models are. A file that a user named belongs to no known release.
    pub(crate) fn know(&self, published: &Published) -> bool {
        published.source.is_some() || published.taken.file.is_none() || self.default.is_some()
    }
}

/// The sentence about a service for which that is not known.
pub(crate) fn no_source(service: &str) -> String {
    format!(
        "its model is from a file, and nothing says where newer ones are: `source = {{ path = \"…\" }}` in \
         [service.{service}] of models/attache.toml does (or {{ url = \"…\" }}, \"botocore\", \"api-models-aws\")"
    )
}

/// The source of the models of one service, and the record of the current one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Where new models are published; without it, the source in `[sources]`.
    pub source: Option<Source>,
    /// The name of the service there, if it differs.
    pub name: Option<String>,
    /// The record of the current model.
    pub taken: Taken,
}

impl Published {
    /// Takes over a key of `[service.NAME]`; whether it is one of these.
    ///
    /// # Errors
    /// A value that is not valid for the key.
    pub(crate) fn read(&mut self, key: &str, value: &Item) -> Result<bool> {
        let text = || {
            let text = value.as_str();
            text.with_context(|| format!("`{key}` must be a string"))
                .map(str::to_owned)
        };
        match key {
            "source" => match value.as_str().and_then(parse_record) {
                Some((source, taken)) => {
                    self.source = source;
                    self.taken.release = self.taken.release.take().or(taken.release);
                    self.taken.file = self.taken.file.take().or(taken.file);
                }
                None => self.source = Some(Source::parse(value)?),
            },
            "published" => self.name = Some(text()?),
            "release" => self.taken.release = Some(text()?),
            "file" => self.taken.file = Some(text()?),
            "sha256" => self.taken.sha256 = Some(text()?),
            "prose-sha256" => self.taken.prose_sha256 = Some(text()?),
            "file-sha256" => self.taken.file_sha256 = Some(text()?),
            "version" => {
                text()?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The address of an operation's page in AWS's reference, where the model has the name of the service there. Those
    /// of botocore always have it (`uid`), and boto3's documentation has the same address. The models of the other
    /// sources lack it where it is not the default, or are not AWS's.
    pub(crate) fn reference(&self) -> Option<String> {
        let is_known = self.source == Some(Source::Botocore);
        is_known.then(|| "https://docs.aws.amazon.com/goto/WebAPI/{service}/{operation}".to_owned())
    }

    /// How the model of a service differs from the recorded one, if it does.
    pub(crate) fn difference(&self, service: &str, model: &str) -> Option<String> {
        let recorded = self.taken.sha256.as_deref()?;
        let found = read::sha256(model.as_bytes());
        (found != recorded).then(|| {
            format!(
                "models/{service}/model.json has the SHA-256 {found}, and models/attache.toml records {recorded}: one of \
                 them was changed by hand; import the model again, or restore the file"
            )
        })
    }
}

/// What was taken from a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// The version or commit of the release; `None` where the source has none.
    pub release: Option<String>,
    /// The file or folder of the model in it.
    pub file: Option<String>,
    /// The SHA-256 of what was read there, in hexadecimal digits.
    pub file_sha256: Option<String>,
    /// The SHA-256 of `models/NAME/model.json`, in hexadecimal digits.
    pub sha256: Option<String>,
    /// The SHA-256 of `models/NAME/prose.json`, in hexadecimal digits.
    pub prose_sha256: Option<String>,
}

/// The value of the key `source` before releases were recorded separately: `botocore 1.44.5 support/2013-04-15`, or the name of
/// a file. The key is read in both forms.
fn parse_record(text: &str) -> Option<(Option<Source>, Taken)> {
    let words: Vec<&str> = text.split(' ').collect();
    let taken = |release: Option<&str>, file: &str| Taken {
        release: release.map(str::to_owned),
        file: Some(file.to_owned()),
        file_sha256: None,
        sha256: None,
        prose_sha256: None,
    };
    match words.as_slice() {
        ["botocore", release, file] => Some((Some(Source::Botocore), taken(Some(release), file))),
        ["botocore", file] => Some((Some(Source::Botocore), taken(None, file))),
        ["C2J" | "Smithy", file, ..] => Some((None, taken(None, file))),
        _ => None,
    }
}
