//! What every attache client shares.

mod decimal;
pub mod document;
pub mod json;
pub mod timestamp;
