//! Pages, waiters and dry runs of the query protocols: forms are sent and XML is read, and errors are known by their codes.
//!
//! `golden-ec2` has the overlay of EC2 that ships with the program. Time is Tokio's paused clock, so that nothing waits.

use std::time::Duration;

use attache_runtime::ErrorKind;
use attache_tests::transport::Answers;
use golden_ec2 as ec2;
use golden_query as query;

/// A response of both protocols: ec2 has the members in the root, awsQuery in the result.
fn toys(is_ec2: bool, titles: &[&str], next: Option<&str>) -> String {
    let items: String = titles
        .iter()
        .map(|title| format!("<item><title>{title}</title></item>"))
        .collect();
    let next = next.map(|token| format!("<marker>{token}</marker>"));
    let members = format!("<toys>{items}</toys>{}", next.unwrap_or_default());
    if is_ec2 {
        format!("<ListToysResponse><requestId>id</requestId>{members}</ListToysResponse>")
    } else {
        format!("<ListToysResponse><ListToysResult>{members}</ListToysResult></ListToysResponse>")
    }
}

fn answers(is_ec2: bool, pages: &[(&[&str], Option<&str>)]) -> Answers {
    pages
        .iter()
        .fold(Answers::default(), |answers, (titles, next)| {
            answers.then(200, &[], &toys(is_ec2, titles, *next))
        })
}

/// The pairs of each form that was sent, without action and version.
fn forms(answers: &Answers) -> Vec<String> {
    let sent = answers.sent();
    let forms = sent.iter().map(|sent| {
        let text = std::str::from_utf8(&sent.body).expect("a form is text");
        let pairs = text.split('&').skip(2).collect::<Vec<_>>();
        pairs.join("&")
    });
    forms.collect()
}

const ERROR: &str = "<Response><Errors><Error><Code>CODE</Code><Message>the reason</Message></Error></Errors>\
                     <RequestID>id</RequestID></Response>";

fn error(code: &str) -> String {
    ERROR.replace("CODE", code)
}

#[tokio::test]
async fn items_come_from_all_pages_and_each_token_is_sent_in_the_form() {
    let pages: &[(&[&str], Option<&str>)] = &[
        (&["a", "b"], Some("x +&amp;=é")),
        (&[], Some("2")),
        (&["c"], None),
    ];
    let wanted = [
        "MaxItems=2",
        "Marker=x+%2B%26%3D%C3%A9&MaxItems=2",
        "Marker=2&MaxItems=2",
    ];
    let of_ec2 = answers(true, pages);
    let client = ec2::Client::new(&of_ec2.config());
    let items = client.list_toys().max_items(2).items();
    let items = items.collect().await.expect("three pages");
    let titles: Vec<String> = items.into_iter().map(|toy| toy.title).collect();
    assert_eq!(titles, ["a", "b", "c"]);
    assert_eq!(forms(&of_ec2), wanted);

    let of_query = answers(false, pages);
    let client = query::Client::new(&of_query.config());
    let items = client.list_toys().max_items(2).items();
    let items = items.collect().await.expect("three pages");
    let titles: Vec<String> = items.into_iter().map(|toy| toy.title).collect();
    assert_eq!(titles, ["a", "b", "c"]);
    // awsQuery sends the names of members as they are.
    assert_eq!(
        forms(&of_query),
        wanted.map(|form| form
            .replace("Marker", "marker")
            .replace("MaxItems", "maxItems"))
    );
}

#[tokio::test]
async fn a_repeated_token_an_empty_one_and_an_error_end_the_pages() {
    let repeated = answers(false, &[(&["a"], Some("1")), (&["b"], Some("1"))]);
    let client = query::Client::new(&repeated.config());
    let error_of_items = client.list_toys().items().collect().await;
    let error_of_items = error_of_items.expect_err("the token is repeated");
    assert_eq!(error_of_items.kind(), ErrorKind::Pagination);
    assert_eq!(repeated.sent().len(), 2);

    for next in [Some(""), None] {
        let once = answers(true, &[(&["a"], next)]);
        let mut pages = ec2::Client::new(&once.config()).list_toys().pages();
        assert!(pages.next().await.expect("a page").is_ok());
        assert!(pages.next().await.is_none(), "{next:?}");
    }

    let broken = answers(true, &[(&["a"], Some("1"))]).then(400, &[], &error("InvalidNextToken"));
    let mut pages = ec2::Client::new(&broken.config()).list_toys().pages();
    assert!(pages.next().await.expect("a page").is_ok());
    let error_of_page = pages.next().await.expect("an error").expect_err("an error");
    assert_eq!(error_of_page.code(), Some("InvalidNextToken"));
    assert_eq!(pages.token().map(String::as_str), Some("1"));
    assert!(pages.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn waiters_judge_lists_of_xml() {
    let states: &[&[&str]] = &[&[], &["ready", "new"], &["ready", "ready"]];
    let pages: Vec<(&[&str], Option<&str>)> = states.iter().map(|titles| (*titles, None)).collect();
    let of_ec2 = answers(true, &pages);
    let client = ec2::Client::new(&of_ec2.config());
    let waited = client.list_toys().until_toys_ready().await;
    let waited = waited.expect("all are ready");
    assert_eq!(waited.calls, 3);
    let toys = waited.response.expect("a response").toys;
    assert_eq!(toys.expect("there are toys").len(), 2);

    let of_query = answers(false, &[(&["new"], None), (&["ready", "broken"], None)]);
    let client = query::Client::new(&of_query.config());
    let failed = client.list_toys().until_toys_ready().await;
    let failed = failed.expect_err("one is broken");
    assert_eq!(failed.kind(), ErrorKind::WaitFailed);
    assert_eq!(of_query.sent().len(), 2);
}

/// A waiter names the shape of an error, or the code of one that the model lacks. The response has the code in any case.
#[tokio::test(start_paused = true)]
async fn waiters_know_errors_by_their_shape_and_by_their_code() {
    let making = toys(false, &[], None).replace("ListToys", "MakeToy");
    for (code, outcome) in [
        // `awsQueryError` gives `ToyExists` this code.
        ("Toy.Exists", Ok(2)),
        ("Toy.Gone", Err(ErrorKind::WaitFailed)),
        ("Other", Err(ErrorKind::Service)),
    ] {
        let answers = Answers::with(200, &making).then(400, &[], &error(code));
        let client = query::Client::new(&answers.config());
        let waited = client.make_toy().name("x").until_toy_exists().await;
        let waited = waited.map(|waited| waited.calls);
        assert_eq!(waited.map_err(|error| error.kind()), outcome, "{code}");
    }
    let answers = Answers::with(400, &error("ToyExists"));
    let client = ec2::Client::new(&answers.config());
    let waited = client.make_toy().name("x").until_toy_exists();
    let waited = waited.deadline(Duration::from_secs(1)).await;
    assert_eq!(waited.expect("the code is that of the shape").calls, 1);
}

#[tokio::test]
async fn a_dry_run_that_would_succeed_is_ok() {
    let answers = Answers::with(412, &error("DryRunOperation"));
    let client = ec2::Client::new(&answers.config());
    let dry = client.make_toy().name("x").send_dry_run().await;
    dry.expect("it would have succeeded");
    let forms = forms(&answers);
    assert_eq!(forms.len(), 1);
    assert!(
        forms[0].split('&').any(|pair| pair == "DryRun=true"),
        "{forms:?}"
    );

    // The member of a request asks for the same. The response has no member.
    let answers = Answers::with(412, &error("DryRunOperation"));
    let client = ec2::Client::new(&answers.config());
    let toy = client.make_toy().name("x").dry_run(true).send().await;
    let toy = toy.expect("it would have succeeded");
    assert_eq!(toy, ec2::operation::MakeToyResponse::default());
}

#[tokio::test]
async fn a_dry_run_that_would_fail_is_an_error() {
    let answers = Answers::with(403, &error("UnauthorizedOperation"));
    let client = ec2::Client::new(&answers.config());
    let refused = client.make_toy().name("x").send_dry_run().await;
    let refused = refused.expect_err("it would have failed");
    assert_eq!(refused.code(), Some("UnauthorizedOperation"));
    assert_eq!(refused.message(), Some("the reason"));
    assert!(refused.is_access_denied());
    assert!(!refused.may_have_taken_effect());
}

/// Without the question, the answer is an error, and a modelled one.
#[tokio::test]
async fn the_error_of_dry_runs_is_an_error_of_other_calls() {
    for dry_run in [None, Some(false)] {
        let answers = Answers::with(412, &error("DryRunOperation"));
        let request = ec2::operation::MakeToyRequest {
            name: Some("x".to_owned()),
            dry_run,
            ..Default::default()
        };
        let client = ec2::Client::new(&answers.config());
        let asked = client.send(request).await.expect_err("nobody asked");
        assert!(
            matches!(
                asked.service(),
                Some(ec2::error::ServiceError::DryRunOperation(_))
            ),
            "{asked:?}"
        );
        assert_eq!(asked.status(), Some(412));
    }
}
