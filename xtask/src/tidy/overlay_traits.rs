//! Compares the traits `attache#…` of the generator with those of the documentation.

use std::collections::BTreeSet;

use super::finding::Finding;
use super::sources::Source;

/// The page that documents them.
const PAGE: &str = "models/README.md";

/// The folder of the generator.
const GENERATOR: &str = "codegen/src/";

/// Traits that are not documented, and documented traits that do not exist.
pub(super) fn find(sources: &[Source]) -> Vec<Finding> {
    let mut known = BTreeSet::new();
    let mut documented = BTreeSet::new();
    for source in sources {
        if source.path.starts_with(GENERATOR) {
            known.extend(between(&source.text, "\"attache#", '"'));
        } else if source.path == PAGE {
            documented.extend(between(&source.text, "| `attache#", '`'));
        }
    }
    let finding = |name: &&str, place: &str, message: &str| Finding {
        rule: "trait",
        place: format!("{place} attache#{name}"),
        measure: 0,
        message: message.to_owned(),
    };
    let undocumented = known.difference(&documented).map(|name| {
        finding(
            name,
            GENERATOR,
            "models/README.md has no row about this trait; write one",
        )
    });
    let unknown = documented.difference(&known).map(|name| {
        finding(
            name,
            PAGE,
            "the generator knows no such trait; take its row out",
        )
    });
    undocumented.chain(unknown).collect()
}

/// The texts between each `start` and the next `end` that are names.
fn between<'a>(text: &'a str, start: &'a str, end: char) -> impl Iterator<Item = &'a str> {
    text.split(start)
        .skip(1)
        .filter_map(move |rest| rest.split_once(end))
        .map(|(name, _)| name)
        .filter(|name| {
            !name.is_empty()
                && name
                    .chars()
                    .all(|character| character.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::super::sources::made;
    use super::find;

    #[test]
    fn traits_are_documented_and_documented_traits_exist() {
        let found = find(&made(&[
            (
                "codegen/src/ast/ledger.rs",
                "(\"attache#ordered\", x), (\"attache#new\", y), \"attache#\"",
            ),
            (
                "models/README.md",
                "| `attache#ordered` | structure |\n| `attache#old` | see `attache#gone` |\n",
            ),
        ]));
        let places: Vec<&str> = found.iter().map(|finding| finding.place.as_str()).collect();
        assert_eq!(
            places,
            ["codegen/src/ attache#new", "models/README.md attache#old"]
        );
    }
}
