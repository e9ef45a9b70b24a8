//! Says what our clients send for objects and make of responses: one JSON document a line, from standard input to standard
//! output.
//!
//! `cargo xtask outside --checksums` runs it beside botocore and compares.

use std::io::{BufRead, Write};

use anyhow::{Context, Result};

fn main() -> Result<()> {
    let mut output = std::io::stdout().lock();
    for (number, question) in std::io::stdin().lock().lines().enumerate() {
        let answer = attache_tests::checksums::answer(&question?)
            .with_context(|| format!("line {}", number + 1))?;
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}
