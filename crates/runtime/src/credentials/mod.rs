//! Credentials, and their sources.
//!
//! # The default chain
//!
//! A configuration without credentials uses the same sources as the AWS CLI and the AWS SDKs, in the order of botocore.
//! The first configured source is used. If it fails, the call fails with the reason, and later sources are not tried.
//! If no source is configured, the error lists what was tried.
//!
//! 1. The variables `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`; `AWS_CREDENTIAL_EXPIRATION`
//!    is their expiry. They are skipped if [`ConfigBuilder::profile`](crate::ConfigBuilder::profile) names a profile.
//! 2. The profile: the one that is set in code, else `AWS_DEFAULT_PROFILE` or `AWS_PROFILE`, else `default`. The first
//!    of these settings is used:
//!    * `role_arn` with `source_profile` or `credential_source` (`Environment`, `EcsContainer`, `Ec2InstanceMetadata`):
//!      the role is assumed with the credentials of the source, which may be a role itself, up to 32 in a row.
//!      `role_session_name`, `external_id` and `duration_seconds` are used; `mfa_serial` is refused, because attache does
//!      not prompt for a code;
//!    * `web_identity_token_file` with `role_arn`, where `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN` and
//!      `AWS_ROLE_SESSION_NAME` take precedence over the settings;
//!    * `sso_account_id` and `sso_role_name`, with `sso_session` or with `sso_start_url` and `sso_region`. The token is
//!      that of `aws sso login`. The token of a session is refreshed, by one client of a process at a time. If another
//!      program has refreshed it already, the new token is used;
//!    * `aws_access_key_id` and `aws_secret_access_key` of the credentials file;
//!    * `credential_process`, which runs without a shell and prints JSON: see [below](#programs-that-print-credentials);
//!    * the access key of the configuration file.
//!
//!    `login_session` (`aws login`) is refused by name: use `aws configure export-credentials` in a
//!    `credential_process` instead.
//! 3. A container's endpoint: `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` (ECS) or `AWS_CONTAINER_CREDENTIALS_FULL_URI`
//!    (EKS pod identity), with `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` or `AWS_CONTAINER_AUTHORIZATION_TOKEN`. Without
//!    TLS, the host must be this machine or one of the addresses of ECS and EKS.
//! 4. The instance metadata service of EC2, version 2 only, unless `AWS_EC2_METADATA_DISABLED` is `true`.
//!    `AWS_EC2_METADATA_SERVICE_ENDPOINT`, `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE`, `AWS_METADATA_SERVICE_TIMEOUT` and
//!    the profile's settings of the same names are used. If anything but this service responds, or the instance has no
//!    role, there are no credentials, and the error says what was found.
//!
//! Requests to STS and IAM Identity Center use the client's transport; their endpoints are configured as those of any
//! service, for example with `AWS_ENDPOINT_URL_STS`, and `AWS_STS_REGIONAL_ENDPOINTS` or `sts_regional_endpoints` may be
//! `legacy` for the global endpoint of STS. Requests to containers and instance metadata use no proxy.
//!
//! An expiry is a text in the form of RFC 3339, or a similar one: with a blank instead of the `T`, with `UTC` or `GMT`
//! instead of the `Z`, without seconds, without separators. A text without a zone, a number and any other invalid
//! expiry is refused; credentials with an invalid expiry are never used.
//!
//! # Programs that print credentials
//!
//! A `credential_process` may run for a minute. If standard input of this process is a terminal, the program inherits
//! it, and the standard error stream if that is a terminal as well, so that it can prompt the user for a code; it may
//! then run for five minutes. Otherwise it has no input, its error output is discarded, and it is the leader of a new
//! process group (on Unix). It is killed, with its process group, when its time is over, when it prints more than 256
//! KiB, or when no caller waits for it any more. If a program ends and leaves its output to a child, the output is read
//! for another second; then the child is killed as well.
//!
//! # Caching
//!
//! Credentials are cached until shortly before they expire: see [`CachedCredentials`]. A custom [`Transport`] or
//! [`Timer`] is also used by the chain. Without the feature `credential-chain` only the variables of step 1 are read.
//!
//! No error and no `Debug` output contains a secret, a token, or the output of a `credential_process`.
//!
//! [`Transport`]: crate::transport::Transport
//! [`Timer`]: crate::Timer

#[cfg(feature = "aws-credential-types")]
mod aws_credential_types;
pub(crate) mod cache;
pub(crate) mod expiry;
pub(crate) mod flight;
pub(crate) mod origin;
pub(crate) mod validated;
pub(crate) mod variables;

use std::error::Error;
use std::fmt;
use std::sync::Arc;

#[cfg(feature = "aws-credential-types")]
pub use self::aws_credential_types::SdkCredentials;
pub use self::cache::CachedCredentials;
pub use self::variables::EnvironmentCredentials;
#[cfg(not(feature = "credential-chain"))]
pub(crate) use self::variables::VariableCredentials;
use crate::body::BoxError;
use crate::plumbing::causes::{self, safe_causes};
use crate::plumbing::safe_line::safe_line;
use crate::{BoxFuture, Timestamp};

/// An access key, with the session token and the expiry of temporary ones.
///
/// `Debug` shows the access key id, which is no secret, and nothing else.
///
/// An empty field, a line break after a key and similar mistakes are refused when a [`Config`](crate::Config) is built,
/// or when a provider returns them; [`validated`](Self::validated) refuses them at once.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    expires_at: Option<Timestamp>,
    account_id: Option<String>,
    origin: origin::Origin,
}

impl Credentials {
    /// Long-term credentials.
    #[inline(never)]
    pub fn new(access_key_id: impl Into<String>, secret_access_key: impl Into<String>) -> Self {
        Self {
            access_key_id: access_key_id.into(),
            secret_access_key: secret_access_key.into(),
            session_token: None,
            expires_at: None,
            account_id: None,
            origin: origin::Origin::default(),
        }
    }

    /// Adds the session token of temporary credentials.
    #[must_use]
    #[inline(never)]
    pub fn session_token(mut self, token: impl Into<String>) -> Self {
        self.session_token = Some(token.into());
        self
    }

    /// Sets when the credentials expire.
    #[must_use]
    pub fn expires_at(mut self, time: Timestamp) -> Self {
        self.expires_at = Some(time);
        self
    }

    /// Sets the account that the credentials belong to. Some services have endpoints for each account: see
    /// [`account_id_endpoint_mode`](crate::ConfigBuilder::account_id_endpoint_mode).
    #[must_use]
    #[inline(never)]
    pub fn account_id(mut self, account: impl Into<String>) -> Self {
        self.account_id = Some(account.into());
        self
    }

    /// The account that the credentials belong to, if it is known.
    pub fn account(&self) -> Option<&str> {
        self.account_id.as_deref()
    }

    /// The public half of the key.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// When the credentials expire; `None` for never.
    pub fn expiry(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// Adds sources, which [`origin`] names.
    #[inline(never)]
    pub(crate) fn with_sources(mut self, ids: &[&'static str]) -> Self {
        self.origin.add(ids);
        self
    }

    pub(crate) fn sources(&self) -> &[&'static str] {
        self.origin.ids()
    }

    pub(crate) fn secret(&self) -> &str {
        &self.secret_access_key
    }

    pub(crate) fn token(&self) -> Option<&str> {
        self.session_token.as_deref()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credentials")
            .field("access_key_id", &self.access_key_id)
            .field("secret_access_key", &"** redacted **")
            .field(
                "session_token",
                &self.session_token.as_ref().map(|_| "** redacted **"),
            )
            .field("expires_at", &self.expires_at)
            .field("account_id", &self.account_id)
            .finish()
    }
}

/// A provider of credentials, which is called when a call needs them.
pub trait ProvideCredentials: fmt::Debug + Send + Sync {
    /// The credentials to sign the next request with.
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>>;
}

/// The error of a provider. Clones share their cause, because every caller that waited for the credentials gets one.
///
/// `{}` shows this error, `{:#}` also the causes in one line, and `{:?}` the causes with a line for each.
#[derive(Clone)]
pub struct CredentialsError {
    message: String,
    is_missing: bool,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl CredentialsError {
    /// Creates an error that says what was searched for and where.
    #[inline(never)]
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            is_missing: false,
            source: None,
        }
    }

    /// Creates an error that says where nothing was found. A call then uses another way to authenticate its request, if
    /// the service has one; after any other error it fails.
    pub fn missing(message: impl Into<String>) -> Self {
        Self {
            is_missing: true,
            ..Self::new(message)
        }
    }

    /// Whether nothing is configured; `false` if a source is configured and failed.
    pub fn is_missing(&self) -> bool {
        self.is_missing
    }

    /// Adds the cause. If its text must not be printed as it is, the cause is replaced by a safe text.
    #[must_use]
    #[inline(never)]
    pub fn because(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(safe_causes(source).into());
        self
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::display(formatter, safe_line(&self.message), self.source())
    }
}

impl fmt::Debug for CredentialsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            formatter
                .debug_struct("CredentialsError")
                .field("message", &safe_line(&self.message))
                .field("source", &self.source)
                .finish()
        })
    }
}

impl Error for CredentialsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}

/// Credentials are their own provider.
impl ProvideCredentials for Credentials {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        let credentials = self.clone();
        Box::pin(async move { Ok(credentials) })
    }
}

#[cfg(test)]
mod tests {
    use super::Credentials;

    #[test]
    fn debug_hides_the_secret_and_the_token() {
        let shown = format!(
            "{:?}",
            Credentials::new("AKID", "wJalrXUtnFEMI").session_token("FwoGZXIvYXdzEBY")
        );
        assert!(shown.contains("AKID"));
        assert!(
            !shown.contains("wJalrXUtnFEMI") && !shown.contains("FwoGZXIvYXdzEBY"),
            "{shown}"
        );
    }
}
