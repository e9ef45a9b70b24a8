//! Requests for a bucket that is in another region than that of the client.

use std::time::Duration;

use attache_tests::transport::Answers;

use super::client;

const HEADER: (&str, &str) = ("x-bucket-region", "eu-west-1");
const HOST: &str = "https://chest.toys.eu-west-1.example/";
const OWN_HOST: &str = "https://chest.toys.eu-central-1.example/";
const MOVED: &str =
    "<Error><Code>PermanentRedirect</Code><Message>use another endpoint</Message></Error>";
const WRONG_REGION: &str = "<Error><Code>AuthorizationHeaderMalformed</Code><Message>the region is wrong</Message>\
                            <Region>eu-west-1</Region></Error>";

#[tokio::test]
async fn a_request_is_sent_once_more_to_the_region_of_its_bucket() {
    for (status, headers, body) in [
        (301, &[HEADER][..], MOVED),
        (307, &[HEADER], ""),
        (302, &[HEADER], ""),
        (400, &[], WRONG_REGION),
        (400, &[HEADER], WRONG_REGION),
    ] {
        let answers = Answers::default()
            .then(status, headers, body)
            .then(200, &[], "<ListThingsResult/>")
            .then(200, &[], "<ListThingsResult/>")
            .then(200, &[], "<ListThingsResult/>");
        let client = client(&answers);
        client
            .list_things()
            .bucket("chest")
            .send()
            .await
            .expect("it was sent again");
        // The client remembers the region of this bucket, and only of this one.
        client
            .list_things()
            .bucket("chest")
            .send()
            .await
            .expect("a success");
        client
            .list_things()
            .bucket("other")
            .send()
            .await
            .expect("a success");
        let sent = answers.sent();
        assert_eq!(sent.len(), 4, "{status}");
        assert!(sent[0].url.starts_with(OWN_HOST), "{}", sent[0].url);
        for again in &sent[1..3] {
            assert!(again.url.starts_with(HOST), "{}", again.url);
            let scope = again.header("authorization");
            assert!(scope.contains("/eu-west-1/toys/aws4_request"), "{scope}");
        }
        assert!(
            sent[3].url.contains("other.toys.eu-central-1"),
            "{}",
            sent[3].url
        );
    }
}

#[tokio::test]
async fn a_presigned_url_is_of_the_region_that_the_client_remembers() {
    let answers =
        Answers::default()
            .then(301, &[HEADER], MOVED)
            .then(200, &[], "<ListThingsResult/>");
    let client = client(&answers);
    let minute = Duration::from_secs(60);
    let before = client
        .list_things()
        .bucket("chest")
        .send()
        .presign(minute)
        .await;
    let before = before.expect("it needs no answer");
    assert!(before.url().starts_with(OWN_HOST), "{}", before.url());
    let list = client.list_things().bucket("chest").send().await;
    list.expect("it was sent again");
    let after = client
        .list_things()
        .bucket("chest")
        .send()
        .presign(minute)
        .await;
    let after = after.expect("it needs no answer");
    assert!(after.url().starts_with(HOST), "{}", after.url());
    assert!(after.url().contains("%2Feu-west-1%2Ftoys%2Faws4_request"));
}

/// A response to a `HEAD` has no body, and the status 400 in place of a code.
#[tokio::test]
async fn the_header_of_a_response_without_a_body_is_enough() {
    for status in [301, 400] {
        let answers = Answers::default()
            .then(status, &[HEADER], "")
            .then(200, &[], "");
        let head = client(&answers)
            .head_thing()
            .bucket("chest")
            .key("k")
            .send();
        head.await
            .unwrap_or_else(|error| panic!("{status}: {error:#}"));
        assert!(answers.sent()[1].url.starts_with(HOST));
    }
}

#[tokio::test]
async fn a_second_redirection_is_an_error_that_names_the_region() {
    let answers = Answers::default().then(301, &[HEADER], MOVED).then(
        301,
        &[("x-bucket-region", "us-west-2")],
        MOVED,
    );
    let list = client(&answers).list_things().bucket("chest").send().await;
    let error = list.expect_err("it is an error");
    assert_eq!(answers.sent().len(), 2);
    assert_eq!(error.code(), Some("PermanentRedirect"));
    assert!(
        format!("{error:#}").contains("the resource is in the region us-west-2"),
        "{error:#}"
    );
    assert!(!error.may_have_taken_effect());
}

/// Neither a refusal for another reason, nor a region that is the same or no name, lets a request be repeated.
#[tokio::test]
async fn other_refusals_are_not_followed() {
    for (status, headers, body) in [
        (
            403,
            &[HEADER][..],
            "<Error><Code>AccessDenied</Code></Error>",
        ),
        (
            400,
            &[HEADER],
            "<Error><Code>InvalidArgument</Code></Error>",
        ),
        (404, &[HEADER], "<Error><Code>NoSuchThing</Code></Error>"),
        (301, &[], MOVED),
        (301, &[("x-bucket-region", "eu-central-1")], MOVED),
        (301, &[("x-bucket-region", "evil.example/")], MOVED),
        (301, &[("x-bucket-region", "")], MOVED),
    ] {
        let answers = Answers::default().then(status, headers, body);
        let list = client(&answers).list_things().bucket("chest").send().await;
        assert_eq!(list.expect_err("it is an error").status(), Some(status));
        assert_eq!(answers.sent().len(), 1, "{status} {headers:?} {body}");
    }
    // A request without a bucket has no region of its own.
    let answers = Answers::default().then(301, &[HEADER], MOVED);
    client(&answers)
        .list_toys()
        .send()
        .await
        .expect_err("it is an error");
    assert_eq!(answers.sent().len(), 1);
}

#[tokio::test]
async fn a_bucket_that_moves_again_is_found_again() {
    let answers = Answers::default()
        .then(301, &[HEADER], MOVED)
        .then(200, &[], "<ListThingsResult/>")
        .then(301, &[("x-bucket-region", "eu-central-1")], MOVED)
        .then(200, &[], "<ListThingsResult/>");
    let client = client(&answers);
    for _ in 0..2 {
        client
            .list_things()
            .bucket("chest")
            .send()
            .await
            .expect("it was sent again");
    }
    assert!(answers.sent()[3].url.starts_with(OWN_HOST));
}
