//! One JSON object of a C2J model, whose keys are consumed one by one.
//!
//! The conversion consumes each key that it supports for this kind of object; remaining keys are an error. No key is
//! therefore dropped without a line of code for it, and a key that is supported for strings is refused on a list.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Error, Result};

pub(super) struct Fields(BTreeMap<String, Value>);

impl Fields {
    /// The fields of an object; its `documentation` is prose and is always left out here.
    pub(super) fn new(value: Value) -> Result<Self> {
        match value {
            Value::Object(fields) => Ok(Self(
                fields
                    .into_iter()
                    .filter(|(key, _)| key != "documentation")
                    .collect(),
            )),
            other => Err(Error::new(format!(
                "an object is expected here, not {other}"
            ))),
        }
    }

    /// Consumes a key, uninterpreted.
    pub(super) fn take(&mut self, key: &str) -> Option<Value> {
        self.0.remove(key)
    }

    /// Whether a key is there and not yet consumed.
    pub(super) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Consumes a key without a meaning for the conversion; the caller says why.
    pub(super) fn ignore(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// Consumes a key in its typed form.
    pub(super) fn parse<T: DeserializeOwned>(&mut self, key: &str) -> Result<Option<T>> {
        self.0
            .remove(key)
            .map(|value| {
                serde_json::from_value(value)
                    .map_err(|error| Error::new(format!("key `{key}`: {error}")))
            })
            .transpose()
    }

    /// Consumes a required key.
    pub(super) fn require<T: DeserializeOwned>(&mut self, key: &str) -> Result<T> {
        self.parse(key)?
            .ok_or_else(|| Error::new(format!("the key `{key}` is missing")))
    }

    /// Consumes a Boolean that is false when absent.
    pub(super) fn flag(&mut self, key: &str) -> Result<bool> {
        Ok(self.parse(key)?.unwrap_or(false))
    }

    /// Consumes the entries of an object that may be absent.
    pub(super) fn entries(&mut self, key: &str) -> Result<BTreeMap<String, Value>> {
        Ok(self.parse(key)?.unwrap_or_default())
    }

    /// Checks that no key is left.
    pub(super) fn finish(self) -> Result<()> {
        match self.0.first_key_value() {
            None => Ok(()),
            Some((key, value)) => Err(Error::new(format!(
                "unknown key `{key}` (with the value {}): the importer does not support it here; \
                 codegen/src/import/c2j must learn it before this model can be imported",
                shortened(value)
            ))),
        }
    }
}

fn shortened(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
