//! The data folder: which folders are accepted, which of their files are changed, and the errors for damaged ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use attache_local::Local;
use attache_support::types::Attachment;

use crate::stage::{Stage, security_ir_case, support_case};

/// Every file below a folder, with its content.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("it is a folder") {
        let path = entry.expect("it is there").path();
        let name = path.display().to_string();
        if path.is_symlink() || !path.is_dir() {
            found.insert(name, fs::read(&path).unwrap_or_default());
        } else {
            found.insert(name, Vec::new());
            found.extend(contents(&path));
        }
    }
    found
}

/// Starts a server, which must refuse and leave the folder as it was; returns its error.
fn refused(folder: &Path) -> String {
    let before = contents(folder);
    let started = Local::builder().data(folder).start_blocking();
    let problem = started.expect_err("it is refused").to_string();
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        contents(folder).keys().collect::<Vec<_>>()
    );
    assert!(before == contents(folder), "a file was changed: {problem}");
    problem
}

/// A folder in which a server has stored a file.
async fn used() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("there is a folder");
    let stage = Stage::with(|builder| builder.data(folder.path())).await;
    support_case(&stage).await;
    let case_id = security_ir_case(&stage).await;
    stage.put_case_file(&case_id, "a.log", b"kept").await;
    stage.local.stop().await;
    (folder, case_id)
}

/// Puts something into a folder.
type Make = fn(&Path);

#[test]
fn a_folder_that_is_not_ours_is_refused_and_left_alone() {
    let make: [(&str, Make); 7] = [
        ("a file", |folder| {
            fs::write(folder.join("thesis"), "x").expect("it is written")
        }),
        ("files of the name of ours", |folder| {
            fs::create_dir(folder.join("files")).expect("it is made");
            fs::write(folder.join("files/thesis"), "x").expect("it is written");
        }),
        ("a file that looks like one of ours", |folder| {
            fs::create_dir(folder.join("files")).expect("it is made");
            let name = format!("files/{}.blob", "00".repeat(16));
            fs::write(folder.join(name), "x").expect("it is written");
        }),
        ("an empty database", |folder| {
            fs::write(folder.join("state.redb"), "").expect("it is written");
        }),
        ("a mark that is not ours", |folder| {
            fs::write(folder.join("attache-local.mark"), "mine").expect("it is written");
            fs::write(folder.join("thesis"), "x").expect("it is written");
        }),
        ("a mark alone that is not ours", |folder| {
            fs::write(folder.join("attache-local.mark"), "mine").expect("it is written");
        }),
        ("a folder in place of the mark", |folder| {
            fs::create_dir(folder.join("attache-local.mark")).expect("it is made");
            fs::write(folder.join("thesis"), "x").expect("it is written");
        }),
    ];
    for (what, make) in make {
        let folder = tempfile::tempdir().expect("there is a folder");
        make(folder.path());
        let problem = refused(folder.path());
        assert!(problem.contains("give a"), "{what}: {problem}");
    }
}

#[tokio::test]
async fn an_interrupted_start_is_repeated() {
    for text in [
        "",
        "attache-local data",
        "attache-local data folder, form 2: 01",
    ] {
        let folder = tempfile::tempdir().expect("there is a folder");
        fs::write(folder.path().join("attache-local.mark"), text).expect("it is written");
        let first = Stage::with(|builder| builder.data(folder.path())).await;
        support_case(&first).await;
        drop(first);
        // Before the database was there.
        fs::remove_file(folder.path().join("state.redb")).expect("it is removed");
        let second = Stage::with(|builder| builder.data(folder.path())).await;
        support_case(&second).await;
    }
}

#[tokio::test]
async fn files_of_others_stay_in_a_folder_of_ours() {
    let (folder, _) = used().await;
    let names = [
        "files/thesis",
        "files/0123456789abcdef0123456789abcdef",
        "files/0123456789ABCDEF0123456789ABCDEF.blob",
        "files/0123456789abcdef.blob",
        "thesis",
    ];
    for name in names {
        fs::write(folder.path().join(name), "x").expect("it is written");
    }
    fs::create_dir(
        folder
            .path()
            .join(format!("files/{}.blob", "00".repeat(16))),
    )
    .expect("it is made");
    let before = contents(folder.path());
    let stage = Stage::with(|builder| builder.data(folder.path())).await;
    stage.local.stop().await;
    assert!(before.keys().eq(contents(folder.path()).keys()));
}

#[cfg(unix)]
#[tokio::test]
async fn links_in_place_of_our_files_are_refused() {
    use std::os::unix::fs::symlink;

    for name in ["files", "state.redb", "attache-local.mark"] {
        let (folder, _) = used().await;
        let elsewhere = tempfile::tempdir().expect("there is a folder");
        let moved = elsewhere.path().join(name);
        let ours = folder.path().join(name);
        fs::rename(&ours, &moved).expect("it is moved");
        let stray = elsewhere.path().join(format!("{}.blob", "00".repeat(16)));
        fs::write(&stray, "x").expect("it is written");
        symlink(&moved, &ours).expect("it is linked");
        let problem = refused(folder.path());
        assert!(problem.contains(name), "{problem}");
        assert!(stray.exists());
    }
    // A link to a file, among our files, is not ours.
    let (folder, _) = used().await;
    let thesis = tempfile::NamedTempFile::new().expect("there is a file");
    let link = folder
        .path()
        .join(format!("files/{}.blob", "00".repeat(16)));
    symlink(thesis.path(), &link).expect("it is linked");
    let stage = Stage::with(|builder| builder.data(folder.path())).await;
    stage.local.stop().await;
    assert!(link.is_symlink() && thesis.path().exists());
}

#[tokio::test]
async fn a_database_that_is_missing_empty_or_of_another_folder_is_refused() {
    let (other, _) = used().await;
    let (folder, _) = used().await;
    let database = folder.path().join("state.redb");
    let kept = fs::read(&database).expect("it is there");
    fs::remove_file(&database).expect("it is removed");
    assert!(refused(folder.path()).contains("is missing or empty"));
    fs::write(&database, "").expect("it is written");
    assert!(refused(folder.path()).contains("is missing or empty"));
    fs::copy(other.path().join("state.redb"), &database).expect("it is copied");
    assert!(refused(folder.path()).contains("of another data folder"));
    fs::write(&database, kept).expect("it is written");
    let stage = Stage::with(|builder| builder.data(folder.path())).await;
    let files = stage.local.attachments().expect("they are read");
    assert_eq!(&files[0].bytes[..], b"kept");
}

#[tokio::test]
async fn a_damaged_database_is_named_and_not_changed() {
    let (folder, _) = used().await;
    let database = folder.path().join("state.redb");
    let whole = fs::read(&database).expect("it is there");
    let mut damaged: Vec<Vec<u8>> = vec![
        b"not a database".to_vec(),
        vec![0; whole.len()],
        vec![0xff; 8192],
    ];
    for length in [
        1,
        64,
        511,
        512,
        4095,
        4096,
        8192,
        whole.len() / 2,
        whole.len() - 4096,
        whole.len() - 1,
    ] {
        damaged.push(whole[..length].to_vec());
    }
    for bytes in damaged {
        fs::write(&database, &bytes).expect("it is written");
        let started = Local::builder().data(folder.path()).start_blocking();
        let problem = started.expect_err("it is refused").to_string();
        assert!(
            problem.contains("state.redb"),
            "{} bytes: {problem}",
            bytes.len()
        );
    }
    // Wrong bytes are detected with a message, or do no harm.
    for place in (0..whole.len()).step_by(whole.len() / 16) {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x55;
        fs::write(&database, &bytes).expect("it is written");
        if let Err(problem) = Local::builder().data(folder.path()).start_blocking() {
            assert!(
                problem.to_string().contains("state.redb"),
                "byte {place}: {problem}"
            );
        }
    }
    fs::write(&database, &whole).expect("it is written");
    let stage = Stage::with(|builder| builder.data(folder.path())).await;
    assert_eq!(stage.local.attachments().expect("they are read").len(), 1);
}

/// A file of Support with the content `right`: its id, and a link to it.
async fn support_file(stage: &Stage) -> (String, String) {
    let client = &stage.support;
    let file = Attachment::new().file_name("a").data("right");
    let set = client
        .add_attachments_to_set()
        .attachments([file])
        .send()
        .await;
    let set = set
        .expect("it is made")
        .attachment_set_id
        .expect("it has an id");
    let case = client.create_case().subject("s").communication_body("b");
    let case = case
        .attachment_set_id(set)
        .send()
        .await
        .expect("it is opened");
    let case = case.case_id.expect("it has an id");
    let said = client.describe_communications().case_id(case).send().await;
    let said = said
        .expect("it is said")
        .communications
        .expect("it is listed");
    let files = said[0].attachments.clone().expect("there is one");
    let id = files[0].attachment_id.clone().expect("it has an id");
    let link = client
        .get_attachment_download_link()
        .attachment_id(&id)
        .send()
        .await;
    (id, link.expect("there is a link").download_url.url)
}

/// A link to a file of Security IR with the content `right`.
async fn security_ir_file(stage: &Stage) -> String {
    let client = &stage.security_ir;
    let case = security_ir_case(stage).await;
    stage.put_case_file(&case, "a", b"right").await;
    stage.wait(1);
    let shown = client
        .get_case()
        .case_id(&case)
        .send()
        .await
        .expect("it is there");
    let attachment = shown.case_attachments.expect("there is one")[0]
        .attachment_id
        .clone();
    let url = client.get_case_attachment_download_url().case_id(&case);
    let url = url
        .attachment_id(attachment)
        .send()
        .await
        .expect("there is a URL");
    url.attachment_presigned_url
}

#[tokio::test]
async fn a_stored_file_that_was_changed_is_not_sent() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let stage = Stage::with(|builder| builder.data(folder.path())).await;
    let (id, support) = support_file(&stage).await;
    let urls = [support, security_ir_file(&stage).await];
    for url in &urls {
        assert_eq!(stage.get(url).await, (200, b"right".to_vec()));
    }
    for entry in fs::read_dir(folder.path().join("files")).expect("it is a folder") {
        let path = entry.expect("it is there").path();
        let time = path.metadata().and_then(|metadata| metadata.modified());
        fs::write(&path, "wrong").expect("it is written");
        let file = fs::File::options()
            .write(true)
            .open(&path)
            .expect("it opens");
        file.set_modified(time.expect("it has one"))
            .expect("the time is put back");
    }
    for url in &urls {
        let (status, text) = stage.get(url).await;
        let text = String::from_utf8(text).expect("it is text");
        assert!(
            status == 500 && text.contains("was changed"),
            "{status}: {text}"
        );
    }
    let read = stage
        .support
        .describe_attachment()
        .attachment_id(&id)
        .send()
        .await;
    assert_eq!(
        read.expect_err("it is refused").code(),
        Some("InternalServerError")
    );
    assert!(stage.local.attachments().is_err());
}
