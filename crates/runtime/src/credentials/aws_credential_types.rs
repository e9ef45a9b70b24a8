//! Credentials from the providers of the AWS SDK.

use std::fmt;

use ::aws_credential_types::provider::ProvideCredentials as SdkProvider;

use super::{Credentials, CredentialsError, ProvideCredentials};
use crate::{BoxFuture, Timestamp};

/// Any provider of the crate `aws-credential-types`, such as those of `aws-config`, for
/// [`ConfigBuilder::credentials_provider`](crate::ConfigBuilder::credentials_provider).
///
/// ```
/// use attache_runtime::{Config, credentials::SdkCredentials};
/// use aws_credential_types::Credentials;
///
/// let provider = Credentials::new("AKIDEXAMPLE", "secret", None, None, "example");
/// let builder = Config::builder().credentials_provider(SdkCredentials::new(provider));
/// ```
pub struct SdkCredentials<P>(P);

impl<P: SdkProvider> SdkCredentials<P> {
    /// Uses this provider.
    pub fn new(provider: P) -> Self {
        Self(provider)
    }
}

impl<P: fmt::Debug> fmt::Debug for SdkCredentials<P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("SdkCredentials")
            .field(&self.0)
            .finish()
    }
}

impl<P: SdkProvider> ProvideCredentials for SdkCredentials<P> {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(async {
            let given = self.0.provide_credentials().await.map_err(|error| {
                CredentialsError::new("the provider of the AWS SDK failed").because(error)
            })?;
            let mut credentials =
                Credentials::new(given.access_key_id(), given.secret_access_key());
            if let Some(token) = given.session_token() {
                credentials = credentials.session_token(token);
            }
            if let Some(account) = given.account_id() {
                credentials = credentials.account_id(account.as_str());
            }
            if let Some(expiry) = given.expiry() {
                // An expiry beyond the range of a timestamp means never.
                if let Ok(expiry) = Timestamp::try_from(expiry) {
                    credentials = credentials.expires_at(expiry);
                }
            }
            Ok(credentials)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::SdkCredentials;
    use crate::ProvideCredentials;

    #[tokio::test]
    async fn the_account_is_taken_over() {
        for account in [Some("111122223333"), None] {
            let mut given = ::aws_credential_types::Credentials::builder()
                .access_key_id("AKID")
                .secret_access_key("SECRET")
                .provider_name("test");
            given.set_account_id(account.map(Into::into));
            let provider = SdkCredentials::new(given.build());
            let credentials = provider.credentials().await;
            assert_eq!(credentials.expect("they are given").account(), account);
        }
    }
}
