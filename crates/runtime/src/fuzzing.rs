//! Readers that are private, for the fuzz targets. It is compiled with `--cfg fuzzing` only and is no API.

pub use crate::profile::fuzzing::{FuzzedSection, FuzzedSetting, sections};
