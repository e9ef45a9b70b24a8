//! Source 2: the settings of a profile, and roles that refer from one profile to another.

use std::sync::Arc;

use super::sts::Role;
use super::{
    CredentialsError, Found, Outcome, Surroundings, container, failed, instance_metadata,
    of_variables, process, rewritten, sso,
};
use crate::config::Sources;
use crate::credentials::origin::chain as origin;
use crate::environment;
use crate::profile::{Profile, Settings};
use crate::texts::{ToText as _, filled, join, number};
use crate::{BoxFuture, Credentials};

const TOKEN_FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";

/// Reads the profile of the client.
pub(super) async fn find(surroundings: &Surroundings, sources: &Arc<Sources>) -> Outcome {
    let search = Search {
        surroundings,
        sources,
    };
    let name = sources.profile_name.as_str();
    let profile = sources.profile();
    if let Some(profile) = profile
        && is_role(profile)
    {
        let credentials = search.roles(name, profile).await?;
        return Ok(Found::Credentials(credentials));
    }
    // The variables of a web identity belong to the same source.
    let with_variables = surroundings.profile.is_none();
    search.plain(name, profile, with_variables).await
}

/// Whether a profile is a role that other credentials assume.
fn is_role(profile: &Profile) -> bool {
    profile.get("role_arn").is_some() && profile.get("web_identity_token_file").is_none()
}

fn has_key(profile: &Profile) -> bool {
    let has = |name: &str| profile.find(name).is_some();
    has("aws_access_key_id") || has("aws_secret_access_key")
}

struct Search<'a> {
    surroundings: &'a Surroundings,
    sources: &'a Arc<Sources>,
}

impl Search<'_> {
    /// Everything but roles that other credentials assume, in botocore's order.
    fn plain<'a>(
        &'a self,
        name: &'a str,
        profile: Option<&'a Profile>,
        with_variables: bool,
    ) -> BoxFuture<'a, Outcome> {
        Box::pin(self.look(name, profile, with_variables))
    }

    async fn look(&self, name: &str, profile: Option<&Profile>, with_variables: bool) -> Outcome {
        if let Some(credentials) = self.web_identity(name, profile, with_variables).await? {
            return Ok(Found::Credentials(credentials));
        }
        let profiles = &self.sources.profiles;
        let Some(profile) = profile else {
            let (places, remarks) = (profiles.places(), profiles.remarks());
            return Ok(Found::Nothing(format!("it is not in {places}{remarks}")));
        };
        if sso::is_configured(profile) {
            return sso::find(self.surroundings, self.sources, name, profile).await;
        }
        if let Some(credentials) = key(name, profile.of_credentials.as_ref())? {
            return Ok(Found::Credentials(credentials));
        }
        if let Some(login) = profile.get("login_session") {
            return failed(format!(
                "the profile `{name}` logs in with `aws login` (`login_session`, {}), which is not supported; \
                 `credential_process = aws configure export-credentials --profile {name}` in another profile is",
                login.place()
            ));
        }
        if let Some(command) = profile.get("credential_process") {
            let mut credentials =
                process::run(self.surroundings, command.text, &command.place()).await?;
            // As in botocore, the account that the program prints comes first.
            if let (None, Some(account)) = (credentials.account(), profile.get("aws_account_id")) {
                credentials = credentials.account_id(account.text);
            }
            return Ok(Found::Credentials(credentials));
        }
        if let Some(credentials) = key(name, profile.of_config.as_ref())? {
            return Ok(Found::Credentials(credentials));
        }
        let remarks = profiles.remarks();
        Ok(Found::Nothing(format!("it holds no credentials{remarks}")))
    }

    async fn web_identity(
        &self,
        name: &str,
        profile: Option<&Profile>,
        with_variables: bool,
    ) -> Result<Option<Credentials>, CredentialsError> {
        let find = |variable: &str, setting: &str| {
            if with_variables && let Some(text) = self.sources.variable(variable) {
                return Some(text);
            }
            Some(profile?.get(setting)?.text.to_text())
        };
        let file = find(TOKEN_FILE, "web_identity_token_file");
        let Some(file) = file else { return Ok(None) };
        let Some(arn) = find("AWS_ROLE_ARN", "role_arn") else {
            return failed(format!(
                "there is a web identity, but neither AWS_ROLE_ARN nor `role_arn` of the profile `{name}` names its \
                 role"
            ));
        };
        let path = environment::expand(&*self.surroundings.environment, &file);
        let mut found = None;
        let mut look = |contents| {
            found = token(contents);
            found.is_some()
        };
        let read = rewritten::read(self.surroundings, &path, &mut look);
        read.await.map_err(|error| {
            let message = format!(
                "the token of the web identity, {}, cannot be read",
                path.display()
            );
            CredentialsError::new(message).because(error)
        })?;
        let Some(token) = found else {
            return failed(format!("{} holds no token", path.display()));
        };
        let role = Role {
            arn,
            session_name: find("AWS_ROLE_SESSION_NAME", "role_session_name"),
            external_id: None,
            duration_seconds: None,
        };
        let token_of = match with_variables && self.sources.variable(TOKEN_FILE).is_some() {
            true => origin::VARIABLES_WEB_IDENTITY,
            false => origin::PROFILE_WEB_IDENTITY,
        };
        let ids = [token_of, origin::ROLE_WITH_WEB_IDENTITY];
        role.assume_with_web_identity(self.surroundings, self.sources, token)
            .await
            .map(|credentials| Some(credentials.with_sources(&ids)))
    }

    /// The credentials of the role of a profile. First a loop follows the profiles to the initial credentials, so that
    /// a long sequence uses no stack; then the roles are assumed in reverse order.
    fn roles<'a>(
        &'a self,
        name: &'a str,
        profile: &'a Profile,
    ) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(async move {
            let mut way = Way::new(name, profile)?;
            let mut credentials = loop {
                let (name, profile) = way.end;
                match source(name, profile)? {
                    Source::Other(source) => {
                        let found = self.credential_source(name, source).await?;
                        break found.with_sources(&[origin::CREDENTIAL_SOURCE]);
                    }
                    Source::Profile(source) => {
                        let found = self.source_profile(name, source)?;
                        if has_key(found) || !is_role(found) {
                            // A profile may be its own source, if it contains a key.
                            if !(source == name && has_key(found)) {
                                way.refuse_circle(source)?;
                            }
                            let found = self.credentials_of(name, source, found).await?;
                            break found.with_sources(&[origin::SOURCE_PROFILE]);
                        }
                        way.extend(source, found)?;
                    }
                }
            };
            if way.roles.len() > 1 {
                credentials = credentials.with_sources(&[origin::SOURCE_PROFILE]);
            }
            for role in way.roles.iter().rev() {
                let (surroundings, sources) = (self.surroundings, self.sources);
                credentials = role.assume(surroundings, sources, credentials).await?;
            }
            Ok(credentials)
        })
    }

    fn source_profile(&self, name: &str, source: &str) -> Result<&Profile, CredentialsError> {
        self.sources.profiles.get(source).ok_or_else(|| {
            let missing = self.sources.profiles.missing(source);
            CredentialsError::new(format!(
                "`source_profile` of the profile `{name}`: {missing}"
            ))
        })
    }

    /// The credentials of a profile that a role begins with.
    async fn credentials_of(
        &self,
        name: &str,
        source: &str,
        profile: &Profile,
    ) -> Result<Credentials, CredentialsError> {
        match self.plain(source, Some(profile), false).await? {
            Found::Credentials(credentials) => Ok(credentials),
            Found::Nothing(_) => failed(format!(
                "the profile `{source}`, which `source_profile` of the profile `{name}` names, holds no credentials"
            )),
        }
    }

    async fn credential_source(
        &self,
        name: &str,
        source: &str,
    ) -> Result<Credentials, CredentialsError> {
        let found = match source {
            "Environment" => of_variables(&*self.surroundings.environment)?,
            "EcsContainer" => container::find(self.surroundings).await?,
            "Ec2InstanceMetadata" => {
                instance_metadata::find(self.surroundings, self.sources).await?
            }
            _ => {
                return failed(format!(
                    "`credential_source` of the profile `{name}` must be Environment, EcsContainer or \
                     Ec2InstanceMetadata"
                ));
            }
        };
        match found {
            Found::Credentials(credentials) => Ok(credentials),
            Found::Nothing(reason) => failed(format!(
                "`credential_source` of the profile `{name}` is {source}, and there are none: {reason}"
            )),
        }
    }
}

/// The maximum number of roles in a sequence. Each is a request to STS before the first call, and two or three are
/// common.
const MOST_ROLES: usize = 32;

/// The profiles from a role to its initial credentials.
struct Way<'a> {
    names: Vec<&'a str>,
    roles: Vec<Role>,
    /// The last of them.
    end: (&'a str, &'a Profile),
}

impl<'a> Way<'a> {
    fn new(name: &'a str, profile: &'a Profile) -> Result<Self, CredentialsError> {
        let mut way = Self {
            names: Vec::new(),
            roles: Vec::new(),
            end: (name, profile),
        };
        way.extend(name, profile)?;
        Ok(way)
    }

    fn extend(&mut self, name: &'a str, profile: &'a Profile) -> Result<(), CredentialsError> {
        self.refuse_circle(name)?;
        if self.roles.len() >= MOST_ROLES {
            return failed(format!(
                "the roles of the profile `{}` lead through more than {MOST_ROLES} profiles, by `source_profile`; \
                 the last one that was read is `{name}`",
                self.names[0]
            ));
        }
        self.roles.push(role(name, profile)?);
        self.names.push(name);
        self.end = (name, profile);
        Ok(())
    }

    fn refuse_circle(&self, next: &str) -> Result<(), CredentialsError> {
        if !self.names.contains(&next) {
            return Ok(());
        }
        failed(format!(
            "the profiles form a cycle: {} -> {next}",
            join(&self.names, " -> ")
        ))
    }
}

/// The credentials that assume a role.
enum Source<'a> {
    /// Those of a profile.
    Profile(&'a str),
    /// Those of a named source.
    Other(&'a str),
}

fn source<'a>(name: &str, profile: &'a Profile) -> Result<Source<'a>, CredentialsError> {
    match (
        profile.get("source_profile"),
        profile.get("credential_source"),
    ) {
        (Some(source), None) => Ok(Source::Profile(source.text)),
        (None, Some(source)) => Ok(Source::Other(source.text)),
        (Some(_), Some(_)) => failed(format!(
            "the profile `{name}` holds both `source_profile` and `credential_source`"
        )),
        (None, None) => failed(format!(
            "the profile `{name}` holds `role_arn`, but neither `source_profile` nor `credential_source`"
        )),
    }
}

/// The token of a web identity, from its file.
fn token(contents: Vec<u8>) -> Option<String> {
    let token = String::from_utf8(contents).ok()?;
    let token = token.trim();
    (!token.is_empty()).then(|| token.to_text())
}

/// The settings of a profile about its role.
fn role(name: &str, profile: &Profile) -> Result<Role, CredentialsError> {
    let text = |key: &str| profile.get(key).map(|setting| setting.text.to_text());
    if let Some(serial) = profile.get("mfa_serial") {
        return failed(format!(
            "the role of the profile `{name}` needs an MFA code (`mfa_serial`, {}), which attache does not prompt \
             for; assume it with another program, for example in a `credential_process`",
            serial.place()
        ));
    }
    let duration_seconds = match profile.get("duration_seconds") {
        None => None,
        Some(setting) => match number(setting.text).map(u32::try_from) {
            Some(Ok(seconds)) => Some(seconds),
            _ => {
                return failed(format!(
                    "`duration_seconds` ({}) must be a whole number",
                    setting.place()
                ));
            }
        },
    };
    Ok(Role {
        arn: text("role_arn").unwrap_or_default(),
        session_name: text("role_session_name"),
        external_id: text("external_id"),
        duration_seconds,
    })
}

/// The access key of one of the files, which must contain both halves.
fn key(name: &str, settings: Option<&Settings>) -> Result<Option<Credentials>, CredentialsError> {
    let Some(settings) = settings else {
        return Ok(None);
    };
    let Some(id) = settings.get("aws_access_key_id") else {
        return Ok(None);
    };
    let text = |key: &str| {
        let setting = settings.get(key).map(|setting| setting.text.to_text());
        filled(setting)
    };
    let (Some(key_id), Some(secret)) = (text("aws_access_key_id"), text("aws_secret_access_key"))
    else {
        return failed(format!(
            "the profile `{name}` holds half a key ({}): `aws_access_key_id` and `aws_secret_access_key` belong \
             together",
            id.place()
        ));
    };
    let mut credentials = Credentials::new(key_id, secret).with_sources(&[origin::PROFILE]);
    let token = match text("aws_session_token") {
        None => text("aws_security_token"),
        token => token,
    };
    if let Some(token) = token {
        credentials = credentials.session_token(token);
    }
    if let Some(account) = text("aws_account_id") {
        credentials = credentials.account_id(account);
    }
    let validated = credentials.validated().map_err(|error| {
        CredentialsError::new(format!("the profile `{name}` ({}): {error:#}", id.place()))
    });
    validated.map(Some)
}
