//! References from shapes and traits to shapes.

use serde::Deserialize;

use super::ShapeId;

/// A reference to a shape.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The id of the shape.
    pub target: ShapeId,
}
