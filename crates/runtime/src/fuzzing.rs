//! Readers that are private, for the fuzz targets. It is compiled with `--cfg fuzzing` only and is no API.

pub use crate::profile::fuzzing::{FuzzedSection, FuzzedSetting, sections};

/// The text of a leaf of an XML document; an error where the document cannot be read.
pub fn xml_leaf<'a>(
    text: &[u8],
    paths: impl Iterator<Item = &'a str>,
) -> Option<Vec<Option<String>>> {
    let leaves = crate::xml::Leaves::read(text)?;
    Some(
        paths
            .map(|path| leaves.get(path).map(str::to_owned))
            .collect(),
    )
}
