//! A body in chunks (`aws-chunked`): its checksum, and the signatures of its chunks, are sent after what they cover.
//!
//! The form is that of the Amazon S3 API Reference, "Signature calculations for the authorization header: transferring
//! a payload in multiple chunks" and the same with trailing headers. Chunks have the length of botocore's.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::algorithm::{Algorithm, Digest};
use crate::body::{BoxError, ByteStream};
use crate::plumbing::sigv4::ChunkSigner;

/// The length of each chunk but the last, in bytes: that of botocore. S3 wants 8 KiB at least.
const CHUNK: usize = 1024 * 1024;
const SIGNATURE: &str = ";chunk-signature=";
const TRAILER_SIGNATURE: &str = "x-amz-trailer-signature:";
/// The length of a signature in hexadecimal.
const SIGNATURE_LENGTH: u64 = 64;

pub(super) struct Chunked {
    source: ByteStream,
    /// The beginning of the next chunk. Longer pieces of the source are not copied.
    begun: Vec<u8>,
    /// The parts of the message that can be sent.
    ready: VecDeque<Bytes>,
    trailer: Option<(Algorithm, Digest)>,
    signer: Option<ChunkSigner>,
    /// How many bytes of the source are to come, if it is known.
    left: Option<u64>,
    /// The same for the whole message.
    message_left: Option<u64>,
    /// Whether the line break after the data of a chunk is due.
    is_open: bool,
    has_ended: bool,
}

impl Chunked {
    pub(super) fn new(
        source: ByteStream,
        length: Option<u64>,
        checksum: Option<Algorithm>,
        signer: Option<ChunkSigner>,
    ) -> Self {
        Self {
            source,
            begun: Vec::new(),
            ready: VecDeque::new(),
            trailer: checksum.map(|algorithm| (algorithm, algorithm.digest())),
            message_left: length.map(|length| encoded_length(length, checksum, signer.is_some())),
            signer,
            left: length,
            is_open: false,
            has_ended: false,
        }
    }

    /// Takes a piece of the source.
    fn take(&mut self, mut piece: Bytes) -> Result<(), BoxError> {
        if let Some(left) = &mut self.left {
            let rest = left.checked_sub(piece.len() as u64);
            *left = rest.ok_or("the stream has more bytes than the length that it stated")?;
        }
        if let Some((_, digest)) = &mut self.trailer {
            digest.update(&piece);
        }
        while self.begun.len() + piece.len() >= CHUNK {
            let missing = piece.split_to(CHUNK - self.begun.len());
            let chunk = if self.begun.is_empty() {
                missing
            } else {
                self.begun.extend_from_slice(&missing);
                std::mem::take(&mut self.begun).into()
            };
            self.chunk(chunk);
        }
        if self.begun.is_empty() && self.left == Some(0) && !piece.is_empty() {
            self.chunk(piece);
        } else {
            self.begun.extend_from_slice(&piece);
        }
        Ok(())
    }

    fn chunk(&mut self, data: Bytes) {
        let mut head = self.head(&data);
        head.push_str("\r\n");
        self.ready.extend([head.into(), data]);
        self.is_open = true;
    }

    /// The line before the data of a chunk, without its end, and the end of the chunk before it.
    fn head(&mut self, data: &[u8]) -> String {
        let end = if self.is_open { "\r\n" } else { "" };
        let length = data.len();
        match &mut self.signer {
            Some(signer) => format!("{end}{length:x}{SIGNATURE}{}", signer.chunk(data)),
            None => format!("{end}{length:x}"),
        }
    }

    /// The end of the message: the last chunk, which is empty, and the trailers.
    fn finish(&mut self) -> Result<(), BoxError> {
        if let Some(left @ 1..) = self.left {
            return Err(
                format!("the stream ended {left} bytes before the length that it stated").into(),
            );
        }
        if !self.begun.is_empty() {
            let last = std::mem::take(&mut self.begun);
            self.chunk(last.into());
        }
        let mut end = self.head(&[]);
        end.push_str("\r\n");
        if let Some((algorithm, digest)) = self.trailer.take() {
            let (name, value) = (algorithm.header(), digest.finish());
            end.push_str(&format!("{name}:{value}\r\n"));
            if let Some(signer) = &mut self.signer {
                let signature = signer.trailer(&format!("{name}:{value}\n"));
                end.push_str(&format!("{TRAILER_SIGNATURE}{signature}\r\n"));
            }
        }
        end.push_str("\r\n");
        self.ready.push_back(end.into());
        Ok(())
    }
}

/// The length of the message of a body.
fn encoded_length(length: u64, checksum: Option<Algorithm>, is_signed: bool) -> u64 {
    let chunk = CHUNK as u64;
    let signature = match is_signed {
        true => SIGNATURE.len() as u64 + SIGNATURE_LENGTH,
        false => 0,
    };
    let around = |data: u64| format!("{data:x}").len() as u64 + signature + 2 + data + 2;
    let (whole, rest) = (length / chunk, length % chunk);
    let last = if rest == 0 { 0 } else { around(rest) };
    let trailer = checksum.map_or(0, |algorithm| {
        let name = algorithm.header().as_str().len() as u64;
        let signature = match is_signed {
            true => TRAILER_SIGNATURE.len() as u64 + SIGNATURE_LENGTH + 2,
            false => 0,
        };
        name + 1 + algorithm.text_length() + 2 + signature
    });
    whole * around(chunk) + last + around(0) + trailer
}

impl HttpBody for Chunked {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        loop {
            if let Some(part) = self.ready.pop_front() {
                if let Some(left) = &mut self.message_left {
                    *left = left.saturating_sub(part.len() as u64);
                }
                return Poll::Ready(Some(Ok(Frame::data(part))));
            }
            if self.has_ended {
                return Poll::Ready(None);
            }
            let taken = match ready!(Pin::new(&mut self.source).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(piece) => self.take(piece),
                    Err(_) => Ok(()),
                },
                Some(Err(error)) => Err(error),
                None => {
                    self.has_ended = true;
                    self.finish()
                }
            };
            if let Err(error) = taken {
                self.has_ended = true;
                return Poll::Ready(Some(Err(error)));
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.has_ended && self.ready.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        match self.message_left {
            Some(left) => SizeHint::with_exact(left),
            None => SizeHint::default(),
        }
    }
}
