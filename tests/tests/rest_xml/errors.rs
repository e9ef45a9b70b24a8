//! Errors: in a response that says it is a success, without a body, and in a body.

use attache_runtime::ErrorKind;
use attache_tests::transport::Answers;
use golden_rest_xml::{Client, ServiceError};

use super::client;

const SLOW: &str = "<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code><Message>Try &lt;again&gt;</Message>\
                    <RequestId>id-1</RequestId></Error>";
const COPIED: &str = "<CopyThingResult><ETag>&quot;e&quot;</ETag></CopyThingResult>";

/// A client that may send a request three times, without waiting.
fn retrying(answers: &Answers) -> Client {
    let config = answers.builder().max_attempts(3).build();
    Client::new(&config.expect("nothing is missing"))
}

#[tokio::test(start_paused = true)]
async fn an_error_in_a_success_is_retried_where_that_is_safe() {
    // Two members are the payload and the body: a structure, and members of the root.
    let answers = Answers::with(200, SLOW)
        .then(200, &[], SLOW)
        .then(200, &[], COPIED);
    let copy = retrying(&answers)
        .copy_thing()
        .bucket("chest")
        .key("k")
        .send();
    let result = copy.await.expect("the third response is a success").result;
    assert_eq!(result.and_then(|it| it.tag).as_deref(), Some("\"e\""));
    assert_eq!(answers.sent().len(), 3);

    let answers = Answers::with(200, SLOW).then(200, &[], "<ListThingsResult/>");
    let list = retrying(&answers).list_things().bucket("chest").send();
    list.await.expect("the second response is a success");
    assert_eq!(answers.sent().len(), 2);

    let answers = Answers::with(200, SLOW)
        .then(200, &[], SLOW)
        .then(200, &[], SLOW);
    let made = retrying(&answers)
        .make_toy()
        .name("x")
        .token("t")
        .send()
        .await;
    let error = made.expect_err("it is an error");
    assert_eq!(answers.sent().len(), 3);
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Service, Some(500))
    );
    assert_eq!(error.code(), Some("InternalError"));
    assert_eq!(error.message(), Some("Try <again>"));
    assert_eq!(error.request_id(), Some("id-1"));
    assert!(error.may_have_taken_effect());
}

#[tokio::test(start_paused = true)]
async fn a_modelled_error_in_a_success_is_that_error() {
    let body = "<Error><Code>NoSuchThing</Code><message>gone</message></Error>";
    let answers = Answers::with(200, body)
        .then(200, &[], body)
        .then(200, &[], body);
    let copy = retrying(&answers)
        .copy_thing()
        .bucket("chest")
        .key("k")
        .send();
    let error = copy.await.expect_err("it is an error");
    assert!(matches!(
        error.service(),
        Some(ServiceError::NoSuchThing(_))
    ));
    assert_eq!(error.message(), Some("gone"));
}

/// A body that was cut, or is no XML, is the error of a server, as in botocore.
#[tokio::test(start_paused = true)]
async fn a_success_that_was_cut_is_retried() {
    for cut in [
        "<CopyThingResult><ETag>e</ETag>",
        "<CopyThingResult><ETag>e</ET",
        "Service unavailable",
        "\u{0}",
        "<Copy",
    ] {
        let answers = Answers::with(200, cut).then(200, &[], COPIED);
        let copy = retrying(&answers)
            .copy_thing()
            .bucket("chest")
            .key("k")
            .send();
        copy.await
            .unwrap_or_else(|error| panic!("{cut}: {error:#}"));
        assert_eq!(answers.sent().len(), 2, "{cut}");
    }
}

/// Each of these is whole, whatever is behind the root and how the tags are written.
#[tokio::test]
async fn a_whole_success_is_none() {
    for whole in [
        COPIED,
        "<CopyThingResult/>",
        "",
        "<x:CopyThingResult xmlns:x='u'><ETag>e</ETag></x:CopyThingResult>\n",
        "<CopyThingResult><ETag>e</ETag></CopyThingResult ><!-- end -->",
        "<ErrorResult><Error>not the root</Error></ErrorResult>",
    ] {
        let answers = Answers::with(200, whole);
        let copy = client(&answers)
            .copy_thing()
            .bucket("chest")
            .key("k")
            .send();
        copy.await
            .unwrap_or_else(|error| panic!("{whole}: {error:#}"));
    }
}

/// A text that a caller stored is no error, whatever it looks like.
#[tokio::test]
async fn bytes_that_look_like_an_error_are_bytes() {
    let answers = Answers::with(200, SLOW);
    let fetched = client(&answers)
        .fetch_thing()
        .bucket("chest")
        .key("k")
        .send()
        .await;
    assert_eq!(
        fetched.expect("it is a success").data.as_deref(),
        Some(SLOW.as_bytes())
    );
    let answers = Answers::with(200, SLOW);
    let note = client(&answers).put_note().note("x").send().await;
    assert_eq!(note.expect("it is a success").note.as_deref(), Some(SLOW));
}

#[tokio::test]
async fn an_error_without_a_body_has_the_code_of_its_status() {
    for (status, message) in [
        (404, "Not Found"),
        (403, "Forbidden"),
        (301, "Moved Permanently"),
        (412, "Precondition Failed"),
        (304, "Not Modified"),
        (416, "Range Not Satisfiable"),
    ] {
        let answers = Answers::default().then(status, &[("x-amz-request-id", "id-2")], "");
        let head = client(&answers)
            .head_thing()
            .bucket("chest")
            .key("k")
            .send();
        let error = head.await.expect_err("it is an error");
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.code(), Some(status.to_string().as_str()));
        assert_eq!(error.message(), Some(message));
        assert_eq!(error.request_id(), Some("id-2"));
        assert!(error.service().is_none(), "{status}");
        assert_eq!(error.is_not_found(), status == 404);
        assert_eq!(error.is_access_denied(), status == 403);
        assert!(!error.may_have_taken_effect());
    }
}

#[tokio::test]
async fn an_error_has_nothing_around_it_or_what_gateways_put_there() {
    for body in [
        "<Error><Code>NoSuchThing</Code><Message>no</Message></Error>",
        "<ErrorResponse><Error><Code>NoSuchThing</Code><Message>no</Message></Error></ErrorResponse>",
        "<?xml version='1.0'?><e:Error xmlns:e='u'><e:Message>no</e:Message><e:Code>NoSuchThing</e:Code></e:Error>",
    ] {
        let answers = Answers::with(404, body);
        let list = client(&answers).list_things().bucket("chest").send().await;
        let error = list.expect_err("it is an error");
        assert!(
            matches!(error.service(), Some(ServiceError::NoSuchThing(_))),
            "{body}"
        );
        assert_eq!(error.message(), Some("no"), "{body}");
    }
}
