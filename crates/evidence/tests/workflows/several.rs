//! Several files side by side.

use attache_evidence::manifest::Destination;
use attache_evidence::{ErrorKind, Settings, Source, support};
use attache_local::Local;

use super::content;
use super::desk::{Desk, PART};
use super::served::Served;

/// More than an attachment set takes.
const LARGE: usize = support::SET_FILE_LIMIT as usize + 1000;

fn sources(names: &[&str]) -> Vec<Source> {
    let names = names.iter();
    names
        .map(|name| Source::bytes(*name, name.repeat(100).into_bytes()))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn the_parts_of_all_files_share_one_bound() {
    for bound in [1, 3, 7] {
        let desk = Desk::with_states(["attachment-ready"]);
        let settings = Settings::default().parallel_parts(bound);
        let attachments = support::Attachments::new(&desk.support()).settings(settings);
        let files = ["one", "two", "three"].map(|name| Source::bytes(name, content(6 * PART)));
        let uploads = attachments
            .upload_all(files)
            .await
            .expect("nothing is refused");
        assert!(uploads.is_complete(), "{uploads:?}");
        assert_eq!(desk.state().most_at_once, bound);
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_ends_all_uploads() {
    let desk = Desk::with_states(["attachment-not-ready"]);
    let attachments = support::Attachments::new(&desk.support());
    let files = ["one", "two"].map(|name| Source::bytes(name, content(6 * PART)));
    let hour = std::time::Duration::from_secs(60);
    let ended = tokio::time::timeout(hour, attachments.upload_all(files)).await;
    assert!(ended.is_err(), "the service does not get ready");
    let calls = desk.state().calls.len();
    tokio::time::sleep(hour).await;
    assert_eq!(desk.state().calls.len(), calls);
    // Its permits are free again.
    desk.state().states = ["attachment-ready"].into();
    let files = ["one", "two"].map(|name| Source::bytes(name, content(6 * PART)));
    let uploads = attachments
        .upload_all(files)
        .await
        .expect("nothing is refused");
    assert!(uploads.is_complete(), "{uploads:?}");
}

#[tokio::test]
async fn a_file_that_fails_does_not_end_the_others() {
    let served = Served::with(|builder| builder).await;
    let uploads = served
        .attachments(Settings::default())
        .upload_all(
            served.case.as_str(),
            sources(&["a.log", "infected.exe", "c.log"]),
        )
        .await
        .expect("nothing is refused");
    let names: Vec<&str> = uploads.files.iter().map(|file| &*file.name).collect();
    assert_eq!(names, ["a.log", "infected.exe", "c.log"]);
    let kinds = uploads.files.iter().map(|file| match &file.result {
        Ok(_) => None,
        Err(failure) => Some(failure.error.kind()),
    });
    assert_eq!(
        kinds.collect::<Vec<_>>(),
        [None, Some(ErrorKind::Rejected), None]
    );
    let sent: Vec<String> = uploads
        .manifest()
        .files
        .into_iter()
        .map(|file| file.name)
        .collect();
    assert_eq!(sent, ["a.log", "c.log"]);
    let error = uploads.into_manifest().expect_err("one failed");
    assert_eq!(error.kind(), ErrorKind::Rejected);
}

#[tokio::test]
async fn what_a_case_cannot_take_is_refused_before_the_first_byte() {
    let served = Served::with(|builder| builder).await;
    let attachments = served.attachments(Settings::default());
    let many: Vec<String> = (0..51).map(|index| format!("{index}.log")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (names, why) in [
        (
            &["a.log", "b.log", "a.log"][..],
            "two files have the name `a.log`",
        ),
        (&["a.log", "b c.log"], "does not accept the name `b c.log`"),
        (&many, "the case has 0 attachments, and with 51 more"),
    ] {
        let refused = attachments
            .upload_all(served.case.as_str(), sources(names))
            .await;
        let error = refused.expect_err(why);
        assert_eq!(error.kind(), ErrorKind::Source);
        assert!(error.to_string().contains(why), "{error}");
    }
    assert_eq!(served.local.request_count("GetCaseAttachmentUploadUrl"), 0);
    let uploads = attachments
        .upload_all(served.case.as_str(), sources(&many[..50]))
        .await
        .expect("fifty are allowed");
    assert!(uploads.is_complete(), "{uploads:?}");
    assert_eq!(served.puts(), vec![Some(200); 50]);
    // Each record has the id of the attachment with its content.
    let stored = served.local.attachments().expect("they can be read");
    for file in uploads.into_manifest().expect("all arrived").files {
        let Destination::SecurityIrCase { attachment_id, .. } = &file.destination else {
            panic!("it is in a case: {file:?}");
        };
        let mut stored = stored.iter();
        let attachment = stored.find(|stored| stored.attachment_id == *attachment_id);
        let bytes = &attachment.expect("it is there").bytes;
        assert_eq!(bytes[..], file.name.repeat(100).into_bytes()[..]);
    }
}

#[tokio::test]
async fn a_file_that_failed_can_be_continued_and_all_reach_one_case() {
    let builder = Local::builder()
        .part_size(1 << 20)
        .processing_time(std::time::Duration::ZERO);
    let local = builder.start().await.expect("the server starts");
    let client = attache_support::Client::new(&local.config().build().expect("all is set"));
    let settings = Settings::default().attempts(1).parallel_parts(1);
    let attachments = support::Attachments::new(&client).settings(settings);
    let fault = "PutUploadPart=error:500:before*1".parse();
    let fault = local.add_fault(fault.expect("a fault"));
    fault.expect("it applies");
    let sources = [
        Source::bytes("first", content(LARGE)),
        Source::bytes("small", content(100)),
        Source::bytes("second", content(LARGE)),
    ];
    let uploads = attachments
        .upload_all(sources.clone())
        .await
        .expect("nothing is refused");
    let (name, failure) = uploads.failures().next().expect("one failed");
    assert_eq!(name, "first");
    assert_eq!(failure.error.kind(), ErrorKind::Transfer);
    let saved = failure.saved.clone().expect("it can be continued");
    let [first, ..] = sources;
    let upload = attachments.resume(first, saved).await;
    let id = upload.expect("the same file").run().await.expect("it ends");

    let evidence = uploads.evidence();
    assert_eq!(evidence.len(), 1);
    let call = client.create_case().subject("s").communication_body("b");
    let call = evidence[0].on_case(call).into_request();
    let mut ids = call.upload_ids.clone().expect("the other large file");
    ids.push(id);
    let case = attache_support::operation::CreateCaseRequest {
        upload_ids: Some(ids),
        ..call
    };
    client.send(case).await.expect("the case is created");
    let stored = local.attachments().expect("they can be read");
    let mut names: Vec<&str> = stored.iter().map(|file| &*file.file_name).collect();
    names.sort_unstable();
    assert_eq!(names, ["first", "second", "small"]);
}
