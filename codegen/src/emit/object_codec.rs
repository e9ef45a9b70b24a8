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
    /// The function of a refusal that returns the writer of its members.
    refusal: &'static str,
    /// An object without members.
    pub(super) empty: &'static [u8],
    /// Whether it is text: models say how timestamps are written, and ends of lists and maps are written.
    pub(super) is_text: bool,
}

pub(super) static JSON_CODEC: ObjectCodec = ObjectCodec {
    module: JSON,
    read: constructors::READ_JSON,
    write: methods::WRITE_JSON,
    capacity: methods::JSON_CAPACITY,
    message: "json",
    refusal: "members",
    empty: b"{}",
    is_text: true,
};

pub(super) static CBOR_CODEC: ObjectCodec = ObjectCodec {
    module: CBOR,
    read: constructors::READ_CBOR,
    write: methods::WRITE_CBOR,
    capacity: methods::CBOR_CAPACITY,
    message: "cbor",
    refusal: "cbor_members",
    empty: b"\xa0",
    is_text: false,
};

impl ObjectCodec {
    /// The function of a message that reads or sets its body.
    pub(super) fn message(&self) -> Ident {
        ident(self.message)
    }

    /// The function of a refusal that returns the writer of its members.
    pub(super) fn refusal_members(&self) -> Ident {
        ident(self.refusal)
    }

    /// Whether the value of a member is named as one that must not be shown.
    pub(super) fn marks(&self, plan: &Plan<'_>, ty: &Type<'_>, is_sensitive: bool) -> bool {
        is_sensitive || hides(plan, ty)
    }

    /// The format of a timestamp, as the last argument of a function.
    pub(super) fn format(&self, format: Option<TimestampFormat>) -> Option<TokenStream> {
        let format = format.unwrap_or(TimestampFormat::EpochSeconds);
        self.is_text.then(|| timestamp_format(format))
    }
}
