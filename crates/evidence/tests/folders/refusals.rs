//! What is refused before the first byte.

use attache_evidence::{Error, ErrorKind};
use serde_json::{Value, json};

use super::{World, content, read};

/// Nothing is sent, and no state is left.
async fn refused(world: &World) -> Error {
    let attachments = world.security_ir();
    let upload = attachments.upload_folder(world.case.as_str(), world.folder(), world.state());
    let error = upload.await.expect_err("it is refused");
    assert_eq!(world.local.request_count("GetCaseAttachmentUploadUrl"), 0);
    assert!(!world.state().exists());
    error
}

#[tokio::test]
async fn names_that_collide() {
    let world = World::new().await;
    world.write("a/b.log", b"one");
    world.write("a--b.log", b"two");
    let error = refused(&world).await;
    assert_eq!(error.kind(), ErrorKind::Source);
    let text = error.to_string();
    assert!(
        text.contains("`a/b.log` and `a--b.log` would both have the name `a--b.log`"),
        "{text}"
    );
}

#[tokio::test]
async fn more_files_than_a_case_can_have() {
    let world = World::new().await;
    for index in 0..51 {
        world.write(&format!("{index}.log"), b"log");
    }
    let error = refused(&world).await;
    assert_eq!(error.kind(), ErrorKind::Source);
    assert!(error.to_string().contains("with 51 more"), "{error}");
}

#[tokio::test]
async fn a_file_that_is_too_large() {
    let world = World::new().await;
    world.write("a.log", b"log");
    let file = std::fs::File::create(world.folder().join("b.dump")).expect("a file");
    file.set_len(attache_evidence::security_ir::FILE_LIMIT + 1)
        .expect("a sparse file");
    let error = refused(&world).await;
    assert!(
        error.to_string().contains("`b.dump` has 104857601 bytes"),
        "{error}"
    );
}

#[tokio::test]
async fn a_state_in_the_folder() {
    let world = World::new().await;
    world.write("a.log", b"log");
    let state = world.folder().join("state.json");
    let upload = world.support().upload_folder(world.folder(), state).await;
    let error = upload.expect_err("it would be sent, too");
    assert_eq!(error.kind(), ErrorKind::State);
    assert!(error.to_string().contains("outside of it"), "{error}");
    assert_eq!(world.local.request_count("AddAttachmentsToSet"), 0);
}

#[tokio::test]
async fn a_state_that_exists_already() {
    let world = World::new().await;
    world.write("a.log", &content("a.log", 10));
    let attachments = world.support();
    let uploads = attachments
        .upload_folder(world.folder(), world.state())
        .await;
    assert!(uploads.expect("an upload").is_complete());
    let again = attachments
        .upload_folder(world.folder(), world.state())
        .await;
    let error = again.expect_err("it has a state");
    assert_eq!(error.kind(), ErrorKind::State);
    assert!(error.to_string().contains("`resume_folder`"), "{error}");
    let other = world.security_ir().resume_folder(world.state()).await;
    let text = other.expect_err("it is of the other service").to_string();
    assert!(
        text.contains("to support, and not to security-ir"),
        "{text}"
    );
}

#[tokio::test]
async fn a_state_that_was_changed() {
    let world = World::new().await;
    world.write("a.log", &content("a.log", 10));
    let attachments = world.security_ir();
    let uploads = attachments
        .upload_folder(world.case.as_str(), world.folder(), world.state())
        .await;
    assert!(uploads.expect("an upload").is_complete());
    let text = read(&world.state());
    assert!(!text.contains("http"), "no URL: {text}");
    let whole: Value = serde_json::from_str(&text).expect("JSON");
    world.local.clear_requests();
    for (place, value) in [
        ("/case_id", json!("9999999999")),
        ("/folder", json!("/etc")),
        ("/files/0/path", json!("../../etc/passwd")),
        ("/files/0/name", json!("b.log")),
        ("/files/0/fingerprint/length", json!(11)),
        ("/files/0/sent/sha256", json!("00")),
        (
            "/files/0/sent/destination/security_ir_case/case_id",
            json!("9999999999"),
        ),
        ("/files/0/upload/case_id", json!("9999999999")),
        ("/version", json!(2)),
    ] {
        let mut changed = whole.clone();
        *changed.pointer_mut(place).expect(place) = value;
        std::fs::write(world.state(), changed.to_string()).expect("it can be written");
        let resumed = attachments.resume_folder(world.state()).await;
        let error = resumed.expect_err(place);
        assert_eq!(error.kind(), ErrorKind::State, "{place}: {error}");
    }
    assert_eq!(world.local.requests().len(), 0);
}
