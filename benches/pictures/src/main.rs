//! Draws the figures of `benches/RESULTS.md` as bar charts in SVG: `bench-pictures RESULTS.md FOLDER PAGE`.
//!
//! The record is the only input, so a picture shows nothing that a reader cannot look up. Each picture names the hash of
//! the record, so that a test can tell whether it is current. A chart whose section is not in the record is not drawn, and
//! the one of an earlier record is deleted. The page lists the charts that there are, so that no link is broken.
//! `cargo xtask bench` runs this program.

mod chart;
mod pictures;
mod record;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use sha2::{Digest, Sha256};

use crate::pictures::{CRATES, CRATES_DESCRIPTION, CRATES_TITLE, PICTURES};
use crate::record::Record;

/// What the names of charts begin with; nothing else in their folder does.
const PREFIX: &str = "bench-";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [record, folder, page] = arguments.as_slice() else {
        eprintln!("usage: bench-pictures RESULTS.md FOLDER PAGE");
        return ExitCode::FAILURE;
    };
    match draw(Path::new(record), Path::new(folder), Path::new(page)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench-pictures: {record}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A chart that is drawn: its file, its title, the text that replaces it, and its content.
type Drawn = (String, &'static str, &'static str, String);

fn draw(record: &Path, folder: &Path, page: &Path) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(record)?;
    let record = Record::read(&text);
    let hash = Sha256::digest(text.replace("\r\n", "\n"));
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let head =
        format!("<!-- Made by `cargo xtask bench` from benches/RESULTS.md, SHA-256 {hash}. -->\n");
    // Everything is drawn before anything is written.
    let drawn = charts(&record)?;
    fs::create_dir_all(folder)?;
    for (name, _, _, svg) in &drawn {
        replace(&folder.join(name), &format!("{head}{svg}"))?;
    }
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.starts_with(PREFIX) && !drawn.iter().any(|(current, ..)| *current == name) {
            fs::remove_file(folder.join(&name))?;
            println!("deleted {name}, of which the record has no section");
        }
    }
    let pictures = folder.file_name().unwrap_or_default().to_string_lossy();
    replace(page, &list(&head, &pictures, &drawn))
}

/// The charts of the sections that the record has.
fn charts(record: &Record) -> Result<Vec<Drawn>, Box<dyn Error>> {
    let mut drawn = Vec::new();
    for picture in PICTURES {
        if picture.is_measured(record) {
            let svg = picture.chart(record)?.svg()?;
            let file = format!("{}.svg", picture.name);
            drawn.push((file, picture.title, picture.description, svg));
        }
    }
    if record.has("Builds") {
        let svg = pictures::crates(record)?.svg()?;
        drawn.push((
            format!("{CRATES}.svg"),
            CRATES_TITLE,
            CRATES_DESCRIPTION,
            svg,
        ));
    }
    Ok(drawn)
}

/// The page that shows all charts.
fn list(head: &str, folder: &str, drawn: &[Drawn]) -> String {
    let mut page = format!(
        "# Charts of the benchmarks\n\n{head}\n\
         All charts of `benches/RESULTS.md`. The line in a bar goes from the smallest to the largest ratio of the rounds; \
         without it the figure was measured once, does not vary, or its range was not recorded. A hollow bar is a tie: the rounds do not \
         show which is less. What \
         the record has no section of is not shown.\n"
    );
    for (file, title, description, _) in drawn {
        page.push_str(&format!(
            "\n## {title}\n\n![{description}]({folder}/{file})\n"
        ));
    }
    page
}

/// Writes a file, whose name appears when it is complete.
fn replace(path: &Path, text: &str) -> Result<(), Box<dyn Error>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let partial = path.with_file_name(format!(".{name}"));
    fs::write(&partial, text)?;
    fs::rename(&partial, path)?;
    println!("{}", path.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Record, charts, list};

    const TABLE: &str = "| contestant | check CPU | dev CPU | release CPU | release |\n|---|---:|---:|---:|---:|\n\
        | attache | 1 | 2 | 3 | 4 |\n| official | 5 | 6 | 7 | 8 |\n| lean | 1 | 1 | 1 | 1 |\n";

    #[test]
    fn a_chart_without_its_section_is_not_listed() {
        let crates = "* attache: tokio 1.0\n* official: tokio 2.0\n";
        let text = format!("# R\n\n## Builds\n\n{TABLE}\n{crates}\n## Size\n\n{TABLE}");
        let drawn = charts(&Record::read(&text)).unwrap_or_default();
        let files: Vec<&str> = drawn.iter().map(|(file, ..)| file.as_str()).collect();
        assert_eq!(files, ["bench-builds.svg", "bench-crates.svg"]);
        let page = list("", "pictures", &drawn);
        assert!(page.contains("](pictures/bench-builds.svg)"), "{page}");
        assert!(!page.contains("bench-calls"), "{page}");
    }

    #[test]
    fn a_section_that_lacks_a_row_is_an_error() {
        let text =
            "# R\n\n## Builds\n\n| contestant |\n|---|\n\n## Size\n\n| contestant |\n|---|\n";
        assert!(charts(&Record::read(text)).is_err());
    }
}
