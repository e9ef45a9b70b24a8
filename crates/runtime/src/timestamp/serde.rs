//! Timestamps in serde's data model: written as the `date-time` string, which people can read, in every format; read in
//! the forms that services send, too.

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

use super::{Timestamp, TimestampFormat};
use crate::plumbing::json::Reader;
use crate::plumbing::serde_form::json_text;

/// Writes RFC 3339, such as `1985-04-12T23:20:50.52Z`.
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.format(TimestampFormat::DateTime))
    }
}

/// Reads numbers, which are seconds since 1970, and strings in the forms of [`Timestamp::parse_any`]. A format that gives
/// fractions as `f64` keeps microseconds, up to the year 2242. Formats for programs only, such as postcard, are read as
/// they are written.
///
/// # Errors
/// Anything else. The error does not repeat the text.
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return String::deserialize(deserializer)?
                .parse()
                .map_err(D::Error::custom);
        }
        let text = json_text(deserializer)?;
        Reader::new(&text)
            .and_then(|mut reader| reader.sensitive_timestamp(TimestampFormat::DateTime))
            .map_err(|error| D::Error::custom(error.message()))
    }
}
