//! Bodies of requests and responses.
//!
//! Nearly every operation sends and receives a body that is completely in memory, which can be hashed, signed and sent
//! again. A streaming blob (`smithy.api#streaming`) is read in pieces, and is never completely in memory. It can be sent
//! again only if its source can be opened again.

mod again;

use std::error::Error as StdError;
use std::fmt;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::boxed_errors::BoxedErrors;
use crate::formatting::write;

/// The maximum memory in bytes that is reserved for an announced length, which a server may invent.
pub(crate) const RESERVED: u64 = 16 * 1024 * 1024;

/// How many bytes of a file are read at once: as many as a chunk of `aws-chunked` has, so that a piece is not copied into
/// one.
pub(crate) const PIECE: u64 = 1024 * 1024;

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
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(formatter, "Bytes({} bytes)", bytes.len()),
            Self::Stream(stream) => formatter.debug_tuple("Stream").field(stream).finish(),
        }
    }
}

/// A stream of bytes: the type of members with `smithy.api#streaming`.
///
/// It is made from bytes, from a file, or from anything that implements [`http_body::Body`], and read with
/// [`ByteStream::next`] or [`ByteStream::collect`].
///
/// A request is sent again after a failure only if its body can be read again: bytes, a file (`ByteStream::from_path`), or a
/// source that can be opened again ([`ByteStream::from_source`]). A stream over a body ([`ByteStream::new`]) is read once.
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
    Source(Box<dyn Again>),
}

/// Opens a source from its start. A source that is read in pieces reads at most so many bytes at once.
type Open = dyn Fn(u64) -> Result<ByteStream, BoxError> + Send + Sync;

/// A source that can be opened again.
pub(crate) struct Origin {
    pub(crate) open: Box<Open>,
    /// How many bytes each reading has.
    pub(crate) length: u64,
    /// Where it is, if it is a file.
    pub(crate) path: Option<Arc<Path>>,
}

/// A [`Source`] of which only the pointer is known, so that what drops it is compiled once, and not wherever a body is dropped.
trait Again: HttpBody<Data = Bytes, Error = BoxError> + Send + Sync + Unpin {
    fn source(&self) -> &Source;
}

/// One reading of a source that can be opened again.
struct Source {
    origin: Arc<Origin>,
    /// How many bytes are read at once.
    piece: u64,
    /// How many of them have been read.
    read: u64,
    reading: Option<ByteStream>,
}

impl ByteStream {
    /// A stream of `length` bytes over a source that can be opened again: each attempt to send it opens the source and
    /// reads it from its start, and so does [`ByteStream::next`].
    ///
    /// The source must have the same bytes each time. If it has fewer than `length`, the call fails and is not repeated,
    /// as with an error of `open` or of its stream. More bytes are never sent, and a piece that holds some of them is an error. `open` must not block:
    /// let the stream that it returns do what takes time.
    ///
    /// ```
    /// use attache_runtime::{ByteStream, Bytes};
    ///
    /// let parts = [Bytes::from_static(b"evi"), Bytes::from_static(b"dence")];
    /// let body = ByteStream::from_source(8, move || Ok(ByteStream::from(parts.concat())));
    /// ```
    pub fn from_source(
        length: u64,
        open: impl Fn() -> Result<Self, BoxError> + Send + Sync + 'static,
    ) -> Self {
        let open = Box::new(move |_| open());
        Self::of_origin(
            Arc::new(Origin {
                open,
                length,
                path: None,
            }),
            PIECE,
        )
    }

    /// A stream over a file, which is read in pieces.
    #[cfg(feature = "tokio")]
    pub(crate) fn of_file(origin: Origin) -> Self {
        Self::of_origin(Arc::new(origin), PIECE)
    }

    fn of_origin(origin: Arc<Origin>, piece: u64) -> Self {
        Self {
            inner: Inner::Source(Box::new(Source {
                origin,
                piece,
                read: 0,
                reading: None,
            })),
        }
    }

    /// A stream over any body.
    pub fn new<B>(body: B) -> Self
    where
        B: HttpBody<Data = Bytes> + Send + Sync + 'static,
        B::Error: Into<BoxError>,
    {
        Self {
            inner: Inner::Body(Box::pin(BoxedErrors(Box::pin(body)))),
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
            inner: Inner::Body(Box::pin(BoxedErrors(body))),
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
            Inner::Body(_) | Inner::Source(_) => None,
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
    #[inline]
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
            Inner::Source(source) => Pin::new(&mut **source).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.inner {
            Inner::Bytes(bytes) => bytes.is_none(),
            Inner::Body(body) => body.is_end_stream(),
            Inner::Source(source) => source.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.inner {
            Inner::Bytes(bytes) => SizeHint::with_exact(match bytes {
                Some(bytes) => bytes.len() as u64,
                None => 0,
            }),
            Inner::Body(body) => body.size_hint(),
            Inner::Source(source) => source.size_hint(),
        }
    }
}

impl Again for Source {
    fn source(&self) -> &Source {
        self
    }
}

impl HttpBody for Source {
    type Data = Bytes;
    type Error = BoxError;

    /// The next piece. The bytes are counted, because a request states their number before it sends them.
    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let Self {
            origin,
            piece,
            read,
            reading,
        } = &mut *self;
        let length = origin.length;
        let stream = match reading {
            Some(stream) => stream,
            None => match (origin.open)(*piece) {
                Ok(stream) => reading.insert(stream),
                Err(error) => return Poll::Ready(Some(Err(error))),
            },
        };
        let frame = ready!(Pin::new(stream).poll_frame(context));
        let more = match &frame {
            Some(Ok(frame)) => match frame.data_ref() {
                Some(data) => data.len() as u64,
                None => 0,
            },
            Some(Err(_)) => 0,
            None if *read < length => {
                return Poll::Ready(Some(Err(format!(
                    "the source of the body ended after {read} of {length} bytes: it must have the same bytes each time \
                     that it is opened"
                )
                .into())));
            }
            None => 0,
        };
        match read.checked_add(more) {
            Some(sum) if sum <= length => *read = sum,
            _ => {
                return Poll::Ready(Some(Err(format!(
                    "the source of the body has more than {length} bytes: it must have the same bytes each time that it is \
                     opened"
                )
                .into())));
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.read == self.origin.length
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.origin.length - self.read)
    }
}
