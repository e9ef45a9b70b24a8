//! Files that other programs write while we read them: the tokens of logins, containers and web identities.
//!
//! A program that writes such a file in place empties it first, so that there is nothing or half of it for a moment.

use std::io;
use std::path::Path;
use std::time::Duration;

use super::Surroundings;
use crate::BoxFuture;
use crate::environment;

/// How often a file is read, and how long the moment between is.
const READINGS: u32 = 6;
const MOMENT: Duration = Duration::from_millis(100);

/// Looks at the contents of a file, and gives what it finds there.
pub(super) type Look<'a, T> = &'a (dyn Fn(Vec<u8>) -> Option<T> + Sync);

/// Reads a file until `look` finds something; `None` where half a second does not help.
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
