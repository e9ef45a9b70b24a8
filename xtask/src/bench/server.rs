//! The local server: a separate process, so that its cost is not attributed to a client.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::workshop::Workshop;

/// A file with no settings in it.
const EMPTY_FILE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// A running server. It is stopped when this is dropped.
#[derive(Debug)]
pub(super) struct Server {
    process: Child,
    output: BufReader<ChildStdout>,
    url: String,
}

impl Server {
    /// Starts a server; `arguments` are its own.
    pub(super) fn start(workshop: &Workshop, arguments: &[&str]) -> Result<Self> {
        let mut process = Command::new(workshop.tool("bench-server"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("could not start the server")?;
        let output = process.stdout.take().context("the server has no output")?;
        let mut output = BufReader::new(output);
        let mut url = String::new();
        output
            .read_line(&mut url)
            .context("the server did not print its address")?;
        let url = url.trim().to_owned();
        ensure!(
            url.starts_with("http://"),
            "the server did not start, see above"
        );
        Ok(Self {
            process,
            output,
            url,
        })
    }

    /// The settings with which a client finds the server. No setting of the caller is used.
    pub(super) fn environment(&self, command: &mut Command) {
        for (name, _) in std::env::vars_os() {
            let name_text = name.to_string_lossy();
            if name_text.starts_with("AWS_") || name_text.to_ascii_lowercase().ends_with("_proxy") {
                command.env_remove(&name);
            }
        }
        command
            .env("AWS_ENDPOINT_URL", &self.url)
            .env("AWS_REGION", "us-east-1")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .env(
                "AWS_SECRET_ACCESS_KEY",
                "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            )
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_CONFIG_FILE", EMPTY_FILE)
            .env("AWS_SHARED_CREDENTIALS_FILE", EMPTY_FILE);
    }

    /// Stops it, and returns everything that it printed.
    pub(super) fn end(mut self) -> Result<String> {
        drop(self.process.stdin.take());
        let mut text = String::new();
        self.output
            .read_to_string(&mut text)
            .context("the server's report cannot be read")?;
        let status = self
            .process
            .wait()
            .context("the server cannot be waited for")?;
        ensure!(status.success(), "the server failed ({status}), see above");
        Ok(text)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // It may have ended before.
        let _ = self.process.wait();
    }
}
