//! What a recording leaves out: what the model calls sensitive, what the user names, secrets in texts, and tokens that
//! differ from run to run.

use std::collections::BTreeSet;
use std::ops::Range;

use super::exchange::Headers;
use super::hidden::HiddenTexts;
use super::secrets::{REDACTED, without_secrets};
use super::tokens::TOKEN;
use crate::document::Document;
#[cfg(feature = "cbor")]
use crate::plumbing::cbor;
use crate::plumbing::secret_names::{is_secret_header, is_secret_parameter, is_signature};

/// What is left out of the messages of one recording.
#[derive(Clone, Debug, Default)]
pub(super) struct Redaction {
    /// The names that the user hides: of members of JSON, headers and parameters of queries.
    pub(super) hidden: BTreeSet<String>,
}

/// What removes it.
#[derive(Clone, Copy)]
pub(super) struct Cleaner<'a> {
    pub(super) redaction: &'a Redaction,
    /// The idempotency tokens that were made, which differ from run to run.
    pub(super) tokens: &'a BTreeSet<String>,
    pub(super) texts: &'a HiddenTexts,
}

impl Cleaner<'_> {
    /// A text without secrets.
    pub(super) fn text(&self, text: &str) -> String {
        match self.tokens.contains(text) {
            true => TOKEN.to_owned(),
            false => without_secrets(text),
        }
    }

    /// A path.
    pub(super) fn path(&self, path: &str) -> String {
        let segments: Vec<String> = path.split('/').map(|segment| self.text(segment)).collect();
        segments.join("/")
    }

    /// The value of a header.
    pub(super) fn header(&self, name: &str, value: &str) -> String {
        let hides = |hidden: &String| hidden.eq_ignore_ascii_case(name);
        match is_secret_header(name) || self.redaction.hidden.iter().any(hides) {
            true => REDACTED.to_owned(),
            false => self.text(value),
        }
    }

    /// A query.
    pub(super) fn query(&self, query: &str) -> String {
        let parameters = query.split('&').map(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            if self.redaction.hidden.contains(name) || is_secret_parameter(name) {
                format!("{name}={REDACTED}")
            } else if self.tokens.contains(value) {
                format!("{name}={TOKEN}")
            } else {
                parameter.to_owned()
            }
        });
        without_secrets(&parameters.collect::<Vec<_>>().join("&"))
    }

    /// A value of JSON.
    pub(super) fn value(&self, value: Document) -> Document {
        match value {
            Document::String(text) => Document::String(self.text(&text)),
            Document::Array(elements) => elements
                .into_iter()
                .map(|element| self.value(element))
                .collect(),
            Document::Object(members) => {
                let members = members.into_iter().map(|(name, value)| {
                    let value = match self.redaction.hidden.contains(&name) {
                        true => self.hide(value),
                        false => self.value(value),
                    };
                    (name, value)
                });
                members.collect()
            }
            other => other,
        }
    }

    /// A value without meaning that can be read like the one that it replaces.
    ///
    /// A list keeps its length. An object becomes `null`, because its keys may be data; bytes
    /// of CBOR become other bytes. A text that is a timestamp becomes
    /// another one. The parameters of a presigned URL stay, except for the secret ones, because they say which headers a
    /// request to it has.
    pub(super) fn hide(&self, value: Document) -> Document {
        match value {
            Document::String(text) => self.hide_text(&text).into(),
            Document::Number(_) => 0_u64.into(),
            Document::Bool(_) => false.into(),
            Document::Array(elements) => elements.into_iter().map(|it| self.hide(it)).collect(),
            #[cfg(feature = "cbor")]
            Document::Object(members) => {
                let bytes = |text: &str| self.texts.placeholder(text);
                cbor::replaced(&members, bytes).unwrap_or_default()
            }
            #[cfg(not(feature = "cbor"))]
            Document::Object(_) => Document::Null,
            Document::Null => Document::Null,
        }
    }

    pub(super) fn hide_text(&self, text: &str) -> String {
        if is_presigned(text) {
            without_secrets(text)
        } else if text.parse::<crate::Timestamp>().is_ok() {
            crate::Timestamp::UNIX_EPOCH.to_string()
        } else {
            self.texts.placeholder(text)
        }
    }
}

/// Whether a text is nothing but a URL with a signature in its query.
pub(super) fn is_presigned(text: &str) -> bool {
    let Some((start, query)) = text.split_once('?') else {
        return false;
    };
    let is_url = start.starts_with("https://") || start.starts_with("http://");
    let mut names = query.split('&').filter_map(|it| it.split_once('='));
    is_url && !text.contains(char::is_whitespace) && names.any(|(name, _)| is_signature(name))
}

/// A part of a URL whose ranges are hidden.
pub(super) fn hide_parts(text: &str, ranges: &[Range<usize>]) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut at = 0;
    for range in ranges {
        clean.push_str(text.get(at..range.start).unwrap_or_default());
        clean.push_str(REDACTED);
        at = range.end;
    }
    clean.push_str(text.get(at..).unwrap_or_default());
    clean
}

/// Headers by name.
pub(super) fn headers(
    headers: &http::HeaderMap,
    value: impl Fn(&str, &http::HeaderValue, &str) -> Option<String>,
) -> Headers {
    let names = headers.keys().filter_map(|name| {
        let values = headers.get_all(name).iter().filter_map(|it| {
            let text = String::from_utf8_lossy(it.as_bytes());
            value(name.as_str(), it, &text)
        });
        let values: Vec<String> = values.collect();
        (!values.is_empty()).then(|| (name.as_str().to_owned(), values.join(", ")))
    });
    names.collect()
}
