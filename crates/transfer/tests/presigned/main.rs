//! Presigned URLs with a transport that is the storage.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use attache_runtime::transport::{Transport, TransportError};
use attache_runtime::{Body, BoxFuture, ByteStream, Bytes, Config, Timer};
use attache_transfer::{ErrorKind, PresignedUrls};
use http::{Method, Request, Response, StatusCode};

const URL: &str =
    "https://bucket.example.com/secret-key?X-Amz-SignedHeaders=host&X-Amz-Signature=secret";

/// Pauses take no time, and the time that a transfer may make no progress never passes.
#[derive(Debug)]
struct Pauses;

impl Timer for Pauses {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        match duration < Duration::from_secs(60) {
            true => Box::pin(std::future::ready(())),
            false => Box::pin(std::future::pending()),
        }
    }
}

/// What the storage has, and what it answers before it works: statuses, the first one first.
#[derive(Debug, Default)]
struct Storage {
    object: Mutex<Vec<u8>>,
    failures: Mutex<Vec<u16>>,
    /// The bytes after which the answer to the next `GET` breaks off.
    breaks_after: Mutex<Option<usize>>,
    requests: Mutex<Vec<String>>,
}

#[derive(Clone, Debug)]
struct Shared(Arc<Storage>);

fn response(status: u16, body: Vec<u8>) -> Response<ByteStream> {
    let mut response = Response::new(ByteStream::from(Bytes::from(body)));
    *response.status_mut() = StatusCode::from_u16(status).expect("a status");
    response
}

impl Storage {
    fn get(&self, request: &Request<Body>) -> Response<ByteStream> {
        let object = self.object.lock().expect("no panic").clone();
        let range = request.headers().get("range");
        let range = range.and_then(|value| value.to_str().ok());
        let start =
            range.and_then(|text| text.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
        let start: usize = start.unwrap_or(0);
        let (end, total) = (object.len().saturating_sub(1), object.len());
        let mut body = object[start..].to_vec();
        let length = body.len();
        if let Some(most) = self.breaks_after.lock().expect("no panic").take() {
            body.truncate(most);
        }
        let mut response = response(if start > 0 { 206 } else { 200 }, body);
        let headers = response.headers_mut();
        headers.insert("etag", "\"one\"".parse().expect("a value"));
        headers.insert("content-length", length.into());
        if start > 0 {
            let range = format!("bytes {start}-{end}/{total}");
            headers.insert("content-range", range.parse().expect("a value"));
        }
        response
    }
}

impl Transport for Shared {
    fn send(
        &self,
        request: Request<Body>,
    ) -> BoxFuture<'static, Result<Response<ByteStream>, TransportError>> {
        let storage = Arc::clone(&self.0);
        Box::pin(async move {
            let range = request
                .headers()
                .get("range")
                .map(|value| value.to_str().unwrap_or_default());
            let line = format!("{} {}", request.method(), range.unwrap_or_default());
            storage.requests.lock().expect("no panic").push(line);
            let failure = storage.failures.lock().expect("no panic").pop();
            if let Some(status) = failure {
                return Ok(response(status, Vec::new()));
            }
            if request.method() == Method::GET {
                return Ok(storage.get(&request));
            }
            let bytes = match request.into_body() {
                Body::Stream(stream) => stream.collect().await.expect("it can be read"),
                _ => Bytes::new(),
            };
            *storage.object.lock().expect("no panic") = bytes.to_vec();
            Ok(response(200, Vec::new()))
        })
    }
}

fn urls(storage: &Arc<Storage>) -> PresignedUrls {
    let config = Config::builder()
        .region("us-east-1")
        .transport(Shared(Arc::clone(storage)))
        .timer(Pauses)
        .build()
        .expect("all is set");
    PresignedUrls::new(&config)
}

#[tokio::test]
async fn a_file_arrives_and_comes_back_also_an_empty_one() {
    for length in [0_usize, 1, 300_000] {
        let place = tempfile::tempdir().expect("a folder");
        let bytes: Vec<u8> = (0..length).map(|index| index as u8).collect();
        let path = place.path().join("memory.dump");
        std::fs::write(&path, &bytes).expect("a file");
        let storage = Arc::new(Storage::default());
        let sent = urls(&storage).upload(URL, &path).await.expect("it arrives");
        assert_eq!(sent.size, length as u64);
        assert!(
            *storage.object.lock().expect("no panic") == bytes,
            "{length}"
        );
        let back = place.path().join("back");
        let downloaded = urls(&storage).download(URL, &back).await.expect("it comes");
        assert_eq!(downloaded.sha256, sent.sha256, "{length}");
        assert!(std::fs::read(&back).expect("a file") == bytes);
    }
}

#[tokio::test]
async fn passing_failures_are_repeated_and_a_broken_download_continues() {
    let place = tempfile::tempdir().expect("a folder");
    let path = place.path().join("memory.dump");
    std::fs::write(&path, vec![7; 5000]).expect("a file");
    let storage = Arc::new(Storage::default());
    *storage.failures.lock().expect("no panic") = vec![500, 503];
    urls(&storage).upload(URL, &path).await.expect("it arrives");
    *storage.breaks_after.lock().expect("no panic") = Some(3000);
    let back = place.path().join("back");
    urls(&storage).download(URL, &back).await.expect("it comes");
    let requests = storage.requests.lock().expect("no panic").clone();
    assert_eq!(
        requests,
        ["PUT ", "PUT ", "PUT ", "GET ", "GET bytes=3000-"]
    );
}

#[tokio::test]
async fn a_url_that_is_not_valid_any_more_is_an_error_without_the_url() {
    let place = tempfile::tempdir().expect("a folder");
    let storage = Arc::new(Storage::default());
    *storage.failures.lock().expect("no panic") = vec![403];
    let error = urls(&storage)
        .download(URL, place.path().join("back"))
        .await;
    let error = error.expect_err("it is not valid");
    assert_eq!(error.kind(), ErrorKind::Transfer);
    let text = format!("{error:#} {error:?}");
    assert!(!text.contains("secret"), "{text}");
    assert_eq!(
        std::fs::read_dir(place.path()).expect("a folder").count(),
        0
    );
}
