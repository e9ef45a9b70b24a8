//! The failure of a call, as the core and the retry policies handle it: the same for every service.

use std::error::Error as StdError;
use std::time::Duration;

use super::kind::ErrorKind;
use crate::body::BoxError;
use crate::plumbing::causes::safe_causes;
use crate::plumbing::message::{DecodeError, EncodeError, HttpResponse};
use crate::texts::ToText as _;
use crate::validation::Violations;

/// The failure of a call, before its service is known. It is displayed as [`Error`](crate::Error) is.
pub struct Failure(pub(super) Box<Facts>);

/// All that is known about a failure except the modelled error.
pub(super) struct Facts {
    pub(super) kind: ErrorKind,
    pub(super) operation: &'static str,
    pub(super) status: Option<u16>,
    pub(super) code: Option<String>,
    pub(super) shape: Option<String>,
    pub(super) message: Option<String>,
    /// A description of a body that is not JSON, in one safe line.
    pub(super) description: Option<String>,
    /// Host and port of the connection that failed.
    pub(super) peer: Option<String>,
    /// Host and port of the proxy on the way to it.
    pub(super) proxy: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) throttling: bool,
    pub(super) attempts: u32,
    pub(super) may_have_taken_effect: bool,
    /// It can be printed: see [`safe_causes`].
    pub(super) source: Option<BoxError>,
    pub(super) response: Option<HttpResponse>,
}

impl Facts {
    fn new(kind: ErrorKind) -> Self {
        Self {
            kind,
            operation: "",
            status: None,
            code: None,
            shape: None,
            message: None,
            description: None,
            peer: None,
            proxy: None,
            request_id: None,
            throttling: false,
            attempts: 0,
            may_have_taken_effect: false,
            source: None,
            response: None,
        }
    }

    /// The cause. Violations are none: their text is part of this level.
    #[inline(never)]
    pub(super) fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.source.as_deref()?;
        (!source.is::<Violations>()).then_some(source)
    }

    #[inline(never)]
    pub(super) fn violations(&self) -> Option<&Violations> {
        self.source.as_deref()?.downcast_ref()
    }
}

impl Failure {
    /// A failure of this kind. `source` may come from any library: the parts of its text that must not be printed are
    /// replaced.
    pub fn new(kind: ErrorKind, source: impl Into<BoxError>) -> Self {
        Self::because(kind, safe_causes(source))
    }

    /// The same for an error of this crate, whose text is safe and which is kept as it is.
    fn because(kind: ErrorKind, source: BoxError) -> Self {
        let mut facts = Facts::new(kind);
        facts.source = Some(source);
        Self(Box::new(facts))
    }

    /// The failure of an error response.
    pub(crate) fn from_response(response: HttpResponse, details: ResponseDetails) -> Self {
        Self(Box::new(Facts {
            status: Some(response.status()),
            code: details.code,
            shape: details.shape,
            message: details.message,
            description: details.description,
            request_id: details.request_id,
            throttling: details.throttling,
            response: Some(response),
            ..Facts::new(ErrorKind::Service)
        }))
    }

    /// A response that could not be read.
    #[inline]
    pub(crate) fn from_decode(error: DecodeError, status: u16, request_id: Option<String>) -> Self {
        Self::new(ErrorKind::Decode, error).with_head(status, request_id)
    }

    /// The same without the quotation of a body that cannot be read.
    #[cfg(feature = "credential-chain")]
    #[inline(never)]
    pub(crate) fn without_quotation(mut self) -> Self {
        self.0.description = None;
        self
    }

    /// Says which region the resource of the request is in, if it is another one. The name is that of a region, so it is
    /// safe to show.
    pub(crate) fn of_region(mut self, region: Option<String>) -> Self {
        if let Some(region) = region {
            self.0.description = Some(format!("the resource is in the region {region}"));
        }
        self
    }

    /// Says that the region in the name of the host may be misspelled, if it is in no list of regions.
    pub(crate) fn of_unknown_region(self, region: Option<&str>) -> Self {
        match region {
            Some(region) => self.with_remark(&format!(
                "`{region}` is no region that this version knows; it comes from the program, AWS_REGION, AWS_DEFAULT_REGION or \
                 `region` of the profile"
            )),
            None => self,
        }
    }

    /// Says, if it is so, that the request was not sent again because its body cannot be read again.
    pub(crate) fn of_body(self, lacks_body: bool) -> Self {
        if !lacks_body {
            return self;
        }
        self.with_remark(
            "the request was not sent again, because its body is a stream that can be read only once: make it of bytes, with \
             `ByteStream::from_path` or with `ByteStream::from_source`",
        )
    }

    /// Says that the request was not sent again because the time limit of the call ends before.
    #[inline(never)]
    pub(crate) fn of_pause(self, pause: Duration, left: Duration) -> Self {
        let whole = |time: Duration| Duration::from_millis(time.as_millis() as u64);
        self.with_remark(&format!(
            "the request was not sent again, because the pause before it is {:?}, and {:?} are left of the time limit of the \
             call",
            whole(pause),
            whole(left)
        ))
    }

    /// The time limit of a call ended it, after an earlier attempt had failed so.
    #[inline(never)]
    pub(crate) fn of_limit(limit: Duration, earlier: Option<String>) -> Self {
        let limit = format!("the call may take {limit:?}, and it took longer");
        match earlier {
            None => Self::new(ErrorKind::Timeout, limit),
            Some(earlier) => Self(Box::new(Facts {
                description: Some(format!("{limit}; the attempt before failed: {earlier}")),
                ..Facts::new(ErrorKind::Timeout)
            })),
        }
    }

    fn with_remark(mut self, remark: &str) -> Self {
        self.0.description = Some(match self.0.description.take() {
            Some(description) => format!("{description}; {remark}"),
            None => remark.to_text(),
        });
        self
    }

    /// Names the operation.
    pub(crate) fn during(mut self, operation: &'static str, attempts: u32) -> Self {
        self.0.operation = operation;
        self.0.attempts = attempts;
        self
    }

    /// Names the host and the port to which the request was sent.
    #[inline(never)]
    pub(crate) fn with_peer(mut self, peer: String) -> Self {
        self.0.peer = Some(peer);
        self
    }

    /// Names the proxy through which the connection was to be made.
    #[inline(never)]
    pub(crate) fn with_proxy(mut self, proxy: Option<String>) -> Self {
        self.0.proxy = proxy;
        self
    }

    /// Adds what is known about a response that could not be read.
    #[inline(never)]
    pub(crate) fn with_head(mut self, status: u16, request_id: Option<String>) -> Self {
        self.0.status = Some(status);
        self.0.request_id = request_id;
        self
    }

    /// Sets whether the service may have acted nevertheless.
    pub(crate) fn with_effect(mut self, may_have_taken_effect: bool) -> Self {
        self.0.may_have_taken_effect = may_have_taken_effect;
        self
    }

    /// The kind.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether this is the modelled error of that name.
    pub(crate) fn is_shape(&self, name: &str) -> bool {
        self.0.shape.as_deref() == Some(name) || self.0.code.as_deref() == Some(name)
    }

    /// The HTTP status of the response, where there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The error code of the service, known to its model or not.
    #[inline(never)]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The name of the error's shape, which is the code without the change by `awsQueryCompatible`.
    pub(crate) fn shape(&self) -> Option<&str> {
        self.0.shape.as_deref()
    }

    /// The request id that AWS assigned.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Whether the call was throttled.
    pub fn is_throttled(&self) -> bool {
        self.0.throttling
    }

    /// The violations, if validation refused the request.
    #[cfg(feature = "tracing")]
    #[inline(never)]
    pub(crate) fn violations(&self) -> Option<&Violations> {
        self.0.violations()
    }

    /// Whether the service may have acted nevertheless.
    #[cfg(feature = "tracing")]
    pub(crate) fn may_have_taken_effect(&self) -> bool {
        self.0.may_have_taken_effect
    }

    /// The response of the service.
    pub(crate) fn response(&self) -> Option<&HttpResponse> {
        self.0.response.as_ref()
    }
}

impl From<EncodeError> for Failure {
    fn from(error: EncodeError) -> Self {
        Self::new(ErrorKind::Request, error)
    }
}

impl From<Violations> for Failure {
    fn from(violations: Violations) -> Self {
        Self::because(ErrorKind::Validation, violations.into())
    }
}

impl StdError for Failure {
    #[inline(never)]
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}

/// What an error response says about itself, apart from its modelled members.
#[derive(Debug, Default)]
pub(crate) struct ResponseDetails {
    pub(crate) code: Option<String>,
    pub(crate) shape: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) throttling: bool,
}
