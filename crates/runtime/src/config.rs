//! Settings that clients share: where to send, as whom, and over what.

mod calls;
mod parts;

use std::fmt;
use std::sync::Arc;

pub(crate) use self::calls::CallSettings;
use self::calls::CallSettingsBuilder;
use crate::credentials::{Credentials, EnvironmentCredentials, ProvideCredentials};
use crate::endpoint::Parameters;
use crate::error::{ErrorKind, Failure};
use crate::transport::Transport;
use crate::validation::Level;
use crate::{BoxError, Timestamp};

/// Where a client gets the time from.
pub trait TimeSource: fmt::Debug + Send + Sync {
    /// The time now, in UTC.
    fn now(&self) -> Timestamp;
}

/// The clock of the system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemTimeSource;

impl TimeSource for SystemTimeSource {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still.
impl TimeSource for Timestamp {
    fn now(&self) -> Timestamp {
        *self
    }
}

/// Where idempotency tokens come from.
pub trait TokenSource: fmt::Debug + Send + Sync {
    /// A token that was never given before.
    fn token(&self) -> String;
}

/// Random UUIDs (version 4), which is what AWS services expect.
#[derive(Clone, Copy, Debug, Default)]
pub struct UuidTokenSource;

impl TokenSource for UuidTokenSource {
    fn token(&self) -> String {
        uuid::Uuid::new_v4().to_string()
    }
}

/// The settings of a client. Cheap to clone; the clients that are made from one configuration share its connections.
#[derive(Clone, Debug)]
pub struct Config(pub(crate) Arc<Settings>);

#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) parameters: Parameters,
    pub(crate) credentials: Arc<dyn ProvideCredentials>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) time: Arc<dyn TimeSource>,
    pub(crate) tokens: Arc<dyn TokenSource>,
    pub(crate) plain_http: bool,
    pub(crate) response_limit: u64,
    pub(crate) validation: Level,
    pub(crate) calls: CallSettings,
    /// The length from which on bodies are compressed; `None` if they never are.
    #[cfg(feature = "request-compression")]
    pub(crate) compression_minimum: Option<usize>,
}

impl Config {
    /// Starts a configuration. What is not set comes from nowhere: use [`Config::from_env`] for the usual places.
    pub fn builder() -> ConfigBuilder {
        ConfigBuilder::default()
    }

    /// The configuration that the environment describes: `AWS_REGION` or `AWS_DEFAULT_REGION`, `AWS_ENDPOINT_URL`,
    /// `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT`, `AWS_RETRY_MODE`, `AWS_MAX_ATTEMPTS`,
    /// `AWS_DISABLE_CLOCK_SKEW_CORRECTION`, `AWS_SDK_UA_APP_ID`, `AWS_EXECUTION_ENV`, and credentials from `AWS_ACCESS_KEY_ID`,
    /// `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
    ///
    /// It is asynchronous because some of the usual places of AWS settings are on the network.
    ///
    /// # Errors
    /// A variable that cannot be understood, or a transport that cannot be set up.
    #[cfg(feature = "reqwest")]
    pub async fn from_env() -> Result<Self, ConfigError> {
        ConfigBuilder::default()
            .from_variables(|name| std::env::var(name).ok())?
            .build()
    }
}

/// A configuration in the making.
#[derive(Clone, Debug, Default)]
pub struct ConfigBuilder {
    parameters: Parameters,
    credentials: Option<Arc<dyn ProvideCredentials>>,
    transport: Option<Arc<dyn Transport>>,
    time: Option<Arc<dyn TimeSource>>,
    tokens: Option<Arc<dyn TokenSource>>,
    plain_http: bool,
    response_limit: Option<u64>,
    validation: Level,
    calls: CallSettingsBuilder,
    #[cfg(feature = "request-compression")]
    compression: Compression,
}

/// How bodies are compressed (AWS SDKs and Tools Reference Guide, "Request compression").
#[cfg(feature = "request-compression")]
#[derive(Clone, Copy, Debug, Default)]
struct Compression {
    disabled: Option<bool>,
    minimum: Option<usize>,
}

#[cfg(feature = "request-compression")]
impl Compression {
    /// Below this length compression costs more than it saves, unless the configuration says otherwise.
    const MINIMUM: usize = 10_240;
    const GREATEST_MINIMUM: usize = 10_485_760;

    fn read(&mut self, read: impl Fn(&str) -> Option<String>) -> Result<(), ConfigError> {
        const DISABLED: &str = "AWS_DISABLE_REQUEST_COMPRESSION";
        const MINIMUM: &str = "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES";
        if self.disabled.is_none() {
            self.disabled = flag(DISABLED, &read)?;
        }
        if let (None, Some(text)) = (self.minimum, read(MINIMUM)) {
            let minimum = text.parse().ok();
            let minimum = minimum.filter(|minimum| *minimum <= Self::GREATEST_MINIMUM);
            self.minimum = Some(minimum.ok_or_else(|| {
                let greatest = Self::GREATEST_MINIMUM;
                ConfigError::new(format!(
                    "{MINIMUM} must be a whole number from 0 to {greatest}"
                ))
            })?);
        }
        Ok(())
    }

    fn minimum(self) -> Option<usize> {
        (self.disabled != Some(true)).then(|| self.minimum.unwrap_or(Self::MINIMUM))
    }
}

/// The most bytes of a response body that are read into memory, unless the configuration says otherwise: 64 MiB.
const RESPONSE_LIMIT: u64 = 64 * 1024 * 1024;

impl ConfigBuilder {
    /// The region to call, for example `eu-central-1`.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.parameters.region = Some(region.into());
        self
    }

    /// A URL to send every request to, in place of the endpoint of AWS. A path in it goes before every path.
    #[must_use]
    pub fn endpoint_url(mut self, url: impl Into<String>) -> Self {
        self.parameters.endpoint = Some(url.into());
        self
    }

    /// Whether to call the endpoints that are validated for FIPS 140.
    #[must_use]
    pub fn use_fips(mut self, use_fips: bool) -> Self {
        self.parameters.use_fips = use_fips;
        self
    }

    /// Whether to call the endpoints that speak IPv6 and IPv4.
    #[must_use]
    pub fn use_dual_stack(mut self, use_dual_stack: bool) -> Self {
        self.parameters.use_dual_stack = use_dual_stack;
        self
    }

    /// Credentials to sign with; by default those of the environment.
    #[must_use]
    pub fn credentials(self, credentials: Credentials) -> Self {
        self.credentials_provider(credentials)
    }

    /// Something that gives credentials when a call needs them.
    #[must_use]
    pub fn credentials_provider(mut self, provider: impl ProvideCredentials + 'static) -> Self {
        self.credentials = Some(Arc::new(provider));
        self
    }

    /// What sends the requests; by default reqwest, where that feature is on.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// The clock; by default the one of the system.
    #[must_use]
    pub fn time_source(mut self, time: impl TimeSource + 'static) -> Self {
        self.time = Some(Arc::new(time));
        self
    }

    /// Where idempotency tokens come from; by default random UUIDs.
    #[must_use]
    pub fn token_source(mut self, tokens: impl TokenSource + 'static) -> Self {
        self.tokens = Some(Arc::new(tokens));
        self
    }

    /// Whether requests may travel unencrypted to other hosts than this one. They may always to loopback addresses.
    #[must_use]
    pub fn allow_plain_http(mut self, allow: bool) -> Self {
        self.plain_http = allow;
        self
    }

    /// The most bytes of a response body that are read into memory; a longer one is an error. Streaming responses
    /// have no limit. By default 64 MiB.
    #[must_use]
    pub fn response_limit(mut self, bytes: u64) -> Self {
        self.response_limit = Some(bytes);
        self
    }

    /// How much of a request is checked before it is sent; by default whatever is
    /// [documented](crate::validation::Level::Documented). See [`validation`](crate::validation).
    #[must_use]
    pub fn validation(mut self, level: Level) -> Self {
        self.validation = level;
        self
    }

    /// Whether bodies are sent as they are by operations that could compress them. By default they are compressed.
    #[cfg(feature = "request-compression")]
    #[must_use]
    pub fn disable_request_compression(mut self, disable: bool) -> Self {
        self.compression.disabled = Some(disable);
        self
    }

    /// The length from which on operations that can compress bodies do so. By default 10,240 bytes.
    #[cfg(feature = "request-compression")]
    #[must_use]
    pub fn request_min_compression_size_bytes(mut self, bytes: usize) -> Self {
        self.compression.minimum = Some(bytes);
        self
    }

    /// Takes what is not set yet from variables of the environment, as a function gives them.
    ///
    /// # Errors
    /// A variable that cannot be understood.
    pub fn from_variables(
        mut self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let read = |name: &str| variable(name).filter(|value| !value.is_empty());
        if self.parameters.region.is_none() {
            self.parameters.region = read("AWS_REGION").or_else(|| read("AWS_DEFAULT_REGION"));
        }
        if self.parameters.endpoint.is_none() {
            self.parameters.endpoint = read("AWS_ENDPOINT_URL");
        }
        self.parameters.use_fips |= flag("AWS_USE_FIPS_ENDPOINT", &read)?.unwrap_or(false);
        self.parameters.use_dual_stack |=
            flag("AWS_USE_DUALSTACK_ENDPOINT", &read)?.unwrap_or(false);
        self.calls.read_variables(&read)?;
        #[cfg(feature = "request-compression")]
        self.compression.read(read)?;
        Ok(self)
    }

    /// Finishes the configuration.
    ///
    /// # Errors
    /// No transport was given and the one of the feature `reqwest` is not compiled in or cannot be set up.
    pub fn build(self) -> Result<Config, ConfigError> {
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport(&self.calls)?,
        };
        Ok(Config(Arc::new(Settings {
            parameters: self.parameters,
            credentials: self
                .credentials
                .unwrap_or_else(|| Arc::new(EnvironmentCredentials)),
            transport,
            time: self.time.unwrap_or_else(|| Arc::new(SystemTimeSource)),
            tokens: self.tokens.unwrap_or_else(|| Arc::new(UuidTokenSource)),
            plain_http: self.plain_http,
            response_limit: self.response_limit.unwrap_or(RESPONSE_LIMIT),
            validation: self.validation,
            calls: self.calls.build()?,
            #[cfg(feature = "request-compression")]
            compression_minimum: self.compression.minimum(),
        })))
    }
}

/// A variable that is `true` or `false`; `None` where it is not set.
fn flag(name: &str, read: &dyn Fn(&str) -> Option<String>) -> Result<Option<bool>, ConfigError> {
    let value = read(name).map(|value| value.to_ascii_lowercase());
    match value.as_deref() {
        None => Ok(None),
        Some("false") => Ok(Some(false)),
        Some("true") => Ok(Some(true)),
        Some(_) => Err(ConfigError::new(format!(
            "{name} must be `true` or `false`"
        ))),
    }
}

#[cfg(feature = "reqwest")]
fn default_transport(calls: &CallSettingsBuilder) -> Result<Arc<dyn Transport>, ConfigError> {
    match crate::transport::ReqwestTransport::with_connect_timeout(calls.connect_timeout()) {
        Ok(transport) => Ok(Arc::new(transport)),
        Err(error) => Err(ConfigError::new("the HTTP transport cannot be set up").because(error)),
    }
}

#[cfg(not(feature = "reqwest"))]
fn default_transport(_calls: &CallSettingsBuilder) -> Result<Arc<dyn Transport>, ConfigError> {
    Err(ConfigError::new(
        "no transport: give one with `ConfigBuilder::transport`, or switch the feature `reqwest` on",
    ))
}

/// Settings that cannot be used.
#[derive(Debug)]
pub struct ConfigError {
    message: String,
    source: Option<BoxError>,
}

impl ConfigError {
    /// Says which setting, and what is wrong with it.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }

    /// Adds what went wrong underneath.
    #[must_use]
    pub fn because(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn std::error::Error + 'static))
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::new(ErrorKind::Configuration, error)
    }
}
