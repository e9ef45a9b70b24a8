//! Profiles: the settings of `~/.aws/config` and `~/.aws/credentials`.
//!
//! Both files are read as one. A setting of the credentials file takes precedence over the same one of the
//! configuration file. The file of an access key is stored, because both halves of a key must come from one file.
//!
//! A file that does not exist or cannot be read has no profiles, because variables may contain all settings. It is
//! stored, so that an error about something that was not found can name it.

mod by_name;
mod file;
#[cfg(all(fuzzing, feature = "credential-chain"))]
pub(crate) mod fuzzing;
mod ini;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

pub(crate) use self::by_name::ByName;
use self::file::File;
use crate::config::ConfigError;
use crate::environment::Environment;
use crate::formatting::write;
use crate::shell_words;
use crate::texts::join;

/// A setting of a profile. `Debug` shows its place, but not its value, which may be a secret.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) text: &'a str,
    nested: &'a ByName<String>,
    file: &'a Path,
    line: usize,
}

impl<'a> Setting<'a> {
    /// Its place, for errors.
    #[inline(never)]
    pub(crate) fn place(&self) -> String {
        format!("{}, line {}", self.file.display(), self.line)
    }

    /// A setting that stands below this one.
    #[inline(never)]
    pub(crate) fn nested(&self, name: &str) -> Option<&'a str> {
        Some(self.nested.get(name)?)
    }
}

impl fmt::Debug for Setting<'_> {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Setting({})", self.place())
    }
}

/// The settings of one section, and those of `[DEFAULT]`, which all sections of a file share.
#[derive(Clone)]
pub(crate) struct Settings {
    file: Arc<Path>,
    own: ByName<ini::Value>,
    defaults: Arc<ByName<ini::Value>>,
}

impl Settings {
    /// A setting, empty or not.
    #[inline(never)]
    pub(crate) fn get(&self, name: &str) -> Option<Setting<'_>> {
        let value = self.own.get(name).or(self.defaults.get(name))?;
        Some(Setting {
            text: &value.text,
            nested: &value.nested,
            file: &self.file,
            line: value.line,
        })
    }
}

impl fmt::Debug for Settings {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Settings({})", self.file.display())
    }
}

/// A profile: its settings in each of the files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profile {
    pub(crate) of_credentials: Option<Settings>,
    pub(crate) of_config: Option<Settings>,
}

impl Profile {
    /// A setting, unless its value is empty.
    #[inline(never)]
    pub(crate) fn get(&self, name: &str) -> Option<Setting<'_>> {
        match self.find(name) {
            Some(setting) if !setting.text.is_empty() => Some(setting),
            _ => None,
        }
    }

    /// A setting, empty or not.
    #[inline(never)]
    pub(crate) fn find(&self, name: &str) -> Option<Setting<'_>> {
        if let Some(settings) = &self.of_credentials
            && let Some(setting) = settings.get(name)
        {
            return Some(setting);
        }
        self.of_config.as_ref()?.get(name)
    }
}

/// The content of both files.
#[derive(Clone, Debug)]
pub(crate) struct Profiles {
    profiles: ByName<Profile>,
    pub(crate) sso_sessions: ByName<Settings>,
    pub(crate) services: ByName<Settings>,
    /// Sections of the configuration file without a meaning.
    unknown: Vec<String>,
    config: File,
    credentials: File,
}

impl Profiles {
    /// Reads both files.
    ///
    /// # Errors
    /// An invalid file, or one that is no regular file.
    pub(crate) fn load(environment: &dyn Environment) -> Result<Self, ConfigError> {
        let (config, of_config) = File::read(environment, "AWS_CONFIG_FILE", "~/.aws/config")?;
        let (credentials, of_credentials) = File::read(
            environment,
            "AWS_SHARED_CREDENTIALS_FILE",
            "~/.aws/credentials",
        )?;
        let mut profiles = Self {
            profiles: ByName::default(),
            sso_sessions: ByName::default(),
            services: ByName::default(),
            unknown: Vec::new(),
            config,
            credentials,
        };
        for (name, settings) in of_config {
            profiles.add_config(name, settings);
        }
        for (name, settings) in of_credentials {
            profiles.profile(name).of_credentials = Some(settings);
        }
        Ok(profiles)
    }

    /// Adds a section of the configuration file, by the rule of botocore: the first word of the section's name is its
    /// kind, and the second word, in the syntax of a shell, is its name. Of two sections with one name, the last one is
    /// used.
    fn add_config(&mut self, section: String, settings: Settings) {
        if section == "default" {
            self.profile(section).of_config = Some(settings);
            return;
        }
        let words = shell_words::split(&section).unwrap_or_default();
        let Ok([_, name]) = <[String; 2]>::try_from(words) else {
            self.unknown.push(section);
            return;
        };
        if section.starts_with("profile") {
            self.profile(name).of_config = Some(settings);
        } else if section.starts_with("sso-session") {
            self.sso_sessions.insert(name, settings);
        } else if section.starts_with("services") {
            self.services.insert(name, settings);
        } else {
            self.unknown.push(section);
        }
    }

    /// A profile to be filled.
    fn profile(&mut self, name: String) -> &mut Profile {
        let place = self.profiles.place(&name);
        let place = place.unwrap_or_else(|| self.profiles.insert(name, Profile::default()));
        self.profiles.at_mut(place)
    }

    /// A profile.
    #[inline(never)]
    pub(crate) fn get(&self, name: &str) -> Option<&Profile> {
        self.profiles.get(name)
    }

    /// The files in which profiles are searched, for errors.
    #[cfg_attr(
        not(feature = "credential-chain"),
        expect(dead_code, reason = "only the chain asks for it")
    )]
    pub(crate) fn places(&self) -> String {
        format!(
            "{} and {}",
            self.config.path.display(),
            self.credentials.path.display()
        )
    }

    /// The remark about the files in an error about something that was not found: which files could not be read, and
    /// which do not exist although a variable names them. If it is not empty, it begins with a blank.
    pub(crate) fn remarks(&self) -> String {
        let mut remarks: Vec<String> = Vec::new();
        remarks.extend(self.config.remark());
        remarks.extend(self.credentials.remark());
        match remarks.is_empty() {
            true => String::new(),
            false => format!(" ({})", join(&remarks, "; ")),
        }
    }

    /// The error of a missing profile.
    pub(crate) fn missing(&self, name: &str) -> String {
        format!(
            "the profile `{name}` is neither in {} nor in {}{}{}",
            self.config.path.display(),
            self.credentials.path.display(),
            self.remarks(),
            self.hint(name)
        )
    }

    /// A section that was probably meant as the profile, and its correct name.
    fn hint(&self, name: &str) -> String {
        // The credentials file has only sections of profiles, named without the word `profile`.
        for section in &[format!("profile {name}"), shell_words::quoted(name)] {
            if section != name && self.get(section).is_some() {
                let path = self.credentials.path.display();
                return format!("; the section [{section}] of {path} must be called [{name}]");
            }
        }
        for section in &self.unknown {
            let rest = section.strip_prefix("profile").unwrap_or(section).trim();
            if rest.trim_matches(['"', '\'']) == name {
                return format!(
                    "; the section [{section}] must be called [profile {}]",
                    shell_words::quoted(name)
                );
            }
        }
        String::new()
    }
}
