//! Rules: which request gets which responses.

use std::fmt;
use std::panic::Location;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;

use super::response::{Respond, failure, success};
use super::sent::Copied;
use crate::error::{Error, ErrorKind};
use crate::plumbing::operation::Operation;
use crate::transport::TransportErrorKind;

/// Begins a rule: requests of this type for which `matches` returns true get the responses that follow.
///
/// ```text
/// when::<CreateCaseRequest>(|request| request.subject.as_deref() == Some("It broke"))
///     .then(Err(Error::timeout()))
///     .then(Ok(CreateCaseResponse::default().case_id("case-1")))
/// ```
#[track_caller]
pub fn when<R: Respond>(matches: impl Fn(&R) -> bool + Send + Sync + 'static) -> When<R> {
    When(Rule {
        plan: Plan {
            operation: R::OPERATION,
            place: Location::caller(),
            matches: Box::new(move |request| request.get::<R>().is_some_and(|it| matches(&it))),
            steps: Vec::new(),
        },
        request: std::marker::PhantomData,
    })
}

/// A rule without responses; [`when`] begins it.
#[must_use = "a rule needs a response"]
pub struct When<R>(Rule<R>);

/// A rule with its responses, in the order in which they are given. The last one is given any number of times, unless
/// [`times`](Rule::times) limits it.
#[must_use = "a rule has no effect until it is passed to a mock"]
pub struct Rule<R> {
    pub(super) plan: Plan,
    request: std::marker::PhantomData<fn(R)>,
}

impl<R: Respond> When<R> {
    /// See [`Rule::then`].
    ///
    /// # Panics
    /// As [`Rule::then`].
    #[track_caller]
    pub fn then(self, result: Result<R::Response, Error<R::ServiceError>>) -> Rule<R> {
        self.0.then(result)
    }

    /// See [`Rule::then_with`].
    pub fn then_with(
        self,
        respond: impl Fn(&R) -> Result<R::Response, Error<R::ServiceError>> + Send + Sync + 'static,
    ) -> Rule<R> {
        self.0.then_with(respond)
    }

    /// See [`Rule::then_http`].
    pub fn then_http(self, response: http::Response<impl Into<Bytes>>) -> Rule<R> {
        self.0.then_http(response)
    }
}

impl<R: Respond> Rule<R> {
    /// Gives this response, or this error: what the service returns, a timeout, or a broken connection.
    ///
    /// # Panics
    /// If the error cannot come from the service or the network, such as one of validation; if the response holds a
    /// stream that is not in memory.
    #[track_caller]
    pub fn then(self, result: Result<R::Response, Error<R::ServiceError>>) -> Self {
        let answer = Answer::of::<R>(result);
        self.step(Box::new(move |_| answer.clone()))
    }

    /// Gives the response that a function makes from the request.
    pub fn then_with(
        self,
        respond: impl Fn(&R) -> Result<R::Response, Error<R::ServiceError>> + Send + Sync + 'static,
    ) -> Self {
        self.step(Box::new(move |request| match request.get::<R>() {
            Some(request) => Answer::of::<R>(respond(&request)),
            None => Answer::Lost(TransportErrorKind::Setup, "another request".to_owned()),
        }))
    }

    /// Gives this HTTP response as it is, for example one that no model describes.
    pub fn then_http(self, response: http::Response<impl Into<Bytes>>) -> Self {
        let response = response.map(Into::into);
        let answer = Answer::Response(response);
        self.step(Box::new(move |_| answer.clone()))
    }

    /// Gives the last response this number of times, and then the next one. If there is no next one, the rule matches
    /// no further request.
    pub fn times(mut self, times: usize) -> Self {
        if let Some(step) = self.plan.steps.last_mut() {
            step.times = Some(times);
        }
        self
    }

    /// [`times(1)`](Self::times).
    pub fn once(self) -> Self {
        self.times(1)
    }

    fn step(mut self, answer: Box<Respondent>) -> Self {
        if let Some(step) = self.plan.steps.last_mut() {
            step.times.get_or_insert(1);
        }
        self.plan.steps.push(Step {
            answer,
            times: None,
            given: AtomicUsize::new(0),
        });
        self
    }
}

type Respondent = dyn Fn(&Copied) -> Answer + Send + Sync;

/// A rule whose type of requests is erased.
pub(super) struct Plan {
    pub(super) operation: &'static Operation,
    place: &'static Location<'static>,
    matches: Box<dyn Fn(&Copied) -> bool + Send + Sync>,
    steps: Vec<Step>,
}

/// A response with the number of times that it is given.
struct Step {
    answer: Box<Respondent>,
    /// `None` for any number.
    times: Option<usize>,
    given: AtomicUsize,
}

impl Step {
    /// Counts another use, if one is left.
    fn take(&self) -> bool {
        let limit = self.times.unwrap_or(usize::MAX);
        let count = |given: usize| (given < limit).then_some(given.saturating_add(1));
        self.given
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, count)
            .is_ok()
    }
}

impl Plan {
    /// The response to a request; `None` if the rule does not match, or is used up.
    pub(super) fn answer(&self, request: &Copied) -> Option<Answer> {
        if !(self.matches)(request) {
            return None;
        }
        let step = self.steps.iter().find(|step| step.take())?;
        Some((step.answer)(request))
    }

    /// What of the rule was never given; `None` if all was.
    pub(super) fn unused(&self) -> Option<String> {
        let count = self.steps.len();
        for (index, step) in self.steps.iter().enumerate() {
            let given = step.given.load(Ordering::SeqCst);
            let wanted = step.times.unwrap_or(1);
            if given < wanted {
                return Some(format!(
                    "{self}: response {} of {count} was given {given} times of {wanted}",
                    index + 1
                ));
            }
        }
        None
    }

    /// How often the rule responded.
    fn given(&self) -> usize {
        let counts = self.steps.iter();
        counts.map(|step| step.given.load(Ordering::SeqCst)).sum()
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operation, place, ..
        } = self;
        let given = self.given();
        write!(
            formatter,
            "{} ({place}), used {given} times",
            operation.name
        )
    }
}

/// What a transport makes of a rule's response.
#[derive(Clone)]
pub(super) enum Answer {
    Response(http::Response<Bytes>),
    Lost(TransportErrorKind, String),
}

impl Answer {
    #[track_caller]
    fn of<R: Respond>(result: Result<R::Response, Error<R::ServiceError>>) -> Self {
        let error = match result {
            Ok(response) => return Self::Response(success::<R>(response)),
            Err(error) => error,
        };
        let kind = match error.kind() {
            ErrorKind::Service => return Self::Response(failure::<R>(&error)),
            ErrorKind::Connect => TransportErrorKind::Connect,
            ErrorKind::Timeout => TransportErrorKind::Timeout,
            ErrorKind::Io => TransportErrorKind::Io,
            other => panic!(
                "an error of the kind {other:?} comes neither from the service nor from the network, so a mock cannot \
                 give it: change the request, the configuration or the response so that the client makes it"
            ),
        };
        let cause = std::error::Error::source(&error);
        let text = cause.map_or_else(|| error.to_string(), ToString::to_string);
        Self::Lost(kind, text)
    }
}
