//! Settings of calls: retries, time limits, hooks, and the name of the application.

use std::sync::Arc;
use std::time::Duration;

use super::{ConfigBuilder, ConfigError, Sources};
use crate::call_options::CallOptions;
use crate::interceptor::Interceptor;
use crate::random::{RandomSource, SystemRandomSource};
use crate::retry::{RetryMode, RetryPolicy};
use crate::texts::number;
use crate::timer::Timer;

/// How long one attempt may take, by default, for a short request.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a call may take, by default, for a short request.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(5 * 60);
/// How long a response may make no progress, by default.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// The slowest upload that the default limits allow for, in bytes a second.
const SLOWEST_UPLOAD: u64 = 64 * 1024;
/// How long an application id may be, in characters (AWS SDKs and Tools Reference Guide, "Application ID").
const APP_ID_LENGTH: usize = 50;

/// The settings, complete.
#[derive(Clone, Debug)]
pub(crate) struct CallSettings {
    retry_mode: RetryMode,
    retry_policy: Option<Arc<dyn RetryPolicy>>,
    pub(crate) max_attempts: Option<u32>,
    pub(crate) retry_ambiguous: bool,
    pub(crate) clock_skew_correction: bool,
    attempt_timeout: Option<Duration>,
    operation_timeout: Option<Duration>,
    pub(crate) read_timeout: Duration,
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) random: Arc<dyn RandomSource>,
    pub(crate) interceptors: Vec<Arc<dyn Interceptor>>,
    /// The longest body that the view of the wire shows, in bytes, if there is a view.
    #[cfg(feature = "tracing")]
    pub(crate) wire_limit: Option<usize>,
    pub(crate) app_id: Option<String>,
    pub(crate) execution_environment: Option<String>,
}

impl CallSettings {
    /// The policy of a new client. Each client has its own quota, unless the policy comes from the user.
    #[inline(never)]
    pub(crate) fn policy(&self, sdk_id: &str) -> Arc<dyn RetryPolicy> {
        match &self.retry_policy {
            Some(policy) => policy.clone(),
            None => self.retry_mode.policy(sdk_id, self.random.clone()),
        }
    }

    /// The retry mode, unless the user sets a policy.
    pub(crate) fn retry_mode(&self) -> Option<RetryMode> {
        self.retry_policy.is_none().then_some(self.retry_mode)
    }

    /// The limits of one call. The defaults leave long requests the time to be uploaded, and streams any time.
    pub(crate) fn limits(&self, options: &CallOptions, upload: Option<u64>) -> Limits {
        let upload = match upload {
            Some(bytes) => Duration::from_secs(bytes / SLOWEST_UPLOAD),
            None => Duration::MAX,
        };
        let limit = |of_call: Option<Duration>, of_client: Option<Duration>, default: Duration| {
            of_call
                .or(of_client)
                .unwrap_or(default.saturating_add(upload))
        };
        Limits {
            attempt: limit(
                options.attempt_timeout,
                self.attempt_timeout,
                ATTEMPT_TIMEOUT,
            ),
            operation: limit(
                options.operation_timeout,
                self.operation_timeout,
                OPERATION_TIMEOUT,
            ),
        }
    }
}

/// How long one call may take.
pub(crate) struct Limits {
    pub(crate) attempt: Duration,
    pub(crate) operation: Duration,
}

/// The settings of a builder.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallSettingsBuilder {
    retry_mode: Option<RetryMode>,
    retry_policy: Option<Arc<dyn RetryPolicy>>,
    max_attempts: Option<u32>,
    retry_ambiguous: bool,
    clock_skew_correction: Option<bool>,
    #[cfg(feature = "hyper")]
    connect_timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    operation_timeout: Option<Duration>,
    read_timeout: Option<Duration>,
    timer: Option<Arc<dyn Timer>>,
    random: Option<Arc<dyn RandomSource>>,
    interceptors: Vec<Arc<dyn Interceptor>>,
    #[cfg(feature = "tracing")]
    pub(super) wire_limit: Option<usize>,
    app_id: Option<String>,
    execution_environment: Option<String>,
}

impl CallSettingsBuilder {
    #[cfg(feature = "hyper")]
    pub(crate) fn connect_timeout(&self) -> Duration {
        self.connect_timeout
            .unwrap_or(crate::transport::CONNECT_TIMEOUT)
    }

    /// Reads how often requests are sent.
    pub(crate) fn read_retries(&mut self, sources: &Sources) -> Result<(), ConfigError> {
        let mode = sources.find("AWS_RETRY_MODE", "retry_mode");
        if let (None, Some(found)) = (self.retry_mode, mode) {
            let mode = found.text.parse();
            let mode =
                mode.map_err(|problem| found.error(&format!("cannot be used: {problem}")))?;
            self.retry_mode = Some(mode);
        }
        let attempts = sources.find("AWS_MAX_ATTEMPTS", "max_attempts");
        if let (None, Some(found)) = (self.max_attempts, attempts) {
            let attempts = u32::try_from(number(&found.text).unwrap_or_default());
            match attempts {
                Ok(attempts @ 1..) => self.max_attempts = Some(attempts),
                _ => return Err(found.error("must be a whole number of at least 1")),
            }
        }
        Ok(())
    }

    pub(super) fn read(&mut self, sources: &Sources) -> Result<(), ConfigError> {
        self.read_retries(sources)?;
        if self.clock_skew_correction.is_none() {
            let disable = sources.flag(
                "AWS_DISABLE_CLOCK_SKEW_CORRECTION",
                "disable_clock_skew_correction",
            )?;
            self.clock_skew_correction = disable.map(|disable| !disable);
        }
        if self.app_id.is_none() {
            self.app_id = sources.text("AWS_SDK_UA_APP_ID", "sdk_ua_app_id");
        }
        self.execution_environment = sources.variable("AWS_EXECUTION_ENV");
        Ok(())
    }

    #[cfg(feature = "credential-chain")]
    pub(crate) fn replace_clocks(&mut self, timer: Arc<dyn Timer>, random: Arc<dyn RandomSource>) {
        self.timer = Some(timer);
        self.random = Some(random);
    }

    pub(super) fn build(self) -> Result<CallSettings, ConfigError> {
        if let Some(id) = &self.app_id
            && id.chars().count() > APP_ID_LENGTH
        {
            return Err(ConfigError::new(format!(
                "the application id (AWS_SDK_UA_APP_ID) must have at most {APP_ID_LENGTH} characters"
            )));
        }
        Ok(CallSettings {
            retry_mode: self.retry_mode.unwrap_or_default(),
            retry_policy: self.retry_policy,
            max_attempts: self.max_attempts,
            retry_ambiguous: self.retry_ambiguous,
            clock_skew_correction: self.clock_skew_correction.unwrap_or(true),
            attempt_timeout: self.attempt_timeout,
            operation_timeout: self.operation_timeout,
            read_timeout: self.read_timeout.unwrap_or(READ_TIMEOUT),
            timer: match self.timer {
                Some(timer) => timer,
                None => default_timer()?,
            },
            random: self.random.unwrap_or_else(|| Arc::new(SystemRandomSource)),
            interceptors: self.interceptors,
            #[cfg(feature = "tracing")]
            wire_limit: self.wire_limit,
            app_id: self.app_id,
            execution_environment: self.execution_environment,
        })
    }
}

#[cfg(feature = "tokio")]
#[expect(
    clippy::unnecessary_wraps,
    reason = "without the feature there is no timer"
)]
fn default_timer() -> Result<Arc<dyn Timer>, ConfigError> {
    Ok(Arc::new(crate::timer::TokioTimer::default()))
}

#[cfg(not(feature = "tokio"))]
fn default_timer() -> Result<Arc<dyn Timer>, ConfigError> {
    Err(ConfigError::new(
        "no timer: set one with `ConfigBuilder::timer`, or enable the feature `tokio`",
    ))
}

/// Retries, time limits, and hooks of users.
impl ConfigBuilder {
    /// How requests are sent again; by default as [`RetryMode::Standard`] says. Each client gets its own quota, which
    /// its clones share.
    #[must_use]
    pub fn retry_mode(mut self, mode: RetryMode) -> Self {
        self.calls.retry_mode = Some(mode);
        self
    }

    /// Your own policy instead of a mode. All clients of the configuration share the object.
    #[must_use]
    pub fn retry_policy(mut self, policy: impl RetryPolicy + 'static) -> Self {
        self.calls.retry_policy = Some(Arc::new(policy));
        self
    }

    /// How often a request is sent at most; by default as the retry policy says, which is 3. 1 means no retries; 0
    /// counts as 1.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.calls.max_attempts = Some(attempts);
        self
    }

    /// Whether a request may be sent again although the service may have acted on it already, and acting twice makes a
    /// difference; by default not.
    ///
    /// This concerns operations that are neither read-only nor idempotent, such as opening a support case, if the
    /// connection broke after the request was sent, time ran out, or a server responded with 500, 502, 503 or 504. The
    /// AWS SDKs send the request again, which may open a second case. This runtime does not, and the error says that
    /// the request may have taken effect. Throttled requests, refused ones and those without a connection are sent
    /// again in any case.
    #[must_use]
    pub fn retry_ambiguous(mut self, allow: bool) -> Self {
        self.calls.retry_ambiguous = allow;
        self
    }

    /// Whether the client signs with the service's clock after the service has refused a signature and the clocks
    /// differ by four minutes or more; true by default.
    #[must_use]
    pub fn clock_skew_correction(mut self, correct: bool) -> Self {
        self.calls.clock_skew_correction = Some(correct);
        self
    }

    /// How long a connection may take to be made, TLS included; by default 3.1 seconds. It applies to the runtime's own
    /// transport. Its connections belong to no single call, so this limit cannot be set for a call.
    #[cfg(feature = "hyper")]
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.calls.connect_timeout = Some(timeout);
        self
    }

    /// How long one attempt may take, until its body is read, or until its head has arrived if the response is
    /// streaming. By default 60 seconds and one more for each 64 KiB of the request. [`Duration::MAX`] is for ever.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.calls.attempt_timeout = Some(timeout);
        self
    }

    /// How long a call may take, all attempts and the pauses between them included. By default 5 minutes and one
    /// second for each 64 KiB of the request. [`Duration::MAX`] is for ever.
    #[must_use]
    pub fn operation_timeout(mut self, timeout: Duration) -> Self {
        self.calls.operation_timeout = Some(timeout);
        self
    }

    /// How long a response may make no progress after its head has arrived; by default 30 seconds. [`Duration::MAX`] is
    /// for ever.
    #[must_use]
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.calls.read_timeout = Some(timeout);
        self
    }

    /// The timer, which measures time and waits; by default that of Tokio, if the feature `tokio` is on.
    #[must_use]
    pub fn timer(mut self, timer: impl Timer + 'static) -> Self {
        self.calls.timer = Some(Arc::new(timer));
        self
    }

    /// The source of random numbers for pauses and ids; by default the operating system.
    #[must_use]
    pub fn random_source(mut self, random: impl RandomSource + 'static) -> Self {
        self.calls.random = Some(Arc::new(random));
        self
    }

    /// Adds an interceptor, which is called for every attempt. Several interceptors are called in the order in which
    /// they were added.
    #[must_use]
    pub fn interceptor(mut self, interceptor: impl Interceptor + 'static) -> Self {
        self.calls.interceptors.push(Arc::new(interceptor));
        self
    }

    /// Names the application in the `User-Agent` header: at most 50 characters. Characters that the header cannot
    /// contain become hyphens.
    #[must_use]
    pub fn app_id(mut self, id: impl Into<String>) -> Self {
        self.calls.app_id = Some(id.into());
        self
    }
}
