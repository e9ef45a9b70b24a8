//! Arbitrary requests and responses for property tests: the feature `proptest` of a client crate.
//!
//! Code that uses a client must handle more requests and responses than hand-written tests cover: texts of one
//! character or of eight thousand, characters outside of the Basic Multilingual Plane, empty lists, absent members,
//! unknown enum values. Every request, response, error and part of them implements [`Arbitrary`], so
//! `any::<CreateCaseRequest>()` generates them.
//!
//! # Levels
//!
//! Requests satisfy the constraints of a [`Level`](crate::validation::Level), which is the parameter of its
//! [`Arbitrary`]:
//!
//! | parameter | requests |
//! |---|---|
//! | [`Level::Strict`](crate::validation::Level::Strict) | pass every check: enums have known values, recommended members are there |
//! | [`Level::Documented`](crate::validation::Level::Documented), the default | pass the checks of a client as it is configured by default; some enum values are unknown |
//! | [`Level::Structural`](crate::validation::Level::Structural) | have all required members; their values break constraints more often than not |
//! | [`Level::Off`](crate::validation::Level::Off) | are what the types can hold |
//!
//! Responses need not satisfy any constraint, because [responses are never checked](crate::validation): a service may
//! send longer texts and newer values than it documents. So responses and errors have no parameter. A type that is both
//! sent and received has the parameter; at `Level::Off`, its values are those that a service may send.
//!
//! # How texts are made
//!
//! A text that has a pattern is a random walk through the table that validation reads as well, of a length that the
//! constraint on lengths allows; no engine for regular expressions is needed, and nothing is rejected. Lengths and
//! numbers have their minimum and maximum values more often than a uniform choice would give. Values shrink to shorter
//! texts, simpler characters, fewer elements and absent members, and still satisfy their constraints.

pub use proptest;
pub use proptest::arbitrary::Arbitrary;
