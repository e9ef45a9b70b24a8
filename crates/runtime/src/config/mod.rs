//! Settings that clients share: where to send, as whom, and over what.

mod build;
mod calls;
#[cfg(feature = "request-compression")]
mod compression;
mod error;
mod parts;
mod sources;

use std::fmt;
use std::sync::Arc;

pub(crate) use self::build::Basis;
pub(crate) use self::calls::CallSettings;
use self::calls::CallSettingsBuilder;
#[cfg(feature = "request-compression")]
use self::compression::Compression;
pub use self::error::ConfigError;
pub(crate) use self::sources::Sources;
use crate::credentials::{Credentials, ProvideCredentials};
#[cfg(feature = "hyper")]
use crate::environment;
use crate::environment::{Environment, ProcessEnvironment};
use crate::plumbing::endpoint::Parameters;
use crate::time_source::TimeSource;
use crate::token_source::TokenSource;
use crate::transport::Transport;
use crate::validation::Level;

/// The settings of a client. Cheap to clone; the clients that are made from one configuration share its connections.
#[derive(Clone, Debug)]
pub struct Config(pub(crate) Arc<Settings>);

#[derive(Debug)]
pub(crate) struct Settings {
    /// What the endpoint rules are asked. The endpoint is the one of code.
    pub(crate) parameters: Parameters,
    /// Where a service's endpoint may be configured, unless that is to be ignored.
    pub(crate) endpoints: Option<Arc<Sources>>,
    pub(crate) credentials: Arc<dyn ProvideCredentials>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) time: Arc<dyn TimeSource>,
    pub(crate) tokens: Arc<dyn TokenSource>,
    pub(crate) plain_http: bool,
    pub(crate) response_limit: u64,
    pub(crate) value_limit: u64,
    pub(crate) validation: Level,
    pub(crate) calls: CallSettings,
    /// The length from which on bodies are compressed; `None` if they never are.
    #[cfg(feature = "request-compression")]
    pub(crate) compression_minimum: Option<usize>,
}

impl Config {
    /// Starts a configuration. Settings that are not set come from nowhere, unless [`ConfigBuilder::from_env`] takes
    /// them from the usual places; credentials do, from the [default chain](crate::credentials).
    pub fn builder() -> ConfigBuilder {
        ConfigBuilder::default()
    }

    /// The configuration that the environment describes, by its variables and by the profile files
    /// `~/.aws/config` and `~/.aws/credentials`. A variable goes before the setting of the profile:
    ///
    /// | variable | setting | what |
    /// |---|---|---|
    /// | `AWS_PROFILE`, `AWS_DEFAULT_PROFILE` | | the profile; `default` where none is named |
    /// | `AWS_CONFIG_FILE`, `AWS_SHARED_CREDENTIALS_FILE` | | where the profile files are; `$NAME`, `${NAME}` and a `~` at the beginning are expanded |
    /// | `AWS_REGION`, `AWS_DEFAULT_REGION` | `region` | the region |
    /// | `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL` | `endpoint_url`, also in a `services` section | the endpoint |
    /// | `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` | `ignore_configured_endpoint_urls` | no endpoint but one of code |
    /// | `AWS_USE_FIPS_ENDPOINT` | `use_fips_endpoint` | endpoints validated for FIPS 140 |
    /// | `AWS_USE_DUALSTACK_ENDPOINT` | `use_dualstack_endpoint` | endpoints with IPv6 |
    /// | `AWS_CA_BUNDLE` | `ca_bundle` | a file of certificates that judge those of servers |
    /// | `AWS_RETRY_MODE` | `retry_mode` | `standard` or `adaptive` |
    /// | `AWS_MAX_ATTEMPTS` | `max_attempts` | how often a request is sent at most |
    /// | `AWS_DISABLE_CLOCK_SKEW_CORRECTION` | `disable_clock_skew_correction` | sign by this machine's clock alone |
    /// | `AWS_SDK_UA_APP_ID` | `sdk_ua_app_id` | the application's name in `User-Agent` |
    /// | `AWS_DISABLE_REQUEST_COMPRESSION` | `disable_request_compression` | where the service takes compressed requests |
    /// | `AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES` | `request_min_compression_size_bytes` | the same |
    ///
    /// The files are read as botocore reads them:
    ///
    /// * A section of the configuration file is called `default` or `profile NAME`, where `NAME` is a word of a shell:
    ///   `[profile 'Foo Bar']`. In the credentials file it is called `NAME`. Of two sections for one profile the last counts.
    /// * A setting of the credentials file goes before the same one of the configuration file. The settings of `[DEFAULT]`
    ///   hold in all sections of its file that do not have them, `services` and `sso-session` included.
    /// * A file that does not exist, or that may not be read, counts as empty: variables may say everything. An error about
    ///   something that was not found (a profile, credentials, a region) names such files, unless it is the usual one that
    ///   does not exist.
    /// * Only regular files of up to 16 MiB are read, and the null device, which is empty. A pipe, another device or a larger
    ///   file is an error. The same holds for every file that a setting names.
    ///
    /// Credentials come from the default chain: see [`credentials`](crate::credentials). The region is never taken from
    /// instance metadata.
    ///
    /// # Errors
    /// A profile that was named and is not there, a setting or a file that cannot be understood, or a transport that cannot
    /// be set up.
    #[cfg(feature = "hyper")]
    #[expect(
        clippy::unused_async,
        reason = "reading the files may become asynchronous"
    )]
    pub async fn from_env() -> Result<Self, ConfigError> {
        ConfigBuilder::default().from_env()?.build()
    }
}

/// A configuration in the making.
#[derive(Clone, Default)]
pub struct ConfigBuilder {
    pub(crate) region: Option<String>,
    pub(crate) endpoint_url: Option<String>,
    pub(crate) use_fips: Option<bool>,
    pub(crate) use_dual_stack: Option<bool>,
    pub(crate) ignore_configured_endpoint_urls: Option<bool>,
    pub(crate) profile: Option<String>,
    pub(crate) sources: Option<Arc<Sources>>,
    pub(crate) credentials: CredentialsChoice,
    pub(crate) transport: Option<Arc<dyn Transport>>,
    pub(crate) time: Option<Arc<dyn TimeSource>>,
    pub(crate) tokens: Option<Arc<dyn TokenSource>>,
    pub(crate) plain_http: bool,
    #[cfg(feature = "hyper")]
    pub(crate) ca_bundle: Option<std::path::PathBuf>,
    pub(crate) response_limit: Option<u64>,
    pub(crate) value_limit: Option<u64>,
    pub(crate) validation: Level,
    pub(crate) calls: CallSettingsBuilder,
    #[cfg(feature = "request-compression")]
    pub(crate) compression: Compression,
}

impl fmt::Debug for ConfigBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.endpoint_url.as_deref();
        formatter
            .debug_struct("ConfigBuilder")
            .field("region", &self.region)
            .field(
                "endpoint_url",
                &url.map(crate::plumbing::endpoint::without_secrets),
            )
            .field("profile", &self.profile)
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}

/// Where credentials come from.
#[derive(Clone, Debug, Default)]
pub(crate) enum CredentialsChoice {
    /// The usual places.
    #[default]
    Default,
    Fixed(Credentials),
    Provider(Arc<dyn ProvideCredentials>),
}

impl ConfigBuilder {
    /// The region to call, for example `eu-central-1`.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// A URL to send every request to, in place of the endpoint of AWS. A path in it goes before every path.
    #[must_use]
    pub fn endpoint_url(mut self, url: impl Into<String>) -> Self {
        self.endpoint_url = Some(url.into());
        self
    }

    /// Whether to call the endpoints that are validated for FIPS 140.
    #[must_use]
    pub fn use_fips(mut self, use_fips: bool) -> Self {
        self.use_fips = Some(use_fips);
        self
    }

    /// Whether to call the endpoints that speak IPv6 and IPv4.
    #[must_use]
    pub fn use_dual_stack(mut self, use_dual_stack: bool) -> Self {
        self.use_dual_stack = Some(use_dual_stack);
        self
    }

    /// Whether endpoints that variables and profiles configure count for nothing; one that is set in code does.
    #[must_use]
    pub fn ignore_configured_endpoint_urls(mut self, ignore: bool) -> Self {
        self.ignore_configured_endpoint_urls = Some(ignore);
        self
    }

    /// The profile to take settings and credentials from, in place of the one that `AWS_PROFILE` names. It must be set
    /// before [`from_env`](Self::from_env) reads the settings. Credentials that stand in variables count for nothing
    /// then, as with botocore.
    #[must_use]
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self
    }

    /// Credentials to sign with; by default those of the [default chain](crate::credentials). [`build`](Self::build)
    /// refuses those that no request can be signed with ([`Credentials::checked`]).
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = CredentialsChoice::Fixed(credentials);
        self
    }

    /// Something that gives credentials when a call needs them. The configuration keeps what it gives until shortly
    /// before it expires, as [`CachedCredentials`](crate::CachedCredentials) says, and all of its clients share that.
    #[must_use]
    pub fn credentials_provider(mut self, provider: impl ProvideCredentials + 'static) -> Self {
        self.credentials = CredentialsChoice::Provider(Arc::new(provider));
        self
    }

    /// What sends the requests; by default hyper, where that feature is on.
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

    /// A file of certificates in the format PEM that judge those of servers, in place of the platform's, as
    /// `AWS_CA_BUNDLE` names one. It is read when the first encrypted connection is made; one that cannot be used is an
    /// error then ([`ErrorKind::Configuration`](crate::ErrorKind::Configuration)). It counts for the transport that comes
    /// with the runtime, not for one of your own.
    #[cfg(feature = "hyper")]
    #[must_use]
    pub fn ca_bundle(mut self, path: impl Into<std::path::PathBuf>) -> Self {
        self.ca_bundle = Some(path.into());
        self
    }

    /// Whether requests may travel unencrypted to other hosts than this one. They may always to loopback addresses.
    ///
    /// Whoever is on the way can read and change such requests and their answers, and sees the session token and the
    /// signature, which is good for minutes. A proxy that `HTTP_PROXY` names is on the way.
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

    /// How much memory in bytes the values may take that are made of one response: elements of lists, entries of maps,
    /// texts and bytes. More is an error ([`ErrorKind::Decode`](crate::ErrorKind::Decode)), because a small text may
    /// stand for large values: `{},` is a whole structure. By default 256 MiB, or four times the
    /// [response limit](Self::response_limit) where that is more.
    #[must_use]
    pub fn value_limit(mut self, bytes: u64) -> Self {
        self.value_limit = Some(bytes);
        self
    }

    /// How much of a request is checked before it is sent; by default whatever is
    /// [documented](crate::validation::Level::Documented). See [`validation`](crate::validation).
    #[must_use]
    pub fn validation(mut self, level: Level) -> Self {
        self.validation = level;
        self
    }

    /// Takes what is not set yet from the variables of this process and from the profile files: see
    /// [`Config::from_env`].
    ///
    /// # Errors
    /// A setting or a file that cannot be understood.
    pub fn from_env(self) -> Result<Self, ConfigError> {
        self.from_environment(ProcessEnvironment)
    }

    /// The same for another environment, such as a [`FixedEnvironment`](crate::FixedEnvironment).
    ///
    /// # Errors
    /// A setting or a file that cannot be understood.
    pub fn from_environment(
        mut self,
        environment: impl Environment + 'static,
    ) -> Result<Self, ConfigError> {
        let sources = Sources::load(Arc::new(environment), self.profile.as_deref())?;
        if self.region.is_none() {
            let region = sources.variable("AWS_REGION");
            self.region = region.or_else(|| sources.text("AWS_DEFAULT_REGION", "region"));
        }
        let flag = |of_code: Option<bool>, variable, setting| match of_code {
            Some(flag) => Ok(Some(flag)),
            None => sources.flag(variable, setting),
        };
        self.use_fips = flag(self.use_fips, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")?;
        self.use_dual_stack = flag(
            self.use_dual_stack,
            "AWS_USE_DUALSTACK_ENDPOINT",
            "use_dualstack_endpoint",
        )?;
        self.ignore_configured_endpoint_urls = flag(
            self.ignore_configured_endpoint_urls,
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
            "ignore_configured_endpoint_urls",
        )?;
        #[cfg(feature = "hyper")]
        if self.ca_bundle.is_none() {
            let path = sources.text("AWS_CA_BUNDLE", "ca_bundle");
            let expanded = |path: String| environment::expand(&*sources.environment, &path);
            self.ca_bundle = path.map(expanded);
        }
        self.calls.read(&sources)?;
        #[cfg(feature = "request-compression")]
        self.compression.read(&sources)?;
        self.sources = Some(Arc::new(sources));
        Ok(self)
    }
}
