//! Files of incidents over HTTP, to a server that signs and demands what the real service does.

use std::time::Duration;

use attache_evidence::manifest::Confirmation;
use attache_evidence::security_ir::{Attached, Attachments};
use attache_evidence::{Error, ErrorKind, Settings, Source};
use attache_local::{Builder, Fault, Local};
use attache_security_ir::Client;
use attache_security_ir::enums::{EngagementType, ResolverType};

use super::content;

/// More than a piece, so that a body has several.
const LENGTH: usize = 600_000;

pub(crate) struct Served {
    pub(crate) local: Local,
    pub(crate) client: Client,
    pub(crate) case: String,
}

impl Served {
    pub(crate) async fn with(set: impl FnOnce(Builder) -> Builder) -> Self {
        let builder = Local::builder().scan_time(Duration::ZERO);
        let local = set(builder).start().await.expect("the server starts");
        let config = local.config().build().expect("all is set");
        let client = Client::new(&config);
        let call = client
            .create_case()
            .title("a case")
            .description("for a file")
            .engagement_type(EngagementType::Investigation)
            .resolver_type(ResolverType::Aws)
            .reported_incident_start_date(attache_runtime::Timestamp::UNIX_EPOCH)
            .impacted_accounts(["123456789012"])
            .watchers([]);
        let case = call.send().await.expect("the case is opened").case_id;
        Self {
            local,
            client,
            case,
        }
    }

    pub(crate) fn attachments(&self, settings: Settings) -> Attachments {
        Attachments::new(&self.client).settings(settings)
    }

    async fn upload(&self, settings: Settings) -> Result<Attached, Error> {
        self.attachments(settings)
            .upload(self.case.as_str(), Source::bytes("dump", content(LENGTH)))
            .await
    }

    pub(crate) fn fault(&self, text: &str) {
        let fault: Fault = text.parse().expect("a fault");
        self.local.add_fault(fault).expect("it can apply");
    }

    /// The statuses of the uploads to the presigned URL.
    pub(crate) fn puts(&self) -> Vec<Option<u16>> {
        let requests = self.local.requests().into_iter();
        requests
            .filter(|request| request.operation == "PutCaseAttachment")
            .map(|request| request.status)
            .collect()
    }

    fn stored(&self) -> usize {
        let stored = self.local.attachments().expect("they can be read");
        assert!(stored.iter().all(|file| file.bytes == content(LENGTH)));
        stored.len()
    }
}

#[tokio::test]
async fn a_file_goes_up_and_comes_down_whatever_the_service_signs() {
    for host_only in [false, true] {
        let served = Served::with(|builder| builder.sign_host_only(host_only)).await;
        let attached = served.upload(Settings::default()).await.expect("an upload");
        let part = &attached.manifest.files[0].parts[0];
        assert_eq!(part.confirmation, Confirmation::ETag);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("copy");
        let downloaded = served
            .attachments(Settings::default())
            .download(served.case.as_str(), attached.attachment_id, &path)
            .await
            .expect("a download");
        assert_eq!(downloaded.sha256, attached.manifest.files[0].sha256);
        assert!(std::fs::read(&path).expect("the copy") == content(LENGTH));
        assert_eq!(served.puts(), [Some(200)]);
    }
}

#[tokio::test]
async fn after_a_lost_response_the_file_exists_once() {
    for (fault, lost) in [
        ("PutCaseAttachment=drop:after*1", None),
        ("PutCaseAttachment=error:503:after*1", Some(503)),
    ] {
        let served = Served::with(|builder| builder).await;
        served.fault(fault);
        let attached = served
            .upload(Settings::default())
            .await
            .expect("it is there");
        assert_eq!(served.puts(), [lost, Some(412)]);
        assert_eq!(served.stored(), 1);
        let part = &attached.manifest.files[0].parts[0];
        assert_eq!(part.confirmation, Confirmation::Download);
    }
}

#[tokio::test]
async fn going_on_after_a_lost_answer_finds_the_file() {
    let served = Served::with(|builder| builder).await;
    served.fault("PutCaseAttachment=drop:after*1");
    let attachments = served.attachments(Settings::default().attempts(1));
    let source = Source::bytes("dump", content(LENGTH));
    let mut upload = attachments
        .begin(served.case.as_str(), source.clone())
        .await
        .expect("it begins");
    let error = upload.run().await.expect_err("the answer is lost");
    assert!(error.may_have_arrived(), "{error}");
    let saved = upload.saved();
    drop(upload);
    let mut again = attachments.resume(source, saved).await.expect("the same");
    again.run().await.expect("it is there");
    assert_eq!(
        served.puts(),
        [None],
        "the case is asked before it is sent again"
    );
    assert_eq!(served.stored(), 1);
}

#[tokio::test]
async fn attempts_before_the_bytes_arrived_are_simply_repeated() {
    let served = Served::with(|builder| builder).await;
    for fault in ["throttle*1", "drop:before*1", "error:500:before*1"] {
        served.fault(&format!("PutCaseAttachment={fault}"));
    }
    served.upload(Settings::default()).await.expect("an upload");
    assert_eq!(served.puts().last(), Some(&Some(200)));
    assert_eq!(served.stored(), 1);
}

#[tokio::test]
async fn a_byte_that_changed_on_its_way_down_is_found() {
    let served = Served::with(|builder| builder).await;
    let attached = served.upload(Settings::default()).await.expect("an upload");
    served.fault("GetCaseAttachment=corrupt*2");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("copy");
    let download = async |attempts| {
        let attachments = served.attachments(Settings::default().attempts(attempts));
        let (case, id) = (served.case.as_str(), attached.attachment_id.as_str());
        attachments.download(case, id, path.as_path()).await
    };
    let error = download(1).await.expect_err("a byte is wrong");
    assert_eq!(error.kind(), ErrorKind::Transfer);
    assert!(!path.exists());
    download(2).await.expect("the next attempt is right");
    assert!(std::fs::read(&path).expect("the copy") == content(LENGTH));
}
