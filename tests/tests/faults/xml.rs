//! What is wrong with responses of XML: the rows of the second table.

use std::net::TcpStream;

use super::misbehavior::{Fault, PRESIGNED};
use super::server::{answer, write};

/// A text that would be a member, cut within it.
const CUT: &str = "<MakeToyResponse><MakeToyResult><secret>s3cr";

pub(crate) const FAULTS: &[(&str, Fault)] = &[
    ("no body", |_, stream| answer(stream, "200 OK", "", "")),
    ("not XML", |_, stream| {
        answer(stream, "200 OK", "", &format!("\u{1}\u{2} {PRESIGNED}"))
    }),
    ("JSON", |_, stream| {
        answer(stream, "200 OK", "", r#"{"toys":[]}"#)
    }),
    ("incomplete XML", |_, stream| {
        answer(stream, "200 OK", "", CUT)
    }),
    ("only the end of the root is missing", |_, stream| {
        answer(
            stream,
            "200 OK",
            "",
            "<ListToysResponse><ListToysResult/></ListToysResponse",
        )
    }),
    ("text behind the root", |_, stream| {
        answer(stream, "200 OK", "", "<ListToysResponse/>sorry")
    }),
    ("root of another operation", |_, stream| {
        answer(stream, "200 OK", "", "<PingResponse/>")
    }),
    ("root that is not a response", |_, stream| {
        answer(stream, "200 OK", "", "<toys/>")
    }),
    ("error with status 200", |_, stream| {
        let body = "<ErrorResponse><Error><Code>Toy.Exists</Code></Error></ErrorResponse>";
        answer(stream, "200 OK", "", body)
    }),
    ("deeply nested XML", |_, stream| {
        let body = format!("<ListToysResponse>{}", "<a>".repeat(300_000));
        answer(stream, "200 OK", "", &body)
    }),
    ("200,000 attributes", |_, stream| {
        let body = format!("<ListToysResponse{}/>", " a=''".repeat(200_000));
        answer(stream, "200 OK", "", &body)
    }),
    ("list of empty structures", |_, stream| {
        // Within the limit of the response, and not within that of the values.
        let items = "<item/>".repeat(60_000);
        let results = format!(
            "<ListToysResult><toys>{items}</toys></ListToysResult><MakeToyResult><parts>{items}</parts></MakeToyResult>"
        );
        let body = format!("<ToysResponse>{results}</ToysResponse>");
        assert!(body.len() < 1 << 20, "{}", body.len());
        answer(stream, "200 OK", "", &body)
    }),
    (
        "text that is larger than the limit of responses",
        |_, stream| {
            let body = format!(
                "<ListToysResponse>{}</ListToysResponse>",
                " ".repeat(2 << 20)
            );
            answer(stream, "200 OK", "", &body)
        },
    ),
    ("document type with entities", |_, stream| {
        let body = "<!DOCTYPE a [<!ENTITY b \"bbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>\
                    <ListToysResponse><ListToysResult><marker>&c;</marker></ListToysResult></ListToysResponse>";
        answer(stream, "200 OK", "", body)
    }),
    ("external entity", |_, stream| {
        let body = "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/hostname\">]><ListToysResponse>&b;</ListToysResponse>";
        answer(stream, "200 OK", "", body)
    }),
    ("UTF-16", |_, stream| {
        let text = "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-16\"?><ListToysResponse/>";
        let body: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes(stream, &body)
    }),
    ("bytes that are not UTF-8", |_, stream| {
        let body = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><ListToysResponse><ListToysResult><marker>Gr\xf6\xdfe\
                     </marker></ListToysResult></ListToysResponse>";
        bytes(stream, body)
    }),
    ("HTML of a proxy, 200", |_, stream| {
        let body = format!("<html><body><a href=\"{PRESIGNED}\">log in</a></body></html>");
        answer(stream, "200 OK", "content-type: text/html\r\n", &body)
    }),
    ("HTML of a proxy, 502", |_, stream| {
        let body = format!("<!DOCTYPE html><a href=\"{PRESIGNED}\">");
        answer(
            stream,
            "502 Bad Gateway",
            "content-type: text/html\r\n",
            &body,
        )
    }),
    ("text with terminal control characters", |_, stream| {
        error(
            stream,
            "400 Bad Request",
            "Odd\u{9b}2J",
            "\u{1b}]0;x\u{7}\r\nforged: line\u{202e}",
        )
    }),
    ("unknown error code", |_, stream| {
        error(stream, "400 Bad Request", "NeverHeardOf", "no")
    }),
    ("error without code", |_, stream| {
        answer(stream, "400 Bad Request", "", "<ErrorResponse/>")
    }),
    ("incomplete error", |_, stream| {
        answer(
            stream,
            "400 Bad Request",
            "",
            "<ErrorResponse><Error><Code>Thro",
        )
    }),
    ("internal error with status 400", |_, stream| {
        error(stream, "400 Bad Request", "InternalFailure", "")
    }),
    ("throttling of every request", |_, stream| {
        error(stream, "400 Bad Request", "Throttling", "slow down")
    }),
];

fn error(stream: &mut TcpStream, status: &str, code: &str, message: &str) -> bool {
    let error = format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
    let body = format!("<ErrorResponse>{error}<RequestId>id</RequestId></ErrorResponse>");
    answer(stream, status, "content-type: text/xml\r\n", &body)
}

/// A response whose body is not text.
fn bytes(stream: &mut TcpStream, body: &[u8]) -> bool {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
    write(stream, head.as_bytes()) && write(stream, body)
}
