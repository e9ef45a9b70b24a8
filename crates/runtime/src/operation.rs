//! What generated code implements for requests and errors.
//!
//! A generated operation is this metadata plus two plain functions, `encode` and `decode`. Everything between the two
//! is the same for every operation and is compiled once, in [`Core`](crate::plumbing::Core).

use crate::plumbing::message::{DecodeError, EncodeError, HttpRequest, HttpResponse};
use crate::plumbing::operation::Operation;
use crate::validation::{Level, Violations};

/// A dry run succeeded: the service would do what the request asks for, and has done nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DryRun;

/// The request of one operation.
///
/// Generated crates implement it for their request types. Users meet it as the bound of `Client::send`.
pub trait Request: Sized {
    /// What the service answers.
    type Response: Send + 'static;
    /// The errors that the service models.
    type ServiceError: ServiceError;
    /// What is to be known about the operation.
    #[doc(hidden)]
    const OPERATION: &'static Operation;

    /// Gives the idempotency token a value where the caller gave none (`smithy.api#idempotencyToken`).
    #[doc(hidden)]
    fn fill_idempotency_token(&mut self, _token: &dyn Fn() -> String) {}

    /// Checks the request against what the service documents, without sending it. [`Core`](crate::plumbing::Core) does so
    /// before every call, at the level of the client.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place.
    fn validate(&self, level: Level) -> Result<(), Violations>;

    /// Whether the service is only to say whether it would act (`attache#dryRun`).
    #[doc(hidden)]
    fn is_dry_run(&self) -> bool {
        false
    }

    /// Writes the request as the protocol wants it.
    ///
    /// # Errors
    /// Only what cannot be sent at all: an empty path label, a header value with a line break.
    #[doc(hidden)]
    fn encode(self) -> Result<HttpRequest, EncodeError>;

    /// Reads a successful response.
    ///
    /// # Errors
    /// A body or a header that is not of the type that the model says. What is missing or unknown is no error.
    #[doc(hidden)]
    fn decode(response: HttpResponse) -> Result<Self::Response, DecodeError>;
}

/// A request that is answered in pages (`smithy.api#paginated`). See [`Pages`](crate::Pages).
pub trait Paginated: Request + Clone + Unpin {
    /// What names a page.
    type Token: Clone + PartialEq + Unpin;

    /// The page that the request asks for; the first one without a token.
    fn token(&self) -> Option<&Self::Token>;

    /// Asks for another page.
    fn set_token(&mut self, token: Option<Self::Token>);

    /// The page after this one; `None` after the last. An empty token is none.
    fn next_token(response: &Self::Response) -> Option<Self::Token>;
}

/// A request whose pages hold items. See [`Items`](crate::Items).
pub trait PaginatedItems: Paginated {
    /// An item; a pair of key and value where they are a map.
    type Item: Unpin;

    /// The items of a page.
    fn items(response: Self::Response) -> Vec<Self::Item>;
}

/// The errors that a service models, as one enum.
pub trait ServiceError: std::error::Error + Send + Sync + Sized + 'static {
    /// Reads the error with this shape name; `None` for one that the model does not know.
    ///
    /// # Errors
    /// As [`Request::decode`].
    #[doc(hidden)]
    fn decode(code: &str, response: &HttpResponse) -> Option<Result<Self, DecodeError>>;
}
