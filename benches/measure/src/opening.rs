//! Opens support cases, and prints the result of each call.

use std::fmt::Write as _;

use crate::arguments::Arguments;
use crate::{Failure, Program, Told};

/// Opens cases with different subjects. Returns a line of subject and result for each.
pub(crate) async fn run<P: Program>(program: &P, arguments: &Arguments) -> Result<String, Failure> {
    let concurrency = arguments.concurrency;
    let tasks: Vec<_> = (0..concurrency)
        .map(|task| {
            let program = program.clone();
            let calls = arguments.calls;
            tokio::spawn(async move {
                let mut outcomes = Vec::new();
                for number in (task..calls).step_by(concurrency) {
                    let subject = format!("case-{number}");
                    let told = program.open_case(subject.clone()).await?;
                    outcomes.push((subject, told));
                }
                Ok::<_, Failure>(outcomes)
            })
        })
        .collect();
    let mut lines = String::new();
    for task in tasks {
        for (subject, told) in task.await?? {
            let told = match told {
                Told::Opened => "opened",
                Told::Failed => "failed",
                Told::Doubtful => "doubtful",
                Told::NotOpened => "not-opened",
            };
            let _ = writeln!(lines, "{subject} {told}");
        }
    }
    Ok(lines)
}
