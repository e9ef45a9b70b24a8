//! The result of a case.

use super::transport::Sent;

/// What happened in a case.
pub enum Outcome {
    /// A request was sent.
    Sent(Sent),
    /// The response or the error is as expected.
    Same,
    /// It is not.
    Different { wanted: String, came: String },
    /// The call did not get that far.
    Failed(String),
}
