//! The changelog of a generated crate.

use crate::diff::{Report, report};
use crate::escape::markdown;

fn changelog_header(command: &str) -> String {
    format!("# Changelog\n\n`{command} update` writes this file. You may add to its entries.\n")
}

/// What changed in a version; `source` is the release of its model.
pub(super) fn entry(changes: &Report, version: &str, source: &str) -> String {
    format!(
        "## {version}\n\nModel: {}.\n\n{}",
        markdown::text(source),
        report::markdown(changes)
    )
}

/// The newest entry is the first one below the header.
pub(super) fn with_entry(changelog: Option<&str>, command: &str, entry: &str) -> String {
    let text = changelog.map_or_else(|| changelog_header(command), str::to_owned);
    match text.find("\n## ") {
        Some(index) => format!(
            "{}\n{}\n{}",
            &text[..index],
            entry.trim_end(),
            &text[index..]
        ),
        None => format!("{}\n\n{}\n", text.trim_end(), entry.trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::with_entry;

    #[test]
    fn the_newest_entry_stands_first() {
        let one = with_entry(None, "attache", "## 0.1.1\n\n* one\n");
        let two = with_entry(Some(&one), "attache", "## 0.1.2\n\n* two\n");
        let places =
            ["# Changelog", "## 0.1.2", "* two", "## 0.1.1", "* one"].map(|text| two.find(text));
        assert!(
            places.iter().all(Option::is_some) && places.is_sorted(),
            "{two}"
        );
    }
}
