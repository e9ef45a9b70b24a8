//! Reads messages of event streams and writes them again, for `xtask/outside/frames.py`: a line with the bytes of
//! messages in hexadecimal, for each of which a line is printed: the bytes of the messages that were read, or `error` and
//! why they cannot be read.

use std::io::{BufRead, Write};

use attache_runtime::event_stream::FrameReader;

fn main() -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        match read(&bytes(&line?)) {
            Ok(bytes) => {
                let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                writeln!(output, "{text}")?;
            }
            Err(error) => writeln!(output, "error {error}")?,
        }
        output.flush()?;
    }
    Ok(())
}

/// The messages, written again. They arrive in pieces of different lengths.
fn read(bytes: &[u8]) -> Result<Vec<u8>, attache_runtime::event_stream::FrameError> {
    let mut reader = FrameReader::default();
    let mut written = Vec::new();
    for piece in bytes.chunks(bytes.len() % 13 + 1) {
        reader.push(piece);
        while let Some(message) = reader.next_message()? {
            written.extend_from_slice(&message.encode()?);
        }
    }
    reader.finish()?;
    Ok(written)
}

/// # Panics
/// If the line is not hexadecimal.
fn bytes(line: &str) -> Vec<u8> {
    let digits = line.trim().as_bytes().chunks(2);
    let bytes = digits.map(|pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    });
    let bytes: Option<Vec<u8>> = bytes.collect();
    bytes.expect("a line is hexadecimal")
}
