//! A file as a body. Each attempt opens it and reads it from its start, on threads that may block.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use tokio::task::JoinHandle;

use crate::background;
use crate::body::{BoxError, ByteStream, Origin};

impl ByteStream {
    /// A stream over the file at a path. It can be sent again: each attempt opens the file and reads it from its start. The
    /// next piece is read while one is sent, so it takes the memory of two pieces, 2 MiB.
    ///
    /// The file must stay the same until the call ends. If its length changes, the call fails and is not repeated. An empty
    /// file is sent as it was when the body was made.
    ///
    /// This asks the file system for the length, which may take a while on a network.
    ///
    /// # Errors
    /// A file that cannot be read, or that is a folder, a pipe or a device and thus has no length. Read such a source into
    /// memory, or make a stream of it with [`ByteStream::new`].
    pub fn from_path(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path: Arc<Path> = path.into().into();
        let (mut file, length) = open(&path)?;
        // Files that the system makes up, such as those of `/proc`, have bytes and the length 0.
        if length == 0 && file.read(&mut [0])? > 0 {
            return Err(without_length(&path));
        }
        let at = Arc::clone(&path);
        let open = move |piece| {
            Ok(Self::new(FileBody {
                path: Arc::clone(&at),
                length,
                left: length,
                piece,
                reading: read(Arc::clone(&at), (length, piece), None),
            }))
        };
        Ok(Self::of_file(Origin {
            open: Box::new(open),
            length,
            path: Some(path),
        }))
    }
}

/// A piece that is being read, and the open file.
type Reading = JoinHandle<io::Result<(File, Vec<u8>)>>;

/// One reading of a file.
struct FileBody {
    path: Arc<Path>,
    length: u64,
    /// How many bytes are to be read.
    left: u64,
    /// How many are read at once.
    piece: u64,
    reading: io::Result<Reading>,
}

/// Begins to read a piece of a file that is open or not yet, of which so many bytes are left.
#[inline]
fn read(path: Arc<Path>, (left, most): (u64, u64), file: Option<File>) -> io::Result<Reading> {
    let handle = background::handle()?;
    Ok(handle.spawn_blocking(move || {
        let mut file = match file {
            Some(file) => file,
            None => opened(&path, left)?,
        };
        let mut piece = Vec::with_capacity(left.min(most) as usize + 1);
        // One byte more than the last piece has shows that the file has grown.
        let wanted = if left <= most { left + 1 } else { most };
        (&mut file).take(wanted).read_to_end(&mut piece)?;
        Ok((file, piece))
    }))
}

/// Opens a file, and returns its length. A pipe is not opened, because that waits until something writes to it.
#[inline]
fn open(path: &Path) -> io::Result<(File, u64)> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(without_length(path));
    }
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    Ok((file, length))
}

#[inline]
fn without_length(path: &Path) -> io::Error {
    let message = format!("{} is not a file with a length", path.display());
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

/// The file, if it has still this length.
#[inline]
fn opened(path: &Path, length: u64) -> io::Result<File> {
    let (file, now) = open(path)?;
    match now == length {
        true => Ok(file),
        false => Err(io::Error::other(format!(
            "it has {now} bytes now and had {length} when the body was made: make a new body of it"
        ))),
    }
}

impl FileBody {
    #[inline]
    fn failed(&self, error: &io::Error) -> BoxError {
        format!("{}: {error}", self.path.display()).into()
    }
}

impl HttpBody for FileBody {
    type Data = Bytes;
    type Error = BoxError;

    #[inline]
    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let read_piece = match &mut self.reading {
            Ok(reading) => ready!(Pin::new(reading).poll(context)),
            Err(error) => {
                let error = io::Error::new(error.kind(), error.to_string());
                return Poll::Ready(Some(Err(self.failed(&error))));
            }
        };
        let (file, piece) = match read_piece.unwrap_or_else(|error| Err(io::Error::other(error))) {
            Ok(read) => read,
            Err(error) => {
                self.left = 0;
                return Poll::Ready(Some(Err(self.failed(&error))));
            }
        };
        if piece.is_empty() || piece.len() as u64 > self.left {
            let sent = self.length - self.left;
            let message = match piece.len() {
                0 => format!("it ended after {sent} of {} bytes", self.length),
                _ => format!("it has more than {} bytes now", self.length),
            };
            self.left = 0;
            let error = io::Error::other(format!("{message}: it changed while it was sent"));
            return Poll::Ready(Some(Err(self.failed(&error))));
        }
        self.left -= piece.len() as u64;
        if self.left > 0 {
            self.reading = read(Arc::clone(&self.path), (self.left, self.piece), Some(file));
        }
        Poll::Ready(Some(Ok(Frame::data(piece.into()))))
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use bytes::Bytes;

    use crate::body::{ByteStream, PIECE};

    /// A file that is removed with its folder.
    struct Temporary(PathBuf);

    impl Temporary {
        fn new(name: &str, bytes: &[u8]) -> Self {
            let folder =
                std::env::temp_dir().join(format!("attache-runtime-{name}-{}", std::process::id()));
            std::fs::create_dir_all(&folder).expect("the folder can be made");
            let path = folder.join("body");
            std::fs::write(&path, bytes).expect("the file can be written");
            Self(path)
        }
    }

    impl Drop for Temporary {
        fn drop(&mut self) {
            let folder = self.0.parent().expect("it is in a folder");
            let _ = std::fs::remove_dir_all(folder);
        }
    }

    #[tokio::test]
    async fn each_reading_of_a_file_begins_at_its_start() {
        for length in [0, 1, PIECE, PIECE + 1, 2 * PIECE + 7] {
            let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let file = Temporary::new(&format!("again-{length}"), &bytes);
            let mut stream = ByteStream::from_path(&file.0).expect("it is a file");
            let first = stream.next().await.transpose().expect("it can be read");
            assert_eq!(first.is_none(), length == 0);
            for _ in 0..2 {
                let again = stream.again().expect("a file can be opened again");
                let read = again.collect().await.expect("it can be read");
                assert_eq!(read, Bytes::from(bytes.clone()));
            }
        }
    }

    #[tokio::test]
    async fn a_file_of_another_length_is_an_error_that_names_both() {
        let file = Temporary::new("changed", b"evidence");
        let stream = ByteStream::from_path(&file.0).expect("it is a file");
        for (bytes, expected) in [
            (&b"evid"[..], "it has 4 bytes now and had 8"),
            (b"evidence, and more of it", "it has 24 bytes now and had 8"),
        ] {
            std::fs::write(&file.0, bytes).expect("the file can be written");
            let again = stream.again().expect("a file can be opened again");
            let error = again.collect().await.expect_err("the file changed");
            let error = error.to_string();
            assert!(
                error.contains(expected) && error.contains("body"),
                "{error}"
            );
        }
    }

    #[tokio::test]
    async fn a_file_that_changes_while_it_is_read_is_an_error() {
        let file = Temporary::new("shrinks", &vec![7; 3 * PIECE as usize]);
        let mut stream = ByteStream::from_path(&file.0).expect("it is a file");
        let first = stream.next().await.expect("there is a piece");
        assert_eq!(first.expect("it can be read").len() as u64, PIECE);
        let opened = std::fs::OpenOptions::new().write(true).open(&file.0);
        let opened = opened.expect("the file can be opened");
        opened.set_len(PIECE).expect("the file can be cut");
        let error = loop {
            match stream.next().await.expect("the end is an error") {
                // A piece that was read before the file was cut.
                Ok(_) => {}
                Err(error) => break error.to_string(),
            }
        };
        assert!(error.contains("it ended after"), "{error}");
        assert!(
            error.contains(&format!("of {} bytes", 3 * PIECE)),
            "{error}"
        );
    }

    #[test]
    fn what_has_no_length_is_no_body() {
        let mut paths = vec![std::env::temp_dir()];
        if cfg!(target_os = "linux") {
            paths.push(PathBuf::from("/proc/self/status"));
        }
        for path in paths {
            let refused = ByteStream::from_path(path);
            let error = refused.expect_err("it has no length").to_string();
            assert!(error.contains("is not a file with a length"), "{error}");
        }
    }

    #[tokio::test]
    async fn a_file_that_grows_while_it_is_read_is_an_error_wherever_it_ends() {
        for length in [PIECE + 1, 2 * PIECE] {
            let file = Temporary::new(&format!("grows-{length}"), &vec![7; length as usize]);
            let stream = ByteStream::from_path(&file.0).expect("it is a file");
            let mut again = stream.again().expect("a file can be opened again");
            let first = again.next().await.expect("there is a piece");
            assert_eq!(first.expect("it can be read").len() as u64, PIECE);
            let appended = std::fs::OpenOptions::new().append(true).open(&file.0);
            let mut appended = appended.expect("the file can be opened");
            std::io::Write::write_all(&mut appended, b"more").expect("it can be written");
            match again.next().await.expect("there is a piece or an error") {
                Err(error) => assert!(error.to_string().contains("more than"), "{error}"),
                // It was read before the file grew.
                Ok(piece) => assert_eq!(piece.len() as u64, length - PIECE),
            }
        }
    }
}
