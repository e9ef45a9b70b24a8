//! The services through our own clients: every operation, every rule of their memory, every fault.

mod data_folder;
mod faults;
mod files;
mod nonsense;
mod presigned;
mod restart;
mod security_ir_rules;
mod signatures;
mod stage;
mod support_rules;
mod support_uploads;
mod walk;
