//! What an operation requests of a call: steps that need the configuration, or the complete request.

#[cfg(feature = "http-checksum")]
use super::Checksums;
use super::HttpRequest;
#[cfg(feature = "form")]
use super::PresignedCopy;

impl HttpRequest {
    /// Requests that the query is sent as a form, with POST, because it may be longer than a URL can be
    /// (`attache#queryAsForm`). A presigned URL keeps it.
    pub fn query_as_form(&mut self) {
        self.query_as_form = true;
    }

    /// Requests that the form carries a presigned URL of itself, to the region that it copies from
    /// (`attache#presignedCopy`).
    #[cfg(feature = "form")]
    pub fn presigned_copy(&mut self, copy: PresignedCopy) {
        self.presigned_copy = Some(copy);
    }

    /// Requests that the body is compressed with gzip when it is sent, if it is long enough and the configuration
    /// permits it (`smithy.api#requestCompression`). A streamed body is not compressed.
    #[cfg(feature = "request-compression")]
    pub fn compress(&mut self) {
        self.compress = true;
    }

    /// Requests the header `Content-MD5` of the final body (`smithy.api#httpChecksumRequired`), unless a member has set
    /// it. A streamed body cannot have it, because its content is known only after it was sent.
    #[cfg(feature = "content-md5")]
    pub fn content_md5(&mut self) {
        self.content_md5 = true;
    }

    /// States what the model says about checksums.
    #[cfg(feature = "http-checksum")]
    pub fn checksums(&mut self, checksums: Checksums) {
        self.checksums = Some(checksums);
    }
}
