//! What arrives is what the generated encoder writes, and is signed as that.

use attache_runtime::{ByteStream, Bytes};
use attache_support::operation::AddAttachmentsToSetRequest;
use attache_support::types::Attachment;
use attache_tests::server::{Received, Server};
use proptest::prelude::*;

use super::{File, PIECE, client, config, content, set};

/// The same request with its files in memory.
fn in_memory(files: &[(String, Vec<u8>)]) -> AddAttachmentsToSetRequest {
    let attachments = files.iter().map(|(name, content)| {
        let attachment = Attachment::new().file_name(name.as_str());
        attachment.data(content.clone())
    });
    AddAttachmentsToSetRequest {
        attachments: Some(attachments.collect()),
        ..Default::default()
    }
}

/// A source in pieces of so many bytes.
fn in_pieces(content: &[u8], step: usize) -> ByteStream {
    let bytes = Bytes::copy_from_slice(content);
    ByteStream::from_source(content.len() as u64, move || {
        Ok(ByteStream::new(Pieces {
            left: bytes.clone(),
            step,
        }))
    })
}

struct Pieces {
    left: Bytes,
    step: usize,
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        if self.left.is_empty() {
            return std::task::Poll::Ready(None);
        }
        let length = self.step.min(self.left.len());
        let piece = self.left.split_to(length);
        std::task::Poll::Ready(Some(Ok(http_body::Frame::data(piece))))
    }
}

/// Sends the files in both ways, and compares what arrived.
fn assert_same(files: &[(String, Vec<u8>)], step: usize) {
    let server = Server::start([]);
    let client = client(config(&server.url()));
    client.send(in_memory(files)).wait().expect("it is taken");
    let kept: Vec<File> = files
        .iter()
        .map(|(_, content)| File::new(content))
        .collect();
    let names = || files.iter().map(|(name, _)| name.clone());
    let from_files = names().zip(kept.iter().map(File::stream));
    client.send(set(from_files)).wait().expect("it is taken");
    let pieces = files.iter().map(|(_, content)| in_pieces(content, step));
    let from_pieces = set(names().zip(pieces));
    client.send(from_pieces).wait().expect("it is taken");
    let bytes = files
        .iter()
        .map(|(_, content)| ByteStream::from(content.clone()));
    client
        .send(set(names().zip(bytes)))
        .wait()
        .expect("it is taken");
    let [expected, others @ ..] = &server.received()[..] else {
        panic!("nothing arrived");
    };
    assert_eq!(others.len(), 3);
    for other in others {
        assert!(other.body == expected.body, "another body");
        assert_eq!(
            other.header("content-length"),
            expected.body.len().to_string()
        );
        // The signature covers the hash of the body, and the clock stands still.
        assert_eq!(signature(other), signature(expected));
        assert_eq!(other.header("x-amz-content-sha256"), "");
        assert_eq!(other.header("transfer-encoding"), "");
    }
}

fn signature(received: &Received) -> &str {
    let authorization = received.header("authorization");
    let (_, signature) = authorization
        .split_once("Signature=")
        .expect("it is signed");
    signature
}

#[test]
fn files_of_the_lengths_at_which_pieces_end_arrive_as_from_memory() {
    let lengths = [0, 1, 2, 3, 4, 5]
        .into_iter()
        .chain([PIECE, 2 * PIECE, 11 * PIECE].map(|piece| piece - 1))
        .chain([PIECE, 2 * PIECE, 11 * PIECE])
        .chain([PIECE, 2 * PIECE, 11 * PIECE].map(|piece| piece + 1));
    for length in lengths {
        let file = ("core.dump".to_owned(), content(length));
        assert_same(&[file], 1000);
    }
    assert_same(
        &[0, PIECE, 1].map(|length| (format!("{length}.log"), content(length))),
        PIECE + 1,
    );
}

/// A program may look at the start of a source before it sends it.
#[test]
fn a_source_that_was_read_in_part_is_sent_from_its_start() {
    let content = content(3 * PIECE + 1);
    let file = File::new(&content);
    let server = Server::start([]);
    let client = client(config(&server.url()));
    let name = "core.dump".to_owned();
    let expected = in_memory(&[(name.clone(), content.clone())]);
    client.send(expected).wait().expect("it is taken");
    for mut source in [file.stream(), in_pieces(&content, 1000)] {
        let first = attache_runtime::blocking::wait(async { source.next().await.transpose() });
        let first = first.expect("it can be read").expect("it is not empty");
        assert_eq!(first, content[..first.len()]);
        let request = set([(name.clone(), source)]);
        client.send(request).wait().expect("it is taken");
    }
    let received = server.received();
    assert!(
        received[1..]
            .iter()
            .all(|sent| sent.body == received[0].body)
    );
    assert_eq!(received.len(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn any_names_and_contents_arrive_as_from_memory(
        names in prop::collection::vec(any::<String>(), 1..=3),
        lengths in prop::collection::vec(0..3 * PIECE, 3),
        seed in any::<u8>(),
        step in 1..2 * PIECE,
    ) {
        let contents = lengths.into_iter().map(|length| {
            content(length).into_iter().map(|byte| byte ^ seed).collect()
        });
        let files: Vec<(String, Vec<u8>)> = names.into_iter().zip(contents).collect();
        assert_same(&files, step);
    }
}
