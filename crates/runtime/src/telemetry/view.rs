//! How the sensitive parts of the messages of an operation are found.

use crate::plumbing::message::HttpResponse;

/// What the view of the wire and a recorder need of an operation.
#[derive(Clone, Copy)]
pub(crate) struct View {
    /// Whether the generated code names its sensitive members.
    pub(crate) is_marked: bool,
    /// Reads a response, or the error of this name, so that the response records what was read. Returns whether all of
    /// it was read.
    pub(crate) read: fn(HttpResponse, Option<&str>) -> bool,
}
