//! Profile files: where they are, which profile counts, and what is said when they are broken.

use attache_runtime::{Config, FixedEnvironment};

use crate::stage::{Network, builder, core, environment, files, key};

fn refused(environment: FixedEnvironment) -> String {
    let builder = Config::builder().from_environment(environment);
    let error = builder.expect_err("the environment cannot be used");
    match std::error::Error::source(&error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

#[tokio::test]
async fn variables_say_where_the_files_are_and_which_profile_counts() {
    let environment = environment(&[
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_CONFIG_FILE", "~/elsewhere"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/secrets"),
        ("AWS_PROFILE", "audit trail"),
    ])
    .with_file(
        "/home/me/elsewhere",
        "[profile \"audit trail\"]\nsource_profile = never read\n",
    )
    .with_file(
        "/secrets",
        "[audit trail]\naws_access_key_id = AUDIT\naws_secret_access_key = SECRET\n",
    );
    assert_eq!(
        key(&Network::default(), environment).await.unwrap(),
        "AUDIT"
    );
}

#[test]
fn a_profile_that_is_named_must_be_there() {
    let environment = files("[audit]\n", "").with_variable("AWS_PROFILE", "audit");
    assert_eq!(
        refused(environment),
        "the profile `audit` is neither in /home/me/.aws/config nor in /home/me/.aws/credentials; \
         the section [audit] must be called [profile audit]"
    );
}

#[test]
fn broken_files_and_settings_are_named_with_their_line() {
    for (config, complaint) in [
        (
            "[default]\nregion\n",
            "/home/me/.aws/config, line 2: it is neither a section nor `name = value`",
        ),
        (
            "[default]\nmax_attempts = 0\n",
            "`max_attempts` (/home/me/.aws/config, line 2) must be a whole number of at least 1",
        ),
        (
            "[default]\nregion = a\nretry_mode = legacy\n",
            "`retry_mode` (/home/me/.aws/config, line 3) cannot be used: the retry mode must be `standard` or \
             `adaptive`",
        ),
        (
            "[default]\nuse_fips_endpoint = yes\n",
            "`use_fips_endpoint` (/home/me/.aws/config, line 2) must be `true` or `false`",
        ),
    ] {
        assert_eq!(refused(files(config, "")), complaint);
    }
}

async fn url(environment: FixedEnvironment) -> String {
    let network = Network::default()
        .answering(
            "https://one.example.com/",
            [crate::stage::answer(200, "{}")],
        )
        .answering(
            "https://two.example.com/",
            [crate::stage::answer(200, "{}")],
        );
    let environment = environment
        .with_variable("AWS_ACCESS_KEY_ID", "A")
        .with_variable("AWS_SECRET_ACCESS_KEY", "B");
    let core = core(builder(&network).from_environment(environment).unwrap());
    match crate::stage::call(&core).await {
        Ok(_) => network.seen()[0].url.clone(),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn an_endpoint_is_found_where_botocore_finds_it() {
    let config = "[default]\nendpoint_url = https://one.example.com\nservices = mine\n\
                  [services mine]\ntest_service =\n  endpoint_url = https://two.example.com\n";
    let (one, two) = ("https://one.example.com/", "https://two.example.com/");
    assert_eq!(url(files(config, "")).await, two);
    let of_all = files(config, "").with_variable("AWS_ENDPOINT_URL", one);
    assert_eq!(url(of_all).await, one);
    let of_service = files(config, "")
        .with_variable("AWS_ENDPOINT_URL", one)
        .with_variable("AWS_ENDPOINT_URL_TEST_SERVICE", two);
    assert_eq!(url(of_service).await, two);
    let ignored = files(config, "").with_variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "TRUE");
    assert_eq!(url(ignored).await, "https://test.example.com/");
    let missing = files("[default]\nservices = none\n", "");
    let missing = url(missing).await;
    assert!(
        missing.contains(
            "there is no section [services none], which `services` (/home/me/.aws/config, line 2) names"
        ),
        "{missing}"
    );
}
