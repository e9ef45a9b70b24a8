//! A tiny HTTP/1.1 server on a loopback port of the system's choosing.
//!
//! It answers what a test gives it, broken answers included, and keeps what it was sent. Nothing in it waits for
//! time to pass: who needs to know that a request has arrived waits for the request.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};

/// What the server does with a request.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Sends these bytes and goes on reading.
    Send(Vec<u8>),
    /// Sends these bytes and closes the connection.
    SendAndClose(Vec<u8>),
    /// Never answers. The connection stays open as long as the server.
    Hold,
}

impl Answer {
    /// A complete response.
    pub fn response(status: u16, headers: &str, body: &str) -> Self {
        let text = format!(
            "HTTP/1.1 {status} Status\r\n{headers}content-length: {}\r\n\r\n{body}",
            body.len()
        );
        Self::Send(text.into_bytes())
    }
}

/// A request as it arrived.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// The first line.
    pub line: String,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Received {
    /// A header; empty where it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }
}

/// A server in a thread of its own.
#[derive(Debug)]
pub struct Server {
    address: std::net::SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    arrival: Condvar,
}

#[derive(Debug, Default)]
struct State {
    answers: VecDeque<Answer>,
    received: Vec<Received>,
    connections: usize,
    held: Vec<TcpStream>,
}

impl Server {
    /// Starts a server with these answers, in the order of the requests; after the last it answers `200 {}`.
    ///
    /// # Panics
    /// When the system gives no loopback port.
    pub fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let shared = Arc::new(Shared::default());
        shared.lock().answers.extend(answers);
        let accepting = Arc::clone(&shared);
        // The thread ends with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                accepting.lock().connections += 1;
                let shared = Arc::clone(&accepting);
                // A connection that breaks is the client's to report.
                std::thread::spawn(move || shared.serve(stream));
            }
        });
        Self { address, shared }
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until this many requests have arrived, and gives all that have.
    ///
    /// # Panics
    /// When a connection's thread has panicked.
    pub fn wait_for(&self, count: usize) -> Vec<Received> {
        let state = self.shared.lock();
        let state = self
            .shared
            .arrival
            .wait_while(state, |state| state.received.len() < count)
            .expect("no connection panics");
        state.received.clone()
    }

    /// The requests so far.
    pub fn received(&self) -> Vec<Received> {
        self.wait_for(0)
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.shared.lock().connections
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("no connection panics")
    }

    fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut writer = stream.try_clone()?;
        let mut reader = BufReader::new(stream);
        while let Some(request) = read_request(&mut reader)? {
            let answer = {
                let mut state = self.lock();
                state.received.push(request);
                let answer = state.answers.pop_front();
                answer.unwrap_or_else(|| Answer::response(200, "", "{}"))
            };
            self.arrival.notify_all();
            match answer {
                Answer::Send(bytes) => writer.write_all(&bytes)?,
                Answer::SendAndClose(bytes) => return writer.write_all(&bytes),
                Answer::Hold => {
                    self.lock().held.push(writer);
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// One request; `None` at the end of the connection.
fn read_request(reader: &mut impl BufRead) -> std::io::Result<Option<Received>> {
    let mut request = Received::default();
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    request.line = line.trim_end().to_owned();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        let header = (name.to_ascii_lowercase(), value.trim().to_owned());
        request.headers.push(header);
    }
    let length = request.header("content-length").parse().unwrap_or(0);
    request.body = vec![0; length];
    reader.read_exact(&mut request.body)?;
    Ok(Some(request))
}
