//! The copy on disk: one file of the embedded database redb, in the data folder.
//!
//! All tables are one table of the database, with keys `account/region/table/key` and JSON as values, so that a change of
//! several tables is one transaction and a new table takes no migration. AWS Support has `global` in place of a region.
//! A database of form 2, whose keys lack account and region, is given those of the server when it is opened.
//!
//! After an error of the file system, such as a full disk, redb refuses every further transaction until the database is
//! opened again. [`Disk::reopen`] does that; the content of the file is then used.

use std::fmt;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use redb::{Database, ReadableTable, TableDefinition};

use super::folder::Folder;
use super::table::Change;

const RECORDS: TableDefinition<&str, &[u8]> = TableDefinition::new("records");
/// The version of the form of the records. Another one is refused.
const FORM: &[u8] = b"3";
/// The form without accounts and regions.
const FORM_OF_ONE_ACCOUNT: &[u8] = b"2";
/// The part of the keys in place of a region, for tables that have none.
pub(crate) const GLOBAL: &str = "global";
/// The tables of form 2 that have no region.
const GLOBAL_TABLES: &str = "support-";
const FORM_KEY: &str = "form";
/// The key of the name of the data folder.
const FOLDER_KEY: &str = "folder";
/// A database has whole pages of this size, whatever page size redb chooses.
const PAGE: u64 = 512;

/// How a database is opened from its file; tests give one whose disk can be full.
pub(crate) type Opener = fn(File) -> Result<Database, redb::Error>;

/// The database of a data folder.
pub(crate) struct Disk {
    folder: Folder,
    path: PathBuf,
    opener: Opener,
    /// The last error, until the database is opened again.
    database: Result<Database, String>,
}

impl fmt::Debug for Disk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Disk").field(&self.path).finish()
    }
}

impl Disk {
    /// Opens the database of a folder. A folder without stored files gets one if it has none. `home` are the account and
    /// the region of the data in a database of form 2.
    ///
    /// # Errors
    /// A message about a database that cannot be opened, is damaged, or does not belong to the folder.
    pub(crate) fn open(folder: &Folder, home: (&str, &str)) -> Result<Self, String> {
        Self::open_with(folder, home, |file| {
            Ok(redb::Builder::new().create_file(file)?)
        })
    }

    pub(crate) fn open_with(
        folder: &Folder,
        home: (&str, &str),
        opener: Opener,
    ) -> Result<Self, String> {
        let path = folder.database();
        let length = std::fs::symlink_metadata(&path).map_or(0, |metadata| metadata.len());
        if length == 0 && folder.has_blobs()? {
            return Err(format!(
                "{} is missing or empty, but {} has files that it described: put the database back, or give another \
                 folder",
                path.display(),
                folder.files().display()
            ));
        }
        let mut disk = Self {
            folder: folder.clone(),
            path,
            opener,
            database: Err("it has not been opened yet".to_owned()),
        };
        disk.database = Ok(disk.opened()?);
        disk.validate_records(home)?;
        Ok(disk)
    }

    fn opened(&self) -> Result<Database, String> {
        let failed = |problem: &str| format!("could not open {}: {problem}", self.path.display());
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&self.path)
            .map_err(|error| failed(&error.to_string()))?;
        let length = file
            .metadata()
            .map_err(|error| failed(&error.to_string()))?
            .len();
        if length % PAGE != 0 {
            return Err(self.damaged(&format!("its {length} bytes are not whole pages")));
        }
        // redb does not validate what it reads, and may panic on a damaged file.
        let opened = catch_unwind(AssertUnwindSafe(|| (self.opener)(file)));
        match opened {
            Ok(Ok(database)) => Ok(database),
            Ok(Err(redb::Error::DatabaseAlreadyOpen)) => Err(format!(
                "{} is in use by another process",
                self.path.display()
            )),
            Ok(Err(error @ redb::Error::Io(_))) => Err(failed(&error.to_string())),
            Ok(Err(error)) => Err(self.damaged(&error.to_string())),
            Err(_) => Err(self.damaged("it cannot be read")),
        }
    }

    fn damaged(&self, problem: &str) -> String {
        format!(
            "{} is damaged or not a database of attache-local: {problem}. Put a copy back, or give another folder",
            self.path.display()
        )
    }

    /// Checks that the records have the known form and belong to this folder. A new database gets both marks.
    fn validate_records(&mut self, home: (&str, &str)) -> Result<(), String> {
        let form = self.attempt("read", |database| value(database, FORM_KEY))?;
        let folder = self.attempt("read", |database| value(database, FOLDER_KEY))?;
        if form.is_none() {
            if self.folder.has_blobs()? {
                return Err(format!(
                    "{} is new, but {} has files that another one described: put that back, or give another folder",
                    self.path.display(),
                    self.folder.files().display()
                ));
            }
            let mark = |key: &str, value: &[u8]| (key.to_owned(), Some(value.to_vec()));
            let id = self.folder.id().as_bytes();
            return self.write_records(&[mark(FORM_KEY, FORM), mark(FOLDER_KEY, id)]);
        }
        let is_old = form.as_deref() == Some(FORM_OF_ONE_ACCOUNT);
        if form.as_deref() != Some(FORM) && !is_old {
            return Err(format!(
                "{} was written by another version of attache-local: give it another folder",
                self.path.display()
            ));
        }
        if folder.as_deref() != Some(self.folder.id().as_bytes()) {
            return Err(format!(
                "{} is the database of another data folder: put the one of this folder back, or give another folder",
                self.path.display()
            ));
        }
        match is_old {
            true => self.upgrade(home),
            false => Ok(()),
        }
    }

    /// Gives the records of form 2 an account and a region, all or none of them.
    fn upgrade(&mut self, (account, region): (&str, &str)) -> Result<(), String> {
        let mut changes = vec![(FORM_KEY.to_owned(), Some(FORM.to_vec()))];
        for (key, json) in self.attempt("read", records)? {
            // The other keys are the marks.
            if key.contains('/') {
                let region = match key.starts_with(GLOBAL_TABLES) {
                    true => GLOBAL,
                    false => region,
                };
                changes.push((format!("{account}/{region}/{key}"), Some(json)));
                changes.push((key, None));
            }
        }
        self.write_records(&changes)
    }

    /// Whether transactions are refused until the database is opened again.
    pub(crate) fn is_broken(&self) -> bool {
        self.database.is_err()
    }

    /// Opens the database again after an error.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub(crate) fn reopen(&mut self) -> Result<(), String> {
        let opened = self.opened();
        let problem = opened.as_ref().err().cloned();
        self.database = opened;
        problem.map_or(Ok(()), Err)
    }

    /// Reads every record, and passes its key and its JSON on.
    ///
    /// # Errors
    /// A message about what cannot be read.
    pub(crate) fn load(
        &mut self,
        mut restore: impl FnMut(&str, &[u8]) -> Result<(), String>,
    ) -> Result<(), String> {
        for (key, json) in self.attempt("read", records)? {
            if key.contains('/') {
                restore(&key, &json)
                    .map_err(|error| format!("{}: `{key}`: {error}", self.path.display()))?;
            }
        }
        Ok(())
    }

    /// Writes changes of several tables, all or none. They are on disk when this returns.
    ///
    /// # Errors
    /// A message about what cannot be written. It is then unknown whether the changes are on disk: see
    /// [`reopen`](Self::reopen).
    pub(crate) fn write(&mut self, changes: Vec<(String, Vec<Change>)>) -> Result<(), String> {
        let records: Vec<Change> = changes
            .into_iter()
            .flat_map(|(table, changes)| {
                let named = move |(key, json)| (format!("{table}/{key}"), json);
                changes.into_iter().map(named)
            })
            .collect();
        self.write_records(&records)
    }

    fn write_records(&mut self, records: &[Change]) -> Result<(), String> {
        self.attempt("write", |database| write(database, records))
    }

    /// Uses the database, and closes it if that fails.
    fn attempt<T>(
        &mut self,
        what: &str,
        act: impl FnOnce(&Database) -> Result<T, redb::Error>,
    ) -> Result<T, String> {
        let database = self.database.as_ref().map_err(Clone::clone)?;
        let done = catch_unwind(AssertUnwindSafe(|| act(database)));
        let problem = match done {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) => format!("could not {what} {}: {error}", self.path.display()),
            Err(_) => self.damaged("it cannot be read"),
        };
        let database = std::mem::replace(&mut self.database, Err(problem.clone()));
        // Closing writes as well; its error adds nothing.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(database)));
        Err(problem)
    }
}

fn value(database: &Database, key: &str) -> Result<Option<Vec<u8>>, redb::Error> {
    let transaction = database.begin_read()?;
    match transaction.open_table(RECORDS) {
        Ok(table) => Ok(table.get(key)?.map(|value| value.value().to_vec())),
        Err(redb::TableError::TableDoesNotExist(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn records(database: &Database) -> Result<Vec<(String, Vec<u8>)>, redb::Error> {
    let transaction = database.begin_read()?;
    let table = transaction.open_table(RECORDS)?;
    let mut records = Vec::new();
    for entry in table.iter()? {
        let (key, value) = entry?;
        records.push((key.value().to_owned(), value.value().to_vec()));
    }
    Ok(records)
}

fn write(database: &Database, records: &[Change]) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    {
        let mut table = transaction.open_table(RECORDS)?;
        for (key, json) in records {
            match json {
                Some(json) => table.insert(key.as_str(), json.as_slice())?,
                None => table.remove(key.as_str())?,
            };
        }
    }
    transaction.commit()?;
    Ok(())
}
