//! Absolute shape ids.

use std::borrow::Borrow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The shape that an operation without input or output, and a member of an enum, target.
pub(crate) const UNIT: &str = "smithy.api#Unit";

/// An absolute shape id, `namespace#Shape` or `namespace#Shape$member` (Smithy specification, "Shape ID").
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ShapeId(String);

impl ShapeId {
    /// Reads an absolute shape id.
    ///
    /// # Errors
    /// An id without a namespace or a name.
    pub fn parse(text: &str) -> Result<Self> {
        let malformed = || {
            Error::new(format!(
                "`{text}` is not an absolute shape id (`namespace#Shape`)"
            ))
        };
        let (namespace, rest) = text.split_once('#').ok_or_else(malformed)?;
        let (name, member) = rest.split_once('$').unwrap_or((rest, "member"));
        let valid = |part: &str| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
        };
        if valid(namespace) && valid(name) && valid(member) {
            Ok(Self(text.to_owned()))
        } else {
            Err(malformed())
        }
    }

    /// The part before `#`.
    pub fn namespace(&self) -> &str {
        self.0
            .split_once('#')
            .map_or("", |(namespace, _)| namespace)
    }

    /// The name of the shape, without namespace and member.
    pub fn name(&self) -> &str {
        let rest = self
            .0
            .split_once('#')
            .map_or(self.0.as_str(), |(_, rest)| rest);
        rest.split_once('$').map_or(rest, |(name, _)| name)
    }

    /// The part after `$`.
    pub fn member(&self) -> Option<&str> {
        self.0.split_once('$').map(|(_, member)| member)
    }

    /// The same id without its member.
    #[must_use]
    pub fn shape(&self) -> Self {
        Self(
            self.0
                .split_once('$')
                .map_or(self.0.as_str(), |(shape, _)| shape)
                .to_owned(),
        )
    }

    /// The id of a member of this shape.
    #[must_use]
    pub fn with_member(&self, member: &str) -> Self {
        Self(format!("{}${member}", self.shape().0))
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Allows look-ups by text in maps by id.
impl Borrow<str> for ShapeId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ShapeId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for ShapeId {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        Self::parse(&text)
    }
}

impl From<ShapeId> for String {
    fn from(id: ShapeId) -> Self {
        id.0
    }
}
