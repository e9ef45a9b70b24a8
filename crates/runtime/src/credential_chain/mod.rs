//! The default chain: the sources of credentials, one after another.
//!
//! Each source has one of three results: credentials, a reason why it is not configured, or an error because it is
//! configured and failed. Only after the second result, the next source is used.
//!
//! Each source returns a boxed future. An asynchronous function that is awaited directly becomes part of every caller,
//! and is compiled again in each.

mod container;
mod document;
mod fetch;
mod finished;
mod instance_metadata;
mod members;
mod process;
mod profile;
mod rewritten;
mod services;
mod sso;
mod sts;
mod turn;

use std::fmt;
use std::sync::Arc;

#[cfg(feature = "bearer")]
pub(crate) use self::sso::SessionToken;
use crate::BoxFuture;
use crate::config::Sources;
use crate::credentials::{Credentials, CredentialsError, ProvideCredentials, variables};
use crate::environment::Environment;
use crate::plumbing::endpoint::Parameters;
use crate::random::RandomSource;
use crate::texts::{ToText as _, join};
use crate::time_source::TimeSource;
use crate::timer::Timer;
use crate::transport::Transport;

/// The settings of the client that the chain uses.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub(crate) environment: Arc<dyn Environment>,
    /// The profile that was set in code.
    pub(crate) profile: Option<String>,
    /// Region, FIPS and dual stack of the client.
    pub(crate) parameters: Parameters,
    /// Whether configured endpoints are ignored; `None` if neither code nor the environment was asked.
    pub(crate) ignore_endpoints: Option<bool>,
    pub(crate) plain_http: bool,
    pub(crate) transport: Arc<dyn Transport>,
    /// The transport for this machine and its link-local neighbours.
    pub(crate) direct: Arc<dyn Transport>,
    pub(crate) time: Arc<dyn TimeSource>,
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) random: Arc<dyn RandomSource>,
}

/// The result of a source.
enum Found {
    Credentials(Credentials),
    /// It is not configured, for this reason.
    Nothing(String),
}

type Outcome = Result<Found, CredentialsError>;

/// The chain. It has no state: each call searches again.
pub(crate) struct DefaultChain(pub(crate) Surroundings);

impl fmt::Debug for DefaultChain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DefaultChain")
            .field("profile", &self.0.profile)
            .finish_non_exhaustive()
    }
}

impl ProvideCredentials for DefaultChain {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.find())
    }
}

impl DefaultChain {
    async fn find(&self) -> Result<Credentials, CredentialsError> {
        let surroundings = &self.0;
        let sources = Sources::load(
            surroundings.environment.clone(),
            surroundings.profile.as_deref(),
        );
        let variables = match surroundings.profile {
            Some(_) => {
                Found::Nothing("they are ignored, because a profile was set in code".to_text())
            }
            // If both are set, the profile files need not be readable.
            None => of_variables(&*surroundings.environment)?,
        };
        let mut tried = Vec::new();
        if let Some(found) = note(&mut tried, "variables", variables) {
            return Ok(found);
        }
        let sources = sources.map_err(|error| CredentialsError::new(format!("{error:#}")))?;
        let sources = Arc::new(sources);
        let found = profile::find(surroundings, &sources).await?;
        let name = format!("profile `{}`", sources.profile_name);
        if let Some(found) = note(&mut tried, &name, found) {
            return Ok(found);
        }
        let found = container::find(surroundings).await?;
        if let Some(found) = note(&mut tried, "container", found) {
            return Ok(found);
        }
        let found = instance_metadata::find(surroundings, &sources).await?;
        if let Some(found) = note(&mut tried, "instance metadata", found) {
            return Ok(found);
        }
        Err(CredentialsError::missing(format!(
            "none were found. Sources that were tried: {}",
            join(&tried, "; ")
        )))
    }
}

/// The credentials of a source, or the reason why there are none.
fn note(tried: &mut Vec<String>, source: &str, found: Found) -> Option<Credentials> {
    match found {
        Found::Credentials(credentials) => Some(credentials),
        Found::Nothing(reason) => {
            tried.push(format!("{source}: {reason}"));
            None
        }
    }
}

/// Source 1, and the `credential_source` called `Environment`.
fn of_variables(environment: &dyn Environment) -> Outcome {
    Ok(match variables::read(environment)? {
        Some(credentials) => Found::Credentials(credentials),
        None => Found::Nothing("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set".to_text()),
    })
}

#[inline(never)]
fn failed<T>(message: impl Into<String>) -> Result<T, CredentialsError> {
    Err(CredentialsError::new(message))
}
