//! The traits that a conversion gathers for one shape or member.

use serde_json::{Map, Number, Value, json};

use super::fields::Fields;
use crate::ast::trait_id;
use crate::error::{Error, Result};

#[derive(Clone, Default)]
pub(super) struct TraitMap(Map<String, Value>);

impl TraitMap {
    /// Applies a trait.
    pub(super) fn apply(&mut self, id: &str, value: impl Into<Value>) {
        self.0.insert(id.to_owned(), value.into());
    }

    /// Applies a trait without a value, if the condition holds.
    pub(super) fn flag(&mut self, id: &str, applies: bool) {
        if applies {
            self.apply(id, json!({}));
        }
    }

    /// Applies a trait, if there is a value.
    pub(super) fn value(&mut self, id: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.apply(id, value);
        }
    }

    /// `deprecated`, `deprecatedMessage`, `deprecatedSince`.
    pub(super) fn deprecated(&mut self, fields: &mut Fields) -> Result<()> {
        let deprecated = fields.flag("deprecated")?;
        let mut value = Map::new();
        for (key, part) in [
            ("deprecatedMessage", "message"),
            ("deprecatedSince", "since"),
        ] {
            if let Some(text) = fields.parse::<String>(key)? {
                value.insert(part.to_owned(), text.into());
            }
        }
        if deprecated || !value.is_empty() {
            self.apply(trait_id::DEPRECATED, value);
        }
        Ok(())
    }

    /// `min` and `max`, as a length or as a range, whichever the type of the shape has.
    pub(super) fn bounds(&mut self, id: &str, fields: &mut Fields) -> Result<()> {
        let mut value = Map::new();
        for key in ["min", "max"] {
            if let Some(bound) = fields.parse::<Number>(key)? {
                if id == trait_id::LENGTH && bound.as_u64().is_none() {
                    return Err(Error::new(format!(
                        "key `{key}`: {bound} is not a length; a length is a whole number that is not negative"
                    )));
                }
                value.insert(key.to_owned(), bound.into());
            }
        }
        if !value.is_empty() {
            self.apply(id, value);
        }
        Ok(())
    }

    /// Removes a trait.
    pub(super) fn take(&mut self, id: &str) -> Option<Value> {
        self.0.remove(id)
    }

    /// Adds the traits to those of a shape, which may have none of them with another value.
    pub(super) fn add_to(self, shape: &mut Value) -> Result<()> {
        for (id, value) in self.0 {
            let present = &mut shape["traits"][&id];
            if !present.is_null() && *present != value {
                return Err(Error::new(format!(
                    "the trait `{id}` is {present} in one place and {value} in another"
                )));
            }
            *present = value;
        }
        Ok(())
    }

    /// Puts the traits into a shape or member.
    pub(super) fn put_into(self, shape: &mut Value) {
        if !self.0.is_empty() {
            shape["traits"] = Value::Object(self.0);
        }
    }
}
