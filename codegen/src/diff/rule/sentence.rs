//! Changes of traits in words, for readers who know the service, but neither Smithy nor the generator.
//!
//! A trait without its own sentence is reported with its name and values, which only readers of the model understand.

use serde_json::Value;

use super::{Sides, authentication, brief, pages};
use crate::ast::trait_id;
use crate::diff::walk::Difference;

/// How a trait changed. `subject` is a place in code quotes, or `the service`.
pub(super) fn sentence(
    sides: Sides<'_>,
    subject: &str,
    id: &str,
    difference: &Difference<'_>,
) -> Option<String> {
    match id {
        trait_id::AUTH => return authentication::sentence(sides, subject, difference),
        trait_id::PAGINATED => return pages::sentence(sides, subject, difference),
        _ => {}
    }
    constraint(subject, id, difference)
        .or_else(|| message(subject, id, difference))
        .or_else(|| endpoint(subject, id, difference))
        .or_else(|| behaviour(subject, id, difference))
}

/// The constraints of a request.
fn constraint(subject: &str, id: &str, difference: &Difference<'_>) -> Option<String> {
    let what = match id {
        trait_id::LENGTH => "length",
        trait_id::RANGE => "value",
        trait_id::PATTERN | trait_id::attache::RECOMMENDED_PATTERN => "pattern",
        trait_id::REQUIRED => {
            return Some(match difference.new {
                Some(_) => format!("{subject} is now required."),
                None => format!("{subject} is no longer required."),
            });
        }
        trait_id::UNIQUE_ITEMS => {
            return Some(match difference.new {
                Some(_) => format!("The elements of {subject} must now be unique."),
                None => format!("The elements of {subject} need no longer be unique."),
            });
        }
        trait_id::attache::ALLOWED_VALUES => return Some(listed_values(subject, difference)),
        _ => return None,
    };
    Some(match (difference.old, difference.new) {
        // Only the overlay's reference to the documentation changed.
        (Some(old), Some(new)) if bounds(old) == bounds(new) => return None,
        (Some(old), Some(new)) => format!(
            "The {what} of {subject} was {} and is now {}.",
            bounds(old),
            bounds(new)
        ),
        (Some(old), None) if what == "pattern" => {
            format!("{subject} no longer has a pattern; it was {}.", bounds(old))
        }
        (Some(old), None) => format!(
            "The {what} of {subject} is no longer limited; it was {}.",
            bounds(old)
        ),
        (None, new) if what == "pattern" => {
            format!(
                "{subject} now has the pattern {}.",
                new.map_or_else(String::new, bounds)
            )
        }
        (None, new) => format!(
            "The {what} of {subject} is now limited: {}.",
            new.map_or_else(String::new, bounds)
        ),
    })
}

/// The smallest and the largest, or a pattern.
fn bounds(value: &Value) -> String {
    match (value.get("min"), value.get("max")) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => match value.get("pattern").unwrap_or(value) {
            Value::String(text) => format!("`{text}`"),
            _ => "anything".to_owned(),
        },
    }
}

/// Values that the documentation of a string lists.
fn listed_values(subject: &str, difference: &Difference<'_>) -> String {
    let values = |side: Option<&Value>| -> Vec<String> {
        let values = side.and_then(|value| value.get("values").or(Some(value)));
        let values = values.and_then(Value::as_array);
        let texts = values.into_iter().flatten();
        texts
            .map(|value| format!("`{}`", value.as_str().unwrap_or_default()))
            .collect()
    };
    let (old, new) = (values(difference.old), values(difference.new));
    let only = |left: &[String], right: &[String]| {
        let only: Vec<&str> = left
            .iter()
            .filter(|value| !right.contains(value))
            .map(String::as_str)
            .collect();
        only.join(", ")
    };
    let parts: Vec<String> = [("now", only(&new, &old)), ("no longer", only(&old, &new))]
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(when, values)| format!("{when} {values}"))
        .collect();
    match parts.is_empty() {
        true => format!("The documentation of the values of {subject} changed."),
        false => format!(
            "The documentation lists for {subject}: {}.",
            parts.join("; ")
        ),
    }
}

/// The place of a value in a message, and its format there.
fn message(subject: &str, id: &str, difference: &Difference<'_>) -> Option<String> {
    if let Some(sentence) = place(subject, id, difference) {
        return Some(sentence);
    }
    let (old, new) = (difference.old, difference.new);
    // Values of an intEnum are numbers.
    let text = |value: Option<&Value>| match value {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => difference.member.unwrap_or_default().to_owned(),
    };
    Some(match id {
        trait_id::HTTP => http(subject, old, new)?,
        trait_id::HTTP_ERROR => match (old, new) {
            (None, Some(new)) => format!("{subject} now has the HTTP status {new}."),
            (Some(old), Some(new)) => {
                format!("The HTTP status of {subject} was {old} and is now {new}.")
            }
            _ => format!("The model no longer states the HTTP status of {subject}."),
        },
        trait_id::JSON_NAME => {
            let member = difference.member.unwrap_or_default();
            let name =
                |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or(member).to_owned();
            format!(
                "In a body {subject} was called `{}` and is now called `{}`.",
                name(old),
                name(new)
            )
        }
        trait_id::ENUM_VALUE => format!(
            "The value {subject} was written `{}` and is now written `{}`.",
            text(old),
            text(new)
        ),
        trait_id::attache::TARGET_PREFIX => target_prefix(old, new),
        trait_id::SPARSE => match new {
            Some(_) => format!("Elements of {subject} may now be null."),
            None => format!("Elements of {subject} are no longer null."),
        },
        trait_id::TIMESTAMP_FORMAT => {
            let format = |value: Option<&Value>| match value.and_then(Value::as_str) {
                Some(format) => format!("as `{format}`"),
                None => "in the default format of its location".to_owned(),
            };
            format!(
                "{subject} was written {} and is now written {}.",
                format(old),
                format(new)
            )
        }
        _ => return None,
    })
}

fn target_prefix(old: Option<&Value>, new: Option<&Value>) -> String {
    let [old, new] = [old, new].map(|value| match value.and_then(Value::as_str) {
        Some(prefix) => format!("`{prefix}`"),
        None => "the name of the service shape".to_owned(),
    });
    format!("The target of requests began with {old} and now begins with {new}.")
}

/// A part of the message other than the body.
fn place(subject: &str, id: &str, difference: &Difference<'_>) -> Option<String> {
    let part = |value: &Value| {
        let name = value.as_str().unwrap_or_default();
        Some(match id {
            trait_id::HTTP_QUERY => format!("as the query parameter `{name}`"),
            trait_id::HTTP_QUERY_PARAMS => "as query parameters".to_owned(),
            trait_id::HTTP_HEADER => format!("in the header `{name}`"),
            trait_id::HTTP_PREFIX_HEADERS => format!("in headers that begin with `{name}`"),
            trait_id::HTTP_LABEL => "in the path".to_owned(),
            trait_id::HTTP_PAYLOAD => "as the whole body".to_owned(),
            trait_id::HTTP_RESPONSE_CODE => "as the status".to_owned(),
            trait_id::HOST_LABEL => "in the host name".to_owned(),
            _ => return None,
        })
    };
    Some(match (difference.old, difference.new) {
        (Some(old), Some(new)) => {
            format!(
                "{subject} was sent {} and is now sent {}.",
                part(old)?,
                part(new)?
            )
        }
        (None, Some(new)) => format!("{subject} is now sent {}.", part(new)?),
        (Some(old), None) => format!("{subject} is no longer sent {}.", part(old)?),
        (None, None) => return None,
    })
}

/// Method and URI, or else the status of a successful response.
fn http(subject: &str, old: Option<&Value>, new: Option<&Value>) -> Option<String> {
    let (old, new) = (old?, new?);
    let request = |value: &Value| {
        let part = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        format!("`{} {}`", part("method"), part("uri"))
    };
    Some(if request(old) == request(new) {
        format!(
            "The HTTP status of a successful response to {subject} was {} and is now {}.",
            old["code"], new["code"]
        )
    } else {
        format!(
            "{subject} was sent as {} and is now sent as {}.",
            request(old),
            request(new)
        )
    })
}

/// The endpoint of requests, and how they are signed.
fn endpoint(subject: &str, id: &str, difference: &Difference<'_>) -> Option<String> {
    let (old, new) = (difference.old, difference.new);
    Some(match id {
        trait_id::ENDPOINT_RULE_SET | trait_id::ENDPOINT_BDD => {
            format!("The endpoint rules {}.", went(difference))
        }
        trait_id::ENDPOINT_TESTS => {
            format!("The tests of the endpoint rules {}.", went(difference))
        }
        trait_id::STATIC_CONTEXT_PARAMS => format!(
            "The parameters that {subject} sets for the endpoint rules {}.",
            went(difference)
        ),
        trait_id::OPERATION_CONTEXT_PARAMS => format!(
            "The parameters that requests of {subject} set for the endpoint rules {}.",
            went(difference)
        ),
        trait_id::CONTEXT_PARAM => format!(
            "The parameters of the endpoint rules that {subject} sets {}.",
            went(difference)
        ),
        trait_id::CLIENT_CONTEXT_PARAMS => {
            format!(
                "The settings of clients for the endpoint rules {}.",
                went(difference)
            )
        }
        trait_id::ENDPOINT => {
            let prefix = |value: &Value| brief(&value["hostPrefix"]).replace('"', "");
            match (old, new) {
                (Some(old), Some(new)) => format!(
                    "The host name for {subject} began with {} and now begins with {}.",
                    prefix(old),
                    prefix(new)
                ),
                (_, Some(new)) => {
                    format!(
                        "The host name for {subject} now begins with {}.",
                        prefix(new)
                    )
                }
                (old, None) => format!(
                    "The host name for {subject} no longer begins with {}.",
                    old.map_or_else(String::new, prefix)
                ),
            }
        }
        _ => return None,
    })
}

/// The behaviour of a client, and its documentation of a shape.
fn behaviour(subject: &str, id: &str, difference: &Difference<'_>) -> Option<String> {
    let (old, new) = (difference.old, difference.new);
    Some(match id {
        trait_id::READONLY | trait_id::IDEMPOTENT => repeatable(subject, id, difference),
        trait_id::RETRYABLE => match new {
            Some(new) if new["throttling"] == true => format!(
                "{subject} is now marked as a throttling error: a call that fails with it is retried after a longer pause."
            ),
            Some(_) => format!(
                "{subject} is now marked as retryable: a call that fails with it may be retried."
            ),
            None => format!("{subject} is no longer marked as retryable."),
        },
        trait_id::IDEMPOTENCY_TOKEN => match new {
            Some(_) => format!("{subject} is now filled in by the client if it is absent."),
            None => format!("{subject} is no longer filled in by the client."),
        },
        trait_id::SENSITIVE => match new {
            Some(_) => format!("{subject} is now sensitive: `Debug` hides it."),
            None => format!("{subject} is no longer sensitive: `Debug` shows it."),
        },
        trait_id::DEPRECATED => match (old, new) {
            (None, Some(new)) => format!("{subject} is now deprecated{}", remark(new)),
            (_, Some(new)) => format!(
                "The deprecation of {subject} changed: it is deprecated{}",
                remark(new)
            ),
            _ => format!("{subject} is no longer deprecated."),
        },
        trait_id::ERROR => {
            let fault = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
            format!(
                "{subject} was a {} error and is now a {} error.",
                fault(old)?,
                fault(new)?
            )
        }
        trait_id::DEFAULT => match (old, new) {
            (Some(old), Some(new)) => format!(
                "The default of {subject} was {} and is now {}.",
                brief(old),
                brief(new)
            ),
            (_, Some(new)) => format!("{subject} now has the default {}.", brief(new)),
            (old, None) => format!(
                "{subject} no longer has a default; it was {}.",
                old.map_or_else(String::new, brief)
            ),
        },
        trait_id::TITLE => {
            let title = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
            format!(
                "The service was called “{}” and is now called “{}”.",
                title(old)?,
                title(new)?
            )
        }
        _ => return None,
    })
}

/// The text of the model about a deprecation, with the end of the sentence.
fn remark(value: &Value) -> String {
    let text = |key: &str| {
        let text = value.get(key).and_then(Value::as_str);
        text.map(|text| text.trim().trim_end_matches('.').to_owned())
    };
    let since = text("since").map_or_else(String::new, |since| format!(" since {since}"));
    match text("message").filter(|text| !text.is_empty()) {
        Some(message) => format!("{since}: “{message}”."),
        None => format!("{since}."),
    }
}

/// Traits that decide whether a call is repeated after a lost response.
fn repeatable(subject: &str, id: &str, difference: &Difference<'_>) -> String {
    let promise = match id {
        trait_id::READONLY => "read-only",
        _ => "idempotent",
    };
    match difference.new {
        Some(_) => format!(
            "{subject} is now marked as {promise}: a call whose response was lost is sent again."
        ),
        None => format!("{subject} is no longer marked as {promise}."),
    }
}

/// The change of one of several entries.
fn went(difference: &Difference<'_>) -> &'static str {
    match (difference.old, difference.new) {
        (None, _) => "were added",
        (_, None) => "were removed",
        _ => "changed",
    }
}
