//! The commands that the pages show.

use attache_codegen::workspace;
use clap::Command;
use libtest_mimic::Failed;

use crate::pages;

/// Each command line of attache that a page shows is one that the program understands.
pub(crate) fn check() -> Result<(), Failed> {
    let mut wrong = Vec::new();
    for page in pages()? {
        for block in page
            .blocks
            .iter()
            .filter(|block| block.language == "console")
        {
            for line in block.code.lines() {
                let Some(line) = line.strip_prefix("$ ") else {
                    continue;
                };
                if let Err(reason) = understood(line) {
                    wrong.push(format!("{}: {line}: {reason}", page.path.display()));
                }
            }
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}

/// Reads a line as the program that it calls does. Other programs are not ours.
fn understood(line: &str) -> Result<(), String> {
    let line = line.split(" #").next().unwrap_or(line);
    let words: Vec<&str> = line.split_whitespace().collect();
    let (command, words): (Command, &[&str]) = match words.as_slice() {
        ["cargo", "xtask", ..] => (xtask::command_line(), &words[1..]),
        ["attache", ..] => (workspace::command_line("attache"), &words[..]),
        _ => return Ok(()),
    };
    match command.try_get_matches_from(words) {
        Ok(_) => Ok(()),
        Err(error) if !error.use_stderr() => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}
