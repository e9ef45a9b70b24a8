//! `codegen/endpoint-settings.json`: the parameters of endpoint rules that clients read from the environment.
//!
//! The table is data, so that the generator names no service. It lists the built-ins of the rules engine that are settings
//! of some services only, with the names that botocore reads.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::{Error, Result};

const TABLE: &str = include_str!("../../endpoint-settings.json");

/// A flag that variables and profiles set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndpointSetting {
    /// The variable, if there is one. It takes precedence over the profile.
    pub variable: Option<String>,
    /// The settings of the profile, in the order of their precedence. A dot stands before the name of a nested setting.
    pub settings: Vec<String>,
    /// The words that the setting may have, in lower case, and what they mean.
    #[serde(default = "boolean_words")]
    pub words: BTreeMap<String, bool>,
    /// The built-ins of the services that have it, if it is for a built-in that clients of all services know.
    #[serde(default)]
    pub beside: Vec<String>,
}

fn boolean_words() -> BTreeMap<String, bool> {
    BTreeMap::from([("false".to_owned(), false), ("true".to_owned(), true)])
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Table {
    built_ins: BTreeMap<String, EndpointSetting>,
    built_ins_of_all: BTreeMap<String, EndpointSetting>,
    client_context_params: BTreeMap<String, EndpointSetting>,
}

impl EndpointSetting {
    /// The setting of a `builtIn` of the rules.
    ///
    /// # Errors
    /// A table of another form.
    pub fn of_built_in(name: &str) -> Result<Option<Self>> {
        Ok(table()?.built_ins.remove(name))
    }

    /// The settings of built-ins that clients of all services know and that services with these built-ins have a setting of
    /// their own for, by the names of the built-ins.
    ///
    /// # Errors
    /// A table of another form.
    pub fn beside(built_ins: &[&str]) -> Result<Vec<(String, Self)>> {
        let settings = table()?.built_ins_of_all.into_iter();
        let is_beside = |name: &String| built_ins.contains(&name.as_str());
        Ok(settings
            .filter(|(name, setting)| is_beside(name) && setting.beside.iter().any(is_beside))
            .collect())
    }

    /// The setting of a parameter of `smithy.rules#clientContextParams` that is not bound to a built-in.
    ///
    /// # Errors
    /// A table of another form.
    pub fn of_client_parameter(name: &str) -> Result<Option<Self>> {
        Ok(table()?.client_context_params.remove(name))
    }
}

fn table() -> Result<Table> {
    serde_json::from_str(TABLE)
        .map_err(|error| Error::new(format!("endpoint-settings.json: {error}")))
}

#[cfg(test)]
mod tests {
    use super::{EndpointSetting, table};

    #[test]
    fn the_table_can_be_read_and_every_entry_can_be_set() {
        let table = table().unwrap();
        let entries = table.built_ins.iter().chain(&table.client_context_params);
        let entries = entries.chain(&table.built_ins_of_all);
        let mut count = 0;
        for (name, setting) in entries {
            assert!(!setting.settings.is_empty(), "{name}");
            assert!(setting.words.values().any(|value| *value), "{name}");
            assert!(setting.words.values().any(|value| !*value), "{name}");
            let is_lower = |word: &String| *word == word.to_ascii_lowercase();
            assert!(setting.words.keys().all(is_lower), "{name}");
            count += 1;
        }
        assert!(count >= 9, "{count}");
    }

    #[test]
    fn an_unknown_built_in_has_no_setting() {
        let setting = EndpointSetting::of_built_in("AWS::Toys::UseRobots");
        assert_eq!(setting.unwrap(), None);
        let setting = EndpointSetting::of_client_parameter("Robots");
        assert_eq!(setting.unwrap(), None);
    }
}
