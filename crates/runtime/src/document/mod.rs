//! Free-form values of the Smithy `document` shape: any JSON value.
//!
//! This crate has its own type instead of `serde_json::Value`, so that clients without documents need not build serde.
//! Integers stay exact over the whole range of `i64` and `u64`.

#[cfg(feature = "serde")]
mod serde;

use std::collections::BTreeMap;
use std::fmt;

/// A value without a schema.
///
/// ```
/// use attache_runtime::document::Document;
///
/// let document = Document::from_iter([("retries", Document::from(3)), ("name", "blue".into())]);
/// assert_eq!(document.get("retries").and_then(Document::as_i64), Some(3));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Document {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(String),
    /// A list of values.
    Array(Vec<Document>),
    /// Values by name, in the order of the names.
    Object(BTreeMap<String, Document>),
}

/// A number in a [`Document`].
///
/// Build it with `From`, which keeps each number in one form only: non-negative integers are always
/// [`PosInt`](Number::PosInt).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// Zero or a positive integer.
    PosInt(u64),
    /// A negative integer.
    NegInt(i64),
    /// Any other number. NaN and the infinities are written to JSON as the strings `"NaN"`, `"Infinity"` and
    /// `"-Infinity"`, and read back as strings.
    Float(f64),
}

impl Number {
    /// The number as `i64`, if it is an integer of that range.
    pub fn as_i64(self) -> Option<i64> {
        match self {
            Self::PosInt(number) => i64::try_from(number).ok(),
            Self::NegInt(number) => Some(number),
            Self::Float(_) => None,
        }
    }

    /// The number as `u64`, if it is an integer of that range.
    pub fn as_u64(self) -> Option<u64> {
        match self {
            Self::PosInt(number) => Some(number),
            Self::NegInt(_) | Self::Float(_) => None,
        }
    }

    /// The number as `f64`; integers beyond 2^53 are rounded to the nearest.
    pub fn as_f64(self) -> f64 {
        match self {
            Self::PosInt(number) => number as f64,
            Self::NegInt(number) => number as f64,
            Self::Float(number) => number,
        }
    }
}

/// As in JSON, but for `NaN`, `inf` and `-inf`.
impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PosInt(number) => fmt::Display::fmt(number, formatter),
            Self::NegInt(number) => fmt::Display::fmt(number, formatter),
            // `Debug` has an exponent where the plain form would have hundreds of zeros.
            Self::Float(number) => fmt::Debug::fmt(number, formatter),
        }
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        Self::PosInt(number)
    }
}

impl From<i64> for Number {
    #[inline]
    fn from(number: i64) -> Self {
        u64::try_from(number).map_or(Self::NegInt(number), Self::PosInt)
    }
}

impl From<f64> for Number {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl Document {
    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The number as `i64`, if it is an integer of that range.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// The number as `f64`, if it is a number; integers beyond 2^53 are rounded to the nearest.
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number().map(Number::as_f64)
    }

    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The values of the list, if it is one.
    pub fn as_array(&self) -> Option<&[Document]> {
        match self {
            Self::Array(values) => Some(values),
            _ => None,
        }
    }

    /// The values by name, if it is an object.
    pub fn as_object(&self) -> Option<&BTreeMap<String, Document>> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The value named `name`, if it is an object that has one.
    #[inline]
    pub fn get(&self, name: &str) -> Option<&Document> {
        self.as_object()?.get(name)
    }
}

impl From<bool> for Document {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<Number> for Document {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Document {
    #[inline]
    fn from(number: i32) -> Self {
        Self::Number(Number::from(i64::from(number)))
    }
}

impl From<i64> for Document {
    #[inline]
    fn from(number: i64) -> Self {
        Self::Number(Number::from(number))
    }
}

impl From<u64> for Document {
    fn from(number: u64) -> Self {
        Self::Number(Number::from(number))
    }
}

impl From<f64> for Document {
    fn from(number: f64) -> Self {
        Self::Number(Number::from(number))
    }
}

impl From<&str> for Document {
    #[inline]
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Document {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<Vec<Document>> for Document {
    fn from(values: Vec<Document>) -> Self {
        Self::Array(values)
    }
}

impl From<BTreeMap<String, Document>> for Document {
    fn from(members: BTreeMap<String, Document>) -> Self {
        Self::Object(members)
    }
}

/// `None` is `null`.
impl<T: Into<Document>> From<Option<T>> for Document {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A list.
impl FromIterator<Document> for Document {
    fn from_iter<I: IntoIterator<Item = Document>>(values: I) -> Self {
        Self::Array(values.into_iter().collect())
    }
}

/// An object; of equal names the last one stays.
impl<K: Into<String>> FromIterator<(K, Document)> for Document {
    fn from_iter<I: IntoIterator<Item = (K, Document)>>(members: I) -> Self {
        Self::Object(
            members
                .into_iter()
                .map(|(name, value)| (name.into(), value))
                .collect(),
        )
    }
}
