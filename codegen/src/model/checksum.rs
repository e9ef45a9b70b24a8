//! The checksums of an operation.

/// What an operation says about checksums (`aws.protocols#httpChecksum`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpChecksum {
    /// The checksum of the request, if it has one.
    pub request: Option<RequestChecksum>,
    /// The checksum of the response, if it has one.
    pub response: Option<ResponseChecksum>,
}

/// The checksum of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestChecksum {
    /// The header of the member that names the algorithm (`requestAlgorithmMember`).
    pub algorithm_header: Option<String>,
    /// `requestChecksumRequired`
    pub required: bool,
}

/// The checksum of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseChecksum {
    /// The header of the member that asks for it (`requestValidationModeMember`).
    pub mode_header: String,
    /// `responseAlgorithms`
    pub algorithms: Vec<String>,
}
