//! Arguments that several commands have.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches, ValueHint, value_parser};

/// The argument SERVICE of a command that works on one.
pub(super) fn service() -> Arg {
    Arg::new("service")
        .value_name("SERVICE")
        .required(true)
        .help("The folder of the service in models/, such as support")
}

/// The option `--from` of a command that reads a published model.
pub(super) fn from() -> Arg {
    Arg::new("from")
        .long("from")
        .value_name("PATH")
        .required(true)
        .value_parser(value_parser!(PathBuf))
        .value_hint(ValueHint::AnyPath)
        .help("The published model: botocore's data folder of the service, or a file")
        .long_help(
            "The published model: botocore's data folder of the service (botocore/data/support, of\n\
             which the newest version is taken, or botocore/data/support/2013-04-15), a\n\
             service-2.json alone, or a Smithy 2.0 JSON AST. Files may be compressed (.gz)",
        )
}

/// The values of the arguments [`service`] and [`from`].
pub(super) fn service_and_path(matches: &ArgMatches) -> (&str, &Path) {
    let service = matches.get_one::<String>("service");
    let from = matches.get_one::<PathBuf>("from");
    (
        service.expect("SERVICE is required"),
        from.expect("--from is required"),
    )
}
