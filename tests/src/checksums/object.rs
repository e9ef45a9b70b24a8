//! An operation that stores an object, and one that reads it.

use attache_runtime::operation::{Request, ServiceError};
use attache_runtime::plumbing::endpoint::{Endpoint, EndpointError, Parameters};
use attache_runtime::plumbing::message::{
    Checksums, DecodeError, EncodeError, HttpRequest, HttpResponse, RequestChecksum,
    ResponseChecksum,
};
use attache_runtime::plumbing::operation::{Operation, Protocol, Service, SignatureVersion};
use attache_runtime::validation::{Level, Violations};
use attache_runtime::{ByteStream, http};

pub(super) static SERVICE: Service = Service {
    sdk_id: "S3",
    version: "2006-03-01",
    protocol: Protocol::RestXml,
    signing_name: "s3",
    default_region: None,
    endpoint: resolve,
    modelled_errors: &[],
    sensitive_messages: &[],
    retryable_errors: &[],
    query_compatible: false,
};

fn resolve(parameters: &Parameters) -> Result<Endpoint, EndpointError> {
    match &parameters.endpoint {
        Some(url) => Ok(Endpoint::new(url.clone())),
        None => Err(EndpointError::new("there is no endpoint")),
    }
}

const fn operation(name: &'static str, streaming_response: bool) -> Operation {
    Operation {
        service: &SERVICE,
        name,
        read_only: streaming_response,
        idempotent: true,
        signed: true,
        unsigned_payload: false,
        streaming_response,
        dry_run_error: None,
        endpoint_region: None,
        endpoint_context: &[],
    }
}

static PUT: Operation = operation("PutObject", false);
static GET: Operation = operation("GetObject", true);

/// The algorithms of responses, as the model of botocore 1.44.8 lists them.
const ALGORITHMS: &[&str] = &[
    "CRC64NVME",
    "CRC32",
    "CRC32C",
    "SHA256",
    "SHA1",
    "SHA512",
    "MD5",
    "XXHASH64",
    "XXHASH3",
    "XXHASH128",
];

/// No error is modelled.
#[derive(Debug)]
pub(super) struct NoError;

impl std::fmt::Display for NoError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("no error")
    }
}

impl std::error::Error for NoError {}

impl ServiceError for NoError {
    fn decode(_: &str, _: &HttpResponse) -> Option<Result<Self, DecodeError>> {
        None
    }
}

fn message(method: http::Method, headers: &[(String, String)]) -> Result<HttpRequest, EncodeError> {
    let mut request = HttpRequest::new(method);
    request.path("/bucket/key");
    for (name, value) in headers {
        request.prefix_header("", "Header", name, value)?;
    }
    Ok(request)
}

#[derive(Debug)]
pub(super) struct PutObject {
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: ByteStream,
}

impl Request for PutObject {
    type Response = ();
    type ServiceError = NoError;
    const OPERATION: &'static Operation = &PUT;
    const SIGNATURE_VERSION: SignatureVersion = SignatureVersion::S3V4;

    fn validate(&self, _: Level) -> Result<(), Violations> {
        Ok(())
    }

    fn encode(self) -> Result<HttpRequest, EncodeError> {
        let mut request = message(http::Method::PUT, &self.headers)?;
        request.stream("application/octet-stream", self.body);
        request.checksums(Checksums {
            request: Some(RequestChecksum {
                algorithm_header: Some("x-amz-sdk-checksum-algorithm"),
                is_required: false,
                is_streamed: true,
            }),
            response: None,
        });
        Ok(request)
    }

    fn decode(_: HttpResponse) -> Result<(), DecodeError> {
        Ok(())
    }
}

#[derive(Debug)]
pub(super) struct GetObject {
    pub(super) headers: Vec<(String, String)>,
}

impl Request for GetObject {
    type Response = ByteStream;
    type ServiceError = NoError;
    const OPERATION: &'static Operation = &GET;
    const SIGNATURE_VERSION: SignatureVersion = SignatureVersion::S3V4;

    fn validate(&self, _: Level) -> Result<(), Violations> {
        Ok(())
    }

    fn encode(self) -> Result<HttpRequest, EncodeError> {
        let mut request = message(http::Method::GET, &self.headers)?;
        request.checksums(Checksums {
            request: None,
            response: Some(ResponseChecksum {
                mode_header: "x-amz-checksum-mode",
                algorithms: ALGORITHMS,
            }),
        });
        Ok(request)
    }

    fn decode(response: HttpResponse) -> Result<ByteStream, DecodeError> {
        Ok(response.into_stream())
    }
}
