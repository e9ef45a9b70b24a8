//! Endpoints that a service names: how long they are used, and what happens when they cannot be found.

mod kept;
mod stage;

use std::sync::{Arc, Mutex};

use attache_runtime::plumbing::Core;
use attache_runtime::plumbing::discovery::Question;
use attache_runtime::transport::TransportErrorKind;
use attache_runtime::{
    CallOptions, ConfigBuilder, Credentials, EndpointDiscovery, ErrorKind, FixedEnvironment,
};

use self::stage::{Stage, WorkRequest};
use crate::stage::{Answer, Network, config};

const RULES: &str = "https://test.example.com";

fn found(text: &'static str) -> Answer {
    Answer::Status(200, text)
}

fn done() -> Answer {
    Answer::Status(200, "done")
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_is_used_until_its_time_ends() {
    let stage = Stage::new([
        found("one.example.com 2;two.example.com 9"),
        done(),
        done(),
        done(),
        found("https://three.example.com/cell 1"),
        done(),
    ]);
    stage.work::<true>().await.unwrap();
    stage.clock.advance(119);
    stage.work::<true>().await.unwrap();
    // The first one has ended, and the second one has not.
    stage.clock.advance(1);
    stage.work::<true>().await.unwrap();
    stage.clock.advance(7 * 60);
    stage.work::<true>().await.unwrap();
    assert_eq!(
        stage.urls(),
        [
            &format!("{RULES}/find"),
            "https://one.example.com/work",
            "https://one.example.com/work",
            "https://two.example.com/work",
            &format!("{RULES}/find"),
            "https://three.example.com/cell/work",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_setting_decides_which_operations_use_them() {
    let urls = async |setting: Option<EndpointDiscovery>, text: Option<&str>, required: bool| {
        let stage = Stage::with([found("one.example.com 1"), done()], |builder| {
            let builder = match text {
                None => builder,
                Some(text) => {
                    let environment = FixedEnvironment::default();
                    let (name, value) = text.split_once('=').unwrap();
                    builder
                        .from_environment(environment.with_variable(name, value))
                        .unwrap()
                }
            };
            match setting {
                None => builder,
                Some(setting) => builder.endpoint_discovery(setting),
            }
        });
        let result = match required {
            true => stage.work::<true>().await,
            false => stage.work::<false>().await,
        };
        (result.map_err(|error| error.kind()), stage.urls().len())
    };
    let used = || (Ok("done".to_owned()), 2);
    let unused = || (Ok("one.example.com 1".to_owned()), 1);
    let refused = || (Err(ErrorKind::Configuration), 0);
    assert_eq!(urls(None, None, true).await, used());
    assert_eq!(urls(None, None, false).await, unused());
    let enabled = Some(EndpointDiscovery::Enabled);
    assert_eq!(urls(enabled, None, false).await, used());
    let disabled = Some(EndpointDiscovery::Disabled);
    assert_eq!(urls(disabled, None, false).await, unused());
    assert_eq!(urls(disabled, None, true).await, refused());
    for name in [
        "AWS_ENDPOINT_DISCOVERY_ENABLED",
        "AWS_ENABLE_ENDPOINT_DISCOVERY",
    ] {
        let set = |value: &str| format!("{name}={value}");
        assert_eq!(urls(None, Some(&set("True")), false).await, used());
        assert_eq!(urls(None, Some(&set("auto")), false).await, unused());
        assert_eq!(urls(None, Some(&set("false")), true).await, refused());
        assert_eq!(urls(enabled, Some(&set("false")), false).await, used());
    }
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_of_the_user_is_used_instead() {
    let of_code = |builder: ConfigBuilder| builder.endpoint_url("https://mine.example.com");
    let of_variable = |builder: ConfigBuilder| {
        let environment = FixedEnvironment::default();
        let environment = environment.with_variable("AWS_ENDPOINT_URL", "https://mine.example.com");
        builder.from_environment(environment).unwrap()
    };
    for stage in [Stage::with([], of_code), Stage::with([], of_variable)] {
        stage.work::<true>().await.unwrap();
        let urls = stage.urls();
        // The rules of this service name one endpoint, whatever the parameters are.
        assert_eq!(urls, [format!("{RULES}/work")]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_needs_no_endpoint_does_without_for_a_minute() {
    let enabled = |builder: ConfigBuilder| builder.endpoint_discovery(EndpointDiscovery::Enabled);
    let denied = Answer::Status(403, r#"{"__type":"Denied"}"#);
    let stage = Stage::with(
        [denied, done(), done(), found("one.example.com 1"), done()],
        enabled,
    );
    stage.work::<false>().await.unwrap();
    stage.clock.advance(59);
    stage.work::<false>().await.unwrap();
    stage.clock.advance(1);
    stage.work::<false>().await.unwrap();
    assert_eq!(
        stage.urls(),
        [
            &format!("{RULES}/find"),
            &format!("{RULES}/work"),
            &format!("{RULES}/work"),
            &format!("{RULES}/find"),
            "https://one.example.com/work",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_needs_an_endpoint_fails_without_and_searches_again() {
    let denied = Answer::Status(403, r#"{"__type":"Denied","message":"not you"}"#);
    let stage = Stage::new([denied, found(""), found("one.example.com 1"), done()]);
    let error = stage.work::<true>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(!error.may_have_taken_effect());
    let text = format!("{error:#}");
    assert!(
        text.contains("Create") && text.contains("Read") && text.contains("Denied"),
        "{text}"
    );
    let error = stage.work::<true>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error:#}");
    stage.work::<true>().await.unwrap();
    assert_eq!(stage.urls()[3], "https://one.example.com/work");
}

#[tokio::test(start_paused = true)]
async fn the_last_known_endpoint_is_used_while_none_can_be_found() {
    let lost = || Answer::Lost(TransportErrorKind::Connect);
    let stage = Stage::with(
        [
            found("one.example.com 1"),
            done(),
            lost(),
            done(),
            done(),
            found("two.example.com 1"),
            done(),
        ],
        |builder| builder.max_attempts(1),
    );
    stage.work::<true>().await.unwrap();
    stage.clock.advance(60);
    stage.work::<true>().await.unwrap();
    stage.clock.advance(59);
    stage.work::<true>().await.unwrap();
    stage.clock.advance(1);
    stage.work::<true>().await.unwrap();
    assert_eq!(
        stage.urls(),
        [
            &format!("{RULES}/find"),
            "https://one.example.com/work",
            &format!("{RULES}/find"),
            "https://one.example.com/work",
            "https://one.example.com/work",
            &format!("{RULES}/find"),
            "https://two.example.com/work",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_refused_endpoint_is_replaced_at_once_even_for_a_call_that_acts() {
    for refusal in [
        Answer::Status(421, "{}"),
        Answer::Status(400, r#"{"__type":"Moved"}"#),
    ] {
        let stage = Stage::new([
            found("one.example.com 9"),
            refusal,
            found("two.example.com 9"),
            done(),
            done(),
        ]);
        stage.work::<true>().await.unwrap();
        stage.work::<true>().await.unwrap();
        assert_eq!(stage.network.pauses(), [0, 0, 0, 0]);
        assert_eq!(
            stage.urls(),
            [
                &format!("{RULES}/find"),
                "https://one.example.com/work",
                &format!("{RULES}/find"),
                "https://two.example.com/work",
                "https://two.example.com/work",
            ]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_refuses_every_endpoint_is_asked_as_often_as_calls_may_be_repeated() {
    let refused = || [found("one.example.com 9"), Answer::Status(421, "{}")];
    let answers: Vec<Answer> = (0..9).flat_map(|_| refused()).collect();
    let stage = Stage::new(answers);
    let error = stage.work::<true>().await.unwrap_err();
    assert_eq!(error.status(), Some(421));
    assert!(!error.may_have_taken_effect());
    assert_eq!(stage.urls().len(), 6, "three attempts, each with a search");
}

#[tokio::test(start_paused = true)]
async fn calls_at_the_same_time_make_one_search() {
    let stage = Stage::new([found("one.example.com 9")]);
    let calls = (
        stage.work::<true>(),
        stage.work::<true>(),
        stage.work::<true>(),
    );
    let (one, two, three) = tokio::join!(calls.0, calls.1, calls.2);
    for result in [one, two, three] {
        result.unwrap();
    }
    let urls = stage.urls();
    let searches = urls.iter().filter(|url| url.ends_with("/find"));
    assert_eq!((searches.count(), urls.len()), (1, 4));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_does_not_end_the_search_of_another() {
    let stage = Stage::new([found("one.example.com 9")]);
    let mut first = Box::pin(stage.work::<true>());
    let other = stage.work::<true>();
    // Polled once, it begins the search.
    let polled = std::future::poll_fn(|context| {
        let is_ready = first.as_mut().poll(context).is_ready();
        std::task::Poll::Ready(is_ready)
    });
    polled.await;
    let (_, result) = tokio::join!(async { drop(first) }, other);
    result.unwrap();
    let urls = stage.urls();
    assert!(
        urls.contains(&"https://one.example.com/work".to_owned()),
        "{urls:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn identifiers_and_credentials_have_endpoints_of_their_own() {
    let network = Network::new([
        found("a.example.com 9"),
        done(),
        found("b.example.com 9"),
        done(),
        done(),
    ]);
    let core = Core::new(&crate::stage::SERVICE, &config(&network).build().unwrap());
    for table in ["a", "b", "a"] {
        let request = WorkRequest::<true>(Some(table.to_owned()));
        core.send(request, CallOptions::default()).await.unwrap();
    }
    let seen = network.seen();
    let hosts: Vec<_> = seen.iter().filter_map(|seen| seen.uri.host()).collect();
    let rules = "test.example.com";
    assert_eq!(
        hosts,
        [
            rules,
            "a.example.com",
            rules,
            "b.example.com",
            "a.example.com"
        ]
    );
    let question = Question {
        operation: Some("Create"),
        identifiers: vec![("Table", "a".to_owned())],
    };
    let body = seen[0].body.as_deref().unwrap();
    assert_eq!(body, format!("{question:?}").as_bytes());
    // A request is signed for the region and the service as at the endpoint of the rules.
    let scope = |at: usize| {
        let header = seen[at].header("authorization").to_owned();
        let scope = header.split(',').next().unwrap_or_default();
        scope.to_owned()
    };
    assert_eq!(scope(0), scope(1));
}

#[tokio::test(start_paused = true)]
async fn other_credentials_search_again() {
    #[derive(Clone, Debug)]
    struct Rotating(Arc<Mutex<usize>>);
    impl attache_runtime::credentials::ProvideCredentials for Rotating {
        fn credentials(
            &self,
        ) -> attache_runtime::BoxFuture<
            '_,
            Result<Credentials, attache_runtime::credentials::CredentialsError>,
        > {
            let number = *self.0.lock().unwrap();
            Box::pin(async move { Ok(Credentials::new(format!("AKID{number}"), "SECRET")) })
        }
    }
    let number = Arc::new(Mutex::new(0));
    let provider = Rotating(number.clone());
    let stage = Stage::with(
        [
            found("one.example.com 99"),
            done(),
            found("two.example.com 99"),
            done(),
        ],
        |builder| builder.credentials_provider(provider),
    );
    stage.work::<true>().await.unwrap();
    *number.lock().unwrap() = 1;
    // Credentials without an expiry are asked for again after a quarter of an hour.
    stage.clock.advance(15 * 60);
    stage.work::<true>().await.unwrap();
    assert_eq!(stage.urls()[3], "https://two.example.com/work");
}
