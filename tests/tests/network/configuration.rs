//! What the configuration of a client decides before anything is sent.

use attache_support::{Client, Config, Credentials, ErrorKind};
use attache_tests::server::{Answer, Server};

use crate::{security_ir, support};

#[test]
fn a_path_of_the_endpoint_goes_before_every_path() {
    let server = Server::start([
        Answer::response(200, "", "{}"),
        Answer::response(200, "", "{}"),
    ]);
    for url in [
        format!("{}/proxy/v2", server.url()),
        format!("{}/proxy/v2/", server.url()),
    ] {
        let client = security_ir(&url);
        client
            .list_tags_for_resource()
            .resource_arn("arn:aws:security-ir:eu-central-1:123456789012:case/1234567890")
            .send()
            .wait()
            .expect("it is answered");
    }
    for request in server.received() {
        assert_eq!(
            request.line,
            "GET /proxy/v2/v1/tags/arn%3Aaws%3Asecurity-ir%3Aeu-central-1%3A123456789012%3Acase%2F1234567890 HTTP/1.1"
        );
    }
}

#[test]
fn support_needs_no_region_and_security_ir_says_that_it_does() {
    let server = Server::start([]);
    let config = Config::builder()
        .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
        .endpoint_url(server.url())
        .build()
        .expect("nothing is missing");
    Client::new(&config)
        .describe_services()
        .send()
        .wait()
        .expect("it is answered");
    let scope = server.received()[0].header("authorization").to_owned();
    assert!(scope.contains("/us-east-1/support/aws4_request"), "{scope}");

    let config = Config::builder()
        .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
        .build()
        .expect("nothing is missing");
    let client = attache_security_ir::Client::new(&config);
    let error = client
        .list_cases()
        .send()
        .wait()
        .expect_err("there is no region");
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(format!("{error:#}").contains("AWS_REGION"), "{error}");
}

#[test]
fn plain_http_to_other_hosts_is_refused_until_it_is_allowed() {
    for url in [
        "http://support.example",
        "http://192.0.2.1:8080",
        "http://localhost.example",
    ] {
        let client = support(url);
        let error = client
            .describe_services()
            .send()
            .wait()
            .expect_err("it is not encrypted");
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
        assert!(format!("{error:#}").contains("is not encrypted"), "{error}");
    }
    for url in [
        "ftp://127.0.0.1",
        "127.0.0.1",
        "http://user:secret@127.0.0.1",
        "http://127.0.0.1/?a=b",
    ] {
        let client = support(url);
        let error = client
            .describe_services()
            .send()
            .wait()
            .expect_err("it is no endpoint");
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
        assert!(!format!("{error:#}").contains("secret"), "{error}");
    }
}

#[test]
fn missing_credentials_are_named_before_anything_is_sent() {
    let server = Server::start([]);
    // The variables of whoever runs the tests must not matter, so the provider is one that finds none.
    #[derive(Debug)]
    struct Nothing;
    impl attache_runtime::ProvideCredentials for Nothing {
        fn credentials(
            &self,
        ) -> attache_runtime::BoxFuture<'_, Result<Credentials, attache_runtime::CredentialsError>>
        {
            Box::pin(async {
                Err(attache_runtime::CredentialsError::new(
                    "no key in the drawer",
                ))
            })
        }
    }
    let config = Config::builder()
        .region("eu-central-1")
        .endpoint_url(server.url())
        .credentials_provider(Nothing)
        .build()
        .expect("nothing is missing");
    let error = Client::new(&config)
        .describe_services()
        .send()
        .wait()
        .expect_err("it cannot be signed");
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(
        format!("{error:#}"),
        "DescribeServices: no usable credentials: no key in the drawer"
    );
    assert_eq!(server.connections(), 0);
}
