//! The sources of credentials: the XML of STS, containers, instance metadata, the tokens and responses of IAM Identity
//! Center. The result is credentials or an error, and neither shows a secret.
//!
//! The first byte selects the source; the rest are responses as in `script`. For IAM Identity Center, the text before
//! the first line `%%` is the token file.

#![no_main]

use std::sync::Arc;

use attache_fuzz::machine::{self, Scripted, assert_free_of, everything_of};
use attache_fuzz::script;
use attache_runtime::{Environment as _, ErrorKind, FixedEnvironment};
use libfuzzer_sys::fuzz_target;

/// The secrets in the seeds.
const SECRETS: [&str; 2] = ["SEEDSECRETKEY", "SEEDSESSIONTOKEN"];
/// The token file of the session `corp`; its name is the SHA-1 of the name of the session.
const TOKEN_FILE: &str =
    "/home/someone/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
const PROFILES: &str = "\
[profile web]
role_arn = arn:aws:iam::123456789012:role/web
web_identity_token_file = /token

[profile role]
role_arn = arn:aws:iam::123456789012:role/auditor
source_profile = keys

[profile keys]
aws_access_key_id = AKIDEXAMPLE
aws_secret_access_key = SOURCESECRETKEY

[profile sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Auditor

[sso-session corp]
sso_region = eu-central-1
sso_start_url = https://corp.example/start

[profile none]
region = us-east-1
";

fuzz_target!(|input: &[u8]| {
    let [source, rest @ ..] = input else { return };
    let (profile, variable) = match source % 5 {
        0 => ("web", None),
        1 => ("role", None),
        2 => ("sso", None),
        3 => (
            "none",
            Some(("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials")),
        ),
        _ => ("none", None),
    };
    let (file, answers) = match profile {
        "sso" => {
            let parts = script::parts(rest);
            let answers = rest.get(parts[0].len() + 4..).unwrap_or_default();
            (parts[0], answers)
        }
        _ => (&rest[..0], rest),
    };
    let mut environment = FixedEnvironment::default()
        .with_variable("HOME", "/home/someone")
        .with_file("/home/someone/.aws/config", PROFILES)
        .with_file(TOKEN_FILE, file)
        .with_file("/token", "eyJhbGciOiJub25lIn0");
    if let Some((name, value)) = variable {
        environment = environment.with_variable(name, value);
    }
    let environment = Arc::new(environment);
    let transport = Scripted::new(script::answers(answers)).knowing(|sent| {
        // The call that needs the credentials.
        let is_call = sent.headers.contains_key("x-amz-target");
        is_call.then(|| script::answers(b"200\n\n{\"severityLevels\":[]}").remove(0))
    });
    let config = machine::config(&transport)
        .region("us-east-1")
        .profile(profile)
        .from_environment(environment.clone())
        .and_then(|builder| builder.build())
        .expect("the configuration is complete");
    let client = attache_support::Client::new(&config);
    let outcome = machine::run(client.describe_severity_levels().send());
    let sent = transport.sent();
    assert!(sent.len() <= 16, "{} requests", sent.len());
    assert_free_of(&format!("{config:?}"), &SECRETS, "the configuration");
    match outcome {
        Ok(_) => {
            let call = sent.last().expect("a call that succeeds was sent");
            assert!(
                call.headers.contains_key("authorization"),
                "a call without a signature"
            );
            let token = call.headers.get("x-amz-security-token");
            assert!(
                profile == "none" || token.is_some(),
                "the credentials of a role have a token"
            );
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Credentials, "{error}");
            let text = everything_of(&error);
            assert!(
                text.len() <= 64 * input.len() + 4000,
                "{} bytes",
                text.len()
            );
            if !shows_secret(input) {
                assert_free_of(&text, &SECRETS, "the error");
            }
            assert_free_of(
                &text,
                &["SOURCESECRETKEY", "eyJhbGciOiJub25lIn0"],
                "the error",
            );
        }
    }
    // A refreshed token is written completely.
    if profile == "sso" {
        let kept = environment.read(TOKEN_FILE.as_ref()).expect("it is there");
        let is_json = serde_json::from_slice::<serde_json::Value>(&kept).is_ok();
        assert!(kept == file || is_json, "a broken token was written");
    }
});

/// Whether the input has a secret in a text that errors show.
fn shows_secret(input: &[u8]) -> bool {
    let text = String::from_utf8_lossy(input).to_ascii_lowercase();
    // Errors also show the id of a request.
    [
        "message", "code", "error", "role", "type", "expir", "request",
    ]
    .iter()
    .any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let until = text[at..]
                .find(['\n', '}'])
                .map_or(text.len(), |end| at + end);
            text[at..until].contains("seed")
        })
    })
}
