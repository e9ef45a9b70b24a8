//! What a test traces on its own thread.
//!
//! `tracing` remembers for each place in the code whether a subscriber is interested in it. While a test has the only
//! subscriber, a thread without one that reaches a place first makes it a place without interest, and the test misses
//! its events. So [`prepare`] sets a subscriber of the process that is interested in everything and shows nothing.
//! A test binary that captures events calls it before anything in it is traced.

use std::io::Write;
use std::sync::{Arc, Mutex, Once};

use tracing::Level;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::format::FmtSpan;

/// Makes every place of the code one that subscribers of threads are asked about.
///
/// # Panics
/// When the process has another subscriber.
pub fn prepare() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing::subscriber::set_global_default(tracing_subscriber::registry())
            .expect("the process has no other subscriber");
    });
}

/// The lines of what happens on this thread, until they are taken.
#[must_use]
pub struct Capture {
    lines: Lines,
    _guard: DefaultGuard,
}

impl Capture {
    /// Begins with the events down to a level, and with these events of spans.
    pub fn begin(level: Level, spans: FmtSpan) -> Self {
        prepare();
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_ansi(false)
            .without_time()
            .with_span_events(spans)
            .with_writer(move || writer.clone())
            .finish();
        Self {
            lines,
            _guard: tracing::subscriber::set_default(subscriber),
        }
    }

    /// The lines so far.
    ///
    /// # Panics
    /// When they are not text.
    pub fn end(self) -> String {
        let bytes = self.lines.0.lock().expect("no panic").clone();
        String::from_utf8(bytes).expect("text")
    }
}

/// Where the lines go.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
