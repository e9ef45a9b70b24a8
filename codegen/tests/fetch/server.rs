//! A server on loopback that answers by path and notes each request.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// How many bytes of the body are sent before the connection is closed; all without it.
    pub(crate) cut: Option<usize>,
    /// Whether nothing more comes then, but the connection stays open until the client closes it.
    pub(crate) stalls: bool,
}

impl Answer {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
            cut: None,
            stalls: false,
        }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn cut_after(mut self, bytes: usize) -> Self {
        self.cut = Some(bytes);
        self
    }

    pub(crate) fn stall_after(mut self, bytes: usize) -> Self {
        self.stalls = true;
        self.cut_after(bytes)
    }
}

/// A request: its path, and its headers with names in lower case.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
}

#[derive(Default)]
struct State {
    /// For each path, the answers in their order; the last one stays.
    answers: BTreeMap<String, Vec<Answer>>,
    received: Vec<Received>,
}

#[derive(Clone)]
pub(crate) struct Server {
    address: String,
    state: Arc<Mutex<State>>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let server = Self {
            address,
            state: state.clone(),
        };
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let state = state.clone();
                // A client that goes away in the middle is not a failure of the server.
                thread::spawn(move || serve(stream, &state).ok());
            }
        });
        server
    }

    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Adds an answer to those of a path.
    pub(crate) fn answer(&self, path: &str, answer: Answer) {
        let mut state = self.state.lock().unwrap();
        state
            .answers
            .entry(path.to_owned())
            .or_default()
            .push(answer);
    }

    /// Replaces the answers of a path.
    pub(crate) fn replace(&self, path: &str, answer: Answer) {
        let mut state = self.state.lock().unwrap();
        state.answers.insert(path.to_owned(), vec![answer]);
    }

    /// The requests so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.state.lock().unwrap().received.clone()
    }
}

fn serve(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    loop {
        let Some(request) = read(&mut reader)? else {
            return Ok(());
        };
        let answer = {
            let mut state = state.lock().unwrap();
            let answer = match state.answers.get_mut(&request.path) {
                Some(answers) if answers.len() > 1 => answers.remove(0),
                Some(answers) => answers[0].clone(),
                None => Answer::new(404, "no such path"),
            };
            state.received.push(request.clone());
            answer
        };
        write(&mut stream, &request, answer)?;
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> std::io::Result<Option<Received>> {
    let mut first = String::new();
    if reader.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.insert(name.to_ascii_lowercase(), value.to_owned()),
            None => return Ok(Some(Received { path, headers })),
        };
    }
}

/// Sends an answer; one of 200 is sent in the part that was asked for, where it has an `ETag` that the request names.
fn write(stream: &mut TcpStream, request: &Received, mut answer: Answer) -> std::io::Result<()> {
    let whole = answer.body.len();
    let header = |name: &str| request.headers.get(name).map(String::as_str);
    let tag = answer.headers.iter().find(|(name, _)| name == "ETag");
    let tag = tag.map(|(_, value)| value.as_str());
    let first = header("range").and_then(|range| {
        range
            .strip_prefix("bytes=")?
            .strip_suffix('-')?
            .parse::<usize>()
            .ok()
    });
    if tag.is_some() && header("if-none-match") == tag {
        answer = Answer::new(304, "");
    } else if let Some(first) = first.filter(|_| tag.is_some() && header("if-range") == tag) {
        answer.status = 206;
        answer.body.drain(..first);
        answer = answer.with(
            "Content-Range",
            &format!("bytes {first}-{}/{whole}", whole - 1),
        );
    }
    let mut head = format!(
        "HTTP/1.1 {} -\r\nContent-Length: {}\r\n",
        answer.status,
        answer.body.len()
    );
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{head}\r\n").as_bytes())?;
    let bytes = answer
        .cut
        .unwrap_or(answer.body.len())
        .min(answer.body.len());
    stream.write_all(&answer.body[..bytes])?;
    stream.flush()?;
    if answer.cut.is_some() {
        if !answer.stalls {
            stream.shutdown(std::net::Shutdown::Both)?;
        }
        // What the client still sends is of no interest.
        let mut rest = [0; 1];
        let _ = stream.read(&mut rest);
        return Err(std::io::ErrorKind::ConnectionAborted.into());
    }
    Ok(())
}
