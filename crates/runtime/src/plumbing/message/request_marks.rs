//! What must not be shown of a request.

use std::ops::Range;

use bytes::Bytes;
use http::HeaderName;

use crate::body::Body;
use crate::plumbing::json::marks::is_recording;
use crate::stand_in::Place;

/// The parts of a request that must not be shown.
#[derive(Clone, Default)]
pub(crate) struct RequestMarks {
    pub(crate) path: Vec<Range<usize>>,
    pub(crate) query: Vec<Range<usize>>,
    /// The headers whose names contain a key that must not be shown.
    pub(crate) header_names: Vec<HeaderName>,
    /// The body that the operation has written, before it is compressed; `None` if it is none of these, or if no client
    /// shows messages.
    pub(crate) body: Option<Written>,
}

/// A body that an operation has written, with what must not be shown of it.
#[derive(Clone)]
pub(crate) enum Written {
    /// JSON, and where its sensitive values begin.
    Json(Bytes, Vec<usize>),
    /// CBOR, and where its sensitive values begin.
    #[cfg(feature = "cbor")]
    Cbor(Bytes, Vec<usize>),
    /// A form, and its sensitive values.
    #[cfg(feature = "form")]
    Form(Bytes, Vec<Range<usize>>),
    /// XML, and its sensitive parts.
    #[cfg(feature = "xml-write")]
    Xml(Bytes, Vec<Range<usize>>),
}

impl Written {
    pub(crate) fn bytes(&self) -> &Bytes {
        match self {
            Self::Json(bytes, _) => bytes,
            #[cfg(feature = "cbor")]
            Self::Cbor(bytes, _) => bytes,
            #[cfg(feature = "form")]
            Self::Form(bytes, _) => bytes,
            #[cfg(feature = "xml-write")]
            Self::Xml(bytes, _) => bytes,
        }
    }
}

impl RequestMarks {
    /// Keeps a body that was written.
    #[inline(never)]
    pub(super) fn keep(&mut self, body: &Body, written: impl FnOnce(Bytes) -> Written) {
        if let (true, Body::Bytes(bytes)) = (is_recording(), body) {
            self.body = Some(written(bytes.clone()));
        }
    }

    /// Writes in these places of a body of JSON what is shown there.
    #[inline]
    pub(super) fn replace(&mut self, places: &[Place]) {
        let Some(Written::Json(bytes, _)) = &mut self.body else {
            return;
        };
        let mut text = bytes.to_vec();
        for place in places {
            text[place.range.clone()].copy_from_slice(place.shown().as_bytes());
        }
        *bytes = text.into();
    }

    /// The sensitive values of a form.
    #[cfg(feature = "form")]
    pub(crate) fn sensitive_form(&self) -> &[Range<usize>] {
        match &self.body {
            Some(Written::Form(_, sensitive)) => sensitive,
            _ => &[],
        }
    }

    /// Keeps a form that was written again.
    #[cfg(feature = "form")]
    pub(crate) fn keep_form(&mut self, body: &Body, sensitive: Vec<Range<usize>>) {
        self.keep(body, |bytes| Written::Form(bytes, sensitive));
    }
}
