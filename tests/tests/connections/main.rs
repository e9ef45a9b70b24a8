//! Connections: which request goes over which, whoever drives them, and what is read from them.

mod bundle;
mod idle;
mod metadata;
#[cfg(target_os = "linux")]
mod platform;
mod proxies;
mod runtimes;
mod server;
mod unread;

use std::time::Duration;

use attache_support::runtime::transport::ReqwestTransport;
use attache_support::{Client, Config, ConfigBuilder, Credentials, Error, Timestamp};

/// The two transports, which must do the same.
pub(crate) const TRANSPORTS: [Over; 2] = [Over::Hyper, Over::Reqwest];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    Hyper,
    Reqwest,
}

impl Over {
    pub(crate) fn client(self, builder: ConfigBuilder) -> Client {
        let builder = match self {
            Self::Hyper => builder,
            Self::Reqwest => {
                // reqwest wants a provider of the process, even where nothing is encrypted.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let client = reqwest::Client::builder();
                let client = client.redirect(reqwest::redirect::Policy::none()).build();
                builder.transport(ReqwestTransport::from_client(client.expect("a client")))
            }
        };
        Client::new(&builder.build().expect("nothing is missing"))
    }
}

/// Settings without any pause: one attempt, and a limit that turns what hangs into an error.
pub(crate) fn config(url: &str) -> ConfigBuilder {
    Config::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "secret").session_token("token"))
        .time_source(Timestamp::UNIX_EPOCH)
        .endpoint_url(url)
        .max_attempts(1)
        .attempt_timeout(Duration::from_secs(20))
}

/// A call that must not be made twice.
pub(crate) async fn create(client: &Client) -> Result<(), Error> {
    let call = client
        .create_case()
        .subject("broken")
        .communication_body("it broke");
    call.send().await.map(|_| ())
}

/// A runtime of the current thread, which stands still between two `block_on`.
pub(crate) fn current_thread() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
}
