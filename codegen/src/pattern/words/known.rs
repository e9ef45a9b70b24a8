//! Forms with a name of their own, such as e-mail addresses and ARNs, recognized by what a pattern accepts.

use std::sync::LazyLock;

use super::inclusion::{is_within, shortest};
use crate::pattern::{Automaton, compile};

/// A well-known form.
struct Form {
    /// What a text of the form is.
    name: &'static str,
    /// A pattern of every text of the form. It may be wider than the form.
    wide: &'static str,
    /// Texts of the form, all of which the pattern of a model must accept.
    examples: &'static [&'static str],
    /// Texts that a pattern of this form refuses, although `wide` accepts them.
    others: &'static [&'static str],
}

const fn form(
    name: &'static str,
    wide: &'static str,
    examples: &'static [&'static str],
    others: &'static [&'static str],
) -> Form {
    Form {
        name,
        wide,
        examples,
        others,
    }
}

/// The forms; the first that fits is the name.
const FORMS: &[Form] = &[
    form(
        "12 digits (an AWS account id)",
        "^[0-9]{12}$",
        &["123456789012"],
        &[],
    ),
    form(
        "an e-mail address",
        r"^[\s\S]+@[\s\S]+$",
        &["user@example.com"],
        &[],
    ),
    form(
        "a UUID",
        UUID,
        &["0c8e3f5a-1b2d-4c6e-8f70-9a1b2c3d4e5f"],
        &[],
    ),
    form(
        "a UUID",
        UUID,
        &["0C8E3F5A-1B2D-4C6E-8F70-9A1B2C3D4E5F"],
        &[],
    ),
    form(
        "an IPv4 address",
        "^[0-9]{1,3}([.][0-9]{1,3}){3}$",
        &["10.0.0.1", "192.168.17.254"],
        &[],
    ),
    form(
        "an IPv4 address range (10.0.0.0/16)",
        "^[0-9]{1,3}([.][0-9]{1,3}){3}/[0-9]{1,3}$",
        &["10.0.0.0/16"],
        &[],
    ),
    form(
        "an IPv6 address",
        "^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$",
        &["2001:db8:85a3:0:0:8a2e:370:7334"],
        &[":", "a:"],
    ),
    form(
        "an IPv6 address range (2001:db8::/32)",
        "^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*/[0-9]{1,3}$",
        &["2001:db8::/32"],
        &[":/1"],
    ),
    form(
        "an IPv4 or IPv6 address",
        "^[0-9a-fA-F:.]+$",
        &["10.0.0.1", "2001:db8:85a3:0:0:8a2e:370:7334"],
        &[":", ".", "a"],
    ),
    form(
        "an IPv4 or IPv6 address",
        "^[0-9a-fA-F:.]+$",
        &["10.0.0.1", "2001:DB8:85A3:0:0:8A2E:370:7334"],
        &[":", ".", "A"],
    ),
    form(
        "an IPv4 or IPv6 address range (10.0.0.0/16)",
        "^[0-9a-fA-F:.]+/[0-9]{1,3}$",
        &["10.0.0.0/16", "2001:db8::/32"],
        &[":/1"],
    ),
    form(
        "an AWS region (us-east-1)",
        "^[a-z]+(-[a-z]+)+-[0-9]+$",
        &["us-east-1", "eu-central-2"],
        &[],
    ),
    form(
        "an availability zone (us-east-1a)",
        "^[a-z]+(-[a-z0-9]+)+-[0-9]+[a-z]$",
        &["us-east-1a", "eu-west-2b"],
        &[],
    ),
    form(
        "a date (2024-01-31)",
        "^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$",
        &["2024-01-31"],
        &[],
    ),
    form(
        "a date with or without a time (2024-01-31T12:30:00Z)",
        "^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(T.*)?$",
        &["2024-01-31", "2024-01-31T12:30:00Z"],
        &["2024-01-31T"],
    ),
    form(
        "a month (2024-01)",
        "^[0-9]{4}-[0-9]{1,2}$",
        &["2024-01"],
        &[],
    ),
    form(
        "a date and time (2024-01-31T12:30:00Z)",
        DATE_TIME,
        &["2024-01-31T12:30:00Z"],
        &[],
    ),
    form(
        "a date and time (2024-01-31T12:30:00.000Z)",
        DATE_TIME,
        &["2024-01-31T12:30:00.000Z"],
        &[],
    ),
    form(
        "a date and time (2024-01-31T12:30:00)",
        DATE_TIME,
        &["2024-01-31T12:30:00"],
        &[],
    ),
    form(
        "a date and time (2024-01-31 12:30:00)",
        DATE_TIME,
        &["2024-01-31 12:30:00"],
        &[],
    ),
    form(
        "a date and time (2024-01-31T12:30)",
        DATE_TIME,
        &["2024-01-31T12:30"],
        &[],
    ),
    form(
        "a time (12:30)",
        "^[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?$",
        &["12:30"],
        &[],
    ),
    form(
        "a time (12:30:00)",
        "^[0-9]{1,2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?$",
        &["12:30:00"],
        &[],
    ),
    form(
        "base64",
        "^[A-Za-z0-9+/=]*$",
        &["aGVsbG8=", "a+/b"],
        &["a=b"],
    ),
    form(
        "a host name (www.example.com)",
        "^[A-Za-z0-9._-]+$",
        &["www.example.com", "a-1.example.com"],
        &["a..b", "a_b", "-"],
    ),
    form(
        "a language tag (en-US)",
        "^[a-z]{2,3}([-_][A-Za-z0-9]+)*$",
        &["en-US", "fr-CA"],
        &[],
    ),
    form(
        "a telephone number (+14155550100)",
        "^[+]?[0-9]+$",
        &["+14155550100"],
        &[],
    ),
    form(
        "a version (1.2.3)",
        "^v?[0-9]+[.][0-9]+[.][0-9]+([-+].*)?$",
        &["1.2.3", "10.20.30"],
        &[],
    ),
    form(
        "a text that is not blank",
        r"\S",
        &["a", " a b ", "-", "{é}", "🙂"],
        &[],
    ),
    form(
        "a text without white space at its ends",
        r"^\S([\s\S]*\S)?$",
        &["a", "a b", "-é🙂"],
        &[],
    ),
    form("an S3 URL (s3://bucket/key)", "^s3://", &[], &[]),
    form("a URL that begins with https://", "^https://", &[], &[]),
    form(
        "a URL that begins with http:// or https://",
        "^https?://",
        &[],
        &[],
    ),
    form("a URL", "^[A-Za-z][A-Za-z0-9+.-]*://", &[], &[]),
];

const UUID: &str = "^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$";
const DATE_TIME: &str = "^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[T ][0-9]{1,2}:[0-9]{2}";

static WIDE: LazyLock<Vec<(&Form, Automaton)>> = LazyLock::new(|| {
    let compiled = |form: &'static Form| Some((form, compile(form.wide).ok()?));
    FORMS.iter().filter_map(compiled).collect()
});

/// The name of the form that all texts have which the automaton accepts.
pub(super) fn name(automaton: &Automaton) -> Option<String> {
    // An automaton that accepts nothing is within every form.
    let sample = shortest(automaton)?;
    arn(automaton, &sample).or_else(|| {
        let (form, _) = WIDE.iter().find(|(form, wide)| {
            form.examples.iter().all(|text| automaton.is_match(text))
                && !form.others.iter().any(|text| automaton.is_match(text))
                && wide.is_match(&sample)
                && is_within(automaton, wide)
        })?;
        Some(form.name.to_owned())
    })
}

/// An ARN, with its service if there is only one.
fn arn(automaton: &Automaton, sample: &str) -> Option<String> {
    if !sample.starts_with("arn:") || !is_within(automaton, &compile("^arn:").ok()?) {
        return None;
    }
    let service = sample.split(':').nth(2).filter(|name| {
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        name.len() > 1
            && name.bytes().all(is_plain)
            && compile(&format!("^arn:[^:]*:{name}:")).is_ok_and(|wide| is_within(automaton, &wide))
    });
    Some(match service {
        Some(service) => format!("an ARN of {service} (arn:aws:{service}:…)"),
        None => "an ARN (arn:aws:…)".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::{FORMS, WIDE};

    #[test]
    fn the_forms_accept_their_own_examples() {
        assert_eq!(FORMS.len(), WIDE.len());
        for (form, wide) in WIDE.iter() {
            for text in form.examples.iter().chain(form.others) {
                assert!(wide.is_match(text), "{}: {text}", form.name);
            }
        }
    }
}
