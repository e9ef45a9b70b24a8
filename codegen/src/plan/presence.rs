//! Whether a field is always present.

use serde_json::Value;

use crate::model::{Member, TypeKind};

/// Whether a member is always present: in a client, and in the responses of a server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Demand<'m> {
    /// Always; if a response lacks it, it has the zero value.
    Required,
    /// Perhaps.
    Optional,
    /// Always; if a message lacks it, it has this value.
    Default(&'m Value),
}

impl<'m> Demand<'m> {
    /// The presence that results from the traits of a member (Smithy specification, "Structure member optionality").
    pub(super) fn of(member: &'m Member) -> Self {
        let streaming = matches!(
            member.ty.kind,
            TypeKind::StreamingBlob { .. } | TypeKind::EventStream(_)
        );
        match &member.default {
            // A stream is always present; an empty one is the default.
            _ if streaming && !member.input => Self::Required,
            _ if member.input || member.client_optional => Self::Optional,
            Some(value) => Self::Default(value),
            None if member.required => Self::Required,
            None => Self::Optional,
        }
    }
}
