//! The services of every account and region that was called.
//!
//! AWS Support is one service for a whole account, whatever region a request is signed for. Security IR has data of its
//! own in each region. Identifiers differ between accounts and regions, so a presigned URL needs no account.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::api::{security_ir, support};
use crate::caller::Caller;
use crate::contents::Contents;
use crate::environment::Environment;
use crate::security_ir::SecurityIr;
use crate::store::{AnyTable, Blob, GLOBAL, Tables};
use crate::support::Support;

/// How many accounts and regions there are at most: whoever signs requests chooses their region.
const LIMIT: usize = 100;

/// The account, the case, the attachment, the name of the file and its content.
pub(crate) type Stored = (String, String, String, String, Vec<Blob>);

/// Both services, by account and region. Clones share what is stored until one of them changes it.
#[derive(Clone, Debug)]
pub(crate) struct Tenants {
    environment: Arc<Environment>,
    /// By account.
    support: BTreeMap<String, Support>,
    /// By account and region.
    security_ir: BTreeMap<(String, String), SecurityIr>,
}

impl Tenants {
    pub(crate) fn new(environment: Arc<Environment>) -> Self {
        Self {
            environment,
            support: BTreeMap::new(),
            security_ir: BTreeMap::new(),
        }
    }

    /// AWS Support for a request.
    pub(crate) fn support(&mut self, caller: &Caller) -> &mut Support {
        let host = caller
            .host
            .as_ref()
            .unwrap_or(&self.environment.host)
            .clone();
        let service = self.support_of(&caller.account_id);
        service.set_host(&host);
        service
    }

    /// Security IR for a request.
    ///
    /// # Errors
    /// A message about too many regions.
    pub(crate) fn security_ir(&mut self, caller: &Caller) -> Result<&mut SecurityIr, String> {
        let key = (caller.account_id.clone(), caller.region.clone());
        if self.security_ir.len() >= LIMIT && !self.security_ir.contains_key(&key) {
            return Err(format!(
                "This server has data of {LIMIT} accounts and regions already, and creates no more."
            ));
        }
        let host = caller
            .host
            .as_ref()
            .unwrap_or(&self.environment.host)
            .clone();
        let service = self.security_ir_of(&key.0, &key.1);
        service.set_host(&host);
        service.begin();
        Ok(service)
    }

    fn support_of(&mut self, account_id: &str) -> &mut Support {
        let environment = &self.environment;
        let service = self.support.entry(account_id.to_owned());
        service.or_insert_with(|| {
            Support::new(environment.of(account_id, &environment.settings.region))
        })
    }

    fn security_ir_of(&mut self, account_id: &str, region: &str) -> &mut SecurityIr {
        let environment = &self.environment;
        let key = (account_id.to_owned(), region.to_owned());
        let service = self.security_ir.entry(key);
        service.or_insert_with(|| SecurityIr::new(environment.of(account_id, region)))
    }

    /// Security IR where this case is.
    pub(crate) fn with_case(&mut self, case_id: &str) -> Option<&mut SecurityIr> {
        let mut services = self.security_ir.values_mut();
        services.find(|service| service.has_case(case_id))
    }

    /// Every table, with the beginning of its keys on disk.
    pub(crate) fn tables(&mut self) -> Vec<(String, &mut dyn AnyTable)> {
        let mut tables = Vec::new();
        for (account, service) in &mut self.support {
            for (name, table) in service.each() {
                tables.push((format!("{account}/{GLOBAL}/{name}"), table));
            }
        }
        for ((account, region), service) in &mut self.security_ir {
            for (name, table) in service.each() {
                tables.push((format!("{account}/{region}/{name}"), table));
            }
        }
        tables
    }

    /// Takes over what others have. What only these have is removed, but not the accounts and regions themselves.
    pub(crate) fn take_over(&mut self, others: &Self) {
        for service in self.support.values_mut() {
            service.forget_reads();
        }
        for (account, service) in &others.support {
            self.support_of(account).take_over_reads(service);
        }
        for (account, region) in others.security_ir.keys() {
            self.security_ir_of(account, region);
        }
        let mut others = others.clone();
        let others: BTreeMap<String, &mut dyn AnyTable> = others.tables().into_iter().collect();
        for (name, table) in self.tables() {
            match others.get(&name) {
                Some(other) => table.take_over(&**other),
                None => table.clear(),
            }
        }
    }

    /// Restores a record that was read from disk.
    ///
    /// # Errors
    /// A message about a key or a record that has another form.
    pub(crate) fn restore(&mut self, key: &str, json: &[u8]) -> Result<(), String> {
        let mut parts = key.splitn(4, '/');
        let (Some(account), Some(region), Some(name), Some(key)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err("the key is unknown".to_owned());
        };
        let tables = match region {
            GLOBAL => self.support_of(account).each(),
            region => self.security_ir_of(account, region).each(),
        };
        let table = tables.into_iter().find(|(known, _)| *known == name);
        let (_, table) = table.ok_or_else(|| format!("the table `{name}` is unknown"))?;
        let restored = table.restore(key.to_owned(), json);
        restored.map_err(|error| error.to_string())
    }

    /// The names of all blobs that something refers to.
    pub(crate) fn blob_ids(&self) -> BTreeSet<String> {
        let support = self.support.values().flat_map(Support::blob_ids);
        let security_ir = self.security_ir.values().flat_map(SecurityIr::blob_ids);
        support.chain(security_ir).collect()
    }

    /// How much there is, by service, account and region.
    pub(crate) fn contents(&self) -> Vec<Contents> {
        let support = self.support.iter().map(|(account_id, service)| Contents {
            service: support::SERVICE.signing_name,
            account_id: account_id.clone(),
            region: None,
            cases: service.case_count(),
            files: service.stored().len(),
            memberships: 0,
        });
        let security_ir = self.security_ir.iter();
        let security_ir = security_ir.map(|((account_id, region), service)| Contents {
            service: security_ir::SERVICE.signing_name,
            account_id: account_id.clone(),
            region: Some(region.clone()),
            cases: service.case_count(),
            files: service.stored().len(),
            memberships: service.membership_count(),
        });
        support.chain(security_ir).collect()
    }

    /// Every file of a case of Support.
    pub(crate) fn stored_by_support(&self) -> Vec<Stored> {
        let services = self.support.iter();
        let stored = services.flat_map(|(account, service)| {
            let files = service.stored().into_iter();
            files.map(|(case, id, name, blobs)| (account.clone(), case, id, name, blobs))
        });
        stored.collect()
    }

    /// Every file of a case of Security IR.
    pub(crate) fn stored_by_security_ir(&self) -> Vec<Stored> {
        let services = self.security_ir.iter();
        let stored = services.flat_map(|((account, _), service)| {
            let files = service.stored().into_iter();
            files.map(|(case, id, name, blobs)| (account.clone(), case, id, name, blobs))
        });
        stored.collect()
    }

    /// How many bytes a part of an upload of Support must have; `None` if it is not expected.
    pub(crate) fn expect_part(&self, upload_id: &str, part: u32) -> Option<u64> {
        let mut services = self.support.values();
        services.find_map(|service| service.expect_part(upload_id, part))
    }

    /// How many bytes a file of a case of Security IR must have; `None` if no upload is expected.
    pub(crate) fn expect_file(&self, case_id: &str, id: &str) -> Option<u64> {
        let mut services = self.security_ir.values();
        services.find_map(|service| service.expect_file(case_id, id))
    }

    /// The file of a download link of Support.
    pub(crate) fn attachment(&self, id: &str) -> Option<(String, Vec<Blob>)> {
        let mut services = self.support.values();
        services.find_map(|service| service.download(id))
    }

    /// The file of a download link of Security IR.
    pub(crate) fn case_attachment(&self, case_id: &str, id: &str) -> Option<(String, Vec<Blob>)> {
        let mut services = self.security_ir.values();
        services.find_map(|service| service.download(case_id, id))
    }

    /// Stores a part of an upload, and returns the one that it replaces.
    pub(crate) fn put_part(
        &mut self,
        upload_id: &str,
        part: u32,
        blob: Blob,
    ) -> Result<Option<Blob>, Blob> {
        let mut services = self.support.values_mut();
        match services.find(|service| service.expect_part(upload_id, part).is_some()) {
            Some(service) => service.put_part(upload_id, part, blob),
            None => Err(blob),
        }
    }

    /// Stores the content of a file of a case, and returns the one that it replaces.
    pub(crate) fn put_file(
        &mut self,
        case_id: &str,
        id: &str,
        blob: Blob,
    ) -> Result<Option<Blob>, Blob> {
        let mut services = self.security_ir.values_mut();
        match services.find(|service| service.expect_file(case_id, id).is_some()) {
            Some(service) => service.put_file(case_id, id, blob),
            None => Err(blob),
        }
    }
}
