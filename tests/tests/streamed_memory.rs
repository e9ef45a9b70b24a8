//! Three files of 5 MB fill a set, and take the memory of a few pieces.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use attache_evidence::support::Attachments;
use attache_runtime::{ByteStream, Config, Credentials, Streamed};
use attache_support::Client;
use attache_support::operation::AddAttachmentsToSetRequest;
use attache_support::types::Attachment;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const LENGTH: usize = 5 * 1024 * 1024;
/// Each file has this many bytes in base64.
const ENCODED: usize = LENGTH.div_ceil(3) * 4;
/// How much memory a call may use, in bytes.
const BOUND: usize = 1_500_000;

/// A server that reads bodies and keeps nothing of them. Returns how long they are.
fn serve(listener: &TcpListener, calls: usize) -> Vec<u64> {
    let mut lengths = Vec::new();
    for _ in 0..calls {
        let (stream, _) = listener.accept().expect("somebody connects");
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).expect("a head is text");
            let line = line.to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a number");
            }
            if line.trim_end().is_empty() {
                break;
            }
        }
        let body = &mut Read::take(&mut reader, length);
        let read = std::io::copy(body, &mut std::io::sink()).expect("the body arrives");
        lengths.push(read);
        let body = r#"{"attachmentSetId":"set-1"}"#;
        let answer = format!(
            "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        reader
            .get_mut()
            .write_all(answer.as_bytes())
            .expect("it is read");
    }
    lengths
}

/// The peak of the memory that a call takes.
async fn peak(call: impl Future<Output = ()>) -> usize {
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    call.await;
    MEMORY.peak_usage().saturating_sub(before)
}

fn request(files: &[PathBuf]) -> Streamed<AddAttachmentsToSetRequest> {
    let request = Streamed::new(AddAttachmentsToSetRequest::default());
    files.iter().fold(request, |request, file| {
        let stream = ByteStream::from_path(file).expect("it is a file");
        request.blob(stream, |request, data| {
            let attachment = Attachment::new().file_name("core.dump").data(data);
            request.attachments.get_or_insert_default().push(attachment);
        })
    })
}

fn written(folder: &Path) -> Vec<PathBuf> {
    let files = (0..3_u8).map(|number| {
        let path = folder.join(format!("core-{number}.dump"));
        std::fs::write(&path, vec![number; LENGTH]).expect("there is space");
        path
    });
    files.collect()
}

/// One test, because all tests of a binary share its memory.
#[tokio::test]
async fn three_files_of_5_megabytes_take_the_memory_of_a_few_pieces() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = written(folder.path());
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let server = std::thread::spawn(move || serve(&listener, 3));
    let config = Config::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKID", "SECRET"))
        .endpoint_url(url)
        .build()
        .expect("nothing is missing");
    let client = Client::new(&config);

    let streamed = peak(async {
        let response = client.send(request(&files)).await.expect("it is taken");
        assert_eq!(response.attachment_set_id.as_deref(), Some("set-1"));
    });
    let streamed = streamed.await;
    let evidence = peak(async {
        let uploads = Attachments::new(&client).upload_all(&files).await;
        assert!(uploads.expect("they can be read").is_complete());
    });
    let evidence = evidence.await;
    let in_memory = peak(async {
        let attachments = files.iter().map(|file| {
            let content = std::fs::read(file).expect("it is a file");
            Attachment::new().file_name("core.dump").data(content)
        });
        let call = client.add_attachments_to_set().attachments(attachments);
        call.send().await.expect("it is taken");
    });
    let in_memory = in_memory.await;
    println!("client: {streamed} bytes; evidence: {evidence}; from memory: {in_memory}");
    assert!(streamed < BOUND, "the client takes {streamed} bytes");
    assert!(evidence < BOUND, "the uploads take {evidence} bytes");
    // Otherwise nothing is measured.
    assert!(
        in_memory > 7 * LENGTH,
        "from memory it takes {in_memory} bytes"
    );
    let lengths = server.join().expect("it ends");
    assert!(
        lengths.iter().all(|length| *length > 3 * ENCODED as u64),
        "{lengths:?}"
    );
}
