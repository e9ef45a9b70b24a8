//! The program `attache-local`: both services on a port, for people and for other languages.

mod start_message;

use std::fmt::Display;
use std::io::Write;
use std::net::IpAddr;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::Duration;

use attache_local::{Builder, Catalogue, Fault, Local};
use start_message::Key;

const HELP: &str = "\
attache-local [OPTION…]

Serves AWS Support and AWS Security Incident Response on one port of 127.0.0.1, for tests. The first line of its output
is its URL; the error output says what it holds and how clients are set up. It ends on SIGINT (Ctrl-C) or SIGTERM, after the current requests have responses; a second signal
ends it at once.

  --port N                 the port; without it the system chooses one
  --listen ADDRESS         the address (127.0.0.1)
  --allow-other-hosts      allow an ADDRESS that other hosts reach, such as 0.0.0.0 inside of a container
  --data DIR               keep all data in this folder; without it, the data is deleted at the end
                           (only an empty folder, or one that it has created)
  --key ID:SECRET          the accepted access key (AKIDATTACHELOCAL:attache-local-secret)
  --key random             a random one, printed after the URL as two lines that a shell can read
  --accept-any-signature   accept every request, signed or not
  --catalogue FILE         recorded responses of DescribeServices, DescribeTrustedAdvisorChecks, DescribeSeverityLevels,
                           DescribeCreateCaseOptions or DescribeSupportedLanguages, as JSON, instead of the built-in
                           ones; can be given several times
  --lenient                Support accepts what moto accepts: any service, category, severity, language and
                           check; POST /moto-api/reset deletes all data
  --account ID             the account, 12 digits (123456789012)
  --account KEY=ID         a further access key, whose requests are for this account; its secret access key is that of
                           --key; can be given several times
  --region NAME            the region of requests without a signature (us-east-1)
  --no-support-plan        refuse every operation of Support with SubscriptionRequiredException
  --no-membership          begin without an active membership of Security IR
  --part-size BYTES        the size of the parts of an upload (5242880)
  --processing-time MS     how long a complete upload is processed before it is ready (500)
  --scan-time MS           how long an attachment of Security IR is pending (500)
  --link-lifetime SECONDS  how long presigned URLs are valid (900)
  --sign-host-only         presigned URLs sign no header but the host
  --fault FAULT            a fault to inject; can be given several times
  --seed N                 the seed of random faults (0)
  --help                   this text
  --version                the version

The exit status is 2 for wrong arguments, 1 for a server that cannot start, and otherwise 0.

A FAULT is [OPERATION=]EFFECT[*TIMES][%PERCENT][: MESSAGE], such as CreateCase=drop:after*1. The effects are
throttle[:MS], refuse:CODE[:STATUS[:MS]], error:STATUS:before|after, drop:before|after, delay:MS, drip:MS, corrupt,
unknown-error and skew:SECONDS. Only refuse has a MESSAGE; its CODE must be one of the operation's in the model, unless
a STATUS is given. The header x-attache-local-fault injects a fault into a single request.
";

/// What the command line requests.
enum Command {
    Serve(Box<Arguments>),
    Print(String),
}

/// The settings of the server, and what the message at its start says of them.
struct Arguments {
    builder: Builder,
    key: Key,
    data: Option<String>,
    /// Further access keys, and their accounts.
    accounts: Vec<(String, String)>,
}

fn main() -> ExitCode {
    // A damaged database makes redb panic; the message of the library says what that means.
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let is_ours = |place: &std::panic::Location<'_>| !place.file().contains("redb");
        if panic.location().is_none_or(is_ours) {
            report(panic);
        }
    }));
    match parse(std::env::args().skip(1)) {
        Ok(Command::Print(text)) => {
            print(&text);
            ExitCode::SUCCESS
        }
        Ok(Command::Serve(arguments)) => match serve(*arguments) {
            Ok(()) => ExitCode::SUCCESS,
            Err(problem) => fail(&problem, 1),
        },
        Err(problem) => fail(&format!("{problem}\nSee attache-local --help."), 2),
    }
}

fn fail(problem: &str, code: u8) -> ExitCode {
    say(&format!("error: {problem}"));
    ExitCode::from(code)
}

/// Prints a text, unless the output is closed: `attache-local | head -1` closes it, and the server continues.
fn print(text: &str) {
    let mut output = std::io::stdout().lock();
    let _ = output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush());
}

/// Prints a line to the error output, unless it is closed.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn parse(arguments: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut builder = Local::builder();
    let mut catalogue = Catalogue::default();
    let mut own_key = Key::Default;
    let mut data = None;
    let mut accounts = Vec::new();
    let mut arguments = arguments.peekable();
    while let Some(argument) = arguments.next() {
        let (name, mut given) = split(argument);
        let mut value = || {
            let value = given.take().or_else(|| arguments.next());
            value.ok_or_else(|| format!("`{name}` needs a value"))
        };
        builder = match name.as_str() {
            "--help" | "-h" => return Ok(Command::Print(HELP.to_owned())),
            "--version" => {
                let version = env!("CARGO_PKG_VERSION");
                return Ok(Command::Print(format!("attache-local {version}\n")));
            }
            "--port" | "--part-size" | "--processing-time" | "--scan-time" | "--link-lifetime"
            | "--seed" => with_number(builder, &name, &value()?)?,
            "--accept-any-signature"
            | "--allow-other-hosts"
            | "--lenient"
            | "--no-membership"
            | "--no-support-plan"
            | "--sign-host-only" => with_flag(builder, &name),
            "--listen" => builder.listen(address(&value()?)?),
            "--data" => {
                let folder = value()?;
                data = Some(folder.clone());
                builder.data(folder)
            }
            "--key" => {
                let set;
                (set, own_key) = key(builder, &value()?)?;
                set
            }
            "--catalogue" => {
                catalogue = catalogue
                    .with_file(value()?)
                    .map_err(|error| error.to_string())?;
                builder
            }
            "--account" => account(builder, &value()?, &mut accounts)?,
            "--region" => builder.region(value()?),
            "--fault" => builder.fault(fault(&value()?)?),
            other => return Err(format!("unknown argument `{other}`")),
        };
        if given.is_some() {
            return Err(format!("`{name}` takes no value"));
        }
    }
    Ok(Command::Serve(Box::new(Arguments {
        builder: builder.catalogue(catalogue),
        key: own_key,
        data,
        accounts,
    })))
}

/// The name and the value of an argument: `--name value` and `--name=value` are one.
fn split(argument: String) -> (String, Option<String>) {
    match argument.split_once('=') {
        Some((name, value)) if name.starts_with("--") => (name.to_owned(), Some(value.to_owned())),
        _ => (argument, None),
    }
}

/// Sets an option whose value is a number.
fn with_number(builder: Builder, name: &str, text: &str) -> Result<Builder, String> {
    Ok(match name {
        "--port" => builder.port(number(name, text)?),
        "--part-size" => builder.part_size(number(name, text)?),
        "--processing-time" => builder.processing_time(milliseconds(name, text)?),
        "--scan-time" => builder.scan_time(milliseconds(name, text)?),
        "--link-lifetime" => builder.link_lifetime(Duration::from_secs(number(name, text)?)),
        "--seed" => builder.seed(number(name, text)?),
        other => return Err(format!("unknown argument `{other}`")),
    })
}

/// Sets an option without a value.
fn with_flag(builder: Builder, name: &str) -> Builder {
    match name {
        "--accept-any-signature" => builder.accept_any_signature(true),
        "--allow-other-hosts" => builder.allow_other_hosts(true),
        "--lenient" => builder.lenient(true),
        "--no-membership" => builder.membership(false),
        "--no-support-plan" => builder.support_plan(false),
        "--sign-host-only" => builder.sign_host_only(true),
        _ => builder,
    }
}

fn key(builder: Builder, key: &str) -> Result<(Builder, Key), String> {
    if key == "random" {
        return Ok((builder.random_credentials(), Key::Random));
    }
    let (id, secret) = key
        .split_once(':')
        .filter(|(id, secret)| !id.is_empty() && !secret.is_empty())
        .ok_or(
            "the value of `--key` must be an access key id and a secret access key with a colon between them, or \
             `random`",
        )?;
    Ok((builder.credentials(id, secret), Key::Given))
}

fn fault(text: &str) -> Result<Fault, String> {
    let fault = text.parse();
    fault.map_err(|error: attache_local::fault::FaultError| error.to_string())
}

fn number<T: FromStr>(name: &str, text: &str) -> Result<T, String>
where
    T::Err: Display,
{
    text.parse().map_err(|error| {
        format!("the value of `{name}` must be a whole number, not `{text}`: {error}")
    })
}

fn address(text: &str) -> Result<IpAddr, String> {
    let address = text.parse();
    address.map_err(|_| format!("the value of `--listen` must be an IP address, not `{text}`"))
}

fn milliseconds(name: &str, text: &str) -> Result<Duration, String> {
    number(name, text).map(Duration::from_millis)
}

/// The account of the server, or that of a further access key.
fn account(
    builder: Builder,
    text: &str,
    accounts: &mut Vec<(String, String)>,
) -> Result<Builder, String> {
    let (key, id) = match text.split_once('=') {
        Some((key, id)) => (Some(key), id),
        None => (None, text),
    };
    if id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!(
            "the value of `--account` must be 12 digits, not `{id}`"
        ));
    }
    match key {
        Some("") => Err("the value of `--account` has no access key id before `=`".to_owned()),
        Some(key) => {
            accounts.push((key.to_owned(), id.to_owned()));
            Ok(builder.account(key, id))
        }
        None => Ok(builder.account_id(id)),
    }
}

fn serve(arguments: Arguments) -> Result<(), String> {
    let Arguments {
        builder,
        key,
        data,
        accounts,
    } = arguments;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("could not start: {error}"))?;
    runtime.block_on(async {
        // This comes before the URL is printed, so that a program that reads the URL can stop the server at once.
        let mut signals =
            Signals::new().map_err(|error| format!("could not wait for signals: {error}"))?;
        let local = builder.start().await.map_err(|error| error.to_string())?;
        let (id, secret) = local.key();
        let mut lines = format!("{}\n", local.endpoint());
        if key == Key::Random {
            lines += &format!("AWS_ACCESS_KEY_ID={id}\nAWS_SECRET_ACCESS_KEY={secret}\n");
        }
        print(&lines);
        say(&start_message::text(
            &local,
            key,
            data.as_deref(),
            &accounts,
        ));
        signals.next().await;
        tokio::select! {
            () = local.stop() => {}
            () = signals.next() => {}
        }
        Ok(())
    })
}

/// The signals that end the program.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        // A program that cannot wait for Ctrl-C serves until it is ended otherwise.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
