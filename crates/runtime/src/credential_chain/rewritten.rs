//! Files that other programs write while we read them: the tokens of logins, containers and web identities.
//!
//! A program that writes such a file in place truncates it first, so for a moment it is empty or incomplete.

use std::io;
use std::path::Path;
use std::time::Duration;

use super::Surroundings;
use crate::BoxFuture;
use crate::environment;

/// How often a file is read, and the pause between.
const READINGS: u32 = 6;
const MOMENT: Duration = Duration::from_millis(100);

/// Extracts a value from the content of a file.
pub(super) type Look<'a, T> = &'a (dyn Fn(Vec<u8>) -> Option<T> + Sync);

/// Reads a file until `look` finds a value; `None` after half a second without one.
pub(super) fn read<'a, T: Send>(
    surroundings: &'a Surroundings,
    path: &'a Path,
    look: Look<'a, T>,
) -> BoxFuture<'a, io::Result<Option<T>>> {
    Box::pin(async move {
        for reading in 1..=READINGS {
            let contents = environment::read_file(&*surroundings.environment, path)?;
            if let Some(found) = look(contents) {
                return Ok(Some(found));
            }
            if reading < READINGS {
                surroundings.timer.sleep(MOMENT).await;
            }
        }
        Ok(None)
    })
}
