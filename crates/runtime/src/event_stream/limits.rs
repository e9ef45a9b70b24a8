//! The limits of messages (Smithy specification, "Amazon Event Stream Specification").

/// The maximum length of the headers, in bytes.
pub const MAX_HEADERS: usize = 128 * 1024;
/// The maximum length of a payload, in bytes.
pub const MAX_PAYLOAD: usize = 24 * 1024 * 1024;
