//! What the configuration of a client decides before anything is sent.

use attache_support::runtime::FixedEnvironment;
use attache_support::{Client, Config, Credentials, ErrorKind};
use attache_tests::server::{Answer, Server};

use crate::{builder, security_ir};

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
        let error = builder(url).build().expect_err("it is not encrypted");
        assert!(format!("{error:#}").contains("is not encrypted"), "{error}");
        let allowed = builder(url).allow_plain_http(true).build();
        assert!(allowed.is_ok(), "{allowed:?}");
    }
}

#[test]
fn an_endpoint_that_cannot_work_is_refused_when_the_configuration_is_built() {
    let not_supported = "which is not supported: use https or http";
    for (url, problem) in [
        ("ftp://127.0.0.1", "the scheme `ftp`, which"),
        ("file:///tmp/socket", not_supported),
        ("htps://support.example", not_supported),
        ("s3+tls://user:secret@bucket/key", not_supported),
        ("127.0.0.1", "must begin with https:// or http://"),
        ("localhost:5000", "must begin with https:// or http://"),
        ("", "is not a URL"),
        ("https://", "is not a URL"),
        ("https://:443", "names no host"),
        ("https://a b.example", "is not a URL"),
        ("https://support.example:0", "no port from 1 to 65535"),
        ("https://support.example:65536", "no port from 1 to 65535"),
        ("http://user:secret@127.0.0.1", "a user or a password"),
        ("http://127.0.0.1/?a=b", "must not hold a query"),
    ] {
        let error = builder(url).build().expect_err(url);
        let text = format!("{error:#}");
        assert!(text.contains(problem), "{url}: {text}");
        assert!(!text.contains("secret"), "{text}");
    }
    for url in [
        "https://support.example:8443/path",
        "HTTPS://support.example",
        "http://[::1]:8080",
        "https://support.example/#part",
    ] {
        let built = builder(url).build();
        assert!(built.is_ok(), "{url}: {built:?}");
    }
}

#[test]
fn a_region_that_cannot_work_is_refused_when_the_configuration_is_built() {
    for region in ["", "eu central-1", "eu-central-1.evil.example/", "-a", "ä"] {
        let config = Config::builder().region(region).build();
        let text = format!("{:#}", config.expect_err("it is no region"));
        assert_eq!(text, format!("`{region}` is not the name of a region"));
        let environment = FixedEnvironment::default().with_variable("AWS_REGION", region);
        let config = Config::builder().from_environment(environment);
        // An empty variable is none.
        let expected = (!region.is_empty()).then(|| format!("AWS_REGION: {text}"));
        assert_eq!(config.err().map(|error| error.to_string()), expected);
    }
    for region in ["eu-central-1", "aws-global", "local"] {
        let built = Config::builder().region(region).build();
        assert!(built.is_ok(), "{built:?}");
    }
}

#[test]
fn an_endpoint_of_the_environment_is_refused_by_the_name_of_its_setting() {
    let build = |environment, ignore| {
        let config = Config::builder().ignore_configured_endpoint_urls(ignore);
        config
            .from_environment(environment)
            .expect("it is read")
            .build()
    };
    let variable = |name: &str, url: &str| FixedEnvironment::default().with_variable(name, url);
    let wrong = || variable("AWS_ENDPOINT_URL", "ftp://support.example");
    let error = build(wrong(), false).expect_err("no requests are sent by FTP");
    assert_eq!(
        format!("{error:#}"),
        "AWS_ENDPOINT_URL: the endpoint `ftp://support.example` has the scheme `ftp`, which is not supported: use https or http"
    );
    assert!(build(wrong(), true).is_ok());
    let of_code = Config::builder().endpoint_url("https://support.example");
    let of_code = of_code.from_environment(wrong()).expect("it is read");
    assert!(of_code.build().is_ok());

    let file = "[default]\nregion = eu-central-1\nendpoint_url = support.example\n";
    let in_file = variable("AWS_CONFIG_FILE", "/config").with_file("/config", file);
    let text = format!("{:#}", build(in_file, false).expect_err("no scheme"));
    assert!(
        text.starts_with(
            "`endpoint_url` (/config, line 3): the endpoint `support.example` must begin with"
        ),
        "{text}"
    );

    // Only a client knows its service, so its calls refuse the endpoint.
    let of_service = variable("AWS_ENDPOINT_URL_SUPPORT", "ftp://support.example")
        .with_variable("AWS_ACCESS_KEY_ID", "AKID")
        .with_variable("AWS_SECRET_ACCESS_KEY", "secret");
    let config = build(of_service, false).expect("other services may be called");
    let call = Client::new(&config).describe_services().send().wait();
    let error = call.expect_err("no requests are sent by FTP");
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let text = format!("{error:#}");
    assert!(
        text.contains(
            "AWS_ENDPOINT_URL_SUPPORT: the endpoint `ftp://support.example` has the scheme `ftp`"
        ),
        "{text}"
    );

    let file = "[default]\nservices = mine\n[services mine]\nsupport =\n  endpoint_url = http://support.example\n";
    let in_section = variable("AWS_CONFIG_FILE", "/config")
        .with_file("/config", file)
        .with_variable("AWS_ACCESS_KEY_ID", "AKID")
        .with_variable("AWS_SECRET_ACCESS_KEY", "secret");
    let config = build(in_section, false).expect("other services may be called");
    let call = Client::new(&config).describe_services().send().wait();
    let text = format!("{:#}", call.expect_err("it is not encrypted"));
    assert!(
        text.contains("`endpoint_url` of `support` (/config, line 4): the endpoint `http://support.example` is not encrypted"),
        "{text}"
    );
}

/// The variables of a process cannot be changed safely, so this test starts itself again.
#[test]
fn a_client_of_the_environment_refuses_an_endpoint_that_cannot_work() {
    const CHILD: &str = "ATTACHE_TEST_CLIENT_OF_THE_ENVIRONMENT";
    if std::env::var_os(CHILD).is_some() {
        match Client::from_env_blocking() {
            Ok(_) => println!("there is a client"),
            Err(error) => println!("{error:#}"),
        }
        return;
    }
    for (variable, url, expected) in [
        (
            "AWS_ENDPOINT_URL_SUPPORT",
            "ftp://support.example",
            "AWS_ENDPOINT_URL_SUPPORT: the endpoint `ftp://support.example` has the scheme",
        ),
        (
            "AWS_ENDPOINT_URL",
            "http://support.example",
            "AWS_ENDPOINT_URL: the endpoint `http://support.example` is not encrypted",
        ),
        (
            "AWS_ENDPOINT_URL_SUPPORT",
            "http://127.0.0.1:1",
            "there is a client",
        ),
        (
            "AWS_ENDPOINT_URL_S3",
            "ftp://s3.example",
            "there is a client",
        ),
    ] {
        let output = std::process::Command::new(std::env::current_exe().expect("this program"))
            .args([
                "--exact",
                "configuration::a_client_of_the_environment_refuses_an_endpoint_that_cannot_work",
                "--nocapture",
            ])
            .env_clear()
            .env("AWS_REGION", "us-east-1")
            .env(CHILD, "1")
            .env(variable, url)
            .output()
            .expect("it starts");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains(expected), "{text}");
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
