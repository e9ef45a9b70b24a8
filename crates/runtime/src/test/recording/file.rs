//! The file of a recording.

use std::io::{self, Write as _};
use std::path::Path;

use super::exchange::{Content, Digest, Exchange, Headers, Outcome, Request, Response};
use super::json::{Node, parse, pretty};
use super::redaction::Redaction;
use crate::document::Document;
#[cfg(feature = "cbor")]
use crate::plumbing::cbor::Writer;
use crate::transport::TransportErrorKind;

/// The member that says what the file is, and in which version of the format.
const FORMAT: &str = "attacheRecording";
const VERSION: u64 = 1;
/// The names of failures in the file.
const FAILURES: [(TransportErrorKind, &str); 3] = [
    (TransportErrorKind::Connect, "connect"),
    (TransportErrorKind::Timeout, "timeout"),
    (TransportErrorKind::Io, "io"),
];

/// Writes a file whole or not at all.
pub(super) fn write(path: &Path, exchanges: &[Exchange], redaction: &Redaction) -> io::Result<()> {
    let text = written(exchanges, redaction);
    replace(path, text.as_bytes()).map_err(|error| {
        let text = format!("cannot write the recording {}: {error}", path.display());
        io::Error::new(error.kind(), text)
    })
}

fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut part = name.to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(part);
    let written = std::fs::File::create(&part).and_then(|mut file| {
        file.write_all(text)?;
        file.sync_all()
    });
    let written = written.and_then(|()| std::fs::rename(&part, path));
    written.inspect_err(|_| {
        let _ = std::fs::remove_file(&part);
    })
}

/// Reads a file.
pub(super) fn read(path: &Path) -> io::Result<(Vec<Exchange>, Redaction)> {
    let bytes = std::fs::read(path).map_err(|error| {
        let text = format!("cannot read the recording {}: {error}", path.display());
        io::Error::new(error.kind(), text)
    })?;
    parsed(&bytes).map_err(|problem| {
        let text = format!("cannot replay {}: {problem}", path.display());
        io::Error::new(io::ErrorKind::InvalidData, text)
    })
}

/// The text of a file.
pub(super) fn written(exchanges: &[Exchange], redaction: &Redaction) -> String {
    let hidden = redaction.hidden.iter().map(|name| Node::Text(name));
    pretty(&Node::Object(vec![
        (FORMAT, Node::Number(VERSION)),
        ("hidden", Node::Array(hidden.collect())),
        (
            "exchanges",
            Node::Array(exchanges.iter().map(exchange).collect()),
        ),
    ]))
}

fn exchange(exchange: &Exchange) -> Node<'_> {
    let mut members = Vec::new();
    if let Some(operation) = &exchange.operation {
        members.push(("operation", Node::Text(operation)));
    }
    members.push(("request", request(&exchange.request)));
    members.push(match &exchange.outcome {
        Outcome::Response(it) => ("response", response(it)),
        Outcome::Failure(kind) => {
            let names = FAILURES.iter().find(|(it, _)| it == kind);
            ("failure", Node::Text(names.map_or("io", |(_, name)| name)))
        }
    });
    Node::Object(members)
}

fn request(request: &Request) -> Node<'_> {
    let mut members = vec![("method", Node::Text(&request.method))];
    if let Some(host) = &request.host {
        members.push(("host", Node::Text(host)));
    }
    members.push(("path", Node::Text(&request.path)));
    if !request.query.is_empty() {
        members.push(("query", Node::Text(&request.query)));
    }
    members.push(("headers", headers(&request.headers)));
    members.extend(content(&request.body));
    Node::Object(members)
}

fn response(response: &Response) -> Node<'_> {
    let mut members = vec![
        ("status", Node::Number(response.status.into())),
        ("headers", headers(&response.headers)),
    ];
    members.extend(content(&response.body));
    if response.is_broken {
        members.push(("broken", Node::Value(&Document::Bool(true))));
    }
    Node::Object(members)
}

fn headers(headers: &Headers) -> Node<'_> {
    let headers = headers.iter();
    Node::Object(
        headers
            .map(|(name, value)| (name.as_str(), Node::Text(value)))
            .collect(),
    )
}

fn content(content: &Content) -> Option<(&'static str, Node<'_>)> {
    Some(match content {
        Content::Empty => return None,
        Content::Json(json) => ("json", Node::Value(json)),
        #[cfg(feature = "cbor")]
        Content::Cbor(cbor) => ("cbor", Node::Value(cbor)),
        #[cfg(feature = "xml-core")]
        Content::Xml(text) => (
            "xml",
            Node::Array(text.split('\n').map(Node::Text).collect()),
        ),
        Content::Form(form) => ("form", Node::Value(form)),
        Content::Text(text) => ("text", Node::Text(text)),
        Content::Bytes(bytes) => {
            let text = base64_simd::STANDARD.encode_to_string(bytes);
            ("base64", Node::Owned(text))
        }
        Content::Digest(digest) => (
            "content",
            Node::Object(vec![
                ("length", Node::Number(digest.length)),
                ("sha256", Node::Text(&digest.sha256)),
            ]),
        ),
        Content::Unknown => ("content", Node::Value(&Document::Null)),
    })
}

/// The exchanges of a text.
///
/// # Errors
/// What is wrong, and where.
pub(super) fn parsed(text: &[u8]) -> Result<(Vec<Exchange>, Redaction), String> {
    let file = parse(text).map_err(|error| {
        format!(
            "it is not JSON: {} in line {}, column {}",
            error.message(),
            error.line(),
            error.column()
        )
    })?;
    let version = file.get(FORMAT).ok_or_else(|| {
        format!("it is not a recording: it has no `{FORMAT}`; `Recorder::save` writes recordings")
    })?;
    let version = version.as_number().and_then(|it| it.as_u64());
    let version = version.ok_or_else(|| format!("`{FORMAT}` is not the version of a format"))?;
    if version != VERSION {
        return Err(format!(
            "it has version {version} of the format, and this version of attache-runtime reads version {VERSION}; \
             update attache-runtime or record again"
        ));
    }
    let hidden = list(&file, "hidden")?
        .iter()
        .map(|name| match name.as_str() {
            Some(name) => Ok(name.to_owned()),
            None => Err("`hidden` has an element that is not a text".to_owned()),
        });
    let redaction = Redaction {
        hidden: hidden.collect::<Result<_, String>>()?,
    };
    let exchanges = list(&file, "exchanges")?.iter().enumerate();
    let exchanges = exchanges.map(|(index, exchange)| {
        read_exchange(exchange).map_err(|problem| format!("exchange {}: {problem}", index + 1))
    });
    Ok((exchanges.collect::<Result<_, String>>()?, redaction))
}

fn read_exchange(document: &Document) -> Result<Exchange, String> {
    let exchange = Exchange {
        operation: match document.get("operation") {
            Some(_) => Some(text(document, "operation")?),
            None => None,
        },
        request: read_request(member(document, "request")?)
            .map_err(|problem| format!("request: {problem}"))?,
        outcome: match document.get("failure") {
            Some(_) => {
                let name = text(document, "failure")?;
                let kind = FAILURES.iter().find(|(_, it)| *it == name);
                let kind = kind.ok_or("`failure` is not `connect`, `timeout` or `io`")?;
                Outcome::Failure(kind.0)
            }
            None => Outcome::Response(
                read_response(member(document, "response")?)
                    .map_err(|problem| format!("response: {problem}"))?,
            ),
        },
    };
    Ok(exchange)
}

fn read_request(document: &Document) -> Result<Request, String> {
    let optional = |name| match document.get(name) {
        Some(_) => text(document, name).map(Some),
        None => Ok(None),
    };
    Ok(Request {
        method: text(document, "method")?,
        host: optional("host")?,
        path: text(document, "path")?,
        query: optional("query")?.unwrap_or_default(),
        headers: read_headers(document)?,
        body: read_content(document)?,
    })
}

fn read_response(document: &Document) -> Result<Response, String> {
    let status = member(document, "status")?.as_i64();
    let status = status.and_then(|status| u16::try_from(status).ok());
    let response = Response {
        status: status.ok_or("`status` is no status of HTTP")?,
        headers: read_headers(document)?,
        body: read_content(document)?,
        is_broken: match document.get("broken") {
            Some(flag) => flag.as_bool().ok_or("`broken` is not `true` or `false`")?,
            None => false,
        },
    };
    response.http()?;
    Ok(response)
}

fn read_headers(document: &Document) -> Result<Headers, String> {
    let headers = member(document, "headers")?.as_object();
    let headers = headers.ok_or("`headers` is not an object")?.iter();
    let headers = headers.map(|(name, value)| match value.as_str() {
        Some(value) => Ok((name.clone(), value.to_owned())),
        None => Err(format!("the header `{name}` is not a text")),
    });
    headers.collect()
}

fn read_content(document: &Document) -> Result<Content, String> {
    if let Some(json) = document.get("json") {
        return Ok(Content::Json(json.clone()));
    }
    if let Some(form) = document.get("form") {
        return Ok(Content::Form(form.clone()));
    }
    if let Some(cbor) = document.get("cbor") {
        return read_cbor(cbor);
    }
    if document.get("xml").is_some() {
        return read_xml(list(document, "xml")?);
    }
    if document.get("text").is_some() {
        return text(document, "text").map(Content::Text);
    }
    if document.get("base64").is_some() {
        let bytes = base64_simd::STANDARD.decode_to_vec(text(document, "base64")?);
        return bytes
            .map(Content::Bytes)
            .map_err(|_| "`base64` is not base64".to_owned());
    }
    match document.get("content") {
        None => Ok(Content::Empty),
        Some(Document::Null) => Ok(Content::Unknown),
        Some(digest) => {
            let length = member(digest, "length")?.as_number();
            Ok(Content::Digest(Digest {
                length: length
                    .and_then(|length| length.as_u64())
                    .ok_or("`length` is not a number of bytes")?,
                sha256: text(digest, "sha256")?,
            }))
        }
    }
}

#[cfg(feature = "cbor")]
fn read_cbor(cbor: &Document) -> Result<Content, String> {
    let written = Writer::default().readable(cbor);
    written.map_err(|problem| format!("`cbor` cannot be written: {problem}"))?;
    Ok(Content::Cbor(cbor.clone()))
}

#[cfg(not(feature = "cbor"))]
fn read_cbor(_: &Document) -> Result<Content, String> {
    Err("`cbor` needs the feature `cbor` of attache-runtime".to_owned())
}

#[cfg(feature = "xml-core")]
fn read_xml(lines: &[Document]) -> Result<Content, String> {
    let lines = lines.iter().map(Document::as_str);
    let lines: Option<Vec<&str>> = lines.collect();
    let lines = lines.ok_or("`xml` has an element that is not a text")?;
    Ok(Content::Xml(lines.join("\n")))
}

#[cfg(not(feature = "xml-core"))]
fn read_xml(_: &[Document]) -> Result<Content, String> {
    Err("`xml` needs the feature `xml` of attache-runtime".to_owned())
}

fn member<'a>(document: &'a Document, name: &str) -> Result<&'a Document, String> {
    let missing = || format!("`{name}` is missing");
    document.get(name).ok_or_else(missing)
}

fn text(document: &Document, name: &str) -> Result<String, String> {
    let text = member(document, name)?.as_str();
    text.map(str::to_owned)
        .ok_or_else(|| format!("`{name}` is not a text"))
}

fn list<'a>(document: &'a Document, name: &str) -> Result<&'a [Document], String> {
    let list = member(document, name)?.as_array();
    list.ok_or_else(|| format!("`{name}` is not a list"))
}
