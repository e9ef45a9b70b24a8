//! The header `User-Agent` names the source of the credentials, with the identifiers that botocore sends.

use attache_runtime::{Credentials, FixedEnvironment, TokioTimer};

use crate::stage::{Network, answer, builder, core, environment, files, key_of};

const JSON: &str = r#"{"Version":1,"Code":"Success","AccessKeyId":"AKID","SecretAccessKey":"SECRET","Token":"T",
    "Expiration":"2026-11-22T18:00:00Z"}"#;
const KEY: &str = "aws_access_key_id = BASE\naws_secret_access_key = SECRET\n";
const ROLES: &str = "http://169.254.169.254/latest/meta-data/iam/security-credentials/";
const STS: &str = "https://sts.eu-central-1.amazonaws.com/";

/// The identifiers in the last request, without that of the retries.
async fn ids(network: Network, environment: FixedEnvironment) -> String {
    let builder = builder(&network).timer(TokioTimer::default());
    let core = core(
        builder
            .from_environment(environment)
            .expect("it is in order"),
    );
    key_of(&network, &core)
        .await
        .expect("there are credentials");
    of_last(&network)
}

fn of_last(network: &Network) -> String {
    let seen = network.seen().pop().expect("a call was made");
    let agent = seen.header("user-agent").to_owned();
    let (_, ids) = agent.split_once(" m/").expect("there are identifiers");
    ids.strip_suffix(",E")
        .unwrap_or("none but the retries")
        .to_owned()
}

fn assumed(action: &str) -> String {
    format!(
        "<{action}Response><{action}Result><AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/r/s</Arn></AssumedRoleUser>\
         <Credentials><AccessKeyId>ROLE</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken>\
         <Expiration>2026-11-22T13:00:00Z</Expiration></Credentials></{action}Result></{action}Response>"
    )
}

#[tokio::test]
async fn each_source_has_its_identifier() {
    let variables = [
        ("AWS_ACCESS_KEY_ID", "AKID"),
        ("AWS_SECRET_ACCESS_KEY", "SECRET"),
    ];
    assert_eq!(ids(Network::default(), environment(&variables)).await, "g");
    let profile = format!("[default]\n{KEY}");
    assert_eq!(ids(Network::default(), files("", &profile)).await, "n");
    assert_eq!(ids(Network::default(), files(&profile, "")).await, "n");
    let container = [("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/c")];
    let network = Network::default().answering("http://169.254.170.2/c", [answer(200, JSON)]);
    assert_eq!(ids(network, environment(&container)).await, "z");
    let network = Network::default()
        .answering(
            "http://169.254.169.254/latest/api/token",
            [answer(200, "t")],
        )
        .answering(ROLES, [answer(200, "r")])
        .answering(&format!("{ROLES}r"), [answer(200, JSON)]);
    assert_eq!(ids(network, environment(&[])).await, "0");
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_has_two() {
    let printed = JSON.replace('\n', "");
    let config = format!("[default]\ncredential_process = printf %s '{printed}'\n");
    assert_eq!(ids(Network::default(), files(&config, "")).await, "v,w");
}

#[tokio::test]
async fn a_role_has_those_of_its_source_as_well() {
    let role = |more: &str| format!("[default]\nrole_arn = arn:aws:iam::1:role/r\n{more}\n");
    let network = || Network::default().answering(STS, [answer(200, assumed("AssumeRole"))]);
    let base = format!("[base]\n{KEY}");
    let of_profile = files(&role("source_profile = base"), &base);
    assert_eq!(ids(network(), of_profile).await, "n,o,i");
    let container = files(&role("credential_source = EcsContainer"), "")
        .with_variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/c");
    let network_of_container = network().answering("http://169.254.170.2/c", [answer(200, JSON)]);
    assert_eq!(ids(network_of_container, container).await, "z,p,i");
    let network =
        Network::default().answering(STS, [answer(200, assumed("AssumeRoleWithWebIdentity"))]);
    let token = files(&role("web_identity_token_file = /token"), "").with_file("/token", "T");
    assert_eq!(ids(network, token).await, "q,k");
    let network =
        Network::default().answering(STS, [answer(200, assumed("AssumeRoleWithWebIdentity"))]);
    let variables = environment(&[
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"),
        ("AWS_ROLE_ARN", "arn:aws:iam::1:role/r"),
    ]);
    assert_eq!(
        ids(network, variables.with_file("/token", "T")).await,
        "h,k"
    );
}

#[tokio::test]
async fn credentials_of_code_have_one_too() {
    let network = Network::default();
    let given = builder(&network).credentials(Credentials::new("AKID", "SECRET"));
    key_of(&network, &core(given))
        .await
        .expect("there are credentials");
    assert_eq!(of_last(&network), "e");
}
