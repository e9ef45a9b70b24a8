//! The copy on disk: one file of the embedded database redb, and a folder with the blobs.
//!
//! All tables are one table of the database, with keys `table/key` and JSON as values, so that a change of several
//! tables is one transaction and a new table takes no migration.

use std::fmt;
use std::path::{Path, PathBuf};

use redb::{Database, ReadableTable, TableDefinition};

use super::table::{AnyTable, Change};

const RECORDS: TableDefinition<&str, &[u8]> = TableDefinition::new("records");
/// The form of the records. Another one is refused rather than misread.
const FORM: &[u8] = b"1";
const FORM_KEY: &str = "form";

/// The database of a data folder.
pub(crate) struct Disk {
    path: PathBuf,
    database: Database,
}

impl fmt::Debug for Disk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Disk").field(&self.path).finish()
    }
}

impl Disk {
    /// Opens the database of a folder, or makes it.
    ///
    /// # Errors
    /// A folder that cannot be written, a database that another process has open or that is of another form: in words.
    pub(crate) fn open(folder: &Path) -> Result<Self, String> {
        std::fs::create_dir_all(folder)
            .map_err(|error| format!("could not make the folder {}: {error}", folder.display()))?;
        let path = folder.join("state.redb");
        let failed = |error: redb::Error| match error {
            redb::Error::DatabaseAlreadyOpen => {
                format!("{} is in use by another process", path.display())
            }
            error => format!("could not open {}: {error}", path.display()),
        };
        let database = Database::create(&path).map_err(|error| failed(error.into()))?;
        let disk = Self {
            path: path.clone(),
            database,
        };
        if !disk.check_form().map_err(failed)? {
            return Err(format!(
                "{} was written by another version of attache-local: give it another folder",
                path.display()
            ));
        }
        Ok(disk)
    }

    /// Whether the records are of the form that is known. A new database gets its mark.
    fn check_form(&self) -> Result<bool, redb::Error> {
        let transaction = self.database.begin_write()?;
        let known = {
            let mut table = transaction.open_table(RECORDS)?;
            let found = table.get(FORM_KEY)?.map(|value| value.value().to_vec());
            if found.is_none() {
                table.insert(FORM_KEY, FORM)?;
            }
            found.is_none_or(|found| found == FORM)
        };
        transaction.commit()?;
        Ok(known)
    }

    /// Reads every record into its table.
    ///
    /// # Errors
    /// What cannot be read, in words.
    pub(crate) fn load(
        &self,
        tables: &mut [(&'static str, &mut dyn AnyTable)],
    ) -> Result<(), String> {
        let failed =
            |error: redb::Error| format!("could not read {}: {error}", self.path.display());
        let records = self.records().map_err(failed)?;
        for (key, json) in records {
            let Some((table, key)) = key.split_once('/') else {
                continue;
            };
            let Some((_, found)) = tables.iter_mut().find(|(name, _)| *name == table) else {
                return Err(format!(
                    "{} has an unknown table `{table}`",
                    self.path.display()
                ));
            };
            found
                .restore(key.to_owned(), &json)
                .map_err(|error| format!("{}: `{table}/{key}`: {error}", self.path.display()))?;
        }
        Ok(())
    }

    fn records(&self) -> Result<Vec<(String, Vec<u8>)>, redb::Error> {
        let transaction = self.database.begin_read()?;
        let table = transaction.open_table(RECORDS)?;
        let mut records = Vec::new();
        for entry in table.iter()? {
            let (key, value) = entry?;
            records.push((key.value().to_owned(), value.value().to_vec()));
        }
        Ok(records)
    }

    /// Writes changes of several tables, all or none. They are on disk when this returns.
    ///
    /// # Errors
    /// What cannot be written, in words.
    pub(crate) fn write(&self, changes: &[(&'static str, Vec<Change>)]) -> Result<(), String> {
        self.try_write(changes)
            .map_err(|error| format!("could not write {}: {error}", self.path.display()))
    }

    fn try_write(&self, changes: &[(&'static str, Vec<Change>)]) -> Result<(), redb::Error> {
        let transaction = self.database.begin_write()?;
        {
            let mut table = transaction.open_table(RECORDS)?;
            for (name, changes) in changes {
                for (key, json) in changes {
                    let key = format!("{name}/{key}");
                    match json {
                        Some(json) => table.insert(key.as_str(), json.as_slice())?,
                        None => table.remove(key.as_str())?,
                    };
                }
            }
        }
        transaction.commit()?;
        Ok(())
    }
}
