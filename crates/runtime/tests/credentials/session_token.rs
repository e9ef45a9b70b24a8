//! The token of a session, which is sent itself.

use std::path::Path;
use std::sync::Arc;

use attache_runtime::operation::Request;
use attache_runtime::plumbing::Core;
use attache_runtime::plumbing::message::{DecodeError, EncodeError, HttpRequest, HttpResponse};
use attache_runtime::plumbing::operation::{Operation, Scheme};
use attache_runtime::validation::{Level, Violations};
use attache_runtime::{CallOptions, Environment, FixedEnvironment, http};

use crate::sso::{OIDC, SESSION_FILE, renewable};
use crate::stage::{Network, NoError, READ, answer, builder, core, files};

const SESSION: &str = "[default]\nsso_session = corp\n[sso-session corp]\nsso_region = eu-west-1\n\
                       sso_start_url = https://corp.awsapps.com/start\n";
const VALID: &str = "2026-11-22T20:00:00Z";
const EXPIRED: &str = "2026-11-22T11:59:59Z";

struct Ask;

impl Request for Ask {
    type Response = ();
    type ServiceError = NoError;
    const OPERATION: &'static Operation = &READ;
    const SCHEMES: &'static [Scheme] = &[Scheme::Bearer];

    fn validate(&self, _: Level) -> Result<(), Violations> {
        Ok(())
    }

    fn encode(self) -> Result<HttpRequest, EncodeError> {
        let mut request = HttpRequest::new(http::Method::POST);
        request.path("/");
        Ok(request)
    }

    fn decode(_: HttpResponse) -> Result<(), DecodeError> {
        Ok(())
    }
}

/// The value of `Authorization` of a call, or the error.
async fn sent(network: &Network, core: &Core) -> Result<String, String> {
    let answer = core.send(Ask, CallOptions::default().max_attempts(1)).await;
    answer.map_err(|error| format!("{error:#}"))?;
    let seen = network.seen();
    let last = seen.last().expect("the service was called");
    Ok(last.header("authorization").to_owned())
}

fn client(network: &Network, environment: FixedEnvironment) -> Core {
    core(
        builder(network)
            .from_environment(environment)
            .expect("it is read"),
    )
}

#[tokio::test]
async fn the_token_of_the_profile_is_sent_without_account_and_role() {
    let network = Network::default();
    let environment = files(SESSION, "").with_file(SESSION_FILE, renewable(VALID, VALID));
    let sent = sent(&network, &client(&network, environment)).await;
    assert_eq!(sent.as_deref(), Ok("Bearer SECRET"));
}

#[tokio::test]
async fn it_is_refreshed_written_back_and_kept() {
    let renewed = r#"{"accessToken":"SECRET-NEW","expiresIn":28800,"refreshToken":"SECRET-NEXT"}"#;
    let network = Network::default().answering(OIDC, [answer(200, renewed)]);
    let environment =
        Arc::new(files(SESSION, "").with_file(SESSION_FILE, renewable(EXPIRED, VALID)));
    let core = core(
        builder(&network)
            .from_environment(environment.clone())
            .expect("it is read"),
    );
    for _ in 0..2 {
        let sent = sent(&network, &core).await;
        assert_eq!(sent.as_deref(), Ok("Bearer SECRET-NEW"));
    }
    let written = environment.read(Path::new(SESSION_FILE)).expect("the file");
    let written = String::from_utf8(written).expect("text");
    assert!(
        written.contains("SECRET-NEW") && written.contains("SECRET-NEXT"),
        "{written}"
    );
}

#[tokio::test]
async fn the_error_says_what_is_missing_and_shows_no_token() {
    let network = Network::default();
    let no_region =
        "[default]\nsso_session = corp\n[sso-session corp]\nsso_start_url = https://x/start\n";
    let legacy = "[default]\nsso_start_url = https://x/start\nsso_region = eu-west-1\n";
    let ended = files(SESSION, "").with_file(SESSION_FILE, renewable(EXPIRED, EXPIRED));
    for (environment, expected) in [
        (
            files("", ""),
            "AWS_BEARER_TOKEN_TEST is not set, and the profile `default` has no `sso_session`",
        ),
        (
            files(legacy, ""),
            "the profile `default` has no `sso_session`",
        ),
        (
            files("[default]\nsso_session = corp\n", ""),
            "there is no section [sso-session corp]",
        ),
        (
            files(no_region, ""),
            "the section [sso-session corp] lacks `sso_region`",
        ),
        (
            files(SESSION, ""),
            "does not exist: run `aws sso login --profile default`",
        ),
        (ended, "run `aws sso login --profile default`"),
    ] {
        let error = sent(&network, &client(&network, environment)).await;
        let error = error.expect_err("there is no token");
        assert!(
            error.contains(expected) && !error.contains("SECRET"),
            "{error}"
        );
        assert!(network.seen().is_empty());
    }
}
