//! Workflows under many faults: at random in every call and every transfer, and at the end each acknowledged file
//! is with the service once, byte for byte. Then it is downloaded, over connections that break in the middle of bodies.
//!
//! `ATTACHE_RUNS` is the number of workflows, 300 without it; an extended run takes 10000.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use attache_evidence::{Settings, Source, security_ir, support};
use attache_local::{Effect, Fault, Local, When};
use attache_runtime::transport::{HyperTransport, Transport, TransportError};
use attache_runtime::{Body, BoxFuture, ByteStream, Bytes, RandomSource, Timer};

const TASKS: u32 = 8;

/// A clock that runs a hundred times faster than real time, so that pauses and limits keep their proportions.
#[derive(Debug)]
struct Hurried(Instant);

const HASTE: u32 = 100;

impl Timer for Hurried {
    fn elapsed(&self) -> Duration {
        self.0.elapsed() * HASTE
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async move { tokio::time::sleep(duration / HASTE).await })
    }
}

/// The next number of a fixed sequence (splitmix64).
#[derive(Debug)]
struct Sequence(Mutex<u64>);

impl RandomSource for Sequence {
    fn next(&self) -> u64 {
        let mut state = self.0.lock().expect("no panic");
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

/// A transport that breaks half of all downloads somewhere in their bodies.
#[derive(Debug)]
struct Breaking {
    inner: HyperTransport,
    random: Sequence,
    /// How many responses continued a download.
    continued: Arc<AtomicU32>,
}

/// A body that breaks after its bytes.
struct Broken(Bytes);

impl http_body::Body for Broken {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        let bytes = std::mem::take(&mut self.0);
        Poll::Ready(Some(match bytes.is_empty() {
            true => Err(std::io::ErrorKind::ConnectionReset.into()),
            false => Ok(http_body::Frame::data(bytes)),
        }))
    }
}

impl Transport for Breaking {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let is_download = request.uri().path().contains("/download/");
        let breaks = is_download && self.random.next().is_multiple_of(2);
        Box::pin(async move {
            let response = self.inner.send(request).await?;
            if response.status() == http::StatusCode::PARTIAL_CONTENT {
                self.continued.fetch_add(1, Ordering::Relaxed);
            }
            if !breaks || !response.status().is_success() {
                return Ok(response);
            }
            let (head, body) = response.into_parts();
            let bytes = body.collect().await.unwrap_or_default();
            let length = self.random.next() as usize % (bytes.len() + 1);
            let body = ByteStream::new(Broken(bytes.slice(..length)));
            Ok(http::Response::from_parts(head, body))
        })
    }
}

fn runs() -> u32 {
    let runs = std::env::var("ATTACHE_RUNS").ok();
    runs.and_then(|text| text.parse().ok()).unwrap_or(300)
}

fn content(run: u32) -> Vec<u8> {
    let random = Sequence(Mutex::new(u64::from(run)));
    let length = (random.next() % 60_000 + 1) as usize;
    std::iter::repeat_with(|| random.next() as u8)
        .take(length)
        .collect()
}

/// The server, with everything that it can do wrong.
async fn unreliable() -> Local {
    let effects = [
        (Effect::Throttle(None), 3.0),
        (Effect::Error(500, When::Before), 2.0),
        (Effect::Error(503, When::After), 2.0),
        (Effect::Drop(When::Before), 2.0),
        (Effect::Drop(When::After), 3.0),
        (Effect::Delay(Duration::from_millis(3)), 2.0),
        (Effect::Drip(Duration::from_millis(1)), 2.0),
    ];
    let mut builder = Local::builder()
        .part_size(7_000)
        .processing_time(Duration::from_millis(2))
        .scan_time(Duration::from_millis(2))
        .seed(20_261_123);
    for (effect, percent) in effects {
        builder = builder.fault(Fault::new(effect).percent(percent));
    }
    builder.start().await.expect("the server starts")
}

/// The results of the workflows.
#[derive(Default)]
struct Account {
    /// The case and the content, by the name of the file.
    acknowledged: Mutex<BTreeMap<String, (String, u32)>>,
    resumed: AtomicU32,
    given_up: AtomicU32,
    downloaded: AtomicU32,
    not_downloaded: AtomicU32,
}

struct Chaos {
    support: attache_support::Client,
    security_ir: attache_security_ir::Client,
    settings: Settings,
    account: Account,
}

impl Chaos {
    async fn run(&self, run: u32) {
        let name = format!("evidence-{run}.bin");
        let source = Source::bytes(name.clone(), content(run));
        let case = match run % 3 {
            0 => self.small(source).await,
            1 => self.large(source).await,
            _ => self.incident(source, run).await,
        };
        match case {
            Some(case) => {
                let downloaded = match run % 3 {
                    2 => self.incident_back(&case).await,
                    _ => self.support_back(&case).await,
                };
                match downloaded {
                    Some(bytes) => {
                        assert!(bytes == content(run), "the download has other bytes");
                        self.account.downloaded.fetch_add(1, Ordering::Relaxed);
                    }
                    None => {
                        self.account.not_downloaded.fetch_add(1, Ordering::Relaxed);
                    }
                }
                let mut acknowledged = self.account.acknowledged.lock().expect("no panic");
                acknowledged.insert(name, (case, run));
            }
            None => {
                self.account.given_up.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn support(&self) -> support::Attachments {
        support::Attachments::new(&self.support).settings(self.settings.clone())
    }

    async fn case_with(&self, evidence: &support::Evidence) -> Option<String> {
        let call = self
            .support
            .create_case()
            .subject("chaos")
            .communication_body("see the file");
        // Without a response it is unknown whether there is a case, so the file is not counted.
        evidence.on_case(call).send().await.ok()?.case_id
    }

    async fn small(&self, source: Source) -> Option<String> {
        let evidence = self.support().upload(source).await.ok()?;
        self.case_with(&evidence).await
    }

    async fn large(&self, source: Source) -> Option<String> {
        let attachments = self.support();
        let mut upload = attachments.begin(source.clone()).await.ok()?;
        for _ in 0..20 {
            if let Ok(id) = upload.run().await {
                let call = self
                    .support
                    .create_case()
                    .subject("chaos")
                    .communication_body("see the file")
                    .upload_ids([id]);
                return call.send().await.ok()?.case_id;
            }
            self.account.resumed.fetch_add(1, Ordering::Relaxed);
            upload = attachments
                .resume(source.clone(), upload.saved())
                .await
                .expect("the source is the same");
        }
        None
    }

    async fn incident(&self, source: Source, run: u32) -> Option<String> {
        let case = self.incident_case(run).await?;
        let attachments =
            security_ir::Attachments::new(&self.security_ir).settings(self.settings.clone());
        let mut upload = attachments
            .begin(case.as_str(), source.clone())
            .await
            .ok()?;
        for _ in 0..20 {
            if upload.run().await.is_ok() {
                return Some(case);
            }
            self.account.resumed.fetch_add(1, Ordering::Relaxed);
            upload = attachments
                .resume(source.clone(), upload.saved())
                .await
                .expect("the source is the same");
        }
        None
    }

    /// The file of a case, each attempt by a download that continues the one before.
    async fn support_back(&self, case: &str) -> Option<Vec<u8>> {
        let call = self.support.describe_communications().case_id(case);
        let communications = call.send().await.ok()?.communications?;
        let mut attachments = communications.into_iter().filter_map(|one| one.attachments);
        let id = attachments.find_map(|all| all.into_iter().next()?.attachment_id)?;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("back");
        let attachments = self.support();
        let mut download = attachments.begin_download(id, &path).await.ok()?;
        for _ in 0..20 {
            if download.run().await.is_ok() {
                return Some(std::fs::read(&path).expect("the file"));
            }
            let saved = download.saved();
            let resumed = attachments.resume_download(saved).await;
            download = resumed.expect("the temporary file is the same");
        }
        None
    }

    async fn incident_back(&self, case: &str) -> Option<Vec<u8>> {
        let case_of = self
            .security_ir
            .get_case()
            .case_id(case)
            .send()
            .await
            .ok()?;
        let id = case_of.case_attachments?.first()?.attachment_id.clone();
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("back");
        let attachments =
            security_ir::Attachments::new(&self.security_ir).settings(self.settings.clone());
        let mut download = attachments
            .begin_download(case, id, &path)
            .expect("it begins");
        for _ in 0..20 {
            if download.run().await.is_ok() {
                return Some(std::fs::read(&path).expect("the file"));
            }
            let saved = download.saved();
            let resumed = attachments.resume_download(saved).await;
            download = resumed.expect("the temporary file is the same");
        }
        None
    }

    async fn incident_case(&self, run: u32) -> Option<String> {
        use attache_security_ir::enums::{EngagementType, ResolverType};
        use attache_security_ir::types::{ImpactedAwsRegion, Watcher};
        let call = self
            .security_ir
            .create_case()
            .title(format!("chaos {run}"))
            .description("a case for a file")
            .engagement_type(EngagementType::Investigation)
            .resolver_type(ResolverType::Aws)
            .reported_incident_start_date(attache_runtime::Timestamp::UNIX_EPOCH)
            .impacted_accounts(["123456789012"])
            .impacted_aws_regions([ImpactedAwsRegion::new(
                attache_security_ir::enums::AwsRegion::UsEast1,
            )])
            .watchers([Watcher::new("watcher@example.com")]);
        Some(call.send().await.ok()?.case_id)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_file_is_there_once_and_whole() {
    let local = unreliable().await;
    let continued = Arc::new(AtomicU32::new(0));
    let config = local
        .config()
        .transport(Breaking {
            inner: HyperTransport::new().expect("a transport"),
            random: Sequence(Mutex::new(11)),
            continued: Arc::clone(&continued),
        })
        .timer(Hurried(Instant::now()))
        .random_source(Sequence(Mutex::new(7)))
        .build()
        .expect("all is set");
    let chaos = Arc::new(Chaos {
        support: attache_support::Client::new(&config),
        security_ir: attache_security_ir::Client::new(&config),
        // One attempt for each transfer, so that most uploads must be continued.
        settings: Settings::default().parallel_parts(3).attempts(1),
        account: Account::default(),
    });
    let (runs, next) = (runs(), Arc::new(AtomicU32::new(0)));
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let (chaos, next) = (Arc::clone(&chaos), Arc::clone(&next));
            tokio::spawn(async move {
                loop {
                    let run = next.fetch_add(1, Ordering::Relaxed);
                    if run >= runs {
                        break;
                    }
                    chaos.run(run).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("no workflow panics");
    }
    judge(&local, &chaos.account, runs);
    judge_downloads(&chaos.account, continued.load(Ordering::Relaxed));
}

fn judge_downloads(account: &Account, continued: u32) {
    let downloaded = account.downloaded.load(Ordering::Relaxed);
    let not_downloaded = account.not_downloaded.load(Ordering::Relaxed);
    println!("{downloaded} downloaded, {not_downloaded} not, {continued} responses continued one");
    assert!(downloaded > not_downloaded * 10, "most are downloaded");
    assert!(continued > downloaded / 4, "many continued");
}

fn judge(local: &Local, account: &Account, runs: u32) {
    let mut stored: BTreeMap<String, Vec<(String, bytes::Bytes)>> = BTreeMap::new();
    for attachment in local.attachments().expect("they can be read") {
        let of_name = stored.entry(attachment.file_name).or_default();
        of_name.push((attachment.case_id, attachment.bytes));
    }
    let acknowledged = account.acknowledged.lock().expect("no panic");
    let (mut lost, mut doubled, mut wrong) = (0, 0, 0);
    for (name, (case, run)) in &*acknowledged {
        let of_name = stored.get(name).map(Vec::as_slice).unwrap_or_default();
        let in_case = of_name.iter().find(|(of, _)| of == case);
        lost += u32::from(in_case.is_none());
        wrong += u32::from(in_case.is_some_and(|(_, bytes)| bytes[..] != content(*run)[..]));
    }
    for of_name in stored.values() {
        doubled += u32::from(of_name.len() > 1);
    }
    let given_up = account.given_up.load(Ordering::Relaxed);
    let resumed = account.resumed.load(Ordering::Relaxed);
    println!(
        "{runs} workflows: {} acknowledged, {given_up} given up, {resumed} resumed; {lost} lost, {doubled} doubled, {wrong} \
         with other bytes",
        acknowledged.len()
    );
    assert_eq!((lost, doubled, wrong), (0, 0, 0));
    assert_eq!(acknowledged.len() as u32 + given_up, runs);
    assert!(acknowledged.len() as u32 > runs / 2, "most reach their end");
    assert!(resumed > 0, "some were interrupted");
}
