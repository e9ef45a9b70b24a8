//! Bodies of requests and responses.
//!
//! Nearly every operation sends and receives a body that is completely in memory, which can be hashed, signed and sent
//! again. A streaming blob (`smithy.api#streaming`) is read once, in pieces, and is never completely in memory.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

/// The maximum memory in bytes that is reserved for an announced length, which a server may invent.
pub(crate) const RESERVED: u64 = 16 * 1024 * 1024;

/// An error of the source of a stream.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// A body: bytes in memory, or a stream of them.
///
/// `Debug` shows only its length, because the content may be secret and long.
#[non_exhaustive]
pub enum Body {
    /// All bytes, in memory.
    Bytes(Bytes),
    /// A stream.
    Stream(ByteStream),
}

impl Body {
    /// A body without bytes.
    pub const fn empty() -> Self {
        Self::Bytes(Bytes::new())
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(formatter, "Bytes({} bytes)", bytes.len()),
            Self::Stream(stream) => formatter.debug_tuple("Stream").field(stream).finish(),
        }
    }
}

/// A stream of bytes: the type of members with `smithy.api#streaming`.
///
/// It is made from bytes, or from anything that implements [`http_body::Body`], and read with [`ByteStream::next`] or
/// [`ByteStream::collect`].
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// use attache_runtime::{ByteStream, Bytes};
///
/// let mut stream = ByteStream::from(Bytes::from_static(b"evidence"));
/// while let Some(piece) = stream.next().await {
///     println!("{} bytes", piece?.len());
/// }
/// # Ok(())
/// # }
/// ```
pub struct ByteStream {
    inner: Inner,
}

enum Inner {
    Bytes(Option<Bytes>),
    Body(Pin<Box<dyn HttpBody<Data = Bytes, Error = BoxError> + Send + Sync>>),
}

impl ByteStream {
    /// A stream over any body.
    pub fn new<B>(body: B) -> Self
    where
        B: HttpBody<Data = Bytes> + Send + Sync + 'static,
        B::Error: Into<BoxError>,
    {
        Self {
            inner: Inner::Body(Box::pin(MapError(Box::pin(body)))),
        }
    }

    /// A stream over a body that may be moved while it is read, which saves an allocation.
    #[cfg(feature = "hyper")]
    pub(crate) fn from_unpin<B>(body: B) -> Self
    where
        B: HttpBody<Data = Bytes> + Send + Sync + Unpin + 'static,
        B::Error: Into<BoxError>,
    {
        Self {
            inner: Inner::Body(Box::pin(MapError(body))),
        }
    }

    /// The next piece; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Bytes, BoxError>> {
        loop {
            let frame =
                std::future::poll_fn(|context| Pin::new(&mut *self).poll_frame(context)).await?;
            match frame {
                Ok(frame) => {
                    if let Ok(data) = frame.into_data() {
                        return Some(Ok(data));
                    }
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }

    /// Reads the stream to its end into memory.
    ///
    /// # Errors
    /// What the source of the stream reports.
    pub async fn collect(mut self) -> Result<Bytes, BoxError> {
        if let Inner::Bytes(bytes) = self.inner {
            return Ok(bytes.unwrap_or_default());
        }
        // A buffer that grows touches its memory twice: once before it is moved, and once after.
        let announced = self.size_hint().lower().min(RESERVED);
        let mut all = Vec::with_capacity(announced as usize);
        while let Some(piece) = self.next().await {
            all.extend_from_slice(&piece?);
        }
        Ok(all.into())
    }

    /// The bytes, where the stream holds them in memory.
    pub(crate) fn in_memory(&self) -> Option<&Bytes> {
        match &self.inner {
            Inner::Bytes(bytes) => bytes.as_ref(),
            Inner::Body(_) => None,
        }
    }
}

impl Default for ByteStream {
    fn default() -> Self {
        Self::from(Bytes::new())
    }
}

impl<T: Into<Bytes>> From<T> for ByteStream {
    fn from(bytes: T) -> Self {
        Self {
            inner: Inner::Bytes(Some(bytes.into())),
        }
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.size_hint().exact() {
            Some(length) => write!(formatter, "ByteStream({length} bytes)"),
            None => formatter.write_str("ByteStream(of unknown length)"),
        }
    }
}

/// Two streams are equal when both are in memory and hold the same bytes.
impl PartialEq for ByteStream {
    fn eq(&self, other: &Self) -> bool {
        matches!((self.in_memory(), other.in_memory()), (Some(one), Some(two)) if one == two)
    }
}

impl HttpBody for ByteStream {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &mut self.inner {
            Inner::Bytes(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Inner::Body(body) => body.as_mut().poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.inner {
            Inner::Bytes(bytes) => bytes.is_none(),
            Inner::Body(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.inner {
            Inner::Bytes(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            Inner::Body(body) => body.size_hint(),
        }
    }
}

/// Turns the errors of a body into boxed ones.
struct MapError<B>(B);

impl<B> HttpBody for MapError<B>
where
    B: HttpBody<Data = Bytes> + Unpin,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Pin::new(&mut self.0)
            .poll_frame(context)
            .map_err(Into::into)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}
