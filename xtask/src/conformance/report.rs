//! What the command says at the end.

/// What a run found.
#[derive(Debug)]
pub struct Report {
    /// The text for the user.
    pub text: String,
    /// Whether a case failed.
    pub failed: bool,
}
