//! The progress of a workflow, file by file.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::error::Error;
use crate::plumbing::events::{Moved, Piece, Watch};

/// What is happening with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// The file is open, and nothing of it has been transferred yet.
    Waiting,
    /// Bytes are being transferred.
    Transfer,
    /// The service has all bytes and processes them: it joins the parts, or scans the file.
    Processing,
    /// The workflow is complete for this file.
    Done,
    /// The workflow ended with an error for this file. If it is run again, the stage changes back.
    Failed,
}

/// The progress of one file. A workflow of several files reports each by itself.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The name of the file: for an upload in the case, for a download on this computer.
    pub file_name: Arc<str>,
    /// The index of the file among those of the call, from 0 on, in the order of the caller.
    pub file_index: usize,
    /// How many files the call has.
    pub files: usize,
    /// What is happening with it.
    pub stage: Stage,
    /// The bytes that were transferred. The number falls when bytes must be transferred again.
    pub bytes: u64,
    /// The bytes in all; 0 while it is not known.
    pub total_bytes: u64,
    /// The parts that are complete.
    pub parts: u32,
    /// The parts in all; 0 while it is not known. A download has one.
    pub total_parts: u32,
}

/// Names of files may reveal details of an incident, so `Debug` hides them.
impl fmt::Debug for Progress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Progress")
            .field("file_index", &self.file_index)
            .field("files", &self.files)
            .field("stage", &self.stage)
            .field("bytes", &self.bytes)
            .field("total_bytes", &self.total_bytes)
            .field("parts", &self.parts)
            .field("total_parts", &self.total_parts)
            .finish_non_exhaustive()
    }
}

pub type Listener = Arc<dyn Fn(Progress) + Send + Sync>;

/// A file of a call, and its place among the others.
pub struct Label {
    pub name: Arc<str>,
    pub index: usize,
    pub files: usize,
}

impl Label {
    pub fn of(name: &str, index: usize, files: usize) -> Self {
        Self {
            name: name.into(),
            index,
            files,
        }
    }

    /// The one file of a call.
    pub fn only(name: &str) -> Self {
        Self::of(name, 0, 1)
    }
}

/// Counts the bytes and parts of a file, and calls the listener.
pub struct Meter {
    label: Label,
    watch: Watch,
    bytes: AtomicU64,
    total_bytes: AtomicU64,
    parts: AtomicU32,
    total_parts: AtomicU32,
    listener: Option<Listener>,
}

impl Meter {
    pub fn new(label: Label, watch: Watch, listener: Option<Listener>) -> Arc<Self> {
        Arc::new(Self {
            label,
            watch,
            bytes: AtomicU64::new(0),
            total_bytes: AtomicU64::new(0),
            parts: AtomicU32::new(0),
            total_parts: AtomicU32::new(0),
            listener,
        })
    }

    /// The bytes in all; 0 while it is not known.
    pub fn total_bytes(&self) -> u64 {
        self.total_bytes.load(Ordering::Relaxed)
    }

    /// Sets what is expected in all.
    pub fn expect(&self, bytes: u64, parts: u32) {
        self.total_bytes.store(bytes, Ordering::Relaxed);
        self.total_parts.store(parts, Ordering::Relaxed);
    }

    /// Bytes were transferred.
    pub fn moved(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.tell(Stage::Transfer);
    }

    /// Bytes that were transferred must be transferred again.
    pub fn lost(&self, bytes: u64) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
        self.tell(Stage::Transfer);
    }

    /// A new upload of the same file begins.
    pub fn restart(&self) {
        self.bytes.store(0, Ordering::Relaxed);
        self.parts.store(0, Ordering::Relaxed);
        self.tell(Stage::Waiting);
    }

    /// A part is complete. Its bytes count even if an earlier run transferred them.
    pub fn part(&self) {
        self.parts.fetch_add(1, Ordering::Relaxed);
        self.tell(Stage::Transfer);
    }

    pub fn tell(&self, stage: Stage) {
        match stage {
            Stage::Waiting => self.watch.begins(&self.so_far()),
            Stage::Done => self.watch.done(&self.so_far()),
            Stage::Transfer | Stage::Processing | Stage::Failed => {}
        }
        if let Some(listener) = &self.listener {
            listener(Progress {
                file_name: Arc::clone(&self.label.name),
                file_index: self.label.index,
                files: self.label.files,
                stage,
                bytes: self.bytes.load(Ordering::Relaxed),
                total_bytes: self.total_bytes.load(Ordering::Relaxed),
                parts: self.parts.load(Ordering::Relaxed),
                total_parts: self.total_parts.load(Ordering::Relaxed),
            });
        }
    }

    /// Reports an error as the stage [`Stage::Failed`].
    pub fn or_failed<T>(&self, outcome: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &outcome {
            self.fail(error);
        }
        outcome
    }

    /// Reports the stage [`Stage::Failed`].
    pub fn fail(&self, error: &Error) {
        self.watch.failed(&self.so_far(), error);
        self.tell(Stage::Failed);
    }

    /// Bytes of the file that one request moves.
    pub fn piece(&self, offset: u64, bytes: u64) -> Piece {
        self.watch.piece(&self.so_far(), offset, bytes)
    }

    fn so_far(&self) -> Moved {
        Moved {
            file_index: self.label.index,
            files: self.label.files,
            bytes: self.bytes.load(Ordering::Relaxed),
            total_bytes: self.total_bytes.load(Ordering::Relaxed),
            parts: self.parts.load(Ordering::Relaxed),
            total_parts: self.total_parts.load(Ordering::Relaxed),
        }
    }
}

/// The bytes that one attempt transferred.
pub struct Tally {
    meter: Arc<Meter>,
    bytes: AtomicU64,
}

impl Tally {
    pub fn new(meter: &Arc<Meter>) -> Arc<Self> {
        Arc::new(Self {
            meter: Arc::clone(meter),
            bytes: AtomicU64::new(0),
        })
    }

    /// That of a request without bytes that count.
    pub fn still(config: &attache_runtime::Config) -> Arc<Self> {
        Self::new(&Meter::new(Label::only(""), Watch::download(config), None))
    }

    pub fn moved(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.meter.moved(bytes);
    }

    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// The attempt failed.
    pub fn give_up(&self) {
        self.meter.lost(self.bytes.swap(0, Ordering::Relaxed));
    }
}

impl fmt::Debug for Meter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Meter")
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}
