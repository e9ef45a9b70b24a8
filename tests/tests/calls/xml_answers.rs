//! Answers of the query protocols: successes, errors, and what is no answer of the service.

use attache_runtime::ErrorKind;
use attache_tests::transport::Answers;
use golden_ec2 as ec2;
use golden_query as query;
use proptest::prelude::*;

const TOY: &str = "<MakeToyResponse xmlns=\"https://forms.example/\"><MakeToyResult><name>&lt;a&gt;</name>\
    <count>3</count><IsActive>true</IsActive><ratio>NaN</ratio><since>2014-04-29T18:30:38Z</since><until>1398796238</until>\
    <data>dmFsdWU=</data><colour>blue &amp; green</colour><Nickname>x</Nickname><total/><Nickname>y</Nickname>\
    <names><member>n</member></names><labels><entry><Name>red</Name><Text>r</Text></entry></labels>\
    <FlatLabel><Text>f</Text><Name>new</Name></FlatLabel><MainPart><title>p</title><inner><title>q</title></inner>\
    <weights>1</weights><weights>-INF</weights></MainPart><matrix><member><member>1</member></member><member/></matrix>\
    <choice><text>c</text></choice><secret>s3cret</secret><unknown><deep>u</deep></unknown></MakeToyResult>\
    <ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></MakeToyResponse>";

fn query_client(answers: &Answers) -> query::Client {
    query::Client::new(&answers.config())
}

async fn toy(
    status: u16,
    body: &str,
) -> Result<query::operation::MakeToyResponse, query::error::Error> {
    let client = query_client(&Answers::with(status, body));
    client.make_toy().name("x").send().await
}

async fn fleet_toy(status: u16, body: &str) -> ec2::error::Error {
    let client = ec2::Client::new(&Answers::with(status, body).config());
    let call = client.make_toy().name("x").send();
    call.await.expect_err("it is an error")
}

#[tokio::test]
async fn all_kinds_of_members_are_read() {
    let toy = toy(200, TOY).await.expect("it is an answer");
    assert_eq!(toy.name, "<a>");
    assert_eq!(
        (toy.count, toy.active, toy.total),
        (Some(3), Some(true), None)
    );
    assert!(toy.ratio.is_some_and(f64::is_nan));
    assert_eq!(toy.since, toy.until);
    assert_eq!(toy.data.as_deref(), Some(&b"value"[..]));
    assert_eq!(toy.colour, Some(query::enums::Colour::Blue));
    assert_eq!(toy.nicknames.expect("it is there"), ["x", "y"]);
    assert_eq!(toy.names.expect("it is there"), ["n"]);
    let labels = toy.labels.expect("it is there");
    assert_eq!(labels[&query::enums::Colour::Red], "r");
    let labels = toy.flat_labels.expect("it is there");
    assert_eq!(labels[&query::enums::Colour::from("new")], "f");
    let part = toy.part.expect("it is there");
    assert_eq!(part.inner.expect("it is there").title, "q");
    assert_eq!(part.weights.expect("it is there"), [1.0, f64::NEG_INFINITY]);
    assert_eq!(toy.matrix.expect("it is there").len(), 2);
    assert_eq!(toy.choice, Some(query::types::Choice::Text("c".to_owned())));
}

#[tokio::test]
async fn a_response_may_lack_its_members_its_result_and_its_body() {
    for body in [
        "",
        "<MakeToyResponse/>",
        "<MakeToyResponse><ResponseMetadata/></MakeToyResponse>",
        "\u{feff}<?xml version='1.0'?><q:MakeToyResponse xmlns:q='u'><q:MakeToyResult/></q:MakeToyResponse>",
    ] {
        let toy = toy(200, body).await.expect(body);
        assert_eq!(toy, query::operation::MakeToyResponse::default(), "{body}");
    }
}

#[tokio::test]
async fn what_is_no_answer_of_the_service_is_an_error_that_quotes_no_member() {
    for (body, quoted) in [
        ("<html><body>sorry</body></html>", true),
        ("<!DOCTYPE html>\n<html>", true),
        ("sorry", true),
        ("{}", true),
        (" \n", true),
        (&TOY[..TOY.len() / 2], false),
        (&TOY[..TOY.len() - 1], false),
        (&TOY.replace("<count>3<", "<count>s3cret<"), false),
        (&TOY.replace("</names>", "</name>"), false),
        (&TOY.replace("&lt;", "&s3cret;"), false),
        (
            "<!DOCTYPE a [<!ENTITY b 's3cret'>]><MakeToyResponse/>",
            true,
        ),
        (
            "<ErrorResponse><Error><Code>s3cret</Code></Error></ErrorResponse>",
            false,
        ),
    ] {
        let error = toy(200, body).await.expect_err(body);
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert!(error.may_have_taken_effect(), "{body}");
        let text = format!("{error:#}");
        assert_eq!(text.contains("the body is not XML"), quoted, "{text}");
        assert!(!text.contains("s3cret") || body.starts_with("<!"), "{text}");
    }
}

#[tokio::test]
async fn an_error_has_its_code_its_shape_and_the_id_in_the_body() {
    let body = "<ErrorResponse><Error><Type>Sender</Type><Code>Toy.Exists</Code><Message>there is one</Message></Error>\
                <RequestId>id-2</RequestId></ErrorResponse>";
    let error = toy(409, body).await.expect_err("it is an error");
    assert!(
        matches!(
            error.service(),
            Some(query::error::ServiceError::ToyExists(_))
        ),
        "{error:?}"
    );
    assert_eq!(error.code(), Some("Toy.Exists"));
    assert!(error.is_shape("Toy.Exists") && error.is_shape("ToyExists"));
    assert_eq!(error.message(), Some("there is one"));
    assert_eq!(error.request_id(), Some("id-2"));
    assert!(!error.may_have_taken_effect());
    for (body, code) in [
        (
            "<Response><Errors><Error><Code>Toy.New</Code><Message>m</Message></Error></Errors><RequestID>id-3</RequestID></Response>",
            "Toy.New",
        ),
        (
            "<ErrorResponse><Error><Message>m</Message><Code>Other</Code></Error><RequestId>id-3</RequestId></ErrorResponse>",
            "Other",
        ),
        (
            "<Error><Code>Third</Code><Message>m</Message><RequestId>id-3</RequestId></Error>",
            "Third",
        ),
    ] {
        let error = fleet_toy(400, body).await;
        assert!(error.service().is_none(), "{body}");
        assert_eq!(
            (error.code(), error.message(), error.request_id()),
            (Some(code), Some("m"), Some("id-3")),
            "{body}"
        );
    }
}

#[tokio::test]
async fn errors_mean_the_same_as_in_json() {
    let error =
        |code: &str| format!("<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>");
    for (status, body, throttled, open) in [
        (400, error("Throttling"), true, false),
        (503, error("ServiceUnavailable"), false, true),
        (500, error("Broken"), false, true),
        (400, error("InternalFailure"), false, true),
        (403, error("AccessDenied"), false, false),
        (502, "<html>bad gateway</html>".to_owned(), false, true),
        (500, String::new(), false, true),
        (
            400,
            "<ErrorResponse><Error><Code>Throt".to_owned(),
            false,
            false,
        ),
    ] {
        let error = toy(status, &body).await.expect_err("it is an error");
        assert_eq!(error.kind(), ErrorKind::Service, "{body}");
        assert_eq!(error.is_throttled(), throttled, "{body}");
        assert_eq!(error.may_have_taken_effect(), open, "{body}");
    }
    let page = toy(502, "<html>bad gateway</html>")
        .await
        .expect_err("it is an error");
    let text = format!("{page:#}");
    assert!(
        text.contains("the body is not XML") && text.contains("<html>bad gateway</html>"),
        "{text}"
    );
}

#[tokio::test]
async fn a_refused_signature_corrects_the_clock() {
    let refused =
        "<Response><Errors><Error><Code>RequestExpired</Code></Error></Errors></Response>";
    let skewed = refused.replace("RequestExpired", "SignatureDoesNotMatch");
    let date = ("date", "Thu, 01 Jan 1970 01:00:00 GMT");
    let answers =
        Answers::default()
            .then(403, &[date], &skewed)
            .then(200, &[date], "<PingResponse/>");
    let config = answers
        .builder()
        .max_attempts(2)
        .build()
        .expect("nothing is missing");
    ec2::Client::new(&config)
        .ping()
        .send()
        .await
        .expect("the second attempt succeeds");
    let dates: Vec<String> = answers
        .sent()
        .iter()
        .map(|sent| sent.header("x-amz-date").to_owned())
        .collect();
    assert_eq!(dates, ["19700101T000000Z", "19700101T010000Z"]);
}

proptest! {
    #[test]
    fn a_damaged_answer_never_panics(cuts in prop::collection::vec((0..TOY.len(), any::<u8>()), 1..5)) {
        let mut bytes = TOY.as_bytes().to_vec();
        for (at, byte) in cuts {
            let at = at % bytes.len().max(1);
            match byte % 4 {
                0 => bytes.truncate(at.max(1)),
                1 => drop(bytes.remove(at)),
                _ => bytes[at] = byte,
            }
            if bytes.is_empty() {
                break;
            }
        }
        let body = String::from_utf8_lossy(&bytes).into_owned();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        for status in [200, 400] {
            let _ = runtime.block_on(toy(status, &body));
        }
    }
}
