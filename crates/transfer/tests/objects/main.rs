//! Objects with a scripted storage in memory, which has the operations of Amazon S3.

mod download;
mod store;
mod upload;

use std::time::Duration;

use attache_runtime::{BoxFuture, Timer};
use attache_transfer::{Objects, Settings};

/// Parts of 1000 bytes, so that tests need little memory.
pub(crate) const PART: usize = 1000;

/// Pauses take no time, and the time that a transfer may make no progress never passes.
#[derive(Debug)]
struct Pauses;

impl Timer for Pauses {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        match duration < Settings::default().stall {
            true => Box::pin(std::future::ready(())),
            false => Box::pin(std::future::pending()),
        }
    }
}

pub(crate) fn objects() -> Objects {
    objects_with(Settings::default())
}

pub(crate) fn objects_with(settings: Settings) -> Objects {
    let config = attache_runtime::test::Mock::new().config();
    let config = config.timer(Pauses).build().expect("all is set");
    Objects::new(&config)
        .settings(settings)
        .part_size(PART as u64)
}

/// A request that does not end at once makes no progress.
pub(crate) fn impatient_objects() -> Objects {
    let config = attache_runtime::test::Mock::new().config();
    Objects::new(&config.build().expect("all is set"))
}

/// Bytes that differ from place to place.
pub(crate) fn content(length: usize) -> Vec<u8> {
    (0..length)
        .map(|index| (index / 251) as u8 ^ (index % 251) as u8)
        .collect()
}
