//! The expiry of credentials in the form of each source. All sources use one parser.

use crate::stage::{Answer, Network, answer, builder, core, environment, error, files, key};

const ECS: &str = "http://169.254.170.2/c";
const METADATA: &str = "http://169.254.169.254/latest";
const STS: &str = "https://sts.eu-central-1.amazonaws.com/";
const PORTAL: &str = "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials";
const SESSION_FILE: &str = "/home/me/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

/// One day after the time of these tests, in the forms that programs write.
const READ: [&str; 6] = [
    "2026-11-23T12:00:00UTC",
    "2026-11-23 12:00:00Z",
    "2026-11-23T12:00Z",
    "2026-11-23T12:00:00 +0000",
    "20261123T120000Z",
    "Mon, 23 Nov 2026 12:00:00 GMT",
];
/// JSON values that do not denote one definite time.
const REFUSED: [&str; 8] = [
    "1000000000",
    "1795435200",
    "1795435200.0",
    "\"1795435200\"",
    "\"\"",
    "\"2026-11-23T12:00:00\"",
    "true",
    "{\"at\":\"2026-11-23T12:00:00Z\"}",
];

fn keys(expiration: &str) -> String {
    format!(
        r#"{{"Version":1,"AccessKeyId":"KEY","SecretAccessKey":"SECRET","SessionToken":"T","Expiration":{expiration}}}"#
    )
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn metadata(expiration: &str) -> Network {
    let roles = format!("{METADATA}/meta-data/iam/security-credentials/");
    Network::default()
        .answering(&format!("{METADATA}/api/token"), [answer(200, "session")])
        .answering(&roles, [answer(200, "r")])
        .answering(&format!("{roles}r"), [answer(200, keys(expiration))])
}

fn container(expiration: &str) -> Network {
    Network::default().answering(ECS, [answer(200, keys(expiration))])
}

fn in_container() -> attache_runtime::FixedEnvironment {
    environment(&[("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/c")])
}

fn assumed(expiration: &str) -> Answer {
    answer(
        200,
        format!(
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>KEY</AccessKeyId>\
             <SecretAccessKey>SECRET</SecretAccessKey><SessionToken>T</SessionToken>\
             <Expiration>{expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
        ),
    )
}

fn role() -> attache_runtime::FixedEnvironment {
    files(
        "[default]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\n",
        "[base]\naws_access_key_id = BASE\naws_secret_access_key = SECRET\n",
    )
}

fn login(expires: &str) -> attache_runtime::FixedEnvironment {
    let config = "[default]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n\
                  [sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n";
    let token = format!(r#"{{"accessToken":"SECRET","expiresAt":{expires}}}"#);
    files(config, "").with_file(SESSION_FILE, token)
}

fn portal(expiration: &str) -> Network {
    let keys = format!(
        r#"{{"roleCredentials":{{"accessKeyId":"KEY","secretAccessKey":"SECRET","sessionToken":"T",
            "expiration":{expiration}}}}}"#
    );
    Network::default().answering(PORTAL, [answer(200, keys)])
}

fn variables(expiration: &str) -> attache_runtime::FixedEnvironment {
    files("", "")
        .with_variable("AWS_ACCESS_KEY_ID", "KEY")
        .with_variable("AWS_SECRET_ACCESS_KEY", "SECRET")
        .with_variable("AWS_SESSION_TOKEN", "T")
        .with_variable("AWS_CREDENTIAL_EXPIRATION", expiration)
}

#[tokio::test]
async fn every_source_accepts_all_forms_of_the_expiry() {
    for text in READ {
        let json = quoted(text);
        let sts = Network::default().answering(STS, [assumed(text)]);
        for (source, network, environment) in [
            ("container", container(&json), in_container()),
            ("instance metadata", metadata(&json), environment(&[])),
            ("STS", sts, role()),
            ("login", portal("1795435200000"), login(&json)),
            ("variables", Network::default(), variables(text)),
        ] {
            let found = key(&network, environment).await;
            assert_eq!(found.as_deref(), Ok("KEY T"), "{source}: {text}");
        }
    }
}

#[tokio::test]
async fn credentials_with_an_unreadable_expiry_are_refused() {
    for json in REFUSED {
        for (source, network, environment) in [
            ("container", container(json), in_container()),
            ("instance metadata", metadata(json), environment(&[])),
        ] {
            let found = error(&network, environment).await;
            assert!(
                found.contains("returned an Expiration that is no date-time"),
                "{source}: {found}"
            );
        }
        let found = error(&portal("1795435200000"), login(json)).await;
        assert!(found.contains("holds no token"), "{json}: {found}");
    }
    // The portal sends milliseconds.
    for json in [
        "\"2026-11-23T12:00:00Z\"",
        "null",
        "1e400",
        "99999999999999999999",
    ] {
        let found = error(&portal(json), login("\"2026-11-23T12:00:00Z\"")).await;
        assert!(
            found.ends_with("the response of IAM Identity Center contains none"),
            "{found}"
        );
    }
    for text in ["2026-11-23T12:00:00", "1795435200", "soon"] {
        let found = error(&Network::default(), variables(text)).await;
        assert!(
            found.starts_with("AWS_CREDENTIAL_EXPIRATION is no date-time"),
            "{found}"
        );
        let sts = Network::default().answering(STS, [assumed(text)]);
        let found = error(&sts, role()).await;
        assert!(
            found.ends_with("does not contain the expiry of the credentials"),
            "{found}"
        );
    }
}

/// They are requested again after 15 minutes, as the documentation says.
#[tokio::test]
async fn credentials_without_an_expiry_are_accepted() {
    let found = key(&container("null"), in_container()).await;
    assert_eq!(found.as_deref(), Ok("KEY T"));
}

#[cfg(unix)]
#[tokio::test]
async fn the_output_of_a_program_is_parsed_in_the_same_way() {
    let run = async |json: &str| {
        let printed = keys(json).replace('"', "\\\"");
        let config = format!("[default]\ncredential_process = printf %s \"{printed}\"\n");
        let network = Network::default();
        let builder = builder(&network).timer(attache_runtime::TokioTimer::default());
        let core = core(builder.from_environment(files(&config, "")).unwrap());
        crate::stage::key_of(&network, &core).await
    };
    for text in READ {
        assert_eq!(run(&quoted(text)).await.as_deref(), Ok("KEY T"), "{text}");
    }
    for json in REFUSED {
        let found = run(json).await.unwrap_err();
        assert!(
            found.contains("it returned an Expiration that is no date-time"),
            "{json}: {found}"
        );
        assert!(!found.contains("SECRET"), "{found}");
    }
}
