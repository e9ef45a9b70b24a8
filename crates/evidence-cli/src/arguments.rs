//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

const EXIT_STATUS: &str = "\
Exit status:
   0  done
   1  another failure
   2  wrong arguments
   3  a file cannot be read or written, is too large, or has changed
   4  the saved state cannot be used: it belongs to another command, or another process uses it
   5  settings, credentials or permissions
   6  a call of the service failed: it refused the request, or its answer cannot be used
   7  no connection, or a time limit passed
   8  the answer to a call was lost and it is unknown whether it acted: the person decides
   9  the service rejected a file, or the case has another file of the name
  10  `verify` found a difference";

const EXAMPLES: &str = "\
Examples:
  evidence support open --subject 'It broke' --note 'See the log.' --severity urgent app.log dumps/
  journalctl -b | evidence support reply CASE --note 'The journal.' --stdin-name journal.txt -
  evidence ir open --title 'Unknown login' --note 'At 03:00 UTC.' --account 123456789012 --watcher me@example.com
  evidence ir put CASE memory.dump
  evidence ir get CASE --to back/
  evidence verify evidence-1f0c9a2b7d3e.json

After a break, run the same command again: it continues where it stopped.";

/// Opens cases of AWS Support and of AWS Security Incident Response, and moves files into and out of them.
///
/// The state of a command is on disk before anything is sent, in the folder `MANIFEST.state`. The same command with the
/// same arguments continues what an earlier run began, and repeats nothing that is done. At the end, the manifest
/// records names, sizes, SHA-256 and times of what was sent.
///
/// If the answer to a call that opens a case or adds a text is lost, the service is asked. A case or text that is equal
/// and new is taken as the result. Otherwise the program shows what it found and asks; without a terminal it ends with
/// status 8 and names the options. It never sends such a call twice by itself.
///
/// Settings and credentials come from the options, the environment and the files of the AWS CLI.
#[derive(Debug, Parser)]
#[command(name = "evidence", version, after_long_help = const_format(), after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

fn const_format() -> String {
    format!("{EXAMPLES}\n\n{EXIT_STATUS}")
}

/// Options of all commands.
#[derive(Args, Clone, Debug)]
pub(crate) struct Global {
    /// The profile of ~/.aws/config and ~/.aws/credentials
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// The region
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) region: Option<String>,
    /// The URL of the service instead of that of the region
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) endpoint_url: Option<String>,
    /// Text for people, or one JSON document
    #[arg(long, global = true, value_name = "FORM", default_value = "text")]
    pub(crate) output: Form,
    /// Never ask, even in a terminal
    #[arg(long, global = true)]
    pub(crate) no_input: bool,
}

/// The form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Lines for people
    Text,
    /// One JSON document, also for a failure
    Json,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Cases of AWS Support
    #[command(subcommand)]
    Support(Support),
    /// Cases of AWS Security Incident Response
    #[command(subcommand)]
    Ir(Ir),
    /// Compare a manifest with the local files and with what the service has
    Verify(Verify),
    /// Print a completion script for a shell
    #[command(hide = true)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write the pages of all commands
    #[command(hide = true)]
    Manual {
        /// The folder that gets the pages
        folder: Option<PathBuf>,
    },
}

/// Commands for AWS Support.
#[derive(Debug, Subcommand)]
pub(crate) enum Support {
    /// Open a case, with files
    Open(SupportOpen),
    /// Add a text and files to a case
    Reply(SupportReply),
    /// List cases, the newest first
    List(List),
    /// Show a case, its texts and its attachments
    Show(Case),
    /// Download attachments of a case
    Get(Get),
    /// Resolve a case
    Resolve(Case),
}

/// Commands for AWS Security Incident Response.
#[derive(Debug, Subcommand)]
pub(crate) enum Ir {
    /// Open a case, with files
    Open(IrOpen),
    /// Add a comment to a case
    Comment(IrComment),
    /// Upload files to a case
    Put(IrPut),
    /// List cases, the newest first
    List(List),
    /// Show a case, its comments and its attachments
    Show(Case),
    /// Download attachments of a case
    Get(Get),
    /// Set the status of a case that your own team resolves
    Status(IrStatus),
    /// Close a case
    Close(Case),
}

/// What commands that send have in common.
#[derive(Args, Clone, Debug)]
pub(crate) struct Sending {
    /// Files and folders; `-` is the standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The name that the standard input gets in the case
    #[arg(long, value_name = "NAME", default_value = "stdin.txt")]
    pub(crate) stdin_name: String,
    /// Where the manifest is written; the state is beside it. By default the name follows from the arguments
    #[arg(long, value_name = "FILE")]
    pub(crate) manifest: Option<PathBuf>,
    /// After a lost answer: this case or text is the result
    #[arg(long, value_name = "ID", conflicts_with = "send_again")]
    pub(crate) adopt: Option<String>,
    /// After a lost answer: send the call again, although it may have acted
    #[arg(long)]
    pub(crate) send_again: bool,
}

/// A text.
#[derive(Args, Clone, Debug)]
pub(crate) struct Note {
    /// The text
    #[arg(long, value_name = "TEXT", conflicts_with = "note_file")]
    pub(crate) note: Option<String>,
    /// A file with the text
    #[arg(long, value_name = "FILE")]
    pub(crate) note_file: Option<PathBuf>,
}

/// `evidence support open`.
#[derive(Args, Debug)]
pub(crate) struct SupportOpen {
    /// The subject of the case
    #[arg(long, value_name = "TEXT")]
    pub(crate) subject: String,
    #[command(flatten)]
    pub(crate) note: Note,
    /// The severity: one of those that the account offers. In a terminal, the program asks for a missing one
    #[arg(long, value_name = "CODE")]
    pub(crate) severity: Option<String>,
    /// The code of the service that the case is about
    #[arg(long, value_name = "CODE")]
    pub(crate) service: Option<String>,
    /// The code of the category
    #[arg(long, value_name = "CODE")]
    pub(crate) category: Option<String>,
    /// `technical` or `customer-service`
    #[arg(long, value_name = "TYPE")]
    pub(crate) issue_type: Option<String>,
    /// The language, such as `en`
    #[arg(long, value_name = "CODE")]
    pub(crate) language: Option<String>,
    /// An address that gets copies; can be given several times
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) cc: Vec<String>,
    /// Only ask the service whether it would accept the case. No file is sent
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) sending: Sending,
}

/// `evidence support reply`.
#[derive(Args, Debug)]
pub(crate) struct SupportReply {
    /// The id of the case
    #[arg(value_name = "CASE")]
    pub(crate) case: String,
    #[command(flatten)]
    pub(crate) note: Note,
    /// An address that gets copies; can be given several times
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) cc: Vec<String>,
    /// Only ask the service whether it would accept the text. No file is sent
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) sending: Sending,
}

/// A list of cases.
#[derive(Args, Debug)]
pub(crate) struct List {
    /// Also cases that are resolved or closed
    #[arg(long)]
    pub(crate) all: bool,
}

/// A case.
#[derive(Args, Debug)]
pub(crate) struct Case {
    /// The id of the case
    #[arg(value_name = "CASE")]
    pub(crate) case: String,
}

/// Downloads.
#[derive(Args, Debug)]
pub(crate) struct Get {
    /// The id of the case
    #[arg(value_name = "CASE")]
    pub(crate) case: String,
    /// Ids or names of attachments; without them, all of the case
    #[arg(value_name = "ATTACHMENT")]
    pub(crate) attachments: Vec<String>,
    /// The folder that gets the files; it is created
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(crate) to: PathBuf,
}

/// `evidence ir open`.
#[derive(Args, Debug)]
pub(crate) struct IrOpen {
    /// The title of the case
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: String,
    #[command(flatten)]
    pub(crate) note: Note,
    /// An affected account; can be given several times
    #[arg(long, value_name = "ID", required = true)]
    pub(crate) account: Vec<String>,
    /// An address that gets messages about the case; can be given several times
    #[arg(long, visible_alias = "cc", value_name = "ADDRESS")]
    pub(crate) watcher: Vec<String>,
    /// Who resolves the case: `AWS` or `Self`
    #[arg(long, value_name = "WHO", default_value = "AWS")]
    pub(crate) resolver: String,
    /// `Security Incident` or `Investigation`
    #[arg(long, value_name = "TYPE", default_value = "Security Incident")]
    pub(crate) engagement: String,
    /// When the incident began, as RFC 3339; by default the time of the command
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
    #[command(flatten)]
    pub(crate) sending: Sending,
}

/// `evidence ir comment`.
#[derive(Args, Debug)]
pub(crate) struct IrComment {
    /// The id of the case
    #[arg(value_name = "CASE")]
    pub(crate) case: String,
    #[command(flatten)]
    pub(crate) note: Note,
    #[command(flatten)]
    pub(crate) sending: Sending,
}

/// `evidence ir put`.
#[derive(Args, Debug)]
pub(crate) struct IrPut {
    /// The id of the case
    #[arg(value_name = "CASE")]
    pub(crate) case: String,
    #[command(flatten)]
    pub(crate) sending: Sending,
}

/// `evidence ir status`.
#[derive(Args, Debug)]
pub(crate) struct IrStatus {
    /// The id of the case
    #[arg(value_name = "CASE")]
    pub(crate) case: String,
    /// The status, such as `Detection and Analysis`
    #[arg(value_name = "STATUS")]
    pub(crate) status: String,
}

/// `evidence verify`.
#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// The manifest
    #[arg(value_name = "MANIFEST")]
    pub(crate) manifest: PathBuf,
    /// The folder that has the files, instead of the places from which they were sent
    #[arg(long, value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,
    /// Do not ask the service
    #[arg(long, conflicts_with = "service_only")]
    pub(crate) local_only: bool,
    /// Do not read the local files
    #[arg(long)]
    pub(crate) service_only: bool,
}
