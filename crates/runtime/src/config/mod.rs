//! Settings that clients share: endpoint, credentials and transport.

mod account_id;
mod authentication;
mod build;
mod calls;
#[cfg(feature = "http-checksum")]
mod checksums;
#[cfg(feature = "request-compression")]
mod compression;
mod discovery;
mod error;
mod parts;
mod sources;
#[cfg(feature = "tracing")]
mod wire;

use std::fmt;
use std::sync::Arc;

pub use self::account_id::AccountIdEndpointMode;
pub(crate) use self::authentication::Authentication;
use self::authentication::AuthenticationBuilder;
pub(crate) use self::build::Basis;
pub(crate) use self::calls::CallSettings;
use self::calls::CallSettingsBuilder;
#[cfg(feature = "http-checksum")]
pub(crate) use self::checksums::ChecksumSettings;
#[cfg(feature = "http-checksum")]
use self::checksums::ChecksumSettingsBuilder;
#[cfg(feature = "http-checksum")]
pub use self::checksums::ChecksumUse;
#[cfg(feature = "request-compression")]
use self::compression::Compression;
pub use self::discovery::EndpointDiscovery;
pub use self::error::ConfigError;
pub(crate) use self::sources::Sources;
use crate::credentials::{Credentials, ProvideCredentials, origin};
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

#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The parameters of the endpoint rules. The endpoint is the one that was set in code.
    pub(crate) parameters: Parameters,
    /// The sources of a configured endpoint, unless these are ignored.
    pub(crate) endpoints: Option<Arc<Sources>>,
    /// The sources of settings that only some services have.
    pub(crate) sources: Option<Arc<Sources>>,
    pub(crate) account_id_endpoint_mode: AccountIdEndpointMode,
    pub(crate) endpoint_discovery: EndpointDiscovery,
    pub(crate) credentials: Arc<dyn ProvideCredentials>,
    pub(crate) authentication: Authentication,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) time: Arc<dyn TimeSource>,
    pub(crate) tokens: Arc<dyn TokenSource>,
    pub(crate) plain_http: bool,
    pub(crate) response_limit: u64,
    pub(crate) value_limit: u64,
    pub(crate) validation: Level,
    pub(crate) calls: CallSettings,
    #[cfg(feature = "http-checksum")]
    pub(crate) checksums: ChecksumSettings,
    /// The length from which on bodies are compressed; `None` if they never are.
    #[cfg(feature = "request-compression")]
    pub(crate) compression_minimum: Option<usize>,
}

impl Config {
    /// Starts a configuration. Settings that are not set have their defaults, unless [`ConfigBuilder::from_env`] reads
    /// them from the environment. Credentials come from the [default chain](crate::credentials) in any case.
    pub fn builder() -> ConfigBuilder {
        ConfigBuilder::default()
    }

    /// The configuration that the environment describes, by its variables and by the profile files `~/.aws/config` and
    /// `~/.aws/credentials`. A variable takes precedence over the setting of the profile:
    ///
    /// | variable | setting | meaning |
    /// |---|---|---|
    /// | `AWS_PROFILE`, `AWS_DEFAULT_PROFILE` | | the profile; `default` where none is named |
    /// | `AWS_CONFIG_FILE`, `AWS_SHARED_CREDENTIALS_FILE` | | where the profile files are; `$NAME`, `${NAME}` and a `~` at the beginning are expanded |
    /// | `AWS_REGION`, `AWS_DEFAULT_REGION` | `region` | the region |
    /// | `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL` | `endpoint_url`, also in a `services` section | the endpoint |
    /// | `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` | `ignore_configured_endpoint_urls` | no endpoint but one of code |
    /// | `AWS_USE_FIPS_ENDPOINT` | `use_fips_endpoint` | endpoints validated for FIPS 140 |
    /// | `AWS_USE_DUALSTACK_ENDPOINT` | `use_dualstack_endpoint`, for S3 also below `s3` | endpoints with IPv6 |
    /// | `AWS_ACCOUNT_ID_ENDPOINT_MODE` | `account_id_endpoint_mode` | whether the account is part of endpoints |
    /// | `AWS_ENDPOINT_DISCOVERY_ENABLED`, `AWS_ENABLE_ENDPOINT_DISCOVERY` | `endpoint_discovery_enabled` | whether endpoints are used that the service names: `auto`, `true` or `false` |
    /// | `AWS_STS_REGIONAL_ENDPOINTS` | `sts_regional_endpoints` | for STS: `regional`, or `legacy` for the global endpoint |
    /// | `AWS_S3_USE_ARN_REGION` | `s3_use_arn_region`, or below `s3` | for S3: whether the region of an ARN is used |
    /// | `AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS` | `s3_disable_multiregion_access_points`, or below `s3` | the same: refuse them |
    /// | `AWS_S3_US_EAST_1_REGIONAL_ENDPOINT` | `s3_us_east_1_regional_endpoint`, or below `s3` | the same: `regional`, or `legacy` for the global endpoint |
    /// | `AWS_S3_DISABLE_EXPRESS_SESSION_AUTH` | `s3_disable_express_session_auth` | the same: no sessions |
    /// | | `addressing_style` and `use_accelerate_endpoint` below `s3` | the same: `path`, `virtual` or `auto`; the accelerated endpoint |
    /// | `AWS_AUTH_SCHEME_PREFERENCE` | `auth_scheme_preference` | ways to authenticate requests that are preferred, where a service has several |
    /// | `AWS_SIGV4A_SIGNING_REGION_SET` | `sigv4a_signing_region_set` | where the service takes SigV4A: the regions a signature is valid in |
    /// | `AWS_BEARER_TOKEN_<SERVICE>` | | where the service takes tokens: its token |
    /// | `AWS_CA_BUNDLE` | `ca_bundle` | a file of certificates that servers' certificates are verified with |
    /// | `AWS_RETRY_MODE` | `retry_mode` | `standard` or `adaptive` |
    /// | `AWS_MAX_ATTEMPTS` | `max_attempts` | how often a request is sent at most |
    /// | `AWS_DISABLE_CLOCK_SKEW_CORRECTION` | `disable_clock_skew_correction` | sign by this machine's clock alone |
    /// | `AWS_SDK_UA_APP_ID` | `sdk_ua_app_id` | the application's name in `User-Agent` |
    /// | `AWS_DISABLE_REQUEST_COMPRESSION` | `disable_request_compression` | where the service takes compressed requests |
    /// | `AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES` | `request_min_compression_size_bytes` | the same |
    /// | `AWS_REQUEST_CHECKSUM_CALCULATION` | `request_checksum_calculation` | where the service has checksums: `when_supported` or `when_required` |
    /// | `AWS_RESPONSE_CHECKSUM_VALIDATION` | `response_checksum_validation` | the same, for responses |
    ///
    /// The files are read as botocore reads them:
    ///
    /// * A section of the configuration file is called `default` or `profile NAME`, where `NAME` is a word of a shell:
    ///   `[profile 'Foo Bar']`. In the credentials file it is called `NAME`. If there are two sections for one profile,
    ///   the last one is used.
    /// * A setting of the credentials file takes precedence over the same one of the configuration file. The settings
    ///   of `[DEFAULT]` apply to all sections of its file that do not have them, including `services` and
    ///   `sso-session`.
    /// * A file that does not exist, or that must not be read, counts as empty, because variables may contain all
    ///   settings. An error about something that was not found (a profile, credentials, a region) names such files,
    ///   except for a default file that does not exist.
    /// * Only regular files of up to 16 MiB are read, and the null device, which is empty. A pipe, another device or a larger
    ///   file is an error. The same holds for every file that a setting names.
    ///
    /// Credentials come from the default chain: see [`credentials`](crate::credentials). The region is never taken from
    /// instance metadata.
    ///
    /// # Errors
    /// A named profile that does not exist, an invalid setting or file, or a transport that cannot be set up.
    #[cfg(feature = "hyper")]
    #[expect(
        clippy::unused_async,
        reason = "reading the files may become asynchronous"
    )]
    pub async fn from_env() -> Result<Self, ConfigError> {
        ConfigBuilder::default().from_env()?.build()
    }
}

/// The builder of a configuration.
#[derive(Clone, Default)]
pub struct ConfigBuilder {
    pub(crate) region: Option<String>,
    pub(crate) endpoint_url: Option<String>,
    pub(crate) use_fips: Option<bool>,
    pub(crate) use_dual_stack: Option<bool>,
    pub(crate) ignore_configured_endpoint_urls: Option<bool>,
    pub(crate) account_id_endpoint_mode: Option<AccountIdEndpointMode>,
    pub(crate) endpoint_discovery: Option<EndpointDiscovery>,
    pub(crate) profile: Option<String>,
    pub(crate) sources: Option<Arc<Sources>>,
    pub(crate) credentials: CredentialsChoice,
    pub(crate) authentication: AuthenticationBuilder,
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
    #[cfg(feature = "http-checksum")]
    pub(crate) checksums: ChecksumSettingsBuilder,
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

/// The source of credentials.
#[derive(Clone, Debug, Default)]
pub(crate) enum CredentialsChoice {
    /// The default chain.
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

    /// A URL to which every request is sent, instead of the endpoint of AWS. A path in it is the prefix of every path.
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

    /// Whether to call the endpoints with IPv6 and IPv4.
    #[must_use]
    pub fn use_dual_stack(mut self, use_dual_stack: bool) -> Self {
        self.use_dual_stack = Some(use_dual_stack);
        self
    }

    /// Whether endpoints of variables and profiles are ignored. An endpoint that is set in code is always used.
    #[must_use]
    pub fn ignore_configured_endpoint_urls(mut self, ignore: bool) -> Self {
        self.ignore_configured_endpoint_urls = Some(ignore);
        self
    }

    /// Whether the account of the credentials is part of the host, for the services that have such endpoints. Without
    /// an account ([`Credentials::account_id`]) it is not.
    #[must_use]
    pub fn account_id_endpoint_mode(mut self, mode: AccountIdEndpointMode) -> Self {
        self.account_id_endpoint_mode = Some(mode);
        self
    }

    /// The profile for settings and credentials, instead of the one that `AWS_PROFILE` names. Set it before
    /// [`from_env`](Self::from_env) reads the settings. Credentials in variables are then ignored, as in botocore.
    #[must_use]
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self
    }

    /// Credentials to sign with; by default those of the [default chain](crate::credentials). [`build`](Self::build)
    /// refuses those that no request can be signed with ([`Credentials::validated`]).
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = CredentialsChoice::Fixed(credentials.with_sources(&[origin::CODE]));
        self
    }

    /// A provider of credentials, which is called when a call needs them. The configuration keeps what it gives until
    /// shortly before it expires, as [`CachedCredentials`](crate::CachedCredentials) says, and all of its clients share
    /// that.
    #[must_use]
    pub fn credentials_provider(mut self, provider: impl ProvideCredentials + 'static) -> Self {
        self.credentials = CredentialsChoice::Provider(Arc::new(provider));
        self
    }

    /// The transport, which sends the requests; by default hyper, if that feature is on.
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

    /// The source of idempotency tokens; by default random UUIDs.
    #[must_use]
    pub fn token_source(mut self, tokens: impl TokenSource + 'static) -> Self {
        self.tokens = Some(Arc::new(tokens));
        self
    }

    /// A file of certificates in the format PEM, which are used to verify servers instead of the platform's, like that
    /// of `AWS_CA_BUNDLE`. It is read when the first encrypted connection is made; a file that cannot be used is an
    /// error of that call ([`ErrorKind::Configuration`](crate::ErrorKind::Configuration)). It applies to the runtime's
    /// own transport only.
    #[cfg(feature = "hyper")]
    #[must_use]
    pub fn ca_bundle(mut self, path: impl Into<std::path::PathBuf>) -> Self {
        self.ca_bundle = Some(path.into());
        self
    }

    /// Whether requests may be sent unencrypted to other hosts than this one. Unencrypted requests to loopback
    /// addresses are always allowed.
    ///
    /// Every machine on the network path can read and change such requests and their responses, and sees the session
    /// token and the signature, which is valid for minutes. That includes a proxy that `HTTP_PROXY` names.
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

    /// How much memory in bytes the decoded values of one response may use: elements of lists, entries of maps, texts
    /// and bytes. More is an error ([`ErrorKind::Decode`](crate::ErrorKind::Decode)), because a small text can become
    /// large values: `{},` is a whole structure. By default 256 MiB, or four times the [response
    /// limit](Self::response_limit) if that is more.
    #[must_use]
    pub fn value_limit(mut self, bytes: u64) -> Self {
        self.value_limit = Some(bytes);
        self
    }

    /// Which constraints are checked before a request is sent; by default those that are
    /// [documented](crate::validation::Level::Documented). See [`validation`](crate::validation).
    #[must_use]
    pub fn validation(mut self, level: Level) -> Self {
        self.validation = level;
        self
    }

    /// Reads the settings that are not set yet from the variables of this process and from the profile files: see
    /// [`Config::from_env`].
    ///
    /// # Errors
    /// An invalid setting or file.
    pub fn from_env(self) -> Result<Self, ConfigError> {
        self.from_environment(ProcessEnvironment)
    }

    /// The same for another environment, such as a [`FixedEnvironment`](crate::FixedEnvironment).
    ///
    /// # Errors
    /// An invalid setting or file.
    pub fn from_environment(
        mut self,
        environment: impl Environment + 'static,
    ) -> Result<Self, ConfigError> {
        let sources = Sources::load(Arc::new(environment), self.profile.as_deref())?;
        if self.region.is_none() {
            self.region = sources.region()?;
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
        if self.account_id_endpoint_mode.is_none() {
            self.account_id_endpoint_mode = AccountIdEndpointMode::read(&sources)?;
        }
        if self.endpoint_discovery.is_none() {
            self.endpoint_discovery = EndpointDiscovery::read(&sources)?;
        }
        #[cfg(feature = "hyper")]
        if self.ca_bundle.is_none() {
            let path = sources.text("AWS_CA_BUNDLE", "ca_bundle");
            let expanded = |path: String| environment::expand(&*sources.environment, &path);
            self.ca_bundle = path.map(expanded);
        }
        self.calls.read(&sources)?;
        self.authentication.read(&sources)?;
        #[cfg(feature = "request-compression")]
        self.compression.read(&sources)?;
        #[cfg(feature = "http-checksum")]
        self.checksums.read(&sources)?;
        self.sources = Some(Arc::new(sources));
        Ok(self)
    }
}
