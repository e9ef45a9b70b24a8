//! Both services with their store, behind one lock: a request sees what was acknowledged before it, and nothing else.

use std::collections::BTreeSet;
use std::path::Path;
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
    disk: Option<Disk>,
}

impl World {
    /// The services with what the folder remembers, or with nothing.
    ///
    /// # Errors
    /// A folder that cannot be read or written, in words.
    pub(crate) fn open(
        environment: Arc<Environment>,
        folder: Option<&Path>,
    ) -> Result<Self, String> {
        let disk = folder.map(Disk::open).transpose()?;
        let mut world = Self {
            support: Support::new(environment.clone()),
            security_ir: SecurityIr::new(environment.clone()),
            disk: None,
        };
        if let Some(disk) = &disk {
            disk.load(&mut world.tables())?;
        }
        world.disk = disk;
        let support = world.support.blob_ids();
        let wanted: BTreeSet<String> = support.chain(world.security_ir.blob_ids()).collect();
        environment
            .blobs
            .retain(&wanted)
            .map_err(|error| format!("could not clear the folder of files: {error}"))?;
        if environment.settings.has_membership && !world.security_ir.has_memberships() {
            world.security_ir.begin_membership(CreateMembershipRequest {
                membership_name: Some("Local".to_owned()),
                incident_response_team: Some(Vec::new()),
                cover_entire_organization: Some(true),
                ..CreateMembershipRequest::default()
            });
        }
        world.commit()?;
        Ok(world)
    }

    fn tables(&mut self) -> Vec<(&'static str, &mut dyn AnyTable)> {
        let mut tables = self.support.each();
        tables.extend(self.security_ir.each());
        tables
    }

    /// Writes what has changed. It is on disk when this returns, if there is a disk.
    ///
    /// # Errors
    /// What cannot be written, in words. The changes stay, and are written with the next ones.
    pub(crate) fn commit(&mut self) -> Result<(), String> {
        let disk = self.disk.take();
        let written = match &disk {
            Some(disk) => self.write(disk),
            None => Ok(()),
        };
        self.disk = disk;
        if written.is_ok() {
            for (_, table) in self.tables() {
                table.written();
            }
        }
        written
    }

    fn write(&mut self, disk: &Disk) -> Result<(), String> {
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
            true => Ok(()),
            false => disk.write(&changes),
        }
    }
}
