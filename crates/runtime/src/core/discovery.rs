//! Finds the endpoints of operations that are called where the service says (`aws.api#clientEndpointDiscovery`).
//!
//! The rules are those of botocore 1.44.8 (`discovery.py`): an endpoint is used until its time ends; after a failed search
//! there is none for a minute, and the last known endpoint is used, or that of the rules where the operation permits it.
//! Unlike there, any failure counts, not only one of the network, so that an operation which can do without a discovered
//! endpoint never fails because of it.

use std::fmt;
use std::sync::Arc;

use super::attempt::Invocation;
use super::endpoints::{Key, Look, Outcome};
use super::prepared::{Begin, Prepared};
use super::resolve::configured_endpoint;
use super::shared::Shared;
use crate::call_options::CallOptions;
use crate::config::EndpointDiscovery;
use crate::credentials::flight::Flight;
use crate::error::{ErrorKind, Failure};
use crate::error_code;
use crate::plumbing::discovery::{Discovery, Finder, Question};
use crate::plumbing::message::HttpRequest;

/// The status of a request that was sent to an endpoint which is not responsible for it (RFC 9110, section 15.5.20).
const MISDIRECTED: u16 = 421;

/// The URL of a discovered endpoint, with what it was found for.
pub(super) type Discovered = Option<(Key, String)>;

impl Shared {
    /// Sends a request to the endpoint that the service names for it, if it names one.
    pub(super) async fn discover(
        self: &Arc<Self>,
        invocation: &Invocation,
        request: &mut HttpRequest,
    ) -> Result<Discovered, Failure> {
        let discovered = self.discovered(invocation.discovery, request).await?;
        request.discovered = discovered.as_ref().map(|(_, url)| url.clone());
        Ok(discovered)
    }

    /// The URL of the endpoint that the service names for a request, with what it was found for; `None` for that of the
    /// endpoint rules.
    async fn discovered(
        self: &Arc<Self>,
        discovery: Option<&'static Discovery>,
        request: &HttpRequest,
    ) -> Result<Discovered, Failure> {
        let Some(discovery) = discovery else {
            return Ok(None);
        };
        if self.has_own_endpoint(request)? {
            return Ok(None);
        }
        match (self.settings().endpoint_discovery, discovery.required) {
            (EndpointDiscovery::Enabled, _) | (EndpointDiscovery::Auto, true) => {}
            (EndpointDiscovery::Auto | EndpointDiscovery::Disabled, false) => return Ok(None),
            (EndpointDiscovery::Disabled, true) => {
                return Err(Failure::new(
                    ErrorKind::Configuration,
                    "the service names the endpoint of the operation, and endpoint discovery is disabled",
                ));
            }
        }
        let key = self.key(discovery, request).await?;
        let found = self.look_for(discovery, &key).await?;
        Ok(found.map(|address| match address.starts_with("http") {
            true => (key, address),
            false => (key, format!("https://{address}")),
        }))
    }

    /// Whether an attempt failed because its endpoint must not be used any more, which is forgotten then.
    pub(super) fn was_misdirected(
        &self,
        invocation: &Invocation,
        discovered: &Discovered,
        failure: &Failure,
    ) -> bool {
        let (Some(discovery), Some((key, _))) = (invocation.discovery, discovered) else {
            return false;
        };
        let is_misdirected =
            failure.status() == Some(MISDIRECTED) || failure.is_shape(discovery.finder.error);
        if is_misdirected {
            self.endpoints.forget(key);
        }
        is_misdirected
    }

    /// Whether the user, or the request, chose an endpoint.
    fn has_own_endpoint(&self, request: &HttpRequest) -> Result<bool, Failure> {
        let settings = self.settings();
        if request.endpoint.is_some() || settings.parameters.endpoint.is_some() {
            return Ok(true);
        }
        let configured = configured_endpoint(self.service, settings);
        let configured =
            configured.map_err(|message| Failure::new(ErrorKind::Configuration, message))?;
        Ok(configured.is_some())
    }

    async fn key(&self, discovery: &Discovery, request: &HttpRequest) -> Result<Key, Failure> {
        let identity = match discovery.finder.operation.signed {
            true => {
                let credentials = self.settings().credentials.credentials().await;
                let credentials =
                    credentials.map_err(|error| Failure::new(ErrorKind::Credentials, error))?;
                Some(credentials.access_key_id().to_owned())
            }
            false => None,
        };
        Ok(Key::new(identity, request.question.clone()))
    }

    async fn look_for(
        self: &Arc<Self>,
        discovery: &'static Discovery,
        key: &Key,
    ) -> Result<Option<String>, Failure> {
        let search = match self.look(discovery, key) {
            Look::Use(address) => return Ok(Some(address)),
            Look::Rest => return Ok(None),
            Look::Search(search) => search,
        };
        let outcome = search.join().await;
        let now = self.now();
        let known = self.endpoints.change(key, now, |entry| entry.best(now));
        match (known, outcome, discovery.required) {
            (Some(address), _, _) => Ok(Some(address)),
            (None, _, false) => Ok(None),
            (None, Err(failure), true) => Err(not_found(failure)),
            (None, Ok(()), true) => Err(Failure::new(
                ErrorKind::Decode,
                "the service named no endpoint for the operation",
            )),
        }
    }

    fn look(self: &Arc<Self>, discovery: &'static Discovery, key: &Key) -> Look {
        let now = self.now();
        self.endpoints.change(key, now, |entry| {
            entry.look(now, discovery.required, || {
                let search = Arc::clone(self).search(discovery.finder, key.clone());
                Flight::new(Box::pin(search))
            })
        })
    }

    /// Asks the service, and keeps what it says.
    async fn search(self: Arc<Self>, finder: &'static Finder, key: Key) -> Outcome {
        let answer = self.ask(finder, key.question()).await;
        let now = self.now();
        let entry = |answer| {
            self.endpoints
                .change(&key, now, |entry| entry.keep(now, answer))
        };
        match answer {
            Ok(found) => {
                entry(Some(found));
                Ok(())
            }
            Err(failure) => {
                entry(None);
                Err(Arc::new(failure))
            }
        }
    }

    async fn ask(
        self: &Arc<Self>,
        finder: &'static Finder,
        question: Question,
    ) -> Result<Vec<(String, i64)>, Failure> {
        let request = (finder.encode)(question).map_err(Failure::from);
        let options = CallOptions::default();
        let call = Box::new(Prepared::new(self, finder.operation, request, options));
        let (response, report) = call.send().await?;
        let status = response.status();
        let request_id = error_code::request_id(self.service, &response);
        let found = match (finder.decode)(response) {
            Ok(found) => found,
            Err(error) => {
                let failure = Failure::from_decode(error, status, request_id);
                let failure = failure.during(finder.operation.name, 1);
                report.failed(&failure);
                return Err(failure);
            }
        };
        report.succeeded();
        let now = self.now();
        let expires = |minutes: i64| now.saturating_add(minutes.saturating_mul(60));
        let found = found.into_iter();
        Ok(found
            .map(|endpoint| (endpoint.address, expires(endpoint.minutes)))
            .collect())
    }

    fn now(&self) -> i64 {
        self.settings().time.now().epoch_seconds()
    }
}

/// The failure of a search, as that of the call that needs the endpoint.
fn not_found(failure: Arc<Failure>) -> Failure {
    let kind = match failure.kind() {
        // The error of another operation must not be taken for one of this operation.
        ErrorKind::Service => ErrorKind::Configuration,
        kind => kind,
    };
    Failure::new(kind, NotFound(failure))
}

/// No endpoint is known because of a failed search.
#[derive(Debug)]
struct NotFound(Arc<Failure>);

impl fmt::Display for NotFound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the endpoint of the operation could not be discovered")
    }
}

impl std::error::Error for NotFound {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}
