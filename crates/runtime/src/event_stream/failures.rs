//! The failures of an exchange with events.

use super::control::InputControl;
use super::error::FrameError;
use crate::body::BoxError;
use crate::error::{ErrorKind, Failure};
use crate::response_body;

/// The failure that an error of the messages of a response is. That of the request is kept as it is.
pub(crate) fn failure_of(error: BoxError) -> Failure {
    let error = match error.downcast::<Failure>() {
        Ok(failure) => return *failure,
        Err(error) => error,
    };
    let kind = match error.downcast_ref::<FrameError>() {
        Some(FrameError::Cut(..)) => ErrorKind::Io,
        Some(_) => ErrorKind::Decode,
        None => response_body::kind(&error),
    };
    Failure::new(kind, error)
}

/// Why the events of a request failed, if they did.
pub(crate) fn of_input(control: &InputControl) -> Option<Failure> {
    control.take_failure().map(failure_of)
}
