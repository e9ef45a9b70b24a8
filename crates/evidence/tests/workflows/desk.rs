//! Both services and the storage behind their URLs, as a transport.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, MutexGuard};

use attache_runtime::transport::{Transport, TransportError, TransportErrorKind};
use attache_runtime::{
    Body, BoxFuture, ByteStream, Bytes, Config, ConfigBuilder, Credentials, RandomSource, Timestamp,
};
use serde_json::{Value, json};

use super::endless::endless;

/// The length of a part, in bytes.
pub(crate) const PART: usize = 1_000_000;
pub(crate) const SECRET: &str = "X-Amz-Signature=5f2c9d";

/// A fault in the handling of a request to the storage.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    Status(u16, &'static str),
    /// The bytes arrive, and the answer does not.
    LostAfter,
    /// Nothing arrives.
    Lost,
    /// The transport cannot be used at all.
    Setup,
    Silence,
    /// Half of the bytes that were announced.
    Half,
    /// Success before the body was read.
    Unread,
    /// The bytes, with other headers than `content-length`.
    Headers(&'static [(&'static str, &'static str)]),
    /// Bytes without end, and without a length.
    Endless(&'static [(&'static str, &'static str)]),
    /// The bytes arrive, and the response has an endless body.
    Trickle(fn() -> ByteStream),
}

#[derive(Debug, Default)]
pub(crate) struct State {
    /// The parts of uploads, by `upload/part`.
    pub(crate) stored: BTreeMap<String, Bytes>,
    /// How often bytes came for a part.
    pub(crate) puts: BTreeMap<String, u32>,
    /// The parts that were reported complete.
    pub(crate) reported: Vec<i64>,
    /// The calls, by operation.
    pub(crate) calls: Vec<String>,
    /// The faults of the storage, in the order of the requests to it.
    pub(crate) faults: VecDeque<Fault>,
    /// The faults of the services: the operation, and the status with the body.
    pub(crate) refusals: VecDeque<(&'static str, u16, &'static str)>,
    /// How long an upload is, in bytes.
    pub(crate) length: u64,
    /// What the status of an upload or a scan is, one after the other; the last stays.
    pub(crate) states: VecDeque<&'static str>,
    /// The idempotency tokens of URLs for files of a case.
    tokens: BTreeSet<String>,
    pub(crate) set: Value,
    pub(crate) case: Vec<Value>,
    pub(crate) download: Bytes,
    /// The name of the file of a download link, if not `report.pdf`.
    pub(crate) name: Option<&'static str>,
    /// Further parameters in the query of the URLs for uploads.
    pub(crate) query: &'static str,
    /// URLs for parts that replace those of the storage.
    pub(crate) base: Option<&'static str>,
    /// The headers of the requests to the storage.
    pub(crate) heads: Vec<http::HeaderMap>,
    /// Further headers of the answers to uploads. An `etag` here replaces the one of the part.
    pub(crate) answer: Vec<(&'static str, &'static str)>,
    /// How many pieces were taken of an endless body.
    pub(crate) pieces: Arc<AtomicU32>,
}

#[derive(Clone, Default)]
pub(crate) struct Desk(Arc<Mutex<State>>);

/// It contains secrets, so `Debug` hides everything.
impl std::fmt::Debug for Desk {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Desk")
    }
}

/// The least of all random numbers: no pause.
#[derive(Debug)]
struct NoPause;

impl RandomSource for NoPause {
    fn next(&self) -> u64 {
        0
    }
}

impl Desk {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no test panics with the lock")
    }

    pub(crate) fn with_states(states: impl IntoIterator<Item = &'static str>) -> Self {
        let desk = Self::default();
        desk.state().states.extend(states);
        desk
    }

    pub(crate) fn config(&self) -> ConfigBuilder {
        Config::builder()
            .region("us-east-1")
            .credentials(Credentials::new("AKID", "secret"))
            .time_source("2026-11-22T12:00:00Z".parse::<Timestamp>().expect("a time"))
            .random_source(NoPause)
            .transport(self.clone())
    }

    pub(crate) fn support(&self) -> attache_support::Client {
        attache_support::Client::new(&self.config().build().expect("all is set"))
    }

    pub(crate) fn security_ir(&self) -> attache_security_ir::Client {
        attache_security_ir::Client::new(&self.config().build().expect("all is set"))
    }

    /// The whole upload, put together.
    pub(crate) fn whole(&self) -> Vec<u8> {
        let state = self.state();
        let mut parts: Vec<(u32, &Bytes)> = state
            .stored
            .iter()
            .map(|(key, bytes)| {
                (
                    key.rsplit('/')
                        .next()
                        .expect("a part")
                        .parse()
                        .expect("a number"),
                    bytes,
                )
            })
            .collect();
        parts.sort_by_key(|(part, _)| *part);
        parts.iter().flat_map(|(_, bytes)| bytes.to_vec()).collect()
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
        let next_state = |state: &mut State| match state.states.len() {
            1 => state.states[0],
            _ => state.states.pop_front().expect("a state"),
        };
        let answer = match name {
            "AddAttachmentsToSet" => {
                state.set = body.clone();
                json!({"attachmentSetId": "set", "expiryTime": "2026-11-22T13:00:00Z"})
            }
            "GetAttachmentUploadLinks" => links(&mut state, body),
            "CompleteAttachmentUpload" => {
                for part in body["completedUploads"].as_array().expect("parts") {
                    let index = part["partIndex"].as_i64().expect("an index");
                    let etag = state.etag(&index.to_string());
                    assert_eq!(part["eTag"], etag);
                    state.reported.push(index);
                }
                json!({"uploadStatus": "attachment-not-ready"})
            }
            "DescribeAttachmentUploadStatus" => {
                json!({"fileName": "f", "uploadStatus": next_state(&mut state)})
            }
            "GetAttachmentDownloadLink" => {
                let name = state.name.unwrap_or("report.pdf");
                json!({"fileName": name, "downloadUrl": {
                    "url": format!("https://storage.test/get?{SECRET}"), "expiryDate": "2026-11-22T13:00:00Z"}})
            }
            "GetCaseAttachmentUploadUrl" => {
                let url = format!("https://storage.test/case/1?{}{SECRET}", state.query);
                let name = body["fileName"].clone();
                let id = attachment_id(state.case.len());
                // The same token gives the same attachment.
                let token = body["clientToken"].to_string();
                if state.tokens.insert(token) {
                    state.case.push(
                        json!({"attachmentId": id, "fileName": name, "attachmentStatus": "Pending",
                                           "createdDate": 0, "creator": "c"}),
                    );
                }
                json!({"attachmentPresignedUrl": url})
            }
            "GetCaseAttachmentDownloadUrl" => {
                json!({"attachmentPresignedUrl": format!("https://storage.test/get?{SECRET}")})
            }
            "GetCase" => {
                if state.stored.contains_key("case/1") {
                    let status = next_state(&mut state);
                    if let Some(last) = state.case.last_mut() {
                        last["attachmentStatus"] = status.into();
                    }
                }
                json!({"caseAttachments": state.case})
            }
            other => panic!("the workflows do not call {other} at {path}"),
        };
        (200, answer)
    }

    fn store(
        &self,
        key: &str,
        head: &http::HeaderMap,
        bytes: Bytes,
    ) -> Result<http::Response<ByteStream>, Fault> {
        let mut state = self.state();
        *state.puts.entry(key.to_owned()).or_default() += 1;
        let fault = state.faults.pop_front();
        let creates = head.get("if-none-match").is_some_and(|value| value == "*");
        if fault.is_none() && creates && state.stored.contains_key(key) {
            return Err(Fault::Status(
                412,
                "<Error><Code>PreconditionFailed</Code></Error>",
            ));
        }
        let mut answer = ByteStream::default();
        match fault {
            None => {}
            Some(Fault::Trickle(body)) => answer = body(),
            Some(Fault::LostAfter) => {
                state.stored.insert(key.to_owned(), bytes);
                return Err(Fault::Lost);
            }
            Some(fault) => return Err(fault),
        }
        state.stored.insert(key.to_owned(), bytes);
        let mut response = http::Response::new(answer);
        let part = key.rsplit('/').next().expect("a part");
        let etag = state.etag(part).parse().expect("a header");
        let headers = response.headers_mut();
        for (name, value) in &state.answer {
            headers.insert(*name, value.parse().expect("a header"));
        }
        headers.insert("etag", etag);
        Ok(response)
    }

    fn give(&self) -> Result<http::Response<ByteStream>, Fault> {
        let mut state = self.state();
        let bytes = state.download.clone();
        let with = |headers: &[(&'static str, &'static str)], body: ByteStream| {
            let mut response = http::Response::new(body);
            for (name, value) in headers {
                let value = value.parse().expect("a header");
                response.headers_mut().insert(*name, value);
            }
            response
        };
        let sent = match state.faults.pop_front() {
            None => bytes.clone(),
            Some(Fault::Half) => bytes.slice(..bytes.len() / 2),
            Some(Fault::Trickle(body)) => return Ok(with(&[("content-length", "9")], body())),
            Some(Fault::Headers(headers)) => return Ok(with(headers, bytes.into())),
            Some(Fault::Endless(headers)) => return Ok(with(headers, endless(&state.pieces))),
            Some(fault) => return Err(fault),
        };
        let mut response = http::Response::new(ByteStream::from(sent));
        response
            .headers_mut()
            .insert("content-length", bytes.len().into());
        Ok(response)
    }
}

/// The id of the attachment with this place in the case.
pub(crate) fn attachment_id(place: usize) -> String {
    format!("00000000-0000-4000-8000-{place:012}")
}

impl State {
    /// The ETag of a part, as it is in headers.
    fn etag(&self, part: &str) -> String {
        let given = self.answer.iter().find(|(name, _)| *name == "etag");
        given.map_or_else(
            || format!("\"etag-{part}\""),
            |(_, etag)| (*etag).to_owned(),
        )
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

impl Transport for Desk {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let desk = self.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let announced = head.headers.get("content-length").cloned();
            let is_storage = head.uri.host() == Some("storage.test");
            if is_storage {
                desk.state().heads.push(head.headers.clone());
            }
            if is_storage && matches!(desk.state().faults.front(), Some(Fault::Unread)) {
                desk.state().faults.pop_front();
                let mut response = http::Response::new(ByteStream::default());
                let etag = "\"etag-1\"".parse().expect("a header");
                response.headers_mut().insert("etag", etag);
                return Ok(response);
            }
            let body = match body {
                Body::Bytes(bytes) => bytes,
                Body::Stream(stream) => stream
                    .collect()
                    .await
                    .map_err(|error| TransportError::new(TransportErrorKind::Io, error))?,
                other => panic!("a body of a new kind: {other:?}"),
            };
            let path = head.uri.path().to_owned();
            if !is_storage {
                assert!(head.headers.contains_key("authorization"));
                let target = head.headers.get("x-amz-target");
                let name = match target.and_then(|target| target.to_str().ok()) {
                    Some(target) => target.rsplit('.').next().expect("a name").to_owned(),
                    None if path.ends_with("/get-presigned-url") => {
                        "GetCaseAttachmentUploadUrl".to_owned()
                    }
                    None if path.contains("/get-presigned-url/") => {
                        "GetCaseAttachmentDownloadUrl".to_owned()
                    }
                    None => "GetCase".to_owned(),
                };
                let parsed = serde_json::from_slice(&body).unwrap_or(Value::Null);
                let (status, answer) = desk.operation(&name, &path, &parsed);
                let mut response = http::Response::new(ByteStream::from(answer.to_string()));
                *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
                return Ok(response);
            }
            assert!(
                !head.headers.contains_key("authorization"),
                "no credentials"
            );
            let outcome = if head.method == http::Method::PUT {
                let length = announced.expect("a length is announced");
                assert_eq!(length.to_str().expect("text"), body.len().to_string());
                desk.store(path.trim_start_matches('/'), &head.headers, body)
            } else {
                desk.give()
            };
            match outcome {
                Ok(response) => Ok(response),
                Err(Fault::Status(status, body)) => {
                    let mut response = http::Response::new(ByteStream::from(body));
                    *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
                    Ok(response)
                }
                Err(Fault::Silence) => std::future::pending().await,
                Err(Fault::Setup) => Err(TransportError::new(
                    TransportErrorKind::Setup,
                    "the file of certificates `roots.pem` cannot be read",
                )),
                Err(_) => Err(TransportError::new(
                    TransportErrorKind::Io,
                    format!("lost https://storage.test{path}?{SECRET}"),
                )),
            }
        })
    }
}
