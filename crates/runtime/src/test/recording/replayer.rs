//! A transport that responds with what was recorded.

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::difference::difference;
use super::exchange::{Exchange, Outcome, name};
use super::file;
use super::hidden::{HiddenTexts, Known};
use super::redaction::{Cleaner, Redaction};
use super::request::Asked;
use super::response::BROKEN;
use super::tokens::RecordedToken;
use crate::body::{Body, ByteStream};
use crate::plumbing::json::marks;
use crate::test::config;
use crate::transport::{Transport, TransportError, TransportErrorKind};
use crate::{BoxFuture, ConfigBuilder};

/// A [`Transport`] that gives each request what the same request got when a [`Recorder`](super::Recorder) recorded it.
///
/// Two requests are the same if operation, method, path, query, body and the headers of members are. JSON, CBOR and forms
/// are compared as values. What the recording hides, such as sensitive members, is not compared, and neither is the endpoint. If a
/// response has a hidden text that a request has sent, it gets the text of the request back.
///
/// Each exchange is given once. Those with the same request are given in the order of the file, so a retried call gets the
/// recorded error first and then the recorded success. Different requests may come in another order than in the file,
/// because a program may send them side by side.
///
/// A request that was not recorded fails with [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) and is not
/// retried. The message names the first difference to the next exchange of the operation:
///
/// ```text
/// tests/recordings/create_case.json has no exchange for this request of Support.CreateCase: the next one is exchange 2,
/// and /categoryCode is "a" in the recording and "b" in the request
/// ```
///
/// ```no_run
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use attache_runtime::test::Replayer;
///
/// let replayer = Replayer::open("tests/recordings/create_case.json")?;
/// let config = replayer.config().build()?;
/// // … the code under test, with a client of this configuration …
/// replayer.assert_finished();
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Replayer(Arc<State>);

struct State {
    path: PathBuf,
    redaction: Redaction,
    exchanges: Vec<Exchange>,
    progress: Mutex<Progress>,
}

struct Progress {
    /// Whether each exchange was given.
    given: Vec<bool>,
    unmatched: Vec<String>,
    /// The hidden texts of the requests so far, and what they are called in the file.
    texts: HiddenTexts,
    known: Known,
}

impl Replayer {
    /// Reads a file that a [`Recorder`](super::Recorder) wrote.
    ///
    /// # Errors
    /// A file that cannot be read, that is no recording, or whose format is newer than this version of the crate.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let (exchanges, redaction) = file::read(path)?;
        marks::record();
        Ok(Self(Arc::new(State {
            path: path.to_owned(),
            redaction,
            progress: Mutex::new(Progress {
                given: vec![false; exchanges.len()],
                unmatched: Vec::new(),
                texts: HiddenTexts::default(),
                known: Known::default(),
            }),
            exchanges,
        })))
    }

    /// A configuration with this transport: see [`config`](crate::test::config). Its idempotency tokens are those of the
    /// recording.
    pub fn config(&self) -> ConfigBuilder {
        config(self.clone()).token_source(RecordedToken)
    }

    /// The exchanges that were not given yet, as texts for people, in the order of the file.
    pub fn remaining(&self) -> Vec<String> {
        let progress = self.progress();
        let exchanges = self.0.exchanges.iter().zip(&progress.given).enumerate();
        exchanges
            .filter(|(_, (_, given))| !**given)
            .map(|(index, (exchange, _))| format!("exchange {} ({})", index + 1, exchange.name()))
            .collect()
    }

    /// Checks that every exchange was given, and that every request was recorded.
    ///
    /// # Panics
    /// If that is not so. The message names the exchanges and the requests.
    #[track_caller]
    pub fn assert_finished(&self) {
        let mut problems = self.progress().unmatched.clone();
        let remaining = self.remaining();
        if !remaining.is_empty() {
            let path = self.0.path.display();
            problems.push(format!("{path}: nobody asked for {}", remaining.join(", ")));
        }
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        let progress = self.0.progress.lock();
        progress.unwrap_or_else(PoisonError::into_inner)
    }

    /// What a request got.
    fn outcome(&self, asked: &Asked) -> Result<Outcome, String> {
        let operation = asked.operation();
        let mut guard = self.progress();
        let progress = &mut *guard;
        let request = asked.recorded(Cleaner {
            redaction: &self.0.redaction,
            tokens: &BTreeSet::new(),
            texts: &progress.texts,
        });
        let candidates = || {
            let exchanges = self.0.exchanges.iter().enumerate();
            exchanges.filter(|(_, exchange)| exchange.operation == operation)
        };
        let same = candidates().find(|(index, exchange)| {
            !progress.given[*index] && difference(&exchange.request, &request).is_none()
        });
        if let Some((index, exchange)) = same {
            progress.given[index] = true;
            let bodies = (exchange.request.body.document(), request.body.document());
            if let (Some(recorded), Some(sent)) = bodies {
                progress.known.learn(&recorded, &sent, &progress.texts);
            }
            return Ok(match &exchange.outcome {
                Outcome::Response(response) => {
                    Outcome::Response(response.put_back(&progress.known))
                }
                failure => failure.clone(),
            });
        }
        let next = candidates().find(|(index, _)| !progress.given[*index]);
        let reason = match next {
            Some((index, exchange)) => {
                let difference = difference(&exchange.request, &request).unwrap_or_default();
                format!("the next one is exchange {}, and {difference}", index + 1)
            }
            None if candidates().next().is_some() => "all of them were given already".to_owned(),
            None => self.others(),
        };
        let problem = format!(
            "{} has no exchange for this request of {}: {reason}",
            self.0.path.display(),
            name(operation.as_deref(), &request)
        );
        progress.unmatched.push(problem.clone());
        Err(problem)
    }

    /// What the file has instead of an operation.
    fn others(&self) -> String {
        let mut names: Vec<String> = self.0.exchanges.iter().map(Exchange::name).collect();
        names.sort_unstable();
        names.dedup();
        match names.is_empty() {
            true => "it is empty".to_owned(),
            false => format!("it has only {}", names.join(", ")),
        }
    }
}

impl Transport for Replayer {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let setup = |problem: String| TransportError::new(TransportErrorKind::Setup, problem);
        Box::pin(async move {
            let (asked, request) = Asked::of(request).map_err(setup)?;
            let asked = asked.ok_or_else(|| {
                setup(format!(
                    "{} has calls of operations and presigned URLs only, and this is another request: configure \
                     credentials, so that the client requests none",
                    self.0.path.display()
                ))
            })?;
            // The body of a stream is compared, too.
            if let Body::Stream(stream) = request.into_body() {
                let read = stream.collect().await;
                read.map_err(|error| TransportError::new(TransportErrorKind::Io, error))?;
            }
            match self.outcome(&asked).map_err(setup)? {
                Outcome::Response(response) => response.http().map_err(setup),
                Outcome::Failure(kind) => Err(TransportError::new(kind, BROKEN)),
            }
        })
    }
}

impl fmt::Debug for Replayer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Replayer")
            .field("path", &self.0.path)
            .field("remaining", &self.remaining())
            .finish()
    }
}
