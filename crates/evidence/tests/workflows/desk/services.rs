//! What both services answer.

use attache_runtime::ByteStream;
use http::request::Parts;
use serde_json::{Value, json};

use super::state::State;
use super::{Desk, PART, SECRET, attachment_id, response};

impl Desk {
    /// What a service answers.
    pub(super) fn called(&self, head: &Parts, body: &[u8]) -> http::Response<ByteStream> {
        assert!(head.headers.contains_key("authorization"));
        let path = head.uri.path();
        let target = head.headers.get("x-amz-target");
        let name = match target.and_then(|target| target.to_str().ok()) {
            Some(target) => target.rsplit('.').next().expect("a name"),
            None if path.ends_with("/get-presigned-url") => "GetCaseAttachmentUploadUrl",
            None if path.contains("/get-presigned-url/") => "GetCaseAttachmentDownloadUrl",
            None => "GetCase",
        };
        let parsed = serde_json::from_slice(body).unwrap_or(Value::Null);
        let (status, answer) = self.operation(name, path, &parsed);
        response(status, ByteStream::from(answer.to_string()))
    }

    fn operation(&self, name: &str, path: &str, body: &Value) -> (u16, Value) {
        let mut state = self.state();
        state.calls.push(name.to_owned());
        if let Some((operation, status, body)) = state.refusals.front().copied()
            && operation == name
        {
            state.refusals.pop_front();
            return (status, serde_json::from_str(body).expect("JSON"));
        }
        let answer = state
            .support_answer(name, body)
            .or_else(|| state.security_ir_answer(name, body))
            .unwrap_or_else(|| panic!("the workflows do not call {name} at {path}"));
        (200, answer)
    }
}

impl State {
    /// What the status of an upload or a scan is now.
    fn next_state(&mut self) -> &'static str {
        match self.states.len() {
            1 => self.states[0],
            _ => self.states.pop_front().expect("a state"),
        }
    }

    /// The answer of Support, where it has the operation.
    fn support_answer(&mut self, operation: &str, body: &Value) -> Option<Value> {
        Some(match operation {
            "AddAttachmentsToSet" => {
                self.set = body.clone();
                self.sets += 1;
                let id = match self.sets {
                    1 => "set".to_owned(),
                    number => format!("set-{number}"),
                };
                json!({"attachmentSetId": id, "expiryTime": "2026-11-22T13:00:00Z"})
            }
            "GetAttachmentUploadLinks" => links(self, body),
            "CompleteAttachmentUpload" => {
                for part in body["completedUploads"].as_array().expect("parts") {
                    let index = part["partIndex"].as_i64().expect("an index");
                    let etag = self.etag(&index.to_string());
                    assert_eq!(part["eTag"], etag);
                    self.reported.push(index);
                }
                json!({"uploadStatus": "attachment-not-ready"})
            }
            "DescribeAttachmentUploadStatus" => {
                json!({"fileName": "f", "uploadStatus": self.next_state()})
            }
            "GetAttachmentDownloadLink" => {
                let name = self.name.unwrap_or("report.pdf");
                json!({"fileName": name, "downloadUrl": {
                    "url": format!("https://storage.test/get?{SECRET}"), "expiryDate": "2026-11-22T13:00:00Z"}})
            }
            _ => return None,
        })
    }

    /// The answer of Security IR, where it has the operation.
    fn security_ir_answer(&mut self, operation: &str, body: &Value) -> Option<Value> {
        Some(match operation {
            "GetCaseAttachmentUploadUrl" => {
                let url = format!("https://storage.test/case/1?{}{SECRET}", self.query);
                let name = body["fileName"].clone();
                let id = attachment_id(self.case.len());
                // The same token gives the same attachment.
                let token = body["clientToken"].to_string();
                if self.tokens.insert(token) {
                    self.case.push(
                        json!({"attachmentId": id, "fileName": name, "attachmentStatus": "Pending",
                                           "createdDate": 0, "creator": "c"}),
                    );
                }
                json!({"attachmentPresignedUrl": url})
            }
            "GetCaseAttachmentDownloadUrl" => {
                json!({"attachmentPresignedUrl": format!("https://storage.test/get?{}{SECRET}", self.download_query)})
            }
            "GetCase" => {
                if self.stored.contains_key("case/1") {
                    let status = self.next_state();
                    if let Some(last) = self.case.last_mut() {
                        last["attachmentStatus"] = status.into();
                    }
                }
                json!({"caseAttachments": self.case})
            }
            _ => return None,
        })
    }
}

fn links(state: &mut State, body: &Value) -> Value {
    if let Some(length) = body["fileSizeBytes"].as_u64() {
        state.length = length;
    }
    let total = state.length.div_ceil(PART as u64);
    let start = body["uploadRange"]["startIndex"].as_u64().unwrap_or(1);
    let end = body["uploadRange"]["endIndex"]
        .as_u64()
        .unwrap_or(start + 10);
    assert!(end > start && end - start <= 10, "the range of links");
    let url_of = |part| match state.base {
        Some(base) => format!("{base}?{SECRET}"),
        None => format!("https://storage.test/upload/{part}?{}{SECRET}", state.query),
    };
    let urls: Vec<Value> = (start..end.min(total + 1))
        .map(|part| {
            json!({"partIndex": part, "expiryDate": "2026-11-22T12:15:00Z",
                   "url": url_of(part)})
        })
        .collect();
    json!({"uploadId": "upload", "partSizeBytes": PART, "totalParts": total, "uploadUrls": urls})
}
