//! Presigned URLs: any URL of a service, and any response of the storage. Nothing is sent without encryption, no
//! credentials are sent to the storage, no URL is shown, and a successful download has the content that was sent.
//!
//! The first byte selects the workflow. The first line is the URL; for a download, the second is the name of the file.
//! The rest are the responses of the storage as in `script`.

#![no_main]

use std::path::Path;

use attache_evidence::{Error, Settings, Source, security_ir, support};
use attache_fuzz::machine::{self, Scripted, Sent, assert_free_of, everything_of};
use attache_fuzz::script::{self, Answer, Response, line};
use attache_runtime::http::HeaderMap;
use attache_runtime::{Config, Credentials};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const CONTENT: &[u8] = b"Thirty-two bytes of some evidence";
const LIMIT: usize = 1 << 20;

fuzz_target!(|input: &[u8]| {
    let [workflow, rest @ ..] = input else { return };
    let (url, rest) = line(rest);
    let (name, answers) = match workflow % 3 {
        2 => line(rest),
        _ => (&rest[..0], rest),
    };
    let (Ok(url), Ok(name)) = (std::str::from_utf8(url), std::str::from_utf8(name)) else {
        return;
    };
    if answers.len() > LIMIT {
        return;
    }
    let answers = script::answers(answers);
    let (of_service, name) = (url.to_owned(), name.to_owned());
    let transport =
        Scripted::new(answers.clone()).knowing(move |request| service(request, &of_service, &name));
    let config = machine::config(&transport)
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", SECRET).session_token("SESSIONTOKEN"))
        .build()
        .expect("the configuration is complete");
    let outcome = match workflow % 3 {
        0 => upload_support(&config),
        1 => upload_security_ir(&config),
        _ => download(&config, &answers),
    };
    for request in transport.sent().iter().filter(|request| !is_call(request)) {
        let host = request.uri.host().unwrap_or_default();
        let is_local = host == "localhost" || host.starts_with("127.") || host == "[::1]";
        let scheme = request.uri.scheme_str();
        assert!(
            scheme == Some("https") || scheme == Some("http") && is_local,
            "sent in clear to {}",
            request.uri
        );
        let shown = format!("{:?}", request.headers);
        assert_free_of(
            &shown,
            &["SESSIONTOKEN", "AWS4-HMAC-SHA256", SECRET],
            "the request",
        );
    }
    if let Err(error) = outcome {
        let text = everything_of(&error);
        let query = url.split_once('?').map_or("", |(_, query)| query);
        if query.len() > 8 {
            assert_free_of(&text, &[query], "the error");
        }
        assert!(
            text.len() <= 16 * input.len() + 4000,
            "{} bytes",
            text.len()
        );
    }
});

fn settings() -> Settings {
    Settings::default().attempts(2)
}

fn upload_support(config: &Config) -> Result<(), Error> {
    let client = attache_support::Client::new(config);
    let attachments = support::Attachments::new(&client).settings(settings());
    machine::run(async {
        let mut upload = attachments
            .begin(Source::bytes("evidence.bin", CONTENT))
            .await?;
        upload.run().await.map(drop)
    })
}

fn upload_security_ir(config: &Config) -> Result<(), Error> {
    let client = attache_security_ir::Client::new(config);
    let attachments = security_ir::Attachments::new(&client).settings(settings());
    let source = Source::bytes("evidence.bin", CONTENT);
    machine::run(attachments.upload("1234567890", source)).map(drop)
}

fn download(config: &Config, answers: &[Answer]) -> Result<(), Error> {
    thread_local! {
        static FOLDER: tempfile::TempDir = tempfile::tempdir().expect("a temporary folder can be created");
    }
    FOLDER.with(|folder| {
        let folder = folder.path();
        let client = attache_support::Client::new(config);
        let attachments = support::Attachments::new(&client).settings(settings());
        let outcome = machine::run(attachments.download("attachment-1", folder));
        let left: Vec<_> = folder.read_dir().expect("it is there").flatten().collect();
        match &outcome {
            Ok(downloaded) => {
                assert_eq!(left.len(), 1, "one file, and no remainder");
                assert_downloaded(&downloaded.path, folder, answers);
            }
            Err(_) => assert!(left.is_empty(), "a failed download leaves nothing"),
        }
        for file in left {
            std::fs::remove_file(file.path()).expect("it can be removed");
        }
        outcome.map(drop)
    })
}

/// Asserts that a downloaded file is in the folder and has the content of one complete response of the storage.
fn assert_downloaded(path: &Path, folder: &Path, answers: &[Answer]) {
    assert_eq!(path.parent(), Some(folder), "it is outside of the folder");
    let content = std::fs::read(path).expect("it can be read");
    let is_whole = answers.iter().any(|answer| match answer {
        Answer::Response(answer) => {
            (200..300).contains(&answer.status) && !answer.broken && answer.body == content
        }
        Answer::Failure(_) => false,
    });
    assert!(
        is_whole,
        "{} bytes that no response contained",
        content.len()
    );
}

fn is_call(request: &Sent) -> bool {
    request.headers.contains_key("authorization")
}

/// The services, which return the URL of the input.
fn service(request: &Sent, url: &str, name: &str) -> Option<Answer> {
    if !is_call(request) {
        return None;
    }
    let target = request.headers.get("x-amz-target");
    let target = target
        .and_then(|target| target.to_str().ok())
        .unwrap_or(request.uri.path());
    let operation = target.rsplit(['.', '/']).next()?;
    let answer = match operation {
        "GetAttachmentUploadLinks" => json!({
            "uploadId": "upload-1",
            "partSizeBytes": CONTENT.len(),
            "totalParts": 1,
            "uploadUrls": [{"url": url, "partIndex": 1, "expiryDate": "2030-01-01T00:00:00Z"}],
        }),
        "CompleteAttachmentUpload" => json!({"uploadStatus": "in-progress"}),
        "DescribeAttachmentUploadStatus" => {
            json!({"fileName": "evidence.bin", "uploadStatus": "attachment-ready"})
        }
        "GetAttachmentDownloadLink" => json!({
            "fileName": name,
            "downloadUrl": {"url": url, "expiryDate": "2030-01-01T00:00:00Z"},
        }),
        "get-presigned-url" => json!({"attachmentPresignedUrl": url}),
        // The case, which has no attachment before and after, so the upload waits for one without success.
        _ => json!({"title": "Sign-ins", "caseAttachments": []}),
    };
    Some(Answer::Response(Response {
        status: 200,
        headers: HeaderMap::new(),
        body: answer.to_string().into_bytes(),
        broken: false,
    }))
}
