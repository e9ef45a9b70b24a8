//! Checks that the places of members and the patterns of operations agree.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::model::{Binding, Field, Operation, Segment, Service, Type, TypeKind};

/// Every label of a pattern has its member and every member with a label its pattern; a message has one payload.
pub(super) fn check(service: &mut Service) -> Result<()> {
    for operation in &service.operations {
        let fields = service.type_definition(operation.request).fields();
        check_labels(operation, fields).map_err(|error| error.at(&operation.id))?;
        for message in [operation.request, operation.response] {
            check_message(service.type_definition(message).fields())?;
        }
    }
    for error in &service.errors {
        check_message(service.type_definition(*error).fields())?;
    }
    for definition in &service.types {
        check_json_names(definition.fields())?;
    }
    Ok(())
}

/// What holds for the members of a request, a response or an error.
fn check_message(fields: &[Field]) -> Result<()> {
    check_payload(fields)?;
    let mut headers: BTreeMap<&str, &Field> = BTreeMap::new();
    for field in fields.iter().filter(|field| field.binding != Binding::Body) {
        check_place(&field.ty, &field.binding).map_err(|error| error.at(&field.id))?;
        let (name, suffix) = match &field.binding {
            Binding::Header(name) => (name, ""),
            // Keys complete the prefix.
            Binding::PrefixHeaders(prefix) => (prefix, "x"),
            _ => continue,
        };
        if !is_token(&format!("{name}{suffix}")) {
            return Err(Error::new(format!("`{name}` is no HTTP header name")).at(&field.id));
        }
        if let (Binding::Header(_), Some(other)) = (&field.binding, headers.insert(name, field)) {
            return Err(Error::new(format!(
                "the members `{}` and `{}` are both bound to the header `{name}`",
                other.name.wire, field.name.wire
            ))
            .at(&field.id));
        }
    }
    Ok(())
}

/// A token of RFC 9110 section 5.6.2, in lower case: what `HeaderName::from_static` takes without panicking.
fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$%&'*+-.^_`|~".contains(&byte)
        })
}

/// Two members of one JSON name could not be told apart.
fn check_json_names(fields: &[Field]) -> Result<()> {
    let mut names: BTreeMap<&str, &Field> = BTreeMap::new();
    for field in fields.iter().filter(|field| field.binding == Binding::Body) {
        if let Some(other) = names.insert(&field.json_name, field) {
            return Err(Error::new(format!(
                "the members `{}` and `{}` are both called `{}` in JSON",
                other.name.wire, field.name.wire, field.json_name
            ))
            .at(&field.id));
        }
    }
    Ok(())
}

fn check_labels(operation: &Operation, fields: &[Field]) -> Result<()> {
    let mut labels: Vec<&str> = Vec::new();
    for segment in &operation.http.path {
        if let Segment::Label(label) | Segment::GreedyLabel(label) = segment {
            if !fields
                .iter()
                .any(|field| field.name.wire == *label && field.binding == Binding::Label)
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
            && !fields.iter().any(|field| field.name.wire == *label)
        {
            return Err(Error::new(format!(
                "the host prefix has the label `{label}`, but no member is called so"
            )));
        }
    }
    match fields.iter().find(|field| {
        field.binding == Binding::Label && !labels.contains(&field.name.wire.as_str())
    }) {
        Some(field) => {
            Err(Error::new("the member is bound to a label that the URI lacks").at(&field.id))
        }
        None => Ok(()),
    }
}

fn check_payload(fields: &[Field]) -> Result<()> {
    let payloads: Vec<&Field> = fields
        .iter()
        .filter(|field| field.binding == Binding::Payload)
        .collect();
    match payloads.as_slice() {
        [] => Ok(()),
        [payload] => match fields.iter().find(|field| field.binding == Binding::Body) {
            Some(field) => Err(Error::new(format!(
                "the member has no HTTP binding, but `{}` is the whole payload",
                payload.name.wire
            ))
            .at(&field.id)),
            None => Ok(()),
        },
        [_, second, ..] => {
            Err(Error::new("a message has one payload, this member is a second").at(&second.id))
        }
    }
}

/// Maps and structures do not fit into labels, queries and headers.
fn check_place(ty: &Type, binding: &Binding) -> Result<()> {
    let fits = match (binding, &ty.kind) {
        (Binding::Payload | Binding::Body, _) => true,
        (Binding::QueryParams | Binding::PrefixHeaders(_), TypeKind::Map { .. }) => true,
        (Binding::QueryParams | Binding::PrefixHeaders(_), _) => false,
        (_, TypeKind::Map { .. } | TypeKind::Document | TypeKind::StreamingBlob { .. }) => false,
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
