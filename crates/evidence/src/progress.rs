//! The progress of a workflow.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// What a workflow is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Bytes are being transferred.
    Transfer,
    /// The service has all bytes and processes them: it joins the parts, or scans the file.
    Processing,
    /// The workflow is complete.
    Done,
}

/// The progress of a workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// What it is doing.
    pub stage: Stage,
    /// The bytes that were transferred. The number falls when a part must be sent again.
    pub bytes: u64,
    /// The bytes in all; 0 while it is not known.
    pub total_bytes: u64,
    /// The parts that are complete.
    pub parts: u32,
    /// The parts in all.
    pub total_parts: u32,
}

pub(crate) type Listener = Arc<dyn Fn(Progress) + Send + Sync>;

/// Counts bytes and parts, and calls the listener.
pub(crate) struct Meter {
    bytes: AtomicU64,
    total_bytes: AtomicU64,
    parts: AtomicU32,
    total_parts: u32,
    listener: Option<Listener>,
}

impl Meter {
    pub(crate) fn new(total_bytes: u64, total_parts: u32, listener: Option<Listener>) -> Arc<Self> {
        Arc::new(Self {
            bytes: AtomicU64::new(0),
            total_bytes: AtomicU64::new(total_bytes),
            parts: AtomicU32::new(0),
            total_parts,
            listener,
        })
    }

    /// Bytes were transferred.
    pub(crate) fn moved(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.tell(Stage::Transfer);
    }

    /// Bytes that were transferred must be sent again.
    pub(crate) fn lost(&self, bytes: u64) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
        self.tell(Stage::Transfer);
    }

    pub(crate) fn announced(&self, bytes: u64) {
        self.total_bytes.store(bytes, Ordering::Relaxed);
    }

    /// A part is complete. Its bytes count even if an earlier run transferred them.
    pub(crate) fn part(&self) {
        self.parts.fetch_add(1, Ordering::Relaxed);
        self.tell(Stage::Transfer);
    }

    pub(crate) fn tell(&self, stage: Stage) {
        if let Some(listener) = &self.listener {
            listener(Progress {
                stage,
                bytes: self.bytes.load(Ordering::Relaxed),
                total_bytes: self.total_bytes.load(Ordering::Relaxed),
                parts: self.parts.load(Ordering::Relaxed),
                total_parts: self.total_parts,
            });
        }
    }
}

/// The bytes that one attempt transferred.
pub(crate) struct Tally {
    meter: Arc<Meter>,
    bytes: AtomicU64,
}

impl Tally {
    pub(crate) fn new(meter: &Arc<Meter>) -> Arc<Self> {
        Arc::new(Self {
            meter: Arc::clone(meter),
            bytes: AtomicU64::new(0),
        })
    }

    pub(crate) fn moved(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.meter.moved(bytes);
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// The attempt failed.
    pub(crate) fn give_up(&self) {
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
