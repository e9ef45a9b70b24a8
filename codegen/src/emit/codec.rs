//! Selects the code that writes and reads bodies. This is the only place of emission that knows all codecs.

use super::form_read::FormReading;
use super::form_write::FormWriting;
use super::json_read::JsonReading;
use super::json_write::JsonWriting;
use super::reading::Reading;
use super::writing::{RequestWriting, ResponseWriting, Writing};
use super::xml_read::XmlReading;
use super::xml_write::XmlWriting;
use crate::plan::{End, Plan, RequestCodec, ResponseCodec};

/// The code that reads what the end of the plan receives.
pub(super) fn reading(plan: &Plan<'_>) -> &'static dyn Reading {
    match plan.end {
        End::Client => match plan.response_codec {
            ResponseCodec::Json => &JsonReading,
            ResponseCodec::Xml => &XmlReading,
        },
        End::Server { .. } => match plan.request_codec {
            RequestCodec::Json => &JsonReading,
            RequestCodec::Form => &FormReading,
        },
    }
}

/// The code that writes the values which the end of the plan sends.
pub(super) fn writing(plan: &Plan<'_>) -> &'static dyn Writing {
    match plan.end {
        End::Client => request_writing(plan),
        End::Server { .. } => response_writing(plan),
    }
}

/// The code that writes requests.
pub(super) fn request_writing(plan: &Plan<'_>) -> &'static dyn RequestWriting {
    match plan.request_codec {
        RequestCodec::Json => &JsonWriting,
        RequestCodec::Form => &FormWriting,
    }
}

/// The code that writes responses.
pub(super) fn response_writing(plan: &Plan<'_>) -> &'static dyn ResponseWriting {
    match plan.response_codec {
        ResponseCodec::Json => &JsonWriting,
        ResponseCodec::Xml => &XmlWriting,
    }
}
