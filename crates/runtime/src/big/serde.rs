//! Numbers of any length in serde's data model: written as strings, which every format keeps exactly; read from strings and
//! numbers. A format that gives numbers as `f64` has rounded them before they arrive here.

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

use super::{BigDecimal, BigInteger};
use crate::plumbing::json::{self, Reader};
use crate::plumbing::serde_form::json_text;

impl Serialize for BigInteger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Serialize for BigDecimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Reads a string of digits, or an integer.
///
/// # Errors
/// Anything else. The error does not repeat the text.
impl<'de> Deserialize<'de> for BigInteger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return Self::new(String::deserialize(deserializer)?).map_err(D::Error::custom);
        }
        read(deserializer, |reader| reader.big_integer())
    }
}

/// Reads a string with a decimal number, or a number.
///
/// # Errors
/// Anything else. The error does not repeat the text.
impl<'de> Deserialize<'de> for BigDecimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return Self::new(String::deserialize(deserializer)?).map_err(D::Error::custom);
        }
        read(deserializer, |reader| reader.big_decimal())
    }
}

fn read<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    read: impl FnOnce(&mut Reader<'_>) -> json::Result<T>,
) -> Result<T, D::Error> {
    let text = json_text(deserializer)?;
    Reader::new(&text)
        .and_then(|mut reader| read(&mut reader))
        .map_err(|error| D::Error::custom(error.message()))
}
