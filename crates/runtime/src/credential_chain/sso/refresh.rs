//! Replaces a token that expires by a new one, as OAuth 2.0 describes it.

use std::path::Path;
use std::sync::Arc;

use http::Method;

use super::file::CachedToken;
use super::{CredentialsError, Login, Surroundings};
use crate::Timestamp;
use crate::config::Sources;
use crate::credential_chain::finished::Finished;
use crate::credential_chain::members;
use crate::credential_chain::services::{CREATE_TOKEN, call, explain};
use crate::credential_chain::turn::Turn;
use crate::credentials::expiry;
use crate::error::Failure;
use crate::plumbing::json::Writer;
use crate::plumbing::message::{HttpRequest, HttpResponse};
use crate::plumbing::safe_line::safe_line;
use crate::texts::{self, ToText as _};

const CLIENT_SECRET: &str = "clientSecret";
const REFRESH_TOKEN: &str = "refreshToken";

/// The end of a refresh, and what its caller goes on with.
pub(super) struct Refreshed {
    /// A new token and its end.
    pub(super) result: Result<(String, Timestamp), Refusal>,
    /// The old token.
    pub(super) token: CachedToken,
    /// No other client of this process reads the file before the new token is in it.
    pub(super) turn: Turn,
}

impl Login<'_> {
    /// Replaces a token, and writes the new one to its file. The service has used up the refresh token once the request
    /// arrives, so the new one is written even if the caller is dropped meanwhile.
    pub(super) async fn refresh(
        &self,
        surroundings: &Surroundings,
        sources: &Arc<Sources>,
        path: &Path,
        (token, turn): (CachedToken, Turn),
        now: i64,
    ) -> Refreshed {
        let request = match request(&token, now) {
            Ok(request) => request,
            Err(refusal) => {
                return Refreshed {
                    result: Err(refusal),
                    token,
                    turn,
                };
            }
        };
        let region = Some(self.region.clone());
        let response = call(surroundings, sources, &CREATE_TOKEN, region, None, request);
        let (environment, path) = (surroundings.environment.clone(), path.to_owned());
        let exchange = Box::pin(async move {
            let result = match response.await {
                Ok(response) => NewToken::read(response.bytes(), now),
                Err(failure) => Err(Refusal::of(&failure, &token)),
            };
            let result = result.map(|new| {
                let contents = token.renewed(&new.access, new.refresh.as_deref(), new.expires);
                // A failed write is no error: the token works without the file, and the next program can refresh its own.
                let _ = environment.write(&path, &contents);
                (new.access, new.expires)
            });
            Refreshed {
                result,
                token,
                turn,
            }
        });
        Finished::new(exchange).await
    }
}

/// The request for a new token.
fn request(token: &CachedToken, now: i64) -> Result<HttpRequest, Refusal> {
    let text = |key: &str| token.text(key);
    let (Some(client), Some(secret), Some(refresh)) =
        (text("clientId"), text(CLIENT_SECRET), text(REFRESH_TOKEN))
    else {
        return Refusal::other("it cannot be refreshed");
    };
    let registered = text("registrationExpiresAt").and_then(|end| expiry::read(&end));
    if registered.is_none_or(|end| end.epoch_seconds() <= now) {
        return Refusal::other("the registration of the program that logged in has expired, too");
    }
    let mut body = Writer::with_capacity(1024);
    body.begin_object();
    for &(key, value) in &[
        ("clientId", client.as_str()),
        (CLIENT_SECRET, secret.as_str()),
        ("grantType", "refresh_token"),
        (REFRESH_TOKEN, refresh.as_str()),
    ] {
        body.key(key);
        body.string(value);
    }
    body.end_object();
    let mut request = HttpRequest::new(Method::POST);
    request.path("/token");
    request.json(body);
    Ok(request)
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
    fn of(failure: &Failure, token: &CachedToken) -> Self {
        let texts = [CLIENT_SECRET, REFRESH_TOKEN].map(|key| token.text(key));
        let secrets = texts.iter().flatten().chain([&token.access]);
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
    expires: Timestamp,
}

impl NewToken {
    fn read(text: &[u8], now: i64) -> Result<Self, Refusal> {
        let Some((access, refresh, lifetime)) = Self::members(text) else {
            return Refusal::other("the response to its refresh contains no token");
        };
        match Timestamp::from_epoch_seconds(now.saturating_add(lifetime)) {
            Ok(expires) => Ok(Self {
                access,
                refresh,
                expires,
            }),
            Err(_) => Refusal::other("the response to its refresh contains no expiry"),
        }
    }

    /// The token, the next refresh token, and the seconds until the end.
    fn members(text: &[u8]) -> Option<(String, Option<String>, i64)> {
        let names = ["accessToken", REFRESH_TOKEN, "expiresIn"];
        let [access, refresh, lifetime] = members::of(text, names)?;
        let refresh = match refresh.is_missing() {
            true => None,
            false => Some(refresh.text()?),
        };
        Some((access.text()?, refresh, lifetime.number()?))
    }
}
