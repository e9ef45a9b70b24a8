//! What a request knows about its response and its region beyond the message.

use crate::plumbing::operation::RegionRedirect;

/// What a request knows about its response.
#[derive(Clone, Copy, Default)]
pub(crate) struct Expected {
    /// Whether it may be an error although the status is 200.
    pub(crate) errors_in_success: bool,
    /// Whether texts in it are encoded because the client asked for that.
    pub(crate) encoded_texts: bool,
}

/// The region of a request, where it may be another one than that of the client.
#[derive(Clone, Default)]
pub(crate) struct Region {
    /// What the service says about a request that came to the wrong region.
    pub(crate) redirect: Option<&'static RegionRedirect>,
    /// The region in place of that of the client.
    pub(crate) name: Option<String>,
    /// Whether it was sent to the wrong region before.
    pub(crate) redirected: bool,
}
