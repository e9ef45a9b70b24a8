//! The order of the sources, and the error when no source has credentials.

use crate::stage::{Network, builder, core, environment, error, files, key, key_of};

const KEY: &str = "[default]\naws_access_key_id = FILE\naws_secret_access_key = SECRET\n";

#[tokio::test]
async fn variables_take_precedence_over_all_other_sources() {
    let environment = files(KEY, KEY)
        .with_variable("AWS_ACCESS_KEY_ID", "VARIABLE")
        .with_variable("AWS_SECRET_ACCESS_KEY", "SECRET")
        .with_variable("AWS_SESSION_TOKEN", "TOKEN");
    let found = key(&Network::default(), environment).await;
    assert_eq!(found.unwrap(), "VARIABLE TOKEN");
}

#[tokio::test]
async fn a_profile_that_code_names_takes_precedence_over_variables() {
    let network = Network::default();
    let environment = files(
        "",
        "[audit]\naws_access_key_id = AUDIT\naws_secret_access_key = SECRET\n",
    )
    .with_variable("AWS_ACCESS_KEY_ID", "VARIABLE")
    .with_variable("AWS_SECRET_ACCESS_KEY", "SECRET")
    .with_variable("AWS_PROFILE", "other");
    let builder = builder(&network).profile("audit");
    let core = core(builder.from_environment(environment).unwrap());
    assert_eq!(key_of(&network, &core).await.unwrap(), "AUDIT");
}

#[tokio::test]
async fn the_credentials_file_takes_precedence_over_the_configuration_file() {
    let config = "[default]\naws_access_key_id = CONFIG\naws_secret_access_key = SECRET\n\
                  aws_session_token = T\n";
    let network = Network::default();
    assert_eq!(key(&network, files(config, KEY)).await.unwrap(), "FILE");
    assert_eq!(key(&network, files(config, "")).await.unwrap(), "CONFIG T");
}

#[tokio::test]
async fn a_key_id_and_a_secret_from_different_files_are_refused() {
    let credentials = "[default]\naws_access_key_id = FILE\n";
    let config = "[default]\naws_secret_access_key = SECRET\n";
    let found = error(&Network::default(), files(config, credentials)).await;
    assert!(
        found.starts_with(
            "the profile `default` holds half a key (/home/me/.aws/credentials, line 2)"
        ),
        "{found}"
    );
}

#[tokio::test]
async fn a_configured_source_that_fails_ends_the_search() {
    let environment = environment(&[
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"),
        (
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "http://127.0.0.1/never",
        ),
    ]);
    let network = Network::default();
    let found = error(&network, environment).await;
    assert!(
        found.contains("neither AWS_ROLE_ARN nor `role_arn`"),
        "{found}"
    );
    assert!(network.asked().is_empty());
}

#[tokio::test]
async fn the_error_lists_the_sources_that_were_tried() {
    let found = error(&Network::default(), files("", "")).await;
    assert_eq!(
        found,
        "none were found. Sources that were tried: \
         variables: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set; \
         profile `default`: it is not in /home/me/.aws/config and /home/me/.aws/credentials; \
         container: neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set; \
         instance metadata: AWS_EC2_METADATA_DISABLED is true"
    );
}

#[tokio::test]
async fn debug_of_a_client_shows_no_secret() {
    let network = Network::default();
    let url = "https://user:SECRET@test.example.com/path";
    let environment = files(KEY, "")
        .with_variable("AWS_SESSION_TOKEN", "SECRET")
        .with_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN", "SECRET")
        .with_variable("AWS_ENDPOINT_URL_TEST_SERVICE", url);
    let builder = builder(&network).from_environment(environment).unwrap();
    let refused = builder.clone().endpoint_url(url);
    let shown = format!("{refused:?} {:?}", builder.build().unwrap());
    assert!(!shown.contains("SECRET"), "{shown}");
    assert!(
        shown.contains("https://** redacted **@test.example.com/path"),
        "{shown}"
    );
}
