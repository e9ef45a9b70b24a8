//! Errors that are found before anything is sent.

use attache_evidence::{Error, ErrorKind, Source, security_ir, support};

use super::desk::Desk;
use super::file;

async fn refused(source: impl Into<Source>) -> Error {
    let desk = Desk::default();
    let error = support::Attachments::new(&desk.support())
        .upload(source)
        .await
        .expect_err("it is refused");
    assert!(desk.state().calls.is_empty(), "nothing was sent");
    assert_eq!(error.kind(), ErrorKind::Source);
    error
}

#[tokio::test]
async fn a_file_that_is_not_there() {
    let error = refused("/nowhere/app.log").await;
    let text = format!("{error:#}");
    assert!(
        text.starts_with("`/nowhere/app.log` cannot be read: No such file"),
        "{text}"
    );
}

#[tokio::test]
async fn a_directory() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = refused(folder.path()).await;
    assert!(
        error
            .to_string()
            .ends_with("is a directory; upload its files one by one, or an archive of it")
    );
}

#[tokio::test]
async fn an_empty_file() {
    let (_folder, path) = file("empty.log", b"");
    let error = refused(&path).await;
    assert_eq!(
        format!("{error:#}"),
        "`empty.log` is empty, and the service accepts no empty files"
    );
}

#[tokio::test]
async fn a_file_that_is_too_large() {
    let (_folder, path) = file("large", b"");
    let large = std::fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .expect("the file");
    large
        .set_len(support::FILE_LIMIT + 1)
        .expect("a long file of zeros");
    let error = refused(&path).await;
    assert_eq!(
        format!("{error:#}"),
        "`large` has 157286401 bytes, and the service accepts 157286400 at most"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_no_regular_file() {
    let error = refused("/dev/null").await;
    assert_eq!(
        format!("{error:#}"),
        "`/dev/null` is no regular file; read it with `Source::reader`"
    );
}

#[tokio::test]
async fn a_name_that_the_service_does_not_take() {
    let desk = Desk::default();
    let error = security_ir::Attachments::new(&desk.security_ir())
        .upload("1234567890", Source::bytes("my dump.bin", &b"x"[..]))
        .await
        .expect_err("a space");
    assert!(desk.state().calls.is_empty(), "nothing was sent");
    assert!(
        error
            .to_string()
            .starts_with("the service does not accept the name `my dump.bin`"),
        "{error}"
    );
    let named = Source::bytes("my dump.bin", &b"x"[..]).named("my-dump.bin");
    let begun = security_ir::Attachments::new(&desk.security_ir())
        .begin("1234567890", named)
        .await;
    assert!(begun.is_ok());
}

#[tokio::test]
async fn a_reader_is_uploaded_by_way_of_a_file() {
    let desk = Desk::default();
    let source = Source::reader("piped.log", &b"from a pipe"[..])
        .await
        .expect("it can be kept");
    let evidence = support::Attachments::new(&desk.support())
        .upload(source)
        .await
        .expect("an upload");
    assert!(evidence.attachment_set_id().is_some());
    let set = desk.state().set.clone();
    assert_eq!(set["attachments"][0]["fileName"], "piped.log");
    assert_eq!(set["attachments"][0]["data"], "ZnJvbSBhIHBpcGU=");
}
