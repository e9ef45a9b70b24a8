//! What an answer may make of the memory of a program: the response limit and the value limit, and not what a server
//! likes. Peaks are counted by the allocator, for values of every kind that generated code reads.

use std::collections::BTreeMap;

use attache_runtime::{Config, ErrorKind};
use attache_tests::transport::Answers;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MIB: usize = 1 << 20;

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
                .map_err(|error| (error.kind(), error.to_string()))
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

/// Bodies of 4 MiB that stand for much more, each with the call that reads it.
fn bombs() -> Vec<(&'static str, Call, String)> {
    let length = 4 * MIB;
    let echo: Call = call!(golden_aws_json, echo);
    let list = |begin: &str, element: &str| repeated(begin, element, "]}", length);
    let map = |begin: &str, value: &str| keyed(begin, value, "}}", length);
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    vec![
        (
            "cases",
            call!(attache_support, describe_cases),
            list("{\"cases\":[", "{}"),
        ),
        (
            "items",
            call!(attache_security_ir, list_cases),
            list("{\"items\":[", "{}"),
        ),
        ("structures", echo, list("{\"someParts\":[", "{}")),
        ("texts", echo, list("{\"aList\":[", "\"a\"")),
        ("empty texts", echo, list("{\"aList\":[", "\"\"")),
        ("escaped texts", echo, list("{\"aList\":[", "\"\\u0041\"")),
        ("sparse nulls", echo, list("{\"aSparseList\":[", "null")),
        ("lists of lists", echo, list("{\"aGrid\":[", "[]")),
        ("lists of one", echo, list("{\"aGrid\":[", "[1]")),
        ("blobs", echo, list("{\"aBlobList\":[", "\"AA==\"")),
        (
            "blobs of a union",
            echo,
            list("{\"aChoice\":{\"blobs\":[", "\"AA\""),
        ),
        ("map", echo, map("{\"aMap\":{", "\"\"")),
        ("sparse map", echo, map("{\"aSparseMap\":{", "null")),
        ("map of lists", echo, map("{\"aListMap\":{", "[]")),
        ("map of structures", echo, map("{\"aPartMap\":{", "{}")),
        (
            "map of nullable lists",
            echo,
            map("{\"aBlobMap\":{", "[\"AA==\"]"),
        ),
        (
            "enum keys",
            call!(golden_aws_json, store),
            map("{\"counts\":{", "1"),
        ),
        ("boxes", echo, list("{\"someParts\":[", "{\"parent\":{}}")),
        (
            "boxed unions",
            echo,
            list("{\"someParts\":[", "{\"choice\":{}}"),
        ),
        (
            "unknown members of unions",
            echo,
            list("{\"someParts\":[", "{\"choice\":{\"x\":1}}"),
        ),
        (
            "unknown enum values",
            echo,
            list("{\"someParts\":[", "{\"colour\":\"x\"}"),
        ),
        (
            "one member again and again",
            echo,
            repeated("{", "\"aPart\":{\"parent\":{}}", "}", length),
        ),
        (
            "default values again and again",
            echo,
            repeated("{", "\"defaults\":{}", "}", length),
        ),
        ("documents", echo, list("{\"aDocument\":[", "0")),
        (
            "objects in a document",
            echo,
            list("{\"aDocument\":[", "{\"\":0}"),
        ),
        (
            "an object in a document",
            echo,
            map("{\"aDocument\":{", "0"),
        ),
        ("deep documents", echo, list("{\"aDocument\":[", &deep)),
    ]
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
    errors_take_no_more();
    sixty_megabytes_of_structures();
    an_honest_answer_of_the_response_limit_is_read();
}

/// Unknown members are skipped, however many and however deep.
fn what_is_skipped_takes_nothing() {
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    for element in ["{\"a\":[{}]}", "\"\\u0041\"", "1e5", &deep] {
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
