//! Faults of servers and networks, and what a client makes of them.
//!
//! [`table`] runs every row of `docs/FAULTS.md`, and compares the file with what it saw. [`side_effects`] counts what a
//! server that acts and then fails was made to do.

mod calls;
mod cancellation;
mod misbehavior;
mod server;
mod side_effects;
mod table;
mod tls;
mod xml;

use std::time::Duration;

use attache_support::{Client, Config, ConfigBuilder, Credentials};

pub(crate) const SECRET: &str = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY";
pub(crate) const TOKEN: &str = "FwoGZXIvYXdzEBYaDEXAMPLETOKEN";

/// Settings for a server on loopback: no pause between attempts, and limits that a test can wait for.
pub(crate) fn config(url: &str) -> ConfigBuilder {
    Config::builder()
        .region("us-east-1")
        .endpoint_url(url)
        .credentials(Credentials::new("AKIDEXAMPLE", SECRET).session_token(TOKEN))
        .random_source(NoPause)
        .read_timeout(Duration::from_millis(400))
        .attempt_timeout(Duration::from_millis(1_000))
}

pub(crate) fn client(builder: ConfigBuilder) -> Client {
    Client::new(&builder.build().expect("settings are complete"))
}

/// The least of all random numbers: full jitter makes no pause of it.
#[derive(Debug)]
pub(crate) struct NoPause;

impl attache_runtime::RandomSource for NoPause {
    fn next(&self) -> u64 {
        0
    }
}
