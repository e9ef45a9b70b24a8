//! Waiting until a resource is in a state (`smithy.waiters#waitable`).
//!
//! A [`Waiter`] calls an operation repeatedly, with growing pauses, until the response shows the expected state, the
//! state can no longer be reached, or the deadline has passed. Generated clients have one for each waiter of the model.
//! For other conditions, `Client::waiter` takes a function that judges the responses.
//!
//! The pauses are those of the Smithy specification, "Waiter backoff": random between the minimum delay and a limit
//! that doubles up to the maximum delay. The last one leaves time for one more call before the deadline.

use std::error::Error as StdError;
use std::fmt;
use std::future::IntoFuture;
use std::pin::pin;
use std::time::Duration;

use crate::BoxFuture;
use crate::call_options::{CallOptions, Feature};
use crate::core::Core;
use crate::error::{Error, ErrorKind, Failure};
use crate::formatting::write;
use crate::operation::Request;
use crate::plumbing::operation::Operation;
use crate::telemetry;
use crate::timer::within;

/// The meaning of a response for a waiter (Smithy specification, "AcceptorState").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// The state is reached.
    Success,
    /// The state can no longer be reached.
    Failure,
    /// The state may still be reached.
    Retry,
}

/// The response or the error of an operation.
pub type Answer<'a, R> =
    Result<&'a <R as Request>::Response, &'a Error<<R as Request>::ServiceError>>;

/// Judges a response; `None` means the default: continue after a response, stop after an error.
pub type Judge<R> = Box<dyn Fn(Answer<'_, R>) -> Option<State> + Send + Sync>;

/// The delays and the deadline of a waiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The minimum pause between two calls (`minDelay`).
    pub least_delay: Duration,
    /// The maximum pause between two calls (`maxDelay`).
    pub greatest_delay: Duration,
    /// How long the waiter waits in all.
    pub deadline: Duration,
}

impl Default for Schedule {
    /// 2 and 120 seconds, the defaults of the Smithy specification, and five minutes in all.
    fn default() -> Self {
        Self {
            least_delay: Duration::from_secs(2),
            greatest_delay: Duration::from_secs(120),
            deadline: Duration::from_secs(300),
        }
    }
}

/// One call of a waiter: its response, and the meaning of the response for the waiter.
#[derive(Debug)]
#[non_exhaustive]
pub struct Observation<'a, T, E> {
    /// The number of calls, including this one.
    pub calls: u32,
    /// The time since the waiter began.
    pub elapsed: Duration,
    /// The response or the error of the call.
    pub answer: Result<&'a T, &'a E>,
    /// The meaning of the response or the error for the waiter.
    pub state: State,
}

type Listener<R> = Box<
    dyn for<'a> FnMut(
            Observation<'a, <R as Request>::Response, Error<<R as Request>::ServiceError>>,
        ) + Send,
>;

/// The result of a waiter that reached its state.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Waited<T> {
    /// The last response; `None` if the waiter waits for an error, such as that a resource no longer exists.
    pub response: Option<T>,
    /// The number of calls.
    pub calls: u32,
}

/// Calls the operation until the response shows the expected state. `.await` starts the waiter; dropping the future
/// ends it.
///
/// # Errors
/// The future gives
/// * [`ErrorKind::WaitFailed`] when the service reports a state from which the expected one cannot be reached;
/// * [`ErrorKind::WaitTimeout`] when the deadline has passed;
/// * the error of a call that the waiter does not expect, of any kind. The call itself has already made its retries.
#[must_use = "a waiter does nothing until it is awaited"]
pub struct Waiter<R: Request> {
    core: Core,
    request: R,
    options: CallOptions,
    name: &'static str,
    judge: Judge<R>,
    schedule: Schedule,
    listener: Option<Listener<R>>,
}

impl<R: Request + Clone + Send + 'static> Waiter<R> {
    /// A waiter. The name is for messages.
    #[doc(hidden)]
    pub fn new(
        core: Core,
        request: R,
        mut options: CallOptions,
        name: &'static str,
        judge: Judge<R>,
    ) -> Self {
        options.feature = Some(Feature::Waiter);
        Self {
            core,
            request,
            options,
            name,
            judge,
            schedule: Schedule::default(),
            listener: None,
        }
    }

    /// Sets the pauses and the deadline.
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// Sets how long the waiter waits in all; five minutes without it. A call that has not ended by then is cancelled.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.schedule.deadline = deadline;
        self
    }

    /// Calls a function after each response.
    pub fn on_progress(
        mut self,
        listener: impl for<'a> FnMut(Observation<'a, R::Response, Error<R::ServiceError>>)
        + Send
        + 'static,
    ) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Waits on this thread.
    ///
    /// Asynchronous code awaits the waiter instead, or calls this function in `tokio::task::spawn_blocking`.
    ///
    /// # Errors
    /// As awaiting the waiter; [`ErrorKind::Request`] inside of an async runtime of Tokio, whose
    /// thread it would block.
    ///
    /// # Panics
    /// Inside of `tokio::task::unconstrained`, which hides that a runtime polls it.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> Result<Waited<R::Response>, Error<R::ServiceError>> {
        crate::blocking::wait_for(R::OPERATION.name, self.into_future())
    }

    async fn run(mut self) -> Result<Waited<R::Response>, Error<R::ServiceError>> {
        let core = self.core.clone();
        let began = core.timer().elapsed();
        let mut calls = 0_u32;
        let outcome = self.poll(&core, began, &mut calls).await;
        let duration = core.timer().elapsed().saturating_sub(began);
        let error = outcome.as_ref().err();
        telemetry::waiter_ended(R::OPERATION, self.name, calls, duration, error);
        outcome
    }

    async fn poll(
        &mut self,
        core: &Core,
        began: Duration,
        count: &mut u32,
    ) -> Result<Waited<R::Response>, Error<R::ServiceError>> {
        let timer = core.timer();
        let since = || timer.elapsed().saturating_sub(began);
        loop {
            *count = count.saturating_add(1);
            let calls = *count;
            let left = self.schedule.deadline.saturating_sub(since());
            let call = core.send(self.request.clone(), self.options.clone());
            let Some(answer) = within(timer, left, pin!(call)).await else {
                return Err(self.ended(calls, Reason::Deadline(self.schedule.deadline)));
            };
            let state = self.judge(answer.as_ref(), calls, since());
            match (state, answer) {
                (Some(State::Success), answer) => {
                    let response = answer.ok();
                    return Ok(Waited { response, calls });
                }
                (Some(State::Failure), _) => return Err(self.ended(calls, Reason::Failure)),
                (None, Err(error)) => return Err(error),
                (Some(State::Retry), _) | (None, Ok(_)) => {}
            }
            let left = self.schedule.deadline.saturating_sub(since());
            match pause(&self.schedule, calls, left, core.random().fraction()) {
                Some(delay) => {
                    telemetry::waiter_continues(R::OPERATION, self.name, calls, delay);
                    timer.sleep(delay).await;
                }
                None => {
                    return Err(self.ended(calls, Reason::Deadline(self.schedule.deadline)));
                }
            }
        }
    }

    /// Judges a response, and reports it to the listener.
    fn judge(&mut self, answer: Answer<'_, R>, calls: u32, elapsed: Duration) -> Option<State> {
        let state = (self.judge)(answer);
        if let Some(listener) = &mut self.listener {
            listener(Observation {
                calls,
                elapsed,
                answer,
                state: state.unwrap_or(match answer {
                    Ok(_) => State::Retry,
                    Err(_) => State::Failure,
                }),
            });
        }
        state
    }

    fn ended(&self, calls: u32, reason: Reason) -> Error<R::ServiceError> {
        let kind = match reason {
            Reason::Failure => ErrorKind::WaitFailed,
            Reason::Deadline(_) => ErrorKind::WaitTimeout,
        };
        let operation: &Operation = R::OPERATION;
        let ended = Ended {
            waiter: self.name,
            calls,
            reason,
        };
        Failure::new(kind, ended).during(operation.name, 0).into()
    }
}

impl<R: Request + Clone + Send + 'static> IntoFuture for Waiter<R> {
    type Output = Result<Waited<R::Response>, Error<R::ServiceError>>;

    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<R: Request> fmt::Debug for Waiter<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Waiter")
            .field("name", &self.name)
            .field("operation", &R::OPERATION.name)
            .field("schedule", &self.schedule)
            .finish_non_exhaustive()
    }
}

/// The pause after a call; `None` if there is no time for another call before the deadline. `chance` is at least 0
/// and less than 1.
#[inline]
fn pause(schedule: &Schedule, calls: u32, left: Duration, chance: f64) -> Option<Duration> {
    let Schedule {
        least_delay,
        greatest_delay,
        deadline: _,
    } = *schedule;
    let doubled = 2_u32
        .checked_pow(calls - 1)
        .and_then(|factor| least_delay.checked_mul(factor))
        .unwrap_or(greatest_delay);
    let most = doubled.min(greatest_delay).max(least_delay);
    let delay = least_delay.saturating_add((most - least_delay).mul_f64(chance));
    if left <= least_delay {
        return None;
    }
    // If the pause after this one would end too late, this one leaves time for one more call.
    if left.saturating_sub(delay) <= least_delay {
        return Some(left - least_delay);
    }
    Some(delay)
}

#[derive(Debug)]
enum Reason {
    Failure,
    Deadline(Duration),
}

#[derive(Debug)]
struct Ended {
    waiter: &'static str,
    calls: u32,
    reason: Reason,
}

impl fmt::Display for Ended {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            waiter,
            calls,
            reason,
        } = self;
        let times = if *calls == 1 { "time" } else { "times" };
        match reason {
            Reason::Failure => write!(
                formatter,
                "`{waiter}` called the operation {calls} {times}, and the last response is a state from which the \
                 expected one cannot be reached"
            ),
            Reason::Deadline(deadline) => write!(
                formatter,
                "`{waiter}` called the operation {calls} {times} in {deadline:?}, which is its deadline"
            ),
        }
    }
}

impl StdError for Ended {}
