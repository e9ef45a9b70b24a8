//! What a rule finds.

/// Something that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// The name of the rule.
    pub(super) rule: &'static str,
    /// The file, and its part if the rule is about a part of it. This is the key of an exception.
    pub(super) place: String,
    /// The number of lines, if the rule counts them; otherwise 0.
    pub(super) measure: usize,
    /// What is wrong, and what to do.
    pub(super) message: String,
}
