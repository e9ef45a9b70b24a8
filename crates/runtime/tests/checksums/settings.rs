//! Where the settings of checksums come from.

use attache_runtime::{ChecksumUse, Config, FixedEnvironment};

use crate::stage::{Get, MODE, Put, Store, config, send};

/// Whether the client of an environment computes checksums that are not required, and asks for those of responses.
async fn uses(environment: impl Fn() -> FixedEnvironment) -> (bool, bool) {
    let store = Store::default();
    let client = || config(&store).from_environment(environment()).unwrap();
    send(
        client(),
        Put {
            is_whole: true,
            ..Put::default()
        },
    )
    .await
    .unwrap();
    send(client(), Get::<false>::default()).await.unwrap();
    let seen = store.seen();
    (
        seen[0].header("x-amz-checksum-crc32").is_some(),
        seen[1].header(MODE).is_some(),
    )
}

fn profile(text: &str) -> FixedEnvironment {
    FixedEnvironment::default()
        .with_variable("AWS_CONFIG_FILE", "/config")
        .with_file("/config", format!("[default]\n{text}"))
}

#[tokio::test]
async fn variables_come_before_the_profile() {
    let (request, response) = (
        "AWS_REQUEST_CHECKSUM_CALCULATION",
        "AWS_RESPONSE_CHECKSUM_VALIDATION",
    );
    let variable = |name: &str| FixedEnvironment::default().with_variable(name, "WHEN_REQUIRED");
    assert_eq!(uses(FixedEnvironment::default).await, (true, true));
    assert_eq!(uses(|| variable(request)).await, (false, true));
    assert_eq!(uses(|| variable(response)).await, (true, false));
    let both = "request_checksum_calculation = when_required\nresponse_checksum_validation = When_Required\n";
    assert_eq!(uses(|| profile(both)).await, (false, false));
    let overridden = || profile(both).with_variable(request, "when_supported");
    assert_eq!(uses(overridden).await, (true, false));
}

#[tokio::test]
async fn code_comes_before_the_environment() {
    let store = Store::default();
    let environment = profile("request_checksum_calculation = when_required\n");
    let config = config(&store)
        .request_checksum_calculation(ChecksumUse::WhenSupported)
        .from_environment(environment)
        .unwrap();
    send(
        config,
        Put {
            is_whole: true,
            ..Put::default()
        },
    )
    .await
    .unwrap();
    assert!(store.only().header("x-amz-checksum-crc32").is_some());
}

#[test]
fn another_word_is_an_error_that_names_its_place() {
    let environment =
        FixedEnvironment::default().with_variable("AWS_REQUEST_CHECKSUM_CALCULATION", "always");
    let error = Config::builder()
        .from_environment(environment)
        .expect_err("it is no such word");
    assert_eq!(
        error.to_string(),
        "AWS_REQUEST_CHECKSUM_CALCULATION must be `when_supported` or `when_required`"
    );
    let error = Config::builder()
        .from_environment(profile("response_checksum_validation = never\n"))
        .expect_err("it is no such word");
    assert!(
        error.to_string().contains("`response_checksum_validation`"),
        "{error}"
    );
}
