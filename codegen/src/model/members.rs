//! Checks that the places of members and the patterns of operations agree.

use std::collections::BTreeMap;

use super::{Binding, Member, Operation, Segment, Service, Type, TypeKind};
use crate::error::{Error, Result};

/// Every label of a pattern has its member and every member with a label its pattern; a message has one payload.
pub(super) fn validate(service: &Service) -> Result<()> {
    for operation in &service.operations {
        let members = service.type_definition(operation.request).members();
        validate_labels(operation, members).map_err(|error| error.at(&operation.id))?;
        for message in [operation.request, operation.response] {
            let members = service.type_definition(message).members();
            // In protocols without HTTP bindings, the other members are in a message of their own.
            let is_shared = !service.protocol.binds_http() && members.iter().any(is_event_stream);
            validate_message(members, is_shared)?;
        }
    }
    for error in &service.errors {
        validate_message(service.type_definition(*error).members(), false)?;
    }
    for definition in &service.types {
        validate_json_names(definition.members())?;
        if definition.event_stream.is_some() {
            for event in definition.members() {
                if let TypeKind::Named(id) = event.ty.kind {
                    validate_payload(service.type_definition(id).members())?;
                }
            }
        }
    }
    Ok(())
}

/// Checks the members of a request, a response or an error.
fn validate_message(members: &[Member], is_shared: bool) -> Result<()> {
    if !is_shared {
        validate_payload(members)?;
    }
    let mut headers: BTreeMap<&str, &Member> = BTreeMap::new();
    for member in members
        .iter()
        .filter(|member| member.binding != Binding::Body)
    {
        validate_place(&member.ty, &member.binding).map_err(|error| error.at(&member.id))?;
        let (name, suffix) = match &member.binding {
            Binding::Header(name) => (name, ""),
            // Keys complete the prefix.
            Binding::PrefixHeaders(prefix) => (prefix, "x"),
            _ => continue,
        };
        if !is_token(&format!("{name}{suffix}")) {
            return Err(Error::new(format!("`{name}` is not an HTTP header name")).at(&member.id));
        }
        // Behind a tolerant member comes the one with the text of its header.
        let other = headers.insert(name, member);
        let other = other.filter(|other| !other.is_tolerant);
        if let (Binding::Header(_), Some(other)) = (&member.binding, other) {
            return Err(Error::new(format!(
                "the members `{}` and `{}` are both bound to the header `{name}`",
                other.name, member.name
            ))
            .at(&member.id));
        }
    }
    Ok(())
}

fn is_event_stream(member: &Member) -> bool {
    matches!(member.ty.kind, TypeKind::EventStream(_))
}

/// A token of RFC 9110 section 5.6.2, in lower case: which `HeaderName::from_static` accepts without a panic.
fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$%&'*+-.^_`|~".contains(&byte)
        })
}

/// Two members with the same JSON name cannot be distinguished.
fn validate_json_names(members: &[Member]) -> Result<()> {
    let mut names: BTreeMap<&str, &Member> = BTreeMap::new();
    for member in members
        .iter()
        .filter(|member| member.binding == Binding::Body)
    {
        if let Some(other) = names.insert(&member.json_name, member) {
            return Err(Error::new(format!(
                "the members `{}` and `{}` are both called `{}` in JSON",
                other.name, member.name, member.json_name
            ))
            .at(&member.id));
        }
    }
    Ok(())
}

fn validate_labels(operation: &Operation, members: &[Member]) -> Result<()> {
    let mut labels: Vec<&str> = Vec::new();
    for segment in &operation.http.path {
        if let Segment::Label(label) | Segment::GreedyLabel(label) = segment {
            if !members
                .iter()
                .any(|member| member.name == *label && member.binding == Binding::Label)
            {
                return Err(Error::new(format!(
                    "the URI has the label `{label}`, but no member is bound to it"
                )));
            }
            labels.push(label);
        }
    }
    for segment in &operation.host_prefix {
        if let Segment::Label(label) | Segment::GreedyLabel(label) = segment
            && !members.iter().any(|member| member.name == *label)
        {
            return Err(Error::new(format!(
                "the host prefix has the label `{label}`, but no member has this name"
            )));
        }
    }
    labels.extend(operation.http.endpoint_labels.iter().map(String::as_str));
    match members
        .iter()
        .find(|member| member.binding == Binding::Label && !labels.contains(&member.name.as_str()))
    {
        Some(member) => {
            Err(Error::new("the member is bound to a label that the URI lacks").at(&member.id))
        }
        None => Ok(()),
    }
}

fn validate_payload(members: &[Member]) -> Result<()> {
    let payloads: Vec<&Member> = members
        .iter()
        .filter(|member| member.binding == Binding::Payload)
        .collect();
    match payloads.as_slice() {
        [] => Ok(()),
        [payload] => match members
            .iter()
            .find(|member| member.binding == Binding::Body)
        {
            Some(member) => Err(Error::new(format!(
                "the member has no HTTP binding, but `{}` is the whole payload",
                payload.name
            ))
            .at(&member.id)),
            None => Ok(()),
        },
        [_, second, ..] => {
            Err(Error::new("a message has one payload, this member is a second").at(&second.id))
        }
    }
}

/// Maps and structures do not fit into labels, queries and headers.
fn validate_place(ty: &Type, binding: &Binding) -> Result<()> {
    let fits = match (binding, &ty.kind) {
        (Binding::Payload | Binding::Body, _) => true,
        (Binding::QueryParams | Binding::PrefixHeaders(_), TypeKind::Map { .. }) => true,
        (Binding::QueryParams | Binding::PrefixHeaders(_), _) => false,
        (
            _,
            TypeKind::Map { .. }
            | TypeKind::Document
            | TypeKind::StreamingBlob { .. }
            | TypeKind::EventStream(_),
        ) => false,
        (Binding::Label, TypeKind::List { .. }) => false,
        (_, _) => true,
    };
    if fits {
        Ok(())
    } else {
        Err(Error::new(
            "a value of this type does not fit where the trait puts it",
        ))
    }
}
