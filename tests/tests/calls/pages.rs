//! Pages and items of the generated clients.

use attache_runtime::ErrorKind;
use attache_support::operation::DescribeCasesRequest;
use attache_tests::transport::Answers;
use serde_json::{Value, json};

pub(crate) fn support(answers: &Answers) -> attache_support::Client {
    attache_support::Client::new(&answers.config())
}

/// A page of cases with these ids.
fn page(ids: &[&str], next: Option<&str>) -> String {
    let cases: Vec<Value> = ids.iter().map(|id| json!({"caseId": id})).collect();
    match next {
        Some(token) => json!({"cases": cases, "nextToken": token}).to_string(),
        None => json!({"cases": cases}).to_string(),
    }
}

pub(crate) fn pages(pages: &[(&[&str], Option<&str>)]) -> Answers {
    pages
        .iter()
        .fold(Answers::default(), |answers, (ids, next)| {
            answers.then(200, &[], &page(ids, *next))
        })
}

/// The tokens that were sent.
fn tokens(answers: &Answers) -> Vec<Option<String>> {
    answers
        .sent()
        .iter()
        .map(|sent| sent.json()["nextToken"].as_str().map(str::to_owned))
        .collect()
}

#[tokio::test]
async fn items_come_from_all_pages_in_order() {
    let answers = pages(&[(&["a", "b"], Some("1")), (&[], Some("2")), (&["c"], None)]);
    let items = support(&answers)
        .describe_cases()
        .include_resolved_cases(true)
        .items();
    let cases = items.collect().await.expect("three pages");
    let ids: Vec<&str> = cases
        .iter()
        .filter_map(|case| case.case_id.as_deref())
        .collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(
        tokens(&answers),
        [None, Some("1".to_owned()), Some("2".to_owned())]
    );
    for sent in answers.sent() {
        assert_eq!(sent.json()["includeResolvedCases"], true);
        let agent = sent.header("user-agent");
        assert!(agent.contains(" m/C,e,E"), "{agent}");
    }
}

#[tokio::test]
async fn an_empty_token_ends_the_pages() {
    let answers = pages(&[(&["a"], Some(""))]);
    let mut stream = support(&answers).describe_cases().pages();
    assert!(stream.next().await.expect("a page").is_ok());
    assert!(stream.next().await.is_none());
    assert!(stream.next().await.is_none());
    assert_eq!(answers.sent().len(), 1);
}

#[tokio::test]
async fn no_page_is_asked_for_before_it_is_wanted() {
    let answers = pages(&[(&["a", "b"], Some("1")), (&["c"], Some("2"))]);
    let mut items = support(&answers).describe_cases().items().limit(2);
    assert_eq!(answers.sent().len(), 0);
    items.next().await.expect("a").expect("an item");
    items.next().await.expect("b").expect("an item");
    assert!(items.next().await.is_none());
    assert_eq!(answers.sent().len(), 1);
}

#[tokio::test]
async fn pages_go_on_from_a_kept_token() {
    let answers = pages(&[(&["a"], Some("1")), (&["b"], None)]);
    let client = support(&answers);
    let mut first = client.describe_cases().pages();
    first.next().await.expect("a page").expect("a page");
    let token = first.token().cloned().expect("there is more");
    drop(first);
    let request = DescribeCasesRequest {
        next_token: Some(token),
        ..Default::default()
    };
    let mut rest = client.items(request);
    let case = rest.next().await.expect("b").expect("an item");
    assert_eq!(case.case_id.as_deref(), Some("b"));
    assert!(rest.next().await.is_none());
    assert_eq!(tokens(&answers), [None, Some("1".to_owned())]);
}

#[tokio::test]
async fn the_token_of_items_is_that_of_the_page_with_the_next_item() {
    let answers = pages(&[(&["a"], Some("1")), (&["b", "c"], Some("2"))]);
    let mut items = support(&answers).describe_cases().items();
    assert_eq!(items.token(), None);
    items.next().await.expect("a").expect("an item");
    assert_eq!(items.token().map(String::as_str), Some("1"));
    items.next().await.expect("b").expect("an item");
    assert_eq!(items.token().map(String::as_str), Some("1"));
    items.next().await.expect("c").expect("an item");
    assert_eq!(items.token().map(String::as_str), Some("2"));
}

#[tokio::test]
async fn a_repeated_token_is_an_error_after_the_page_that_has_it() {
    let answers = pages(&[(&["a"], Some("1")), (&["b"], Some("1"))]);
    let mut items = support(&answers).describe_cases().items();
    assert!(items.next().await.expect("a").is_ok());
    assert!(items.next().await.expect("b").is_ok());
    let error = items.next().await.expect("an end").expect_err("an error");
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert_eq!(
        format!("{error:#}"),
        "DescribeCases: the service repeats a token of its pages: the service returned the token of a page that it had returned before, so the pages would never end"
    );
    assert!(items.next().await.is_none());
    assert_eq!(answers.sent().len(), 2);
}

/// As CloudWatch Logs answers at the end of a stream of events.
#[tokio::test]
async fn the_token_of_an_empty_page_that_requested_it_ends_the_items() {
    let answers = pages(&[(&["a"], Some("1")), (&[], Some("1"))]);
    let mut items = support(&answers).describe_cases().items();
    assert!(items.next().await.expect("a").is_ok());
    assert!(items.next().await.is_none());
    assert!(items.next().await.is_none());
    assert_eq!(items.token().map(String::as_str), Some("1"));
    assert_eq!(tokens(&answers), [None, Some("1".to_owned())]);
    // An older token would be requested for ever.
    let answers = pages(&[(&["a"], Some("1")), (&[], Some("2")), (&[], Some("1"))]);
    let items = support(&answers).describe_cases().items().collect().await;
    let error = items.expect_err("the pages never end");
    assert_eq!(error.kind(), ErrorKind::Pagination);
}

#[tokio::test]
async fn a_circle_of_several_tokens_is_found_too() {
    let mut script = Vec::new();
    for _ in 0..20 {
        script.extend([("x", "1"), ("y", "2"), ("z", "3")]);
    }
    let answers = script
        .iter()
        .fold(Answers::default(), |answers, (id, next)| {
            answers.then(200, &[], &page(&[id], Some(next)))
        });
    let error = support(&answers)
        .describe_cases()
        .items()
        .collect()
        .await
        .expect_err("the pages never end");
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert!(answers.sent().len() <= 9, "{}", answers.sent().len());
}

#[tokio::test]
async fn an_error_ends_the_pages_and_leaves_the_token() {
    let answers = pages(&[(&["a"], Some("1"))]).then(
        400,
        &[],
        r#"{"__type": "InternalServerError", "message": "no"}"#,
    );
    let mut stream = support(&answers).describe_cases().pages();
    assert!(stream.next().await.expect("a page").is_ok());
    let error = stream
        .next()
        .await
        .expect("an error")
        .expect_err("an error");
    assert_eq!(error.code(), Some("InternalServerError"));
    assert!(stream.next().await.is_none());
    assert_eq!(stream.token().map(String::as_str), Some("1"));
}

#[test]
fn iterators_wait_for_items() {
    let answers = pages(&[(&["a"], Some("1")), (&["b"], None)]);
    let ids: Vec<Option<String>> = support(&answers)
        .describe_cases()
        .items()
        .wait()
        .map(|case| case.expect("an item").case_id)
        .collect();
    assert_eq!(ids, [Some("a".to_owned()), Some("b".to_owned())]);
}
