//! Credentials that cannot sign a request are refused with the name of the field and without its value.

use attache_runtime::{BoxFuture, Credentials, CredentialsError, ProvideCredentials};

use crate::stage::{Network, answer, builder, core, environment, error, files, key, key_of};

#[test]
fn a_config_with_unusable_credentials_is_not_built() {
    for (credentials, complaint) in [
        (
            Credentials::new("AKID\n", "SECRET"),
            "the access key id ends with a line break",
        ),
        (
            Credentials::new("AKID", ""),
            "the secret access key is empty",
        ),
        (
            Credentials::new("AKID", "SECRET\r\n"),
            "the secret access key ends with a line break",
        ),
        (
            Credentials::new("AKID", "SECRET").session_token("SECRET\0"),
            "the session token holds a control character (U+0000)",
        ),
        (
            Credentials::new("AKID", "SECRET").session_token(""),
            "the session token is empty",
        ),
    ] {
        let built = builder(&Network::default())
            .credentials(credentials)
            .build();
        assert_eq!(built.unwrap_err().to_string(), complaint);
    }
}

/// A provider that returns a clone of its field.
#[derive(Debug)]
struct Careless(Credentials);

impl ProvideCredentials for Careless {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }
}

#[tokio::test]
async fn unusable_credentials_of_a_provider_are_refused() {
    let network = Network::default();
    let provider = Careless(Credentials::new("AKID", "SECRET\n"));
    let core = core(builder(&network).credentials_provider(provider));
    assert_eq!(
        key_of(&network, &core).await.unwrap_err(),
        "the secret access key ends with a line break"
    );
    assert!(network.asked().is_empty());
}

#[tokio::test]
async fn the_error_of_every_source_names_the_field_and_the_place() {
    let variables = files("", "")
        .with_variable("AWS_ACCESS_KEY_ID", "AK\nID")
        .with_variable("AWS_SECRET_ACCESS_KEY", "SECRET");
    let commented = "[default]\naws_access_key_id = AKID # mine\naws_secret_access_key = SECRET\n";
    let continued =
        "[default]\naws_access_key_id = AKID\naws_secret_access_key = SECRET\n  SECRET\n";
    let keys = r#"{"AccessKeyId":"AKID\n","SecretAccessKey":"SECRET"}"#;
    let container = "http://169.254.170.2/c";
    for (environment, complaint) in [
        (
            variables,
            "in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN the access key id holds a line break",
        ),
        (
            files(commented, ""),
            "the profile `default` (/home/me/.aws/config, line 2): the access key id holds a blank",
        ),
        (
            files("", continued),
            "the profile `default` (/home/me/.aws/credentials, line 2): the secret access key holds a line break",
        ),
        (
            environment(&[("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/c")]),
            "the container's endpoint returned credentials in which the access key id ends with a line break",
        ),
    ] {
        let network = Network::default().answering(container, [answer(200, keys)]);
        assert_eq!(error(&network, environment).await, complaint);
    }
}

/// A variable that is filled from a file often ends with a line break, which is not intended.
#[tokio::test]
async fn a_line_break_at_the_end_of_a_variable_is_ignored() {
    let environment = files("", "")
        .with_variable("AWS_ACCESS_KEY_ID", "AKID\n")
        .with_variable("AWS_SECRET_ACCESS_KEY", "SECRET\r\n")
        .with_variable("AWS_SESSION_TOKEN", " T\n");
    assert_eq!(
        key(&Network::default(), environment).await.as_deref(),
        Ok("AKID T")
    );
    // In a file with the line ends of Windows, values contain no line break either.
    let file = "[default]\r\naws_access_key_id = AKID\r\naws_secret_access_key = SECRET\r\n";
    assert_eq!(
        key(&Network::default(), files("", file)).await.as_deref(),
        Ok("AKID")
    );
}
