//! Tests our local services with other clients: boto3 calls all their operations, the AWS CLI makes a few calls, what
//! docs/local-services.md shows is run, boto3 with requests handles files of incidents as an integration of the real service does, and moto's decorator uses a
//! lenient Support as a server of moto.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context, Result, ensure};

use super::Outside;

/// A separate key, so that no request is accepted by chance.
const KEY: &str = "AKIDOUTSIDE";
const SECRET: &str = "the secret of the walk";

/// A script, which gets the server's URL and the key.
struct Script {
    name: &'static str,
    /// Further arguments of the server.
    server: &'static [&'static str],
    /// Further arguments of the script.
    arguments: &'static [&'static str],
}

const SCRIPTS: [Script; 6] = [
    Script {
        name: "local.py",
        server: &[],
        arguments: &[],
    },
    Script {
        name: "local_cli.py",
        server: &[],
        arguments: &[],
    },
    Script {
        name: "local_integration.py",
        server: &[],
        arguments: &["content-length;host;if-none-match"],
    },
    Script {
        name: "local_integration.py",
        server: &["--sign-host-only"],
        arguments: &["host"],
    },
    Script {
        name: "local_page.py",
        // The key of the page, which is the built-in one.
        server: &["--key", "AKIDATTACHELOCAL:attache-local-secret"],
        arguments: &[],
    },
    Script {
        name: "local_lenient.py",
        server: &["--lenient", "--accept-any-signature"],
        arguments: &[],
    },
];

pub(super) fn walk(outside: &Outside) -> Result<bool> {
    let mut agreed = true;
    for script in SCRIPTS {
        // Each begins with a server without data.
        let server = Server::start(outside.program("attache-local")?, script.server)?;
        let status = Command::new(outside.environment.python())
            .arg(outside.script(script.name))
            .args([&server.url, KEY, SECRET])
            .args(script.arguments)
            // A proxy of the environment is not for loopback addresses.
            .env("NO_PROXY", "127.0.0.1")
            .status()
            .with_context(|| format!("could not run {}", script.name))?;
        agreed &= status.success();
        let ended = server.stop()?;
        if !ended.success() {
            println!("the server ended with {ended} after the signal");
            agreed = false;
        }
    }
    Ok(agreed)
}

/// A running server; it stops when this is dropped.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(program: &Path, arguments: &[&str]) -> Result<Self> {
        let process = Command::new(program)
            .args(["--key", &format!("{KEY}:{SECRET}")])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("could not run attache-local")?;
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
            "attache-local did not start"
        );
        Ok(server)
    }

    /// Sends the server the signal to end.
    #[cfg(unix)]
    fn stop(mut self) -> Result<ExitStatus> {
        let status = Command::new("kill")
            .args(["-INT", &self.process.id().to_string()])
            .status()
            .context("could not run kill")?;
        ensure!(status.success(), "the server had ended before the signal");
        self.process.wait().context("could not wait for the server")
    }

    #[cfg(not(unix))]
    fn stop(mut self) -> Result<ExitStatus> {
        self.process.kill().context("could not end the server")?;
        self.process
            .wait()
            .context("could not wait for the server")?;
        Ok(ExitStatus::default())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The server may have ended already, so the results do not matter.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
