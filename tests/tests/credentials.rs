//! The default chain over real sockets of this machine: sources that behave as the real ones do, and a client that signs
//! with what they give. What the sources do wrong is tried out in the runtime's own tests, without sockets.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use attache_runtime::credentials::SdkCredentials;
use attache_runtime::{CallOptions, Environment, FixedEnvironment};
use attache_support::{Client, Config, ConfigBuilder, ErrorKind, Timestamp};
use attache_tests::server::{Answer, Received, Server};
use attache_tests::traced::{self, Capture};
use tracing::Level;
use tracing_subscriber::fmt::format::FmtSpan;

const KEYS: &str = r#"{"Code":"Success","AccessKeyId":"FOUND","SecretAccessKey":"SECRET","Token":"T-SECRET",
    "Expiration":"2026-11-22T18:00:00Z"}"#;

fn json(body: &str) -> Answer {
    Answer::response(200, "content-type: application/json\r\n", body)
}

/// Every client here is built from this. What clients do is traced, and one test captures it.
fn builder(service: &Server) -> ConfigBuilder {
    traced::prepare();
    let now: Timestamp = "2026-11-22T12:00:00Z".parse().expect("it is a time");
    Config::builder()
        .endpoint_url(service.url())
        .time_source(now)
        .trace_wire(10_000)
}

/// A client of a service, with everything else from the environment.
fn client(service: &Server, environment: impl Environment + 'static) -> Client {
    let config = builder(service)
        .from_environment(environment)
        .and_then(|builder| builder.build());
    Client::new(&config.expect("the environment is in order"))
}

fn machine() -> FixedEnvironment {
    FixedEnvironment::default()
        .with_variable("HOME", "/home/me")
        .with_variable("AWS_REGION", "eu-central-1")
}

/// Calls once and says which key the call was signed with.
async fn key(environment: impl Environment + 'static) -> String {
    let service = Server::start([]);
    let answer = client(&service, environment)
        .describe_services()
        .send()
        .await;
    answer.expect("there are credentials");
    signed_with(&service.received()[0])
}

fn signed_with(request: &Received) -> String {
    let authorization = request.header("authorization");
    let (_, rest) = authorization
        .split_once("Credential=")
        .expect("it is signed");
    let (key, _) = rest.split_once('/').expect("there is a scope");
    format!("{key} {}", request.header("x-amz-security-token"))
}

fn lines(server: &Server) -> Vec<String> {
    let received = server.received();
    received.into_iter().map(|request| request.line).collect()
}

#[tokio::test]
async fn a_container_is_asked_with_its_token() {
    let source = Server::start([json(KEYS)]);
    let environment = machine()
        .with_variable(
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            format!("{}/v1/credentials?pod=1", source.url()),
        )
        .with_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/token")
        .with_file("/token", "TOKEN-SECRET");
    assert_eq!(key(environment).await, "FOUND T-SECRET");
    let asked = &source.received()[0];
    assert_eq!(asked.line, "GET /v1/credentials?pod=1 HTTP/1.1");
    assert_eq!(asked.header("authorization"), "TOKEN-SECRET");
}

#[tokio::test]
async fn instance_metadata_is_asked_in_a_session() {
    let source = Server::start([
        Answer::response(200, "", "IMDS-SECRET"),
        Answer::response(200, "", "role"),
        json(KEYS),
    ]);
    let environment = machine().with_variable("AWS_EC2_METADATA_SERVICE_ENDPOINT", source.url());
    assert_eq!(key(environment).await, "FOUND T-SECRET");
    let path = "/latest/meta-data/iam/security-credentials/";
    assert_eq!(
        lines(&source),
        [
            "PUT /latest/api/token HTTP/1.1".to_owned(),
            format!("GET {path} HTTP/1.1"),
            format!("GET {path}role HTTP/1.1")
        ]
    );
    assert_eq!(source.received()[0].header("content-length"), "0");
    assert_eq!(
        source.received()[2].header("x-aws-ec2-metadata-token"),
        "IMDS-SECRET"
    );
}

#[tokio::test]
async fn a_role_is_assumed_at_sts_after_an_error_that_passes() {
    let role = "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ROLE</AccessKeyId>\
                <SecretAccessKey>SECRET</SecretAccessKey><SessionToken>T-SECRET</SessionToken>\
                <Expiration>2026-11-22T13:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
    let sts = Server::start([
        Answer::response(500, "", ""),
        Answer::response(200, "content-type: text/xml\r\n", role),
    ]);
    let config = format!(
        "[profile r]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\nservices = local\n\
         [profile base]\naws_access_key_id = BASE\naws_secret_access_key = SECRET\n\
         [services local]\nsts =\n  endpoint_url = {}\n",
        sts.url()
    );
    let environment = machine()
        .with_variable("AWS_PROFILE", "r")
        .with_file("/home/me/.aws/config", config);
    assert_eq!(key(environment).await, "ROLE T-SECRET");
    let asked = sts.received();
    assert_eq!(asked.len(), 2);
    assert_eq!(signed_with(&asked[1]), "BASE ");
    let body = String::from_utf8(asked[1].body.clone()).expect("a form is text");
    assert!(
        body.starts_with("Action=AssumeRole&Version=2011-06-15&RoleArn="),
        "{body}"
    );
}

#[tokio::test]
async fn a_login_is_renewed_and_becomes_the_credentials_of_a_role() {
    let oidc = Server::start([json(r#"{"accessToken":"new-SECRET","expiresIn":28800}"#)]);
    let portal = Server::start([json(
        r#"{"roleCredentials":{"accessKeyId":"SSO","secretAccessKey":"SECRET","sessionToken":"T-SECRET",
            "expiration":1795366800000}}"#,
    )]);
    // The SHA-1 of `corp`.
    let file = format!("/home/me/.aws/sso/cache/{CORP}.json");
    let environment = machine()
        .with_variable("AWS_ENDPOINT_URL_SSO", portal.url())
        .with_variable("AWS_ENDPOINT_URL_SSO_OIDC", oidc.url())
        .with_file(
            "/home/me/.aws/config",
            "[default]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n\
             [sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n",
        )
        .with_file(
            &file,
            r#"{"accessToken":"old-SECRET","expiresAt":"2026-11-22T11:00:00Z","clientId":"c","clientSecret":"client-SECRET",
                "refreshToken":"refresh-SECRET","registrationExpiresAt":"2027-01-01T00:00:00Z"}"#,
        );
    let environment = Arc::new(environment);
    assert_eq!(key(environment.clone()).await, "SSO T-SECRET");
    assert_eq!(lines(&oidc), ["POST /token HTTP/1.1"]);
    assert_eq!(
        lines(&portal),
        ["GET /federation/credentials?role_name=r&account_id=1 HTTP/1.1"]
    );
    assert_eq!(
        portal.received()[0].header("x-amz-sso_bearer_token"),
        "new-SECRET"
    );
    let written = environment.read(file.as_ref()).expect("it is there");
    assert!(String::from_utf8_lossy(&written).contains(r#""accessToken":"new-SECRET""#));
}

const CORP: &str = "ee0bfd2552fbd840c02cc48b6e823320543c450f";

fn container(source: &Server) -> FixedEnvironment {
    let url = format!("{}/c", source.url());
    machine().with_variable("AWS_CONTAINER_CREDENTIALS_FULL_URI", url)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn clones_on_many_threads_ask_once() {
    let (source, service) = (Server::start([json(KEYS)]), Server::start([]));
    let client = client(&service, container(&source));
    let calls: Vec<_> = (0..64)
        .map(|_| tokio::spawn(client.describe_services().send()))
        .collect();
    for call in calls {
        call.await.expect("no call panics").expect("it is answered");
    }
    assert_eq!(source.received().len(), 1);
    assert_eq!(service.received().len(), 64);
}

#[tokio::test]
async fn a_caller_that_gives_up_neither_blocks_the_next_nor_leaves_an_error() {
    let (source, service) = (Server::start([Answer::Hold, json(KEYS)]), Server::start([]));
    let client = client(&service, container(&source));
    let call = tokio::spawn(client.describe_services().send());
    // It waits for the source now.
    let waiting = tokio::task::spawn_blocking(move || {
        source.wait_for(1);
        source
    });
    let source = waiting.await.expect("it arrives");
    call.abort();
    assert!(call.await.expect_err("it was given up").is_cancelled());
    client
        .describe_services()
        .send()
        .await
        .expect("it is answered");
    assert_eq!(source.received().len(), 2);
}

#[tokio::test]
async fn an_error_names_the_source_and_the_next_call_tries_again() {
    let (source, service) = (
        Server::start([Answer::response(404, "", "SECRET"), json(KEYS)]),
        Server::start([]),
    );
    let client = client(&service, container(&source));
    let once = CallOptions::default();
    let failed = client
        .send_with(
            attache_support::operation::DescribeServicesRequest::default(),
            once,
        )
        .await
        .expect_err("there are no credentials");
    assert_eq!(failed.kind(), ErrorKind::Credentials);
    assert_eq!(
        format!("{failed:#}"),
        "DescribeServices: no usable credentials: the container's endpoint at 127.0.0.1 returned no credentials: \
         status 404"
    );
    client
        .describe_services()
        .send()
        .await
        .expect("it is answered");
}

/// A provider of the AWS SDK that counts how often it is asked.
#[derive(Debug, Default)]
struct OfSdk(AtomicUsize);

impl aws_credential_types::provider::ProvideCredentials for OfSdk {
    fn provide_credentials<'a>(
        &'a self,
    ) -> aws_credential_types::provider::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        use aws_credential_types::provider::{error::CredentialsError, future};

        if self.0.fetch_add(1, Ordering::SeqCst) == 0 {
            let error = CredentialsError::not_loaded("not yet");
            return future::ProvideCredentials::ready(Err(error));
        }
        // 2026-11-22T18:00:00Z
        let expiry = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_370_400);
        future::ProvideCredentials::ready(Ok(aws_credential_types::Credentials::new(
            "SDK",
            "SECRET",
            Some("T-SECRET".to_owned()),
            Some(expiry),
            "test",
        )))
    }
}

#[tokio::test]
async fn any_provider_of_the_aws_sdk_can_stand_in() {
    let service = Server::start([]);
    let config = builder(&service)
        .region("eu-central-1")
        .credentials_provider(SdkCredentials::new(OfSdk::default()))
        .build();
    let client = Client::new(&config.expect("nothing is missing"));
    let error = client.describe_services().send().await;
    let error = error.expect_err("the provider has none yet");
    assert_eq!(
        format!("{error:#}"),
        "DescribeServices: no usable credentials: the provider of the AWS SDK failed: the credential provider was \
         not enabled: not yet"
    );
    for _ in 0..2 {
        let answer = client.describe_services().send().await;
        answer.expect("there are credentials");
    }
    assert_eq!(signed_with(&service.received()[1]), "SDK T-SECRET");
}

/// Each of these tests runs its calls on its own thread, which is this one.
#[test]
fn no_event_shows_a_secret_of_any_source() {
    let capture = Capture::begin(Level::TRACE, FmtSpan::NONE);
    a_container_is_asked_with_its_token();
    instance_metadata_is_asked_in_a_session();
    a_role_is_assumed_at_sts_after_an_error_that_passes();
    a_login_is_renewed_and_becomes_the_credentials_of_a_role();
    an_error_names_the_source_and_the_next_call_tries_again();
    any_provider_of_the_aws_sdk_can_stand_in();
    let traced = capture.end();
    for hidden in ["SECRET", "AWS4-HMAC", "FOUND", "Signature="] {
        assert!(!traced.contains(hidden), "{hidden} in {traced}");
    }
    let shown = traced.matches("attache::wire: request").count();
    assert!(shown >= 5, "{shown} requests in {traced}");
    assert!(traced.contains("attache::credentials"), "{traced}");
}
