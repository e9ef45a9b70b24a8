//! Exchanges between the halves.

use attache_runtime::transport::{Transport, TransportError};
use attache_runtime::{Body, BoxFuture, ByteStream, Config, Credentials, Timestamp};
use attache_tests::transport::Answers;
use proptest::prelude::*;
use serde::Serialize;

use super::{ec2, query, wire, without_empty};

/// A transport that ends in a server half.
#[derive(Debug)]
pub(super) struct Into(pub(super) fn(&wire::Request) -> wire::Response);

impl Transport for Into {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let Body::Bytes(body) = body else {
                panic!("a body is in memory");
            };
            let answer = self.0(&wire::Request {
                method: head.method,
                path: head.uri.path().to_owned(),
                query: head.uri.query().unwrap_or_default().to_owned(),
                headers: head.headers,
                body,
            });
            let mut response = http::Response::new(ByteStream::from(answer.body));
            *response.status_mut() = http::StatusCode::from_u16(answer.status).expect("a status");
            *response.headers_mut() = answer.headers;
            Ok(response)
        })
    }
}

macro_rules! serve {
    ($half:ident) => {
        |request: &wire::Request| {
            let operation = $half::route(request).expect("the request names an operation");
            let mut handler =
                $crate::Served::<$half::Operation>($crate::Echo, std::marker::PhantomData);
            $half::call(&mut handler, operation, request)
                .unwrap_or_else(wire::Refusal::into_response)
        }
    };
}

pub(super) use serve;

pub(super) fn config(server: fn(&wire::Request) -> wire::Response) -> Config {
    Config::builder()
        .region("eu-central-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
        .time_source(Timestamp::UNIX_EPOCH)
        .max_attempts(1)
        .transport(Into(server))
        .build()
        .expect("nothing is missing")
}

pub(super) fn members(value: &impl Serialize) -> serde_json::Value {
    let mut value = serde_json::to_value(value).expect("it has a form in JSON");
    if let Some(members) = value.as_object_mut() {
        // Of the request only.
        members.remove("token");
        members.remove("DryRun");
        // Only JSON can hold a member of a union that the model lacks.
        for (union, known) in [
            ("choice", &["names", "part", "text"][..]),
            ("secretChoice", &["text", "vault"]),
        ] {
            let is_known =
                |value: &serde_json::Value| known.iter().any(|it| value.get(it).is_some());
            if members.get(union).is_some_and(|value| !is_known(value)) {
                members.remove(union);
            }
        }
    }
    without_empty(value)
}

macro_rules! exchanges {
    ($name:ident, $half:ident, $client:ident) => {
        mod $name {
            use super::*;

            proptest! {
                #![proptest_config(ProptestConfig {
                    cases: 200,
                    failure_persistence: None,
                    rng_seed: proptest::test_runner::RngSeed::Fixed(21),
                    ..ProptestConfig::default()
                })]

                #[test]
                fn a_server_reads_what_a_client_writes_and_answers_what_the_client_reads(
                    request in any::<$client::operation::MakeToyRequest>()
                ) {
                    prop_assume!(request.name.as_deref() != Some("old"));
                    let runtime = tokio::runtime::Builder::new_current_thread().build();
                    let runtime = runtime.expect("a runtime");
                    // A server half refuses a dry run with the error that means success, so there is no member.
                    let sent = match attache_runtime::operation::Request::is_dry_run(&request) {
                        true => members(&$client::operation::MakeToyResponse::default()),
                        false => members(&request),
                    };
                    let client = $client::Client::new(&config(serve!($half)));
                    let response = runtime.block_on(async { client.send(request).await });
                    let came = members(&response.expect("the halves understand each other"));
                    prop_assert_eq!(sent, came);
                }

                #[test]
                fn a_client_reads_what_its_mock_writes(
                    response in any::<$client::operation::MakeToyResponse>()
                ) {
                    let wanted = members(&response);
                    let mock = attache_runtime::test::Mock::new().rule(
                        attache_runtime::test::when::<$client::operation::MakeToyRequest>(|_| true)
                            .then(Ok(response)),
                    );
                    let config = mock.config().build().expect("the configuration is complete");
                    let runtime = tokio::runtime::Builder::new_current_thread().build();
                    let client = $client::Client::new(&config);
                    let call = client.make_toy().name("new").send();
                    let came = runtime.expect("a runtime").block_on(call);
                    prop_assert_eq!(wanted, members(&came.expect("the mock responds")));
                }
            }

            proptest! {
                #![proptest_config(ProptestConfig {
                    cases: 100,
                    failure_persistence: None,
                    rng_seed: proptest::test_runner::RngSeed::Fixed(21),
                    ..ProptestConfig::default()
                })]

                #[test]
                fn a_client_reads_the_errors_that_its_mock_writes(
                    error in any::<$client::ServiceError>()
                ) {
                    let given = $client::Error::from_service(error.clone());
                    let mock = attache_runtime::test::Mock::new().rule(
                        attache_runtime::test::when::<$client::operation::MakeToyRequest>(|_| true)
                            .then(Err(given)),
                    );
                    let config = mock.config().max_attempts(1).build();
                    let client = $client::Client::new(&config.expect("the configuration is complete"));
                    let runtime = tokio::runtime::Builder::new_current_thread().build();
                    let call = client.make_toy().name("new").send();
                    let came = runtime.expect("a runtime").block_on(call);
                    let came = came.expect_err("it is an error");
                    prop_assert_eq!(came.service(), Some(&error));
                }
            }

            #[tokio::test]
            async fn errors_have_their_code_their_message_and_their_members() {
                let client = $client::Client::new(&config(serve!($half)));
                let error = client.make_toy().name("old").send().await;
                let error = error.expect_err("there is one");
                assert_eq!(error.message(), Some("there is one <already>"));
                let Some($client::ServiceError::ToyExists(exists)) = error.service() else {
                    panic!("another error: {error:?}");
                };
                assert_eq!(exists.toy.as_deref(), Some("old"));

                let error = client.ping().send().await.expect_err("it is broken");
                assert_eq!(error.status(), Some(500));
                assert_eq!(error.code(), Some("Broken"));
                assert!(matches!(
                    error.service(),
                    Some($client::ServiceError::Broken(_))
                ));
            }
        }
    };
}

exchanges!(awsquery, query, golden_query);
exchanges!(ec2query, ec2, golden_ec2);

/// The form of a request of each protocol, as text.
#[tokio::test]
async fn a_form_has_the_names_of_its_protocol() {
    let parts = || vec![golden_query::types::Part::new("a b")];
    let answers = Answers::default();
    let client = golden_query::Client::new(&answers.config());
    let request = client
        .make_toy()
        .name("x&y")
        .names(Vec::<String>::new())
        .nicknames(["n1", "n2"])
        .parts(parts())
        .part(golden_query::types::Part::new("main").weights([0.5]))
        .flat_labels([(golden_query::enums::Colour::Red, "é".to_owned())])
        .token("t");
    let _ = request.send().await;
    assert_eq!(
        String::from_utf8_lossy(&answers.sent()[0].body),
        "Action=MakeToy&Version=2026-01-02&FlatLabel.1.Name=red&FlatLabel.1.Text=%C3%A9&name=x%26y&names=\
         &Nickname.1=n1&Nickname.2=n2&MainPart.title=main&MainPart.weights.1=0.5&parts.item.1.title=a+b&token=t"
    );
    let answers = Answers::default();
    let client = golden_ec2::Client::new(&answers.config());
    let request = client
        .make_toy()
        .name("x")
        .names(["n1"])
        .nicknames(Vec::<String>::new())
        .part(golden_ec2::types::Part::new("main"))
        .active(true)
        .token("t");
    let _ = request.send().await;
    assert_eq!(
        String::from_utf8_lossy(&answers.sent()[0].body),
        "Action=MakeToy&Version=2026-01-02&IsActive=true&Name=x&Alias.1=n1&PrimaryPart.Title=main&Token=t"
    );
    assert_eq!(
        answers.sent()[0].header("content-type"),
        "application/x-www-form-urlencoded"
    );
}
