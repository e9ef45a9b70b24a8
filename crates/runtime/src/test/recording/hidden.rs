//! Texts that are hidden. Each has a placeholder of its own, so that equal texts are still equal.
//!
//! A program may compare a text of a response with one that it sent: the name of its file with those of a case. In a
//! replay, the requests of the program say which text a placeholder stands for, and the responses get the text back.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::secrets::REDACTED;
use crate::document::Document;

/// The placeholders of texts, in the order in which the texts were met.
#[derive(Debug, Default)]
pub(super) struct HiddenTexts(RefCell<Texts>);

#[derive(Debug, Default)]
struct Texts {
    numbers: BTreeMap<String, usize>,
    texts: Vec<String>,
}

impl HiddenTexts {
    /// The placeholder of a text. It is valid base64, so that it can be read as a blob, too.
    pub(super) fn placeholder(&self, text: &str) -> String {
        let mut texts = self.0.borrow_mut();
        let number = match texts.numbers.get(text) {
            Some(number) => *number,
            None => {
                texts.texts.push(text.to_owned());
                let number = texts.texts.len();
                texts.numbers.insert(text.to_owned(), number);
                number
            }
        };
        match number {
            0..10_000 => format!("{REDACTED}{number:04}"),
            _ => format!("{REDACTED}{number:08}"),
        }
    }

    /// The text of a placeholder.
    fn text(&self, placeholder: &str) -> Option<String> {
        let number: usize = placeholder.strip_prefix(REDACTED)?.parse().ok()?;
        let texts = &self.0.borrow().texts;
        texts.get(number.checked_sub(1)?).cloned()
    }
}

/// Whether a value stands for a hidden text.
pub(super) fn is_placeholder(value: &Document) -> bool {
    let number = value.as_str().and_then(|text| text.strip_prefix(REDACTED));
    number.is_some_and(|number| {
        matches!(number.len(), 4 | 8) && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// What the placeholders of a recording stand for in a replay.
#[derive(Debug, Default)]
pub(super) struct Known(BTreeMap<String, String>);

impl Known {
    /// Learns from a request that was recorded and is sent again.
    pub(super) fn learn(&mut self, recorded: &Document, sent: &Document, hidden: &HiddenTexts) {
        match (recorded, sent) {
            (Document::Object(recorded), Document::Object(sent)) => {
                for (name, recorded) in recorded {
                    if let Some(sent) = sent.get(name) {
                        self.learn(recorded, sent, hidden);
                    }
                }
            }
            (Document::Array(recorded), Document::Array(sent)) => {
                for (recorded, sent) in recorded.iter().zip(sent) {
                    self.learn(recorded, sent, hidden);
                }
            }
            (Document::String(placeholder), Document::String(sent)) if is_placeholder(recorded) => {
                if let Some(text) = hidden.text(sent) {
                    self.0.insert(placeholder.clone(), text);
                }
            }
            _ => {}
        }
    }

    /// The text that a placeholder stands for, if it is known.
    #[cfg(feature = "xml-core")]
    pub(super) fn get(&self, placeholder: &str) -> Option<&str> {
        self.0.get(placeholder).map(String::as_str)
    }

    /// A value with the texts that are known.
    pub(super) fn put_back(&self, value: &Document) -> Document {
        match value {
            Document::String(text) => self.0.get(text).unwrap_or(text).as_str().into(),
            Document::Array(elements) => elements.iter().map(|it| self.put_back(it)).collect(),
            Document::Object(members) => members
                .iter()
                .map(|(name, value)| (name.clone(), self.put_back(value)))
                .collect(),
            other => other.clone(),
        }
    }
}
