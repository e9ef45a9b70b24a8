//! Code that the fuzz targets share: scripted responses from the input, and a transport without network, disk or clock.

pub mod machine;
pub mod script;
