//! Blobs as base64 strings (RFC 4648 section 4, with padding), for `#[serde(with = "…")]`.
//!
//! `Bytes` has a serde form of its own, a list of numbers in JSON: four times as long, and not what AWS sends.
//!
//! ```
//! #[derive(serde::Serialize)]
//! struct Attachment {
//!     #[serde(with = "attache_runtime::serde_blob")]
//!     data: bytes::Bytes,
//! }
//! let text = serde_json::to_string(&Attachment { data: "foo".into() })?;
//! assert_eq!(text, r#"{"data":"Zm9v"}"#);
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::fmt;

use bytes::Bytes;
use serde::de::{Deserializer, Error, Visitor};
use serde::ser::Serializer;

/// Writes a base64 string.
///
/// # Errors
/// Those of `serializer`.
pub fn serialize<S: Serializer>(blob: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&base64_simd::STANDARD.encode_to_string(blob))
}

/// Reads a base64 string.
///
/// # Errors
/// Those of `deserializer`, and when the string is not base64.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
    deserializer.deserialize_str(Base64)
}

struct Base64;

impl Visitor<'_> for Base64 {
    type Value = Bytes;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a base64 string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Bytes, E> {
        match base64_simd::STANDARD.decode_to_vec(text) {
            Ok(bytes) => Ok(Bytes::from(bytes)),
            Err(_) => Err(E::custom("expected a base64 string, found another string")),
        }
    }
}

/// The same for blobs that may be missing.
pub mod option {
    use std::fmt;

    use bytes::Bytes;
    use serde::de::{Deserializer, Error, Visitor};
    use serde::ser::Serializer;

    /// Writes a base64 string, or nothing.
    ///
    /// # Errors
    /// Those of `serializer`.
    pub fn serialize<S: Serializer>(
        blob: &Option<Bytes>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match blob {
            Some(blob) => serializer.serialize_some(&base64_simd::STANDARD.encode_to_string(blob)),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a base64 string, or nothing.
    ///
    /// # Errors
    /// Those of `deserializer`, and when there is a string that is not base64.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Bytes>, D::Error> {
        deserializer.deserialize_option(Optional)
    }

    struct Optional;

    impl<'de> Visitor<'de> for Optional {
        type Value = Option<Bytes>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a base64 string or null")
        }

        fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(
            self,
            deserializer: D,
        ) -> Result<Self::Value, D::Error> {
            super::deserialize(deserializer).map(Some)
        }
    }
}
