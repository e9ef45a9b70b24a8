//! What came of a service.

use std::time::Duration;

/// A service and how its generation ended.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) time: Duration,
    pub(super) outcome: Outcome,
}

/// How the generation of a service ended.
#[derive(Debug)]
pub(super) enum Outcome {
    Generated(Generated),
    Refused(String),
    Panicked(String),
}

/// What was generated for a service.
#[derive(Debug)]
pub(super) struct Generated {
    pub(super) operations: usize,
    pub(super) types: usize,
    pub(super) lines: usize,
    /// The hash of its files.
    pub(super) digest: [u8; 32],
    /// What the crate lacks, with the reasons.
    pub(super) left_out: Vec<String>,
}
