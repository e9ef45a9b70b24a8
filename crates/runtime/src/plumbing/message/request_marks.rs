//! What must not be shown of a request.

use std::ops::Range;

use bytes::Bytes;
use http::HeaderName;

use crate::body::Body;
use crate::plumbing::json::marks::is_recording;

/// The parts of a request that must not be shown.
#[derive(Clone, Default)]
pub(crate) struct RequestMarks {
    pub(crate) path: Vec<Range<usize>>,
    pub(crate) query: Vec<Range<usize>>,
    /// The headers whose names contain a key that must not be shown.
    pub(crate) header_names: Vec<HeaderName>,
    /// The JSON that the operation has written, before it is compressed, and where its sensitive values begin; `None`
    /// if there is none, or if no client shows messages.
    pub(crate) body: Option<(Bytes, Vec<usize>)>,
    /// The same of a form, with its sensitive values.
    #[cfg(feature = "form")]
    pub(crate) form: Option<(Bytes, Vec<Range<usize>>)>,
}

impl RequestMarks {
    /// Keeps a JSON body that was written, with the beginnings of its sensitive values.
    pub(super) fn keep(&mut self, body: &Body, sensitive: Vec<usize>) {
        if let (true, Body::Bytes(bytes)) = (is_recording(), body) {
            self.body = Some((bytes.clone(), sensitive));
        }
    }

    /// Keeps a form that was written, with its sensitive values.
    #[cfg(feature = "form")]
    pub(super) fn keep_form(&mut self, body: &Body, sensitive: Vec<Range<usize>>) {
        if let (true, Body::Bytes(bytes)) = (is_recording(), body) {
            self.form = Some((bytes.clone(), sensitive));
        }
    }
}
