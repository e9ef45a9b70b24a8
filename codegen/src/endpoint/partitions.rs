//! The table of partitions of the runtime, from `models/partitions.json`.
//!
//! That file has the facts of botocore's `partitions.json`. Its regular expressions all have one form,
//! `^PREFIX\-\w+\-\d+$`, which is turned into a list of prefixes here, so that the runtime needs no regular expression
//! engine. Another form is refused.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use serde::Deserialize;
use serde_json::Value;

use super::rules::typed;
use crate::error::{Context, Error, Result};

/// The partition that an unknown region belongs to (`aws.partition`).
const DEFAULT: &str = "aws";

/// What follows the prefix in each `regionRegex`.
const REGEX_END: &str = r"\-\w+\-\d+$";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Partitions {
    partitions: Vec<Partition>,
    version: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Partition {
    id: String,
    outputs: Outputs,
    region_regex: String,
    regions: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Outputs {
    name: String,
    dns_suffix: String,
    dual_stack_dns_suffix: String,
    implicit_global_region: String,
    #[serde(rename = "supportsFIPS")]
    supports_fips: bool,
    supports_dual_stack: bool,
}

/// The file `endpoint/partitions.rs` of the runtime.
///
/// # Errors
///
/// A document of another form or version, a `regionRegex` that cannot be translated, or a first partition other than
/// `aws`, on which the runtime relies for unknown regions.
pub fn partitions_module(partitions_json: &Value) -> Result<TokenStream> {
    let document: Partitions = typed(partitions_json)?;
    if document.version != "1.1" {
        return Err(Error::new(format!(
            "version {} of the partitions is not supported; 1.1 is",
            document.version
        )));
    }
    if document.partitions.first().map(|first| first.id.as_str()) != Some(DEFAULT) {
        return Err(Error::new(format!(
            "the first partition must be `{DEFAULT}`: it is the one for unknown regions"
        )));
    }
    let count = document.partitions.len();
    let entries = document.partitions.iter().map(entry);
    let entries = entries.collect::<Result<Vec<_>>>()?;
    Ok(quote! {
        //! The partitions of AWS: their outputs, their regions, and what the names of further regions begin with.

        use super::Partition;

        /// All partitions; the first one is also that of unknown regions.
        pub(super) static PARTITIONS: [Partition; #count] = [#(#entries),*];
    })
}

fn entry(partition: &Partition) -> Result<TokenStream> {
    let Partition {
        id,
        outputs,
        region_regex,
        regions,
    } = partition;
    let Outputs {
        name,
        dns_suffix,
        dual_stack_dns_suffix,
        implicit_global_region,
        supports_fips,
        supports_dual_stack,
    } = outputs;
    if name != id {
        return Err(Error::new(format!("it is named `{name}` in its outputs")).at(id));
    }
    let prefixes = region_prefixes(region_regex).at("regionRegex").at(id)?;
    let regions = regions.keys();
    Ok(quote! {
        Partition {
            name: #name,
            dns_suffix: #dns_suffix,
            dual_stack_dns_suffix: #dual_stack_dns_suffix,
            implicit_global_region: #implicit_global_region,
            supports_fips: #supports_fips,
            supports_dual_stack: #supports_dual_stack,
            regions: &[#(#regions),*],
            region_prefixes: &[#(#prefixes),*],
        }
    })
}

/// The prefixes that a `regionRegex` allows: `^(us|eu)\-\w+\-\d+$` gives `us` and `eu`.
fn region_prefixes(regex: &str) -> Result<Vec<String>> {
    let refuse = || {
        Error::new(format!(
            "`{regex}` is not of the form `^PREFIX{REGEX_END}`, PREFIX being words and groups of words \
             joined by `\\-`; extend the matcher of the runtime by the new form"
        ))
    };
    let prefix = regex
        .strip_prefix('^')
        .and_then(|regex| regex.strip_suffix(REGEX_END))
        .ok_or_else(refuse)?;
    let mut prefixes = vec![String::new()];
    for part in prefix.split(r"\-") {
        let words: Vec<&str> = match part.strip_prefix('(') {
            Some(group) => group
                .strip_suffix(')')
                .ok_or_else(refuse)?
                .split('|')
                .collect(),
            None => vec![part],
        };
        let is_word =
            |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric());
        if !words.iter().all(is_word) {
            return Err(refuse());
        }
        let joined = prefixes.iter().flat_map(|prefix| {
            words.iter().map(move |word| {
                let hyphen = if prefix.is_empty() { "" } else { "-" };
                format!("{prefix}{hyphen}{word}")
            })
        });
        prefixes = joined.collect();
    }
    Ok(prefixes)
}
