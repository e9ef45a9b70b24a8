//! A server on loopback that misbehaves as configured.
//!
//! It speaks HTTP/1.1 by hand, because no library would send what it has to send.

use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// What the server does with the connection once it has read a request; `false` closes it.
pub(crate) type Behavior = dyn Fn(&Received, &mut TcpStream) -> bool + Send + Sync;

/// A request that arrived whole.
pub(crate) struct Received {
    /// How many arrived before.
    pub(crate) number: u32,
    pub(crate) body: Vec<u8>,
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    received: Arc<AtomicU32>,
    open: Arc<AtomicU32>,
    stopped: Arc<AtomicBool>,
    reads_nothing: Arc<AtomicBool>,
}

impl Server {
    pub(crate) fn start(
        behavior: impl Fn(&Received, &mut TcpStream) -> bool + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let (received, stopped) = (
            Arc::new(AtomicU32::new(0)),
            Arc::new(AtomicBool::new(false)),
        );
        let behavior: Arc<Behavior> = Arc::new(behavior);
        let reads_nothing = Arc::new(AtomicBool::new(false));
        let (count, stop, unread) = (received.clone(), stopped.clone(), reads_nothing.clone());
        let open = Arc::new(AtomicU32::new(0));
        let accepted = open.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let (behavior, count, unread) = (behavior.clone(), count.clone(), unread.clone());
                let open = accepted.clone();
                open.fetch_add(1, Ordering::SeqCst);
                std::thread::spawn(move || {
                    serve(stream, &*behavior, &count, &unread);
                    open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self {
            address,
            received,
            open,
            stopped,
            reads_nothing,
        }
    }

    /// Has every connection reset without reading a byte, or not any more.
    pub(crate) fn reset_connections(&self, reset: bool) {
        self.reads_nothing.store(reset, Ordering::SeqCst);
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many connections are open.
    pub(crate) fn open(&self) -> u32 {
        self.open.load(Ordering::SeqCst)
    }

    /// How many requests arrived whole.
    pub(crate) fn received(&self) -> u32 {
        self.received.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the listener, which then sees that it is over.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(mut stream: TcpStream, behavior: &Behavior, count: &AtomicU32, unread: &AtomicBool) {
    let Ok(clone) = stream.try_clone() else {
        return;
    };
    let mut reader = BufReader::new(clone);
    loop {
        // Bytes that were not read when a socket closes make a reset of its end.
        if unread.load(Ordering::SeqCst) {
            let _ = reader.get_mut().peek(&mut [0]);
            return;
        }
        let Some(body) = read_request(&mut reader) else {
            break;
        };
        let number = count.fetch_add(1, Ordering::SeqCst);
        let received = Received { number, body };
        if !behavior(&received, &mut stream) {
            break;
        }
    }
    let _ = stream.shutdown(Shutdown::Both);
}

fn read_request(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(body)
}

/// Writes all; whether the other end still took it.
pub(crate) fn write(stream: &mut TcpStream, text: &[u8]) -> bool {
    stream.write_all(text).and_then(|()| stream.flush()).is_ok()
}

/// A well-formed answer.
pub(crate) fn answer(stream: &mut TcpStream, status: &str, headers: &str, body: &str) -> bool {
    let length = body.len();
    let text = format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n{body}");
    write(stream, text.as_bytes())
}

/// Closes the connection.
pub(crate) fn hang_up(stream: &TcpStream) -> bool {
    let _ = stream.shutdown(Shutdown::Both);
    false
}
