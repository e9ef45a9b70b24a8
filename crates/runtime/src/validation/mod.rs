//! Validation of a request against the documented constraints of the service, before anything is sent.
//!
//! A service responds to a request that violates a constraint with an error, one at a time and after a round trip. The
//! constraints are in its model, and those that only its documentation states are in the overlay of the client. A
//! client can therefore find all violations at once and without a network. [`Violations`] has the path, the constraint,
//! the limit, the found value and the source of each.
//!
//! # Texts
//!
//! `Display` is short, with the names of Rust fields and with units: `communication_body: 8001 characters, at most 8000`.
//! A pattern is described in words where it has short ones: `account_id: expected 12 digits (an AWS account id)`.
//! [`Violation::message`] and [`Violations::message`] are the texts of the service.
//!
//! # Levels
//!
//! A client may be older than its service, and the service may have lifted a limit. Therefore there are
//! [levels](Level):
//!
//! | level | what is checked |
//! |---|---|
//! | [`Off`](Level::Off) | nothing; a value that cannot be sent at all, such as an empty label in a path, is still an error |
//! | [`Structural`](Level::Structural) | that required members are present |
//! | [`Documented`](Level::Documented), the default | also lengths, ranges, patterns, unique elements, and the rules of the documentation |
//! | [`Strict`](Level::Strict) | also that enums have values of the model, and the recommendations of the documentation |
//!
//! # Switching checks off
//!
//! If the service has lifted a limit that the client still has, lower the level: for a client with
//! [`ConfigBuilder::validation`](crate::ConfigBuilder::validation), for some calls with `Client::with_validation`, for
//! one call with `validation` on its builder. Nothing else changes: the service checks every request itself.
//!
//! # Responses are never checked
//!
//! A response that violates a constraint (because of an older record, a lifted limit, or an error in the model) must
//! still reach the user, so constraints on responses are documentation only. For the same reason enums are open:
//! unknown values are accepted, except at [`Level::Strict`].
//!
//! # Cost
//!
//! Validation takes time linear in the size of the request. For a valid request it allocates nothing, except for lists
//! of unique elements with more than 1024 elements. Patterns are tables that were computed when the client was
//! generated: a client contains no regular expression engine, and no pattern is slow. At most [`LIMIT`] violations are
//! kept, the rest is counted.

mod violation;

use std::fmt;

pub use violation::{Constraint, Found, Provenance, Violation, Violations};

/// How many violations are kept; further ones are only counted ([`Violations::omitted`]).
pub const LIMIT: usize = 100;

/// Which constraints are checked before a request is sent. See [the module](self) for the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// Nothing.
    Off,
    /// Required members.
    Structural,
    /// All constraints that the model and the documentation state.
    #[default]
    Documented,
    /// Also closed enums and recommendations, which may be outdated for a newer service.
    Strict,
}

impl fmt::Display for Level {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Off => "off",
            Self::Structural => "structural",
            Self::Documented => "documented",
            Self::Strict => "strict",
        })
    }
}
