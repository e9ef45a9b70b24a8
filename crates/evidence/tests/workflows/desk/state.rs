//! What the services and the storage remember, and what goes wrong with them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use attache_runtime::{ByteStream, Bytes};
use serde_json::Value;

/// A fault in the handling of a request to the storage.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    Status(u16, &'static str),
    /// The bytes arrive, and the answer does not.
    LostAfter,
    /// Nothing arrives.
    Lost,
    /// The transport cannot be used at all.
    Setup,
    Silence,
    /// Half of the bytes that were announced.
    Half,
    /// So many of the bytes that were announced, and then the connection breaks.
    Breaks(usize),
    /// The range that was asked for, with this `content-range`.
    Range(&'static str),
    /// The whole object whatever range was asked for, with further headers.
    Whole(&'static [(&'static str, &'static str)]),
    /// Success before the body was read.
    Unread,
    /// The bytes, with other headers than `content-length`.
    Headers(&'static [(&'static str, &'static str)]),
    /// Bytes without end, and without a length.
    Endless(&'static [(&'static str, &'static str)]),
    /// The bytes arrive, and the response has an endless body.
    Trickle(fn() -> ByteStream),
}

#[derive(Debug, Default)]
pub(crate) struct State {
    /// The parts of uploads, by `upload/part`.
    pub(crate) stored: BTreeMap<String, Bytes>,
    /// How often bytes came for a part.
    pub(crate) puts: BTreeMap<String, u32>,
    /// The parts that were reported complete.
    pub(crate) reported: Vec<i64>,
    /// The calls, by operation.
    pub(crate) calls: Vec<String>,
    /// The faults of the storage, in the order of the requests to it.
    pub(crate) faults: VecDeque<Fault>,
    /// The faults of the services: the operation, and the status with the body.
    pub(crate) refusals: VecDeque<(&'static str, u16, &'static str)>,
    /// How long an upload is, in bytes.
    pub(crate) length: u64,
    /// What the status of an upload or a scan is, one after the other; the last stays.
    pub(crate) states: VecDeque<&'static str>,
    /// The idempotency tokens of URLs for files of a case.
    pub(super) tokens: BTreeSet<String>,
    pub(crate) set: Value,
    /// How many sets were filled.
    pub(super) sets: u32,
    /// How many requests the storage has at the same time: now, and at most so far.
    pub(super) at_once: usize,
    pub(crate) most_at_once: usize,
    pub(crate) case: Vec<Value>,
    pub(crate) download: Bytes,
    /// The ETags of the answers to downloads, one after the other; the last stays. Without one, ranges are ignored.
    pub(crate) etags: VecDeque<&'static str>,
    /// The name of the file of a download link, if not `report.pdf`.
    pub(crate) name: Option<&'static str>,
    /// Further parameters in the query of the URLs for uploads.
    pub(crate) query: &'static str,
    /// Further parameters in the query of the URLs for downloads from a case.
    pub(crate) download_query: &'static str,
    /// URLs for parts that replace those of the storage.
    pub(crate) base: Option<&'static str>,
    /// The headers of the requests to the storage.
    pub(crate) heads: Vec<http::HeaderMap>,
    /// Further headers of the answers to uploads. An `etag` here replaces the one of the part.
    pub(crate) answer: Vec<(&'static str, &'static str)>,
    /// How many pieces were taken of an endless body.
    pub(crate) pieces: Arc<AtomicU32>,
}

impl State {
    /// The ETag of a part, as it is in headers.
    pub(super) fn etag(&self, part: &str) -> String {
        let given = self.answer.iter().find(|(name, _)| *name == "etag");
        given.map_or_else(
            || format!("\"etag-{part}\""),
            |(_, etag)| (*etag).to_owned(),
        )
    }
}
