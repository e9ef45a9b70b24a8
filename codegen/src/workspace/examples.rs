//! The hand-written examples of a crate, which its front page lists.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};

use super::read;

/// The names of the examples in a folder, in order, and the first paragraph of the documentation of each.
///
/// # Errors
/// A folder or a file that cannot be read.
pub(super) fn of(folder: &Path) -> Result<Vec<(String, String)>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        entries => entries.with_context(|| format!("could not read {}", folder.display()))?,
    };
    let mut examples = Vec::new();
    for entry in entries {
        let path = entry
            .with_context(|| format!("could not read {}", folder.display()))?
            .path();
        let name = path.file_stem().and_then(|name| name.to_str());
        if path.extension().is_some_and(|extension| extension == "rs")
            && let Some(name) = name
        {
            let paragraph = first_paragraph(&read::text(&path)?);
            examples.extend(paragraph.map(|paragraph| (name.to_owned(), paragraph)));
        }
    }
    examples.sort();
    Ok(examples)
}

/// The first paragraph of the documentation of a file.
fn first_paragraph(text: &str) -> Option<String> {
    let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
    let lines = lines.map(str::trim).take_while(|line| !line.is_empty());
    let paragraph = lines.collect::<Vec<_>>().join(" ");
    (!paragraph.is_empty()).then_some(paragraph)
}

#[cfg(test)]
mod tests {
    use super::first_paragraph;

    #[test]
    fn the_first_paragraph_of_a_file_is_one_line() {
        let text = "//! Opens a case:\n//! `cargo run`.\n//!\n//! More.\nfn main() {}\n";
        assert_eq!(
            first_paragraph(text).as_deref(),
            Some("Opens a case: `cargo run`.")
        );
        assert_eq!(first_paragraph("fn main() {}\n//! x\n"), None);
    }
}
