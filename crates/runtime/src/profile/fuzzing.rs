//! What the parser of profile files reads, for the fuzz targets.

use super::by_name::ByName;
use super::ini;

/// A section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FuzzedSection {
    /// Its name as it is in the brackets.
    pub name: String,
    /// Its settings, by name.
    pub settings: Vec<FuzzedSetting>,
}

/// A setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FuzzedSetting {
    /// Its name.
    pub name: String,
    /// The whole value.
    pub text: String,
    /// The settings below it.
    pub nested: Vec<(String, String)>,
}

/// Reads a file.
///
/// # Errors
/// The line of the first mistake, and what is wrong there.
pub fn sections(text: &[u8]) -> Result<Vec<FuzzedSection>, (usize, String)> {
    let sections = ini::parse(text).map_err(|problem| (problem.line, problem.message))?;
    let settings = |settings: ByName<ini::Value>| {
        let setting = |(name, value): (String, ini::Value)| FuzzedSetting {
            name,
            text: value.text,
            nested: value.nested.into_iter().collect(),
        };
        settings.into_iter().map(setting).collect()
    };
    let defaults = FuzzedSection {
        name: "DEFAULT".to_owned(),
        settings: settings(sections.defaults),
    };
    let named = sections
        .named
        .into_iter()
        .map(|(name, section)| FuzzedSection {
            name,
            settings: settings(section.settings),
        });
    Ok(std::iter::once(defaults).chain(named).collect())
}
