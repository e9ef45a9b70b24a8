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

/// Looks for a value in the content of a file, and says whether there is one.
pub(super) type Look<'a> = &'a mut (dyn FnMut(Vec<u8>) -> bool + Send);

/// Reads a file until `look` has found a value, but no longer than half a second. It is not generic, so it is compiled once.
pub(super) fn read<'a>(
    surroundings: &'a Surroundings,
    path: &'a Path,
    look: Look<'a>,
) -> BoxFuture<'a, io::Result<()>> {
    Box::pin(async move {
        for reading in 1..=READINGS {
            let contents = environment::read_file(&*surroundings.environment, path)?;
            if look(contents) {
                break;
            }
            if reading < READINGS {
                surroundings.timer.sleep(MOMENT).await;
            }
        }
        Ok(())
    })
}
