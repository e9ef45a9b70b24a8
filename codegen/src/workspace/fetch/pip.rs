//! The package index of pip's settings, so that a machine which is set up for pip is set up for attache.
//!
//! Variables take precedence over files, and later files over earlier ones: those of the machine, of the user, and of the
//! virtual environment ("Configuration" in the documentation of pip). The keys `index-url`, `cert`, `proxy`, `timeout` and
//! `retries` are read. If none of them names an index, the default of an installed pip is used: this program contains no
//! address of an index.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use super::environment::{Environment, Patience};
use crate::workspace::read;

/// The settings of pip that apply to downloads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PipSettings {
    /// The address of the index, as pip has it: `…/simple`.
    pub index_url: Option<String>,
    /// A file of certificates that are trusted besides those of the platform.
    pub certificates: Option<PathBuf>,
    /// The address of a proxy, instead of those of the environment.
    pub proxy: Option<String>,
    /// The longest time until a connection is established, and without a byte.
    pub timeout: Option<Duration>,
    /// How many further attempts a download has.
    pub retries: Option<usize>,
}

impl PipSettings {
    /// These settings, and those of `others` that are not set here.
    fn or(self, others: Self) -> Self {
        Self {
            index_url: self.index_url.or(others.index_url),
            certificates: self.certificates.or(others.certificates),
            proxy: self.proxy.or(others.proxy),
            timeout: self.timeout.or(others.timeout),
            retries: self.retries.or(others.retries),
        }
    }

    /// Sets what pip calls `key`; other settings of pip are ignored.
    ///
    /// # Errors
    /// A value that is not valid for the key.
    fn set(&mut self, key: &str, value: &str) -> Result<()> {
        let text = || Some(value.to_owned());
        match key.replace('_', "-").as_str() {
            _ if value.is_empty() => {}
            "index-url" => self.index_url = text(),
            "cert" => self.certificates = Some(PathBuf::from(value)),
            "proxy" => self.proxy = text(),
            "timeout" | "default-timeout" => {
                let seconds = value.parse().ok().filter(|seconds| *seconds > 0.0);
                let timeout = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
                self.timeout = Some(timeout.context("`timeout` must be a number of seconds")?);
            }
            "retries" => {
                let retries = value.parse().ok();
                self.retries = Some(retries.context("`retries` must be a number")?);
            }
            _ => {}
        }
        Ok(())
    }

    /// The time limits and attempts of downloads; `patience` has those without these settings.
    pub(super) fn patience(&self, mut patience: Patience) -> Patience {
        if let Some(timeout) = self.timeout {
            patience.connect = timeout;
            patience.silence = timeout;
        }
        if let Some(retries) = self.retries {
            let last = patience.pauses.last().copied().unwrap_or_default();
            patience.pauses.resize(retries.min(MOST_RETRIES), last);
        }
        patience
    }
}

/// More attempts than this would only hide that a server does not work.
const MOST_RETRIES: usize = 20;

/// The variables that pip reads, with the names of their settings.
const VARIABLES: [(&str, &str); 6] = [
    ("PIP_INDEX_URL", "index-url"),
    ("PIP_CERT", "cert"),
    ("PIP_PROXY", "proxy"),
    ("PIP_DEFAULT_TIMEOUT", "timeout"),
    ("PIP_TIMEOUT", "timeout"),
    ("PIP_RETRIES", "retries"),
];

/// Reads pip's settings.
///
/// # Errors
/// A configuration file that cannot be read or is not what pip reads.
pub fn settings(environment: &dyn Environment) -> Result<PipSettings> {
    let mut settings = PipSettings::default();
    for path in files(environment) {
        let Some(text) = read::optional(&path, read::SOURCE_LIMIT)? else {
            continue;
        };
        let found = parse(&text).with_context(|| format!("could not read {}", path.display()))?;
        settings = found.or(settings);
    }
    for (variable, key) in VARIABLES {
        if let Some(value) = environment.variable(variable) {
            settings
                .set(key, &value)
                .with_context(|| format!("the variable {variable}"))?;
        }
    }
    Ok(settings)
}

/// The files that pip reads, those with the lowest precedence first.
fn files(environment: &dyn Environment) -> Vec<PathBuf> {
    let variable = |name| environment.variable(name).map(PathBuf::from);
    let mut files = Vec::new();
    let named = variable("PIP_CONFIG_FILE");
    if named.as_deref() == Some(Path::new(NO_FILE)) {
        return files;
    }
    let home = variable(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
    if cfg!(windows) {
        files.extend(variable("ProgramData").map(|folder| folder.join("pip").join("pip.ini")));
        files.extend(home.map(|folder| folder.join("pip").join("pip.ini")));
        files.extend(variable("APPDATA").map(|folder| folder.join("pip").join("pip.ini")));
    } else {
        let machine = environment.variable("XDG_CONFIG_DIRS");
        let machine = machine.as_deref().unwrap_or("/etc/xdg");
        files.extend(
            machine
                .split(':')
                .map(|folder| Path::new(folder).join("pip/pip.conf")),
        );
        files.push(PathBuf::from("/etc/pip.conf"));
        files.extend(home.as_ref().map(|folder| folder.join(".pip/pip.conf")));
        let user = variable("XDG_CONFIG_HOME");
        let user = user.or_else(|| {
            let below = if cfg!(target_os = "macos") {
                "Library/Application Support"
            } else {
                ".config"
            };
            home.map(|folder| folder.join(below))
        });
        files.extend(user.map(|folder| folder.join("pip/pip.conf")));
    }
    let name = if cfg!(windows) { "pip.ini" } else { "pip.conf" };
    files.extend(variable("VIRTUAL_ENV").map(|folder| folder.join(name)));
    files.extend(named);
    files
}

/// What `PIP_CONFIG_FILE` says for "no file at all": Python's `os.devnull`.
const NO_FILE: &str = if cfg!(windows) { "nul" } else { "/dev/null" };

/// Reads a configuration file: sections, and `key = value` or `key: value`. `[download]` takes precedence over `[global]`.
fn parse(text: &str) -> Result<PipSettings> {
    let mut global = PipSettings::default();
    let mut download = PipSettings::default();
    let mut section = String::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_end();
        let is_comment = line.trim_start().starts_with(['#', ';']);
        // A line that begins with a space continues the value above; none of our settings has more than one.
        if line.is_empty() || is_comment || line.starts_with([' ', '\t']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[') {
            let name = name.strip_suffix(']');
            section = name
                .with_context(|| format!("line {}: `[` without `]`", index + 1))?
                .to_owned();
            continue;
        }
        let (key, value) = line
            .split_once(['=', ':'])
            .with_context(|| format!("line {}: neither a section nor `key = value`", index + 1))?;
        let settings = match section.as_str() {
            "global" => &mut global,
            "download" => &mut download,
            _ => continue,
        };
        settings
            .set(key.trim(), value.trim())
            .with_context(|| format!("line {}", index + 1))?;
    }
    Ok(download.or(global))
}
