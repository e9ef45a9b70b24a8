//! Bearer tokens, and their sources.
//!
//! Some services take a token instead of a signature, or beside it. A token comes from the first of these sources that is
//! configured:
//!
//! 1. code: [`ConfigBuilder::bearer_token`](crate::ConfigBuilder::bearer_token) or
//!    [`bearer_token_provider`](crate::ConfigBuilder::bearer_token_provider);
//! 2. the variable `AWS_BEARER_TOKEN_<SERVICE>`, where `<SERVICE>` is the name of the service in signatures, in upper case
//!    and with `_` for `-`: the token of one service is never sent to another;
//! 3. the profile's `sso_session`: the token of `aws sso login`, which is refreshed as that of credentials is.
//!
//! If a service takes signatures and tokens, a token of source 1 or 2 is used before any credentials, unless
//! [`auth_scheme_preference`](crate::ConfigBuilder::auth_scheme_preference) was set in code, as in botocore.
//!
//! A token is sent over TLS only, or to this machine: who reads it can use it. No error and no `Debug` output contains one.

use std::fmt;
use std::sync::Arc;

use crate::credentials::cache::{Cache, Identity};
use crate::credentials::origin::{self, Origin};
use crate::credentials::validated::problem;
use crate::environment::{self, Environment};
use crate::time_source::TimeSource;
use crate::{BoxFuture, CredentialsError, Timestamp};

/// A token that is sent in the header `Authorization` (RFC 6750).
///
/// `Debug` shows its expiry, and nothing else.
#[derive(Clone, PartialEq, Eq)]
pub struct BearerToken {
    token: String,
    expires_at: Option<Timestamp>,
    origin: Origin,
}

impl BearerToken {
    /// A token that does not expire.
    pub fn new(token: impl Into<String>) -> Self {
        Self {
            token: token.into(),
            expires_at: None,
            origin: Origin::default(),
        }
    }

    /// Sets when the token expires.
    #[must_use]
    pub fn expires_at(mut self, time: Timestamp) -> Self {
        self.expires_at = Some(time);
        self
    }

    /// When the token expires; `None` for never.
    pub fn expiry(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// Returns the same token, if it can be sent.
    ///
    /// # Errors
    /// It is empty, or holds anything but visible ASCII characters. The error does not show it.
    pub fn validated(self) -> Result<Self, CredentialsError> {
        match problem(&self.token, true) {
            None => Ok(self),
            Some(problem) => Err(CredentialsError::new(format!("the bearer token {problem}"))),
        }
    }

    pub(crate) fn sources(&self) -> &[&'static str] {
        self.origin.ids()
    }

    pub(crate) fn text(&self) -> &str {
        &self.token
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("BearerToken")
            .field("token", &"** redacted **")
            .field("expires_at", &self.expires_at)
            .finish()
    }
}

/// A provider of bearer tokens, which is called when a call needs one.
pub trait ProvideBearerToken: fmt::Debug + Send + Sync {
    /// The token of the next request.
    fn bearer_token(&self) -> BoxFuture<'_, Result<BearerToken, CredentialsError>>;
}

/// A token is its own provider.
impl ProvideBearerToken for BearerToken {
    fn bearer_token(&self) -> BoxFuture<'_, Result<BearerToken, CredentialsError>> {
        let token = self.clone();
        Box::pin(async move { Ok(token) })
    }
}

impl Identity for BearerToken {
    const WORDS: &str = "the bearer token that was found";
    type Provider = dyn ProvideBearerToken;

    fn ask(provider: &Self::Provider) -> BoxFuture<'_, Result<Self, CredentialsError>> {
        provider.bearer_token()
    }

    fn expiry(&self) -> Option<Timestamp> {
        self.expiry()
    }

    fn validated(self) -> Result<Self, CredentialsError> {
        self.validated()
    }
}

/// A provider whose tokens are kept until shortly before they expire, as credentials are.
pub(crate) struct CachedToken(Arc<Cache<BearerToken>>);

impl CachedToken {
    pub(crate) fn over(provider: Arc<dyn ProvideBearerToken>, time: Arc<dyn TimeSource>) -> Self {
        Self(Arc::new(Cache::new(provider, time)))
    }
}

impl fmt::Debug for CachedToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CachedToken")
    }
}

impl ProvideBearerToken for CachedToken {
    fn bearer_token(&self) -> BoxFuture<'_, Result<BearerToken, CredentialsError>> {
        Box::pin(Arc::clone(&self.0).get())
    }
}

/// The source of a configuration in which no token is set.
#[derive(Debug)]
pub(crate) struct NoToken;

impl ProvideBearerToken for NoToken {
    fn bearer_token(&self) -> BoxFuture<'_, Result<BearerToken, CredentialsError>> {
        Box::pin(async { Err(CredentialsError::missing("no token was set in code")) })
    }
}

/// The variable with the token of a service.
pub(crate) fn variable_name(signing_name: &str) -> String {
    let service = signing_name.replace(['-', ' '], "_").to_uppercase();
    format!("AWS_BEARER_TOKEN_{service}")
}

/// The token in the variable of a service, if it is set.
///
/// # Errors
/// It cannot be sent; the error names the variable.
pub(crate) fn of_variable(
    environment: &dyn Environment,
    signing_name: &str,
) -> Result<Option<BearerToken>, CredentialsError> {
    let name = variable_name(signing_name);
    let Some(text) = environment::set(environment, &name) else {
        return Ok(None);
    };
    match BearerToken::new(text.trim()).validated() {
        Ok(mut token) => {
            token.origin.add(&[origin::BEARER_VARIABLE]);
            Ok(Some(token))
        }
        Err(error) => Err(CredentialsError::new(format!("{name}: {error}"))),
    }
}
