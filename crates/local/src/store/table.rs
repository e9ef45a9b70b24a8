//! A table: records by key, and their previous values while a change is not written.
//!
//! A change is either written or undone: see [`AnyTable::written`] and [`AnyTable::roll_back`].

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The bounds of a record of a table.
pub(crate) trait Record: Clone + Serialize + DeserializeOwned {}

impl<T: Clone + Serialize + DeserializeOwned> Record for T {}

/// Records by key. Clones share their records, so that a clone for a dry run costs little.
#[derive(Clone)]
pub(crate) struct Table<R> {
    name: &'static str,
    records: BTreeMap<String, Arc<R>>,
    /// The keys of changed records, and their previous values, if there were any.
    before: BTreeMap<String, Option<Arc<R>>>,
}

/// A record as it is written to disk: its key, and its JSON, or `None` if it was removed.
pub(crate) type Change = (String, Option<Vec<u8>>);

/// The tables of a service, whatever their records are.
pub(crate) trait Tables {
    /// Each of them, by its name.
    fn each(&mut self) -> Vec<(&'static str, &mut dyn AnyTable)>;
}

/// A table, whatever its records are.
pub(crate) trait AnyTable {
    /// Whether anything has changed since changes were written or undone last.
    fn has_changes(&self) -> bool;

    /// The records that have changed.
    ///
    /// # Errors
    /// A record that cannot be JSON.
    fn changes(&self) -> Result<Vec<Change>, serde_json::Error>;

    /// Records that the changes are written.
    fn written(&mut self);

    /// Undoes the changes.
    fn roll_back(&mut self);

    /// Removes every record.
    fn clear(&mut self);

    /// Restores a record that was read from disk.
    ///
    /// # Errors
    /// JSON that is no such record.
    fn restore(&mut self, key: String, json: &[u8]) -> Result<(), serde_json::Error>;

    /// Takes over the records of a table of the same kind. What differs is a change.
    fn take_over(&mut self, other: &dyn AnyTable);

    /// The table, for [`take_over`](Self::take_over).
    fn as_any(&self) -> &dyn Any;
}

impl<R: Record> Table<R> {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            records: BTreeMap::new(),
            before: BTreeMap::new(),
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&R> {
        self.records.get(key).map(Arc::as_ref)
    }

    /// The record, to be changed.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut R> {
        let record = self.records.get_mut(key)?;
        if !self.before.contains_key(key) {
            self.before.insert(key.to_owned(), Some(record.clone()));
        }
        Some(Arc::make_mut(record))
    }

    pub(crate) fn insert(&mut self, key: impl Into<String>, record: R) {
        let key = key.into();
        let replaced = self.records.insert(key.clone(), Arc::new(record));
        // The first previous value is kept.
        self.before.entry(key).or_insert(replaced);
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
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

impl<R: Record + 'static> AnyTable for Table<R> {
    fn has_changes(&self) -> bool {
        !self.before.is_empty()
    }

    fn changes(&self) -> Result<Vec<Change>, serde_json::Error> {
        self.before
            .keys()
            .map(|key| {
                let record = self.records.get(key);
                let json = record.map(|record| serde_json::to_vec(record.as_ref()));
                Ok((key.clone(), json.transpose()?))
            })
            .collect()
    }

    fn written(&mut self) {
        self.before.clear();
    }

    fn roll_back(&mut self) {
        for (key, record) in std::mem::take(&mut self.before) {
            match record {
                Some(record) => self.records.insert(key, record),
                None => self.records.remove(&key),
            };
        }
    }

    fn clear(&mut self) {
        for (key, record) in std::mem::take(&mut self.records) {
            self.before.entry(key).or_insert(Some(record));
        }
    }

    fn restore(&mut self, key: String, json: &[u8]) -> Result<(), serde_json::Error> {
        let record = serde_json::from_slice(json)?;
        self.records.insert(key, Arc::new(record));
        Ok(())
    }

    fn take_over(&mut self, other: &dyn AnyTable) {
        let Some(other) = other.as_any().downcast_ref::<Self>() else {
            return;
        };
        let records = std::mem::replace(&mut self.records, other.records.clone());
        for key in other
            .records
            .keys()
            .filter(|key| !records.contains_key(*key))
        {
            self.before.entry(key.clone()).or_insert(None);
        }
        for (key, record) in records {
            let kept = self.records.get(&key);
            if kept.is_none_or(|kept| !Arc::ptr_eq(kept, &record)) {
                self.before.entry(key).or_insert(Some(record));
            }
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
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

#[cfg(test)]
mod tests {
    use super::{AnyTable, Table};

    fn shown(table: &Table<u64>) -> Vec<u64> {
        table.values().copied().collect()
    }

    #[test]
    fn only_what_differs_from_a_clone_is_a_change() {
        let mut table = Table::new("numbers");
        for key in ["a", "b", "c"] {
            table.insert(key, 1);
        }
        table.written();
        let clone = table.clone();
        table.insert("b", 2);
        table.insert("d", 3);
        table.written();
        table.take_over(&clone);
        let changes = table.changes().expect("numbers are JSON");
        assert_eq!(
            changes,
            [
                ("b".to_owned(), Some(b"1".to_vec())),
                ("d".to_owned(), None)
            ]
        );
        assert_eq!(shown(&table), [1, 1, 1]);
        table.roll_back();
        assert_eq!(shown(&table), [1, 2, 1, 3]);
    }

    #[test]
    fn changes_are_taken_back_whole() {
        let mut table = Table::new("numbers");
        table.insert("a", 1);
        table.insert("b", 2);
        table.written();
        table.insert("a", 3);
        table.insert("a", 4);
        table.insert("c", 5);
        *table.get_mut("b").expect("it is there") = 6;
        *table.get_mut("c").expect("it is there") = 7;
        assert_eq!(shown(&table), [4, 6, 7]);
        table.roll_back();
        assert_eq!((shown(&table), table.has_changes()), (vec![1, 2], false));
        table.clear();
        table.insert("b", 8);
        let changes = table.changes().expect("numbers are JSON");
        assert_eq!(
            changes,
            [
                ("a".to_owned(), None),
                ("b".to_owned(), Some(b"8".to_vec()))
            ]
        );
        table.roll_back();
        assert_eq!(shown(&table), [1, 2]);
    }
}
