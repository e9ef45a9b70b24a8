//! A service that names endpoints, and a clock that tests move.

use std::sync::{Arc, Mutex};

use attache_runtime::operation::Request;
use attache_runtime::plumbing::Core;
use attache_runtime::plumbing::discovery::{self, Discovery, Endpoint, Finder, Question};
use attache_runtime::plumbing::message::{DecodeError, EncodeError, HttpRequest, HttpResponse};
use attache_runtime::plumbing::operation::Operation;
use attache_runtime::validation::{Level, Violations};
use attache_runtime::{CallOptions, ConfigBuilder, Error, TimeSource, Timestamp, http};

use crate::stage::{Answer, CREATE, NOW, Network, NoError, READ, config};

/// The operation that names endpoints. Its response is `ADDRESS MINUTES`, its request what it is asked for.
#[derive(Clone, Debug, Default)]
struct FindRequest(String);

impl Request for FindRequest {
    type Response = String;
    type ServiceError = NoError;
    const OPERATION: &'static Operation = &READ;

    fn validate(&self, _: Level) -> Result<(), Violations> {
        Ok(())
    }

    fn encode(self) -> Result<HttpRequest, EncodeError> {
        let mut request = HttpRequest::new(http::Method::POST);
        request.path("/find");
        request.bytes("text/plain", self.0.into());
        Ok(request)
    }

    fn decode(response: HttpResponse) -> Result<String, DecodeError> {
        response.text()
    }
}

static FINDER: Finder = Finder {
    operation: &READ,
    error: "Moved",
    encode: |question: Question| discovery::request(FindRequest(format!("{question:?}"))),
    decode: |response| {
        let text = FindRequest::decode(response)?;
        let endpoints = text.split(';').filter_map(|one| {
            let (address, minutes) = one.split_once(' ')?;
            Endpoint::new(address.to_owned(), minutes.parse::<i64>().ok())
        });
        Ok(endpoints.collect())
    },
};

/// An operation whose endpoint must be found, or may be; the text is an identifier.
#[derive(Clone, Debug, Default)]
pub(super) struct WorkRequest<const REQUIRED: bool>(pub(super) Option<String>);

impl<const REQUIRED: bool> Request for WorkRequest<REQUIRED> {
    type Response = String;
    type ServiceError = NoError;
    const OPERATION: &'static Operation = &CREATE;
    const DISCOVERY: Option<&'static Discovery> = Some(&Discovery {
        required: REQUIRED,
        finder: &FINDER,
    });

    fn validate(&self, _: Level) -> Result<(), Violations> {
        Ok(())
    }

    fn encode(self) -> Result<HttpRequest, EncodeError> {
        let mut request = HttpRequest::new(http::Method::POST);
        request.path("/work");
        request.endpoint_identifier("Table", self.0.as_deref());
        request.bytes("text/plain", "work".into());
        Ok(request)
    }

    fn decode(response: HttpResponse) -> Result<String, DecodeError> {
        response.text()
    }
}

#[derive(Clone, Debug)]
pub(super) struct Clock(Arc<Mutex<Timestamp>>);

impl Clock {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(NOW.parse().unwrap())))
    }

    pub(super) fn advance(&self, seconds: i64) {
        let mut now = self.0.lock().unwrap();
        let moved = now.epoch_seconds() + seconds;
        *now = Timestamp::from_epoch_seconds(moved).unwrap();
    }
}

impl TimeSource for Clock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

pub(super) struct Stage {
    pub(super) network: Network,
    pub(super) clock: Clock,
    pub(super) core: Core,
}

impl Stage {
    pub(super) fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::with(answers, |builder| builder)
    }

    pub(super) fn with(
        answers: impl IntoIterator<Item = Answer>,
        settings: impl FnOnce(ConfigBuilder) -> ConfigBuilder,
    ) -> Self {
        let (network, clock) = (Network::new(answers), Clock::new());
        let builder = settings(config(&network).time_source(clock.clone()));
        let core = Core::new(&crate::stage::SERVICE, &builder.build().unwrap());
        Self {
            network,
            clock,
            core,
        }
    }

    pub(super) async fn work<const REQUIRED: bool>(&self) -> Result<String, Error<NoError>> {
        let request = WorkRequest::<REQUIRED>(None);
        self.core.send(request, CallOptions::default()).await
    }

    /// The URLs of the requests since the last look.
    pub(super) fn urls(&self) -> Vec<String> {
        let seen = self.network.seen().into_iter();
        seen.map(|seen| seen.uri.to_string()).collect()
    }
}
