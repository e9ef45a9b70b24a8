//! The cargo features that a crate needs.

use super::codecs::{RequestCodec, ResponseCodec};
use crate::model::{Operation, Service};

/// The features that a crate has by default.
pub(super) fn defaults(service: &Service) -> Vec<&'static str> {
    let mut features = vec!["rustls-ring"];
    // HTTP/2 adds code to every user's program, so it is on only if the model says that the service supports it.
    if service.http2 {
        features.push("http2");
    }
    features.extend(["tracing", "credential-chain"]);
    features
}

/// The features of the runtime that only some services need.
pub(super) fn of_runtime(service: &Service) -> Vec<&'static str> {
    let any = |needs: fn(&Operation) -> bool| service.operations.iter().any(needs);
    let mut features = Vec::new();
    if RequestCodec::of(service.protocol) == RequestCodec::Cbor {
        features.push("cbor");
    }
    if any(|operation| operation.checksum_required) {
        features.push("content-md5");
    }
    if RequestCodec::of(service.protocol) == RequestCodec::Form {
        features.push("form");
    }
    if any(|operation| operation.gzip) {
        features.push("request-compression");
    }
    if ResponseCodec::of(service.protocol) == ResponseCodec::Xml {
        features.push("xml");
    }
    features
}
