//! The cargo features that a crate needs.

use serde_json::Value;

use super::codecs::{RequestCodec, ResponseCodec};
use crate::model::customization::Form;
use crate::model::{Binding, Definition, Member, Operation, Scheme, Service, TypeKind};

/// The features that a crate has by default.
pub(super) fn defaults(service: &Service) -> Vec<&'static str> {
    let mut features = vec!["rustls-ring"];
    // HTTP/2 adds code to every user's program, so it is on only if the model says that the service supports it.
    let sends_events = service.operations.iter().any(|operation| {
        let mut members = service.type_definition(operation.request).members().iter();
        members.any(is_event_stream)
    });
    // Events are sent over HTTP/2 only.
    if service.http2.of_all || sends_events || (service.http2.of_streams && has_events(service)) {
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
    let has_digest = |operation: &Operation| {
        let mut forms = operation.customization.forms.iter();
        forms.any(|(_, form)| matches!(form, Form::KeyWithMd5(_)))
    };
    if any(|operation| operation.content_md5) || any(has_digest) {
        features.push("content-md5");
    }
    if RequestCodec::of(service.protocol) == RequestCodec::Form {
        features.push("form");
    }
    if any(|operation| operation.discovery.is_some()) {
        features.push("endpoint-discovery");
    }
    if has_events(service) {
        features.push("event-stream");
    }
    if service.has_checksums() {
        features.push("http-checksum");
    }
    if service
        .operations
        .iter()
        .any(|operation| names_xxhash(service, operation))
    {
        features.push("xxhash");
    }
    if any(|operation| operation.gzip) {
        features.push("request-compression");
    }
    let takes = |scheme: Scheme| {
        let mut operations = service.operations.iter();
        operations.any(|operation| operation.schemes.contains(&scheme))
    };
    let rules = [&service.endpoint_rules, &service.endpoint_bdd];
    let in_rules = rules
        .into_iter()
        .flatten()
        .any(|rules| name_scheme(rules, "sigv4a"));
    if takes(Scheme::SigV4a) || in_rules {
        features.push("sigv4a");
    }
    if takes(Scheme::Bearer) {
        features.push("bearer");
    }
    if ResponseCodec::of(service.protocol) == ResponseCodec::Xml {
        features.push("xml");
    }
    if RequestCodec::of(service.protocol) == RequestCodec::Xml {
        features.push("xml-write");
    }
    features
}

/// The features of the runtime that only the mocks of some services need.
pub(super) fn of_mocks(service: &Service) -> Vec<&'static str> {
    match ResponseCodec::of(service.protocol) {
        ResponseCodec::Xml => vec!["xml-write"],
        ResponseCodec::Json | ResponseCodec::Cbor => Vec::new(),
    }
}

/// Whether the checksums of an operation may be of the XXH family.
fn names_xxhash(service: &Service, operation: &Operation) -> bool {
    let Some(checksum) = &operation.http_checksum else {
        return false;
    };
    let is_one = |name: &str| name.starts_with("XXHASH");
    let mut of_response = checksum.response.iter().flat_map(|of| &of.algorithms);
    if of_response.any(|name| is_one(name)) {
        return true;
    }
    let header = checksum.request.as_ref();
    let header = header.and_then(|of| of.algorithm_header.as_ref());
    let mut members = service.type_definition(operation.request).members().iter();
    let named = members.find(|member| match (&member.binding, header) {
        (Binding::Header(name), Some(header)) => name == header,
        _ => false,
    });
    named.is_some_and(|member| match &member.ty.kind {
        TypeKind::Named(id) => match &service.type_definition(*id).definition {
            Definition::Enum(values) => values.iter().any(|value| is_one(&value.value)),
            _ => false,
        },
        _ => false,
    })
}

fn has_events(service: &Service) -> bool {
    service.operations.iter().any(|operation| {
        let [request, response] = [operation.request, operation.response];
        let members = [request, response].map(|id| service.type_definition(id).members());
        members.into_iter().flatten().any(is_event_stream)
    })
}

fn is_event_stream(member: &Member) -> bool {
    matches!(member.ty.kind, TypeKind::EventStream(_))
}

/// Whether an endpoint in these rules is authenticated by the scheme.
fn name_scheme(rules: &Value, scheme: &str) -> bool {
    match rules {
        Value::Array(items) => items.iter().any(|item| name_scheme(item, scheme)),
        Value::Object(members) => members.iter().any(|(key, value)| match value.as_array() {
            Some(schemes) if key == "authSchemes" => {
                schemes.iter().any(|entry| entry["name"] == scheme)
            }
            _ => name_scheme(value, scheme),
        }),
        _ => false,
    }
}
