//! A server whose clock stands still, and clients of it.

use std::time::Duration;

use attache_local::{Builder, Clock, Local};

/// The time at which every test begins.
pub(crate) const BEGINNING: &str = "2026-01-01T00:00:00Z";

/// A server and a client of each service.
pub(crate) struct Stage {
    pub(crate) local: Local,
    pub(crate) clock: Clock,
    pub(crate) support: attache_support::Client,
    pub(crate) security_ir: attache_security_ir::Client,
    pub(crate) http: reqwest::Client,
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
        let config = local.config().build().expect("the configuration is whole");
        Self {
            support: attache_support::Client::new(&config),
            security_ir: attache_security_ir::Client::new(&config),
            http: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("the client is made"),
            local,
            clock,
        }
    }

    /// Lets so many seconds pass.
    pub(crate) fn wait(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Sends a body to a presigned URL, and gives back the status, the ETag and the text.
    pub(crate) async fn put(&self, url: &str, body: Vec<u8>) -> (u16, String, String) {
        let response = self
            .http
            .put(url)
            .body(body)
            .send()
            .await
            .expect("it is answered");
        let status = response.status().as_u16();
        let etag = response.headers().get("etag");
        let etag = etag
            .map_or("", |etag| etag.to_str().expect("it is text"))
            .to_owned();
        (status, etag, response.text().await.expect("it is text"))
    }

    /// What stands behind a presigned URL.
    pub(crate) async fn get(&self, url: &str) -> (u16, Vec<u8>) {
        let response = self.http.get(url).send().await.expect("it is answered");
        let status = response.status().as_u16();
        (
            status,
            response.bytes().await.expect("it is whole").to_vec(),
        )
    }
}
