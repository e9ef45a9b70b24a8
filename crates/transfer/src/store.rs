//! The operations of object storage that a transfer needs, as a trait that a few lines fulfil with a generated client of
//! Amazon S3.
//!
//! This crate has no client of S3, because such a client is generated for the operations that a program needs. An
//! [`ObjectStore`] is one object: a client, a bucket and a key.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::ops::Range;

use attache_runtime::plumbing::causes;
use attache_runtime::{BoxError, ByteStream};

/// One object of a storage with the operations of Amazon S3.
///
/// Each method is one request. A method does not repeat it: [`Objects`](crate::Objects) does, and each attempt has a body of
/// its own. The errors of generated clients become a [`StoreError`] with `?`.
pub trait ObjectStore: Send + Sync {
    /// `HeadObject`, with `ChecksumMode: ENABLED` where checksums are to be compared.
    fn head(&self) -> impl Future<Output = Result<ObjectInfo, StoreError>> + Send;

    /// `GetObject` with `Range: bytes=…` and, where there is an `ETag`, `IfMatch`. The range has at least one byte.
    fn get_range(
        &self,
        range: Range<u64>,
        etag: Option<&str>,
    ) -> impl Future<Output = Result<ByteStream, StoreError>> + Send;

    /// `PutObject`.
    fn put(&self, body: PartBody) -> impl Future<Output = Result<Stored, StoreError>> + Send;

    /// `CreateMultipartUpload`; the result is the id of the upload. Where [`PartBody::sha256_base64`] is sent with the
    /// parts, S3 requires `ChecksumAlgorithm: SHA256` here.
    fn create_multipart(&self) -> impl Future<Output = Result<String, StoreError>> + Send;

    /// `UploadPart`. Parts count from 1.
    fn upload_part(
        &self,
        upload_id: &str,
        number: u32,
        body: PartBody,
    ) -> impl Future<Output = Result<Stored, StoreError>> + Send;

    /// `CompleteMultipartUpload` with all parts in their order.
    fn complete(
        &self,
        upload_id: &str,
        parts: &[StoredPart],
    ) -> impl Future<Output = Result<Stored, StoreError>> + Send;

    /// `AbortMultipartUpload`.
    fn abort(&self, upload_id: &str) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// What is sent in one request.
#[derive(Debug)]
#[non_exhaustive]
pub struct PartBody {
    /// The bytes. They end with an error if the file has changed.
    pub body: ByteStream,
    /// How many bytes there are: `ContentLength`.
    pub length: u64,
    /// The SHA-256 of the bytes as S3 has it: `ChecksumSHA256`. A storage that gets it refuses other bytes.
    pub sha256_base64: String,
}

impl PartBody {
    pub(crate) fn new(body: ByteStream, length: u64, sha256_base64: String) -> Self {
        Self {
            body,
            length,
            sha256_base64,
        }
    }
}

/// What the storage says of bytes that it has received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stored {
    /// The `ETag`.
    pub etag: Option<String>,
    /// The checksums, in base64, by the names of their headers: `x-amz-checksum-sha256`.
    pub checksums: BTreeMap<String, String>,
    /// The kind of the checksums, `x-amz-checksum-type`. Those of an object that was sent in parts are compared only if it is
    /// `FULL_OBJECT`; otherwise they are hashes of the hashes of the parts.
    pub checksum_type: Option<String>,
    /// The encryption, `x-amz-server-side-encryption`. With a key of KMS, an `ETag` is no hash of the bytes.
    pub encryption: Option<String>,
}

impl Stored {
    /// With an `ETag`.
    pub fn new(etag: impl Into<Option<String>>) -> Self {
        Self {
            etag: etag.into(),
            ..Self::default()
        }
    }

    /// Adds a checksum, such as `x-amz-checksum-sha256`, if there is one.
    #[must_use]
    pub fn checksum(mut self, header: &str, value: Option<String>) -> Self {
        if let Some(value) = value {
            self.checksums.insert(header.to_owned(), value);
        }
        self
    }

    /// Sets the kind of the checksums.
    #[must_use]
    pub fn checksum_type(mut self, kind: Option<String>) -> Self {
        self.checksum_type = kind;
        self
    }

    /// Sets the encryption.
    #[must_use]
    pub fn encryption(mut self, encryption: Option<String>) -> Self {
        self.encryption = encryption;
        self
    }
}

/// What an object is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObjectInfo {
    /// How many bytes it has.
    pub length: u64,
    /// What the storage says of its bytes.
    pub stored: Stored,
}

impl ObjectInfo {
    /// An object of so many bytes.
    pub fn new(length: u64, stored: Stored) -> Self {
        Self { length, stored }
    }
}

/// A part that the storage has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredPart {
    /// Its number, from 1 on.
    pub number: u32,
    /// Its `ETag`.
    pub etag: String,
    /// Its checksum, if the storage has confirmed one: `ChecksumSHA256`.
    pub sha256_base64: Option<String>,
}

impl StoredPart {
    pub(crate) fn new(number: u32, etag: String, sha256_base64: Option<String>) -> Self {
        Self {
            number,
            etag,
            sha256_base64,
        }
    }
}

/// What another attempt can do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// Another attempt may succeed: no connection, a time limit, throttling, an error of the server.
    Passing,
    /// The object or the upload does not exist.
    NotFound,
    /// The object is another one now (status 412).
    Changed,
    /// No attempt will succeed.
    Final,
}

/// Why an operation failed.
pub struct StoreError {
    kind: StoreErrorKind,
    source: BoxError,
}

impl StoreError {
    /// An error of this kind.
    pub fn new(kind: StoreErrorKind, source: impl Into<BoxError>) -> Self {
        Self {
            kind,
            source: source.into(),
        }
    }

    /// What another attempt can do about it.
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    pub(crate) fn into_source(self) -> BoxError {
        self.source
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.source()
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.source, formatter)
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            formatter
                .debug_struct("StoreError")
                .field("kind", &self.kind)
                .field("source", &self.source)
                .finish()
        })
    }
}

impl<S: attache_runtime::operation::ServiceError> From<attache_runtime::Error<S>> for StoreError {
    fn from(error: attache_runtime::Error<S>) -> Self {
        use attache_runtime::ErrorKind;
        let status = error.status().unwrap_or_default();
        let kind = match error.kind() {
            ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Io => StoreErrorKind::Passing,
            _ if error.is_throttled() || status >= 500 => StoreErrorKind::Passing,
            _ if status == 404 => StoreErrorKind::NotFound,
            _ if status == 412 => StoreErrorKind::Changed,
            // S3 answers so when a body did not arrive in time or not whole, and while another request is under way.
            _ if matches!(
                error.code(),
                Some("RequestTimeout" | "IncompleteBody" | "OperationAborted")
            ) =>
            {
                StoreErrorKind::Passing
            }
            _ => StoreErrorKind::Final,
        };
        Self::new(kind, error)
    }
}
