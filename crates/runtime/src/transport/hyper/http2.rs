//! A connection of HTTP/2, which serves many calls at the same time. The background runtime drives it.

use std::future::{Future, poll_fn};
use std::sync::Arc;

use http::{Request, Response};
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::TokioIo;

use super::calls::Calls;
use super::connection::Connection;
use super::home::Home;
use super::http1::Reading;
use super::outgoing::Outgoing;
use super::preface::Preface;
use super::socket::Announcement;
use super::unanswered::Unanswered;
use crate::background;

/// An open connection.
#[derive(Clone)]
pub(super) struct Http2 {
    sender: SendRequest<Outgoing>,
    /// What the first bytes of the server show, if no protocol was agreed on.
    preface: Option<Preface>,
    announcement: Announcement,
    calls: Calls,
}

impl Http2 {
    /// Uses `connection` for requests. Calls `closed` when it has closed.
    ///
    /// # Errors
    /// It is broken.
    pub(super) async fn new(
        connection: Connection,
        closed: impl FnOnce() + Send + 'static,
    ) -> Result<Self, Unanswered> {
        let preface = connection.preface();
        let announcement = connection.announcement();
        let handshake = http2::handshake(Executor, TokioIo::new(connection)).await;
        let (sender, driver) = handshake.map_err(|error| Unanswered {
            request: None,
            error,
            problem: preface.as_ref().and_then(Preface::problem),
        })?;
        let calls = Calls::default();
        let (limited, mut driver) = (calls.limit().clone(), Box::pin(driver));
        hyper::rt::Executor::execute(&Executor, async move {
            let driven = poll_fn(|context| {
                let driven = driver.as_mut().poll(context);
                limited.lower(driver.current_max_send_streams());
                driven
            });
            // An error is also that of the calls.
            let _ = driven.await;
            drop(driver);
            closed();
        });
        Ok(Self {
            sender,
            preface,
            announcement,
            calls,
        })
    }

    /// The calls that use it.
    pub(super) fn calls(&self) -> &Calls {
        &self.calls
    }

    pub(super) fn is_open(&self) -> bool {
        self.sender.is_ready()
    }

    /// Sends a request, and returns the head of the response and what reads its body.
    pub(super) async fn send(
        mut self,
        mut request: Request<Outgoing>,
    ) -> Result<Response<Reading>, Unanswered> {
        self.announcement.announce(Home::BACKGROUND);
        let call = self.calls.call();
        request.body_mut().belong_to(Arc::clone(&call));
        let answer = self.sender.try_send_request(request);
        // If the connection closes while a request is queued, the request may stay in the queue as long as there is a sender,
        // and its call would wait forever if it kept one. The other sender is that of `Shared`.
        drop(self.sender);
        match answer.await {
            Ok(response) => Ok(response.map(|body| Reading::undriven(body).of_call(call))),
            Err(error) => {
                let mut unanswered = Unanswered::new(error);
                unanswered.problem = self.preface.as_ref().and_then(Preface::problem);
                Err(unanswered)
            }
        }
    }
}

/// Runs the tasks of connections on the background thread.
#[derive(Clone, Copy)]
struct Executor;

impl<F> hyper::rt::Executor<F> for Executor
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    fn execute(&self, future: F) {
        background::spawn(Box::pin(async {
            let _ = future.await;
        }));
    }
}
