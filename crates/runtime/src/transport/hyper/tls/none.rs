//! No TLS: for tests, and for endpoints on this machine.

use std::convert::Infallible;
use std::path::Path;

use super::{Encrypted, Peer};
use crate::transport::hyper::setup::SetupError;
use crate::transport::hyper::stream::Layer;

/// There is none.
#[derive(Clone)]
pub(in super::super) struct Tls(Infallible);

impl Tls {
    pub(in super::super) fn new(_bundle: Option<&Path>) -> Result<Self, SetupError> {
        Err(SetupError::new(
            "there is no TLS: enable one of the features `rustls-ring`, `rustls-aws-lc-rs` and `native-tls`",
        ))
    }

    pub(super) async fn encrypt(&self, _layer: Layer, _host: &str, _peer: Peer) -> Encrypted {
        match self.0 {}
    }

    /// Nothing is asked for.
    #[cfg(feature = "http2")]
    pub(in super::super) fn offers_nothing(_error: &(dyn std::error::Error + 'static)) -> bool {
        false
    }
}
