//! Settings of the environment: a variable takes precedence over a setting of the profile.

use std::fmt;
use std::sync::Arc;

use super::ConfigError;
use crate::endpoint::validate_region;
use crate::environment::{self, Environment};
use crate::plumbing::endpoint::FlagSetting;
use crate::profile::{Profile, Profiles};
use crate::texts::{ToText as _, join};

/// The settings of the environment and of the profile files.
#[derive(Clone)]
pub(crate) struct Sources {
    pub(crate) environment: Arc<dyn Environment>,
    pub(crate) profiles: Profiles,
    pub(crate) profile_name: String,
}

/// Without the profiles: these are whole files.
impl fmt::Debug for Sources {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Sources")
            .field("profile_name", &self.profile_name)
            .finish_non_exhaustive()
    }
}

/// A setting that was found, and its place.
pub(crate) struct Found {
    pub(crate) text: String,
    /// Its name in an error.
    pub(crate) name: String,
}

impl Found {
    #[inline(never)]
    pub(super) fn error(&self, problem: &str) -> ConfigError {
        ConfigError::new(format!("{} {problem}", self.name))
    }
}

impl Sources {
    /// Reads the profile files. The profile is the given one, else the one that a variable names; these must exist.
    /// Otherwise it is `default`, which may be missing.
    pub(crate) fn load(
        environment: Arc<dyn Environment>,
        profile: Option<&str>,
    ) -> Result<Self, ConfigError> {
        let profiles = Profiles::load(&*environment)?;
        // The order is that of botocore.
        let named = match profile {
            Some(profile) => Some(profile.to_text()),
            None => match environment::set(&*environment, "AWS_DEFAULT_PROFILE") {
                None => environment::set(&*environment, "AWS_PROFILE"),
                named => named,
            },
        };
        if let Some(name) = &named
            && profiles.get(name).is_none()
        {
            return Err(ConfigError::new(profiles.missing(name)));
        }
        Ok(Self {
            environment,
            profiles,
            profile_name: named.unwrap_or_else(|| "default".to_text()),
        })
    }

    /// The profile, where there is one.
    pub(crate) fn profile(&self) -> Option<&Profile> {
        self.profiles.get(&self.profile_name)
    }

    /// A variable that is set.
    #[inline(never)]
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        environment::set(&*self.environment, name)
    }

    /// A setting: the variable, else the one of the profile.
    #[inline(never)]
    pub(super) fn find(&self, variable: &str, setting: &str) -> Option<Found> {
        match self.of_variable(variable) {
            None => self.of_profile(setting),
            found => found,
        }
    }

    #[inline(never)]
    pub(super) fn of_variable(&self, name: &str) -> Option<Found> {
        let text = self.variable(name)?;
        let name = name.to_text();
        Some(Found { text, name })
    }

    /// The same, for its text alone.
    #[inline(never)]
    pub(crate) fn text(&self, variable: &str, setting: &str) -> Option<String> {
        self.find(variable, setting).map(|found| found.text)
    }

    /// The region.
    pub(super) fn region(&self) -> Result<Option<String>, ConfigError> {
        let found = match self.of_variable("AWS_REGION") {
            None => self.find("AWS_DEFAULT_REGION", "region"),
            found => found,
        };
        let Some(found) = found else {
            return Ok(None);
        };
        match validate_region(&found.text) {
            Ok(()) => Ok(Some(found.text)),
            Err(problem) => Err(ConfigError::new(format!("{}: {problem}", found.name))),
        }
    }

    /// A setting that is `true` or `false`, in any case.
    pub(crate) fn flag(&self, variable: &str, setting: &str) -> Result<Option<bool>, ConfigError> {
        let Some(found) = self.find(variable, setting) else {
            return Ok(None);
        };
        match found.text.to_ascii_lowercase().as_str() {
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            _ => Err(found.error("must be `true` or `false`")),
        }
    }

    /// A flag that only some services have.
    ///
    /// # Errors
    /// A word that is none of those that it may have.
    pub(crate) fn flag_setting(&self, setting: &FlagSetting) -> Result<Option<bool>, ConfigError> {
        let mut found = setting.variable.and_then(|name| self.of_variable(name));
        for name in setting.settings {
            if found.is_none() {
                found = self.of_profile(name);
            }
        }
        let Some(found) = found else {
            return Ok(None);
        };
        let text = found.text.to_ascii_lowercase();
        let mut words = Vec::new();
        for (word, value) in setting.words {
            if *word == text {
                return Ok(Some(*value));
            }
            words.push(*word);
        }
        Err(found.error(&format!("must be one of: {}", join(&words, ", "))))
    }

    /// A setting of the profile that is not empty. A dot stands before the name of a nested one.
    fn of_profile(&self, name: &str) -> Option<Found> {
        let profile = self.profile()?;
        let (text, shown, place) = match name.split_once('.') {
            Some((outer, nested)) => {
                let found = profile.find(outer)?;
                let shown = format!("`{nested}` of `{outer}`");
                (found.nested(nested)?, shown, found.place())
            }
            None => {
                let found = profile.get(name)?;
                (found.text, format!("`{name}`"), found.place())
            }
        };
        (!text.is_empty()).then(|| Found {
            text: text.to_text(),
            name: format!("{shown} ({place})"),
        })
    }

    /// The endpoint that is configured for all services.
    pub(super) fn endpoint_url_of_all(&self) -> Option<Found> {
        self.find("AWS_ENDPOINT_URL", "endpoint_url")
    }

    /// The endpoint that is configured for a service: the variable of the service, the one for all services, the
    /// profile's section of services, the profile.
    pub(crate) fn endpoint_url(&self, sdk_id: &str) -> Result<Option<Found>, String> {
        let mut service = String::with_capacity(sdk_id.len());
        for letter in sdk_id.chars() {
            service.push(match letter {
                ' ' | '-' => '_',
                other => other,
            });
        }
        let variable = format!("AWS_ENDPOINT_URL_{}", service.to_ascii_uppercase());
        for name in &[variable.as_str(), "AWS_ENDPOINT_URL"] {
            if let Some(found) = self.of_variable(name) {
                return Ok(Some(found));
            }
        }
        let Some(profile) = self.profile() else {
            return Ok(None);
        };
        if let Some(section) = profile.get("services") {
            let services = self.profiles.services.get(section.text).ok_or_else(|| {
                let (name, place) = (section.text, section.place());
                format!("there is no section [services {name}], which `services` ({place}) names")
            })?;
            let service = service.to_ascii_lowercase();
            let setting = services.get(&service);
            let url = setting.as_ref().and_then(|setting| {
                let url = setting.nested("endpoint_url")?;
                (!url.is_empty()).then(|| (url.to_text(), setting.place()))
            });
            if let Some((text, place)) = url {
                let name = format!("`endpoint_url` of `{service}` ({place})");
                return Ok(Some(Found { text, name }));
            }
        }
        Ok(profile.get("endpoint_url").map(|setting| Found {
            text: setting.text.to_text(),
            name: format!("`endpoint_url` ({})", setting.place()),
        }))
    }
}
