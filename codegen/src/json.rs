//! Reads JSON files of users: a model, an overlay, the partitions.
//!
//! Two things differ from `serde_json`'s own reading. A byte order mark, which editors and shells on Windows write, is
//! skipped. A duplicate key of an object is an error, because RFC 8259 does not say which of the values is used.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Deserializer, Value};

use crate::error::{Error, Result};

/// Reads a text.
///
/// # Errors
/// Text that is not JSON, with line and column; a key that an object has twice, with its path too.
pub fn parse(text: &str) -> Result<Value> {
    let text = without_byte_order_mark(text);
    let value = serde_json::from_str(text)
        .map_err(|error| Error::new(format!("not valid JSON: {error}")))?;
    let keys = UniqueKeys {
        place: &Place::Root,
    };
    keys.deserialize(&mut Deserializer::from_str(text))
        .map_err(|error| Error::new(error.to_string()))?;
    Ok(value)
}

/// A text without the byte order mark that it may begin with.
pub fn without_byte_order_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// A value with its path, which is only formatted for a message.
enum Place<'a> {
    Root,
    Key(&'a Place<'a>, &'a str),
    Index(&'a Place<'a>, usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Key(outer, key) => write!(formatter, "{outer}/{key}"),
            Self::Index(outer, index) => write!(formatter, "{outer}/{index}"),
        }
    }
}

/// Visits a value, and keeps only the keys of the enclosing objects.
#[derive(Clone, Copy)]
struct UniqueKeys<'a> {
    place: &'a Place<'a>,
}

impl<'de> DeserializeSeed<'de> for UniqueKeys<'_> {
    type Value = ();

    fn deserialize<D: de::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> std::result::Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for UniqueKeys<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> std::result::Result<(), A::Error> {
        let mut keys = BTreeSet::new();
        while let Some(Key(key)) = entries.next_key()? {
            let place = Place::Key(self.place, &key);
            if keys.contains(&key) {
                return Err(de::Error::custom(format!(
                    "the object has the key `{place}` twice"
                )));
            }
            entries.next_value_seed(UniqueKeys { place: &place })?;
            keys.insert(key);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<(), A::Error> {
        let mut index = 0;
        loop {
            let place = Place::Index(self.place, index);
            if items
                .next_element_seed(UniqueKeys { place: &place })?
                .is_none()
            {
                return Ok(());
            }
            index += 1;
        }
    }

    fn visit_bool<E>(self, _: bool) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> std::result::Result<(), E> {
        Ok(())
    }
}

/// A key, borrowed from the text where it has no escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::parse;

    fn refusal(text: &str) -> String {
        parse(text).expect_err("a key is there twice").to_string()
    }

    #[test]
    fn a_duplicate_key_is_refused_with_its_place() {
        assert_eq!(
            refusal("{\"a\": {\"b\": [1, {\n  \"c\": 1,\n  \"c\": 2}]}}"),
            "the object has the key `/a/b/1/c` twice at line 3 column 5"
        );
        // Two spellings of one key.
        assert_eq!(
            refusal(r#"{"a": 1, "\u0061": 1}"#),
            "the object has the key `/a` twice at line 1 column 17"
        );
        parse(r#"{"a": {"a": [{"a": 1}, {"a": null}]}, "b": {"a": -1.5}}"#)
            .expect("each object has its keys once");
    }

    #[test]
    fn a_byte_order_mark_is_skipped_at_the_beginning_only() {
        assert_eq!(
            parse("\u{feff}{}").expect("it is JSON"),
            serde_json::json!({})
        );
        parse("\u{feff}\u{feff}{}").expect_err("the second one is not white space");
        parse("{}\u{feff}").expect_err("nor is one at the end");
    }
}
