//! The file names of modules with a folder.

use std::collections::BTreeSet;

use super::finding::Finding;
use super::sources::Source;

/// Modules in a file `x.rs` beside a folder `x`.
pub(super) fn find(sources: &[Source]) -> Vec<Finding> {
    let folders: BTreeSet<&str> = sources
        .iter()
        .filter(|source| source.is_rust())
        .filter_map(|source| source.path.rsplit_once('/'))
        .map(|(folder, _)| folder)
        .collect();
    let beside = sources.iter().filter_map(|source| {
        let stem = source.path.strip_suffix(".rs")?;
        folders.contains(stem).then(|| Finding {
            rule: "module",
            place: source.path.clone(),
            measure: 0,
            message: format!("it has a folder, so its file is {stem}/mod.rs"),
        })
    });
    beside.collect()
}

#[cfg(test)]
mod tests {
    use super::super::sources::made;
    use super::find;

    #[test]
    fn a_module_with_a_folder_is_in_it() {
        let found = find(&made(&[
            ("src/a.rs", ""),
            ("src/a/b.rs", ""),
            ("src/c/mod.rs", ""),
            ("src/c/d.rs", ""),
            ("src/e.rs", ""),
        ]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, "src/a.rs");
        assert!(found[0].message.ends_with("src/a/mod.rs"));
    }
}
