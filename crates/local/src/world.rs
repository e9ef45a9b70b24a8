//! Both services with their store, behind one lock: a request sees all changes that were acknowledged before it, and no
//! others.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::api::security_ir::operation::CreateMembershipRequest;
use crate::environment::Environment;
use crate::security_ir::SecurityIr;
use crate::store::{AnyTable, Disk, Tables};
use crate::support::Support;

/// Both services.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) support: Support,
    pub(crate) security_ir: SecurityIr,
    environment: Arc<Environment>,
    disk: Option<Disk>,
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
            support: Support::new(environment.clone()),
            security_ir: SecurityIr::new(environment.clone()),
            environment,
            disk,
            doubtful: BTreeSet::new(),
        };
        world.load()?;
        // Everything is open and read before anything is removed.
        let wanted = world.blob_ids();
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
        let mut support = Support::new(self.environment.clone());
        let mut security_ir = SecurityIr::new(self.environment.clone());
        let loaded = disk.load(&mut tables(&mut support, &mut security_ir));
        self.disk = Some(disk);
        loaded?;
        self.support = support;
        self.security_ir = security_ir;
        Ok(())
    }

    /// The initial data of an account.
    fn begin(&mut self) {
        if self.environment.settings.has_membership && !self.security_ir.has_memberships() {
            self.security_ir.begin_membership(CreateMembershipRequest {
                membership_name: Some("Local".to_owned()),
                incident_response_team: Some(Vec::new()),
                cover_entire_organization: Some(true),
                ..CreateMembershipRequest::default()
            });
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
            let wanted = self.blob_ids();
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
                for (_, table) in self.tables() {
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
        for (name, table) in self.tables() {
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
        if !self.tables().iter().any(|(_, table)| table.has_changes()) {
            return BTreeSet::new();
        }
        let changed = self.blob_ids();
        for (_, table) in self.tables() {
            table.roll_back();
        }
        let kept = self.blob_ids();
        changed.difference(&kept).cloned().collect()
    }

    /// Deletes all data of the services.
    ///
    /// # Errors
    /// As [`commit`](Self::commit); then nothing is deleted.
    pub(crate) fn reset(&mut self) -> Result<(), String> {
        self.prepare();
        let forgotten = self.blob_ids();
        for (_, table) in self.tables() {
            table.clear();
        }
        self.begin();
        self.commit()?;
        for id in forgotten {
            self.environment.blobs.remove(&id);
        }
        Ok(())
    }

    fn blob_ids(&self) -> BTreeSet<String> {
        let support = self.support.blob_ids();
        support.chain(self.security_ir.blob_ids()).collect()
    }

    fn tables(&mut self) -> Vec<(&'static str, &mut dyn AnyTable)> {
        tables(&mut self.support, &mut self.security_ir)
    }
}

fn tables<'a>(
    support: &'a mut Support,
    security_ir: &'a mut SecurityIr,
) -> Vec<(&'static str, &'a mut dyn AnyTable)> {
    let mut tables = support.each();
    tables.extend(security_ir.each());
    tables
}
