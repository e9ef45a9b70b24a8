//! Builds a configuration from the settings.

use std::sync::Arc;

#[cfg(feature = "credential-chain")]
use super::Sources;
use super::calls::CallSettings;
use super::{
    Config, ConfigBuilder, ConfigError, CredentialsChoice, RESPONSE_LIMIT, Settings,
    SystemTimeSource, TimeSource, UuidTokenSource,
};
use crate::credentials::{CachedCredentials, CredentialsError, ProvideCredentials};
use crate::environment::{Environment, ProcessEnvironment};
use crate::plumbing::endpoint::Parameters;
use crate::plumbing::json::VALUE_LIMIT;
use crate::transport::Transport;

impl ConfigBuilder {
    /// Finishes the configuration.
    ///
    /// # Errors
    /// No transport was given and the one of the feature `hyper` is not compiled in or cannot be set up; or no request
    /// can be signed with the [credentials](Self::credentials).
    pub fn build(mut self) -> Result<Config, ConfigError> {
        let basis = Basis {
            transport: match self.transport.clone() {
                Some(transport) => transport,
                None => default_transport(&self)?,
            },
            time: match self.time.take() {
                Some(time) => time,
                None => Arc::new(SystemTimeSource),
            },
            calls: std::mem::take(&mut self.calls).build()?,
            parameters: Parameters {
                region: self.region.take(),
                use_fips: self.use_fips.unwrap_or(false),
                use_dual_stack: self.use_dual_stack.unwrap_or(false),
                endpoint: self.endpoint_url.take(),
                context: &[],
            },
        };
        let response_limit = self.response_limit.unwrap_or(RESPONSE_LIMIT);
        let ignored = self.ignore_configured_endpoint_urls == Some(true);
        let credentials = self.provider(&basis)?;
        Ok(Config(Arc::new(Settings {
            parameters: basis.parameters,
            endpoints: self.sources.filter(|_| !ignored),
            credentials,
            transport: basis.transport,
            time: basis.time,
            tokens: match self.tokens {
                Some(tokens) => tokens,
                None => Arc::new(UuidTokenSource),
            },
            plain_http: self.plain_http,
            response_limit,
            value_limit: self
                .value_limit
                .unwrap_or_else(|| VALUE_LIMIT.max(response_limit.saturating_mul(4))),
            validation: self.validation,
            calls: basis.calls,
            #[cfg(feature = "request-compression")]
            compression_minimum: self.compression.minimum(),
        })))
    }

    fn provider(&self, basis: &Basis) -> Result<Arc<dyn ProvideCredentials>, ConfigError> {
        let cached = |provider| {
            let time = basis.time.clone();
            Arc::new(CachedCredentials::over(provider, time))
        };
        Ok(match &self.credentials {
            CredentialsChoice::Fixed(credentials) => {
                let checked = credentials.clone().checked();
                let refused = |error: CredentialsError| ConfigError::new(error.to_string());
                Arc::new(checked.map_err(refused)?)
            }
            CredentialsChoice::Provider(provider) => cached(provider.clone()),
            CredentialsChoice::Default => cached(self.default_chain(basis)),
        })
    }

    fn environment(&self) -> Arc<dyn Environment> {
        match &self.sources {
            Some(sources) => sources.environment.clone(),
            None => Arc::new(ProcessEnvironment),
        }
    }

    #[cfg(feature = "credential-chain")]
    fn default_chain(&self, basis: &Basis) -> Arc<dyn ProvideCredentials> {
        use crate::credentials::chain::{DefaultChain, Surroundings};

        Arc::new(DefaultChain(Surroundings {
            environment: self.environment(),
            direct: direct_transport(self.transport.is_none(), &basis.transport),
            profile: self.profile.clone(),
            parameters: Parameters {
                endpoint: None,
                ..basis.parameters.clone()
            },
            ignore_endpoints: self.ignore_configured_endpoint_urls == Some(true),
            plain_http: self.plain_http,
            transport: basis.transport.clone(),
            time: basis.time.clone(),
            timer: basis.calls.timer.clone(),
            random: basis.calls.random.clone(),
        }))
    }

    #[cfg(not(feature = "credential-chain"))]
    fn default_chain(&self, _basis: &Basis) -> Arc<dyn ProvideCredentials> {
        Arc::new(crate::credentials::VariableCredentials(self.environment()))
    }
}

#[cfg(feature = "credential-chain")]
impl Config {
    /// The configuration of a client that fetches credentials for another one.
    pub(crate) fn for_credentials(
        surroundings: &crate::credentials::chain::Surroundings,
        sources: &Arc<Sources>,
        region: Option<String>,
        credentials: Option<crate::Credentials>,
    ) -> Result<Self, ConfigError> {
        let mut builder = ConfigBuilder {
            region,
            use_fips: Some(surroundings.parameters.use_fips),
            use_dual_stack: Some(surroundings.parameters.use_dual_stack),
            ignore_configured_endpoint_urls: Some(surroundings.ignore_endpoints),
            sources: Some(sources.clone()),
            credentials: match credentials {
                Some(credentials) => CredentialsChoice::Fixed(credentials),
                // A request that is not signed needs no credentials.
                None => CredentialsChoice::Provider(Arc::new(
                    crate::credentials::EnvironmentCredentials,
                )),
            },
            transport: Some(surroundings.transport.clone()),
            time: Some(surroundings.time.clone()),
            plain_http: surroundings.plain_http,
            response_limit: Some(1024 * 1024),
            value_limit: Some(16 * 1024 * 1024),
            ..ConfigBuilder::default()
        };
        builder
            .calls
            .replace_clocks(surroundings.timer.clone(), surroundings.random.clone());
        builder.build()
    }
}

/// The settings on which the others depend.
struct Basis {
    parameters: Parameters,
    transport: Arc<dyn Transport>,
    time: Arc<dyn TimeSource>,
    calls: CallSettings,
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
fn direct_transport(ours: bool, transport: &Arc<dyn Transport>) -> Arc<dyn Transport> {
    #[cfg(feature = "hyper")]
    if ours {
        return Arc::new(crate::transport::DirectTransport::default());
    }
    let _ = ours;
    transport.clone()
}
