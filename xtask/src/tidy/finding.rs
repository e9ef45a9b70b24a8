//! What a rule finds.

/// Something that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// The name of the rule.
    pub(super) rule: &'static str,
    /// The file, and what in it where the rule is about a part of it: the key of an exception.
    pub(super) place: String,
    /// How many lines there are, where the rule counts; 0 elsewhere.
    pub(super) measure: usize,
    /// What is wrong, and what to do.
    pub(super) message: String,
}
