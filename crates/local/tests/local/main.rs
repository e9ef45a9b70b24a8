//! The services through our own clients: every operation, every rule of their memory, every fault.

mod stage;
mod walk;
