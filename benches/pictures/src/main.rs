//! Draws the figures of `benches/RESULTS.md` as bar charts in SVG: `bench-pictures RESULTS.md FOLDER`.
//!
//! The record is the only input, so a picture shows nothing that a reader cannot look up. Each picture names the hash of
//! the record, so that a test can tell whether it is current. `cargo xtask bench` runs this program.

mod chart;
mod record;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use sha2::{Digest, Sha256};

use crate::chart::{Bar, Chart, Group};
use crate::record::Record;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [record, folder] = arguments.as_slice() else {
        eprintln!("usage: bench-pictures RESULTS.md FOLDER");
        return ExitCode::FAILURE;
    };
    match draw(Path::new(record), Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench-pictures: {record}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A picture of a record, or what the record lacks.
type Picture = fn(&Record) -> Result<Chart, String>;

const PICTURES: [(&str, Picture); 3] = [
    ("bench-builds", builds),
    ("bench-calls", calls),
    ("bench-crates", crates),
];

fn draw(record: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(record)?;
    let record = Record::read(&text);
    let hash = Sha256::digest(text.replace("\r\n", "\n"));
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let head =
        format!("<!-- Made by `cargo xtask bench` from benches/RESULTS.md, SHA-256 {hash}. -->\n");
    fs::create_dir_all(folder)?;
    for (name, picture) in PICTURES {
        let svg = picture(&record)?.svg()?;
        // The name appears when the file is complete.
        let path = folder.join(format!("{name}.svg"));
        let partial = folder.join(format!(".{name}.svg"));
        fs::write(&partial, format!("{head}{svg}"))?;
        fs::rename(&partial, &path)?;
        println!("{}", path.display());
    }
    Ok(())
}

/// Who is in the pictures of ratios.
const SHOWN: [&str; 3] = ["attache", "official", "lean"];

/// The CPU time of clean builds, and the size of the program.
fn builds(record: &Record) -> Result<Chart, String> {
    let rows = [
        ("cargo check", "Builds", "check CPU"),
        ("dev build", "Builds", "dev CPU"),
        ("release build", "Builds", "release CPU"),
        ("program, MB", "Size", "release"),
    ];
    let mut groups = Vec::new();
    for (label, section, column) in rows {
        groups.push(group(record, label, section, None, column)?);
    }
    Ok(Chart {
        title:
            "An application with both clients: CPU seconds of a clean build, and MB of the program"
                .to_owned(),
        groups,
        relative_to: Some("official"),
    })
}

/// The CPU time of calls.
fn calls(record: &Record) -> Result<Chart, String> {
    let operations = [
        "DescribeCases",
        "ListCases",
        "GetCaseAttachmentUploadUrl",
        "AddAttachmentsToSet",
    ];
    let mut groups = Vec::new();
    for operation in operations {
        groups.push(group(
            record,
            operation,
            "Calls",
            Some(operation),
            "CPU µs",
        )?);
    }
    Ok(Chart {
        title: "CPU of a call, one at a time, in microseconds".to_owned(),
        groups,
        relative_to: Some("official"),
    })
}

/// Where the time of a release build goes.
fn crates(record: &Record) -> Result<Chart, String> {
    let mut groups = Vec::new();
    for contestant in ["attache", "official"] {
        let bars: Vec<Bar> = record
            .dearest(contestant)?
            .into_iter()
            .map(|(name, seconds)| Bar {
                contestant: contestant.to_owned(),
                label: name,
                value: seconds,
            })
            .collect();
        groups.push(Group {
            label: format!("{contestant}: its dearest crates"),
            bars,
        });
    }
    Ok(Chart {
        title: "Where the CPU seconds of a release build go".to_owned(),
        groups,
        relative_to: None,
    })
}

/// The figures of one row of bars.
fn group(
    record: &Record,
    label: &str,
    section: &str,
    caption: Option<&str>,
    column: &str,
) -> Result<Group, String> {
    let mut bars = Vec::new();
    for contestant in SHOWN {
        let value = record.figure(section, caption, contestant, column)?;
        bars.push(Bar {
            contestant: contestant.to_owned(),
            label: contestant.to_owned(),
            value,
        });
    }
    Ok(Group {
        label: label.to_owned(),
        bars,
    })
}
