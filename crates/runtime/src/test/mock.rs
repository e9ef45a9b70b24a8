//! A transport that responds by rules.

use std::any::type_name;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::config;
use super::response::Respond;
use super::rule::{Answer, Plan, Rule};
use super::sent::{Copied, Sent};
use crate::body::{Body, ByteStream};
use crate::transport::{Transport, TransportError, TransportErrorKind};
use crate::{BoxFuture, ConfigBuilder};

/// A [`Transport`] that gives each request the response of the first rule that matches it.
///
/// A request that no rule matches fails with [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) and is not
/// retried; the message names the operation, the request and the rules. Sensitive members are hidden in it.
///
/// Every attempt of a call is a request: the first response of a rule may be an error, and the second the success of
/// the retry. Clones share rules and counts.
#[derive(Clone, Default)]
pub struct Mock(Arc<State>);

#[derive(Default)]
struct State {
    rules: Mutex<Vec<Arc<Plan>>>,
    requests: Mutex<Vec<Copied>>,
    unmatched: Mutex<Vec<String>>,
}

impl Mock {
    /// A mock without rules.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a rule after the others.
    #[must_use]
    pub fn rule<R>(self, rule: Rule<R>) -> Self {
        locked(&self.0.rules).push(Arc::new(rule.plan));
        self
    }

    /// A configuration with this mock as its transport: see [`config`].
    pub fn config(&self) -> ConfigBuilder {
        config(self.clone())
    }

    /// The requests of this type that were sent, in their order, whether a rule matched them or not.
    pub fn requests<R: Respond>(&self) -> Vec<Arc<R>> {
        locked(&self.0.requests)
            .iter()
            .filter_map(Copied::get)
            .collect()
    }

    /// How many requests of this type were sent.
    pub fn count<R: Respond>(&self) -> usize {
        self.requests::<R>().len()
    }

    /// Checks that every response of every rule was given, and that every request matched a rule.
    ///
    /// # Panics
    /// If that is not so. The message names the rules by their lines, and the requests.
    #[track_caller]
    pub fn assert_all_used(&self) {
        let rules = locked(&self.0.rules).clone();
        let mut problems: Vec<String> = rules.iter().filter_map(|rule| rule.unused()).collect();
        problems.extend(locked(&self.0.unmatched).iter().cloned());
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    fn respond(&self, sent: Option<&Sent>) -> Answer {
        let Some(sent) = sent else {
            let text = "a mock responds to calls of operations only, and this is another request: \
                        configure credentials, so that the client requests none";
            return Answer::Lost(TransportErrorKind::Setup, text.to_owned());
        };
        let operation = sent.operation.name;
        let Some(request) = &sent.request else {
            let text = format!(
                "{operation}: the client crate was built without its feature `test-util`, so a mock does not see its \
                 requests"
            );
            return Answer::Lost(TransportErrorKind::Setup, text);
        };
        locked(&self.0.requests).push(request.clone());
        let rules = locked(&self.0.rules).clone();
        match rules.iter().find_map(|rule| rule.answer(request)) {
            Some(answer) => answer,
            None => {
                let text = unmatched(operation, request, &rules);
                locked(&self.0.unmatched).push(text.clone());
                Answer::Lost(TransportErrorKind::Setup, text)
            }
        }
    }
}

/// Why a request got no response.
fn unmatched(operation: &str, request: &Copied, rules: &[Arc<Plan>]) -> String {
    let (same, others): (Vec<_>, Vec<_>) = rules
        .iter()
        .partition(|rule| rule.operation.name == operation);
    let list = |rules: &[&Arc<Plan>]| {
        let lines: Vec<String> = rules.iter().map(|rule| rule.to_string()).collect();
        match lines.is_empty() {
            true => "none".to_owned(),
            false => lines.join(", "),
        }
    };
    format!(
        "no rule of the mock matches this request of {operation}: {request:?}; rules for {operation}: {}; other rules: {}",
        list(&same),
        list(&others)
    )
}

impl Transport for Mock {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let answer = self.respond(request.extensions().get());
        Box::pin(async move {
            match answer {
                Answer::Response(response) => Ok(response.map(ByteStream::from)),
                Answer::Lost(kind, text) => Err(TransportError::new(kind, text)),
            }
        })
    }
}

impl fmt::Debug for Mock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rules = locked(&self.0.rules);
        let rules = rules.iter().map(|rule| rule.to_string());
        formatter.write_str("Mock ")?;
        formatter.debug_list().entries(rules).finish()
    }
}

impl<R> fmt::Debug for Rule<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Rule<{}>({})", type_name::<R>(), self.plan)
    }
}

/// A function of a rule that panics leaves the lists as they are.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
