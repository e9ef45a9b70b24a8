//! Both services with their store, behind one lock: a request sees all changes that were acknowledged before it, and no
//! others.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::caller::Caller;
use crate::environment::Environment;
use crate::store::{Disk, Hold};
use crate::tenants::Tenants;

/// Both services of all accounts.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) tenants: Tenants,
    environment: Arc<Environment>,
    disk: Option<Disk>,
    /// How often the data was replaced as a whole. A request acts on the data that it was sent to, or not at all.
    pub(crate) era: u64,
    /// Files of changes for which it is unknown whether they are on disk.
    doubtful: BTreeSet<String>,
}

impl World {
    /// The services with the data on disk, or without data. Files without a reference are removed.
    ///
    /// # Errors
    /// A message about a disk that cannot be read or written.
    pub(crate) fn open(environment: Arc<Environment>, disk: Option<Disk>) -> Result<Self, String> {
        let mut world = Self {
            tenants: Tenants::new(environment.clone()),
            environment,
            disk,
            era: 0,
            doubtful: BTreeSet::new(),
        };
        world.load()?;
        // Everything is open and read before anything is removed.
        let wanted = world.tenants.blob_ids();
        world
            .environment
            .blobs
            .prepare(&wanted)
            .map_err(|error| format!("could not use the folder of files: {error}"))?;
        world.begin();
        world.commit()?;
        Ok(world)
    }

    fn load(&mut self) -> Result<(), String> {
        let Some(mut disk) = self.disk.take() else {
            return Ok(());
        };
        let mut tenants = Tenants::new(self.environment.clone());
        let loaded = disk.load(|key, json| tenants.restore(key, json));
        self.disk = Some(disk);
        loaded?;
        self.tenants = tenants;
        Ok(())
    }

    /// The initial data of every account that the server knows.
    fn begin(&mut self) {
        let settings = self.environment.settings.clone();
        for account_id in settings.accounts.values().chain([&settings.account_id]) {
            let caller = Caller {
                account_id: account_id.clone(),
                region: settings.region.clone(),
                host: None,
            };
            self.tenants.support(&caller);
            // With too many regions on disk, the account has its membership from its first request on.
            let _ = self.tenants.security_ir(&caller);
        }
    }

    /// Prepares for a request: opens the disk again if it had an error, and continues without it if that fails.
    ///
    /// The data is then read from the disk again, because a transaction that failed may be on it nevertheless.
    pub(crate) fn prepare(&mut self) {
        // The changes of a request that panicked may remain.
        self.roll_back();
        if self.disk.as_ref().is_none_or(|disk| !disk.is_broken()) {
            return;
        }
        let reopened = self.disk.as_mut().map_or(Ok(()), Disk::reopen);
        if reopened.and_then(|()| self.load()).is_ok() {
            let wanted = self.tenants.blob_ids();
            self.environment.blobs.keep(&wanted);
            for id in std::mem::take(&mut self.doubtful) {
                if !wanted.contains(&id) {
                    self.environment.blobs.remove(&id);
                }
            }
        }
    }

    /// Writes what has changed. It is on disk when this returns, if there is a disk.
    ///
    /// # Errors
    /// A message about what cannot be written. The changes are undone.
    pub(crate) fn commit(&mut self) -> Result<(), String> {
        let mut disk = self.disk.take();
        let written = match &mut disk {
            Some(disk) => self.write(disk),
            None => Ok(()),
        };
        self.disk = disk;
        match &written {
            Ok(()) => {
                for (_, table) in self.tenants.tables() {
                    table.written();
                }
            }
            Err(problem) => {
                crate::log(problem);
                let dropped = self.take_back();
                self.doubtful.extend(dropped);
            }
        }
        written
    }

    fn write(&mut self, disk: &mut Disk) -> Result<(), String> {
        let mut changes = Vec::new();
        for (name, table) in self.tenants.tables() {
            let changed = table
                .changes()
                .map_err(|error| format!("could not write `{name}`: {error}"))?;
            if !changed.is_empty() {
                changes.push((name, changed));
            }
        }
        match changes.is_empty() {
            // Reading works while the disk does not.
            true => Ok(()),
            false => disk.write(changes),
        }
    }

    /// Undoes the changes since the last commit.
    pub(crate) fn roll_back(&mut self) {
        for id in self.take_back() {
            self.environment.blobs.remove(&id);
        }
    }

    /// Undoes changes, and returns the files to which only they referred.
    fn take_back(&mut self) -> BTreeSet<String> {
        if !self
            .tenants
            .tables()
            .iter()
            .any(|(_, table)| table.has_changes())
        {
            return BTreeSet::new();
        }
        let changed = self.tenants.blob_ids();
        for (_, table) in self.tenants.tables() {
            table.roll_back();
        }
        let kept = self.tenants.blob_ids();
        changed.difference(&kept).cloned().collect()
    }

    /// Deletes all data of the services.
    ///
    /// # Errors
    /// As [`commit`](Self::commit); then nothing is deleted.
    pub(crate) fn reset(&mut self) -> Result<(), String> {
        self.prepare();
        let before = self.tenants.blob_ids();
        for (_, table) in self.tenants.tables() {
            table.clear();
        }
        self.begin();
        self.replaced(&before)
    }

    /// The data, which changes of the world do not change, and a hold of its files.
    pub(crate) fn snapshot(&mut self) -> (Tenants, Hold) {
        self.prepare();
        let files = self.environment.blobs.hold(self.tenants.blob_ids());
        (self.tenants.clone(), files)
    }

    /// Replaces all data with that of a snapshot.
    ///
    /// # Errors
    /// As [`commit`](Self::commit); then nothing is replaced.
    pub(crate) fn restore(&mut self, tenants: &Tenants) -> Result<(), String> {
        self.prepare();
        let before = self.tenants.blob_ids();
        self.tenants.take_over(tenants);
        self.replaced(&before)
    }

    /// Writes data that was replaced as a whole, and removes files that it no longer refers to.
    fn replaced(&mut self, before: &BTreeSet<String>) -> Result<(), String> {
        self.commit()?;
        self.era += 1;
        let wanted = self.tenants.blob_ids();
        self.environment.blobs.keep(&wanted);
        for id in before.difference(&wanted) {
            self.environment.blobs.remove(id);
        }
        Ok(())
    }
}
