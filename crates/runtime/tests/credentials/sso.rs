//! IAM Identity Center.

use std::path::Path;
use std::sync::Arc;

use attache_runtime::{Environment, FixedEnvironment};

use crate::stage::{Network, answer, builder, core, error, files, key, key_of};

pub(crate) const SESSION: &str = "[default]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Audit or\n\
                       [sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n";
const LEGACY: &str = "[default]\nsso_account_id = 111122223333\nsso_role_name = Auditor\nsso_region = eu-west-1\n\
                      sso_start_url = https://corp.awsapps.com/start\n";
// The SHA-1 of `corp` and of the start URL.
pub(crate) const SESSION_FILE: &str =
    "/home/me/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
const LEGACY_FILE: &str = "/home/me/.aws/sso/cache/a51746d4aa793ae07b25e90c3a5db96fc7832bd7.json";
pub(crate) const PORTAL: &str = "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials";
pub(crate) const OIDC: &str = "https://oidc.eu-west-1.amazonaws.com/token";
const KEYS: &str = r#"{"roleCredentials":{"accessKeyId":"SSO","secretAccessKey":"SECRET","sessionToken":"T",
    "expiration":1795366800000}}"#;

pub(crate) fn token(expires: &str) -> String {
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

pub(crate) fn portal() -> Network {
    Network::default().answering(PORTAL, [answer(200, KEYS)])
}

pub(crate) const VALID: &str = "2026-11-22T20:00:00Z";
pub(crate) const EXPIRED: &str = "2026-11-22T11:59:59Z";

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
