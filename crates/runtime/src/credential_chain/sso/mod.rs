//! IAM Identity Center: exchanges a token of `aws sso login` for the credentials of a role.
//!
//! The token of a session is refreshed and written back, as the AWS CLI does. If that is not possible, the user must
//! log in again, and the error says how.

mod file;
mod refresh;
#[cfg(feature = "bearer")]
mod session_token;
mod sha1;

use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method};

use self::file::CachedToken;
use self::refresh::{Refreshed, Refusal};
#[cfg(feature = "bearer")]
pub(crate) use self::session_token::SessionToken;
use super::services::{GET_ROLE_CREDENTIALS, call, explain};
use super::{CredentialsError, Found, Outcome, Surroundings, failed, members};
use crate::config::Sources;
use crate::credential_chain::turn::Turn;
use crate::credentials::origin::chain as origin;
use crate::headers;
use crate::plumbing::message::HttpRequest;
use crate::profile::{Profile, Settings};
use crate::texts::{ToText as _, filled};
use crate::{BoxFuture, Credentials, Timestamp};

const TOKEN: HeaderName = HeaderName::from_static("x-amz-sso_bearer_token");
/// How long before its expiry a token is refreshed, in seconds: as in botocore 1.44.5.
const WINDOW: i64 = 15 * 60;

/// The settings of a profile about its login.
struct Login<'a> {
    profile: &'a str,
    region: String,
    /// The name of the session; `None` in the older form.
    session: Option<String>,
    start_url: String,
}

/// The role whose credentials are fetched.
struct Role {
    account: String,
    name: String,
}

/// Whether a profile is one of IAM Identity Center.
pub(super) fn is_configured(profile: &Profile) -> bool {
    profile.get("sso_account_id").is_some() || profile.get("sso_role_name").is_some()
}

pub(super) fn find<'a>(
    surroundings: &'a Surroundings,
    sources: &'a Arc<Sources>,
    name: &'a str,
    profile: &'a Profile,
) -> BoxFuture<'a, Outcome> {
    Box::pin(look(surroundings, sources, name, profile))
}

async fn look(
    surroundings: &Surroundings,
    sources: &Arc<Sources>,
    name: &str,
    profile: &Profile,
) -> Outcome {
    let (login, role) = login(sources, name, profile)?;
    let (token, _) = login.token(surroundings, sources).await?;
    let credentials = login.credentials(surroundings, sources, &role, &token);
    let ids = match login.session {
        Some(_) => &origin::SSO,
        None => &origin::OLD_SSO,
    };
    Ok(Found::Credentials(credentials.await?.with_sources(ids)))
}

fn login<'a>(
    sources: &Sources,
    name: &'a str,
    profile: &Profile,
) -> Result<(Login<'a>, Role), CredentialsError> {
    let of_session =
        |settings: &Settings, key: &str| filled(Some(settings.get(key)?.text.to_text()));
    let session = profile.get("sso_session");
    let shared = match session {
        None => None,
        Some(session) => match sources.profiles.sso_sessions.get(session.text) {
            Some(settings) => Some(settings),
            None => {
                return failed(format!(
                    "there is no section [sso-session {}], which `sso_session` ({}) names",
                    session.text,
                    session.place()
                ));
            }
        },
    };
    let required = |key: &str| {
        let own = profile.get(key).map(|setting| setting.text.to_text());
        let of_session = shared.and_then(|settings| of_session(settings, key));
        if let (Some(own), Some(of_session)) = (&own, &of_session)
            && own != of_session
        {
            return failed(format!(
                "`{key}` of the profile `{name}` and of its sso-session differ"
            ));
        }
        own.or(of_session)
            .ok_or_else(|| CredentialsError::new(format!("the profile `{name}` lacks `{key}`")))
    };
    let role = Role {
        account: required("sso_account_id")?,
        name: required("sso_role_name")?,
    };
    let login = Login {
        profile: name,
        region: required("sso_region")?,
        start_url: required("sso_start_url")?,
        session: session.map(|session| session.text.to_text()),
    };
    Ok((login, role))
}

impl Login<'_> {
    /// An error that only the user can fix.
    fn log_in(&self, what: &str) -> CredentialsError {
        CredentialsError::new(format!(
            "{what}: run `aws sso login --profile {}`",
            self.profile
        ))
    }

    /// A token that is valid now, and its end.
    async fn token(
        &self,
        surroundings: &Surroundings,
        sources: &Arc<Sources>,
    ) -> Result<(String, Timestamp), CredentialsError> {
        let Some(path) = self.path(surroundings) else {
            return failed("HOME is not set, so the token of `aws sso login` cannot be found");
        };
        let token = self.read(surroundings, &path).await?;
        let now = || surroundings.time.now().epoch_seconds();
        if self.is_fresh(&token, now()) {
            return Ok((token.access, token.expires));
        }
        if self.session.is_none() {
            return self.ended(&token, "it cannot be refreshed");
        }
        // A refresh token works once, so two clients of this process must not both use it.
        let turn = Turn::on(&*surroundings.environment, &path).await;
        let token = self.read(surroundings, &path).await?;
        let now = now();
        if self.is_fresh(&token, now) {
            return Ok((token.access, token.expires));
        }
        let refreshed = self.refresh(surroundings, sources, &path, (token, turn), now);
        let Refreshed {
            result,
            token,
            turn,
        } = refreshed.await;
        let reason = match result {
            Ok(renewed) => return Ok(renewed),
            Err(Refusal::Used(reason)) => {
                if let Some(other) = self.replaced(surroundings, &path, &token).await
                    && other.left(now) > 0
                {
                    return Ok((other.access, other.expires));
                }
                reason
            }
            Err(Refusal::Other(error)) => format!("{error:#}"),
        };
        drop(turn);
        if token.left(now) > 0 {
            return Ok((token.access, token.expires));
        }
        self.ended(&token, &reason)
    }

    fn ended<T>(&self, token: &CachedToken, reason: &str) -> Result<T, CredentialsError> {
        let end = token.expires;
        Err(self.log_in(&format!("the login ended at {end}, and {reason}")))
    }

    /// Whether a token is used without a refresh.
    fn is_fresh(&self, token: &CachedToken, now: i64) -> bool {
        let left = token.left(now);
        left > 0 && (left >= WINDOW || self.session.is_none())
    }

    async fn credentials(
        &self,
        surroundings: &Surroundings,
        sources: &Arc<Sources>,
        role: &Role,
        token: &str,
    ) -> Result<Credentials, CredentialsError> {
        let mut request = HttpRequest::new(Method::GET);
        request.path("/federation/credentials");
        request.query("role_name", &role.name);
        request.query("account_id", &role.account);
        let Ok(mut value) = HeaderValue::from_str(token) else {
            return Err(self.log_in("the token of the login does not fit into a header"));
        };
        value.set_sensitive(true);
        headers::insert(&mut request.headers, TOKEN, value);
        let region = Some(self.region.clone());
        let operation = &GET_ROLE_CREDENTIALS;
        let response = call(surroundings, sources, operation, region, None, request).await;
        let what = format!(
            "no credentials for the role {} in the account {}",
            role.name, role.account
        );
        match response {
            Ok(response) => match role_credentials(response.bytes()) {
                Some(credentials) => Ok(credentials.account_id(role.account.as_str())),
                None => failed(format!(
                    "{what}: the response of IAM Identity Center contains none"
                )),
            },
            Err(failure) if failure.status() == Some(401) => {
                Err(self.log_in(&format!("{what}: the login is no longer valid")))
            }
            Err(failure) => Err(explain(&what, &failure)),
        }
    }
}

/// The response of `GetRoleCredentials`.
fn role_credentials(text: &[u8]) -> Option<Credentials> {
    let [role] = members::of(text, ["roleCredentials"])?;
    let names = [
        "accessKeyId",
        "secretAccessKey",
        "sessionToken",
        "expiration",
    ];
    let [id, secret, token, expires] = members::of(role.json(), names)?;
    // It is in milliseconds.
    let expires = Timestamp::from_epoch_seconds(expires.number()?.div_euclid(1000));
    let credentials = Credentials::new(id.text()?, secret.text()?);
    Some(
        credentials
            .session_token(token.text()?)
            .expires_at(expires.ok()?),
    )
}
