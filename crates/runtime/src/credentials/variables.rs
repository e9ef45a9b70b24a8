//! Credentials in variables of the environment.

#[cfg(not(feature = "credential-chain"))]
use std::{fmt, sync::Arc};

use super::{Credentials, CredentialsError, ProvideCredentials, expiry, origin};
use crate::BoxFuture;
use crate::environment::{self, Environment, ProcessEnvironment};
use crate::texts::{ToText as _, filled};

/// The variables `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, read when they are needed, and
/// nothing else.
#[derive(Clone, Copy, Debug, Default)]
pub struct EnvironmentCredentials;

impl ProvideCredentials for EnvironmentCredentials {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(async { required(&ProcessEnvironment) })
    }
}

/// The same for any environment.
#[cfg(not(feature = "credential-chain"))]
pub(crate) struct VariableCredentials(pub(crate) Arc<dyn Environment>);

#[cfg(not(feature = "credential-chain"))]
impl fmt::Debug for VariableCredentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("VariableCredentials")
    }
}

#[cfg(not(feature = "credential-chain"))]
impl ProvideCredentials for VariableCredentials {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(async { required(&*self.0) })
    }
}

fn required(environment: &dyn Environment) -> Result<Credentials, CredentialsError> {
    read(environment)?.ok_or_else(|| {
        CredentialsError::missing(
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN for temporary credentials), \
             or pass credentials in code",
        )
    })
}

/// The credentials of the variables; `None` if these are not set.
pub(crate) fn read(environment: &dyn Environment) -> Result<Option<Credentials>, CredentialsError> {
    let read = |name: &str| {
        let value = environment::set(environment, name)?;
        filled(Some(value.trim().to_text()))
    };
    let (id, secret) = match (read("AWS_ACCESS_KEY_ID"), read("AWS_SECRET_ACCESS_KEY")) {
        (Some(id), Some(secret)) => (id, secret),
        (None, None) => return Ok(None),
        (Some(_), None) => {
            return Err(CredentialsError::new(
                "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not",
            ));
        }
        (None, Some(_)) => {
            return Err(CredentialsError::new(
                "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not",
            ));
        }
    };
    let mut credentials = Credentials::new(id, secret).with_sources(&[origin::VARIABLES]);
    credentials.session_token = match read("AWS_SESSION_TOKEN") {
        None => read("AWS_SECURITY_TOKEN"),
        token => token,
    };
    credentials.account_id = read("AWS_ACCOUNT_ID");
    if let Some(expiry) = read("AWS_CREDENTIAL_EXPIRATION") {
        let Some(expiry) = expiry::read(&expiry) else {
            return Err(CredentialsError::new(
                "AWS_CREDENTIAL_EXPIRATION is no date-time such as 2030-01-31T23:59:59Z",
            ));
        };
        credentials = credentials.expires_at(expiry);
    }
    let validated = credentials.validated().map_err(|error| {
        CredentialsError::new(format!(
            "in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN {error}"
        ))
    });
    validated.map(Some)
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::FixedEnvironment;

    #[test]
    fn half_a_key_in_the_environment_is_named() {
        for (set, missing) in [
            ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY is not"),
            ("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID is not"),
        ] {
            let environment = FixedEnvironment::default().with_variable(set, "half");
            let error = read(&environment).expect_err("half a key");
            assert!(error.to_string().contains(missing), "{error}");
        }
    }
}
