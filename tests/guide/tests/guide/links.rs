//! Links between pages, and from pages to files of the repository.

use std::fs;
use std::path::Path;

use attache_guide::page;
use libtest_mimic::Failed;

use crate::{pages, repository};

/// Links of the guide and of the front pages to files lead to files that exist, and links to headings to headings.
pub(crate) fn check() -> Result<(), Failed> {
    let mut pages = pages()?;
    for name in FRONT_PAGES {
        pages.push(page::read(&repository().join(name))?);
    }
    let mut missing = Vec::new();
    for page in &pages {
        for link in &page.links {
            if let Some(reason) = wrong(&page.path, link) {
                missing.push(format!("{}: {link}: {reason}", page.path.display()));
            }
        }
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(missing.join("\n").into())
    }
}

/// Pages outside of the guide that lead into it.
const FRONT_PAGES: [&str; 7] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "docs/local-services.md",
    "crates/evidence/README.md",
    "crates/local/README.md",
    "crates/runtime/README.md",
];

/// Every page is in the summary, which makes the book.
pub(crate) fn check_summary() -> Result<(), Failed> {
    let folder = repository().join("docs/guide/src");
    let summary = page::read(&folder.join("SUMMARY.md"))?;
    for name in page::names(&folder)? {
        let link = format!("{name}.md");
        if name != "SUMMARY" && !summary.links.contains(&link) {
            return Err(format!("SUMMARY.md does not list {link}").into());
        }
    }
    Ok(())
}

/// Why a link leads nowhere. Addresses of other hosts are not looked up.
fn wrong(from: &Path, link: &str) -> Option<String> {
    if link.contains("://") {
        return None;
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = match path {
        "" => from.to_owned(),
        path => from.parent()?.join(path),
    };
    if !target.exists() {
        return Some("there is no such file".to_owned());
    }
    if anchor.is_empty() {
        return None;
    }
    if fs::metadata(&target).is_ok_and(|found| found.is_dir()) {
        return Some("a folder has no headings".to_owned());
    }
    let found = page::read(&target).ok()?;
    (!found.anchors.iter().any(|known| known == anchor))
        .then(|| "there is no such heading".to_owned())
}
