//! Catalogues of the local services: any text is read as recorded responses or refused with its name, and a server with
//! an accepted catalogue responds.

#![no_main]

use std::sync::LazyLock;

use attache_fuzz::machine;
use attache_local::{Builder, Catalogue, Clock, Local};
use libfuzzer_sys::fuzz_target;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const OPERATIONS: [&str; 5] = [
    "DescribeServices",
    "DescribeSeverityLevels",
    "DescribeTrustedAdvisorChecks",
    "DescribeCreateCaseOptions",
    "DescribeSupportedLanguages",
];

/// The built-in catalogue is read once, because that takes longer than the rest of a run.
static BUILT_IN: LazyLock<Catalogue> = LazyLock::new(Catalogue::default);
static BUILDER: LazyLock<Builder> = LazyLock::new(|| {
    Local::builder()
        .clock(Clock::fixed(machine::now()))
        .accept_any_signature(true)
});

fuzz_target!(|text: &str| {
    let catalogue = match BUILT_IN.clone().with_json("own.json", text) {
        Ok(catalogue) => catalogue,
        Err(error) => {
            let message = error.to_string();
            assert!(message.contains("own.json"), "{message}");
            assert!(
                message.len() <= 8 * text.len() + 500,
                "{} bytes",
                message.len()
            );
            return;
        }
    };
    let server = BUILDER.clone().catalogue(catalogue).fuzzed();
    for operation in OPERATIONS {
        let body = r#"{"issueType":"technical","serviceCode":"general-info","language":"en","categoryCode":"other"}"#;
        let request = format!(
            "POST / HTTP/1.1\r\nhost: a\r\nx-amz-target: AWSSupport_20130415.{operation}\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = machine::run(async {
            let (mut ours, theirs) = tokio::io::duplex(4 << 20);
            let talk = async {
                let _ = ours.write_all(request.as_bytes()).await;
                let _ = ours.shutdown().await;
                let mut answer = Vec::new();
                let _ = ours.read_to_end(&mut answer).await;
                answer
            };
            tokio::join!(server.serve(theirs), talk).1
        });
        let answer = String::from_utf8_lossy(&answer);
        let is_answer = answer.starts_with("HTTP/1.1 200") || answer.starts_with("HTTP/1.1 400");
        assert!(is_answer, "{operation}: {answer}");
    }
});
