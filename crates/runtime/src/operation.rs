//! The traits that generated code implements for requests and errors.
//!
//! A generated operation is this metadata plus two plain functions, `encode` and `decode`. The code between the two is
//! the same for every operation and is compiled once, in `plumbing::Core`.

use crate::plumbing::discovery::Discovery;
use crate::plumbing::message::{DecodeError, EncodeError, HttpRequest, HttpResponse};
use crate::plumbing::operation::{Modelled, Operation, Scheme, SignatureVersion};
use crate::validation::{Level, Violations};

/// The result of a successful dry run: the service would execute the request, and has done nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DryRun;

/// The request of one operation.
///
/// Generated crates implement it for their request types. Users meet it as the bound of `Client::send`.
pub trait Request: Sized {
    /// The response of the service.
    type Response: Send + 'static;
    /// The errors that the service models.
    type ServiceError: ServiceError;
    /// The metadata of the operation.
    #[doc(hidden)]
    const OPERATION: &'static Operation;
    /// The ways to authenticate a request, in the order of the service. If it is empty, the metadata says whether
    /// requests are signed with Signature Version 4, which is true of nearly all operations.
    #[doc(hidden)]
    const SCHEMES: &'static [Scheme] = &[];

    /// Whether a response with status 200 may be an error: its root is `Error` then.
    #[doc(hidden)]
    const ERRORS_IN_SUCCESS: bool = false;

    /// Whether the first message of a response with events has the other members, which is so in protocols without HTTP
    /// bindings.
    #[doc(hidden)]
    const AWAITS_INITIAL_RESPONSE: bool = false;

    /// The form of the signatures.
    #[doc(hidden)]
    const SIGNATURE_VERSION: SignatureVersion = SignatureVersion::V4;

    /// How the endpoint is found, if the service names it.
    #[doc(hidden)]
    const DISCOVERY: Option<&'static Discovery> = None;

    /// Sets the idempotency token if the caller did not (`smithy.api#idempotencyToken`).
    #[doc(hidden)]
    fn fill_idempotency_token(&mut self, _token: &dyn Fn() -> String) {}

    /// Brings members into the form that the service takes, before they are validated (`attache#lastSegment`).
    #[doc(hidden)]
    fn prepare(&mut self) {}

    /// Checks the request against the constraints that the service documents, without sending it.
    /// `plumbing::Core` does so before every call, at the level of the client.
    ///
    /// # Errors
    /// All violations, each with its path.
    fn validate(&self, level: Level) -> Result<(), Violations>;

    /// Whether the request is a dry run (`attache#dryRun`).
    #[doc(hidden)]
    fn is_dry_run(&self) -> bool {
        false
    }

    /// A copy for the transport of a test; `None` from a crate without the feature `test-util`.
    #[cfg(feature = "test-util")]
    #[doc(hidden)]
    fn copied(&self) -> Option<crate::test::Copied> {
        None
    }

    /// Writes the request in the form of the protocol.
    ///
    /// # Errors
    /// Only values that cannot be sent at all: an empty path label, a header value with a line break.
    #[doc(hidden)]
    fn encode(self) -> Result<HttpRequest, EncodeError>;

    /// Reads a successful response.
    ///
    /// # Errors
    /// A body or a header that is not of the type that the model says. Missing and unknown members are no error.
    #[doc(hidden)]
    fn decode(response: HttpResponse) -> Result<Self::Response, DecodeError>;
}

/// A request with a paginated response (`smithy.api#paginated`). See [`Pages`](crate::Pages).
pub trait Paginated: Request + Clone + Unpin {
    /// The token of a page.
    type Token: Clone + PartialEq + Unpin;

    /// The token of the page that is requested; without a token it is the first page.
    fn token(&self) -> Option<&Self::Token>;

    /// The same as a value. A page that several members choose has a token of several parts, of which
    /// [`token`](Self::token) cannot return a reference; it returns `None` then.
    fn owned_token(&self) -> Option<Self::Token> {
        self.token().cloned()
    }

    /// Sets the token of another page.
    fn set_token(&mut self, token: Option<Self::Token>);

    /// The token of the page after this one; `None` after the last. An empty token counts as none.
    fn next_token(response: &Self::Response) -> Option<Self::Token>;
}

/// A request whose pages hold items. See [`Items`](crate::Items).
pub trait PaginatedItems: Paginated {
    /// An item; a pair of key and value if the items are a map.
    type Item: Unpin;

    /// The items of a page.
    fn items(response: Self::Response) -> Vec<Self::Item>;
}

/// The errors that a service models, as one enum.
pub trait ServiceError: std::error::Error + Send + Sync + Sized + 'static {
    /// Whether the generated code names the sensitive members to the writer and the reader of messages. Otherwise a
    /// view of the wire shows no part of a message.
    #[doc(hidden)]
    const MARKS_SENSITIVE: bool = false;

    /// Reads the error with this shape name; `None` for one that is not in the model.
    ///
    /// # Errors
    /// As [`Request::decode`].
    #[doc(hidden)]
    fn decode(code: &str, response: &HttpResponse) -> Option<Result<Self, DecodeError>>;

    /// What the model says about this error; `None` from crates that were generated before it was asked for.
    #[doc(hidden)]
    fn modelled(&self) -> Option<Modelled<'_>> {
        None
    }
}
