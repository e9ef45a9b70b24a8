//! Polls futures and bodies of the background runtime on the caller's thread.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::runtime::Handle;

use crate::background;

/// A future or a body whose sockets, timers and tasks are created on the background runtime. Its owner polls it, in any
/// runtime or in none.
pub(super) struct OnBackground<T> {
    inner: T,
    handle: &'static Handle,
}

impl<T> OnBackground<T> {
    /// # Errors
    /// The system refuses the background thread.
    #[inline(never)]
    pub(super) fn new(inner: T) -> io::Result<Self> {
        let handle = background::handle()?;
        Ok(Self { inner, handle })
    }
}

impl<F: Future + Unpin> Future for OnBackground<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let _entered = self.handle.enter();
        Pin::new(&mut self.inner).poll(context)
    }
}

#[cfg(feature = "reqwest")]
impl<B: http_body::Body + Unpin> http_body::Body for OnBackground<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<B::Data>, B::Error>>> {
        let _entered = self.handle.enter();
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.inner.size_hint()
    }
}
