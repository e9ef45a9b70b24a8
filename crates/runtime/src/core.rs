//! What happens around every call: endpoint, credentials, signature, transport, errors.
//!
//! The core knows no operation and has no type parameters, so that it is compiled once for all of them. A generated
//! operation hands it an encoded request and its metadata, and decodes what comes back.

use std::fmt;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};

use crate::BoxFuture;
use crate::body::{Body, ByteStream};
use crate::call::Call;
use crate::call_options::CallOptions;
use crate::config::{Config, Settings};
use crate::endpoint::Endpoint;
use crate::error::{ErrorKind, Failure};
use crate::message::{HttpRequest, HttpResponse};
use crate::operation::{DryRun, Operation, Request, Service};
use crate::signing::{self, Destination};
use crate::transport::{TransportError, TransportErrorKind};
use crate::validation::Level;
use crate::{error_code, user_agent};

/// The part of a client that is the same for every service. Clones share everything.
#[derive(Clone)]
pub struct Core(Arc<Shared>, Level);

struct Shared {
    service: &'static Service,
    config: Config,
    destination: OnceLock<Result<Destination, String>>,
    user_agent: HeaderValue,
}

impl fmt::Debug for Core {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Core")
            .field("service", &self.0.service.sdk_id)
            .field("config", &self.0.config)
            .finish_non_exhaustive()
    }
}

impl Core {
    /// A core for one service.
    pub fn new(service: &'static Service, config: &Config) -> Self {
        let shared = Shared {
            service,
            config: config.clone(),
            destination: OnceLock::new(),
            user_agent: user_agent::header(service),
        };
        Self(Arc::new(shared), config.0.validation)
    }

    /// The same core, which checks requests at another level.
    #[must_use]
    pub fn with_validation(&self, level: Level) -> Self {
        Self(Arc::clone(&self.0), level)
    }

    /// Calls an operation.
    pub fn send<R: Request>(
        &self,
        request: R,
        options: CallOptions,
    ) -> Call<R::Response, R::ServiceError> {
        Call::new(R::OPERATION.name, self.start(request, options), R::decode)
    }

    /// Asks whether an operation would succeed; the request says that this is all ([`Request::is_dry_run`]).
    pub fn dry_run<R: Request>(
        &self,
        request: R,
        options: CallOptions,
    ) -> Call<DryRun, R::ServiceError> {
        Call::new(R::OPERATION.name, self.start(request, options), |_| {
            Ok(DryRun)
        })
    }

    fn start<R: Request>(
        &self,
        mut request: R,
        options: CallOptions,
    ) -> BoxFuture<'static, Result<HttpResponse, Failure>> {
        request.fill_idempotency_token(&|| self.0.config.0.tokens.token());
        let accepted = R::OPERATION.dry_run_error.filter(|_| request.is_dry_run());
        // Before the first poll and before any I/O.
        let encoded = request
            .validate(options.validation.unwrap_or(self.1))
            .map_err(Failure::from)
            .and_then(|()| request.encode().map_err(Failure::from));
        let response = self.call(R::OPERATION, encoded);
        match accepted {
            Some(error) => Box::pin(async move { dry_run_outcome(response.await, error) }),
            None => response,
        }
    }

    /// Sends an encoded request and gives the successful response.
    pub fn call(
        &self,
        operation: &'static Operation,
        request: Result<HttpRequest, impl Into<Failure>>,
    ) -> BoxFuture<'static, Result<HttpResponse, Failure>> {
        let core = self.clone();
        let request = request.map_err(Into::into);
        Box::pin(async move {
            let name = operation.name;
            let request = request.map_err(|failure| failure.during(name, 0))?;
            let signed = core
                .0
                .sign(operation, request)
                .await
                .map_err(|failure| failure.during(name, 0))?;
            core.0
                .exchange(operation, signed)
                .await
                .map_err(|failure| failure.during(name, 1))
        })
    }
}

impl Shared {
    fn settings(&self) -> &Settings {
        &self.config.0
    }

    /// Where the requests of this client go: the answer of the endpoint rules, asked once.
    fn destination(&self) -> Result<&Destination, Failure> {
        let resolved = self.destination.get_or_init(|| self.resolve(None));
        resolved
            .as_ref()
            .map_err(|message| Failure::new(ErrorKind::Configuration, message.clone()))
    }

    /// Asks the endpoint rules; `url` is an endpoint that only one request goes to.
    fn resolve(&self, url: Option<&str>) -> Result<Destination, String> {
        let mut parameters = self.settings().parameters.clone();
        if parameters.region.is_none() {
            parameters.region = self.service.default_region.map(str::to_owned);
        }
        if let Some(url) = url {
            parameters.endpoint = Some(url.to_owned());
        }
        let endpoint: Endpoint = (self.service.endpoint)(&parameters).map_err(|error| {
            let hint = match parameters.region {
                None => "; set a region in code or with AWS_REGION",
                Some(_) => "",
            };
            format!("{error}{hint}")
        })?;
        Destination::new(
            self.service,
            &endpoint,
            parameters.region.as_deref(),
            self.settings().plain_http,
        )
    }

    async fn sign(
        &self,
        operation: &'static Operation,
        mut request: HttpRequest,
    ) -> Result<http::Request<Body>, Failure> {
        let own = match request.endpoint.take() {
            Some(url) => {
                let resolved = self.resolve(Some(&url));
                Some(resolved.map_err(|message| Failure::new(ErrorKind::Request, message))?)
            }
            None => None,
        };
        let destination = match &own {
            Some(destination) => destination,
            None => self.destination()?,
        };
        #[cfg(feature = "request-compression")]
        crate::payload::compress(&mut request, self.settings().compression_minimum);
        #[cfg(feature = "content-md5")]
        crate::payload::content_md5(&mut request);
        request
            .headers
            .insert(http::header::USER_AGENT, self.user_agent.clone());
        let credentials = if operation.signed {
            let credentials = self.settings().credentials.credentials().await;
            Some(credentials.map_err(|error| Failure::new(ErrorKind::Credentials, error))?)
        } else {
            None
        };
        signing::prepare(
            operation,
            destination,
            request,
            credentials.as_ref(),
            self.settings().time.now(),
        )
    }

    async fn exchange(
        &self,
        operation: &'static Operation,
        request: http::Request<Body>,
    ) -> Result<HttpResponse, Failure> {
        let response = self
            .settings()
            .transport
            .send(request)
            .await
            .map_err(transport_failure)?;
        let (head, body) = response.into_parts();
        let success = head.status.is_success();
        let body = if success && operation.streaming_response {
            Body::Stream(body)
        } else {
            Body::Bytes(self.read(&head.headers, body).await?)
        };
        let response = HttpResponse {
            status: head.status.as_u16(),
            headers: head.headers,
            body,
        };
        if success {
            return Ok(response);
        }
        let details = error_code::details(operation.service, &response);
        Err(Failure::from_response(response, details))
    }

    /// Reads a body into memory, up to the limit.
    async fn read(&self, headers: &HeaderMap, mut body: ByteStream) -> Result<Bytes, Failure> {
        let limit = self.settings().response_limit;
        let announced = headers
            .get(http::header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse::<u64>().ok())
            .unwrap_or(0);
        let too_long = || {
            Failure::new(
                ErrorKind::Decode,
                format!("the response body is longer than the limit of {limit} bytes"),
            )
        };
        if announced > limit {
            return Err(too_long());
        }
        let mut pieces: Vec<Bytes> = Vec::new();
        let mut length = 0;
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(|error| Failure::new(ErrorKind::Io, error))?;
            length += piece.len() as u64;
            if length > limit {
                return Err(too_long());
            }
            pieces.push(piece);
        }
        match pieces.len() {
            0 => Ok(Bytes::new()),
            1 => Ok(pieces.remove(0)),
            _ => Ok(pieces.concat().into()),
        }
    }
}

/// The service answers a dry run that succeeds with an error. For the caller it is an empty success.
fn dry_run_outcome(
    outcome: Result<HttpResponse, Failure>,
    accepted: &str,
) -> Result<HttpResponse, Failure> {
    match outcome {
        Err(failure) if failure.is_shape(accepted) => Ok(HttpResponse {
            status: 200,
            headers: HeaderMap::new(),
            body: Body::Bytes(Bytes::from_static(b"{}")),
        }),
        other => other,
    }
}

fn transport_failure(error: TransportError) -> Failure {
    let kind = match error.kind() {
        TransportErrorKind::Connect => ErrorKind::Connect,
        TransportErrorKind::Timeout => ErrorKind::Timeout,
        TransportErrorKind::Io => ErrorKind::Io,
    };
    Failure::new(kind, error)
}
