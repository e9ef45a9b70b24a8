//! How a case ended.

use super::transport::Sent;

/// What happened in a case.
pub enum Outcome {
    /// A request was sent.
    Sent(Sent),
    /// The response or the error is as expected.
    Same,
    /// It is not.
    Different { wanted: String, came: String },
    /// It never came to that.
    Failed(String),
}
