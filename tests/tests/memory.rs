//! What an answer may make of the memory of a program: the response limit and the value limit, and not what a server
//! likes. Peaks are counted by the allocator, for values of every kind that generated code reads.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::task::{Context, Poll};

use attache_runtime::transport::{Transport, TransportError};
use attache_runtime::{Body, BoxError, BoxFuture, ByteStream, Bytes, Config, ErrorKind};
use attache_tests::transport::Answers;
use http_body::Frame;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MIB: usize = 1 << 20;

/// Lists in lists, 100 deep.
const DEEP: &str = "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\
                    ]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]";

/// An object with one member more than a node of a `BTreeMap` holds.
const TWELVE: &str = r#"{"a":0,"b":0,"c":0,"d":0,"e":0,"f":0,"g":0,"h":0,"i":0,"j":0,"k":0,"l":0}"#;

/// What a call made of a body.
struct Outcome {
    result: Result<(), (ErrorKind, String)>,
    /// The most memory that was taken at once beside the body, in bytes.
    peak: usize,
}

type Call = fn(&Config) -> Result<(), (ErrorKind, String)>;

macro_rules! call {
    ($client:ident, $function:ident) => {
        |config| {
            let call = $client::Client::new(config)
                .with_validation(attache_runtime::validation::Level::Off)
                .$function();
            attache_runtime::blocking::wait(call.send())
                .map(|_| ())
                .map_err(|error| (error.kind(), format!("{error:#}")))
        }
    };
}

fn measured(call: Call, status: u16, body: String, limit: u64) -> Outcome {
    let answers = Answers::default().then(status, &[], &body);
    drop(body);
    let config = answers.builder().max_attempts(1).value_limit(limit);
    let config = config.build().expect("nothing is missing");
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let result = call(&config);
    Outcome {
        result,
        peak: MEMORY.peak_usage().saturating_sub(before),
    }
}

/// A body of about `length` bytes: the same element again and again.
fn repeated(begin: &str, element: &str, end: &str, length: usize) -> String {
    let count = length / (element.len() + 1);
    let mut body = String::with_capacity(begin.len() + length + end.len());
    body.push_str(begin);
    for index in 0..count {
        if index > 0 {
            body.push(',');
        }
        body.push_str(element);
    }
    body.push_str(end);
    body
}

/// The same with keys that differ.
fn keyed(begin: &str, value: &str, end: &str, length: usize) -> String {
    let mut body = begin.to_owned();
    for index in 0.. {
        if body.len() >= length {
            break;
        }
        if index > 0 {
            body.push(',');
        }
        body.push_str(&format!("\"{index:x}\":{value}"));
    }
    body.push_str(end);
    body
}

const ECHO: Call = call!(golden_aws_json, echo);

/// Lists: the call that reads them, how the body begins, and the element.
const LISTS: [(&str, Call, &str, &str); 19] = [
    (
        "cases",
        call!(attache_support, describe_cases),
        "{\"cases\":[",
        "{}",
    ),
    (
        "items",
        call!(attache_security_ir, list_cases),
        "{\"items\":[",
        "{}",
    ),
    ("structures", ECHO, "{\"someParts\":[", "{}"),
    ("texts", ECHO, "{\"aList\":[", "\"a\""),
    ("empty texts", ECHO, "{\"aList\":[", "\"\""),
    ("escaped texts", ECHO, "{\"aList\":[", "\"\\u0041\""),
    ("sparse nulls", ECHO, "{\"aSparseList\":[", "null"),
    ("lists of lists", ECHO, "{\"aGrid\":[", "[]"),
    ("lists of one", ECHO, "{\"aGrid\":[", "[1]"),
    ("blobs", ECHO, "{\"aBlobList\":[", "\"AA==\""),
    (
        "blobs of a union",
        ECHO,
        "{\"aChoice\":{\"blobs\":[",
        "\"AA\"",
    ),
    ("boxes", ECHO, "{\"someParts\":[", "{\"parent\":{}}"),
    ("boxed unions", ECHO, "{\"someParts\":[", "{\"choice\":{}}"),
    (
        "unknown members of unions",
        ECHO,
        "{\"someParts\":[",
        "{\"choice\":{\"x\":1}}",
    ),
    (
        "unknown enum values",
        ECHO,
        "{\"someParts\":[",
        "{\"colour\":\"x\"}",
    ),
    ("documents", ECHO, "{\"aDocument\":[", "0"),
    (
        "objects in a document",
        ECHO,
        "{\"aDocument\":[",
        "{\"\":0}",
    ),
    ("deep documents", ECHO, "{\"aDocument\":[", DEEP),
    // A map of twelve entries has three nodes.
    ("objects of twelve", ECHO, "{\"aDocument\":[", TWELVE),
];

/// Maps: the call that reads them, how the body begins, and the value of each key.
const MAPS: [(&str, Call, &str, &str); 7] = [
    ("map", ECHO, "{\"aMap\":{", "\"\""),
    ("sparse map", ECHO, "{\"aSparseMap\":{", "null"),
    ("map of lists", ECHO, "{\"aListMap\":{", "[]"),
    ("map of structures", ECHO, "{\"aPartMap\":{", "{}"),
    (
        "map of nullable lists",
        ECHO,
        "{\"aBlobMap\":{",
        "[\"AA==\"]",
    ),
    (
        "enum keys",
        call!(golden_aws_json, store),
        "{\"counts\":{",
        "1",
    ),
    ("an object in a document", ECHO, "{\"aDocument\":{", "0"),
];

/// One member again and again.
const MEMBERS: [(&str, &str); 2] = [
    ("one member again and again", "\"aPart\":{\"parent\":{}}"),
    ("default values again and again", "\"defaults\":{}"),
];

/// Bodies of 4 MiB that stand for much more, each with the call that reads it.
fn bombs() -> Vec<(&'static str, Call, String)> {
    let length = 4 * MIB;
    let lists = LISTS
        .map(|(name, call, begin, element)| (name, call, repeated(begin, element, "]}", length)));
    let maps =
        MAPS.map(|(name, call, begin, value)| (name, call, keyed(begin, value, "}}", length)));
    let members = MEMBERS.map(|(name, member)| (name, ECHO, repeated("{", member, "}", length)));
    lists.into_iter().chain(maps).chain(members).collect()
}

/// One test, because all tests of a binary share its memory.
#[test]
fn no_answer_takes_more_memory_than_the_limits_allow() {
    const LIMIT: usize = 8 * MIB;
    // While a list grows, the old and the new one are there. The body is moved or copied once.
    const BOUND: usize = LIMIT + LIMIT / 2 + 4 * MIB + MIB / 2;
    let mut peaks = BTreeMap::new();
    for (name, call, body) in bombs() {
        let outcome = measured(call, 200, body, LIMIT as u64);
        let (kind, text) = outcome.result.expect_err(name);
        assert_eq!(kind, ErrorKind::Decode, "{name}: {text}");
        assert!(
            text.contains("at most 8388608 bytes of memory (the value limit)"),
            "{name}: {text}"
        );
        peaks.insert(name, outcome.peak);
    }
    println!("peaks in bytes: {peaks:#?}");
    let too_much: Vec<_> = peaks.iter().filter(|(_, peak)| **peak > BOUND).collect();
    assert!(too_much.is_empty(), "more than {BOUND}: {too_much:?}");

    what_is_skipped_takes_nothing();
    a_body_in_small_pieces_takes_no_more_than_one_in_large_ones();
    errors_take_no_more();
    sixty_megabytes_of_structures();
    an_honest_answer_of_the_response_limit_is_read();
}

/// A body in pieces of one byte, as chunks of one byte come from a connection.
#[derive(Debug)]
struct Crumbs(usize);

impl http_body::Body for Crumbs {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let Some(left) = self.0.checked_sub(1) else {
            return Poll::Ready(None);
        };
        self.0 = left;
        let piece: &[u8] = if left == 0 { b"1" } else { b" " };
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(piece)))))
    }
}

impl Transport for Crumbs {
    fn send(
        &self,
        _: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let body = ByteStream::new(Self(self.0));
        Box::pin(async { Ok(http::Response::new(body)) })
    }
}

fn a_body_in_small_pieces_takes_no_more_than_one_in_large_ones() {
    let config = Answers::default().builder().transport(Crumbs(4 * MIB));
    let config = config.build().expect("nothing is missing");
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let call: Call = call!(attache_support, describe_cases);
    let (_, text) = call(&config).expect_err("a number is no response");
    let peak = MEMORY.peak_usage() - before;
    println!("4 MiB in pieces of one byte: {peak} bytes");
    assert!(text.contains("byte 4194303"), "{text}");
    assert!(peak < 14 * MIB, "{peak}");
}

/// Unknown members are skipped, however many and however deep.
fn what_is_skipped_takes_nothing() {
    for element in ["{\"a\":[{}]}", "\"\\u0041\"", "1e5", DEEP] {
        let body = repeated("{\"unknown\":[", element, "]}", 4 * MIB);
        let outcome = measured(call!(golden_aws_json, echo), 200, body, 1024);
        assert_eq!(outcome.result, Ok(()));
        assert!(outcome.peak < 5 * MIB, "{element}: {}", outcome.peak);
    }
}

/// Bodies that are refused, and error responses: where an error is, and what it says, is found without a copy of them.
fn errors_take_no_more() {
    let broken_key = format!("{{\"{}\":[}}", "\\u0041".repeat(MIB / 2));
    let mut not_text = "[".repeat(4 * MIB);
    not_text.push('\u{feff}');
    for (status, body) in [
        (200, broken_key),
        (200, "[".repeat(4 * MIB)),
        (200, "{\"a\":".repeat(MIB)),
        (
            400,
            format!("{{\"__type\":{}{}", "[".repeat(100), "0,".repeat(2 * MIB)),
        ),
        (400, repeated("{\"message\":[", "{\"\":0}", "]}", 4 * MIB)),
        (400, "<a>".repeat(MIB)),
        (400, "<a></a>".repeat(MIB / 2)),
        (502, "\u{1b}".repeat(4 * MIB)),
        (200, not_text),
    ] {
        let begin = body[..20].to_owned();
        let outcome = measured(call!(attache_support, describe_cases), status, body, 1024);
        assert!(outcome.result.is_err());
        assert!(outcome.peak < 5 * MIB, "{status} {begin}: {}", outcome.peak);
    }
}

/// With the limits that a program has that sets none: it took 6.5 GB.
fn sixty_megabytes_of_structures() {
    let body = repeated("{\"cases\":[", "{}", "]}", 60_000_000);
    let answers = Answers::default().then(200, &[], &body);
    drop(body);
    let config = answers.builder().max_attempts(1).build();
    let config = config.expect("nothing is missing");
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let call: Call = call!(attache_support, describe_cases);
    let (_, text) = call(&config).expect_err("it is too much");
    let peak = MEMORY.peak_usage() - before;
    println!("60 MB of empty structures: {peak} bytes; {text}");
    assert!(
        text.contains("at most 268435456 bytes of memory (the value limit) at /cases/"),
        "{text}"
    );
    assert!(peak < (256 + 128 + 64) * MIB, "{peak}");
}

/// Cases as the service writes them, as many as the response limit lets through.
fn an_honest_answer_of_the_response_limit_is_read() {
    let case = r#"{"caseId":"case-12345678910-2013-c4c1d2bf33c5cf47","displayId":"1234567890","subject":"a","status":"opened","serviceCode":"other","categoryCode":"other","severityCode":"low","submittedBy":"a@b.example","timeCreated":"2026-01-01T00:00:00.000Z","recentCommunications":{"communications":[{"caseId":"case-1","body":"x","submittedBy":"a@b.example","timeCreated":"2026-01-01T00:00:00.000Z","attachmentSet":[]}],"nextToken":null},"ccEmailAddresses":[],"language":"en"}"#;
    let body = repeated("{\"cases\":[", case, "]}", 64 * MIB - 64);
    let answers = Answers::default().then(200, &[], &body);
    drop(body);
    let config = answers.builder().max_attempts(1).build();
    let call: Call = call!(attache_support, describe_cases);
    let result = call(&config.expect("nothing is missing"));
    assert_eq!(result, Ok(()));
}
