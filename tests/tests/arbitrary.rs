//! How arbitrary values are made: that they reach what is hard, come to an end, and shrink to what can be read.
//!
//! The test `validation` checks that they satisfy their constraints, and `round_trips` that they can be sent and read.

use attache_runtime::Body;
use attache_runtime::operation::Request;
use attache_runtime::plumbing::message::HttpResponse;
use attache_runtime::validation::Level;
use attache_security_ir::operation::{GetFindingMetricsRequest, TagResourceRequest};
use attache_support::enums::UploadStatus;
use attache_support::operation::{CreateCaseRequest, GetAttachmentUploadLinksRequest};
use golden_rest_json::operation::AuxRequest;
use golden_rest_json::types::{Again, Heads, Tails};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use serde::Serialize;

fn runner(cases: u32) -> TestRunner {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn samples<T>(strategy: impl Strategy<Value = T>, count: usize) -> Vec<T> {
    let mut runner = runner(1);
    let mut one = || strategy.new_tree(&mut runner).expect("a value").current();
    (0..count).map(|_| one()).collect()
}

#[test]
fn texts_reach_both_ends_of_their_length_and_all_planes() {
    let requests = samples(any::<CreateCaseRequest>(), 400);
    let bodies: Vec<&String> = requests
        .iter()
        .filter_map(|it| it.communication_body.as_ref())
        .collect();
    assert_eq!(bodies.len(), 400, "the body is required");
    let has = |length: usize| bodies.iter().any(|body| body.chars().count() == length);
    assert!(has(1) && has(8_000) && !has(0) && !has(8_001));
    assert!(
        bodies
            .iter()
            .any(|body| body.chars().any(|it| it > '\u{ffff}'))
    );
    assert!(bodies.iter().any(|body| body.contains('\0')));
    assert!(requests.iter().any(|it| it.upload_ids.is_none()));
    assert!(
        requests
            .iter()
            .any(|it| it.upload_ids.as_ref().is_some_and(Vec::is_empty))
    );
    assert!(
        requests
            .iter()
            .any(|it| it.upload_ids.as_ref().is_some_and(|ids| ids.len() == 10))
    );
}

#[test]
fn patterns_and_lengths_hold_together_at_their_ends() {
    let requests = samples(any::<TagResourceRequest>(), 300);
    for request in &requests {
        request.validate(Level::Strict).expect("it is valid");
    }
    let names = requests.iter().filter_map(|it| it.resource_arn.as_ref());
    let lengths: std::collections::BTreeSet<usize> = names.map(|it| it.chars().count()).collect();
    assert!(lengths.len() > 10, "{lengths:?}");
}

#[test]
fn rules_about_several_members_are_kept_in_every_way() {
    let requests = samples(any::<GetAttachmentUploadLinksRequest>(), 600);
    let ranges = || requests.iter().filter_map(|it| it.upload_range.as_ref());
    let spans = ranges().filter_map(|it| Some(it.end_index? - it.start_index));
    let spans: std::collections::BTreeSet<i32> = spans.collect();
    assert_eq!(
        spans,
        (1..=10).collect(),
        "every distance that is allowed comes up"
    );
    assert!(requests.iter().any(|it| it.file_size_bytes.is_none()));
    assert!(requests.iter().any(|it| it.upload_id.is_none()));

    let requests = samples(any::<GetFindingMetricsRequest>(), 200);
    assert!(
        requests
            .iter()
            .all(|it| it.start_date <= it.end_date || it.end_date.is_none())
    );
    assert!(
        requests
            .iter()
            .any(|it| it.start_date.is_some() && it.end_date.is_some())
    );
}

#[test]
fn enums_have_values_that_nobody_knows_unless_the_level_is_strict() {
    let unknown = |statuses: Vec<UploadStatus>| {
        let unknown = statuses
            .iter()
            .filter(|it| matches!(it, UploadStatus::Unknown(_)));
        (unknown.count(), statuses.len())
    };
    let (count, all) = unknown(samples(any::<UploadStatus>(), 400));
    assert!(count > 20 && count < all / 2, "{count} of {all}");
}

/// The least request that fails a test.
fn shrunk<T: std::fmt::Debug + Clone>(
    strategy: impl Strategy<Value = T>,
    is_fine: impl Fn(&T) -> bool,
) -> T {
    let outcome = runner(2_000).run(&strategy, |value| {
        prop_assert!(is_fine(&value));
        Ok(())
    });
    match outcome {
        Err(TestError::Fail(_, value)) => value,
        other => panic!("nothing failed: {other:?}"),
    }
}

#[test]
fn requests_shrink_to_what_can_be_read() {
    let least = shrunk(any::<CreateCaseRequest>(), |request| {
        request
            .communication_body
            .as_ref()
            .is_none_or(|body| body.chars().count() < 5)
    });
    let expected = CreateCaseRequest {
        communication_body: Some("aaaaa".to_owned()),
        subject: Some(String::new()),
        ..Default::default()
    };
    assert_eq!(least, expected);

    // A character that matters stays, the others become simple.
    let least = shrunk(any::<CreateCaseRequest>(), |request| {
        request
            .communication_body
            .as_ref()
            .is_none_or(|body| !body.contains('👍'))
    });
    assert_eq!(least.communication_body.as_deref(), Some("👍"));
}

#[test]
fn shrunk_requests_still_keep_their_constraints() {
    let least = shrunk(any::<TagResourceRequest>(), |_| false);
    least
        .validate(Level::Documented)
        .expect("it is still valid");
    let least = shrunk(any::<GetAttachmentUploadLinksRequest>(), |request| {
        request.upload_range.is_none()
    });
    least
        .validate(Level::Documented)
        .expect("it is still valid");
    assert!(least.upload_range.is_some());
}

/// Encodes a request and decodes what was written as the response of an operation that returns what it received.
fn echo<R>(request: R) -> Result<R::Response, TestCaseError>
where
    R: Request + Clone + std::fmt::Debug,
{
    let encoded = request
        .encode()
        .map_err(|error| TestCaseError::fail(error.to_string()))?;
    let headers = encoded.headers().clone();
    let Body::Bytes(body) = encoded.into_body() else {
        return Err(TestCaseError::fail("a stream"));
    };
    R::decode(HttpResponse::new(200, headers, body))
        .map_err(|error| TestCaseError::fail(error.to_string()))
}

fn form(value: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).expect("it can be written")
}

/// `is_said` leaves out what has no form of its own: an absent payload is sent as an empty one.
fn assert_echoes<R>(is_said: fn(&R) -> bool)
where
    R: Request + Clone + std::fmt::Debug + Serialize,
    R: Arbitrary<Parameters = Level>,
    R::Response: Serialize,
{
    let outcome = runner(200).run(&any::<R>(), |request| {
        prop_assert!(request.validate(Level::Documented).is_ok());
        if !is_said(&request) {
            return Ok(());
        }
        let mut sent = form(&request);
        // Only requests have a token, and an HTTP date has whole seconds only.
        for name in ["token", "anHttpDate"] {
            sent.as_object_mut().expect("a structure").remove(name);
        }
        let mut read = form(&echo(request)?);
        // A member that was not sent may have a default.
        let members = read.as_object_mut().expect("a structure");
        members.retain(|name, _| sent.get(name).is_some());
        prop_assert_eq!(read, sent);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{}: {error}", R::OPERATION.name));
}

/// Recursion, unions, maps, documents and every simple type, there and back.
#[test]
fn types_of_every_kind_come_to_an_end_and_are_read_as_they_were_written() {
    assert_echoes::<golden_rest_json::operation::EchoPartRequest>(|it| it.payload.is_some());
    assert_echoes::<golden_rest_json::operation::EchoChoiceRequest>(|it| it.payload.is_some());
    assert_echoes::<golden_rest_json::operation::EchoColourRequest>(|it| {
        it.payload
            .as_ref()
            .is_some_and(|colour| !colour.as_str().is_empty())
    });
    assert_echoes::<golden_rest_json::operation::EchoDocumentRequest>(|it| it.payload.is_some());
    assert_echoes::<golden_aws_json::operation::EchoRequest>(|_| true);
}

const LEVELS: [Level; 4] = [
    Level::Off,
    Level::Structural,
    Level::Documented,
    Level::Strict,
];

/// `Again` is a union whose only member is itself. `Heads` is a union of `Tails`, a structure with a list of `Heads` that
/// must not be empty. No value of them is finite and valid, so they end with a member that the model lacks.
#[test]
fn types_without_a_valid_value_come_to_an_end() {
    fn depth(again: &Again) -> usize {
        match again {
            Again::Again(inner) => 1 + depth(inner),
            _ => 0,
        }
    }
    for level in LEVELS {
        let agains = samples(any_with::<Again>(level), 200);
        let depths: std::collections::BTreeSet<usize> = agains.iter().map(depth).collect();
        assert!(depths.len() > 1, "{level:?}: {depths:?}");
        let heads = samples(any_with::<Heads>(level), 200);
        assert!(heads.iter().any(|it| matches!(it, Heads::Unknown(..))));
        assert_eq!(samples(any_with::<Tails>(level), 200).len(), 200);
    }
}

#[test]
fn requests_leave_out_what_has_no_valid_value_where_it_is_checked() {
    for level in LEVELS {
        let requests = samples(any_with::<AuxRequest>(level), 200);
        for request in &requests {
            let valid = request.validate(level);
            assert!(valid.is_ok(), "{level:?}: {valid:?}: {request:?}");
        }
        let has = |is_there: fn(&AuxRequest) -> bool| requests.iter().any(is_there);
        let found = [
            has(|it| it.again.is_some()),
            has(|it| it.heads.is_some()),
            has(|it| it.agains.as_ref().is_some_and(|list| !list.is_empty())),
        ];
        assert_eq!(found, [level == Level::Off; 3], "{level:?}");
        // The members around them are there all the same.
        assert!(has(|it| it.token.is_some()) && has(|it| it.agains.is_some()));
    }
}

#[test]
fn requests_with_values_that_are_not_valid_shrink() {
    let outcome = runner(2_000).run(&any_with::<AuxRequest>(Level::Off), |request| {
        prop_assert!(request.heads.is_none());
        Ok(())
    });
    let Err(TestError::Fail(_, least)) = outcome else {
        panic!("nothing failed: {outcome:?}");
    };
    assert_eq!((least.again, least.token), (None, None));
}
