//! Bodies of CBOR, read by a crate that is not ours.

use std::cmp::Ordering;

use anyhow::{Context, Result, ensure};
use ciborium::Value;

/// Reads one value.
///
/// # Errors
/// Bytes that are not one value.
pub(super) fn read(bytes: &[u8]) -> Result<Value> {
    let mut rest = bytes;
    let value = ciborium::from_reader(&mut rest).context("the body is not CBOR")?;
    ensure!(rest.is_empty(), "bytes follow the body");
    Ok(value)
}

/// Equality in which 1 is 1.0, and maps have no order.
pub(super) fn same(one: &Value, two: &Value) -> bool {
    match (one, two) {
        (Value::Integer(_) | Value::Float(_), Value::Integer(_) | Value::Float(_)) => {
            match (one, two) {
                (Value::Integer(one), Value::Integer(two)) => one == two,
                _ => number(one).total_cmp(&number(two)) == Ordering::Equal,
            }
        }
        (Value::Tag(tag, one), Value::Tag(other, two)) => tag == other && same(one, two),
        (Value::Array(one), Value::Array(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same(one, two))
        }
        (Value::Map(one), Value::Map(two)) => {
            one.len() == two.len()
                && one.iter().all(|(key, one)| {
                    let mut others = two.iter();
                    others.any(|(other, two)| key == other && same(one, two))
                })
        }
        _ => one == two,
    }
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Float(value) => *value,
        Value::Integer(value) => i128::from(*value) as f64,
        _ => f64::NAN,
    }
}
