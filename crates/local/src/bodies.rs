//! Reads the bodies of calls into memory. All of them together use a bounded amount of memory.
//!
//! A body waits until there is space for as many bytes as it announces, and occupies the space until its call has a
//! response. Small bodies have a separate limit, so that no small call waits for large ones that arrive slowly.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use http::header::EXPECT;
use http_body::Body;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// The maximum length of a body: enough for three attachments in base64.
pub(crate) const LIMIT: usize = 64 << 20;
/// The maximum length of a small body.
const SMALL: usize = 1 << 20;
/// How many bytes of small and of large bodies are in memory at once.
const SMALL_ROOM: usize = 32 << 20;
const LARGE_ROOM: usize = 128 << 20;
/// How long reading a body may take. On the loopback address, a slower client has stopped.
const PATIENCE: Duration = Duration::from_secs(60);

/// The space for bodies.
#[derive(Debug)]
pub(crate) struct Bodies {
    small: Arc<Semaphore>,
    large: Arc<Semaphore>,
}

/// Why a body could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyError {
    TooLarge,
    /// The connection has ended, or no data arrived for too long.
    Broken,
}

/// Space that is released when this is dropped.
#[derive(Debug)]
pub(crate) struct Room(
    #[expect(dead_code, reason = "it is there to be dropped")] Option<OwnedSemaphorePermit>,
);

impl Default for Bodies {
    fn default() -> Self {
        Self {
            small: Arc::new(Semaphore::new(SMALL_ROOM)),
            large: Arc::new(Semaphore::new(LARGE_ROOM)),
        }
    }
}

impl Bodies {
    /// Reads a body.
    pub(crate) async fn read(&self, body: Incoming) -> Result<(Bytes, Room), BodyError> {
        let announced = body.size_hint().exact();
        // A chunked body reserves the maximum length.
        let length = announced.map_or(LIMIT, |length| {
            usize::try_from(length).unwrap_or(usize::MAX)
        });
        if length > LIMIT {
            return Err(BodyError::TooLarge);
        }
        let room = match length {
            0 => Room(None),
            length if length <= SMALL => reserve(&self.small, length).await?,
            length => reserve(&self.large, length).await?,
        };
        let capacity = announced.map_or(0, |_| length);
        let bytes = timeout(PATIENCE, collect(body, capacity)).await;
        Ok((bytes.map_err(|_| BodyError::Broken)??, room))
    }

    /// Reads a body and discards it. If a response were sent before the request was read, the client might not receive
    /// it, because a connection that is closed with unread bytes is reset. A client that waits for `100 Continue` has
    /// sent no body.
    pub(crate) async fn discard(&self, headers: &HeaderMap, mut body: Incoming) {
        if headers.contains_key(EXPECT) {
            return;
        }
        let read = async {
            let mut length = 0;
            while length <= LIMIT
                && let Some(Ok(frame)) = body.frame().await
            {
                length += frame.data_ref().map_or(0, Bytes::len);
            }
        };
        // The result does not matter, because the request is refused.
        let _ = timeout(PATIENCE, read).await;
    }
}

async fn reserve(room: &Arc<Semaphore>, length: usize) -> Result<Room, BodyError> {
    let length = u32::try_from(length).map_err(|_| BodyError::TooLarge)?;
    let permit = room.clone().acquire_many_owned(length).await;
    // The semaphore is never closed.
    permit
        .map(|permit| Room(Some(permit)))
        .map_err(|_| BodyError::Broken)
}

async fn collect(mut body: Incoming, capacity: usize) -> Result<Bytes, BodyError> {
    // In one piece, which is not copied when it is whole.
    let mut bytes = Vec::with_capacity(capacity);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| BodyError::Broken)?;
        let Some(data) = frame.data_ref() else {
            continue;
        };
        if bytes.len() + data.len() > LIMIT {
            return Err(BodyError::TooLarge);
        }
        bytes.extend_from_slice(data);
    }
    Ok(bytes.into())
}
