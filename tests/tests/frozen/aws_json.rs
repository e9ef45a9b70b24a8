//! The frozen client of awsJson1_1.

use attache_tests::transport::Answers;
use generated_by_0_2_aws_json::operation::StoreRequest;
use generated_by_0_2_aws_json::types::Entry;
use generated_by_0_2_aws_json::{Client, ServiceError};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The least that the request needs.
fn store(client: &Client) -> generated_by_0_2_aws_json::operation::Store {
    client.store().entries([] as [(&str, Entry); 0])
}

#[test]
fn requests_are_sent_and_responses_read() {
    let answers = Answers::with(200, r#"{"state": "STORED", "news": 1}"#);
    let client = Client::new(&answers.config());
    let response = store(&client).add(3).send().wait().expect("an answer");
    assert!(format!("{response:?}").contains("STORED"), "{response:?}");
    let sent = &answers.sent()[0];
    assert!(sent.header("x-amz-target").ends_with(".Store"));
    assert_eq!(sent.json()["add"], 3);
    let authorization = sent.header("authorization");
    assert!(authorization.contains("/calls/aws4_request"), "signed");
    assert_eq!(sent.header("x-amzn-query-mode"), "true");
}

#[tokio::test]
async fn a_waiter_asks_until_the_state_is_there() {
    let answers = Answers::default()
        .then(400, &[], r#"{"__type": "Gone", "id": "1"}"#)
        .then(200, &[], r#"{"state": "STORED"}"#);
    let client = Client::new(&answers.config());
    tokio::time::pause();
    let response = store(&client).until_stored().await.expect("it is stored");
    assert!(format!("{response:?}").contains("STORED"), "{response:?}");
    assert_eq!(answers.sent().len(), 2);
}

#[test]
fn errors_are_the_modelled_ones() {
    let answers = Answers::with(
        400,
        r#"{"__type": "x#Gone", "id": "7", "message": "it is gone"}"#,
    );
    let client = Client::new(&answers.config());
    let error = store(&client).send().wait().expect_err("an error");
    assert!(
        matches!(error.service(), Some(ServiceError::Gone(_))),
        "{error:?}"
    );
    assert_eq!(error.message(), Some("it is gone"));
}

#[test]
fn arbitrary_requests_are_valid_and_can_be_sent() {
    let config = Config {
        cases: 50,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let answers = Answers::default();
    let client = Client::new(&answers.config());
    let strategy = any::<StoreRequest>();
    let result = runner.run(&strategy, |request| {
        client.send(request).wait().expect("it was answered");
        Ok(())
    });
    result.expect("every request is sent");
    assert!(answers.sent().len() >= 50);
}
