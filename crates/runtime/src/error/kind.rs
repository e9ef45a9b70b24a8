//! The kinds of failures.

/// The kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request violates constraints that the service documents ([`Error::violations`](crate::Error::violations)). Nothing was sent. Change
    /// the request, or lower the level of [validation](crate::validation) if the service now accepts such requests.
    Validation,
    /// The request cannot be sent at all: an empty path label, a header with a line break. Nothing was sent; change the
    /// request.
    Request,
    /// The client is not set up: no region, no endpoint, settings that contradict each other. Nothing was sent.
    Configuration,
    /// No credentials were found, or they have expired. Nothing was sent.
    Credentials,
    /// No connection to the service was made. Nothing was sent; look at the network, the proxy and the endpoint.
    Connect,
    /// There was no response in time. The service may have acted on the request.
    Timeout,
    /// The connection broke. The service may have acted on the request.
    Io,
    /// The response does not match the model of the service.
    Decode,
    /// The service responded with an error.
    Service,
    /// The token of the next page is one that the service returned before. The pages until then are complete.
    Pagination,
    /// The state for which a [waiter](crate::waiter) waits can no longer be reached: the service reports a failure.
    WaitFailed,
    /// The state for which a [waiter](crate::waiter) waits was not reached in time. It may still be reached.
    WaitTimeout,
}
