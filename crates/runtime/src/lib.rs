//! What every attache client shares.

mod decimal;
pub mod document;
pub mod header;
pub mod json;
pub mod sigv4;
pub mod timestamp;
pub mod uri;
