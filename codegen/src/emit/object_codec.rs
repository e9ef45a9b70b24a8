//! The codecs of objects with named members: JSON, and CBOR. Their readers and writers in the runtime have functions of the
//! same names, so one emitter prints the code of both.

use proc_macro2::{Ident, TokenStream};

use super::imports::{CBOR, Import, JSON};
use super::redaction::hides;
use super::types::ident;
use super::value::timestamp_format;
use crate::model::TimestampFormat;
use crate::plan::reserved::{Reserved, constructors, methods};
use crate::plan::{Plan, Type};

/// What differs between the codecs.
pub(super) struct ObjectCodec {
    /// The module of the runtime.
    pub(super) module: Import,
    /// The function that reads a value.
    pub(super) read: Reserved,
    /// The function that writes a value.
    pub(super) write: Reserved,
    /// The function that computes the length of a body.
    pub(super) capacity: Reserved,
    /// The function of a message that reads or sets its body.
    message: &'static str,
    /// An object without members.
    pub(super) empty: &'static [u8],
    /// Whether the view of the wire shows the text, so that the code names what must not be shown; and whether models have
    /// a say in the format of timestamps.
    pub(super) is_text: bool,
}

pub(super) static JSON_CODEC: ObjectCodec = ObjectCodec {
    module: JSON,
    read: constructors::READ_JSON,
    write: methods::WRITE_JSON,
    capacity: methods::JSON_CAPACITY,
    message: "json",
    empty: b"{}",
    is_text: true,
};

pub(super) static CBOR_CODEC: ObjectCodec = ObjectCodec {
    module: CBOR,
    read: constructors::READ_CBOR,
    write: methods::WRITE_CBOR,
    capacity: methods::CBOR_CAPACITY,
    message: "cbor",
    empty: b"\xa0",
    is_text: false,
};

impl ObjectCodec {
    /// The function of a message that reads or sets its body.
    pub(super) fn message(&self) -> Ident {
        ident(self.message)
    }

    /// Whether the value of a member is named as one that must not be shown.
    pub(super) fn marks(&self, plan: &Plan<'_>, ty: &Type<'_>, is_sensitive: bool) -> bool {
        self.is_text && (is_sensitive || hides(plan, ty))
    }

    /// The format of a timestamp, as the last argument of a function.
    pub(super) fn format(&self, format: Option<TimestampFormat>) -> Option<TokenStream> {
        let format = format.unwrap_or(TimestampFormat::EpochSeconds);
        self.is_text.then(|| timestamp_format(format))
    }
}
