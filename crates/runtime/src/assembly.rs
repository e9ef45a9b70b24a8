//! Builds a configuration from the settings.
//!
//! If no transport and no credentials were set, this module supplies the default transport and the default credential
//! chain. The chain calls services with a client of its own, so it depends on the core and on the configuration. No
//! module depends on this one, so there is no circle.

use std::sync::Arc;

#[cfg(feature = "bearer")]
use crate::bearer::{CachedToken, ProvideBearerToken};
use crate::config::{Basis, Config, ConfigBuilder, ConfigError, CredentialsChoice};
#[cfg(all(feature = "credential-chain", feature = "bearer"))]
use crate::credential_chain::SessionToken;
#[cfg(feature = "credential-chain")]
use crate::credential_chain::{DefaultChain, Surroundings};
use crate::credentials::{CachedCredentials, CredentialsError, ProvideCredentials};
use crate::transport::Transport;

impl ConfigBuilder {
    /// Finishes the configuration.
    ///
    /// # Errors
    /// * No transport was given and the one of the feature `hyper` is not compiled in or cannot be set up.
    /// * No request can be signed with the [credentials](Self::credentials).
    /// * The region is not a label of a host name.
    /// * The endpoint is not a URL with the scheme `https` or `http` and a host; it has a user, a query or a wrong port;
    ///   or it is unencrypted without [`allow_plain_http`](Self::allow_plain_http). This is checked for the endpoint of
    ///   [`endpoint_url`](Self::endpoint_url), or else, except for the encryption, for the one that the environment has
    ///   for all services, because a service may have another one. `Client::from_env` checks the endpoint that the
    ///   environment has for its service, and so do the calls of other clients.
    pub fn build(mut self) -> Result<Config, ConfigError> {
        let transport = match self.transport.clone() {
            Some(transport) => transport,
            None => default_transport(&self)?,
        };
        let basis = self.basis(transport)?;
        let credentials = self.provider(&basis)?;
        #[cfg(feature = "bearer")]
        self.complete_token(&basis);
        self.complete(basis, credentials)
    }

    /// Puts a cache in front of the source of tokens.
    #[cfg(feature = "bearer")]
    fn complete_token(&mut self, basis: &Basis) {
        let cached = |provider| Arc::new(CachedToken::over(provider, basis.time.clone()));
        let token: Option<(Arc<dyn ProvideBearerToken>, bool)> =
            match self.authentication.token.take() {
                Some((provider, of_code)) => Some((cached(provider), of_code)),
                #[cfg(feature = "credential-chain")]
                None => {
                    let provider = SessionToken(self.surroundings(basis));
                    Some((cached(Arc::new(provider)), false))
                }
                #[cfg(not(feature = "credential-chain"))]
                None => None,
            };
        self.authentication.token = token;
    }

    fn provider(&self, basis: &Basis) -> Result<Arc<dyn ProvideCredentials>, ConfigError> {
        let cached = |provider| {
            let time = basis.time.clone();
            Arc::new(CachedCredentials::over(provider, time))
        };
        Ok(match &self.credentials {
            CredentialsChoice::Fixed(credentials) => {
                let validated = credentials.clone().validated();
                let refused = |error: CredentialsError| ConfigError::new(format!("{error:#}"));
                Arc::new(validated.map_err(refused)?)
            }
            CredentialsChoice::Provider(provider) => cached(provider.clone()),
            CredentialsChoice::Default => cached(self.default_chain(basis)),
        })
    }

    #[cfg(feature = "credential-chain")]
    fn default_chain(&self, basis: &Basis) -> Arc<dyn ProvideCredentials> {
        Arc::new(DefaultChain(self.surroundings(basis)))
    }

    /// What the sources of credentials and of tokens need.
    #[cfg(feature = "credential-chain")]
    fn surroundings(&self, basis: &Basis) -> Surroundings {
        Surroundings {
            environment: self.environment(),
            direct: direct_transport(self.transport.is_none(), &basis.transport),
            profile: self.profile.clone(),
            parameters: crate::plumbing::endpoint::Parameters {
                endpoint: None,
                ..basis.parameters.clone()
            },
            ignore_endpoints: self.ignore_configured_endpoint_urls,
            plain_http: self.plain_http,
            transport: basis.transport.clone(),
            time: basis.time.clone(),
            timer: basis.calls.timer.clone(),
            random: basis.calls.random.clone(),
        }
    }

    #[cfg(not(feature = "credential-chain"))]
    fn default_chain(&self, _basis: &Basis) -> Arc<dyn ProvideCredentials> {
        Arc::new(crate::credentials::VariableCredentials(self.environment()))
    }
}

#[cfg(feature = "hyper")]
fn default_transport(builder: &ConfigBuilder) -> Result<Arc<dyn Transport>, ConfigError> {
    let (timeout, bundle) = (builder.calls.connect_timeout(), builder.ca_bundle.clone());
    match crate::transport::HyperTransport::with_ca_bundle(timeout, bundle) {
        Ok(transport) => Ok(Arc::new(transport)),
        Err(error) => Err(ConfigError::new("the HTTP transport cannot be set up").because(error)),
    }
}

#[cfg(not(feature = "hyper"))]
fn default_transport(_builder: &ConfigBuilder) -> Result<Arc<dyn Transport>, ConfigError> {
    Err(ConfigError::new(
        "no transport: set one with `ConfigBuilder::transport`, or enable the feature `hyper`",
    ))
}

/// The transport for this machine and its link-local neighbours: the user's transport, or one without proxies.
#[cfg(feature = "credential-chain")]
#[inline(never)]
fn direct_transport(ours: bool, transport: &Arc<dyn Transport>) -> Arc<dyn Transport> {
    #[cfg(feature = "hyper")]
    if ours {
        return Arc::new(crate::transport::DirectTransport::default());
    }
    let _ = ours;
    transport.clone()
}
