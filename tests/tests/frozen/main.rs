//! Crates that an earlier generator wrote compile against the runtime of today and work: `tests/frozen/README.md`.

mod aws_json;
mod rest_json;
mod unchanged;
