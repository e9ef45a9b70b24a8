//! Recordings: what is in the file, what never is, and what a replay compares.

mod damaged;
mod protocols;
mod replaying;
mod secrets;

use std::path::PathBuf;

use attache_runtime::test::{Recorder, Replayer, config};
use attache_support::Client;
use attache_tests::transport::Answers;

/// A file in the folder of the test binary's own.
fn path(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("recordings");
    folder.join(format!("{name}.json"))
}

/// Records what a function does with a client, and returns the text of the file.
fn record(name: &str, answers: Answers, calls: impl FnOnce(&Client)) -> String {
    let config = config(answers).build().expect("nothing is missing");
    let recorder = Recorder::of(&config);
    calls(&Client::new(&recorder.config()));
    recorder.save(path(name)).expect("it can be written");
    std::fs::read_to_string(path(name)).expect("it was written")
}

/// Replays a file.
fn replay(name: &str, calls: impl FnOnce(&Client)) -> Replayer {
    let replayer = Replayer::open(path(name)).expect("it was written");
    let config = replayer.config().build().expect("nothing is missing");
    calls(&Client::new(&config));
    replayer
}
