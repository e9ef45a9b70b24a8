//! Roles: the requests to STS, the credentials that sign them, and the responses.

use attache_runtime::transport::TransportErrorKind;

use crate::stage::{
    Answer, Network, answer, builder, core, environment, error, files, key, key_of,
};

pub(crate) const STS: &str = "https://sts.eu-central-1.amazonaws.com/";
pub(crate) const SOURCE: &str =
    "[base]\naws_access_key_id = BASE\naws_secret_access_key = SECRET\n";

pub(crate) fn assumed(id: &str, action: &str) -> String {
    format!(
        "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <{action}Result>\n    \
         <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/r/s</Arn></AssumedRoleUser>\n    <Credentials>\n      \
         <AccessKeyId>{id}</AccessKeyId><SecretAccessKey>SECRET&amp;/+=</SecretAccessKey>\n      \
         <SessionToken>T&#43;</SessionToken><Expiration>2026-11-22T13:00:00Z</Expiration>\n    </Credentials>\n  \
         </{action}Result>\n</{action}Response>\n"
    )
}

fn refused(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>{message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
    )
}

pub(crate) fn role(more: &str) -> String {
    format!("[default]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\n{more}")
}

#[tokio::test]
async fn a_role_is_assumed_with_the_key_of_its_source() {
    let network = Network::default().answering(STS, [answer(200, assumed("ROLE", "AssumeRole"))]);
    let config = role("role_session_name = me@desk\nexternal_id = 4 2\nduration_seconds = 900\n");
    assert_eq!(
        key(&network, files(&config, SOURCE)).await.unwrap(),
        "ROLE T+"
    );
    let seen = network.seen();
    assert_eq!(seen[0].key(), "BASE");
    assert!(
        seen[0]
            .header("authorization")
            .contains("/eu-central-1/sts/aws4_request")
    );
    assert_eq!(
        seen[0].body,
        "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr\
         &RoleSessionName=me%40desk&DurationSeconds=900&ExternalId=4%202"
    );
    assert_eq!(
        seen[0].header("content-type"),
        "application/x-www-form-urlencoded; charset=utf-8"
    );
}

#[tokio::test]
async fn sts_is_called_as_often_as_the_environment_says() {
    for (attempts, expected) in [("5", true), ("4", false)] {
        let busy = (0..4).map(|_| answer(400, refused("Throttling", "slowly")));
        let answers = busy.chain([answer(200, assumed("ROLE", "AssumeRole"))]);
        let network = Network::default().answering(STS, answers);
        let environment = files(&role(""), SOURCE).with_variable("AWS_MAX_ATTEMPTS", attempts);
        let found = key(&network, environment).await;
        assert_eq!(found.is_ok(), expected, "{found:?}");
    }
}

#[tokio::test]
async fn a_role_can_be_the_source_of_another_role() {
    let config = "[default]\nrole_arn = arn:aws:iam::1:role/outer\nsource_profile = middle\n\
                  [profile middle]\nrole_arn = arn:aws:iam::1:role/inner\nsource_profile = base\n";
    let answers = ["MIDDLE", "OUTER"].map(|id| answer(200, assumed(id, "AssumeRole")));
    let network = Network::default().answering(STS, answers);
    assert_eq!(
        key(&network, files(config, SOURCE)).await.unwrap(),
        "OUTER T+"
    );
    let seen = network.seen();
    assert_eq!([seen[0].key(), seen[1].key()], ["BASE", "MIDDLE"]);
    assert!(seen[0].body.contains("inner") && seen[1].body.contains("outer"));
    assert_eq!(seen[1].header("x-amz-security-token"), "T+");
}

#[tokio::test]
async fn a_profile_may_be_its_own_source() {
    let credentials = "[default]\naws_access_key_id = OWN\naws_secret_access_key = SECRET\n";
    let config = "[default]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = default\n";
    let network = Network::default().answering(STS, [answer(200, assumed("ROLE", "AssumeRole"))]);
    assert_eq!(
        key(&network, files(config, credentials)).await.unwrap(),
        "ROLE T+"
    );
    assert_eq!(network.seen()[0].key(), "OWN");
}

#[tokio::test]
async fn a_credential_source_is_one_of_three() {
    let config = |source: &str| {
        format!("[profile r]\nrole_arn = arn:aws:iam::1:role/r\ncredential_source = {source}\n")
    };
    let container = "http://169.254.170.2/c";
    let keys = r#"{"AccessKeyId":"CONTAINER","SecretAccessKey":"SECRET","Token":"T","Expiration":"2026-11-22T18:00:00Z"}"#;
    let network = || {
        Network::default()
            .answering(STS, [answer(200, assumed("ROLE", "AssumeRole"))])
            .answering(container, [answer(200, keys)])
    };
    let environment = |source: &str| {
        files(&config(source), "")
            .with_variable("AWS_PROFILE", "r")
            .with_variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/c")
    };
    let from_container = network();
    let found = key(&from_container, environment("EcsContainer")).await;
    assert_eq!(found.unwrap(), "ROLE T+");
    assert_eq!(from_container.seen()[1].key(), "CONTAINER");
    let found = error(&network(), environment("Environment")).await;
    assert_eq!(
        found,
        "`credential_source` of the profile `r` is Environment, and there are none: \
         AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set"
    );
    let found = error(&network(), environment("Ec2InstanceMetadata")).await;
    assert!(
        found.ends_with("AWS_EC2_METADATA_DISABLED is true"),
        "{found}"
    );
    let found = error(&network(), environment("Elsewhere")).await;
    assert!(
        found.ends_with("must be Environment, EcsContainer or Ec2InstanceMetadata"),
        "{found}"
    );
    // The variables would be the first source. Because code names the profile, they are used only as the source of the
    // role.
    let network = network();
    let variables = environment("Environment")
        .with_variable("AWS_ACCESS_KEY_ID", "VARIABLE")
        .with_variable("AWS_SECRET_ACCESS_KEY", "SECRET");
    let core = core(
        builder(&network)
            .profile("r")
            .from_environment(variables)
            .unwrap(),
    );
    assert_eq!(key_of(&network, &core).await.unwrap(), "ROLE T+");
    assert_eq!(network.seen()[0].key(), "VARIABLE");
}

#[tokio::test]
async fn errors_about_source_profiles_name_the_profile() {
    for (config, complaint) in [
        (
            "[default]\nrole_arn = r\nsource_profile = a\n[profile a]\nrole_arn = r\nsource_profile = default\n",
            "the profiles form a cycle: default -> a -> default",
        ),
        (
            "[default]\nrole_arn = r\nsource_profile = default\n",
            "the profiles form a cycle: default -> default",
        ),
        (
            "[default]\nrole_arn = r\nsource_profile = a\n[a]\n",
            "`source_profile` of the profile `default`: the profile `a` is neither in /home/me/.aws/config nor in \
             /home/me/.aws/credentials; the section [a] must be called [profile a]",
        ),
        (
            "[default]\nrole_arn = r\nsource_profile = a\n[profile a]\nregion = x\n",
            "the profile `a`, which `source_profile` of the profile `default` names, holds no credentials",
        ),
        (
            "[default]\nrole_arn = r\n",
            "the profile `default` holds `role_arn`, but neither `source_profile` nor `credential_source`",
        ),
        (
            "[default]\nrole_arn = r\nsource_profile = a\ncredential_source = Environment\n",
            "the profile `default` holds both `source_profile` and `credential_source`",
        ),
        (
            "[default]\nrole_arn = r\nsource_profile = base\nduration_seconds = hour\n",
            "`duration_seconds` (/home/me/.aws/config, line 4) must be a whole number",
        ),
        (
            "[default]\nrole_arn = r\nsource_profile = base\nmfa_serial = m\n",
            "the role of the profile `default` needs an MFA code (`mfa_serial`, /home/me/.aws/config, line 4), which \
             attache does not prompt for; assume it with another program, for example in a `credential_process`",
        ),
        (
            "[default]\nlogin_session = arn:aws:iam::1:user/u\n",
            "the profile `default` logs in with `aws login` (`login_session`, /home/me/.aws/config, line 2), which is \
             not supported; `credential_process = aws configure export-credentials --profile default` in another \
             profile is",
        ),
    ] {
        let network = Network::default();
        assert_eq!(error(&network, files(config, SOURCE)).await, complaint);
        assert!(network.asked().is_empty());
    }
}

#[tokio::test]
async fn transient_failures_are_retried_and_refusals_are_not() {
    for broken in [
        answer(500, ""),
        answer(503, "<html>"),
        answer(400, refused("Throttling", "slow down")),
        answer(
            400,
            refused("IDPCommunicationError", "the provider is unavailable"),
        ),
        Answer::Lost(TransportErrorKind::Connect),
        Answer::Lost(TransportErrorKind::Io),
        Answer::Silence,
    ] {
        let answers = [broken, answer(200, assumed("ROLE", "AssumeRole"))];
        let network = Network::default().answering(STS, answers);
        assert_eq!(
            key(&network, files(&role(""), SOURCE)).await.unwrap(),
            "ROLE T+"
        );
    }
    let denied = refused("AccessDenied", "User: u is not authorized &lt;here&gt;");
    let network = Network::default().answering(STS, [answer(403, denied)]);
    assert_eq!(
        error(&network, files(&role(""), SOURCE)).await,
        "the role arn:aws:iam::1:role/r could not be assumed: AssumeRole: AccessDenied: \
         User: u is not authorized <here> (status 403, request id r-1)"
    );
    assert_eq!(network.asked().len(), 1);
}

#[tokio::test]
async fn responses_without_credentials_cause_errors_that_do_not_quote_them() {
    let whole = assumed("ROLE", "AssumeRole");
    for (answered, complaint) in [
        ("{\"SECRET\":1}".to_owned(), "is not the expected XML"),
        (
            whole[..whole.len() - 20].to_owned(),
            "is not the expected XML",
        ),
        (
            whole.replace("SecretAccessKey", "Other"),
            "contains no credentials",
        ),
        (
            whole.replace("2026-11-22", "today"),
            "does not contain the expiry",
        ),
    ] {
        let network = Network::default().answering(STS, [answer(200, answered)]);
        let found = error(&network, files(&role(""), SOURCE)).await;
        assert!(found.contains(complaint), "{found}");
    }
    // The response of a failed call is not quoted either.
    let network = Network::default().answering(STS, [answer(403, "<R><SecretAccessKey>SECRET")]);
    let found = error(&network, files(&role(""), SOURCE)).await;
    assert!(found.contains("status 403"), "{found}");
}

#[tokio::test]
async fn a_web_identity_of_variables_is_sent_without_a_signature() {
    let network = Network::default().answering(
        STS,
        [answer(200, assumed("WEB", "AssumeRoleWithWebIdentity"))],
    );
    let environment = environment(&[
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "~/token"),
        ("AWS_ROLE_ARN", "arn:aws:iam::1:role/web"),
        ("AWS_ROLE_SESSION_NAME", "pod"),
    ])
    .with_file("/home/me/token", "a.b-c_d\n");
    assert_eq!(key(&network, environment).await.unwrap(), "WEB T+");
    let seen = network.seen();
    assert!(!seen[0].headers.contains_key("authorization"));
    assert_eq!(
        seen[0].body,
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fweb\
         &RoleSessionName=pod&WebIdentityToken=a%2Eb%2Dc%5Fd"
    );
}

#[tokio::test]
async fn a_web_identity_of_a_profile_can_be_the_source_of_a_role() {
    let config = "[default]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = web\n\
                  [profile web]\nrole_arn = arn:aws:iam::1:role/web\nweb_identity_token_file = /token\n";
    let answers = [
        answer(200, assumed("WEB", "AssumeRoleWithWebIdentity")),
        answer(200, assumed("ROLE", "AssumeRole")),
    ];
    let network = Network::default().answering(STS, answers);
    let environment = files(config, "").with_file("/token", "SECRET");
    assert_eq!(key(&network, environment).await.unwrap(), "ROLE T+");
    assert_eq!(network.seen()[1].key(), "WEB");
    let missing = error(&Network::default(), files(config, "")).await;
    assert!(
        missing.starts_with("the token of the web identity, /token, cannot be read"),
        "{missing}"
    );
    let expired = refused("ExpiredTokenException", "Token expired");
    let network = Network::default().answering(STS, [answer(400, expired)]);
    let environment = files(config, "").with_file("/token", "SECRET");
    let found = error(&network, environment).await;
    assert!(
        found.contains("ExpiredTokenException: Token expired"),
        "{found}"
    );
}

/// A chain of this many roles would overflow the stack. The same limit applies to cycles.
#[tokio::test]
async fn a_chain_of_too_many_roles_is_refused() {
    let chain = |length: usize, end: &str| {
        let mut config = "[default]\nrole_arn = r\nsource_profile = p1\n".to_owned();
        for number in 1..length {
            let next = if number + 1 == length {
                end.to_owned()
            } else {
                format!("p{}", number + 1)
            };
            config.push_str(&format!(
                "[profile p{number}]\nrole_arn = r\nsource_profile = {next}\n"
            ));
        }
        config
    };
    for (length, end) in [(33, "base"), (5_000, "base"), (5_000, "default")] {
        let network = Network::default();
        assert_eq!(
            error(&network, files(&chain(length, end), SOURCE)).await,
            "the roles of the profile `default` lead through more than 32 profiles, by `source_profile`; the last one that was read is `p32`"
        );
        assert!(network.asked().is_empty());
    }
    let found = error(&Network::default(), files(&chain(32, "default"), SOURCE)).await;
    assert!(
        found.starts_with("the profiles form a cycle: default -> p1 -> "),
        "{found}"
    );
    let network = Network::default().answering(STS, [answer(200, assumed("ROLE", "AssumeRole"))]);
    let found = key(&network, files(&chain(32, "base"), SOURCE)).await;
    assert_eq!(found.as_deref(), Ok("ROLE T+"));
    // One request for each role, and the call.
    assert_eq!(network.seen().len(), 33);
}
