//! Large bodies as streams, in bounded memory.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use anyhow::{Context, Result, anyhow, ensure};
use attache_runtime::{ByteStream, Bytes, blocking};
use attache_s3::Client;
use http_body::{Body, Frame, SizeHint};

use crate::BUCKET;
use crate::steps::same;

/// The size of the body in bytes.
const SIZE: u64 = 100 << 20;
const PIECE: u64 = 64 << 10;
/// How much more memory the process may have used while both bodies were streamed: far less than one of them.
const MOST: u64 = 24 << 20;

/// The whole text of an object.
pub fn text(stream: ByteStream) -> Result<String> {
    let bytes = blocking::wait(async { stream.collect().await.map_err(|error| anyhow!("the stream broke: {error}")) })?;
    Ok(String::from_utf8(bytes.to_vec())?)
}

pub fn check(client: &Client) -> Result<()> {
    let before = memory("VmRSS")?;
    let body = ByteStream::new(Numbers { sent: 0 });
    let length = i64::try_from(SIZE)?;
    client.put_object().bucket(BUCKET).key("large").content_length(length).body(body).send().wait()?;
    let found = client.get_object().bucket(BUCKET).key("large").send().wait()?;
    same("ContentLength", found.content_length, Some(length))?;
    let mut stream = found.body;
    let received = blocking::wait(async {
        let mut received = 0;
        while let Some(piece) = stream.next().await {
            for byte in piece.map_err(|error| anyhow!("the stream broke: {error}"))? {
                ensure!(byte == byte_at(received), "another byte at {received}");
                received += 1;
            }
        }
        Ok::<u64, anyhow::Error>(received)
    });
    same("the bytes that came", received?, SIZE)?;
    client.delete_object().bucket(BUCKET).key("large").send().wait()?;
    // Only Linux says what the peak was.
    if let (Some(before), Some(peak)) = (before, memory("VmHWM")?) {
        let more = peak.saturating_sub(before);
        eprintln!("100 MiB sent and received: {} KiB before, {} KiB at most", before >> 10, peak >> 10);
        ensure!(more < MOST, "100 MiB in both directions took {} KiB, at most {} are expected", more >> 10, MOST >> 10);
    }
    Ok(())
}

fn byte_at(position: u64) -> u8 {
    u8::try_from(position / PIECE % 251).unwrap_or_default()
}

/// A body that is made while it is sent.
struct Numbers {
    sent: u64,
}

impl Body for Numbers {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.sent == SIZE {
            return Poll::Ready(None);
        }
        let piece = vec![byte_at(self.sent); usize::try_from(PIECE).unwrap_or_default()];
        self.sent += PIECE;
        Poll::Ready(Some(Ok(Frame::data(piece.into()))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(SIZE - self.sent)
    }
}

/// Bytes of memory, as the kernel counts them; `None` where it has no such file.
fn memory(name: &str) -> Result<Option<u64>> {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
        return Ok(None);
    };
    let line = status.lines().find(|line| line.starts_with(name)).context("the kernel counts no memory")?;
    let kibibytes: u64 = line.split_whitespace().nth(1).context("no number")?.parse()?;
    Ok(Some(kibibytes << 10))
}
