//! Work that would block a thread of an async runtime: reading and writing files.
//!
//! Tokio has threads for it, and panics outside of its runtimes. A program on another executor gets an error that says
//! so.

use tokio::runtime::Handle;

use crate::error::{Error, ErrorKind};

/// Runs what blocks on a thread for such work.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let done = runtime()?.spawn_blocking(work).await;
    done.map_err(|error| Error::new(ErrorKind::Source, "reading failed").because(error))?
}

/// The runtime of the caller, which everything in `tokio::fs` needs.
pub fn runtime() -> Result<Handle, Error> {
    Handle::try_current().map_err(|_| {
        Error::new(
            ErrorKind::Settings,
            "files are read and written on threads of Tokio, and there is no runtime of it here; call this function in \
             one, such as that of `#[tokio::main]`",
        )
    })
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use crate::{Error, ErrorKind, Source};

    #[test]
    fn without_a_runtime_of_tokio_there_is_an_error_and_no_panic() {
        fn failed<T>(poll: Poll<Result<T, Error>>) -> Option<ErrorKind> {
            match poll {
                Poll::Ready(Err(error)) => Some(error.kind()),
                _ => None,
            }
        }
        let mut context = Context::from_waker(Waker::noop());
        let reader = pin!(Source::reader("a.log", &b"text"[..])).poll(&mut context);
        assert_eq!(failed(reader), Some(ErrorKind::Settings));
        let source = Source::bytes("a.log", "text");
        let opened =
            pin!(source.open(1..=4, attache_runtime::Timestamp::UNIX_EPOCH)).poll(&mut context);
        assert_eq!(failed(opened), Some(ErrorKind::Settings));
    }
}
