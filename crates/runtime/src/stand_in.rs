//! What stands for a blob in a request until the blob is read from its source.
//!
//! A stand-in is a blob of 30 bytes: a secret of this process, the length of the source, and a number. No other blob has the
//! secret, so the validator takes the length of the source for that of the blob, and the text of a stand-in marks the place of
//! the source in a body.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;

use crate::random::{RandomSource as _, SystemRandomSource};

const SECRET: usize = 16;
const LENGTH: usize = 8;
/// A multiple of three, so that its base64 has no padding.
const WHOLE: usize = 30;

/// Made when the first stand-in is.
static OF_PROCESS: OnceLock<[u8; SECRET]> = OnceLock::new();
static NEXT: AtomicU64 = AtomicU64::new(0);

/// A blob that stands for a source of this length, and for no other one.
#[inline]
pub(crate) fn of_length(length: u64) -> Bytes {
    let secret = OF_PROCESS.get_or_init(|| SystemRandomSource.id());
    let number = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    let mut bytes = Vec::with_capacity(SECRET + LENGTH + number.len());
    bytes.extend_from_slice(secret);
    bytes.extend_from_slice(&length.to_be_bytes());
    // No program makes 2 to the power of 48 of them.
    bytes.extend_from_slice(&number[SECRET + LENGTH + number.len() - WHOLE..]);
    bytes.into()
}

/// The length of a blob: that of the source, if it stands for one.
pub(crate) fn measured(blob: &[u8]) -> u64 {
    of_source(blob).unwrap_or(blob.len() as u64)
}

fn of_source(blob: &[u8]) -> Option<u64> {
    if blob.len() != WHOLE {
        return None;
    }
    let length = blob.strip_prefix(OF_PROCESS.get()?)?.first_chunk()?;
    Some(u64::from_be_bytes(*length))
}

/// Where a stand-in is in a text, and the length of its source.
pub(crate) struct Place {
    /// Between the quotes.
    pub(crate) range: Range<usize>,
    pub(crate) length: u64,
}

impl Place {
    /// What is shown in this place, which is as long as the stand-in.
    #[cfg(feature = "tracing")]
    #[inline]
    pub(crate) fn shown(&self) -> String {
        let (length, width) = (self.length, self.range.len());
        format!("{:width$}", format!("streamed: {length} bytes"))
    }
}

/// Where a stand-in is in a text of JSON, as a string of base64.
#[inline]
pub(crate) fn ranges(text: &[u8], stand_in: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let quoted = base64_simd::STANDARD.encode_to_string(stand_in);
    let quoted = format!("\"{quoted}\"").into_bytes();
    let windows = text.windows(quoted.len()).enumerate();
    windows
        .filter_map(move |(at, window)| (window == quoted).then_some(at + 1..at + quoted.len() - 1))
}

#[cfg(test)]
mod tests {
    use super::{WHOLE, measured, of_length, ranges};

    #[test]
    fn a_stand_in_is_found_as_a_whole_string_only() {
        let blob = of_length(7);
        let base64 = base64_simd::STANDARD.encode_to_string(&blob);
        let text = format!("{{\"a\":\"{base64}\",\"b\":\"x{base64}\",\"c\":\"{base64}\"}}");
        let found: Vec<_> = ranges(text.as_bytes(), &blob).collect();
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|range| text[range.clone()] == base64));
        assert_eq!(ranges(b"", &blob).count(), 0);
    }

    #[test]
    fn a_stand_in_has_the_length_of_its_source_and_other_blobs_have_their_own() {
        for length in [0, 1, 5 * 1024 * 1024, u64::MAX] {
            let blob = of_length(length);
            assert_eq!(measured(&blob), length);
            assert_eq!(blob.len(), WHOLE);
            assert_ne!(blob, of_length(length));
            assert_eq!(measured(&blob[..29]), 29);
        }
        assert_eq!(measured(&[7; WHOLE]), 30);
        assert_eq!(measured(&[]), 0);
    }
}
