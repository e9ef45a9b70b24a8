//! No TLS: for tests, and for endpoints on this machine.

use crate::body::BoxError;

/// The connector as it is.
pub(in super::super) type Https<C> = C;

/// Nothing.
#[derive(Clone)]
pub(in super::super) struct Tls;

impl Tls {
    /// Whether there is TLS at all.
    pub(in super::super) const IS_THERE: bool = false;

    #[expect(clippy::unnecessary_wraps, reason = "the variants with TLS can fail")]
    pub(in super::super) fn new() -> Result<Self, BoxError> {
        Ok(Self)
    }

    pub(in super::super) fn to_service<C>(&self, connector: C) -> Https<C> {
        connector
    }

    pub(in super::super) fn to_proxy<C>(&self, connector: C) -> Https<C> {
        connector
    }
}
