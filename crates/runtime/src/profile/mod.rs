//! Profiles: the settings of `~/.aws/config` and `~/.aws/credentials`.
//!
//! Both files are read as one. A profile of the credentials file goes before the one of the same name in the other,
//! setting by setting; but which file an access key stands in is remembered, because its two halves must come from one.

mod by_name;
#[cfg(all(fuzzing, feature = "credential-chain"))]
pub(crate) mod fuzzing;
mod ini;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::by_name::ByName;
use self::ini::{Section, Sections};
use crate::config::ConfigError;
use crate::environment::{self, Environment};

/// A setting of a profile. `Debug` shows where it stands, and not its value, which may be a secret.
#[derive(Clone)]
pub(crate) struct Setting {
    pub(crate) text: String,
    nested: ByName<String>,
    file: Arc<Path>,
    line: usize,
}

impl Setting {
    /// Where it stands, for errors.
    pub(crate) fn place(&self) -> String {
        format!("{}, line {}", self.file.display(), self.line)
    }

    /// A setting that stands below this one.
    pub(crate) fn nested(&self, name: &str) -> Option<&str> {
        Some(self.nested.get(name)?)
    }
}

impl fmt::Debug for Setting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Setting({})", self.place())
    }
}

/// The settings of one section.
pub(crate) type Settings = ByName<Setting>;

/// A profile.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    /// The settings of both files.
    pub(crate) settings: Settings,
    /// Those of the credentials file, where it has the profile.
    pub(crate) of_credentials: Option<Settings>,
    /// Those of the configuration file, where it has the profile.
    #[cfg_attr(
        not(feature = "credential-chain"),
        expect(dead_code, reason = "only the chain asks for it")
    )]
    pub(crate) of_config: Option<Settings>,
}

impl Profile {
    /// A setting, unless its value is empty.
    pub(crate) fn get(&self, name: &str) -> Option<&Setting> {
        let setting = self.settings.get(name)?;
        (!setting.text.is_empty()).then_some(setting)
    }
}

/// Everything that the two files say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profiles {
    profiles: ByName<Profile>,
    pub(crate) sso_sessions: ByName<Settings>,
    pub(crate) services: ByName<Settings>,
    /// Sections of the configuration file that mean nothing.
    unknown: Vec<String>,
    config: PathBuf,
    credentials: PathBuf,
}

impl Profiles {
    /// Reads both files. One that is not there has no profiles.
    pub(crate) fn load(environment: &dyn Environment) -> Result<Self, ConfigError> {
        let path = |variable, default| {
            let path = environment::set(environment, variable);
            environment::expand(environment, path.as_deref().unwrap_or(default))
        };
        let mut profiles = Self {
            config: path("AWS_CONFIG_FILE", "~/.aws/config"),
            credentials: path("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),
            ..Self::default()
        };
        for (name, section) in read(environment, &profiles.config)? {
            profiles.add_config(&name, settings(&profiles.config, section));
        }
        for (name, section) in read(environment, &profiles.credentials)? {
            let settings = settings(&profiles.credentials, section);
            profiles.add_credentials(name, settings);
        }
        Ok(profiles)
    }

    fn add_credentials(&mut self, name: String, settings: Settings) {
        if let Some(profile) = self.profiles.get_mut(&name) {
            for (name, setting) in settings.clone() {
                profile.settings.insert(name, setting);
            }
            profile.of_credentials = Some(settings);
            return;
        }
        let profile = Profile {
            settings: settings.clone(),
            of_credentials: Some(settings),
            of_config: None,
        };
        self.profiles.insert(name, profile);
    }

    fn add_config(&mut self, name: &str, settings: Settings) {
        let (kind, rest) = name.split_once(char::is_whitespace).unwrap_or((name, ""));
        let argument = unquoted(rest);
        match (kind, argument) {
            ("default", None) => self.add_profile("default", settings),
            ("profile", Some(name)) => self.add_profile(name, settings),
            ("sso-session", Some(name)) => {
                self.sso_sessions.insert(name.to_owned(), settings);
            }
            ("services", Some(name)) => {
                self.services.insert(name.to_owned(), settings);
            }
            _ => self.unknown.push(name.to_owned()),
        }
    }

    fn add_profile(&mut self, name: &str, settings: Settings) {
        let profile = Profile {
            of_config: Some(settings.clone()),
            of_credentials: None,
            settings,
        };
        self.profiles.insert(name.to_owned(), profile);
    }

    /// A profile.
    pub(crate) fn get(&self, name: &str) -> Option<&Profile> {
        self.profiles.get(name)
    }

    /// Where profiles are looked for, for errors.
    #[cfg_attr(
        not(feature = "credential-chain"),
        expect(dead_code, reason = "only the chain asks for it")
    )]
    pub(crate) fn places(&self) -> String {
        format!(
            "{} and {}",
            self.config.display(),
            self.credentials.display()
        )
    }

    /// What to say of a profile that is not there.
    pub(crate) fn missing(&self, name: &str) -> String {
        let hint = if self.unknown.iter().any(|unknown| unknown == name) {
            format!("; the section [{name}] must be called [profile {name}]")
        } else {
            String::new()
        };
        format!(
            "the profile `{name}` is neither in {} nor in {}{hint}",
            self.config.display(),
            self.credentials.display()
        )
    }
}

/// The name behind the kind of a section, which may stand in quotes; `None` where there is no single one.
fn unquoted(text: &str) -> Option<&str> {
    let text = text.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.strip_suffix(quote).filter(|name| !name.is_empty());
        }
    }
    (!text.is_empty() && !text.contains(char::is_whitespace)).then_some(text)
}

fn settings(path: &Path, section: Section) -> Settings {
    let file: Arc<Path> = path.into();
    let setting = |value: ini::Value| Setting {
        text: value.text,
        nested: value.nested,
        file: file.clone(),
        line: value.line,
    };
    let mut settings = Settings::default();
    for (name, value) in section.settings {
        settings.insert(name, setting(value));
    }
    settings
}

fn read(environment: &dyn Environment, path: &Path) -> Result<Sections, ConfigError> {
    let text = match environment.read(path) {
        Ok(text) => text,
        Err(error) if is_absent(&error) => return Ok(Sections::default()),
        Err(error) => {
            let message = format!("{} cannot be read", path.display());
            return Err(ConfigError::new(message).because(error));
        }
    };
    ini::parse(&text).map_err(|problem| ConfigError::new(format!("{}, {problem}", path.display())))
}

/// Whether there is no such file. A folder in its place is none, as for botocore.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory
    )
}
