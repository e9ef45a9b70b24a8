//! The guide: its code runs against the local services, its links and commands exist, its pictures are current.

mod badges;
mod commands;
mod examples;
mod links;
mod pictures;
mod settings;

use std::path::PathBuf;
use std::process::ExitCode;

use attache_guide::page::{self, Page};
use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    if let Some(name) = std::env::var_os(examples::VARIABLE) {
        return examples::run_here(&name.to_string_lossy());
    }
    let arguments = Arguments::from_args();
    let mut trials = examples::trials();
    trials.extend([
        Trial::test("links_lead_to_files_and_headings", links::check),
        Trial::test("the_summary_lists_every_page", links::check_summary),
        Trial::test(
            "facts_below_titles_are_those_of_the_manifests",
            badges::check,
        ),
        Trial::test("commands_of_the_pages_exist", commands::check),
        Trial::test("settings_of_the_pages_can_be_read", settings::check),
        Trial::test("pictures_are_made_from_their_sources", pictures::check),
    ]);
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The root of the repository.
fn repository() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// All pages of the guide.
fn pages() -> Result<Vec<Page>, String> {
    let folder = repository().join("docs/guide/src");
    page::names(&folder)
        .and_then(|names| {
            let path = |name: String| folder.join(format!("{name}.md"));
            names
                .into_iter()
                .map(|name| page::read(&path(name)))
                .collect()
        })
        .map_err(|error| format!("{}: {error}", folder.display()))
}
