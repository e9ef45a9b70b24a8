//! The command line of `cargo xtask outside`: one command with sixteen kinds of run.

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Arg, ArgAction, ArgGroup, Command, value_parser};

/// The declaration of this command for clap.
pub fn declaration() -> Command {
    Command::new("outside")
        .about("Compare the clients with botocore, moto, boto3 and the AWS CLI")
        .long_about(
            "Compares the clients with botocore (requests, signatures, responses, errors of every\n\
             operation; then settings and credentials in random environments), calls a moto server\n\
             with them, and calls the local services with boto3, requests and the AWS CLI, and\n\
             checks the workflows with actionlint. All are installed under target/outside, which needs\n\
             Python 3.11 or newer and, the first time, the network. The environment variable PYTHON\n\
             names another Python than `python3`.",
        )
        .args(runs())
        .args(runs_of_models())
        .group(
            ArgGroup::new("run").args([
                "differential",
                "settings",
                "signatures",
                "checksums",
                "waiters",
                "paginators",
                "expressions",
                "scripted",
                "workflows",
                "moto-services",
                "transfers",
                "semver",
                "history",
                "services",
                "sources",
                "endpoints",
            ]),
        )
        .args(options())
        .args(flags())
        .group(ArgGroup::new("random").args([
            "differential",
            "settings",
            "signatures",
            "checksums",
            "waiters",
            "paginators",
            "expressions",
            "scripted",
            "endpoints",
        ]))
        .group(ArgGroup::new("named").args(["semver", "services", "moto-services", "endpoints"]))
        // clap ignores a requirement that conflicts with a given argument, unless it is part of a group.
        .group(ArgGroup::new("of semver").arg("semver"))
        .group(ArgGroup::new("of differential").arg("differential"))
        .group(ArgGroup::new("of data").args(["service", "moto-services", "services"]).multiple(true))
        .group(ArgGroup::new("of history").arg("history"))
        .group(ArgGroup::new("of services").arg("services"))
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .action(ArgAction::SetTrue)
        .help(help)
}

/// Each of these is a run of its own.
fn runs() -> [Arg; 11] {
    [
        flag(
            "differential",
            "Only the comparison of calls with botocore",
        )
        .long_help(
            "Only the comparison of calls with botocore: of all operations of the clients of this\n\
             repository, or, with --service, of clients that are generated for it",
        ),
        flag(
            "settings",
            "Only the comparison of settings with botocore",
        ),
        flag(
            "signatures",
            "Only the comparison of signatures with awscrt and botocore",
        ),
        flag(
            "checksums",
            "Only the comparison of checksums and signed chunks with botocore",
        ),
        flag("waiters", "Only the comparison of waiters with botocore").long_help(
            "Generate slices of services with waiters into a workspace below target/outside, and compare what\n\
             their waiters say of random responses and errors with what botocore's acceptors say",
        ),
        flag("paginators", "Only the comparison of pages with botocore").long_help(
            "Generate slices of services with pages into a workspace below target/outside, and compare the\n\
             requests and items of their streams with those of botocore's paginators, for random responses",
        ),
        flag("expressions", "Only the comparison of expressions with the package jmespath").long_help(
            "Generate a service whose waiters have all expressions of the waiters and pages of all models, and\n\
             random ones, and compare their results for random responses with those of the package jmespath",
        ),
        flag("scripted", "Only the comparison of endpoint discovery and compression with botocore").long_help(
            "Generate slices of services that name endpoints or take compressed requests into a workspace below\n\
             target/outside, and compare what they send over a scripted network with what botocore sends",
        ),
        flag("workflows", "Only the check of workflows with actionlint"),
        flag("moto-services", "Call a moto server with generated clients of other services").long_help(
            "Generate slices of the services that xtask/src/outside/moto/programs has (or of those named)\n\
             into a workspace below target/outside, and call a moto server with them: create, read,\n\
             list with pages, delete, and errors",
        ),
        flag("transfers", "Move files to and from a moto server with attache-transfer").long_help(
            "Generate a client of S3 into a workspace below target/outside, and move files to and from a\n\
             moto server with it and attache-transfer: sizes around a part, interrupted transfers, errors",
        ),
    ]
}

/// Runs over models and releases of many services.
fn runs_of_models() -> [Arg; 5] {
    [
        flag("semver", "Compare the results of `diff` with those of cargo-semver-checks").long_help(
            "Generate both sides of each pair of models (or of those named), and compare what `cargo\n\
             xtask diff` says of the Rust API with what cargo-semver-checks says of the two crates.\n\
             It needs no Python. The first time it installs that tool under target/tools",
        ),
        flag("history", "Take both services through botocore's releases").long_help(
            "Take each service through the releases of botocore in xtask/outside/histories.json with\n\
             `cargo xtask update`, in a workspace below target/outside. Each step must compile, and\n\
             the result must be the crate that is committed",
        ),
        flag("services", "Add other services, and compile them").long_help(
            "Add the services of xtask/outside/services.txt (or those named, as botocore's data calls\n\
             them) with `cargo xtask add` to a workspace below target/outside, one after another.\n\
             Each must compile and pass clippy with the features proptest and serde",
        ),
        flag("endpoints", "Compare generated endpoint rules with botocore's evaluator").long_help(
            "Generate the endpoint rules of the services named (as botocore's data call them) [default: s3],\n\
             and compare their results with those of botocore's own evaluator, for parameters that are\n\
             drawn at random: URL, headers, auth schemes and errors",
        ),
        flag("sources", "Run `outdated` and `update` against the real package index").long_help(
            "Add both services and those of xtask/outside/services.txt from an old release of botocore,\n\
             in a workspace below target/outside, and compare them with the newest one. Update a few\n\
             services in three steps, each of which must compile. Repeated commands must download\n\
             nothing. It needs the package index of pip's settings, and no Python",
        ),
    ]
}

/// What belongs to one kind of run or to several.
fn options() -> [Arg; 8] {
    [
        Arg::new("names")
            .value_name("NAME")
            .num_args(0..)
            .requires("named")
            .help("The pairs of --semver, or the services of --services, --moto-services or --endpoints"),
        Arg::new("cases")
            .long("cases")
            .value_name("N")
            .value_parser(value_parser!(u32))
            .requires("random")
            .help("How many random cases")
            .long_help(
                "How many random requests and random responses each operation gets [default: 8], or how\n\
                 many environments are generated [default: 400], or how many parameters are drawn for the\n\
                 endpoint rules of each service [default: 5000], or how many requests are signed [default:\n\
                 2000]",
            ),
        Arg::new("seed")
            .long("seed")
            .value_name("S")
            .requires("random")
            .help("The seed of random cases; the same seed gives the same cases"),
        Arg::new("service")
            .long("service")
            .value_name("NAME")
            .num_args(1..)
            .action(ArgAction::Append)
            .requires("of differential")
            .help("Services as botocore's data calls them: their clients are generated and compared"),
        Arg::new("from")
            .long("from")
            .value_name("DATA")
            .value_parser(value_parser!(PathBuf))
            .requires("of data")
            .help(
                "The data folder of a botocore [default: that of botocore 1.44.8, downloaded; for --services that of the \
                 botocore that is installed]",
            ),
        Arg::new("operations")
            .long("operations")
            .value_name("N")
            .value_parser(value_parser!(usize))
            .requires("service")
            .help("How many operations of a service are compared, drawn with the seed [default: 40]"),
        protocol(),
        Arg::new("pairs")
            .long("pairs")
            .value_name("DIR")
            .value_parser(value_parser!(PathBuf))
            .requires("of semver")
            .help("Folders with old.json and new.json [default: model-pairs of the reference data]"),
    ]
}

/// A protocol, as botocore calls it.
fn protocol() -> Arg {
    Arg::new("protocol")
        .long("protocol")
        .value_name("NAME")
        .value_parser([
            PossibleValue::new("json"),
            PossibleValue::new("rest-json"),
            PossibleValue::new("query"),
            PossibleValue::new("ec2"),
            PossibleValue::new("smithy-rpc-v2-cbor").alias("cbor"),
        ])
        .requires("service")
        .help("The protocol of the clients [default: the one that `add` chooses]")
}

/// What has no value and belongs to one kind of run.
fn flags() -> [Arg; 4] {
    [
        flag("changelogs", "Print what `update` says at each step of --history").requires("of history"),
        flag("docs", "Build the documentation of the services instead")
            .requires("of services")
            .long_help(
                "Build the documentation of the services with the prose of their models, and deny warnings.\n\
                 Without names: of forty that together have every construct, which are counted",
            ),
        flag("all", "Check the crates of all services that botocore has; takes hours")
            .requires("of services")
            .conflicts_with("names")
            .long_help(
                "Check the crates of all services that botocore has with their default features, without a warning.\n\
                 With --docs, build their documentation instead. What was found is kept in\n\
                 target/outside/services-all.json: a run can be interrupted, and the next one checks what is left,\n\
                 what failed, and the crates that the generator now writes differently",
            ),
        flag("constructs", "Check forty services that have every construct with clippy, rustdoc and more features")
            .requires("of services")
            .conflicts_with_all(["names", "all", "docs"])
            .long_help(
                "Choose forty services that together have every construct of models, and check their crates with\n\
                 clippy, with each of the features serde, proptest and blocking by itself and with all of them, and\n\
                 with rustdoc, without a warning. What was found is kept as with --all",
            ),
    ]
}

#[cfg(test)]
mod tests {
    use super::declaration;

    /// Command lines, and whether they are accepted.
    const LINES: [(&str, bool); 51] = [
        ("", true),
        ("--differential --cases 3 --seed x", true),
        (
            "--differential --service sqs kms --from d --operations 3",
            true,
        ),
        ("--differential --service sqs --protocol query", true),
        ("--differential --service sqs --protocol cbor", true),
        ("--differential --service sqs --protocol soap", false),
        ("--differential --protocol query", false),
        ("--moto-services dynamodb --from d", true),
        ("--moto-services --service sqs", false),
        ("--service sqs", false),
        ("--differential --from d", false),
        ("--settings --service sqs", false),
        ("--semver a b --pairs c", true),
        ("--workflows", true),
        ("--signatures --cases 3 --seed x", true),
        ("--signatures --settings", false),
        ("--checksums --cases 3 --seed x", true),
        ("--checksums --signatures", false),
        ("--services --all", true),
        ("--services --constructs", true),
        ("--services --constructs --all", false),
        ("--constructs", false),
        ("--waiters --cases 3 --seed x", true),
        ("--waiters --settings", false),
        ("--paginators --cases 3 --seed x", true),
        ("--paginators --waiters", false),
        ("--expressions --cases 3 --seed x", true),
        ("--scripted --cases 3 --seed x", true),
        ("--services backup", true),
        ("--services --docs", true),
        ("--services --docs --from d", true),
        ("--docs", false),
        ("--sources", true),
        ("--endpoints s3 events --cases 100 --seed 1", true),
        ("--endpoints", true),
        ("--endpoints --sources", false),
        ("--sources --services", false),
        ("--sources backup", false),
        ("--history --changelogs", true),
        ("--differential --settings", false),
        ("--workflows --settings", false),
        ("--workflows --cases 3", false),
        ("--cases 3", false),
        ("--differential --cases many", false),
        ("backup", false),
        ("--history backup", false),
        ("--services --all backup", false),
        ("--history --pairs c", false),
        ("--semver --changelogs", false),
        ("--history --all", false),
        ("--all", false),
    ];

    #[test]
    fn options_go_with_the_run_that_has_them() {
        for (line, expected) in LINES {
            let arguments = line.split_whitespace();
            let read = declaration()
                .no_binary_name(true)
                .try_get_matches_from(arguments);
            assert_eq!(read.is_ok(), expected, "{line}: {read:?}");
        }
    }
}
