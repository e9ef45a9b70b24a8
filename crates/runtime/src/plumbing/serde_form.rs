//! `Deserialize` of generated types: a value of any format becomes JSON text, which the JSON reader reads.
//!
//! So serde reads all forms that the service may send, with the same code and the same errors. The code of a type is
//! compiled once, without type parameters; serde's derived implementations were most of what a client crate took to
//! compile with the feature `serde`.

use std::fmt;

#[doc(hidden)]
pub use serde;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};

use super::json::{self, DEPTH_LIMIT, FromJson, Reader, Writer};
use super::safe_line::safe_line;
use crate::document::Document;
use crate::formatting::write;

/// The key of the only member of the map that serde_json gives instead of a number, if any crate of a program switches
/// on its feature `arbitrary_precision`. The value is the text of the number.
const JSON_NUMBER: &str = "$serde_json::private::Number";

/// The same for a date of TOML. The value is a time in RFC 3339.
const TOML_DATE: &str = "$__toml_private_datetime";

/// Reads a generated type from a format that describes itself.
///
/// # Errors
/// Those of the format, and what the service could not have sent, with its path.
pub fn deserialize<'de, T: FromJson, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = json_text(deserializer)?;
    // The values take no more memory than those of the format, so there is no other limit.
    Reader::with_value_limit(&text, u64::MAX)
        .map(Reader::by_member_names)
        .and_then(|mut reader| json::whole(&mut reader))
        .map_err(|error| D::Error::custom(AtPath(&error)))
}

/// The JSON of a value of a format that describes itself.
///
/// # Errors
/// Those of the format, and values that nest too deep.
pub(crate) fn json_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let mut writer = Writer::with_capacity(256);
    let value = Value {
        writer: &mut writer,
        depth: 0,
    };
    value.deserialize(deserializer)?;
    Ok(writer.into_bytes())
}

/// Writes a member of a union that this version does not know, as the service sends it.
///
/// # Errors
/// Those of the format.
pub fn unknown_member<S: Serializer>(
    name: &String,
    value: &Document,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(name, value)?;
    map.end()
}

/// Implements `Deserialize` for types with the trait `FromJson`.
#[doc(hidden)]
#[macro_export]
macro_rules! deserialize_from_json {
    ($($name:ident),* $(,)?) => {$(
        impl<'de> $crate::plumbing::serde_form::serde::Deserialize<'de> for $name {
            fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
            where
                D: $crate::plumbing::serde_form::serde::Deserializer<'de>,
            {
                $crate::plumbing::serde_form::deserialize(deserializer)
            }
        }
    )*};
}

/// Implements `FromJson` and `Deserialize` for types with a function `read_json`.
#[doc(hidden)]
#[macro_export]
macro_rules! from_json_by_function {
    ($($name:ident),* $(,)?) => {$(
        impl $crate::plumbing::json::FromJson for $name {
            fn read_json(
                reader: &mut $crate::plumbing::json::Reader<'_>,
            ) -> $crate::plumbing::json::Result<Self> {
                $name::read_json(reader)
            }
        }
        $crate::deserialize_from_json!($name);
    )*};
}

/// An error without its position in the JSON, which is not the text that the caller knows.
struct AtPath<'a>(&'a json::Error);

impl fmt::Display for AtPath<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.path().is_empty() {
            write!(formatter, "{}: ", safe_line(self.0.path()))?;
        }
        write!(formatter, "{}", safe_line(self.0.message()))
    }
}

/// Writes a value of any format.
struct Value<'w> {
    writer: &'w mut Writer,
    depth: usize,
}

impl Value<'_> {
    /// A value inside this one.
    fn inner<E: Error>(&mut self) -> Result<Value<'_>, E> {
        if self.depth == DEPTH_LIMIT {
            return Err(E::custom(format_args!(
                "expected lists and maps to nest at most {DEPTH_LIMIT} deep"
            )));
        }
        Ok(Value {
            writer: self.writer,
            depth: self.depth + 1,
        })
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value that JSON has")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.writer.null();
        Ok(())
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.writer.boolean(value);
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.writer.integer(number);
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.writer.decimal(&number.to_string());
        Ok(())
    }

    fn visit_f32<E>(self, number: f32) -> Result<(), E> {
        self.writer.float(number);
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.writer.double(number);
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.writer.string(text);
        Ok(())
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<(), E> {
        self.writer.blob(bytes);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut access: A) -> Result<(), A::Error> {
        self.writer.begin_array();
        while access.next_element_seed(self.inner()?)?.is_some() {}
        self.writer.end_array();
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut access: A) -> Result<(), A::Error> {
        let mut next = access.next_key_seed(Key)?;
        match next.as_deref() {
            Some(JSON_NUMBER) => {
                let text: String = access.next_value()?;
                self.writer.decimal(&text);
                return Ok(());
            }
            Some(TOML_DATE) => {
                let text: String = access.next_value()?;
                self.writer.string(&text);
                return Ok(());
            }
            _ => {}
        }
        self.writer.begin_object();
        while let Some(key) = next {
            self.writer.key(&key);
            access.next_value_seed(self.inner()?)?;
            next = access.next_key_seed(Key)?;
        }
        self.writer.end_object();
        Ok(())
    }
}

/// A key of a map, as a text. YAML reads the key `404` as a number, for example.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Key {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key that is a text, a number or a boolean")
    }

    fn visit_str<E>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_string<E>(self, text: String) -> Result<String, E> {
        Ok(text)
    }

    fn visit_bool<E>(self, value: bool) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_i64<E>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_u64<E>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }
}
