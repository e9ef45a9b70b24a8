//! The events of a request and a response in an exchange.
//!
//! Without the feature `event-stream` there are none, and all of this does nothing.

use super::shared::Shared;
#[cfg(feature = "event-stream")]
use crate::body::Body;
use crate::error::Failure;
#[cfg(feature = "event-stream")]
use crate::event_stream::{
    Incoming, InputControl, InputGuard, failure_of, initial_response, of_input,
};
use crate::plumbing::message::{HttpRequest, HttpResponse};
#[cfg(feature = "event-stream")]
use crate::transport::RequiresHttp2;

/// What an exchange needs to know of its events.
pub(super) struct Events {
    #[cfg(feature = "event-stream")]
    input: Option<InputGuard>,
    #[cfg(feature = "event-stream")]
    awaits_initial_response: bool,
}

/// Knows why the events of a request failed.
pub(super) struct Input {
    #[cfg(feature = "event-stream")]
    control: Option<InputControl>,
}

impl Events {
    /// Begins an exchange whose request is signed with the clock of this client, shifted by so many milliseconds.
    pub(super) fn begin(shared: &Shared, request: &mut HttpRequest, skew: i64) -> (Self, Input) {
        let _ = (shared, skew, &request);
        let events = Self {
            #[cfg(feature = "event-stream")]
            input: request.begin_events(&shared.settings().time, skew),
            #[cfg(feature = "event-stream")]
            awaits_initial_response: request.awaits_initial_response,
        };
        let input = Input {
            #[cfg(feature = "event-stream")]
            control: events.input.as_ref().map(|input| input.0.clone()),
        };
        (events, input)
    }

    /// Says what the transport must be able to do.
    pub(super) fn mark<B>(&self, request: &mut http::Request<B>) {
        #[cfg(feature = "event-stream")]
        if self.input.is_some() {
            request.extensions_mut().insert(RequiresHttp2);
        }
        let _ = request;
    }

    /// Completes a successful response: what ends the request ends with it, and the first message may have some of its
    /// members.
    pub(super) async fn received(self, response: HttpResponse) -> Result<HttpResponse, Failure> {
        #[cfg(feature = "event-stream")]
        let response = {
            let mut response = response;
            match std::mem::replace(&mut response.body, Body::empty()) {
                Body::Stream(body) if self.awaits_initial_response => {
                    let incoming = Incoming::new(body, self.input);
                    let (members, events) = initial_response(incoming).await.map_err(failure_of)?;
                    response.body = Body::Bytes(members);
                    response.events = Some(events);
                }
                body => {
                    response.body = body;
                    response.input = self.input;
                }
            }
            response
        };
        Ok(response)
    }
}

impl Input {
    /// The cause of a failure: that of the events of the request, if they failed.
    pub(super) fn cause(&self, failure: Failure) -> Failure {
        #[cfg(feature = "event-stream")]
        if let Some(control) = &self.control
            && let Some(of_events) = of_input(control)
        {
            return of_events;
        }
        failure
    }
}
