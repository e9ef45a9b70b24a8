//! The headers that every attempt sends, and what interceptors see and add.

use std::sync::{Arc, Mutex};

use attache_runtime::FixedEnvironment;
use attache_runtime::http::{HeaderMap, HeaderValue};
use attache_runtime::transport::TransportErrorKind::Io;
use attache_runtime::{Attempt, Interceptor, Outcome, RetryMode, SystemRandomSource};

use crate::stage::{Answer, Network, READ, call, config, core};

#[tokio::test(start_paused = true)]
async fn attempts_are_counted_and_have_the_id_of_their_call() {
    let network = Network::new([Answer::Status(500, ""), Answer::Lost(Io)]);
    let core = core(config(&network).random_source(SystemRandomSource));
    call(&core, &READ).await.unwrap();
    call(&core, &READ).await.unwrap();
    let seen = network.seen();
    let told: Vec<&str> = seen
        .iter()
        .map(|seen| seen.header("amz-sdk-request"))
        .collect();
    assert_eq!(
        told,
        [
            "attempt=1; max=3",
            "attempt=2; max=3",
            "attempt=3; max=3",
            "attempt=1; max=3"
        ]
    );
    let ids: Vec<&str> = seen
        .iter()
        .map(|seen| seen.header("amz-sdk-invocation-id"))
        .collect();
    assert!(
        ids[0] == ids[1] && ids[1] == ids[2] && ids[2] != ids[3],
        "{ids:?}"
    );
    assert!(
        ids[0].len() == 36 && ids[0].as_bytes()[14] == b'4',
        "{ids:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_header_with_the_number_of_the_attempt_is_not_signed_as_in_botocore() {
    let network = Network::new([Answer::Status(500, "")]);
    call(&core(config(&network)), &READ).await.unwrap();
    let seen = network.seen();
    let header = |index: usize, name: &str| seen[index].header(name).to_owned();
    assert_ne!(header(0, "amz-sdk-request"), header(1, "amz-sdk-request"));
    let signature = header(0, "authorization");
    assert!(!signature.contains("amz-sdk"), "{signature}");
    assert_eq!(
        signature,
        header(1, "authorization"),
        "the clock stands still"
    );
}

/// Adds a header, and records its arguments.
#[derive(Debug, Default, Clone)]
struct Metrics(Arc<Mutex<Vec<String>>>);

impl Interceptor for Metrics {
    fn before_attempt(&self, attempt: &Attempt<'_>, headers: &mut HeaderMap) {
        headers.insert("x-team", HeaderValue::from(attempt.number));
        headers.insert("authorization", HeaderValue::from_static("mine"));
    }

    fn after_attempt(&self, attempt: &Attempt<'_>, outcome: &Outcome<'_>) {
        self.0.lock().unwrap().push(format!(
            "{} {} {}: {:?} {:?} {:?}",
            attempt.service,
            attempt.operation,
            attempt.number,
            outcome.status,
            outcome.request_id,
            outcome.failure.map(|failure| failure.kind()),
        ));
    }
}

#[tokio::test(start_paused = true)]
async fn interceptors_add_signed_headers_and_see_the_result_of_every_attempt() {
    let metrics = Metrics::default();
    let with_id = vec![("x-amzn-requestid", "r-1".to_owned())];
    let network = Network::new([Answer::Headers(500, "", with_id), Answer::Lost(Io)]);
    call(&core(config(&network).interceptor(metrics.clone())), &READ)
        .await
        .unwrap();
    assert_eq!(
        *metrics.0.lock().unwrap(),
        [
            "Test Service Read 1: Some(500) Some(\"r-1\") Some(Service)",
            "Test Service Read 2: None None Some(Io)",
            "Test Service Read 3: Some(200) None None",
        ]
    );
    for (index, seen) in network.seen().iter().enumerate() {
        assert_eq!(seen.header("x-team"), (index + 1).to_string());
        let authorization = seen.header("authorization");
        assert!(
            authorization.contains(";x-team,") && !authorization.contains("mine"),
            "{authorization}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_user_agent_names_the_application_and_the_retry_mode() {
    let network = Network::default();
    let variables = FixedEnvironment::default()
        .with_variable("AWS_EXECUTION_ENV", "AWS_Lambda_rust")
        .with_variable("AWS_SDK_UA_APP_ID", "Case Desk/1");
    let builder = config(&network)
        .retry_mode(RetryMode::Adaptive)
        .from_environment(variables)
        .unwrap();
    call(&core(builder), &READ).await.unwrap();
    call(&core(config(&network)), &READ).await.unwrap();
    let seen = network.seen();
    let (first, second) = (seen[0].header("user-agent"), seen[1].header("user-agent"));
    assert!(first.starts_with("attache/"), "{first}");
    assert!(
        first.ends_with("lang/rust exec-env/AWS_Lambda_rust m/e,F app/Case-Desk-1"),
        "{first}"
    );
    assert!(second.ends_with("lang/rust m/e,E"), "{second}");
}

/// botocore 1.44.8, `add_recursion_detection_header`.
#[tokio::test(start_paused = true)]
async fn a_function_of_lambda_passes_its_trace_on() {
    let (function, trace) = ("AWS_LAMBDA_FUNCTION_NAME", "_X_AMZN_TRACE_ID");
    for (variables, expected) in [
        (
            vec![
                (function, "f"),
                (trace, "Root=1-5759;Sampled=1,a b\t%\u{fc}"),
            ],
            "Root=1-5759;Sampled=1,a%20b%09%25%C3%BC",
        ),
        (vec![(function, "f")], ""),
        (vec![(trace, "Root=1")], ""),
    ] {
        let environment = variables
            .into_iter()
            .fold(FixedEnvironment::default(), |made, (name, value)| {
                made.with_variable(name, value)
            });
        let network = Network::new([]);
        let config = config(&network).from_environment(environment).unwrap();
        call(&core(config), &READ).await.unwrap();
        let seen = network.seen();
        assert_eq!(seen[0].header("x-amzn-trace-id"), expected);
        let signature = seen[0].header("authorization");
        assert!(!signature.contains("trace"), "{signature}");
    }
}
