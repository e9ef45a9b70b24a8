//! The bound of several uploads: how many transfers run at the same time.
//!
//! A permit for a part is held while its bytes are sent. A permit for a file is held until all of its parts are sent, so
//! that the links of a file are requested when they are needed, and do not expire in a queue. No permit is held while
//! the service joins the parts or scans the file.

use std::sync::Arc;

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::plumbing::settings::Settings;

#[derive(Clone, Debug)]
pub struct Bound {
    parts: Arc<Semaphore>,
    files: Arc<Semaphore>,
}

impl Bound {
    pub fn of(settings: &Settings) -> Self {
        let permits = settings.parallel_parts.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            parts: Arc::new(Semaphore::new(permits)),
            files: Arc::new(Semaphore::new(permits)),
        }
    }

    /// Waits until another part may be sent. The semaphores are never closed, so there always is a permit.
    pub async fn part(&self) -> Option<SemaphorePermit<'_>> {
        self.parts.acquire().await.ok()
    }

    /// Waits until another file may begin.
    pub async fn file(&self) -> Option<SemaphorePermit<'_>> {
        self.files.acquire().await.ok()
    }
}
