//! A server whose clock stands still, and clients of it.

use std::time::Duration;

use attache_local::{Builder, Clock, Local};
use attache_runtime::RandomSource;
use attache_security_ir::enums::{EngagementType, ResolverType};
use attache_security_ir::operation::CreateCaseRequest;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// The time at which every test begins.
pub(crate) const BEGINNING: &str = "2026-01-01T00:00:00Z";

/// Pauses between attempts are a random share of their longest: none of it.
#[derive(Debug)]
pub(crate) struct NoPause;

impl RandomSource for NoPause {
    fn next(&self) -> u64 {
        0
    }
}

/// A server and a client of each service.
pub(crate) struct Stage {
    pub(crate) local: Local,
    pub(crate) clock: Clock,
    pub(crate) support: attache_support::Client,
    pub(crate) security_ir: attache_security_ir::Client,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::with(|builder| builder).await
    }

    /// With further settings.
    pub(crate) async fn with(set: impl FnOnce(Builder) -> Builder) -> Self {
        let clock = Clock::fixed(BEGINNING.parse().expect("it is a time"));
        let builder = Local::builder().clock(clock.clone());
        let local = set(builder).start().await.expect("the server starts");
        let config = local.config().random_source(NoPause).build();
        let config = config.expect("the configuration is whole");
        Self {
            support: attache_support::Client::new(&config),
            security_ir: attache_security_ir::Client::new(&config),
            local,
            clock,
        }
    }

    /// Lets so many seconds pass.
    pub(crate) fn wait(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Sends a body to a presigned URL with the headers that it demands, and returns the status, the ETag and the text.
    pub(crate) async fn put(&self, url: &str, body: Vec<u8>) -> (u16, String, String) {
        let demanded: &[(&str, &str)] = match url.contains("if-none-match") {
            true => &[("if-none-match", "*")],
            false => &[],
        };
        let response = send("PUT", url, demanded, body)
            .await
            .expect("it is answered");
        let status = response.status().as_u16();
        let etag = response.headers().get("etag");
        let etag = etag.map_or("", |etag| etag.to_str().expect("it is text"));
        let etag = etag.to_owned();
        let text = String::from_utf8(response.into_body().to_vec()).expect("it is text");
        (status, etag, text)
    }

    /// Uploads a file to a case of Security IR. It is pending until it is scanned.
    pub(crate) async fn put_case_file(&self, case_id: &str, name: &str, content: &[u8]) {
        let link = self
            .security_ir
            .get_case_attachment_upload_url()
            .case_id(case_id)
            .file_name(name)
            .content_length(i64::try_from(content.len()).expect("it is small"))
            .send()
            .await
            .expect("there is a URL");
        let (status, _, text) = self
            .put(&link.attachment_presigned_url, content.to_vec())
            .await;
        assert_eq!(status, 200, "{text}");
    }

    /// The content of a presigned URL.
    pub(crate) async fn get(&self, url: &str) -> (u16, Vec<u8>) {
        let response = send("GET", url, &[], Vec::new())
            .await
            .expect("it is answered");
        (response.status().as_u16(), response.into_body().to_vec())
    }
}

/// A case of Support.
pub(crate) async fn support_case(stage: &Stage) -> String {
    let call = stage
        .support
        .create_case()
        .subject("Case")
        .communication_body("Body");
    let case = call.send().await.expect("the case is opened");
    case.case_id.expect("it has an id")
}

/// The request of a case of Security IR.
pub(crate) fn security_ir_request() -> CreateCaseRequest {
    CreateCaseRequest {
        title: Some("Case".to_owned()),
        description: Some("Description".to_owned()),
        engagement_type: Some(EngagementType::Investigation),
        resolver_type: Some(ResolverType::SelfValue),
        reported_incident_start_date: Some(BEGINNING.parse().expect("it is a time")),
        impacted_accounts: Some(Vec::new()),
        watchers: Some(Vec::new()),
        ..CreateCaseRequest::default()
    }
}

/// A case of Security IR.
pub(crate) async fn security_ir_case(stage: &Stage) -> String {
    let case = stage.security_ir.send(security_ir_request()).await;
    case.expect("the case is opened").case_id
}

/// Sends one request over a connection of its own, with the host of the header `x-test-host` if it is given; an error where the connection ends without a whole answer.
pub(crate) async fn send(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Result<Response<Bytes>, hyper::Error> {
    let uri: http::Uri = url.parse().expect("it is a URL");
    let host = uri.authority().expect("it has a host").as_str().to_owned();
    let stream = TcpStream::connect(&host).await.expect("somebody listens");
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let target = uri.path_and_query().expect("it has a path").as_str();
    let mut request = Request::builder()
        .method(method)
        .uri(target)
        .header("host", host);
    for (name, value) in headers {
        match *name {
            "x-test-host" => {
                let headers = request.headers_mut().expect("it is a request");
                headers.insert("host", value.parse().expect("it is text"));
            }
            name => request = request.header(name, *value),
        }
    }
    let request = request
        .body(Full::new(Bytes::from(body)))
        .expect("it is a request");
    let (parts, body) = sender.send_request(request).await?.into_parts();
    Ok(Response::from_parts(
        parts,
        body.collect().await?.to_bytes(),
    ))
}
