//! Calls a moto server with our Support client: real sockets, and a service with state.

pub(super) mod services;
pub(super) mod transfers;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::Outside;

pub(super) fn call(outside: &Outside) -> Result<bool> {
    let server = Server::start(
        &outside.environment.python(),
        &outside.script("moto_server.py"),
    )?;
    let status = Command::new(outside.program("moto")?)
        .arg(&server.url)
        // A proxy of the environment is not for loopback addresses.
        .env("NO_PROXY", "127.0.0.1")
        .status()
        .context("could not run our program")?;
    Ok(status.success())
}

/// A running server; it stops when this is dropped, and by itself when this process ends.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(python: &Path, script: &Path) -> Result<Self> {
        let process = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("could not run moto_server.py")?;
        let mut server = Self {
            process,
            url: String::new(),
        };
        let output = server
            .process
            .stdout
            .take()
            .context("the server has no output")?;
        BufReader::new(output)
            .read_line(&mut server.url)
            .context("could not read the server's URL")?;
        server.url.truncate(server.url.trim_end().len());
        ensure!(
            server.url.starts_with("http://"),
            "the moto server did not start, see above"
        );
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The server may have ended already, so the results do not matter.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
