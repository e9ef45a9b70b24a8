//! The commands of this workspace: those of `attache-codegen`, and the checks that only this repository has.

pub mod bench;
mod callgrind;
pub mod conformance;
pub mod corpus;
pub mod demo;
pub mod deny;
pub mod downloads;
pub mod fuzz;
pub mod instructions;
pub mod lock_files;
pub mod long_run;
pub mod outside;
pub mod partitions;
pub mod pictures;
pub mod release;
mod shipped;
pub mod tidy;
mod tools;

pub use attache_codegen::workspace::{
    add, config, diff, generate, import, lock, read, reconcile, update, write,
};

/// The declaration of the program `cargo xtask`: the commands of `attache`, and those that only this repository has.
pub fn command_line() -> clap::Command {
    attache_codegen::workspace::command_line("cargo xtask").subcommands([
        demo::declaration(),
        corpus::declaration(),
        deny::declaration(),
        outside::declaration(),
        fuzz::declaration(),
        long_run::declaration(),
        conformance::declaration(),
        bench::declaration(),
        instructions::declaration(),
        release::declaration(),
        tidy::declaration(),
        pictures::declaration(),
    ])
}

#[cfg(test)]
mod tests {
    use super::command_line;

    #[test]
    fn clap_finds_no_contradiction_in_the_declaration() {
        command_line().debug_assert();
    }
}
