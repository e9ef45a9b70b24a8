//! The saved states of uploads: a parsed state is written unchanged, a continued upload sends exactly the missing parts
//! with the right bytes, and a state whose bound fields were changed is refused before anything is sent. The manifest
//! describes every part correctly.
//!
//! An input is a JSON object. Its members replace those of a valid state: `parts` may have any value, and the others
//! must not change. `part_size` is also that of the service.

#![no_main]

use std::collections::BTreeMap;

use attache_evidence::{Error, ErrorKind, Manifest, Settings, Source, security_ir, support};
use attache_fuzz::machine::{self, Scripted, Sent};
use attache_fuzz::script::{Answer, Response};
use attache_runtime::Credentials;
use attache_runtime::http::{HeaderMap, HeaderValue, Method};
use attache_runtime::plumbing::sigv4::sha256_hex;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

const CONTENT: &[u8] = b"Thirty-two bytes of some evidence";
const LINK: &str = "https://storage.example/upload/";

fuzz_target!(|input: &[u8]| {
    if let Ok(saved) = serde_json::from_slice::<security_ir::SavedUpload>(input) {
        let text = serde_json::to_string(&saved).expect("a state can be written");
        let again = serde_json::from_str(&text);
        assert_eq!(again.ok(), Some(saved));
    }
    if let Ok(manifest) = serde_json::from_slice::<Manifest>(input) {
        let text = serde_json::to_string(&manifest).expect("a manifest can be written");
        let again = serde_json::from_str(&text);
        assert_eq!(again.ok(), Some(manifest));
    }
    let Ok(Value::Object(changes)) = serde_json::from_slice::<Value>(input) else {
        return;
    };
    let size = changes.get("part_size").and_then(Value::as_u64);
    let size = size.filter(|size| (1..=64).contains(size)).unwrap_or(10);
    let transport = Scripted::default().knowing(move |request| serve(request, size));
    let attachments = attachments(&transport);
    let begun = machine::run(attachments.begin(source())).expect("the service gives links");
    let made = serde_json::to_value(begun.saved()).expect("a state can be written");
    let mut changed = made.clone();
    for (member, value) in changes {
        changed[member] = value;
    }
    let Ok(saved) = serde_json::from_value::<support::SavedUpload>(changed.clone()) else {
        return;
    };
    let text = serde_json::to_string(&saved).expect("a state can be written");
    let again = serde_json::from_str(&text);
    assert_eq!(again.ok().as_ref(), Some(&saved));
    let bound = [
        "upload_id",
        "file_name",
        "fingerprint",
        "part_size",
        "total_parts",
        "binding",
    ];
    let is_same = bound.iter().all(|member| made[member] == changed[member]);
    resume(&attachments, &transport, saved, is_same);
});

fn source() -> Source {
    Source::bytes("evidence.bin", CONTENT)
}

fn attachments(transport: &Scripted) -> support::Attachments {
    let config = machine::config(transport)
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
        .build()
        .expect("the configuration is complete");
    let client = attache_support::Client::new(&config);
    support::Attachments::new(&client).settings(Settings::default().parallel_parts(2).attempts(1))
}

fn resume(
    attachments: &support::Attachments,
    transport: &Scripted,
    saved: support::SavedUpload,
    is_same: bool,
) {
    let before = saved.clone();
    let calls = transport.sent().len();
    let outcome = machine::run(async {
        let mut upload = attachments.resume(source(), saved).await?;
        upload.run().await?;
        Ok(upload.manifest().await)
    });
    let sent = transport.sent();
    if !is_same {
        let error: Error = outcome.expect_err("the state was changed");
        assert_eq!(error.kind(), ErrorKind::State);
        assert_eq!(sent.len(), calls, "nothing is sent for a changed state");
        return;
    }
    let mut parts = BTreeMap::new();
    for request in sent.iter().filter(|request| request.method == Method::PUT) {
        let number: i32 = part_of(request).expect("it goes to a link");
        assert!(
            !before.parts.contains_key(&number),
            "part {number} is there already"
        );
        assert!(
            parts.insert(number, request.body.clone()).is_none(),
            "part {number} twice"
        );
    }
    let size = usize::try_from(before.part_size).unwrap_or(usize::MAX);
    for (number, body) in &parts {
        let start = (*number as usize - 1).saturating_mul(size);
        let end = start.saturating_add(size).min(CONTENT.len());
        assert_eq!(body, &CONTENT[start..end], "part {number}");
    }
    if let Ok(manifest) = outcome {
        assert_complete(&manifest, size);
    }
}

/// Asserts that a manifest describes all parts correctly.
fn assert_complete(manifest: &Manifest, size: usize) {
    let [file] = manifest.files.as_slice() else {
        panic!("the manifest of one file: {manifest:?}");
    };
    assert_eq!(file.parts.len(), CONTENT.len().div_ceil(size));
    for (index, (part, content)) in file.parts.iter().zip(CONTENT.chunks(size)).enumerate() {
        assert_eq!(part.number as usize, index + 1, "{part:?}");
        assert_eq!(part.offset as usize, index * size, "{part:?}");
        assert_eq!(part.size as usize, content.len(), "{part:?}");
        assert_eq!(part.sha256, sha256_hex(content), "{part:?}");
    }
}

fn part_of(request: &Sent) -> Option<i32> {
    request.uri.path().rsplit('/').next()?.parse().ok()
}

/// The service and its storage, which respond without faults.
fn serve(request: &Sent, size: u64) -> Option<Answer> {
    if request.method == Method::PUT {
        let mut headers = HeaderMap::new();
        headers.insert("etag", HeaderValue::from_static("\"of a part\""));
        return Some(response(headers, Vec::new()));
    }
    let target = request.headers.get("x-amz-target")?.to_str().ok()?;
    let body: Value = serde_json::from_slice(&request.body).ok()?;
    let answer = match target.rsplit('.').next()? {
        "GetAttachmentUploadLinks" => {
            let range = &body["uploadRange"];
            let start = range["startIndex"].as_i64().unwrap_or(1);
            let end = range["endIndex"].as_i64().unwrap_or(start + 1);
            let links = (start..end.min(start + 10)).map(|part| {
                json!({"url": format!("{LINK}{part}"), "partIndex": part, "expiryDate": "2030-01-01T00:00:00Z"})
            });
            json!({
                "uploadId": body["uploadId"].as_str().unwrap_or("upload-1"),
                "partSizeBytes": size,
                "totalParts": (CONTENT.len() as u64).div_ceil(size),
                "uploadUrls": links.collect::<Vec<_>>(),
            })
        }
        "CompleteAttachmentUpload" => json!({"uploadStatus": "in-progress"}),
        "DescribeAttachmentUploadStatus" => {
            json!({"fileName": "evidence.bin", "uploadStatus": "attachment-ready"})
        }
        _ => return None,
    };
    Some(response(HeaderMap::new(), answer.to_string().into_bytes()))
}

fn response(headers: HeaderMap, body: Vec<u8>) -> Answer {
    Answer::Response(Response {
        status: 200,
        headers,
        body,
        broken: false,
    })
}
