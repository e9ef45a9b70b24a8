//! What every attache client shares.

mod decimal;
pub mod document;
pub mod header;
pub mod json;
#[cfg(feature = "serde")]
pub mod serde_blob;
pub mod sigv4;
pub mod timestamp;
pub mod uri;
