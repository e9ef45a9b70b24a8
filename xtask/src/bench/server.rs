//! The local server: a separate process, so that its cost is not attributed to a client.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::workshop::Workshop;

/// A file with no settings in it.
const EMPTY_FILE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// Where Linux keeps the certificates that the platform trusts: in one file, and in a folder with a file for each.
const PLATFORM_FILES: [&str; 3] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
];
const PLATFORM_FOLDER: &str = "/etc/ssl/certs";

/// A running server. It is stopped when this is dropped.
#[derive(Debug)]
pub(super) struct Server {
    process: Child,
    output: BufReader<ChildStdout>,
    url: String,
    /// The certificates that its clients trust, if it uses TLS.
    trusted: Option<PathBuf>,
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
            url.starts_with("http://") || url.starts_with("https://"),
            "the server did not start, see above"
        );
        Ok(Self {
            process,
            output,
            url,
            trusted: None,
        })
    }

    /// Starts a server that uses TLS, for the contestant with this name.
    pub(super) fn start_with_tls(workshop: &Workshop, name: &str) -> Result<Self> {
        ensure!(
            cfg!(target_os = "linux"),
            "the parts with TLS run on Linux only: elsewhere, the platform does not trust the certificates of a file"
        );
        let own = workshop.folder.join(format!("{name}-server.pem"));
        let mut server = Self::start(workshop, &["--tls", &own.to_string_lossy()])?;
        let trusted = workshop.folder.join(format!("{name}-trusted.pem"));
        let own = fs::read_to_string(&own)
            .with_context(|| format!("could not read {}", own.display()))?;
        fs::write(&trusted, platform()? + &own)
            .with_context(|| format!("could not write {}", trusted.display()))?;
        server.trusted = Some(trusted);
        Ok(server)
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
        if let Some(trusted) = &self.trusted {
            trust(command, trusted);
        }
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

/// Lets a client trust the certificates of a file. All contestants in Rust read the variables that begin with `SSL_` with
/// the same library; with both of them it reads the folder as well, as it does where neither is set. Only boto3 reads the
/// other one.
fn trust(command: &mut Command, trusted: &Path) {
    command
        .env("SSL_CERT_FILE", trusted)
        .env("REQUESTS_CA_BUNDLE", trusted);
    if Path::new(PLATFORM_FOLDER).is_dir() {
        command.env("SSL_CERT_DIR", PLATFORM_FOLDER);
    } else {
        command.env_remove("SSL_CERT_DIR");
    }
}

/// The certificates that the platform trusts, in one text; empty if there are none.
fn platform() -> Result<String> {
    for file in PLATFORM_FILES {
        if Path::new(file).is_file() {
            return fs::read_to_string(file).with_context(|| format!("could not read {file}"));
        }
    }
    Ok(String::new())
}

/// How many certificates the platform trusts.
pub(super) fn platform_certificates() -> Result<usize> {
    Ok(platform()?.matches("-----BEGIN CERTIFICATE-----").count())
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // It may have ended before.
        let _ = self.process.wait();
    }
}
