//! A whole call over a transport that answers at once: all of the client but sockets and TLS.

use std::future::{Future, pending};
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use attache_runtime::transport::{Transport, TransportError};
use attache_runtime::{
    Body, BoxFuture, ByteStream, Bytes, Config, Credentials, RandomSource, Timer, TokenSource, http,
};
use attache_security_ir::Client;

use crate::service::{self, ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY};
use crate::{Failure, ensure};

/// Security Incident Response `GetCaseAttachmentUploadUrl`.
pub(crate) fn upload_url(times: u32) -> Result<(), Failure> {
    let config = Config::builder()
        .region(REGION)
        .credentials(Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY))
        .time_source(service::now()?)
        .timer(Still)
        .random_source(Fixed)
        .token_source(Fixed)
        .transport(Answer(Bytes::from_static(
            br#"{"attachmentPresignedUrl":"https://security-ir.example.amazonaws.com/1234567890/memory.dump?X-Amz-Expires=300"}"#,
        )))
        .build()?;
    let client = Client::new(&config);
    let mut length = None;
    for _ in 0..times {
        let request = client.get_case_attachment_upload_url();
        let call = request
            .case_id("1234567890")
            .file_name("memory.dump")
            .content_length(1024 * 1024)
            .send();
        let upload = black_box(at_once(call))??;
        length = Some(upload.attachment_presigned_url.len());
    }
    let complete = length.is_none_or(|length| length == 82);
    ensure(complete, "the URL is another one")
}

/// The result of a future that waits for nothing.
fn at_once<F: Future>(future: F) -> Result<F::Output, Failure> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Ok(result),
        Poll::Pending => Err("the call waits, although its answer is there".into()),
    }
}

/// Gives the same answer to every request.
#[derive(Debug)]
struct Answer(Bytes);

impl Transport for Answer {
    fn send(
        &self,
        _request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        Box::pin(async {
            let mut response = http::Response::new(ByteStream::from(self.0.clone()));
            let kind = http::HeaderValue::from_static("application/json");
            response
                .headers_mut()
                .insert(http::header::CONTENT_TYPE, kind);
            Ok(response)
        })
    }
}

/// A timer at zero, whose pauses never end.
#[derive(Debug)]
struct Still;

impl Timer for Still {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(pending())
    }
}

/// The same number and the same token every time.
#[derive(Debug)]
struct Fixed;

impl RandomSource for Fixed {
    fn next(&self) -> u64 {
        0x5A5A_5A5A_5A5A_5A5A
    }
}

impl TokenSource for Fixed {
    fn token(&self) -> String {
        "00000000-0000-4000-8000-000000000000".to_owned()
    }
}
