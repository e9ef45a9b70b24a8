//! The package index of pip's settings, so that a machine which is set up for pip is set up for attache.
//!
//! pip reads a variable before its files, and of the files the later ones win: that of the machine, of the user, and of
//! the virtual environment ("Configuration" in the documentation of pip). Of the settings only `index-url` and `cert` are
//! read. Where none of them names an index, the default of an installed pip is asked for: no address of an index stands
//! in this program.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::environment::Environment;
use crate::workspace::read;

/// What pip's settings say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PipSettings {
    /// The address of the index, as pip has it: `…/simple`.
    pub index_url: Option<String>,
    /// A file of certificates that are trusted besides those of the platform.
    pub certificates: Option<PathBuf>,
}

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
        settings.index_url = found.index_url.or(settings.index_url);
        settings.certificates = found.certificates.or(settings.certificates);
    }
    let variable = |name| environment.variable(name);
    settings.index_url = variable("PIP_INDEX_URL").or(settings.index_url);
    settings.certificates = variable("PIP_CERT")
        .map(PathBuf::from)
        .or(settings.certificates);
    Ok(settings)
}

/// The files that pip reads, the weakest first.
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

/// Reads a configuration file: sections, and `key = value` or `key: value`. `[download]` is stronger than `[global]`.
fn parse(text: &str) -> Result<PipSettings> {
    let mut global = PipSettings::default();
    let mut download = PipSettings::default();
    let mut section = String::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_end();
        let is_comment = line.trim_start().starts_with(['#', ';']);
        // A line that begins with a space continues the value above; neither setting has more than one.
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
        let value = value.trim().to_owned();
        match key.trim().replace('_', "-").as_str() {
            "index-url" if !value.is_empty() => settings.index_url = Some(value),
            "cert" if !value.is_empty() => settings.certificates = Some(PathBuf::from(value)),
            _ => {}
        }
    }
    Ok(PipSettings {
        index_url: download.index_url.or(global.index_url),
        certificates: download.certificates.or(global.certificates),
    })
}
