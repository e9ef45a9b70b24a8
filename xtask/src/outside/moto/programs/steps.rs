//! What the programs of all services share: a client's configuration, and lines that say what agreed.
//!
//! `cargo xtask outside --moto-services` counts the lines: `NAME` for an operation, `NAME refused: CODE` for an error.

use std::fmt::Debug;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use attache_runtime::operation::ServiceError;
use attache_runtime::{Config, ConfigBuilder, Credentials, Error, PresignedRequest};

/// Texts that JSON, forms and XML must treat with care.
#[allow(dead_code, reason = "not every service takes any text")]
pub const ODD: &str = "Größe <of> \"it\" & 100% +1; 漢字 \u{1F980} a=b";

/// The configuration for the server whose URL is the argument of the program.
pub fn config() -> Result<Config> {
    Ok(builder()?.build()?)
}

/// The same, which can be changed.
pub fn builder() -> Result<ConfigBuilder> {
    Ok(Config::builder()
        .region("us-east-1")
        .endpoint_url(url()?)
        .credentials(Credentials::new("AKIDEXAMPLE", "secret").session_token("token")))
}

fn url() -> Result<String> {
    argument(1)
}

fn argument(number: usize) -> Result<String> {
    std::env::args().nth(number).context("usage: PROGRAM URL PYTHON SCRIPT")
}

/// What comes of a presigned request that Python's `requests` sends with this body: the status, and the text.
#[allow(dead_code, reason = "only one service has presigned URLs in moto")]
pub fn requested(request: &PresignedRequest, body: &[u8]) -> Result<(u16, String)> {
    let mut command = Command::new(argument(2)?);
    command.arg(argument(3)?).args([request.method().as_str(), request.url()]);
    for (name, value) in request.headers() {
        command.arg(format!("{name}: {}", value.to_str()?));
    }
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    process.stdin.take().context("the process has no input")?.write_all(body)?;
    let output = process.wait_with_output()?;
    ensure!(output.status.success(), "the script with `requests` failed, see above");
    let text = String::from_utf8(output.stdout)?;
    let (status, text) = text.split_once('\n').context("the script printed no status")?;
    Ok((status.parse()?, text.to_owned()))
}

/// Has moto check the keys and the signatures of all requests from now on.
#[allow(dead_code, reason = "only one service does it, at its end")]
pub fn check_signatures() -> Result<()> {
    let url = url()?;
    let host = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host)?;
    let head = format!("POST /moto-api/reset-auth HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    stream.write_all(format!("{head}content-length: 1\r\n\r\n0").as_bytes())?;
    let mut response = String::new();
    stream.read_to_string(&mut response)?;
    ensure!(response.starts_with("HTTP/1.1 200"), "moto responded: {response}");
    Ok(())
}

/// Says that an operation did what it should.
pub fn agreed(operation: &str) {
    println!("{operation}");
}

/// Checks that a call was refused with a code and a message.
pub fn refused<T: Debug, S: ServiceError>(
    operation: &str,
    code: &str,
    result: Result<T, Error<S>>,
) -> Result<()> {
    let Err(error) = result else {
        bail!("{operation} was not refused: {result:?}");
    };
    ensure!(
        error.code() == Some(code),
        "{operation} was refused with {:?}, not `{code}`: {error:#}",
        error.code()
    );
    ensure!(
        error.message().is_some_and(|message| !message.is_empty()),
        "{operation}: the error `{code}` has no message"
    );
    println!("{operation} refused: {code}");
    Ok(())
}

/// Checks that two values are the same.
pub fn same<T: PartialEq<U> + Debug, U: Debug>(what: &str, came: T, wanted: U) -> Result<()> {
    ensure!(came == wanted, "{what} is {came:?}, not {wanted:?}");
    Ok(())
}
