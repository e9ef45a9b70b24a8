//! Injected faults: failures of networks and services that a test requests.
//!
//! A fault is written as `[OPERATION=]EFFECT[*TIMES][%PERCENT][: MESSAGE]`, on the command line, in the header
//! `x-attache-local-fault` of a single request whose signature is right, and for [`Fault::from_str`](std::str::FromStr):
//!
//! | effect | what happens |
//! |---|---|
//! | `throttle[:MS]` | refused with `ThrottlingException` (`SlowDown` for files), and `x-amz-retry-after` if given |
//! | `refuse:CODE[:STATUS[:MS]]` | refused with this error, before the operation is executed: see below |
//! | `error:STATUS:before` | the response has this status of 5xx, the operation is not executed |
//! | `error:STATUS:after` | the operation is executed, and the response has this status |
//! | `drop:before` | the connection ends without a response, the operation is not executed |
//! | `drop:after` | the operation is executed, and the connection ends without a response |
//! | `delay:MS` | the response is delayed by this time |
//! | `drip:MS` | the response is sent in ten pieces with this pause between them |
//! | `corrupt` | a byte in the middle of the response is wrong |
//! | `unknown-error` | refused with an error code that is in no model |
//! | `skew:SECONDS` | the header `Date` is wrong by this number of seconds, which may be negative |
//!
//! Operations are those of the models, and `PutUploadPart`, `PutCaseAttachment`, `GetAttachment` and
//! `GetCaseAttachment` for what happens at presigned URLs. A fault whose operation does not exist is refused when it is
//! added, because it would never apply.
//!
//! # Errors of a service
//!
//! [`Effect::Refuse`] sends any error in the form of the service's protocol. Without a status, the code must be one that
//! the model names for the operation, and the response has the status and the required members of the model (empty
//! texts, zeros, first values of enums); without an operation, the fault applies to the operations that have the error.
//! With a status, any code is sent, so that a test can see what its client does with a code that no model has. The pause
//! is sent as `x-amz-retry-after`, which AWS SDKs read, and as `retry-after` in whole seconds, rounded up.
//!
//! ```
//! use attache_local::{Effect, Fault, Local};
//! use attache_support::{Client, ServiceError};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let local = Local::builder().start().await?;
//! let client = Client::new(&local.config().build()?);
//!
//! local.add_fault(Fault::new(Effect::refuse("CaseIdNotFound")).on("ResolveCase").times(1))?;
//! let error = client.resolve_case().case_id("case-1").send().await.expect_err("it is refused");
//! assert!(matches!(error.service(), Some(ServiceError::CaseIdNotFound(_))));
//!
//! // The same as text, with a status and a message.
//! local.add_fault("ResolveCase=refuse:AccessDeniedException:400*1: You may not resolve cases.".parse()?)?;
//! let error = client.resolve_case().case_id("case-1").send().await.expect_err("it is refused");
//! assert_eq!((error.code(), error.status()), (Some("AccessDeniedException"), Some(400)));
//! assert_eq!(error.message(), Some("You may not resolve cases."));
//!
//! let misspelt = Fault::new(Effect::refuse("CaseIdNotfound")).on("ResolveCase");
//! let error = local.add_fault(misspelt).expect_err("the model has no such code");
//! assert!(error.to_string().contains("the modelled codes are CaseIdNotFound, "));
//! # Ok(())
//! # }
//! ```

mod check;
mod text;
mod waiting;

use std::fmt;
use std::time::Duration;

use attache_runtime::plumbing::causes;

pub(crate) use waiting::{Effects, Faults, Waiting};

/// The header with which a request requests a fault.
pub const FAULT_HEADER: &str = "x-attache-local-fault";

/// Whether a fault occurs before the operation is executed, or after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The operation is not executed.
    Before,
    /// The operation is executed, but the client does not receive its result.
    After,
}

/// The effect of a fault. See [the table](self).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// Too many requests; the value is that of `x-amz-retry-after`, in whole milliseconds.
    Throttle(Option<Duration>),
    /// An error of the service: see [above](self#errors-of-a-service), and [`refuse`](Self::refuse).
    Refuse {
        /// The code, such as `ConflictException`.
        code: String,
        /// The status, from 400 to 599; `None` stands for the status of the model, which must have the code.
        status: Option<u16>,
        /// The text for people; `None` stands for one that says that the refusal was requested.
        message: Option<String>,
        /// The pause before the next attempt that the response requests, in whole milliseconds.
        retry_after: Option<Duration>,
    },
    /// A response with this status, from 500 to 599.
    Error(u16, When),
    /// The end of the connection instead of a response.
    Drop(When),
    /// A delay before the request is handled.
    Delay(Duration),
    /// The response in ten pieces with this pause between them.
    Drip(Duration),
    /// A wrong byte in the middle of the response.
    Corrupt,
    /// An error code that is in no model.
    UnknownError,
    /// A header `Date` that is wrong by this number of seconds.
    Skew(i64),
}

impl Effect {
    /// The error with this code, as the model describes it.
    pub fn refuse(code: impl Into<String>) -> Self {
        Self::Refuse {
            code: code.into(),
            status: None,
            message: None,
            retry_after: None,
        }
    }
}

/// An effect, and the requests that it applies to.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    effect: Effect,
    operation: Option<String>,
    times: Option<u32>,
    percent: f64,
}

impl Fault {
    /// A fault that applies to every request.
    pub fn new(effect: Effect) -> Self {
        Self {
            effect,
            operation: None,
            times: None,
            percent: 100.0,
        }
    }

    /// Only requests of this operation, such as `CreateCase`.
    #[must_use]
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Only the next requests, this many.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Only this percentage of requests, at random: see [`Builder::seed`](crate::Builder::seed).
    #[must_use]
    pub fn percent(mut self, percent: f64) -> Self {
        self.percent = percent;
        self
    }
}

/// A text that is no fault, or a fault that cannot apply to a request.
#[derive(Clone, PartialEq, Eq)]
pub struct FaultError(String);

impl fmt::Display for FaultError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for FaultError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            formatter.debug_tuple("FaultError").field(&self.0).finish()
        })
    }
}

impl std::error::Error for FaultError {}
