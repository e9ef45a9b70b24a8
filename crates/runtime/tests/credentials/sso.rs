//! IAM Identity Center.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use attache_runtime::plumbing::Core;
use attache_runtime::{Environment, FixedEnvironment, TokioTimer};

use crate::stage::{self, Network, answer, builder, core, error, files, key, key_of};

const SESSION: &str = "[default]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Audit or\n\
                       [sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n";
const LEGACY: &str = "[default]\nsso_account_id = 111122223333\nsso_role_name = Auditor\nsso_region = eu-west-1\n\
                      sso_start_url = https://corp.awsapps.com/start\n";
// The SHA-1 of `corp` and of the start URL.
pub(crate) const SESSION_FILE: &str =
    "/home/me/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
const LEGACY_FILE: &str = "/home/me/.aws/sso/cache/a51746d4aa793ae07b25e90c3a5db96fc7832bd7.json";
const PORTAL: &str = "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials";
pub(crate) const OIDC: &str = "https://oidc.eu-west-1.amazonaws.com/token";
const KEYS: &str = r#"{"roleCredentials":{"accessKeyId":"SSO","secretAccessKey":"SECRET","sessionToken":"T",
    "expiration":1795366800000}}"#;

fn token(expires: &str) -> String {
    format!(
        r#"{{"startUrl":"u","region":"eu-west-1","accessToken":"SECRET","expiresAt":"{expires}"}}"#
    )
}

pub(crate) fn renewable(expires: &str, registered: &str) -> String {
    format!(
        r#"{{"startUrl":"u","accessToken":"SECRET","expiresAt":"{expires}","clientId":"id","clientSecret":"SECRET",
        "refreshToken":"SECRET-OLD","registrationExpiresAt":"{registered}"}}"#
    )
}

fn portal() -> Network {
    Network::default().answering(PORTAL, [answer(200, KEYS)])
}

const VALID: &str = "2026-11-22T20:00:00Z";
const EXPIRED: &str = "2026-11-22T11:59:59Z";

#[tokio::test]
async fn the_token_of_a_session_becomes_the_credentials_of_a_role() {
    let network = portal();
    let environment = files(SESSION, "").with_file(SESSION_FILE, token(VALID));
    assert_eq!(key(&network, environment).await.unwrap(), "SSO T");
    let seen = network.seen();
    assert_eq!(
        seen[0].url,
        format!("{PORTAL}?role_name=Audit%20or&account_id=111122223333")
    );
    assert_eq!(seen[0].header("x-amz-sso_bearer_token"), "SECRET");
    assert!(!seen[0].headers.contains_key("authorization"));
    let agent = seen[1].header("user-agent");
    assert!(agent.ends_with(" m/r,s,E"), "{agent}");
}

#[tokio::test]
async fn the_token_file_of_the_legacy_form_is_named_after_the_start_url() {
    let environment = files(LEGACY, "").with_file(LEGACY_FILE, token("2026-11-22T20:00:00UTC"));
    assert_eq!(key(&portal(), environment).await.unwrap(), "SSO T");
}

#[tokio::test]
async fn endpoints_are_configured_like_any_other() {
    let network = Network::default().answering(
        "http://127.0.0.1:8/federation/credentials",
        [answer(200, KEYS)],
    );
    let environment = files(LEGACY, "")
        .with_file(LEGACY_FILE, token(VALID))
        .with_variable("AWS_ENDPOINT_URL_SSO", "http://127.0.0.1:8");
    assert_eq!(key(&network, environment).await.unwrap(), "SSO T");
}

#[tokio::test]
async fn without_a_valid_token_the_error_says_how_to_log_in() {
    let again = "run `aws sso login --profile default`";
    let missing = error(&portal(), files(LEGACY, "")).await;
    assert_eq!(missing, format!("{LEGACY_FILE} does not exist: {again}"));
    let broken = files(LEGACY, "").with_file(LEGACY_FILE, r#"{"accessToken": "SECRET"#);
    assert_eq!(
        error(&portal(), broken).await,
        format!("{LEGACY_FILE} holds no token: {again}")
    );
    let expired = files(LEGACY, "").with_file(LEGACY_FILE, token(EXPIRED));
    assert_eq!(
        error(&portal(), expired).await,
        format!("the login ended at {EXPIRED}, and it cannot be refreshed: {again}")
    );
    let session = files(SESSION, "").with_file(SESSION_FILE, renewable(EXPIRED, EXPIRED));
    assert_eq!(
        error(&portal(), session).await,
        format!(
            "the login ended at {EXPIRED}, and the registration of the program that logged in has expired, too: {again}"
        )
    );
    let refused = Network::default().answering(
        PORTAL,
        [answer(
            401,
            r#"{"message":"Session token not found or invalid"}"#,
        )],
    );
    let environment = files(LEGACY, "").with_file(LEGACY_FILE, token(VALID));
    assert_eq!(
        error(&refused, environment).await,
        format!(
            "no credentials for the role Auditor in the account 111122223333: the login is no longer valid: {again}"
        )
    );
}

#[tokio::test]
async fn a_token_that_expires_soon_is_refreshed_and_written_back() {
    let renewed = r#"{"accessToken":"SECRET-NEW","expiresIn":28800,"refreshToken":"SECRET-NEXT","tokenType":"Bearer"}"#;
    for expires in [EXPIRED, "2026-11-22T12:14:59Z"] {
        let network = portal().answering(OIDC, [answer(200, renewed)]);
        let environment =
            Arc::new(files(SESSION, "").with_file(SESSION_FILE, renewable(expires, VALID)));
        let core = core(
            builder(&network)
                .from_environment(environment.clone())
                .unwrap(),
        );
        assert_eq!(key_of(&network, &core).await.unwrap(), "SSO T");
        let seen = network.seen();
        assert_eq!(
            seen[0].body,
            r#"{"clientId":"id","clientSecret":"SECRET","grantType":"refresh_token","refreshToken":"SECRET-OLD"}"#
        );
        assert_eq!(seen[1].header("x-amz-sso_bearer_token"), "SECRET-NEW");
        let written = environment.read(Path::new(SESSION_FILE)).unwrap();
        assert_eq!(
            String::from_utf8(written).unwrap(),
            format!(
                r#"{{"startUrl":"u","clientId":"id","clientSecret":"SECRET","registrationExpiresAt":"{VALID}","accessToken":"SECRET-NEW","expiresAt":"{VALID}","refreshToken":"SECRET-NEXT"}}"#
            )
        );
    }
}

#[tokio::test]
async fn a_valid_token_is_used_after_a_failed_refresh() {
    let refused = answer(400, r#"{"error":"invalid_grant"}"#);
    let network = portal().answering(OIDC, [refused.clone()]);
    let environment =
        || files(SESSION, "").with_file(SESSION_FILE, renewable("2026-11-22T12:14:59Z", VALID));
    assert_eq!(key(&network, environment()).await.unwrap(), "SSO T");
    let network = portal().answering(OIDC, [refused]);
    let expired = files(SESSION, "").with_file(SESSION_FILE, renewable(EXPIRED, VALID));
    let found = error(&network, expired).await;
    assert!(
        found.starts_with(&format!(
            "the login ended at {EXPIRED}, and it could not be refreshed: CreateToken: "
        )) && found.ends_with("run `aws sso login --profile default`"),
        "{found}"
    );
}

#[tokio::test]
async fn transient_failures_are_retried_and_incomplete_responses_are_errors() {
    let environment = || files(LEGACY, "").with_file(LEGACY_FILE, token(VALID));
    let network = Network::default().answering(PORTAL, [answer(500, ""), answer(200, KEYS)]);
    assert_eq!(key(&network, environment()).await.unwrap(), "SSO T");
    for body in [
        "",
        "[]",
        "{}",
        r#"{"roleCredentials":{"accessKeyId":"A"}}"#,
        &KEYS[..60],
    ] {
        let network = Network::default().answering(PORTAL, [answer(200, body)]);
        assert_eq!(
            error(&network, environment()).await,
            "no credentials for the role Auditor in the account 111122223333: the response of IAM Identity Center contains none"
        );
    }
    let network = Network::default().answering(
        PORTAL,
        [answer(
            403,
            r#"{"__type":"ForbiddenException","message":"No access"}"#,
        )],
    );
    let found = error(&network, environment()).await;
    assert!(found.contains("ForbiddenException: No access"), "{found}");
}

#[tokio::test]
async fn errors_about_incomplete_profiles_name_the_profile() {
    for (config, complaint) in [
        (
            SESSION.replace("[sso-session corp]", "[sso-session other]"),
            "there is no section [sso-session corp], which `sso_session` (/home/me/.aws/config, line 2) names",
        ),
        (
            LEGACY.replace("sso_role_name", "x"),
            "the profile `default` lacks `sso_role_name`",
        ),
        (
            SESSION.replace("sso_region", "x"),
            "the profile `default` lacks `sso_region`",
        ),
        (
            SESSION.replace("[sso-session", "sso_region = eu-north-1\n[sso-session"),
            "`sso_region` of the profile `default` and of its sso-session differ",
        ),
    ] {
        assert_eq!(error(&portal(), files(&config, "")).await, complaint);
    }
}

#[tokio::test]
async fn a_login_can_be_the_source_of_a_role() {
    let config = format!(
        "{}[profile base]\nregion = x\n",
        LEGACY.replace("[default]", "[profile login]")
    ) + "[default]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = login\n";
    let environment: FixedEnvironment = files(&config, "").with_file(LEGACY_FILE, token(VALID));
    let network = portal();
    let found = error(&network, environment).await;
    assert!(
        found.starts_with("the role arn:aws:iam::1:role/r could not be assumed"),
        "{found}"
    );
    assert_eq!(network.seen()[1].key(), "SSO");
}

/// An environment in which other programs also write the token. Each read returns the next content, and the last one is
/// repeated.
#[derive(Debug)]
struct Shared {
    machine: FixedEnvironment,
    steps: Mutex<Vec<String>>,
}

impl Shared {
    fn new<const N: usize>(steps: [String; N]) -> Arc<Self> {
        let mut steps = Vec::from(steps);
        steps.reverse();
        let machine = files(SESSION, "");
        let steps = Mutex::new(steps);
        Arc::new(Self { machine, steps })
    }
}

impl Environment for Shared {
    fn variable(&self, name: &str) -> Option<String> {
        self.machine.variable(name)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut steps = self.steps.lock().unwrap();
        if path != Path::new(SESSION_FILE) || steps.is_empty() {
            return self.machine.read(path);
        }
        let step = steps.pop().unwrap();
        self.machine.write(path, step.as_bytes())?;
        Ok(step.into_bytes())
    }

    fn write(&self, path: &Path, contents: &[u8]) -> io::Result<()> {
        self.machine.write(path, contents)
    }
}

const RENEWED: &str =
    r#"{"accessToken":"SECRET-NEW","expiresIn":28800,"refreshToken":"SECRET-NEXT"}"#;
const USED: &str =
    r#"{"error":"invalid_grant","error_description":"Invalid refresh token provided"}"#;

/// A separate client.
fn client(network: &Network, environment: &Arc<Shared>) -> Core {
    // A client that waits for another one waits in real time.
    let builder = builder(network).timer(TokioTimer::default());
    core(builder.from_environment(environment.clone()).unwrap())
}

async fn call(network: &Network, environment: &Arc<Shared>) -> Result<String, String> {
    key_of(network, &client(network, environment)).await
}

#[tokio::test]
async fn an_empty_token_file_is_read_again() {
    let half = renewable(VALID, VALID)[..60].to_owned();
    let environment = Shared::new([String::new(), half, String::new(), token(VALID)]);
    assert_eq!(call(&portal(), &environment).await.as_deref(), Ok("SSO T"));
    // The number of reads is limited.
    let environment = Shared::new([String::new()]);
    let found = call(&portal(), &environment).await.unwrap_err();
    assert!(found.contains("holds no token"), "{found}");
}

#[tokio::test]
async fn a_token_that_another_program_has_refreshed_is_used() {
    let (old, new) = (
        renewable(EXPIRED, VALID),
        token(VALID).replace("SECRET", "SECRET-OTHER"),
    );
    // The other program writes the token before this client gets the lock, after the refusal, and some reads later.
    for steps in [
        vec![old.clone(), new.clone()],
        vec![old.clone(), old.clone(), new.clone()],
        vec![
            old.clone(),
            old.clone(),
            old.clone(),
            String::new(),
            old.clone(),
            new.clone(),
        ],
    ] {
        let environment = Shared::new([]);
        *environment.steps.lock().unwrap() = steps.iter().rev().cloned().collect();
        let network = portal().answering(OIDC, [answer(400, USED)]);
        assert_eq!(call(&network, &environment).await.as_deref(), Ok("SSO T"));
        let seen = network.seen();
        let shown = seen
            .iter()
            .find(|seen| seen.url.starts_with(PORTAL))
            .unwrap();
        assert_eq!(shown.header("x-amz-sso_bearer_token"), "SECRET-OTHER");
    }
    // A token that expires soon is used as well.
    let soon = token("2026-11-22T12:00:01Z").replace("SECRET", "SECRET-OTHER");
    let environment = Shared::new([old.clone(), old.clone(), soon]);
    let network = portal().answering(OIDC, [answer(400, USED)]);
    assert_eq!(call(&network, &environment).await.as_deref(), Ok("SSO T"));
}

#[tokio::test]
async fn errors_show_the_description_of_a_refusal_without_secrets() {
    let environment = || Shared::new([renewable(EXPIRED, VALID)]);
    let network = portal().answering(OIDC, [answer(400, USED)]);
    let found = call(&network, &environment()).await.unwrap_err();
    assert!(
        found.contains(": Invalid refresh token provided (status 400): run `aws sso login"),
        "{found}"
    );
    let long = format!("\"{}\"", "long ".repeat(2_000));
    let secret = r#""the token SECRET-OLD is unknown""#;
    for description in [secret, "5", "null", long.as_str()] {
        let refused = format!(r#"{{"error":"invalid_client","error_description":{description}}}"#);
        let network = portal().answering(OIDC, [answer(401, refused)]);
        let found = call(&network, &environment()).await.unwrap_err();
        assert!(!found.contains("SECRET"), "{found}");
        assert!(
            found.ends_with("run `aws sso login --profile default`"),
            "{found}"
        );
    }
}

/// Two clients of one program share a refresh token that can be used once. Without a lock, the second request would be
/// refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn clients_of_one_program_refresh_a_token_once() {
    for _ in 0..20 {
        let environment = Shared::new([renewable(EXPIRED, VALID)]);
        let network = portal().answering(OIDC, [answer(200, RENEWED), answer(400, USED)]);
        let calls: Vec<_> = (0..8)
            .map(|_| {
                let client = client(&network, &environment);
                tokio::spawn(async move { stage::call(&client).await.map(drop) })
            })
            .collect();
        for call in calls {
            call.await.unwrap().unwrap();
        }
        let refreshed = network
            .asked()
            .iter()
            .filter(|asked| asked.ends_with("/token"))
            .count();
        assert_eq!(refreshed, 1);
    }
}
