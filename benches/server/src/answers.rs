//! The fixed responses, which are created once.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bench_measure::{BUCKET, CASE_ID, FILE_NAME, OBJECT, SECURITY_CASES, SUPPORT_CASES};
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Incoming};
use hyper::header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use serde_json::json;

use crate::{cases, query, s3};

/// Responses by operation of awsJson and of the query protocols, or by path of the others; `PUT` is that of each upload.
#[derive(Debug)]
pub(crate) struct Answers(HashMap<String, (HeaderMap, Bytes)>);

impl Answers {
    pub(crate) fn new() -> Self {
        let json = HeaderValue::from_static("application/json");
        let aws_json = HeaderValue::from_static("application/x-amz-json-1.1");
        let set = json!({
            "attachmentSetId": "as-2f5a6faa2a4a1e600-mu-nk5xQlBr70-G1cUos5LZkd38KOAHZa9BMDVzNEXAMPLE",
            "expiryTime": "2026-03-01T12:00:00.000Z",
        });
        let url = json!({
            "attachmentPresignedUrl": format!("https://security-ir.example.amazonaws.com/{CASE_ID}/{FILE_NAME}\
                ?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=300&X-Amz-Signature={}", "0f".repeat(32)),
        });
        let answers = [
            (
                "AWSSupport_20130415.DescribeCases",
                &aws_json,
                cases::support_cases(SUPPORT_CASES),
            ),
            ("AWSSupport_20130415.AddAttachmentsToSet", &aws_json, set),
            (
                "/v1/list-cases",
                &json,
                cases::security_cases(SECURITY_CASES),
            ),
            (
                &format!("/v1/cases/{CASE_ID}/get-presigned-url"),
                &json,
                url,
            ),
        ];
        let mut answers: HashMap<String, (HeaderMap, Bytes)> = answers
            .into_iter()
            .map(|(key, kind, body)| (key.to_owned(), (of_kind(kind), body.to_string().into())))
            .collect();
        let xml = HeaderValue::from_static("text/xml;charset=UTF-8");
        for (action, body) in [
            ("DescribeInstances", query::instances()),
            ("AssumeRole", query::role()),
        ] {
            answers.insert(action.to_owned(), (of_kind(&xml), body.into()));
        }
        let list: Bytes = s3::objects().into();
        for path in [format!("/{BUCKET}"), format!("/{BUCKET}/")] {
            answers.insert(path, (of_kind(&xml), list.clone()));
        }
        let content: Bytes = bench_measure::content().into();
        answers.insert(format!("/{BUCKET}/{OBJECT}"), (object(&content), content));
        answers.insert("PUT".to_owned(), (stored(), Bytes::new()));
        Self(answers)
    }

    /// Reads the request to its end and answers it.
    pub(crate) async fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        let (head, mut body) = request.into_parts();
        let signed = head.headers.contains_key("authorization");
        let target = head.headers.get("x-amz-target");
        let path = match head.method == Method::PUT {
            true => "PUT",
            false => head.uri.path(),
        };
        let key = target.map_or(Ok(path), |target| target.to_str());
        let mut start = Bytes::new();
        // If the stream breaks, no response can be sent.
        while let Some(Ok(frame)) =
            std::future::poll_fn(|context| std::pin::Pin::new(&mut body).poll_frame(context)).await
        {
            if let (true, Ok(data)) = (start.is_empty(), frame.into_data()) {
                start = data;
            }
        }
        // A form begins with its action, and is short enough for one frame.
        let key = match action(&start) {
            Some(action) => Some(action),
            None => key.ok(),
        };
        let found = key.and_then(|key| self.0.get(key));
        let Some((headers, body)) = found.filter(|_| signed) else {
            let mut response = Response::new(Full::from(
                r#"{"__type":"UnknownOperationException","message":"unknown or not signed"}"#,
            ));
            *response.status_mut() = StatusCode::BAD_REQUEST;
            return Ok(response);
        };
        let mut response = Response::new(Full::new(body.clone()));
        headers.clone_into(response.headers_mut());
        response.headers_mut().insert(
            "x-amzn-requestid",
            HeaderValue::from_static("6a4c9f5e-58f6-4d23-8f0a-2b8e4f9d6c01"),
        );
        Ok(response)
    }
}

fn of_kind(kind: &HeaderValue) -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_TYPE, kind.clone())])
}

/// The headers of an object that is read. Clients verify its checksum, if they do that by default.
fn object(content: &[u8]) -> HeaderMap {
    let mut headers = of_kind(&HeaderValue::from_static("application/octet-stream"));
    headers.extend(stored());
    let checksum = STANDARD.encode(crc32fast::hash(content).to_be_bytes());
    let values = [
        ("last-modified", "Sat, 28 Feb 2026 12:34:56 GMT"),
        ("x-amz-checksum-crc32", &checksum),
        ("x-amz-checksum-type", "FULL_OBJECT"),
    ];
    for (name, value) in values {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    headers
}

/// The headers of an object that was written.
fn stored() -> HeaderMap {
    let tag = HeaderValue::from_static("\"9a0364b9e99bb480dd25e1f0284c8555\"");
    HeaderMap::from_iter([(ETAG, tag)])
}

/// The action of a request of a query protocol.
fn action(body: &[u8]) -> Option<&str> {
    let action = body.strip_prefix(b"Action=")?;
    let end = action.iter().position(|byte| *byte == b'&');
    std::str::from_utf8(&action[..end.unwrap_or(action.len())]).ok()
}
