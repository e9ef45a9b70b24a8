//! Finds out whether a server without TLS speaks HTTP/2.
//!
//! Nothing is agreed on there: the client begins with HTTP/2 and the server must, too (RFC 9113, section 3.3). A server of
//! HTTP/1.1 responds with a status line, or closes the connection at once. hyper reports both as broken connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const AWAITED: u8 = 0;
const HTTP2: u8 = 1;
const HTTP1: u8 = 2;
const CLOSED: u8 = 3;

/// What the first bytes of a server showed. The connection and its requests share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Preface(Arc<AtomicU8>);

impl Preface {
    pub(super) fn is_awaited(&self) -> bool {
        self.0.load(Ordering::Acquire) == AWAITED
    }

    /// Notes the first bytes; none if the connection was closed.
    pub(super) fn observe(&self, bytes: &[u8]) {
        let seen = match bytes {
            [] => CLOSED,
            bytes if bytes.starts_with(b"HTTP/") => HTTP1,
            _ => HTTP2,
        };
        self.0.store(seen, Ordering::Release);
    }

    /// What is wrong with the server.
    #[cfg(feature = "http2")]
    pub(super) fn problem(&self) -> Option<String> {
        let what = match self.0.load(Ordering::Acquire) {
            HTTP1 => "the server speaks HTTP/1.1",
            CLOSED => "the server closed the connection before it sent anything",
            _ => return None,
        };
        Some(format!(
            "the operation needs HTTP/2, and {what}: a server without TLS must speak HTTP/2 from the first byte on"
        ))
    }
}
