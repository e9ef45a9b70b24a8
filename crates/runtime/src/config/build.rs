//! Builds a configuration from the settings, after its transport and its credentials were chosen.

use std::sync::Arc;

use super::calls::CallSettings;
use super::{Config, ConfigBuilder, ConfigError, Settings, Sources};
use crate::credentials::ProvideCredentials;
use crate::endpoint::{EndpointUrl, validate_region};
use crate::environment::{Environment, ProcessEnvironment};
use crate::plumbing::endpoint::Parameters;
use crate::plumbing::json::VALUE_LIMIT;
use crate::time_source::{SystemTimeSource, TimeSource};
use crate::token_source::UuidTokenSource;
use crate::transport::Transport;

/// The most bytes of a response body that are read into memory, unless the configuration says otherwise: 64 MiB.
const RESPONSE_LIMIT: u64 = 64 * 1024 * 1024;

/// The settings on which the others depend, and with which credentials are fetched.
pub(crate) struct Basis {
    pub(crate) parameters: Parameters,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) time: Arc<dyn TimeSource>,
    pub(crate) calls: CallSettings,
}

impl ConfigBuilder {
    /// Takes the settings on which the others depend.
    ///
    /// # Errors
    /// No timer was given and there is none by default; an application id that is too long; a region or an endpoint
    /// that cannot work.
    pub(crate) fn basis(&mut self, transport: Arc<dyn Transport>) -> Result<Basis, ConfigError> {
        self.validate_destination()?;
        Ok(Basis {
            transport,
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
                ..Parameters::default()
            },
        })
    }

    /// Checks what is the same for all services: the region, and the endpoint that was set in code or, if none was, that
    /// of all services.
    fn validate_destination(&self) -> Result<(), ConfigError> {
        if let Some(region) = &self.region {
            validate_region(region).map_err(ConfigError::new)?;
        }
        if let Some(url) = &self.endpoint_url {
            EndpointUrl::parse(url, self.plain_http).map_err(ConfigError::new)?;
            return Ok(());
        }
        let ignored = self.ignore_configured_endpoint_urls == Some(true);
        let sources = match ignored {
            true => None,
            false => self.sources.as_deref(),
        };
        if let Some(found) = sources.and_then(Sources::endpoint_url_of_all) {
            // A service may have another endpoint, so that an unencrypted one is refused by the call that needs it.
            let problem = |problem| ConfigError::new(format!("{}: {problem}", found.name));
            EndpointUrl::parse(&found.text, true).map_err(problem)?;
        }
        Ok(())
    }

    /// The configuration.
    ///
    /// # Errors
    /// A set of regions that holds anything else.
    pub(crate) fn complete(
        self,
        basis: Basis,
        credentials: Arc<dyn ProvideCredentials>,
    ) -> Result<Config, ConfigError> {
        let response_limit = self.response_limit.unwrap_or(RESPONSE_LIMIT);
        let ignored = self.ignore_configured_endpoint_urls == Some(true);
        let authentication = self.authentication.build(self.sources.as_deref())?;
        Ok(Config(Arc::new(Settings {
            parameters: basis.parameters,
            endpoints: match ignored {
                true => None,
                false => self.sources.clone(),
            },
            sources: self.sources,
            account_id_endpoint_mode: self.account_id_endpoint_mode.unwrap_or_default(),
            endpoint_discovery: self.endpoint_discovery.unwrap_or_default(),
            credentials,
            authentication,
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
            #[cfg(feature = "http-checksum")]
            checksums: self.checksums.build(),
            #[cfg(feature = "request-compression")]
            compression_minimum: self.compression.minimum(),
        })))
    }

    /// Where variables and files are read.
    pub(crate) fn environment(&self) -> Arc<dyn Environment> {
        match &self.sources {
            Some(sources) => sources.environment.clone(),
            None => Arc::new(ProcessEnvironment),
        }
    }
}
