//! Operations that only one region's endpoint has, and clients that would send them elsewhere.

use attache_support::{Client, ConfigBuilder, ErrorKind};
use attache_tests::transport::Answers;

/// Whether a Trusted Advisor operation and another one are sent.
async fn sent(settings: impl Fn(ConfigBuilder) -> ConfigBuilder) -> (bool, bool) {
    let answers = Answers::default();
    let config = settings(answers.builder()).build();
    let client = Client::new(&config.expect("nothing is missing"));
    let advisor = client
        .describe_trusted_advisor_checks()
        .language("en")
        .send()
        .await;
    if let Err(error) = &advisor {
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
        assert!(
            format!("{error:#}").contains("only the endpoint of us-east-1 has the operation"),
            "{error:#}"
        );
    }
    let before = answers.sent().len();
    assert_eq!(before, usize::from(advisor.is_ok()));
    let other = client.describe_services().send().await;
    (advisor.is_ok(), other.is_ok())
}

#[tokio::test]
async fn trusted_advisor_is_called_where_it_is() {
    for region in ["us-east-1", "eu-central-1", "us-gov-west-1", "cn-north-1"] {
        assert_eq!(
            sent(|builder| builder.region(region)).await,
            (true, true),
            "{region}"
        );
    }
    for url in [
        "https://support.us-east-1.amazonaws.com",
        "https://vpce-1.support.us-east-1.vpce.amazonaws.com",
        "http://127.0.0.1:5000",
        "https://proxy.example.com/eu-west-1",
        "https://eu-west-1.example.com",
        "https://support.us-gov-west-1.amazonaws.com",
    ] {
        assert_eq!(
            sent(|builder| builder.endpoint_url(url)).await,
            (true, true),
            "{url}"
        );
    }
}

#[tokio::test]
async fn trusted_advisor_is_not_called_where_it_is_not() {
    for url in [
        "https://support.eu-west-1.amazonaws.com",
        "https://support.US-WEST-2.api.aws:443/path",
        "https://vpce-1.support.eu-west-1.vpce.amazonaws.com",
        "https://support.xx-new-7.amazonaws.com",
    ] {
        let wanted = (url.contains("xx-new"), true);
        assert_eq!(
            sent(|builder| builder.endpoint_url(url)).await,
            wanted,
            "{url}"
        );
    }
    // The rules give the host of us-east-1 here, too.
    let fips = sent(|builder| builder.region("eu-west-1").use_fips(true)).await;
    assert_eq!(fips, (true, true));
}
