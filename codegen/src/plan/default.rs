//! Defaults of the model as values of Rust types.

use serde_json::Value;

use super::assign::AssignedNames;
use crate::ast::trait_id;
use crate::error::{Error, Result};
use crate::model::{Definition, Service, Type, TypeKind};

/// A default of the model.
#[derive(Clone, Debug, PartialEq)]
pub enum DefaultValue<'m> {
    /// A flag.
    Boolean(bool),
    /// A number of any of the integer types.
    Integer(i64),
    /// A number of either of the floating point types.
    Float(f64),
    /// A number of any length.
    BigNumber(String),
    /// A text.
    Text(&'m str),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A stream without bytes.
    EmptyStream,
    /// A timestamp in seconds since 1970, and additional nanoseconds.
    Epoch(i64, i64),
    /// A moment as RFC 3339.
    DateTime(&'m str),
    /// A document.
    Document(&'m Value),
    /// A list without elements.
    EmptyList,
    /// A map without entries.
    EmptyMap,
    /// A variant of an enum.
    Variant(String),
    /// A value of an enum of strings that the model does not list.
    EnumText(&'m str),
    /// A value of an enum of integers.
    EnumInteger(i32),
}

impl<'m> DefaultValue<'m> {
    /// The default of a member of the type.
    ///
    /// # Errors
    /// A value that is not of the type.
    pub(super) fn new(
        service: &Service,
        names: &AssignedNames,
        ty: &Type,
        value: &'m Value,
    ) -> Result<Self> {
        let mismatch = || {
            Error::new(format!(
                "trait `{}`: {value} is not a value of this type",
                trait_id::DEFAULT
            ))
        };
        let integer = |minimum: i64, maximum: i64| {
            value
                .as_i64()
                .filter(|number| (minimum..=maximum).contains(number))
                .ok_or_else(mismatch)
        };
        let text = || value.as_str().ok_or_else(mismatch);
        Ok(match &ty.kind {
            TypeKind::Boolean => Self::Boolean(value.as_bool().ok_or_else(mismatch)?),
            TypeKind::Byte => Self::Integer(integer(i8::MIN.into(), i8::MAX.into())?),
            TypeKind::Short => Self::Integer(integer(i16::MIN.into(), i16::MAX.into())?),
            TypeKind::Integer => Self::Integer(integer(i32::MIN.into(), i32::MAX.into())?),
            TypeKind::Long => Self::Integer(integer(i64::MIN, i64::MAX)?),
            TypeKind::Float | TypeKind::Double => Self::float(value).ok_or_else(mismatch)?,
            TypeKind::BigInteger | TypeKind::BigDecimal => {
                Self::big_number(&ty.kind, value).ok_or_else(mismatch)?
            }
            TypeKind::String { .. } => Self::Text(text()?),
            TypeKind::Blob { .. } => {
                let bytes = base64_simd::forgiving_decode_to_vec(text()?.as_bytes());
                Self::Bytes(bytes.map_err(|_| mismatch())?)
            }
            TypeKind::StreamingBlob { .. } | TypeKind::EventStream(_) => Self::EmptyStream,
            TypeKind::Timestamp(_) => Self::timestamp(value).ok_or_else(mismatch)?,
            TypeKind::Document => Self::Document(value),
            TypeKind::List { .. } if value.as_array().is_some_and(Vec::is_empty) => Self::EmptyList,
            TypeKind::Map { .. } if value.as_object().is_some_and(serde_json::Map::is_empty) => {
                Self::EmptyMap
            }
            TypeKind::List { .. } | TypeKind::Map { .. } => return Err(mismatch()),
            TypeKind::Named(id) => match &service.type_definition(*id).definition {
                Definition::Enum(values) => {
                    let value = text()?;
                    let known = values.iter().position(|known| known.value == value);
                    known.map_or(Self::EnumText(value), |index| {
                        Self::Variant(names.types[id.0].members[index].clone())
                    })
                }
                Definition::IntEnum(_) => {
                    let value = value.as_i64().and_then(|value| i32::try_from(value).ok());
                    Self::EnumInteger(value.ok_or_else(mismatch)?)
                }
                Definition::Structure(_) | Definition::Union(_) => return Err(mismatch()),
            },
        })
    }

    fn float(value: &Value) -> Option<Self> {
        let number = value.as_f64().filter(|value| value.is_finite());
        number.map(Self::Float)
    }

    fn big_number(kind: &TypeKind, value: &Value) -> Option<Self> {
        big_number(kind, value).map(Self::BigNumber)
    }

    fn timestamp(value: &'m Value) -> Option<Self> {
        match value {
            Value::Number(number) => {
                let (seconds, nanoseconds) = epoch(number)?;
                Some(Self::Epoch(seconds, nanoseconds))
            }
            _ => value.as_str().map(Self::DateTime),
        }
    }

    /// Whether it is the `Default` of the Rust type.
    pub fn is_zero(&self) -> bool {
        match self {
            Self::Boolean(value) => !value,
            Self::Integer(value) => *value == 0,
            Self::Float(value) => *value == 0.0,
            Self::BigNumber(text) => text == "0",
            Self::Text(text) => text.is_empty(),
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::EmptyStream | Self::EmptyList | Self::EmptyMap => true,
            Self::Epoch(..)
            | Self::DateTime(_)
            | Self::Document(_)
            | Self::Variant(_)
            | Self::EnumText(_)
            | Self::EnumInteger(_) => false,
        }
    }

    /// Whether the expression for it is a constant, so that an unused one has no cost.
    pub fn is_constant(&self) -> bool {
        match self {
            Self::Boolean(_)
            | Self::Integer(_)
            | Self::Float(_)
            | Self::Variant(_)
            | Self::Epoch(0, 0)
            | Self::Document(Value::Null) => true,
            Self::BigNumber(_)
            | Self::Text(_)
            | Self::Bytes(_)
            | Self::EmptyStream
            | Self::Epoch(..)
            | Self::DateTime(_)
            | Self::Document(_)
            | Self::EmptyList
            | Self::EmptyMap
            | Self::EnumText(_)
            | Self::EnumInteger(_) => false,
        }
    }
}

/// The text of a number, if the types of the runtime accept it: they take numbers of JSON, and integers without exponents.
fn big_number(kind: &TypeKind, value: &Value) -> Option<String> {
    let text = value.as_str().map_or(value.to_string(), str::to_owned);
    let is_integer = matches!(kind, TypeKind::BigInteger);
    let number: serde_json::Number = serde_json::from_str(&text).ok()?;
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_zero = is_plain && number.as_f64() == Some(0.0);
    match (is_zero, is_plain || !is_integer) {
        (true, _) => Some("0".to_owned()),
        (false, true) => Some(text),
        (false, false) => None,
    }
}

/// Whole seconds, and the nanoseconds behind them, which count forwards. The digits are read, because a `f64` of today's
/// seconds is only exact to some hundred nanoseconds.
fn epoch(number: &serde_json::Number) -> Option<(i64, i64)> {
    if let Some(seconds) = number.as_i64() {
        return Some((seconds, 0));
    }
    let text = number.to_string();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.as_str()),
    };
    let (whole, fraction) = digits.split_once('.')?;
    // Fractions below a nanosecond are truncated.
    let fraction: String = fraction
        .chars()
        .chain("000000000".chars())
        .take(9)
        .collect();
    let seconds: i64 = whole.parse().ok()?;
    let nanoseconds: i64 = fraction.parse().ok()?;
    Some(match (sign, nanoseconds) {
        (1, _) => (seconds, nanoseconds),
        (_, 0) => (-seconds, 0),
        (_, _) => (-seconds - 1, 1_000_000_000 - nanoseconds),
    })
}

#[cfg(test)]
mod tests {
    use super::epoch;

    #[test]
    fn fractions_of_seconds_are_exact_and_count_forwards() {
        for (text, expected) in [
            ("1.5", Some((1, 500_000_000))),
            ("-1.5", Some((-2, 500_000_000))),
            ("1515531081.1234", Some((1_515_531_081, 123_400_000))),
            ("-7", Some((-7, 0))),
            ("2.0", Some((2, 0))),
            ("0.0000000001", None),
            ("1e300", None),
        ] {
            let number = serde_json::from_str(text).expect("it is a number");
            assert_eq!(epoch(&number), expected, "{text}");
        }
    }
}
