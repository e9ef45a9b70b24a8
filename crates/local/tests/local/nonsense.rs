//! Random invalid requests: each is refused, and the server continues.

use attache_local::api;

use crate::stage::{Stage, send};

/// A number from 0 up to a bound, by SplitMix64.
fn draw(state: &mut u64, bound: usize) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from(mixed >> 33).expect("31 bits fit") % bound
}

fn pick<'a>(state: &mut u64, choices: &[&'a str]) -> &'a str {
    choices[draw(state, choices.len())]
}

/// Members of both services, with values of all kinds.
fn body(state: &mut u64) -> Vec<u8> {
    const NAMES: [&str; 14] = [
        "caseId",
        "attachments",
        "uploadId",
        "uploadRange",
        "fileSizeBytes",
        "fileName",
        "nextToken",
        "maxResults",
        "completedUploads",
        "checkIds",
        "watchers",
        "contentLength",
        "reportedIncidentStartDate",
        "tags",
    ];
    const VALUES: [&str; 15] = [
        "null",
        "true",
        "-1",
        "1e400",
        "157286400",
        "\"\"",
        "\"case-1\"",
        "\"\\ud800\"",
        "[]",
        "[null]",
        "{}",
        "[{\"partIndex\":0}]",
        "{\"startIndex\":2147483647}",
        "[{\"data\":\"*\"}]",
        "9223372036854775808",
    ];
    if draw(state, 8) == 0 {
        return (0..draw(state, 40))
            .map(|_| draw(state, 256) as u8)
            .collect();
    }
    let members: Vec<String> = (0..draw(state, 6))
        .map(|_| format!("\"{}\":{}", pick(state, &NAMES), pick(state, &VALUES)))
        .collect();
    format!("{{{}}}", members.join(",")).into_bytes()
}

/// Sends the request; the response must be valid HTTP and not an error of the server.
async fn answered(method: &str, url: &str, headers: &[(&str, &str)], body: Vec<u8>) {
    let shown = String::from_utf8_lossy(&body).into_owned();
    let answer = send(method, url, headers, body).await;
    let answer = answer.unwrap_or_else(|error| panic!("{method} {url} {shown}: {error}"));
    let status = answer.status().as_u16();
    assert!(status < 500, "{method} {url} {shown}: {status}");
    if status >= 400 && !url.contains("/_files/") {
        let text = String::from_utf8(answer.into_body().to_vec()).expect("it is text");
        assert!(
            text.contains("essage\":\""),
            "{method} {url} {shown}: {text}"
        );
    }
}

#[tokio::test]
async fn nonsense_of_support_is_refused() {
    let stage = Stage::with(|builder| builder.accept_any_signature(true)).await;
    let state = &mut 1;
    for operation in api::support::Operation::ALL {
        let target = format!("AWSSupport_20130415.{}", operation.name());
        for _ in 0..20 {
            let headers = [("x-amz-target", target.as_str())];
            answered("POST", stage.local.endpoint(), &headers, body(state)).await;
        }
    }
    let unknown = [("x-amz-target", "AWSSupport_20130415.DeleteEverything")];
    answered("POST", stage.local.endpoint(), &unknown, Vec::new()).await;
}

#[tokio::test]
async fn nonsense_of_paths_is_refused() {
    const SEGMENTS: [&str; 18] = [
        "v1",
        "cases",
        "1000000001",
        "get-case",
        "create-case",
        "list-cases",
        "membership",
        "memberships",
        "tags",
        "%FF",
        "%2F..%2F",
        "..",
        "",
        "get-presigned-url",
        "_files",
        "support",
        "upload",
        "0",
    ];
    const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "PATCH"];
    let stage = Stage::with(|builder| builder.accept_any_signature(true)).await;
    let state = &mut 2;
    for _ in 0..400 {
        let beginning = pick(state, &["v1", "_files", "v1"]);
        let rest: Vec<&str> = (0..draw(state, 5))
            .map(|_| pick(state, &SEGMENTS))
            .collect();
        let query = pick(
            state,
            &[
                "",
                "?maxResults=x",
                "?tagKeys",
                "?%FF=&&=",
                "?X-Amz-Signature=0&X-Amz-Date=é",
            ],
        );
        let query = query.replace('é', "%C3%A9");
        let url = format!(
            "{}/{beginning}/{}{query}",
            stage.local.endpoint(),
            rest.join("/")
        );
        let method = pick(state, &METHODS);
        answered(method, &url, &[], body(state)).await;
    }
}
