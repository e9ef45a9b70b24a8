//! What a server holds, in numbers.

/// How much data a service has for an account: see [`Local::contents`](crate::Local::contents).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contents {
    /// The name of the service in signatures.
    pub service: &'static str,
    /// The account.
    pub account_id: String,
    /// The region; `None` for AWS Support, which is global.
    pub region: Option<String>,
    /// How many cases there are, open or not.
    pub cases: usize,
    /// How many files cases have.
    pub files: usize,
    /// How many memberships there are, cancelled ones included; 0 for AWS Support.
    pub memberships: usize,
}
