//! Validation of a request against what the service documents, before anything is sent.
//!
//! A service answers a request that breaks a limit with an error, one at a time and after a round trip. The limits are
//! in its model, and those that only its documentation states are in the overlay that the client was generated from.
//! So a client can find all of them at once and without a network: as [`Violations`], each with the place, the
//! constraint, the limit, what was found and who says so. Message texts are those of the service.
//!
//! # Levels
//!
//! A client may be older than its service, and limits are lifted. So there are [levels](Level):
//!
//! | level | what is checked |
//! |---|---|
//! | [`Off`](Level::Off) | nothing; what cannot be sent at all, such as an empty label in a path, is still an error |
//! | [`Structural`](Level::Structural) | that required members are there |
//! | [`Documented`](Level::Documented), the default | also lengths, ranges, patterns, unique elements, and the rules of the documentation |
//! | [`Strict`](Level::Strict) | also that enums have values that the model knows, and what the documentation only recommends |
//!
//! # Switching checks off
//!
//! When a limit was lifted and the client does not know yet, lower the level: for a client with
//! [`ConfigBuilder::validation`](crate::ConfigBuilder::validation), for some calls with `Client::with_validation`, for
//! one call with `validation` on its builder. Nothing else changes: the service checks every request itself.
//!
//! # Responses are never checked
//!
//! What a service sends is what it has. A limit that it broke itself (an older record, a lifted limit, a model that
//! was wrong) is no reason to withhold the answer from its user, so constraints on responses are documentation. For the
//! same reason enums are open: a value that the client does not know passes, but for [`Level::Strict`].
//!
//! # Cost
//!
//! A check takes time linear in the request and allocates nothing for a valid one, but for lists of unique elements
//! with more than 1024 elements. Patterns are tables that were made when the client was generated: no engine for
//! regular expressions is part of a client, and there is no pattern that takes long. At most [`LIMIT`] violations are
//! kept, the rest is counted.

mod violation;

use std::fmt;

pub use violation::{Constraint, Found, Provenance, Violation, Violations};

/// How many violations are kept; further ones are only counted ([`Violations::omitted`]).
pub const LIMIT: usize = 100;

/// How much of a request is checked before it is sent. See [the module](self) for the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// Nothing.
    Off,
    /// Required members.
    Structural,
    /// Whatever the model and the documentation state.
    #[default]
    Documented,
    /// Also closed enums and recommendations, which a newer service may have outgrown.
    Strict,
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Off => "off",
            Self::Structural => "structural",
            Self::Documented => "documented",
            Self::Strict => "strict",
        })
    }
}
