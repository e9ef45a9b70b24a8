//! Responses that replace those of a service.

use crate::bodies;
use crate::fault::{Effects, When};
use crate::sigv4;
use crate::wire::{Protocol, Refusal, Request, Service};

/// A response that replaces that of the service.
pub(crate) fn instead(service: &Service, effects: &Effects) -> Option<Refusal> {
    let protocol = service.protocol;
    if let Some(asked) = effects.refused() {
        let mut refusal = Refusal::without_facts(service, asked.code, asked.status, asked.message);
        for (name, value) in asked.pause() {
            refusal.header(name, &value);
        }
        return Some(refusal);
    }
    if let Some(pause) = effects.throttle() {
        let status = match protocol {
            Protocol::RestJson1 => 429,
            _ => 400,
        };
        let mut refusal = Refusal::common(protocol, status, "ThrottlingException", "Rate exceeded");
        if let Some(pause) = pause {
            refusal.header("x-amz-retry-after", &pause.as_millis().to_string());
        }
        return Some(refusal);
    }
    if effects.is_unknown_error() {
        let text = "An error occurred that is in no model.";
        return Some(Refusal::common(protocol, 400, "BadDayException", text));
    }
    let status = effects.error(When::Before)?;
    Some(server_error(protocol, status))
}

pub(crate) fn server_error(protocol: Protocol, status: u16) -> Refusal {
    let code = match status {
        503 => "ServiceUnavailable",
        _ => "InternalFailure",
    };
    Refusal::common(protocol, status, code, "The service failed on purpose.")
}

pub(crate) fn too_large(protocol: Protocol) -> Refusal {
    let text = format!("A request has {} bytes at most.", bodies::LIMIT);
    Refusal::common(protocol, 413, "RequestEntityTooLargeException", &text)
}

pub(crate) fn unknown(message: &Request, protocol: Protocol) -> Refusal {
    let what = match message.header("x-amz-target") {
        Some(target) => format!("the target `{target}`"),
        None => format!("{} {}", message.method, message.path),
    };
    let status = if protocol == Protocol::RestJson1 {
        404
    } else {
        400
    };
    let signed = sigv4::signed_service(message).map_or_else(String::new, |service| {
        format!(" The request is signed for the service `{service}`.")
    });
    let text = format!("No operation of AWS Support or Security IR belongs to {what}.{signed}");
    Refusal::common(protocol, status, "UnknownOperationException", &text)
}
