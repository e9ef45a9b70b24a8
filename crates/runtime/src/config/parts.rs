//! The parts of a configuration, for code that does more than call operations: a transfer to a presigned URL uses the
//! same transport and the same timer as the calls before and after it.

use std::sync::Arc;

use super::Config;
use crate::endpoint::is_local;
use crate::random::RandomSource;
use crate::time_source::TimeSource;
use crate::timer::Timer;
use crate::token_source::TokenSource;
use crate::transport::Transport;

impl Config {
    /// The transport. It neither signs nor retries requests.
    pub fn transport(&self) -> &Arc<dyn Transport> {
        &self.0.transport
    }

    /// The same configuration with another transport and other tokens. Credentials are fetched with the transport of
    /// this one.
    #[cfg(feature = "test-util")]
    pub(crate) fn recorded(
        &self,
        transport: impl Transport + 'static,
        tokens: impl TokenSource + 'static,
    ) -> Self {
        let mut settings = (*self.0).clone();
        settings.transport = Arc::new(transport);
        settings.tokens = Arc::new(tokens);
        Self(Arc::new(settings))
    }

    /// The timer, which measures time and waits.
    pub fn timer(&self) -> &Arc<dyn Timer> {
        &self.0.calls.timer
    }

    /// The clock.
    pub fn time_source(&self) -> &Arc<dyn TimeSource> {
        &self.0.time
    }

    /// The source of random numbers.
    pub fn random_source(&self) -> &Arc<dyn RandomSource> {
        &self.0.calls.random
    }

    /// The source of idempotency tokens.
    pub fn token_source(&self) -> &Arc<dyn TokenSource> {
        &self.0.tokens
    }

    /// Whether requests may be sent to this URL: over https, and over plain http to this machine, or to any host if
    /// [`ConfigBuilder::allow_plain_http`](super::ConfigBuilder::allow_plain_http) says so.
    #[inline]
    pub fn permits(&self, uri: &http::Uri) -> bool {
        match uri.scheme_str() {
            Some("https") => true,
            Some("http") => self.0.plain_http || is_local(uri.host().unwrap_or_default()),
            _ => false,
        }
    }
}
