//! The two calls of each row, for a service that speaks JSON and for one that speaks XML, and what they came to.

use std::fmt::Write as _;
use std::time::Duration;

use attache_runtime::operation::ServiceError;
use attache_runtime::{Call, Config, ConfigBuilder, Error};
use attache_support::runtime::transport::ReqwestTransport;

use super::client;

/// How the calls are made.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    Awaited,
    /// With `Call::wait`, on a thread of its own.
    Blocking,
    /// Over a client of reqwest.
    Reqwest,
}

/// Makes the client of a service.
pub(crate) type Connect = fn(Way, ConfigBuilder) -> Service;

/// A client.
pub(crate) enum Service {
    /// AWS Support.
    Json(attache_support::Client),
    /// A service of awsQuery.
    Xml(golden_query::Client),
}

impl Service {
    pub(crate) fn json(way: Way, builder: ConfigBuilder) -> Self {
        Self::Json(client(way.over(builder)))
    }

    pub(crate) fn xml(way: Way, builder: ConfigBuilder) -> Self {
        let config: Config = way.over(builder).build().expect("settings are complete");
        Self::Xml(golden_query::Client::new(&config))
    }

    /// The outcome of a call that only reads.
    pub(crate) async fn read(&self, way: Way, shown: &mut String) -> String {
        match self {
            Self::Json(client) => {
                outcome(made(way, client.describe_services().send()).await, shown)
            }
            Self::Xml(client) => outcome(made(way, client.list_toys().send()).await, shown),
        }
    }

    /// The outcome of a call that acts.
    pub(crate) async fn act(&self, way: Way, shown: &mut String) -> String {
        match self {
            Self::Json(client) => {
                let create = client.create_case().subject("broken");
                let create = create.communication_body("it broke");
                outcome(made(way, create.send()).await, shown)
            }
            Self::Xml(client) => {
                let make = client.make_toy().name("broken");
                outcome(made(way, make.send()).await, shown)
            }
        }
    }
}

impl Way {
    fn over(self, builder: ConfigBuilder) -> ConfigBuilder {
        match self {
            Self::Awaited | Self::Blocking => builder,
            Self::Reqwest => builder.transport(over_reqwest(reqwest::Client::builder())),
        }
    }
}

pub(crate) fn over_reqwest(builder: reqwest::ClientBuilder) -> ReqwestTransport {
    // reqwest wants a provider of the process, even where nothing is encrypted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = builder
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .pool_idle_timeout(Duration::from_millis(50))
        .build();
    ReqwestTransport::from_client(http.expect("a client"))
}

async fn made<T: Send + 'static, S: ServiceError>(
    way: Way,
    call: Call<T, S>,
) -> Result<T, Error<S>> {
    match way {
        Way::Awaited | Way::Reqwest => call.await,
        Way::Blocking => tokio::task::spawn_blocking(|| call.wait())
            .await
            .expect("no call panics"),
    }
}

/// What a call came to, and its error in all forms that a program may print.
fn outcome<T, S: ServiceError>(result: Result<T, Error<S>>, shown: &mut String) -> String {
    let error = match result {
        Ok(_) => return "success".to_owned(),
        Err(error) => error,
    };
    let _ = write!(
        shown,
        "{error}\n{error:?}\n{error:#?}\n{:?}\n",
        error.response()
    );
    let mut cause = std::error::Error::source(&error);
    while let Some(next) = cause {
        let _ = write!(shown, "{next}\n{next:?}\n");
        cause = next.source();
    }
    let status = error
        .status()
        .map(|status| format!(" {status}"))
        .unwrap_or_default();
    let times = match error.attempts() {
        1 => "once".to_owned(),
        attempts => format!("{attempts} times"),
    };
    let effect = if error.may_have_taken_effect() {
        ", may have taken effect"
    } else {
        ""
    };
    format!("{:?}{status}, {times}{effect}", error.kind())
}
