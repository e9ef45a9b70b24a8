//! The events of transfers for the crate `tracing`, with the target `attache::transfer`. The page
//! `attache_runtime::telemetry` lists them.
//!
//! No event contains a URL or the name of a file, because a name may reveal details of an incident.

use std::sync::Arc;
use std::time::Duration;

use attache_runtime::transport::{TransportError, TransportErrorKind};
use attache_runtime::{Config, Timer};

use crate::error::Error;

/// The direction and the duration of a transfer.
pub struct Watch {
    direction: &'static str,
    timer: Arc<dyn Timer>,
    began: Duration,
}

impl Watch {
    /// An upload that begins now.
    pub fn upload(config: &Config) -> Self {
        Self::begun("upload", config)
    }

    /// A download that begins now.
    pub fn download(config: &Config) -> Self {
        Self::begun("download", config)
    }

    fn begun(direction: &'static str, config: &Config) -> Self {
        let timer = Arc::clone(config.timer());
        Self {
            direction,
            began: timer.elapsed(),
            timer,
        }
    }

    fn milliseconds(&self) -> u64 {
        milliseconds(self.timer.elapsed().saturating_sub(self.began))
    }
}

/// What was moved of a file so far.
pub struct Moved {
    pub file_index: usize,
    pub files: usize,
    pub bytes: u64,
    pub total_bytes: u64,
    pub parts: u32,
    pub total_parts: u32,
}

/// Bytes that are moved by one request.
pub struct Piece {
    pub direction: &'static str,
    pub file_index: usize,
    pub files: usize,
    pub offset: u64,
    pub bytes: u64,
}

impl Watch {
    /// Bytes of the file that one request moves.
    pub fn piece(&self, moved: &Moved, offset: u64, bytes: u64) -> Piece {
        Piece {
            direction: self.direction,
            file_index: moved.file_index,
            files: moved.files,
            offset,
            bytes,
        }
    }

    /// A transfer begins.
    pub fn begins(&self, moved: &Moved) {
        tracing::debug!(
            target: "attache::transfer",
            direction = self.direction,
            file_index = moved.file_index,
            files = moved.files,
            total_bytes = moved.total_bytes,
            total_parts = moved.total_parts,
            "{} begins",
            self.direction,
        );
    }

    /// A transfer is complete.
    pub fn done(&self, moved: &Moved) {
        let duration = self.milliseconds();
        tracing::info!(
            target: "attache::transfer",
            direction = self.direction,
            file_index = moved.file_index,
            files = moved.files,
            bytes = moved.bytes,
            parts = moved.parts,
            duration_ms = duration,
            "{} of {} bytes is complete after {duration} ms",
            self.direction,
            moved.bytes,
        );
    }

    /// A transfer failed.
    pub fn failed(&self, moved: &Moved, error: &Error) {
        let duration = self.milliseconds();
        let kind = error.kind().name();
        tracing::warn!(
            target: "attache::transfer",
            {
                direction = self.direction,
                file_index = moved.file_index,
                files = moved.files,
                bytes = moved.bytes,
                total_bytes = moved.total_bytes,
                parts = moved.parts,
                total_parts = moved.total_parts,
                duration_ms = duration,
                error.type = %kind,
            },
            "{} failed ({kind}) after {} of {} bytes and {duration} ms",
            self.direction,
            moved.bytes,
            moved.total_bytes,
        );
    }
}

/// A piece is moved again after a pause. `attempt` is the next one.
pub fn retrying(piece: &Piece, attempt: u32, max_attempts: u32, delay: Duration, error: &Error) {
    let delay = milliseconds(delay);
    let cause = error.cause();
    tracing::info!(
        target: "attache::transfer",
        {
            direction = piece.direction,
            file_index = piece.file_index,
            files = piece.files,
            offset = piece.offset,
            bytes = piece.bytes,
            attempt,
            max_attempts,
            delay_ms = delay,
            error.type = %cause,
        },
        "retrying the {} of {} bytes at {} in {delay} ms after {cause}, attempt {attempt} of {max_attempts}",
        piece.direction,
        piece.bytes,
        piece.offset,
    );
}

/// The short name of the failure of a connection.
pub fn cause(error: &TransportError) -> &'static str {
    match error.kind() {
        TransportErrorKind::Connect => "connect",
        _ => "io",
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
