//! Selects the code that writes and reads bodies. This is the only place of emission that knows all codecs.

use super::form_read::FormReading;
use super::form_write::FormWriting;
use super::object_codec::{CBOR_CODEC, JSON_CODEC};
use super::reading::Reading;
use super::writing::{EventWriting, RequestWriting, ResponseWriting, Writing};
use super::xml_read::XmlReading;
use super::xml_write::XmlWriting;
use crate::plan::{End, Plan, RequestCodec, ResponseCodec};

/// The code that reads what the end of the plan receives.
pub(super) fn reading(plan: &Plan<'_>) -> &'static dyn Reading {
    match plan.end {
        End::Client => match plan.response_codec {
            ResponseCodec::Json => &JSON_CODEC,
            ResponseCodec::Cbor => &CBOR_CODEC,
            ResponseCodec::Xml => &XmlReading,
        },
        End::Server { .. } => match plan.request_codec {
            RequestCodec::Json => &JSON_CODEC,
            RequestCodec::Cbor => &CBOR_CODEC,
            RequestCodec::Form => &FormReading,
            RequestCodec::Xml => &XmlReading,
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
        RequestCodec::Json => &JSON_CODEC,
        RequestCodec::Cbor => &CBOR_CODEC,
        RequestCodec::Form => &FormWriting,
        RequestCodec::Xml => &XmlWriting,
    }
}

/// The code that writes events. Protocols with forms have none.
pub(super) fn event_writing(plan: &Plan<'_>, is_sent: bool) -> &'static dyn EventWriting {
    let is_xml = match is_sent {
        true => plan.request_codec == RequestCodec::Xml,
        false => plan.response_codec == ResponseCodec::Xml,
    };
    match plan.request_codec {
        RequestCodec::Cbor => &CBOR_CODEC,
        _ if is_xml => &XmlWriting,
        _ => &JSON_CODEC,
    }
}

/// The code that writes responses.
pub(super) fn response_writing(plan: &Plan<'_>) -> &'static dyn ResponseWriting {
    match plan.response_codec {
        ResponseCodec::Json => &JSON_CODEC,
        ResponseCodec::Cbor => &CBOR_CODEC,
        ResponseCodec::Xml => &XmlWriting,
    }
}
