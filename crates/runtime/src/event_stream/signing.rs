//! How the events of a request are signed: what the signature of the request hands over to them.

use std::sync::Arc;

use super::control::InputGuard;
use super::signed::{Chain, Clock};
use crate::body::Body;
use crate::credentials::Credentials;
#[cfg(feature = "sigv4a")]
use crate::error::{ErrorKind, Failure};
use crate::plumbing::message::HttpRequest;
use crate::plumbing::sigv4::{Scope, Signature};
use crate::time_source::TimeSource;

impl HttpRequest {
    /// Begins an attempt: sets the clock of the signatures. Returns what ends the events of the request.
    pub(crate) fn begin_events(
        &mut self,
        source: &Arc<dyn TimeSource>,
        skew: i64,
    ) -> Option<InputGuard> {
        let events = self.events.as_mut()?;
        events.clock = Some(Clock {
            source: Arc::clone(source),
            skew,
        });
        Some(InputGuard(events.control.clone()))
    }

    /// Signs the events; the chain begins with the signature of the request.
    pub(crate) fn sign_events(
        &mut self,
        credentials: &Credentials,
        scope: &Scope<'_>,
        signature: &Signature,
    ) {
        if let Some(events) = &mut self.events
            && let Some(clock) = events.clock.take()
        {
            let place = (scope.region, scope.service);
            let seed = signature.signature.clone();
            events.chain = Some(Chain::new(credentials.clone(), place, clock, seed));
        }
    }

    /// Makes the events the body.
    pub(crate) fn finish_events(&mut self) {
        if let Some(events) = self.events.take() {
            self.body = Body::Stream(events.into_body());
        }
    }

    /// Refuses events in a request whose signature cannot be continued.
    ///
    /// # Errors
    /// There are events.
    #[cfg(feature = "sigv4a")]
    pub(crate) fn refuse_events(&self) -> Result<(), Failure> {
        match self.has_events() {
            false => Ok(()),
            true => Err(Failure::new(
                ErrorKind::Configuration,
                "the events of a request are signed with Signature Version 4 only, and this endpoint wants its \
                 asymmetric form (SigV4a)",
            )),
        }
    }
}
