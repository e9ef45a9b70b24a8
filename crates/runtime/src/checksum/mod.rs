//! Checksums of requests and responses (`aws.protocols#httpChecksum`).
//!
//! Generated code says what the model says of an operation. Which algorithm a request gets depends on the configuration,
//! and where the checksum stands depends on the endpoint; both are known to the core only. The rules are those of
//! botocore 1.44.8:
//!
//! * The algorithm is the one that the caller names, else CRC32 if the operation requires a checksum, or if it takes one
//!   and the configuration says so. A checksum that the caller sets is sent as it is, and nothing is computed.
//! * The checksum is a header. A streaming operation over TLS sends it after the body instead, so that the body is read
//!   once. Over plain HTTP such a body is signed, in chunks where it is a stream.
//! * A response is verified with the first algorithm of [`algorithm::BY_PRIORITY`] of which it has a checksum.

mod algorithm;
mod choice;
mod chosen;
mod chunked;
mod place;
mod verified;

pub(crate) use self::choice::{choose, feature_ids};
pub(crate) use self::chosen::Chosen;
pub(crate) use self::place::{Chunks, Route, place};
pub(crate) use self::verified::{Mismatch, verified};
