//! Folders that could be crates of their own, and what they may use of the rest of their crate.

use super::finding::Finding;
use super::paths::crates;
use super::sources::Source;

/// A folder whose files use only each other and the listed files.
struct Folder {
    path: &'static str,
    may_use: &'static [&'static str],
}

const FOLDERS: &[Folder] = &[Folder {
    path: "crates/evidence/src/transfer/",
    may_use: &["crates/evidence/src/error.rs"],
}];

/// Files of such a folder that use other files of their crate.
pub(super) fn find(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for uses in crates(sources) {
        for (file, others) in &uses {
            let Some(folder) = FOLDERS.iter().find(|folder| file.starts_with(folder.path)) else {
                continue;
            };
            let outside: Vec<&str> = others
                .iter()
                .map(String::as_str)
                .filter(|other| !other.starts_with(folder.path) && !folder.may_use.contains(other))
                .collect();
            if !outside.is_empty() {
                findings.push(Finding {
                    rule: "direction",
                    place: file.clone(),
                    measure: 0,
                    message: format!(
                        "it uses {}, but {} must not depend on the rest of its crate; move what it needs there",
                        outside.join(", "),
                        folder.path
                    ),
                });
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::sources::made;
    use super::find;

    /// The files that break the rule, where a file of the folder begins with this line.
    fn places(line: &str) -> Vec<String> {
        let root = "mod error;\nmod manifest;\nmod transfer;\npub use crate::manifest::Manifest;\n";
        let files = [
            ("crates/evidence/src/lib.rs", root),
            ("crates/evidence/src/error.rs", "pub struct Error;"),
            (
                "crates/evidence/src/manifest.rs",
                "use crate::transfer::source::Source;",
            ),
            (
                "crates/evidence/src/transfer/mod.rs",
                "mod part;\nmod source;\n",
            ),
            ("crates/evidence/src/transfer/part.rs", line),
            ("crates/evidence/src/transfer/source.rs", ""),
        ];
        let findings = find(&made(&files)).into_iter();
        findings.map(|finding| finding.place).collect()
    }

    #[test]
    fn a_folder_uses_itself_and_what_it_may_use() {
        for line in [
            "use crate::error::Error;",
            "use crate::transfer::source::Source;",
            "use super::source::Source;",
            "use std::fmt;",
        ] {
            assert_eq!(places(line), Vec::<String>::new(), "{line}");
        }
        for line in [
            "use crate::manifest::Manifest;",
            "use crate::Manifest;",
            "use super::super::manifest::Manifest;",
            "fn f(manifest: &crate::manifest::Manifest) {}",
        ] {
            let place = "crates/evidence/src/transfer/part.rs";
            assert_eq!(places(line), [place], "{line}");
        }
    }
}
