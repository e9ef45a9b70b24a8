//! A long run: one client makes many calls to a server that misbehaves now and then, and what the process holds is
//! measured at the start, at every tenth of the calls, and at the end.
//!
//! What grows with the number of calls is a leak: memory, descriptors, threads, live allocations. The server is in the same
//! process and keeps one byte for every case that may be opened, which it takes before the first call. It counts how often
//! it opened each case, so that the run also shows that nothing was sent twice.
//!
//! `cargo xtask long-run` makes a million calls; the test `long_run` makes fewer, and more of them fail.

mod measure;
mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use attache_runtime::RandomSource;
use attache_support::types::Attachment;
use attache_support::{Client, Config, Credentials};

pub use self::measure::{Held, Live};
use self::server::Server;

/// How many calls are under way at a time.
pub const CALLS_AT_A_TIME: u64 = 16;
/// One call of so many opens a case.
const CASE_EVERY: u64 = 10;

/// A run.
#[derive(Clone, Copy, Debug)]
pub struct LongRun {
    /// How many calls are made. A multiple of ten.
    pub calls: u64,
    /// How often the server misbehaves, compared with once in a few hundred requests.
    pub trouble: u64,
    /// What says how many allocations are live, where they are counted.
    pub live: fn() -> Option<Live>,
}

/// How the calls ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Calls that succeeded, with however many attempts.
    pub succeeded: u64,
    /// Calls that failed and certainly had no effect.
    pub failed: u64,
    /// Calls that failed and may have had their effect.
    pub uncertain: u64,
    /// Requests that the server saw.
    pub requests: u64,
    /// Connections that the server accepted.
    pub connections: u64,
    /// Requests that the server answered with a fault, or not at all.
    pub faults: u64,
    /// Cases that the server opened.
    pub cases: u64,
    /// Cases that the server opened more than once.
    pub twice: u64,
    /// Cases that the server opened although the client said that the call certainly had no effect.
    pub denied: u64,
}

/// No pause before another attempt: a run is about what is left of a call, and not about how long it takes.
#[derive(Debug)]
struct NoPause;

impl RandomSource for NoPause {
    fn next(&self) -> u64 {
        0
    }
}

impl LongRun {
    /// Makes the calls. `measured` gets what the process holds: at the start, after each tenth, and after the client is gone.
    ///
    /// # Errors
    /// No loopback port, or a client that cannot be built.
    pub fn run(self, mut measured: impl FnMut(u64, Held)) -> Result<Outcomes> {
        let server = Server::start(self.calls, self.trouble)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .context("could not start a runtime")?;
        let config = Config::builder()
            .region("us-east-1")
            .endpoint_url(server.url())
            .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
            .random_source(NoPause)
            .operation_timeout(Duration::from_secs(60))
            .build()?;
        let client = Client::new(&config);
        drop(config);
        let tally = Arc::new(Tally::default());
        measured(0, Held::now(self.live));
        let tenth = self.calls / 10;
        for number in 1..=10 {
            runtime.block_on(calls(
                &client,
                &server,
                &tally,
                (number - 1) * tenth..number * tenth,
            ))?;
            measured(number * tenth, Held::now(self.live));
        }
        drop(client);
        drop(runtime);
        measured(self.calls, Held::now(self.live));
        Ok(tally.outcomes(&server))
    }
}

#[derive(Debug, Default)]
struct Tally {
    succeeded: AtomicU64,
    failed: AtomicU64,
    uncertain: AtomicU64,
    denied: AtomicU64,
}

impl Tally {
    fn outcomes(&self, server: &Server) -> Outcomes {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Outcomes {
            succeeded: of(&self.succeeded),
            failed: of(&self.failed),
            uncertain: of(&self.uncertain),
            denied: of(&self.denied),
            ..server.seen()
        }
    }
}

/// Makes the calls of a range, some at a time.
async fn calls(
    client: &Client,
    server: &Server,
    tally: &Arc<Tally>,
    range: std::ops::Range<u64>,
) -> Result<()> {
    let tasks: Vec<_> = (0..CALLS_AT_A_TIME)
        .map(|offset| {
            let (client, server, tally) = (client.clone(), server.clone(), tally.clone());
            let numbers = (range.start + offset..range.end).step_by(CALLS_AT_A_TIME as usize);
            tokio::spawn(async move {
                for number in numbers {
                    call(&client, &server, &tally, number).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.context("a task panicked")?;
    }
    Ok(())
}

async fn call(client: &Client, server: &Server, tally: &Tally, number: u64) {
    let opens = number.is_multiple_of(CASE_EVERY);
    let outcome = if opens {
        let call = client.create_case().subject(format!("case {number}"));
        call.communication_body("It broke.").send().await.map(drop)
    } else if number % CASE_EVERY == 5 {
        let file = Attachment::new()
            .file_name("boot.log")
            .data(vec![b'x'; 4096]);
        client
            .add_attachments_to_set()
            .attachments([file])
            .send()
            .await
            .map(drop)
    } else {
        client
            .describe_cases()
            .max_results(10)
            .send()
            .await
            .map(drop)
    };
    let counter = match &outcome {
        Ok(()) => &tally.succeeded,
        Err(error) if error.may_have_taken_effect() => &tally.uncertain,
        Err(_) => {
            if opens && server.opened(number) > 0 {
                tally.denied.fetch_add(1, Ordering::Relaxed);
            }
            &tally.failed
        }
    };
    counter.fetch_add(1, Ordering::Relaxed);
}
