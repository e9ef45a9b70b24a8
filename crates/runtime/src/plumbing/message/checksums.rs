//! What a model says about the checksums of an operation (`aws.protocols#httpChecksum`).

/// The checksums of an operation. An operation without any states that, too, if its service has them elsewhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct Checksums {
    /// That of the request.
    pub request: Option<RequestChecksum>,
    /// That of the response.
    pub response: Option<ResponseChecksum>,
}

/// The checksum of a request.
#[derive(Clone, Copy, Debug)]
pub struct RequestChecksum {
    /// The header of the member that names the algorithm (`requestAlgorithmMember`).
    pub algorithm_header: Option<&'static str>,
    /// Whether the operation requires a checksum (`requestChecksumRequired`).
    pub is_required: bool,
    /// Whether the body is a streaming blob, so that the checksum may come after it.
    pub is_streamed: bool,
}

/// The checksum of a response.
#[derive(Clone, Copy, Debug)]
pub struct ResponseChecksum {
    /// The header of the member that asks for the checksum (`requestValidationModeMember`).
    pub mode_header: &'static str,
    /// The names of the algorithms that the service may use (`responseAlgorithms`).
    pub algorithms: &'static [&'static str],
}
