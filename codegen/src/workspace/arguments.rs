//! Arguments that several commands have.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, ValueHint, value_parser};

use super::endpoint_tests;

/// The argument SERVICE of a command that works on one.
pub(super) fn service() -> Arg {
    Arg::new("service")
        .value_name("SERVICE")
        .required(true)
        .help("The folder of the service in models/, such as support")
}

/// The arguments SERVICE of a command that works on several.
pub(super) fn services(help: &'static str) -> Arg {
    Arg::new("services")
        .value_name("SERVICE")
        .num_args(0..)
        .help(help)
}

/// What [`services`] read.
pub(super) fn named(matches: &ArgMatches) -> Vec<String> {
    let names = matches.get_many::<String>("services");
    names.into_iter().flatten().cloned().collect()
}

/// The option `--offline` of a command that downloads.
pub(super) fn offline() -> Arg {
    Arg::new("offline")
        .long("offline")
        .action(ArgAction::SetTrue)
        .help("Download nothing; use what was downloaded before")
}

/// The option `--to` of a command that downloads one release.
pub(super) fn to() -> Arg {
    Arg::new("to")
        .long("to")
        .value_name("VERSION")
        .help("The release of botocore, or the commit, to use instead of the newest")
}

/// The option `--dry-run`.
pub(super) fn dry_run(help: &'static str) -> Arg {
    Arg::new("dry-run")
        .long("dry-run")
        .action(ArgAction::SetTrue)
        .help(help)
}

/// The option that takes contradicting endpoint tests out.
pub(super) fn drop_endpoint_tests() -> Arg {
    Arg::new(endpoint_tests::OPTION)
        .long(endpoint_tests::OPTION)
        .action(ArgAction::SetTrue)
        .help("Remove the endpoint tests of the overlay that contradict the endpoint rules of the model")
        .long_help(
            "Remove the endpoint tests that contradict the endpoint rules of the model: from the\n\
             overlay, or from the crate if they are tests of the model. They are listed. Without it,\n\
             such a test is an error",
        )
}

/// The option that permits a model of another service.
pub(super) fn other_service(help: &'static str) -> Arg {
    Arg::new("other-service")
        .long("other-service")
        .action(ArgAction::SetTrue)
        .help(help)
}

/// The option `--from` of a command that reads a published model.
pub(super) fn from() -> Arg {
    Arg::new("from")
        .long("from")
        .value_name("PATH")
        .value_parser(value_parser!(PathBuf))
        .value_hint(ValueHint::AnyPath)
        .help("The published model: botocore's data folder of the service, or a file")
        .long_help(
            "The published model: botocore's data folder of the service (botocore/data/support, of\n\
             which the newest version is taken, or botocore/data/support/2013-04-15), a\n\
             service-2.json alone, or a Smithy 2.0 JSON AST. Files may be compressed (.gz)",
        )
}

/// What [`service`] read.
pub(super) fn service_of(matches: &ArgMatches) -> &str {
    let service = matches.get_one::<String>("service");
    service.expect("SERVICE is required")
}

/// What the arguments of a command that takes [`service`], and requires [`from`], say.
pub(super) fn service_and_path(matches: &ArgMatches) -> (&str, &Path) {
    let from = matches.get_one::<PathBuf>("from");
    (service_of(matches), from.expect("--from is required"))
}
