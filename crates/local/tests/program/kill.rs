//! What the program keeps when it is killed.

use std::sync::Mutex;

use attache_support::Client;
use attache_support::types::{Attachment, CompletedUpload};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;

use super::Program;

/// What the program has acknowledged.
#[derive(Default)]
struct Acknowledged {
    /// Cases with the attachment of their first communication.
    small: Vec<(String, Vec<u8>)>,
    large: Vec<(String, Vec<u8>)>,
}

async fn put(url: &str, body: Vec<u8>) -> Option<String> {
    let uri: http::Uri = url.parse().ok()?;
    let host = uri.authority()?.as_str().to_owned();
    let stream = tokio::net::TcpStream::connect(&host).await.ok()?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .ok()?;
    tokio::spawn(connection);
    let request = http::Request::put(uri.path_and_query()?.as_str()).header("host", host);
    let response = sender
        .send_request(request.body(Full::new(Bytes::from(body))).ok()?)
        .await
        .ok()?;
    let etag = response.headers().get("etag")?.to_str().ok()?.to_owned();
    response.into_body().collect().await.ok()?;
    Some(etag)
}

/// Opens a case with a file of a set; nothing where the program is gone.
async fn open_small(client: &Client, content: &[u8]) -> Option<String> {
    let file = Attachment::new().file_name("a.log").data(content.to_vec());
    let set = client
        .add_attachments_to_set()
        .attachments([file])
        .send()
        .await
        .ok()?;
    let case = client.create_case().subject("s").communication_body("b");
    let case = case
        .attachment_set_id(set.attachment_set_id?)
        .send()
        .await
        .ok()?;
    case.case_id
}

/// Opens a case with an upload in parts.
async fn open_large(client: &Client, content: &[u8]) -> Option<String> {
    let size = i64::try_from(content.len()).ok()?;
    let links = client
        .get_attachment_upload_links()
        .file_name("a.dump")
        .file_size_bytes(size);
    let links = links.send().await.ok()?;
    for (link, part) in links.upload_urls.iter().zip(content.chunks(65536)) {
        let etag = put(&link.url, part.to_vec()).await?;
        let done = CompletedUpload::new(etag, link.part_index);
        let report = client
            .complete_attachment_upload()
            .upload_id(&links.upload_id);
        report.completed_uploads([done]).send().await.ok()?;
    }
    let case = client.create_case().subject("s").communication_body("b");
    let case = case.upload_ids([&links.upload_id]).send().await.ok()?;
    case.case_id
}

/// Works until the program is gone; whoever has reached the number kills it, while the others go on.
async fn work(program: Program, seed: u8, acknowledged: &Mutex<Acknowledged>) {
    let client = program.client();
    let program = Mutex::new(Some(program));
    let wanted = {
        acknowledged
            .lock()
            .expect("nobody has panicked")
            .small
            .len()
            + 8
    };
    let worker = |number: u8| {
        let (client, program) = (&client, &program);
        async move {
            for round in 0_u8.. {
                let content = [seed, number, round].repeat(1000);
                let large = [seed, number, round].repeat(50_000);
                let Some(case) = open_small(client, &content).await else {
                    return;
                };
                acknowledged
                    .lock()
                    .expect("nobody has panicked")
                    .small
                    .push((case, content));
                let Some(case) = open_large(client, &large).await else {
                    return;
                };
                let mut acknowledged = acknowledged.lock().expect("nobody has panicked");
                acknowledged.large.push((case, large));
                if acknowledged.small.len() >= wanted
                    && let Some(program) = program.lock().expect("nobody has panicked").take()
                {
                    program.kill();
                }
            }
        }
    };
    tokio::join!(worker(0), worker(1), worker(2));
}

async fn check(client: &Client, case: &str, content: &[u8]) {
    let said = client
        .describe_communications()
        .case_id(case)
        .send()
        .await
        .expect("the case is kept");
    let said = said.communications.expect("they are listed");
    let id = said[0].attachments.as_ref().expect("there is one")[0]
        .attachment_id
        .clone();
    let id = id.expect("it has an id");
    let read = client
        .describe_attachment()
        .attachment_id(id)
        .send()
        .await
        .expect("it is kept");
    let bytes = read
        .attachment
        .and_then(|file| file.data)
        .expect("it is there");
    assert!(
        bytes == content,
        "the attachment of {case} is what was acknowledged"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn nothing_acknowledged_is_lost_when_it_is_killed() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let acknowledged = Mutex::new(Acknowledged::default());
    for seed in 1..=3 {
        work(Program::on(folder.path()), seed, &acknowledged).await;
    }
    let program = Program::on(folder.path());
    let client = program.client();
    let acknowledged = acknowledged.into_inner().expect("nobody has panicked");
    // Each time, two of the three may have opened a small case whose large one is not acknowledged.
    assert!(acknowledged.small.len() >= 24 && acknowledged.large.len() >= 18);
    for (case, content) in acknowledged.small.iter().chain(&acknowledged.large) {
        check(&client, case, content).await;
    }
    // What was acknowledged, and at most what the three were waiting for each time.
    let mut listed = 0;
    let mut token = None;
    loop {
        let mut request = client.describe_cases().max_results(100).into_request();
        request.next_token = token;
        let page = client.send(request).await.expect("they are listed");
        listed += page.cases.map_or(0, |cases| cases.len());
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    let known = acknowledged.small.len() + acknowledged.large.len();
    assert!((known..=known + 9).contains(&listed), "{listed} of {known}");
}
