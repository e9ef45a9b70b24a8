//! Replaces a token that expires by a new one, as OAuth 2.0 describes it.

use std::sync::Arc;

use http::Method;

use super::file::CachedToken;
use super::{CredentialsError, Login, Surroundings};
use crate::Timestamp;
use crate::config::Sources;
use crate::credential_chain::members;
use crate::credential_chain::services::{CREATE_TOKEN, call, explain};
use crate::credentials::expiry;
use crate::error::Failure;
use crate::plumbing::json::Writer;
use crate::plumbing::message::{HttpRequest, HttpResponse};
use crate::plumbing::safe_line::safe_line;
use crate::texts::{self, ToText as _};

impl Login<'_> {
    /// A new token, its end, and the new content of the file.
    pub(super) async fn refresh(
        &self,
        surroundings: &Surroundings,
        sources: &Arc<Sources>,
        token: &CachedToken,
        now: i64,
    ) -> Result<(String, Timestamp, Vec<u8>), Refusal> {
        let text = |key: &str| token.text(key);
        let (Some(client), Some(secret), Some(refresh)) =
            (text("clientId"), text("clientSecret"), text("refreshToken"))
        else {
            return Refusal::other("it cannot be refreshed");
        };
        let registered = text("registrationExpiresAt").and_then(|end| expiry::read(&end));
        if registered.is_none_or(|end| end.epoch_seconds() <= now) {
            return Refusal::other(
                "the registration of the program that logged in has expired, too",
            );
        }
        let mut body = Writer::with_capacity(1024);
        body.begin_object();
        for &(key, value) in &[
            ("clientId", client.as_str()),
            ("clientSecret", secret.as_str()),
            ("grantType", "refresh_token"),
            ("refreshToken", refresh.as_str()),
        ] {
            body.key(key);
            body.string(value);
        }
        body.end_object();
        let mut request = HttpRequest::new(Method::POST);
        request.path("/token");
        request.json(body);
        let region = Some(self.region.clone());
        let response = call(surroundings, sources, &CREATE_TOKEN, region, None, request);
        let secrets = [secret.as_str(), &refresh, &token.access];
        let response = response
            .await
            .map_err(|failure| Refusal::of(&failure, &secrets))?;
        let answer = NewToken::read(response.bytes());
        let Some(answer) = answer else {
            return Refusal::other("the response to its refresh contains no token");
        };
        let Ok(expires) = Timestamp::from_epoch_seconds(now.saturating_add(answer.expires_in))
        else {
            return Refusal::other("the response to its refresh contains no expiry");
        };
        let contents = token.renewed(&answer.access, answer.refresh.as_deref(), expires);
        Ok((answer.access, expires, contents))
    }
}

/// Why a token was not refreshed.
pub(super) enum Refusal {
    /// The refresh token is not valid any more: another program may have used it.
    Used(String),
    Other(CredentialsError),
}

impl Refusal {
    fn other<T>(reason: &str) -> Result<T, Self> {
        Err(Self::Other(CredentialsError::new(reason)))
    }

    /// What the token service says about a failure. A text that repeats a sent value is left out.
    fn of(failure: &Failure, secrets: &[&str]) -> Self {
        let response = failure.response();
        let code = response.and_then(|response| code_of(response.bytes()));
        let mut reason = explain("it could not be refreshed", failure).to_string();
        let mut repeats = false;
        for secret in secrets {
            repeats |= texts::find(&reason, secret).is_some();
        }
        if repeats {
            reason = match response.map(HttpResponse::status) {
                Some(status) => format!(
                    "it could not be refreshed: the token service responded with status {status}"
                ),
                None => "it could not be refreshed".to_text(),
            };
        }
        // The instructions for the user follow the reason, and must not be truncated.
        let reason = safe_line(&reason).limit(400).to_string();
        let is_used =
            failure.is_shape("InvalidGrantException") || code.as_deref() == Some("invalid_grant");
        match is_used {
            true => Self::Used(reason),
            false => Self::Other(CredentialsError::new(reason)),
        }
    }
}

/// The code of an error of OAuth 2.0 (RFC 6749, section 5.2).
fn code_of(text: &[u8]) -> Option<String> {
    let [code] = members::of(text, ["error"])?;
    code.text()
}

/// The response of `CreateToken`.
struct NewToken {
    access: String,
    refresh: Option<String>,
    expires_in: i64,
}

impl NewToken {
    fn read(text: &[u8]) -> Option<Self> {
        let names = ["accessToken", "refreshToken", "expiresIn"];
        let [access, refresh, expires_in] = members::of(text, names)?;
        Some(Self {
            access: access.text()?,
            refresh: match refresh.is_missing() {
                true => None,
                false => Some(refresh.text()?),
            },
            expires_in: expires_in.number()?,
        })
    }
}
