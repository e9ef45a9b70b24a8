//! What the fuzz targets share: answers that stand in the input, and a machine without network, disk or clock.

pub mod machine;
pub mod script;
