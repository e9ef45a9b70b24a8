//! Files that the pages for contributors name.

use std::collections::BTreeSet;

use super::finding::Finding;
use super::sources::Source;

/// Paths in backquotes, in pages at the root and in `docs`, that are not in the repository.
pub(super) fn find(sources: &[Source]) -> Vec<Finding> {
    let mut paths = BTreeSet::new();
    for source in sources {
        let mut path = source.path.as_str();
        paths.insert(path);
        while let Some((folder, _)) = path.rsplit_once('/') {
            paths.insert(folder);
            path = folder;
        }
    }
    let is_page = |source: &&Source| {
        source.path.ends_with(".md")
            && (source.path.starts_with("docs/") || !source.path.contains('/'))
    };
    let mut findings = Vec::new();
    for page in sources.iter().filter(is_page) {
        for mention in page.text.split('`').skip(1).step_by(2) {
            let first = mention.split_once('/').map(|(first, _)| first);
            // Other texts in backquotes may contain slashes, too.
            let is_path = first.is_some_and(|first| paths.contains(first))
                && mention.chars().all(|character| {
                    character.is_ascii_alphanumeric() || "/._-".contains(character)
                });
            if is_path && !paths.contains(mention) && !is_other(mention) {
                findings.push(Finding {
                    rule: "path",
                    place: format!("{} {mention}", page.path),
                    measure: 0,
                    message: "there is no such file; name the one that is meant".to_owned(),
                });
            }
        }
    }
    findings
}

/// Whether a path has a part in capitals, which the reader must replace, or has an extension that tidy does not read.
fn is_other(mention: &str) -> bool {
    let is_placeholder = |part: &str| {
        !part.contains('.') && part.chars().all(|character| character.is_ascii_uppercase())
    };
    let read = [".rs", ".md", ".toml", ".py", "/src"];
    mention.split('/').any(is_placeholder) || !read.iter().any(|ending| mention.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::super::sources::made;
    use super::find;

    #[test]
    fn a_page_names_files_that_exist() {
        let page = "`codegen/src/lib.rs`, `codegen/src`, `codegen/src/gone.rs`, `and/or`, `codegen/SERVICE/x.rs`, \
            `codegen/x.json`";
        let found = find(&made(&[
            ("CONTRIBUTING.md", page),
            ("codegen/README.md", "`codegen/src/other.rs`"),
            ("codegen/src/lib.rs", ""),
        ]));
        let places: Vec<&str> = found.iter().map(|finding| finding.place.as_str()).collect();
        assert_eq!(places, ["CONTRIBUTING.md codegen/src/gone.rs"]);
    }
}
