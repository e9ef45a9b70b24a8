//! The storage: one object in memory, with faults.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use attache_runtime::{ByteStream, Bytes};
use attache_transfer::{
    ObjectInfo, ObjectStore, PartBody, StoreError, StoreErrorKind, Stored, StoredPart,
};
use base64_simd::STANDARD;
use md5::{Digest as _, Md5};
use sha2::Sha256;

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It fails for a passing reason and has no effect.
    Refused,
    /// It acts, and its answer is lost.
    Lost,
    /// The upload does not exist.
    Gone,
    /// The answer names the hash of other bytes.
    WrongEtag,
    /// The body ends early.
    Short,
    /// The object is another one now.
    Changed,
    /// No answer comes.
    Silent,
    /// The credentials are refused.
    Denied,
}

#[derive(Default)]
struct State {
    object: Option<(Vec<u8>, String)>,
    uploads: BTreeMap<String, BTreeMap<u32, Vec<u8>>>,
    faults: Vec<(String, Fault)>,
    requests: Vec<String>,
}

#[derive(Default)]
pub(crate) struct Memory {
    state: Mutex<State>,
    /// What the storage announces of a whole object besides its `ETag`.
    pub(crate) checksum: Mutex<Option<String>>,
    pub(crate) checksum_type: Mutex<Option<String>>,
    active: AtomicUsize,
    pub(crate) most_active: AtomicUsize,
}

fn failed(kind: StoreErrorKind, why: &str) -> StoreError {
    StoreError::new(kind, why)
}

fn etag(bytes: &[u8]) -> String {
    let digest = Md5::digest(bytes);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

impl Memory {
    pub(crate) fn with(bytes: Vec<u8>) -> Self {
        let memory = Self::default();
        memory.set(bytes);
        memory
    }

    pub(crate) fn set(&self, bytes: Vec<u8>) {
        let tag = etag(&bytes);
        self.state.lock().expect("no panic").object = Some((bytes, tag));
    }

    /// The next request of this name has a fault.
    pub(crate) fn fault(self, request: &str, fault: Fault) -> Self {
        self.add_fault(request, fault);
        self
    }

    pub(crate) fn add_fault(&self, request: &str, fault: Fault) {
        let mut state = self.state.lock().expect("no panic");
        state.faults.push((request.to_owned(), fault));
    }

    pub(crate) fn object(&self) -> Option<Vec<u8>> {
        let state = self.state.lock().expect("no panic");
        state.object.as_ref().map(|(bytes, _)| bytes.clone())
    }

    /// How many multipart uploads there are.
    pub(crate) fn uploads(&self) -> usize {
        self.state.lock().expect("no panic").uploads.len()
    }

    pub(crate) fn drop_uploads(&self) {
        self.state.lock().expect("no panic").uploads.clear();
    }

    /// The requests since the last call, in alphabetical order: parts are sent side by side.
    pub(crate) fn take_requests(&self) -> Vec<String> {
        let mut requests = std::mem::take(&mut self.state.lock().expect("no panic").requests);
        requests.sort();
        requests
    }

    /// Notes a request, and gives the fault that it has.
    fn meets(&self, request: &str) -> Result<Option<Fault>, StoreError> {
        let mut state = self.state.lock().expect("no panic");
        state.requests.push(request.to_owned());
        let place = state.faults.iter().position(|(name, _)| name == request);
        let fault = place.map(|place| state.faults.remove(place).1);
        match fault {
            Some(Fault::Refused) => Err(failed(StoreErrorKind::Passing, "refused")),
            Some(Fault::Gone) => Err(failed(StoreErrorKind::NotFound, "no such upload")),
            Some(Fault::Changed) => Err(failed(StoreErrorKind::Changed, "another object")),
            Some(Fault::Denied) => Err(failed(StoreErrorKind::Final, "access denied")),
            other => Ok(other),
        }
    }

    /// Reads a body as S3 does: its length and its checksum must be right.
    async fn read(&self, body: PartBody) -> Result<Vec<u8>, StoreError> {
        let active = self.active.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_active.fetch_max(active, Ordering::SeqCst);
        // Others get the chance to begin.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        let bytes = body.body.collect().await;
        self.active.fetch_sub(1, Ordering::SeqCst);
        let bytes = bytes.map_err(|error| StoreError::new(StoreErrorKind::Passing, error))?;
        let sha256 = STANDARD.encode_to_string(Sha256::digest(&bytes));
        if bytes.len() as u64 != body.length || sha256 != body.sha256_base64 {
            return Err(failed(StoreErrorKind::Final, "BadDigest"));
        }
        Ok(bytes.to_vec())
    }
}

/// The answer to bytes that were received.
fn answer(bytes: &[u8], fault: Option<Fault>) -> Result<Stored, StoreError> {
    match fault {
        Some(Fault::Lost) => Err(failed(StoreErrorKind::Passing, "the connection broke")),
        Some(Fault::WrongEtag) => Ok(Stored::new(etag(b"other bytes"))),
        _ => {
            let sha256 = STANDARD.encode_to_string(Sha256::digest(bytes));
            let stored = Stored::new(etag(bytes));
            Ok(stored.checksum("x-amz-checksum-sha256", Some(sha256)))
        }
    }
}

impl ObjectStore for Memory {
    async fn head(&self) -> Result<ObjectInfo, StoreError> {
        if self.meets("head")? == Some(Fault::Silent) {
            std::future::pending::<()>().await;
        }
        let state = self.state.lock().expect("no panic");
        let Some((bytes, etag)) = &state.object else {
            return Err(failed(StoreErrorKind::NotFound, "no such key"));
        };
        let stored = Stored::new(etag.clone());
        let checksum = self.checksum.lock().expect("no panic").clone();
        let kind = self.checksum_type.lock().expect("no panic").clone();
        let stored = stored
            .checksum("x-amz-checksum-sha256", checksum)
            .checksum_type(kind);
        Ok(ObjectInfo::new(bytes.len() as u64, stored))
    }

    async fn get_range(
        &self,
        range: Range<u64>,
        expected: Option<&str>,
    ) -> Result<ByteStream, StoreError> {
        let fault = self.meets(&format!("get {}-{}", range.start, range.end - 1))?;
        let state = self.state.lock().expect("no panic");
        let Some((bytes, etag)) = &state.object else {
            return Err(failed(StoreErrorKind::NotFound, "no such key"));
        };
        if expected.is_some_and(|expected| expected != etag) {
            return Err(failed(StoreErrorKind::Changed, "another object"));
        }
        let range = range.start as usize..range.end as usize;
        let mut piece = bytes[range].to_vec();
        if fault == Some(Fault::Short) {
            piece.pop();
        }
        Ok(Bytes::from(piece).into())
    }

    async fn put(&self, body: PartBody) -> Result<Stored, StoreError> {
        let fault = self.meets("put")?;
        let bytes = self.read(body).await?;
        self.set(bytes.clone());
        answer(&bytes, fault)
    }

    async fn create_multipart(&self) -> Result<String, StoreError> {
        self.meets("create")?;
        let mut state = self.state.lock().expect("no panic");
        let id = format!("upload-{}", state.uploads.len() + 1);
        state.uploads.insert(id.clone(), BTreeMap::new());
        Ok(id)
    }

    async fn upload_part(
        &self,
        upload_id: &str,
        number: u32,
        body: PartBody,
    ) -> Result<Stored, StoreError> {
        let fault = self.meets(&format!("part {number}"))?;
        let bytes = self.read(body).await?;
        let mut state = self.state.lock().expect("no panic");
        let Some(parts) = state.uploads.get_mut(upload_id) else {
            return Err(failed(StoreErrorKind::NotFound, "no such upload"));
        };
        parts.insert(number, bytes.clone());
        answer(&bytes, fault)
    }

    async fn complete(&self, upload_id: &str, parts: &[StoredPart]) -> Result<Stored, StoreError> {
        let fault = self.meets("complete")?;
        let mut state = self.state.lock().expect("no panic");
        let Some(stored) = state.uploads.remove(upload_id) else {
            return Err(failed(StoreErrorKind::NotFound, "no such upload"));
        };
        let mut bytes = Vec::new();
        for (part, (number, piece)) in parts.iter().zip(&stored) {
            let sha256 = STANDARD.encode_to_string(Sha256::digest(piece));
            let is_stored = (part.number, part.etag.clone()) == (*number, etag(piece))
                && part.sha256_base64.as_ref() == Some(&sha256);
            if !is_stored {
                return Err(failed(StoreErrorKind::Final, "InvalidPart"));
            }
            bytes.extend_from_slice(piece);
        }
        if parts.len() != stored.len() {
            return Err(failed(StoreErrorKind::Final, "InvalidPart"));
        }
        let tag = format!("\"{}-{}\"", etag(&bytes).trim_matches('"'), parts.len());
        state.object = Some((bytes, tag.clone()));
        match fault {
            Some(Fault::Lost) => Err(failed(StoreErrorKind::Passing, "the connection broke")),
            _ => Ok(Stored::new(tag)),
        }
    }

    async fn abort(&self, upload_id: &str) -> Result<(), StoreError> {
        self.meets("abort")?;
        self.state
            .lock()
            .expect("no panic")
            .uploads
            .remove(upload_id);
        Ok(())
    }
}
