//! A table: records by key, and which of them have changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// What can stand in a table.
pub(crate) trait Record: Clone + Serialize + DeserializeOwned {}

impl<T: Clone + Serialize + DeserializeOwned> Record for T {}

/// Records by key. Clones share their records, so that a clone for a dry run costs little.
#[derive(Clone)]
pub(crate) struct Table<R> {
    name: &'static str,
    records: BTreeMap<String, Arc<R>>,
    changed: BTreeSet<String>,
}

/// A record as it goes to disk: its key, and its JSON or nothing if it is gone.
pub(crate) type Change = (String, Option<Vec<u8>>);

/// The tables of a service, whatever their records are.
pub(crate) trait Tables {
    /// Each of them, by its name.
    fn each(&mut self) -> Vec<(&'static str, &mut dyn AnyTable)>;
}

/// A table, whatever its records are.
pub(crate) trait AnyTable {
    /// The records that have changed since the last time, and are now taken for written.
    ///
    /// # Errors
    /// A record that cannot be JSON.
    fn changes(&self) -> Result<Vec<Change>, serde_json::Error>;

    /// Says that the changes are written.
    fn written(&mut self);

    /// Puts a record back that was written.
    ///
    /// # Errors
    /// JSON that is no such record.
    fn restore(&mut self, key: String, json: &[u8]) -> Result<(), serde_json::Error>;
}

impl<R: Record> Table<R> {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            records: BTreeMap::new(),
            changed: BTreeSet::new(),
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&R> {
        self.records.get(key).map(Arc::as_ref)
    }

    /// The record, to be changed.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut R> {
        let record = self.records.get_mut(key)?;
        self.changed.insert(key.to_owned());
        Some(Arc::make_mut(record))
    }

    pub(crate) fn insert(&mut self, key: impl Into<String>, record: R) {
        let key = key.into();
        self.changed.insert(key.clone());
        self.records.insert(key, Arc::new(record));
    }

    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = &R> {
        self.records.values().map(Arc::as_ref)
    }

    /// The records whose keys start with a prefix, in the order of their keys.
    pub(crate) fn below<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl DoubleEndedIterator<Item = (&'a str, &'a R)> {
        let end = format!("{prefix}\u{10ffff}");
        self.records
            .range(prefix.to_owned()..end)
            .map(|(key, record)| (key.as_str(), record.as_ref()))
    }
}

impl<R: Record> AnyTable for Table<R> {
    fn changes(&self) -> Result<Vec<Change>, serde_json::Error> {
        self.changed
            .iter()
            .map(|key| {
                let record = self.records.get(key);
                let json = record.map(|record| serde_json::to_vec(record.as_ref()));
                Ok((key.clone(), json.transpose()?))
            })
            .collect()
    }

    fn written(&mut self) {
        self.changed.clear();
    }

    fn restore(&mut self, key: String, json: &[u8]) -> Result<(), serde_json::Error> {
        let record = serde_json::from_slice(json)?;
        self.records.insert(key, Arc::new(record));
        Ok(())
    }
}

impl<R: Record> Table<R> {
    /// The table with its name, for [`Tables::each`].
    pub(crate) fn named(&mut self) -> (&'static str, &mut dyn AnyTable)
    where
        R: 'static,
    {
        (self.name, self)
    }
}

impl<R> fmt::Debug for Table<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Table")
            .field("name", &self.name)
            .field("records", &self.records.len())
            .finish_non_exhaustive()
    }
}
