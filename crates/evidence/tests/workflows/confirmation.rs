//! Which successes of the storage count as confirmed.

use std::time::Duration;

use attache_evidence::manifest::Confirmation;
use attache_evidence::support::{Attachments, Evidence};
use attache_evidence::{Error, ErrorKind, Settings, Source};

use super::content;
use super::desk::{Desk, Fault, PART};
use super::endless::{fast, slow};

const LENGTH: usize = 6 * PART;

fn desk(answer: &[(&'static str, &'static str)]) -> Desk {
    let desk = Desk::with_states(["attachment-ready"]);
    desk.state().answer.extend_from_slice(answer);
    desk
}

async fn upload(desk: &Desk) -> Result<Evidence, Error> {
    Attachments::new(&desk.support())
        .settings(Settings::default().parallel_parts(1).attempts(3))
        // All parts are the same, so that one hash is that of each.
        .upload(Source::bytes("zeros", vec![0; LENGTH]))
        .await
}

/// The MD5 and some checksums of a million zeros.
const MD5: (&str, &str) = ("etag", "\"879f4bba57ed37c9ec5e5aedf9864698\"");
const OTHER: (&str, &str) = ("etag", "\"979f4bba57ed37c9ec5e5aedf9864698\"");

#[tokio::test(start_paused = true)]
async fn a_success_before_the_body_was_read_is_refused() {
    let desk = desk(&[]);
    desk.state().faults.extend([Fault::Unread, Fault::Unread]);
    upload(&desk).await.expect("the third attempt is right");
    assert!(desk.whole() == vec![0; LENGTH]);

    let desk = self::desk(&[]);
    desk.state().faults.extend(vec![Fault::Unread; 3]);
    let error = upload(&desk).await.expect_err("it is never read");
    assert_eq!(error.kind(), ErrorKind::Transfer);
    assert_eq!(
        format!("{error:#}"),
        "the storage reported success before it had read the whole file"
    );
    assert!(desk.state().reported.is_empty());
}

/// Headers decide; a body of 64 KiB that comes byte by byte would take a month.
#[tokio::test(start_paused = true)]
async fn a_response_is_not_read_for_longer_than_a_transfer_may_pause() {
    let desk = desk(&[]);
    let bodies = [|| slow(b"x"), || slow(b""), || fast(b"")];
    desk.state().faults.extend(bodies.map(Fault::Trickle));
    let start = tokio::time::Instant::now();
    upload(&desk).await.expect("each part is there");
    let taken = start.elapsed();
    assert!(taken < Duration::from_secs(150), "{taken:?}");
    assert!(desk.whole() == vec![0; LENGTH]);
    assert!(desk.state().puts.values().all(|puts| *puts == 1));
}

#[tokio::test(start_paused = true)]
async fn hashes_of_the_part_confirm_it() {
    for (answer, confirmation) in [
        (vec![MD5], Confirmation::ETag),
        (
            vec![MD5, ("x-amz-server-side-encryption", "AES256")],
            Confirmation::ETag,
        ),
        (
            vec![("x-amz-checksum-crc32", "EnnLng==")],
            Confirmation::Checksum,
        ),
    ] {
        let evidence = upload(&desk(&answer)).await.expect("an upload");
        let parts = &evidence.manifest().files[0].parts;
        assert_eq!(parts.len(), 6);
        assert!(parts.iter().all(|part| part.confirmation == confirmation));
    }
}

#[tokio::test(start_paused = true)]
async fn hashes_of_other_bytes_are_no_success() {
    for answer in [
        OTHER,
        ("x-amz-checksum-crc32", "AAAAAA=="),
        ("x-amz-checksum-crc64nvme", "AAAAAAAAAAA="),
        (
            "x-amz-checksum-sha256",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        ),
        ("content-md5", "AAAAAAAAAAAAAAAAAAAAAA=="),
    ] {
        let desk = desk(&[answer]);
        let error = upload(&desk).await.expect_err("it is of other bytes");
        assert_eq!(
            format!("{error:#}"),
            format!(
                "the header `{}` in the response of the storage belongs to other bytes than were sent",
                answer.0
            )
        );
        assert_eq!(desk.state().puts["upload/1"], 3, "it was tried again");
        assert!(desk.state().reported.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_response_without_a_hash_is_recorded_as_not_confirmed() {
    for answer in [
        vec![],
        vec![OTHER, ("x-amz-server-side-encryption", "aws:kms")],
        vec![OTHER, ("x-amz-server-side-encryption", "aws:kms:dsse")],
        vec![
            OTHER,
            ("x-amz-server-side-encryption-customer-algorithm", "AES256"),
        ],
        vec![("x-amz-checksum-xxhash64", "AAAA")],
    ] {
        let evidence = upload(&desk(&answer)).await.expect("an upload");
        let part = &evidence.manifest().files[0].parts[0];
        assert_eq!(part.confirmation, Confirmation::None);
        assert_eq!(part.confirmation.to_string(), "not confirmed by storage");
        let json = serde_json::to_value(part).expect("it can be kept");
        assert_eq!(json["confirmation"], "not confirmed by storage");
    }
}

#[tokio::test(start_paused = true)]
async fn only_200_is_a_success() {
    for status in [201, 202, 204, 206, 207] {
        let desk = desk(&[]);
        desk.state()
            .faults
            .extend(vec![Fault::Status(status, ""); 3]);
        let error = upload(&desk).await.expect_err("it is no 200");
        let text = format!("{error:#}");
        assert!(
            text.starts_with(&format!("the response to a presigned URL was {status}")),
            "{text}"
        );
    }
    let moved = desk(&[]);
    moved.state().faults.extend([Fault::Status(307, "")]);
    upload(&moved).await.expect_err("no redirect is followed");
    assert_eq!(moved.state().heads.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn only_the_code_of_a_refusal_is_shown() {
    for (body, named) in [
        (
            "<Error><Code>SignatureDoesNotMatch</Code><Message>https://x</Message></Error>",
            " (SignatureDoesNotMatch)",
        ),
        ("<Error><Code>\u{1b}[31m https://x</Code></Error>", ""),
        ("<html>", ""),
    ] {
        let desk = desk(&[]);
        desk.state().faults.extend([Fault::Status(404, body)]);
        let error = upload(&desk).await.expect_err("it is not found");
        assert_eq!(
            format!("{error:#}"),
            format!("the response to a presigned URL was 404 Not Found{named}")
        );
    }
}

#[tokio::test(start_paused = true)]
async fn signed_checksums_are_those_of_each_part() {
    let desk = desk(&[]);
    desk.state().query = "X-Amz-SignedHeaders=content-md5;host;x-amz-checksum-crc32;\
                          x-amz-sdk-checksum-algorithm&";
    let bytes = content(LENGTH);
    Attachments::new(&desk.support())
        .settings(Settings::default().parallel_parts(1))
        .upload(Source::bytes("six", bytes))
        .await
        .expect("an upload");
    let state = desk.state();
    let crcs: Vec<&str> = state
        .heads
        .iter()
        .map(|head| {
            assert_eq!(head["x-amz-sdk-checksum-algorithm"], "CRC32");
            head["x-amz-checksum-crc32"].to_str().expect("text")
        })
        .collect();
    // By zlib.crc32.
    assert_eq!(crcs, CRCS);
    let plain = ["if-none-match", "content-type"];
    assert!(plain.iter().all(|name| !state.heads[0].contains_key(*name)));
}

const CRCS: [&str; 6] = [
    "kenOyA==", "pwIAyQ==", "NhGSKw==", "S7be0A==", "XiFP3Q==", "aChZhQ==",
];
