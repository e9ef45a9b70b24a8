//! Requests whose blobs are read from sources while they are sent.

mod bytes;
mod changes;
mod refusals;
mod repeats;
mod shown;

use std::path::PathBuf;

use attache_runtime::{ByteStream, Config, ConfigBuilder, Credentials, Streamed, Timestamp};
use attache_support::Client;
use attache_support::operation::AddAttachmentsToSetRequest;
use attache_support::types::Attachment;

/// How many bytes of a source are encoded at once.
const PIECE: usize = 192 * 1024;

/// Settings for a server on loopback, with a clock that stands still.
fn config(url: &str) -> ConfigBuilder {
    Config::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
        .time_source(Timestamp::UNIX_EPOCH)
        .endpoint_url(url)
}

fn client(builder: ConfigBuilder) -> Client {
    Client::new(&builder.build().expect("nothing is missing"))
}

/// A set of these files, whose contents are read while the request is sent.
fn set(
    files: impl IntoIterator<Item = (String, ByteStream)>,
) -> Streamed<AddAttachmentsToSetRequest> {
    let request = Streamed::new(AddAttachmentsToSetRequest::default());
    files.into_iter().fold(request, |request, (name, content)| {
        request.blob(content, |request, data| {
            let attachment = Attachment::new().file_name(name).data(data);
            let attachments = request.attachments.get_or_insert_default();
            attachments.push(attachment);
        })
    })
}

/// A set of one file.
fn set_of(content: ByteStream) -> Streamed<AddAttachmentsToSetRequest> {
    set([("a.log".to_owned(), content)])
}

fn content(length: usize) -> Vec<u8> {
    let byte = |at: usize| ((at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as u8;
    (0..length).map(byte).collect()
}

/// A file that is removed with its folder.
struct File {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl File {
    fn new(content: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("evidence.log");
        std::fs::write(&path, content).expect("it can be written");
        Self {
            _folder: folder,
            path,
        }
    }

    fn stream(&self) -> ByteStream {
        ByteStream::from_path(&self.path).expect("it is a file")
    }
}
