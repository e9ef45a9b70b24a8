//! Which files are sent, under which names, and what another call finds.

use std::time::Duration;

use attache_evidence::ErrorKind;
use attache_evidence::folder::Difference;
use attache_evidence::manifest::SkipReason;

use super::{LARGE, World, content};

#[cfg(unix)]
#[tokio::test]
async fn a_folder_is_sent_whole_and_says_what_it_skips() {
    let world = World::new().await;
    for path in ["b.log", "a/x y.txt", ".env", "z/deep/er/c"] {
        world.write(path, &content(path, 100));
    }
    world.write("a/empty", b"");
    let folder = world.folder();
    std::os::unix::fs::symlink("/etc/passwd", folder.join("link")).expect("a link");
    std::os::unix::fs::symlink("..", folder.join("a/up")).expect("a link");
    let _socket = std::os::unix::net::UnixListener::bind(folder.join("socket")).expect("a socket");
    let uploads = world
        .security_ir()
        .upload_folder(world.case.as_str(), &folder, world.state())
        .await
        .expect("nothing is refused");
    let skipped: Vec<(&str, SkipReason)> = uploads
        .skipped
        .iter()
        .map(|skipped| (skipped.path.as_str(), skipped.reason))
        .collect();
    assert_eq!(
        skipped,
        [
            ("a/empty", SkipReason::Empty),
            ("a/up", SkipReason::SymbolicLink),
            ("link", SkipReason::SymbolicLink),
            ("socket", SkipReason::Special),
        ]
    );
    let manifest = uploads.into_manifest().expect("all arrived");
    let names = manifest.files.iter().map(|file| file.name.as_str());
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["_.env", "a--x_y.txt", "b.log", "z--deep--er--c"]
    );
    assert_eq!(manifest.skipped.len(), 4);
    world.judge(&manifest);
    let verify = async || manifest.verify_folder(&folder).await.expect("it is read");
    assert_eq!(verify().await, []);
    world.write("b.log", &content("B.log", 100));
    world.write("d.log", b"new");
    std::fs::remove_file(folder.join("z/deep/er/c")).expect("it can be deleted");
    assert_eq!(
        verify().await,
        [
            Difference::Missing("z/deep/er/c".to_owned()),
            Difference::Changed("b.log".to_owned()),
            Difference::New("d.log".to_owned()),
        ]
    );
    let text = serde_json::to_string(&manifest).expect("it can be kept");
    let kept: attache_evidence::Manifest = serde_json::from_str(&text).expect("it was kept");
    assert_eq!(kept, manifest);
}

#[tokio::test]
async fn a_changed_file_is_refused_by_name_and_a_new_one_is_reported() {
    let world = World::new().await;
    for path in ["a.log", "b.log", "c.log"] {
        world.write(path, &content(path, 100));
    }
    // No file arrives.
    let fault = "PutCaseAttachment=error:500:before*3".parse();
    let fault = world.local.add_fault(fault.expect("a fault"));
    fault.expect("it applies");
    let attachments = world
        .security_ir()
        .settings(super::one_by_one().attempts(1));
    let uploads = attachments
        .upload_folder(world.case.as_str(), world.folder(), world.state())
        .await
        .expect("nothing is refused");
    assert_eq!(uploads.failures().count(), 3);
    world.write("c.log", b"something else");
    world.write("d.log", b"new");

    let uploads = attachments.resume_folder(world.state()).await;
    let uploads = uploads.expect("nothing is refused");
    assert_eq!(uploads.new_files, ["d.log"]);
    let failures: Vec<_> = uploads.failures().collect();
    let [("c.log", failure)] = failures[..] else {
        panic!("one file changed: {failures:?}");
    };
    assert_eq!(failure.error.kind(), ErrorKind::Changed);
    assert!(failure.error.to_string().contains("`c.log`"));
    assert_eq!(uploads.manifest().files.len(), 2);
}

#[tokio::test]
async fn an_expired_set_is_filled_again_and_parts_are_not() {
    let world = World::at_a_fixed_time().await;
    world.write("large", &content("large", LARGE));
    world.write("small", &content("small", 100));
    let attachments = world.support();
    let first = attachments
        .upload_folder(world.folder(), world.state())
        .await
        .expect("nothing is refused")
        .evidence();
    for (minutes, sets) in [(50, 1), (10, 2)] {
        world
            .local
            .clock()
            .advance(Duration::from_secs(minutes * 60));
        let uploads = attachments.resume_folder(world.state()).await;
        let evidence = uploads.expect("nothing is refused").evidence();
        assert_eq!(world.successes("AddAttachmentsToSet"), sets);
        assert_eq!(evidence[0].upload_ids(), first[0].upload_ids());
        let is_same = evidence[0].attachment_set_id() == first[0].attachment_set_id();
        assert_eq!(is_same, sets == 1);
        if sets == 2 {
            let config = world.local.config().build().expect("all is set");
            let client = attache_support::Client::new(&config);
            let call = client.create_case().subject("s").communication_body("b");
            let created = evidence[0].on_case(call).send().await;
            created.expect("the new set is accepted");
        }
    }
    assert_eq!(world.successes("GetAttachmentUploadLinks"), 1);
}
