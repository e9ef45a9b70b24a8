//! What is chosen for a call. A request carries it from the choice to its attempts, so this does not depend on requests.

use super::algorithm::Algorithm;

/// What is chosen for a call; every attempt does the same.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Chosen {
    /// The algorithm of the request.
    pub(super) request: Option<Algorithm>,
    /// The algorithms with which the response may be verified, by their names in the model.
    pub(super) response: &'static [&'static str],
}
