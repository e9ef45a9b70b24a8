//! A service that stores objects, and a transport that keeps what is sent to it.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use attache_runtime::operation::{Request, ServiceError};
use attache_runtime::plumbing::Core;
use attache_runtime::plumbing::endpoint::{Endpoint, EndpointError, Parameters};
use attache_runtime::plumbing::message::{
    Checksums, DecodeError, EncodeError, HttpRequest, HttpResponse, RequestChecksum,
    ResponseChecksum,
};
use attache_runtime::plumbing::operation::{Operation, Protocol, Service, SignatureVersion};
use attache_runtime::transport::{Transport, TransportError, TransportErrorKind};
use attache_runtime::validation::{Level, Violations};
use attache_runtime::{
    Body, BoxError, BoxFuture, ByteStream, Bytes, CallOptions, Config, ConfigBuilder, Credentials,
    Error, Timestamp, http,
};

static SERVICE: Service = Service {
    sdk_id: "Store",
    version: "2026-01-01",
    protocol: Protocol::RestJson,
    signing_name: "store",
    default_region: Some("us-east-1"),
    endpoint: resolve,
    modelled_errors: &[],
    sensitive_messages: &[],
    retryable_errors: &[],
    query_compatible: false,
};

fn resolve(parameters: &Parameters) -> Result<Endpoint, EndpointError> {
    let url = parameters.endpoint.as_deref();
    Ok(Endpoint::new(url.unwrap_or("https://store.example.com")))
}

const fn operation(name: &'static str, streaming_response: bool) -> Operation {
    Operation {
        service: &SERVICE,
        name,
        read_only: false,
        idempotent: true,
        signed: true,
        unsigned_payload: false,
        streaming_response,
        dry_run_error: None,
        endpoint_region: None,
        endpoint_context: &[],
    }
}

static PUT: Operation = operation("Put", false);
static GET: Operation = operation("Get", true);
static READ: Operation = operation("Read", false);

pub(crate) const ALGORITHM: &str = "x-store-algorithm";
pub(crate) const MODE: &str = "x-store-mode";
const ALGORITHMS: &[&str] = &["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256", "MD5"];

#[derive(Debug)]
pub(crate) struct NoError;

impl std::fmt::Display for NoError {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

impl std::error::Error for NoError {}

impl ServiceError for NoError {
    fn decode(_: &str, _: &HttpResponse) -> Option<Result<Self, DecodeError>> {
        None
    }
}

/// Stores an object. The headers are those that members set.
#[derive(Debug, Default)]
pub(crate) struct Put {
    pub(crate) body: ByteStream,
    pub(crate) headers: Vec<(&'static str, &'static str)>,
    pub(crate) is_required: bool,
    /// Whether the body is no streaming blob.
    pub(crate) is_whole: bool,
}

impl Request for Put {
    type Response = ();
    type ServiceError = NoError;
    const OPERATION: &'static Operation = &PUT;
    const SIGNATURE_VERSION: SignatureVersion = SignatureVersion::S3V4;

    fn validate(&self, _: Level) -> Result<(), Violations> {
        Ok(())
    }

    fn encode(self) -> Result<HttpRequest, EncodeError> {
        let mut request = HttpRequest::new(http::Method::PUT);
        request.path("/object");
        for (name, value) in self.headers {
            request.header(name, "Header", value)?;
        }
        request.stream("application/octet-stream", self.body);
        request.checksums(Checksums {
            request: Some(RequestChecksum {
                algorithm_header: Some(ALGORITHM),
                is_required: self.is_required,
                is_streamed: !self.is_whole,
            }),
            response: None,
        });
        Ok(request)
    }

    fn decode(_: HttpResponse) -> Result<(), DecodeError> {
        Ok(())
    }
}

/// Reads an object, as a stream or whole.
#[derive(Debug, Default)]
pub(crate) struct Get<const STREAMED: bool> {
    pub(crate) mode: Option<&'static str>,
}

impl<const STREAMED: bool> Request for Get<STREAMED> {
    type Response = ByteStream;
    type ServiceError = NoError;
    const OPERATION: &'static Operation = if STREAMED { &GET } else { &READ };

    fn validate(&self, _: Level) -> Result<(), Violations> {
        Ok(())
    }

    fn encode(self) -> Result<HttpRequest, EncodeError> {
        let mut request = HttpRequest::new(http::Method::GET);
        request.path("/object");
        if let Some(mode) = self.mode {
            request.header(MODE, "Mode", mode)?;
        }
        request.checksums(Checksums {
            request: None,
            response: Some(ResponseChecksum {
                mode_header: MODE,
                algorithms: ALGORITHMS,
            }),
        });
        Ok(request)
    }

    fn decode(response: HttpResponse) -> Result<ByteStream, DecodeError> {
        Ok(response.into_stream())
    }
}

/// A request as it reached the transport.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Bytes,
    /// The length that the body stated before it was read.
    pub(crate) stated: Option<u64>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let value = self.headers.get(name)?;
        Some(value.to_str().expect("headers are text"))
    }
}

/// A response: status, headers, and the pieces of the body.
pub(crate) type Answer = (u16, Vec<(&'static str, String)>, Vec<&'static [u8]>);

#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Store {
    pub(crate) fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        let store = Self::default();
        store.answers.lock().unwrap().extend(answers);
        store
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }

    /// The only request.
    pub(crate) fn only(&self) -> Seen {
        let mut seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen.remove(0)
    }
}

impl Transport for Store {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let stream = match body {
                Body::Stream(stream) => stream,
                Body::Bytes(bytes) => ByteStream::from(bytes),
                _ => unreachable!("there are no others"),
            };
            let stated = http_body::Body::size_hint(&stream).exact();
            let body = stream
                .collect()
                .await
                .map_err(|error| TransportError::new(TransportErrorKind::Io, error))?;
            self.seen.lock().unwrap().push(Seen {
                headers: head.headers,
                body,
                stated,
            });
            let answer = self.answers.lock().unwrap().pop_front();
            let (status, headers, pieces) = answer.unwrap_or((200, Vec::new(), Vec::new()));
            let mut response = http::Response::builder().status(status);
            for (name, value) in headers {
                response = response.header(name, value);
            }
            Ok(response.body(pieces_of(pieces)).unwrap())
        })
    }
}

/// A body of unknown length that yields these pieces.
pub(crate) struct Pieces(VecDeque<Bytes>, Option<u64>);

pub(crate) fn pieces_of(pieces: Vec<&'static [u8]>) -> ByteStream {
    let pieces = pieces.into_iter().map(Bytes::from_static).collect();
    ByteStream::new(Pieces(pieces, None))
}

/// A stream of these pieces that states a length.
pub(crate) fn stating(pieces: Vec<Bytes>, length: u64) -> ByteStream {
    ByteStream::new(Pieces(pieces.into(), Some(length)))
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, BoxError>>> {
        Poll::Ready(
            self.0
                .pop_front()
                .map(|piece| Ok(http_body::Frame::data(piece))),
        )
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        match self.1 {
            Some(length) => http_body::SizeHint::with_exact(length),
            None => http_body::SizeHint::default(),
        }
    }
}

pub(crate) const NOW: &str = "2026-11-22T12:00:00Z";

pub(crate) fn config(store: &Store) -> ConfigBuilder {
    Config::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKID", "SECRET"))
        .transport(store.clone())
        .time_source(NOW.parse::<Timestamp>().unwrap())
}

pub(crate) async fn send<R: Request<ServiceError = NoError>>(
    builder: ConfigBuilder,
    request: R,
) -> Result<R::Response, Error<NoError>> {
    let core = Core::new(&SERVICE, &builder.build().unwrap());
    core.send(request, CallOptions::default()).await
}

pub(crate) fn core(builder: ConfigBuilder) -> Core {
    Core::new(&SERVICE, &builder.build().unwrap())
}
