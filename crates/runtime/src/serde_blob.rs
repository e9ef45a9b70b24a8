//! Blobs as base64 strings (RFC 4648 section 4), for `#[serde(with = "…")]`. They are written with padding, and read
//! with or without it.
//!
//! The serde form of `Bytes` is a list of numbers in JSON, which is four times as long and not the form of AWS. The
//! functions accept blobs and types that contain blobs: options, lists, maps.
//!
//! ```
//! #[derive(serde::Serialize)]
//! struct Attachments {
//!     #[serde(with = "attache_runtime::serde_blob")]
//!     data: bytes::Bytes,
//!     #[serde(with = "attache_runtime::serde_blob")]
//!     more: Option<Vec<bytes::Bytes>>,
//! }
//! let text = serde_json::to_string(&Attachments { data: "foo".into(), more: Some(vec!["bar".into()]) })?;
//! assert_eq!(text, r#"{"data":"Zm9v","more":["YmFy"]}"#);
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::plumbing::json::decode_base64 as decode;

/// A blob, or something that holds blobs.
pub trait Blobs: Sized {
    /// Writes each blob as a base64 string.
    ///
    /// # Errors
    /// Those of `serializer`.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    /// Reads each blob from a base64 string.
    ///
    /// # Errors
    /// Those of `deserializer`, and when a string is not base64.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// Writes base64 strings.
///
/// # Errors
/// Those of `serializer`.
pub fn serialize<T: Blobs, S: Serializer>(blobs: &T, serializer: S) -> Result<S::Ok, S::Error> {
    blobs.write(serializer)
}

/// Reads base64 strings.
///
/// # Errors
/// Those of `deserializer`, and when a string is not base64.
pub fn deserialize<'de, T: Blobs, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(deserializer)
}

impl Blobs for Bytes {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&base64_simd::STANDARD.encode_to_string(self))
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Base64)
    }
}

impl<T: Blobs> Blobs for Option<T> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().map(Written).serialize(serializer)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Option::<Read<T>>::deserialize(deserializer)?;
        Ok(read.map(|Read(value)| value))
    }
}

impl<T: Blobs> Blobs for Vec<T> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Written))
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Vec::<Read<T>>::deserialize(deserializer)?;
        Ok(read.into_iter().map(|Read(value)| value).collect())
    }
}

impl<K, T> Blobs for BTreeMap<K, T>
where
    K: Serialize + for<'de> Deserialize<'de> + Ord,
    T: Blobs,
{
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(key, value)| (key, Written(value))))
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = BTreeMap::<K, Read<T>>::deserialize(deserializer)?;
        let entries = read.into_iter().map(|(key, Read(value))| (key, value));
        Ok(entries.collect())
    }
}

/// A type that can be written in this form.
struct Written<'a, T>(&'a T);

impl<T: Blobs> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

/// A type that can be read in this form.
struct Read<T>(T);

impl<'de, T: Blobs> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self)
    }
}

struct Base64;

impl Visitor<'_> for Base64 {
    type Value = Bytes;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a base64 string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Bytes, E> {
        decode(text).ok_or_else(|| E::custom("expected a base64 string, found another string"))
    }
}
