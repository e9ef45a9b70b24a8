//! Downloads over HTTP: with limits of time and size, retries, and the rest of a file after a connection broke.
//!
//! The client is reqwest with rustls and the certificates of the platform; proxies and `NO_PROXY` are those of the
//! environment. It runs on its own runtime with one thread, because a command waits for each download anyway.

use std::fs::File;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use reqwest::header::{
    ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use reqwest::{Client, NoProxy, Proxy, StatusCode, Url};
use tokio::runtime::{Builder, Runtime};

use super::cache::{Answer, Cache};
use super::download::{Download, Failure, explain, refused, starts_at};
use super::settings::Connection;
use super::{progress, tls};
use crate::workspace::address::shown;

/// The longest that a server may make a client wait with `Retry-After`.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// What to download.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The address.
    pub address: &'a str,
    /// The supported media types, if the server has several.
    pub accept: Option<&'a str>,
    /// A token for the header `Authorization`, which goes to this address only.
    pub token: Option<&'a str>,
    /// The most bytes.
    pub limit: u64,
    /// The SHA-256 that was announced.
    pub sha256: Option<&'a str>,
    /// Whether the file at the address never changes: then it is not requested again.
    pub is_immutable: bool,
}

impl<'a> Request<'a> {
    /// A request of at most `limit` bytes for what may change.
    pub fn new(address: &'a str, limit: u64) -> Self {
        Self {
            address,
            accept: None,
            token: None,
            limit,
            sha256: None,
            is_immutable: false,
        }
    }
}

/// What downloads.
#[derive(Debug)]
pub struct Http {
    runtime: Runtime,
    client: Client,
    cache: Cache,
    offline: bool,
    pauses: Vec<Duration>,
}

impl Http {
    /// A client that keeps what it downloads in `cache`, and uses nothing else when it is `offline`.
    ///
    /// # Errors
    /// A file of certificates that cannot be read, an invalid address of a proxy.
    pub fn new(cache: Cache, offline: bool, connection: Connection) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let patience = connection.patience;
        let mut builder = Client::builder()
            .user_agent(concat!("attache/", env!("CARGO_PKG_VERSION")))
            .tls_backend_preconfigured(tls::client(connection.certificates.as_deref())?)
            .connect_timeout(patience.connect)
            .read_timeout(patience.silence)
            .referer(false);
        if let Some(proxy) = &connection.proxy {
            // The error would name it, with its password.
            let proxy = Proxy::all(proxy).ok();
            let proxy = proxy.context("`proxy` in pip's settings is not an address of a proxy")?;
            builder = builder.proxy(proxy.no_proxy(NoProxy::from_env()));
        }
        Ok(Self {
            runtime,
            client: builder.build().context("could not set up HTTP")?,
            cache,
            offline,
            pauses: patience.pauses,
        })
    }

    /// Whether nothing but the cache is used.
    pub fn is_offline(&self) -> bool {
        self.offline
    }

    /// Downloads a file, or takes it from the cache.
    ///
    /// # Errors
    /// An address that cannot be used, no network, an answer that is not a success, more bytes than the limit, another
    /// digest than announced; offline, what the cache does not have.
    ///
    /// # Panics
    /// Inside of an async runtime, whose thread it would block.
    pub fn get(&self, request: &Request<'_>) -> Result<(Answer, File)> {
        let shown = shown(request.address);
        let address = Url::parse(request.address).with_context(|| {
            format!("the address `{shown}`, shown without name and password, is malformed")
        })?;
        ensure!(
            matches!(address.scheme(), "http" | "https"),
            "`{shown}` is not an http or https address"
        );
        if let Some(sha256) = request.sha256
            && let Some(file) = self.cache.object(sha256)?
        {
            let answer = Answer {
                address: shown,
                sha256: sha256.to_owned(),
                tag: None,
            };
            return Ok((answer, file));
        }
        let known = self.cache.answer(request.address)?;
        if let Some(known) = known.filter(|_| request.sha256.is_none()) {
            if self.offline || request.is_immutable {
                return Ok(known);
            }
            return self.attempts(&address, &shown, request, Some(known));
        }
        ensure!(
            !self.offline,
            "{shown} was not downloaded before, and nothing is downloaded with --offline"
        );
        self.attempts(&address, &shown, request, None)
    }

    fn attempts(
        &self,
        address: &Url,
        shown: &str,
        request: &Request<'_>,
        mut known: Option<(Answer, File)>,
    ) -> Result<(Answer, File)> {
        let mut download = Download {
            unfinished: self.cache.begin()?,
            received: 0,
            tag: None,
            may_resume: false,
            bar: progress::bar(
                "{msg} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec}",
                file_name(shown),
            ),
        };
        let mut pauses = self.pauses.iter();
        let outcome = loop {
            let tag = known.as_ref().and_then(|(answer, _)| answer.tag.as_deref());
            let step = self
                .runtime
                .block_on(self.attempt(address, request, tag, &mut download));
            match step {
                Ok(Step::Done) => break Ok(None),
                Ok(Step::NotChanged) => break Ok(known.take()),
                Err(failure) => match (failure.pause, pauses.next()) {
                    (Some(asked), Some(pause)) => {
                        let pause = asked.min(LONGEST_PAUSE).max(*pause);
                        self.runtime
                            .block_on(async { tokio::time::sleep(pause).await });
                    }
                    _ => break Err(failure.error),
                },
            }
        };
        download.bar.finish_and_clear();
        match outcome.with_context(|| format!("could not download {shown}"))? {
            Some(known) => Ok(known),
            None => {
                download
                    .unfinished
                    .finish(request.address, shown, request.sha256, download.tag)
            }
        }
    }

    async fn attempt(
        &self,
        address: &Url,
        request: &Request<'_>,
        known: Option<&str>,
        download: &mut Download<'_>,
    ) -> std::result::Result<Step, Failure> {
        let headers = headers(request, known, download).map_err(Failure::last)?;
        let response = self
            .client
            .get(address.clone())
            .headers(headers)
            .send()
            .await;
        let response = response.map_err(|error| Failure::again(explain(error)))?;
        let status = response.status();
        match status {
            StatusCode::NOT_MODIFIED if known.is_some() => return Ok(Step::NotChanged),
            StatusCode::PARTIAL_CONTENT if starts_at(&response, download.received) => {}
            StatusCode::OK => download.restart(&response).map_err(Failure::last)?,
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                download.may_resume = false;
                let error =
                    anyhow!("the server answered with another range than the requested one");
                return Err(Failure::again(error));
            }
            status => return Err(refused(status, &response)),
        }
        download.body(response, request.limit).await?;
        Ok(Step::Done)
    }
}

enum Step {
    Done,
    NotChanged,
}

fn headers(
    request: &Request<'_>,
    known: Option<&str>,
    download: &Download<'_>,
) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: &str| -> Result<()> {
        headers.insert(name, HeaderValue::from_str(value)?);
        Ok(())
    };
    if let Some(accept) = request.accept {
        set(ACCEPT, accept)?;
    }
    if let Some(token) = request.token {
        set(AUTHORIZATION, &format!("Bearer {token}"))
            .ok()
            .context("the token for the server has characters that are not allowed in a header")?;
    }
    if let Some(known) = known {
        set(IF_NONE_MATCH, known)?;
    }
    if download.may_resume && download.received > 0 {
        set(RANGE, &format!("bytes={}-", download.received))?;
        set(IF_RANGE, download.tag.as_deref().unwrap_or_default())?;
    }
    Ok(headers)
}

/// The last part of an address.
fn file_name(shown: &str) -> &str {
    let name = shown.rsplit('/').find(|part| !part.is_empty());
    name.unwrap_or(shown)
}
