//! The cases that are not run, and why: `xtask/src/conformance/skips.toml`.

use anyhow::{Context, Result, ensure};
use toml_edit::{ArrayOfTables, DocumentMut, Item};

const LIST: &str = include_str!("skips.toml");

/// The list.
#[derive(Debug, Default)]
pub(super) struct Skips(Vec<Skip>);

#[derive(Debug)]
struct Skip {
    service: String,
    cases: Vec<String>,
    reason: String,
}

impl Skips {
    /// Why a case is skipped, if it is.
    pub(super) fn reason(&self, suite: &str, case: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|skip| skip.service == suite && skip.cases.iter().any(|id| id == case))
            .map(|skip| skip.reason.as_str())
    }
}

/// Reads the list.
///
/// # Errors
/// An entry that is not complete: a skip without a reason is none.
pub(super) fn read() -> Result<Skips> {
    parse(LIST).context("xtask/src/conformance/skips.toml")
}

fn parse(text: &str) -> Result<Skips> {
    let document: DocumentMut = text.parse()?;
    let empty = ArrayOfTables::new();
    let tables = document.get("skip").and_then(Item::as_array_of_tables);
    let skips = tables.unwrap_or(&empty).iter().map(|table| {
        let text = |key: &str| {
            let value = table.get(key).and_then(Item::as_str);
            value.with_context(|| format!("`{key}` must be text"))
        };
        let cases = table.get("cases").and_then(Item::as_array);
        let cases = cases.context("`cases` must be a list of ids")?.iter();
        let reason = text("reason")?;
        ensure!(!reason.trim().is_empty(), "`reason` must say why");
        Ok(Skip {
            service: text("service")?.to_owned(),
            cases: cases
                .filter_map(|id| id.as_str().map(str::to_owned))
                .collect(),
            reason: reason.to_owned(),
        })
    });
    Ok(Skips(skips.collect::<Result<_>>()?))
}

#[cfg(test)]
mod tests {
    use super::{parse, read};

    #[test]
    fn the_list_can_be_read() {
        read().expect("every entry of the committed list is complete");
    }

    #[test]
    fn a_skip_needs_a_reason() {
        let skip = "[[skip]]\nservice = \"a#B\"\ncases = [\"One\"]\n";
        assert!(parse(skip).is_err());
        assert!(parse(&format!("{skip}reason = \" \"")).is_err());
        let skips = parse(&format!("{skip}reason = \"because\"")).expect("it is complete");
        assert_eq!(skips.reason("a#B", "One"), Some("because"));
        assert_eq!(skips.reason("a#C", "One"), None);
        assert_eq!(skips.reason("a#B", "Two"), None);
    }
}
