//! What a client counts and measures for the crate `metrics`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use attache_runtime::test::InstantTimer;
use attache_runtime::{ByteStream, Error};
use attache_tests::transport::Answers;
use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};

/// The totals of counters, and how often histograms recorded a value: by name and labels.
#[derive(Clone, Default)]
struct Totals(Arc<Mutex<BTreeMap<String, u64>>>);

/// One counter or histogram.
struct Total(Totals, String);

impl Total {
    fn add(&self, value: u64) {
        let mut totals = self.0.0.lock().expect("no panic");
        *totals.entry(self.1.clone()).or_default() += value;
    }
}

impl CounterFn for Total {
    fn increment(&self, value: u64) {
        self.add(value);
    }

    fn absolute(&self, _: u64) {
        panic!("a counter only grows");
    }
}

impl HistogramFn for Total {
    fn record(&self, value: f64) {
        assert!(
            (0.0..1.0).contains(&value),
            "the duration is in seconds: {value}"
        );
        self.add(1);
    }
}

impl Totals {
    fn total(&self, key: &Key) -> Arc<Total> {
        let labels: Vec<String> = key
            .labels()
            .map(|label| format!("{}={}", label.key(), label.value()))
            .collect();
        let name = format!("{} {}", key.name(), labels.join(" "));
        Arc::new(Total(self.clone(), name))
    }

    /// Name, labels and total, a line each.
    fn lines(&self) -> Vec<String> {
        let totals = self.0.lock().expect("no panic");
        totals
            .iter()
            .map(|(name, total)| format!("{name}: {total}"))
            .collect()
    }
}

impl Recorder for Totals {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.total(key))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.total(key))
    }
}

/// What is recorded while this thread does something.
fn recorded(work: impl FnOnce()) -> Vec<String> {
    let totals = Totals::default();
    metrics::with_local_recorder(&totals, work);
    totals.lines()
}

#[test]
fn a_retried_call_counts_its_attempts_bytes_and_durations() {
    let throttled = r#"{"__type": "ThrottlingException"}"#;
    let answers =
        Answers::default()
            .then(400, &[], throttled)
            .then(200, &[], r#"{"services": []}"#);
    let timer = InstantTimer::default();
    let config = answers.builder().timer(timer).build();
    let client = attache_support::Client::new(&config.expect("nothing is missing"));
    let lines = recorded(|| {
        client
            .describe_services()
            .send()
            .wait()
            .expect("the second attempt succeeds");
    });
    let sent: usize = answers
        .sent()
        .iter()
        .map(|request| request.body.len())
        .sum();
    let server = "server.address=support.us-east-1.amazonaws.com server.port=443";
    let method = "rpc.method=Support/DescribeServices";
    let received = throttled.len() + r#"{"services": []}"#.len();
    assert_eq!(
        lines,
        [
            format!("attache.attempts {method}: 2"),
            format!("attache.calls {method}: 1"),
            format!("attache.received {method}: {received}"),
            format!("attache.retries {method} error.type=ThrottlingException: 1"),
            format!("attache.sent {method}: {sent}"),
            format!(
                "http.client.request.duration http.request.method=POST {server} \
                 http.response.status_code=200: 1"
            ),
            format!(
                "http.client.request.duration http.request.method=POST {server} \
                 http.response.status_code=400 error.type=ThrottlingException: 1"
            ),
            format!("rpc.client.call.duration rpc.system.name=aws-api {method} {server}: 1"),
        ]
    );
}

#[test]
fn errors_have_few_kinds_whatever_a_service_names() {
    let kind_of = |status, body: &str| {
        let client = attache_support::Client::new(&Answers::with(status, body).config());
        let lines = recorded(|| {
            let call = client.describe_cases().include_resolved_cases(true).send();
            drop(call.wait().expect_err("it fails"));
        });
        let errors: Vec<String> = lines
            .into_iter()
            .filter_map(|line| Some(line.strip_prefix("attache.errors ")?.to_owned()))
            .collect();
        assert_eq!(errors.len(), 1, "{errors:?}");
        errors[0].clone()
    };
    let counted = |kind| format!("rpc.method=Support/DescribeCases error.type={kind}: 1");
    for (status, body, kind) in [
        (400, r#"{"__type": "CaseIdNotFound"}"#, "CaseIdNotFound"),
        (400, r#"{"__type": "Made-up by 198.51.100.7"}"#, "400"),
        (400, r#"{"__type": "SlowDown"}"#, "SlowDown"),
        (503, "<html>", "503"),
        (200, "<html>", "decode"),
    ] {
        assert_eq!(kind_of(status, body), counted(kind), "{body}");
    }
}

#[test]
fn an_invalid_request_is_a_call_and_an_error_without_an_attempt() {
    let client = attache_support::Client::new(&Answers::default().config());
    let lines = recorded(|| {
        let result = client.create_case().send().wait();
        assert!(result.is_err_and(|error: Error<_>| error.is_validation()));
    });
    let method = "rpc.method=Support/CreateCase";
    assert_eq!(
        lines,
        [
            format!("attache.calls {method}: 1"),
            format!("attache.errors {method} error.type=validation: 1"),
            format!(
                "rpc.client.call.duration rpc.system.name=aws-api {method} error.type=validation: 1"
            ),
        ]
    );
}

#[test]
fn a_streamed_request_is_counted_while_it_is_read() {
    let answers = Answers::default();
    let client = golden_rest_json::Client::new(&answers.config());
    let body = ByteStream::new(ByteStream::from("evidence"));
    let lines = recorded(|| drop(client.put_stream().body(body).send().wait()));
    assert_eq!(answers.sent()[0].body.as_ref(), b"evidence");
    let sent: Vec<&String> = lines
        .iter()
        .filter(|line| line.starts_with("attache.sent"))
        .collect();
    assert_eq!(sent.len(), 1, "{lines:?}");
    assert!(sent[0].ends_with("/PutStream: 8"), "{sent:?}");
}
