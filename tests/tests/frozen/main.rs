//! Crates that an earlier generator wrote compile against the runtime of today and work: `tests/frozen/README.md`.

mod aws_json;
// Its tests are of a private function. The crate is not compiled once more for them (`test = false`).
#[path = "../../frozen/crates/generated-by-0-2-rest-json/src/endpoint.rs"]
#[rustfmt::skip]
mod endpoint;
mod rest_json;
mod unchanged;
