//! The services, called with our own clients: every operation, every rule of their state, every fault.

mod accounts;
mod bodies;
mod catalogue;
mod data_folder;
mod faults;
mod files;
mod forged;
mod nonsense;
mod own_paths;
mod presigned;
mod queries;
mod recorded;
mod request_log;
mod restart;
mod security_ir_rules;
mod signatures;
mod smuggling;
mod snapshots;
mod stage;
mod support_rules;
mod support_uploads;
mod walk;
