//! Source 2: what a profile holds, and the roles that lead from one profile to another.

use std::sync::Arc;

use super::sts::Role;
use super::{
    CredentialsError, Found, Outcome, Surroundings, container, failed, instance_metadata,
    of_variables, process, sso,
};
use crate::config::Sources;
use crate::environment;
use crate::profile::{Profile, Settings};
use crate::{BoxFuture, Credentials};

/// Looks into the profile of the client.
pub(super) async fn find(surroundings: &Surroundings, sources: &Arc<Sources>) -> Outcome {
    let search = Search {
        surroundings,
        sources,
    };
    let name = sources.profile_name.as_str();
    let profile = sources.profile();
    if let Some(profile) = profile.filter(|profile| is_role(profile)) {
        let credentials = search.role(name, profile, vec![name.to_owned()]).await?;
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
    ["aws_access_key_id", "aws_secret_access_key"]
        .iter()
        .any(|name| profile.settings.get(name).is_some())
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
        let Some(profile) = profile else {
            return Ok(Found::Nothing(format!(
                "it is not in {}",
                self.sources.profiles.places()
            )));
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
            let credentials = process::run(&command.text, &command.place()).await?;
            return Ok(Found::Credentials(credentials));
        }
        if let Some(credentials) = key(name, profile.of_config.as_ref())? {
            return Ok(Found::Credentials(credentials));
        }
        Ok(Found::Nothing("it holds no credentials".to_owned()))
    }

    async fn web_identity(
        &self,
        name: &str,
        profile: Option<&Profile>,
        with_variables: bool,
    ) -> Result<Option<Credentials>, CredentialsError> {
        let find = |variable: &str, setting: &str| {
            let variable = self.sources.variable(variable).filter(|_| with_variables);
            variable.or_else(|| Some(profile?.get(setting)?.text.clone()))
        };
        let file = find("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
        let Some(file) = file else { return Ok(None) };
        let Some(arn) = find("AWS_ROLE_ARN", "role_arn") else {
            return failed(format!(
                "there is a web identity, but neither AWS_ROLE_ARN nor `role_arn` of the profile `{name}` says for \
                 which role"
            ));
        };
        let environment = &*self.surroundings.environment;
        let path = environment::expand(environment, &file);
        let token = environment.read(&path).map_err(|error| {
            let message = format!(
                "the token of the web identity, {}, cannot be read",
                path.display()
            );
            CredentialsError::new(message).because(error)
        })?;
        let Some(token) = String::from_utf8(token)
            .ok()
            .filter(|token| !token.trim().is_empty())
        else {
            return failed(format!("{} holds no token", path.display()));
        };
        let role = Role {
            arn,
            session_name: find("AWS_ROLE_SESSION_NAME", "role_session_name"),
            external_id: None,
            duration_seconds: None,
        };
        let token = token.trim().to_owned();
        role.assume_with_web_identity(self.surroundings, self.sources, token)
            .await
            .map(Some)
    }

    /// The credentials of a role. `visited` are the profiles on the way to it, itself included.
    fn role<'a>(
        &'a self,
        name: &'a str,
        profile: &'a Profile,
        visited: Vec<String>,
    ) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(async move {
            let role = role(name, profile)?;
            let source = match (
                profile.get("source_profile"),
                profile.get("credential_source"),
            ) {
                (Some(source), None) => self.source_profile(name, &source.text, visited).await?,
                (None, Some(source)) => self.credential_source(name, &source.text).await?,
                (Some(_), Some(_)) => {
                    return failed(format!(
                        "the profile `{name}` holds both `source_profile` and `credential_source`"
                    ));
                }
                (None, None) => {
                    return failed(format!(
                        "the profile `{name}` holds `role_arn`, but neither `source_profile` nor `credential_source`"
                    ));
                }
            };
            role.assume(self.surroundings, self.sources, source).await
        })
    }

    async fn source_profile(
        &self,
        name: &str,
        source: &str,
        mut visited: Vec<String>,
    ) -> Result<Credentials, CredentialsError> {
        let Some(profile) = self.sources.profiles.get(source) else {
            let missing = self.sources.profiles.missing(source);
            return failed(format!(
                "`source_profile` of the profile `{name}`: {missing}"
            ));
        };
        // A profile may be its own source, if it holds a key.
        let own_key = source == name && has_key(profile);
        if visited.iter().any(|known| known == source) && !own_key {
            return failed(format!(
                "the profiles lead in a circle: {} -> {source}",
                visited.join(" -> ")
            ));
        }
        if !has_key(profile) && is_role(profile) {
            visited.push(source.to_owned());
            return self.role(source, profile, visited).await;
        }
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

/// What a profile says about its role.
fn role(name: &str, profile: &Profile) -> Result<Role, CredentialsError> {
    let text = |key: &str| profile.get(key).map(|setting| setting.text.clone());
    if let Some(serial) = profile.get("mfa_serial") {
        return failed(format!(
            "the role of the profile `{name}` needs a code (`mfa_serial`, {}), and nobody is asked for one; assume it \
             with another program, for example in a `credential_process`",
            serial.place()
        ));
    }
    let duration_seconds = match profile.get("duration_seconds") {
        None => None,
        Some(setting) => match setting.text.parse() {
            Ok(seconds) => Some(seconds),
            Err(_) => {
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

/// The access key of one of the files; its halves must stand together.
fn key(name: &str, settings: Option<&Settings>) -> Result<Option<Credentials>, CredentialsError> {
    let Some(settings) = settings else {
        return Ok(None);
    };
    let Some(id) = settings.get("aws_access_key_id") else {
        return Ok(None);
    };
    let text = |key: &str| {
        let setting = settings.get(key).map(|setting| setting.text.clone());
        setting.filter(|text| !text.is_empty())
    };
    let (Some(key_id), Some(secret)) = (text("aws_access_key_id"), text("aws_secret_access_key"))
    else {
        return failed(format!(
            "the profile `{name}` holds half a key ({}): `aws_access_key_id` and `aws_secret_access_key` go together",
            id.place()
        ));
    };
    let credentials = Credentials::new(key_id, secret);
    let token = text("aws_session_token").or_else(|| text("aws_security_token"));
    Ok(Some(match token {
        Some(token) => credentials.session_token(token),
        None => credentials,
    }))
}
