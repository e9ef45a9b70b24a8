//! The charts: which figures of the record they show.

use crate::chart::{Bar, Chart, Group};
use crate::record::{Place, Record};

/// A chart of ratios.
#[derive(Debug)]
pub(crate) struct Picture {
    /// The name of the file.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    /// The text that replaces the picture.
    pub(crate) description: &'static str,
    /// The contestant whose figures are 1.
    to: &'static str,
    /// Who is shown.
    contestants: &'static [&'static str],
    rows: &'static [Row],
}

/// A group of bars.
#[derive(Debug)]
struct Row {
    label: &'static str,
    place: Place,
    /// The unit of the figures.
    unit: &'static str,
}

const fn row(
    label: &'static str,
    (section, caption): (&'static str, Option<&'static str>),
    column: &'static str,
    unit: &'static str,
) -> Row {
    let place = Place {
        section,
        caption,
        column,
    };
    Row { label, place, unit }
}

/// A call of a section, one at a time: the first table below a caption with its name.
const fn call(section: &'static str, operation: &'static str) -> Row {
    row(operation, (section, Some(operation)), "CPU µs", "µs")
}

/// The instructions of a call.
const fn counted(operation: &'static str) -> Row {
    row(
        operation,
        (INSTRUCTIONS, Some(operation)),
        "thousands",
        "thousand",
    )
}

const CALLS: &str = "Calls";
const QUERY: &str = "Calls of EC2 and STS";
const S3: &str = "Calls of S3";
const EC2_BUILDS: &str = "Builds of EC2";
const S3_BUILDS: &str = "Builds of S3";
const MEMORY: &str = "Memory";
const TLS: &str = "Calls over TLS";
const FIRST: &str = "First call";
const INSTRUCTIONS: &str = "Instructions of calls";

const ALL: &[&str] = &["attache", "official", "lean"];

pub(crate) const PICTURES: [Picture; 10] = [
    Picture {
        name: "bench-builds",
        title: "An application with both clients: clean builds and program, official = 1",
        description: "Bars: CPU seconds of clean builds, and the size of the program, of attache, the official SDK and lean.",
        to: "official",
        contestants: ALL,
        rows: &[
            row("cargo check", ("Builds", None), "check CPU", "s"),
            row("dev build", ("Builds", None), "dev CPU", "s"),
            row("release build", ("Builds", None), "release CPU", "s"),
            row("program", ("Size", None), "release", "MB"),
        ],
    },
    Picture {
        name: "bench-calls",
        title: "CPU of a call, one at a time, official = 1",
        description: "Bars: CPU of four calls, of attache, the official SDK and lean.",
        to: "official",
        contestants: ALL,
        rows: &[
            call(CALLS, "DescribeCases"),
            call(CALLS, "ListCases"),
            call(CALLS, "GetCaseAttachmentUploadUrl"),
            call(CALLS, "AddAttachmentsToSet"),
        ],
    },
    Picture {
        name: "bench-instructions",
        title: "Instructions of a call, one at a time, official = 1",
        description: "Bars: instructions of three calls, of attache, the official SDK and lean.",
        to: "official",
        contestants: ALL,
        rows: &[
            counted("DescribeCases"),
            counted("ListCases"),
            counted("GetCaseAttachmentUploadUrl"),
        ],
    },
    Picture {
        name: "bench-calls-tls",
        title: "CPU of a call over TLS, one at a time, official = 1",
        description: "Bars: CPU of four calls over TLS, of attache, the official SDK and lean.",
        to: "official",
        contestants: ALL,
        rows: &[
            call(TLS, "DescribeCases"),
            call(TLS, "ListCases"),
            call(TLS, "GetCaseAttachmentUploadUrl"),
            call(TLS, "AddAttachmentsToSet"),
        ],
    },
    Picture {
        name: "bench-first-call",
        title: "A process that makes one call over TLS, official = 1",
        description: "Bars: time and CPU of a process that makes one call, of attache, the official SDK and lean.",
        to: "official",
        contestants: ALL,
        rows: &[
            row("from start to end", (FIRST, None), "wall ms", "ms"),
            row("CPU", (FIRST, None), "CPU ms", "ms"),
        ],
    },
    Picture {
        name: "bench-calls-query",
        title: "CPU of a call of EC2 and STS, one at a time, official = 1",
        description: "Bars: CPU of calls of EC2 and STS, of attache, the official SDK and lean.",
        to: "official",
        contestants: ALL,
        rows: &[call(QUERY, "DescribeInstances"), call(QUERY, "AssumeRole")],
    },
    Picture {
        name: "bench-calls-s3",
        title: "CPU of a call of S3, one at a time, official = 1",
        description: "Bars: CPU of calls of S3, of attache, the official SDK and lean.",
        to: "official",
        contestants: ALL,
        rows: &[
            call(S3, "ListObjectsV2"),
            call(S3, "GetObject"),
            call(S3, "PutObject"),
        ],
    },
    Picture {
        name: "bench-builds-ec2",
        title: "A clean build of the client of EC2, official = 1",
        description: "Bars: CPU seconds of clean builds of the client of EC2, of attache and the official SDK.",
        to: "official",
        contestants: &["attache", "attache, ten operations", "official"],
        rows: &[
            row("dev build", (EC2_BUILDS, None), "dev CPU", "s"),
            row("release build", (EC2_BUILDS, None), "release CPU", "s"),
        ],
    },
    Picture {
        name: "bench-builds-s3",
        title: "A clean build of the client of S3, official = 1",
        description: "Bars: CPU seconds of clean builds of the client of S3, of attache and the official SDK.",
        to: "official",
        contestants: &["attache", "attache, three operations", "official"],
        rows: &[
            row("dev build", (S3_BUILDS, None), "dev CPU", "s"),
            row("release build", (S3_BUILDS, None), "release CPU", "s"),
        ],
    },
    Picture {
        name: "bench-memory",
        title: "Peak memory with 1,000 calls in flight, official = 1",
        description: "Bars: peak memory with 1,000 calls in flight, of attache, the official SDK and lean.",
        to: "official",
        contestants: ALL,
        rows: &[row(
            "ListCases, 1,000 at a time",
            (MEMORY, Some("in flight")),
            "peak MB",
            "MB",
        )],
    },
];

impl Picture {
    /// Whether the record has all sections of the chart.
    pub(crate) fn is_measured(&self, record: &Record) -> bool {
        self.rows.iter().all(|row| record.has(row.place.section))
    }

    /// The chart.
    ///
    /// # Errors
    /// What the record lacks.
    pub(crate) fn chart(&self, record: &Record) -> Result<Chart, String> {
        let groups: Result<Vec<Group>, String> = self
            .rows
            .iter()
            .map(|row| self.group(record, row))
            .collect();
        Ok(Chart {
            title: self.title.to_owned(),
            groups: groups?,
            ratios: true,
        })
    }

    fn group(&self, record: &Record, row: &Row) -> Result<Group, String> {
        let mut bars = Vec::new();
        for contestant in self.contestants {
            let figure = shown(record.figure(row.place, contestant)?);
            let ratio = record.ratio(row.place, contestant, self.to)?;
            let text = match *contestant == self.to {
                true => format!("{figure} {}", row.unit),
                false => format!("{}, {figure} {}", ratio.text, row.unit),
            };
            bars.push(Bar {
                contestant: (*contestant).to_owned(),
                label: (*contestant).to_owned(),
                value: ratio.value,
                range: ratio.range,
                tie: ratio.tie,
                text,
            });
        }
        Ok(Group {
            label: row.label.to_owned(),
            bars,
        })
    }
}

/// The name of the chart of crates.
pub(crate) const CRATES: &str = "bench-crates";
/// The text that replaces it.
pub(crate) const CRATES_DESCRIPTION: &str =
    "Bars: the crates that cost most in a release build, for attache and for the official SDK.";
/// Its title.
pub(crate) const CRATES_TITLE: &str = "Where the CPU seconds of a release build go, measured once";

/// Where the time of a release build goes.
///
/// # Errors
/// What the record lacks.
pub(crate) fn crates(record: &Record) -> Result<Chart, String> {
    let mut groups = Vec::new();
    for contestant in ["attache", "official"] {
        let bars = record.dearest(contestant)?.into_iter();
        let bars = bars.map(|(name, seconds)| Bar {
            contestant: contestant.to_owned(),
            label: name,
            value: seconds,
            range: None,
            tie: false,
            text: shown(seconds),
        });
        groups.push(Group {
            label: format!("{contestant}: its most expensive crates"),
            bars: bars.collect(),
        });
    }
    Ok(Chart {
        title: CRATES_TITLE.to_owned(),
        groups,
        ratios: false,
    })
}

/// A figure with three digits, and commas between thousands.
fn shown(value: f64) -> String {
    if value < 10.0 {
        return format!("{value:.2}");
    }
    if value < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
