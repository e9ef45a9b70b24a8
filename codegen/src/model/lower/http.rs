//! HTTP bindings: URI patterns and the places of members (Smithy specification, "HTTP bindings").

use std::collections::BTreeMap;

use crate::ast::traits::{Endpoint, Http as HttpTrait};
use crate::ast::{Traits, trait_id};
use crate::error::{Error, Result};
use crate::model::{Binding, ContextValue, Http, Protocol, Role, Segment};

/// The binding of an operation. In protocols without HTTP bindings it is the same for all operations.
pub(super) fn http_of(protocol: Protocol, traits: &Traits, service: &Traits) -> Result<Http> {
    if protocol.binds_http() {
        let mut http = http_of_traits(traits)?;
        move_labels(&mut http, &service.endpoint_labels()?);
        return Ok(http);
    }
    Ok(Http {
        method: "POST".to_owned(),
        path: vec![Segment::Literal("/".to_owned())],
        endpoint_labels: Vec::new(),
        query: Vec::new(),
        code: 200,
    })
}

fn http_of_traits(traits: &Traits) -> Result<Http> {
    let HttpTrait { method, uri, code } = traits.parse(trait_id::HTTP)?.ok_or_else(|| {
        Error::new(format!(
            "an operation of a REST protocol needs the trait `{}`",
            trait_id::HTTP
        ))
    })?;
    let (path, query) = uri.split_once('?').unwrap_or((&uri, ""));
    if !path.starts_with('/') {
        return Err(Error::new(format!(
            "the URI pattern `{uri}` must begin with `/`"
        )));
    }
    if !method.bytes().all(|byte| byte.is_ascii_uppercase()) || method.is_empty() {
        return Err(Error::new(format!("`{method}` is not an HTTP method")));
    }
    let query = query
        .split('&')
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect();
    Ok(Http {
        method,
        path: parse_pattern(path)?,
        endpoint_labels: Vec::new(),
        query,
        code,
    })
}

/// What the method of an operation says about sending a request twice (RFC 9110, section 9.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It changes nothing.
    ReadOnly,
    /// Two requests have the same effect as one.
    Idempotent,
}

/// The meaning of the method of an operation. `GET` and `HEAD` change nothing. Services use `PUT` and `DELETE` for other
/// actions, too, so an overlay has to say that they do not (`attache#idempotentMethods`).
pub(super) fn meaning_of_method(
    protocol: Protocol,
    http: &Http,
    service: &Traits,
) -> Result<Option<Meaning>> {
    if !protocol.binds_http() {
        return Ok(None);
    }
    let idempotent: Option<Vec<String>> = service.parse(trait_id::attache::IDEMPOTENT_METHODS)?;
    let is_idempotent = idempotent
        .into_iter()
        .flatten()
        .any(|method| method == http.method);
    Ok(match http.method.as_str() {
        "GET" | "HEAD" => Some(Meaning::ReadOnly),
        _ => is_idempotent.then_some(Meaning::Idempotent),
    })
}

/// Takes the labels that the endpoint rules put into the URL out of the path.
fn move_labels(http: &mut Http, labels: &[String]) {
    let Some(Segment::Label(name)) = http.path.get(1) else {
        return;
    };
    // The first segment is the slash before the label.
    if labels.contains(name) && http.path.first() == Some(&Segment::Literal("/".to_owned())) {
        http.endpoint_labels.push(name.clone());
        http.path.drain(..2);
    }
}

/// The prefix of the host, from `smithy.api#endpoint`.
///
/// With a static parameter `Requires<Label>`, the endpoint rules write the label into the host themselves. The prefix would
/// write it again, so it is dropped. botocore does the same.
pub(super) fn host_prefix_of(
    traits: &Traits,
    context: &BTreeMap<String, ContextValue>,
) -> Result<Vec<Segment>> {
    let Some(endpoint) = traits.parse::<Endpoint>(trait_id::ENDPOINT)? else {
        return Ok(Vec::new());
    };
    let mut prefix = parse_pattern(&endpoint.host_prefix)?;
    let in_rules = |segment: &Segment| {
        let Segment::Label(label) = segment else {
            return false;
        };
        let required = context.get(&format!("Requires{label}"));
        matches!(required, Some(ContextValue::Boolean(true)))
    };
    if prefix.iter().any(in_rules) {
        prefix.clear();
    }
    Ok(prefix)
}

/// Splits a pattern into literals and labels; adjacent literals are one.
fn parse_pattern(pattern: &str) -> Result<Vec<Segment>> {
    let malformed = || Error::new(format!("`{pattern}` has an unbalanced brace"));
    let mut segments = Vec::new();
    let mut rest = pattern;
    while let Some((literal, behind)) = rest.split_once('{') {
        let (label, behind) = behind.split_once('}').ok_or_else(malformed)?;
        if literal.contains('}') {
            return Err(malformed());
        }
        if !literal.is_empty() {
            segments.push(Segment::Literal(literal.to_owned()));
        }
        segments.push(match label.strip_suffix('+') {
            Some(label) => Segment::GreedyLabel(label.to_owned()),
            None => Segment::Label(label.to_owned()),
        });
        rest = behind;
    }
    if rest.contains('}') {
        return Err(malformed());
    }
    if !rest.is_empty() {
        segments.push(Segment::Literal(rest.to_owned()));
    }
    Ok(segments)
}

/// The place of a member of an input, output or error. Labels and queries have no meaning in responses, and statuses
/// have none in requests; members with such a trait are in the body there.
pub(super) fn binding_of(protocol: Protocol, role: &Role, traits: &Traits) -> Result<Binding> {
    let sent = match role {
        Role::Nested => return Ok(Binding::Body),
        Role::Request(_) => true,
        Role::Response(_) | Role::Error(_) => false,
    };
    if !protocol.binds_http() {
        return Ok(Binding::Body);
    }
    let mut bindings = Vec::new();
    if sent && traits.has(trait_id::HTTP_LABEL) {
        bindings.push(Binding::Label);
    }
    if sent && let Some(name) = traits.string(trait_id::HTTP_QUERY)? {
        bindings.push(Binding::Query(name));
    }
    if sent && traits.has(trait_id::HTTP_QUERY_PARAMS) {
        bindings.push(Binding::QueryParams);
    }
    if let Some(name) = traits.string(trait_id::HTTP_HEADER)? {
        bindings.push(Binding::Header(name.to_ascii_lowercase()));
    }
    if let Some(prefix) = traits.string(trait_id::HTTP_PREFIX_HEADERS)? {
        bindings.push(Binding::PrefixHeaders(prefix.to_ascii_lowercase()));
    }
    if traits.has(trait_id::HTTP_PAYLOAD) {
        bindings.push(Binding::Payload);
    }
    if !sent && traits.has(trait_id::HTTP_RESPONSE_CODE) {
        bindings.push(Binding::Status);
    }
    match bindings.len() {
        0 => Ok(Binding::Body),
        1 => Ok(bindings.remove(0)),
        _ => Err(Error::new("the member has more than one HTTP binding")),
    }
}
