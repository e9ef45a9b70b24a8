//! Writes the requests of the operations that name endpoints.

use crate::operation::Request;
use crate::plumbing::message::{EncodeError, HttpRequest};

/// Writes the request of a [`Finder`](super::Finder), with what the trait of the request says about it.
///
/// # Errors
/// As [`Request::encode`].
pub fn request<R: Request>(request: R) -> Result<HttpRequest, EncodeError> {
    let mut message = request.encode()?;
    message.schemes = R::SCHEMES;
    message.signature_version = R::SIGNATURE_VERSION;
    Ok(message)
}
