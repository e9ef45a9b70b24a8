//! The token of a profile's session, for the services that take it instead of a signature.
//!
//! As in botocore, it needs an `sso_session`: the older form of the settings has tokens that cannot be refreshed.

use std::fmt;
use std::sync::Arc;

use super::{CredentialsError, Login, Surroundings, failed};
use crate::BoxFuture;
use crate::bearer::{BearerToken, ProvideBearerToken};
use crate::config::Sources;

/// The source. It has no state: each call reads the files again.
pub(crate) struct SessionToken(pub(crate) Surroundings);

impl fmt::Debug for SessionToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SessionToken")
            .field("profile", &self.0.profile)
            .finish_non_exhaustive()
    }
}

impl ProvideBearerToken for SessionToken {
    fn bearer_token(&self) -> BoxFuture<'_, Result<BearerToken, CredentialsError>> {
        Box::pin(self.find())
    }
}

impl SessionToken {
    async fn find(&self) -> Result<BearerToken, CredentialsError> {
        let surroundings = &self.0;
        let environment = surroundings.environment.clone();
        let sources = Sources::load(environment, surroundings.profile.as_deref())
            .map_err(|error| CredentialsError::new(format!("{error:#}")))?;
        let sources = Arc::new(sources);
        let login = session(&sources)?;
        let (token, expires) = login.token(surroundings, &sources).await?;
        Ok(BearerToken::new(token).expires_at(expires))
    }
}

/// The session of the profile.
fn session(sources: &Sources) -> Result<Login<'_>, CredentialsError> {
    let name = sources.profile_name.as_str();
    let Some(session) = sources
        .profile()
        .and_then(|profile| profile.get("sso_session"))
    else {
        return Err(CredentialsError::missing(format!(
            "the profile `{name}` has no `sso_session`{}",
            sources.profiles.remarks()
        )));
    };
    let (session, place) = (session.text, session.place());
    let Some(settings) = sources.profiles.sso_sessions.get(session) else {
        return failed(format!(
            "there is no section [sso-session {session}], which `sso_session` ({place}) names"
        ));
    };
    let required = |key: &str| {
        let setting = settings.get(key).filter(|setting| !setting.text.is_empty());
        setting
            .map(|setting| setting.text.to_owned())
            .ok_or_else(|| {
                CredentialsError::new(format!("the section [sso-session {session}] lacks `{key}`"))
            })
    };
    Ok(Login {
        profile: name,
        region: required("sso_region")?,
        start_url: required("sso_start_url")?,
        session: Some(session.to_owned()),
    })
}
