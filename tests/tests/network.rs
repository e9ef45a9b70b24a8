//! Calls over real sockets of this machine: what arrives, and how a client reports invalid answers.

use attache_security_ir::types::{IncidentResponder, Watcher};
use attache_support::types::Attachment;
use attache_support::{Client, Config, ConfigBuilder, Credentials, ErrorKind, Timestamp};
use attache_tests::server::{Answer, Server};
use serde_json::json;

fn builder(url: &str) -> ConfigBuilder {
    Config::builder()
        .region("eu-central-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
        .time_source(Timestamp::UNIX_EPOCH)
        .endpoint_url(url)
}

fn support(url: &str) -> Client {
    Client::new(&builder(url).build().expect("nothing is missing"))
}

fn security_ir(url: &str) -> attache_security_ir::Client {
    attache_security_ir::Client::new(&builder(url).build().expect("nothing is missing"))
}

const SERVICES: &str = r#"{"services":[{"code":"ec2","name":"EC2","categories":[]}]}"#;

#[tokio::test]
async fn a_call_arrives_signed_and_its_answer_comes_back() {
    let server = Server::start([Answer::response(200, "", SERVICES)]);
    let client = support(&server.url());
    let response = client
        .describe_services()
        .language("en")
        .send()
        .await
        .expect("it is answered");
    let services = response.services.expect("they were sent");
    assert_eq!(services[0].code.as_deref(), Some("ec2"));
    let request = &server.received()[0];
    assert_eq!(request.line, "POST / HTTP/1.1");
    assert_eq!(
        request.header("x-amz-target"),
        "AWSSupport_20130415.DescribeServices"
    );
    assert_eq!(request.header("content-type"), "application/x-amz-json-1.1");
    assert_eq!(request.header("x-amz-date"), "19700101T000000Z");
    assert_eq!(format!("http://{}", request.header("host")), server.url());
    assert!(
        request
            .header("authorization")
            .starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/19700101/"),
        "{}",
        request.header("authorization")
    );
    assert!(
        request.header("user-agent").starts_with("attache"),
        "{}",
        request.header("user-agent")
    );
    assert_eq!(request.body, br#"{"language":"en"}"#);
}

#[test]
fn a_call_can_be_waited_for_without_asynchronous_code() {
    let server = Server::start([Answer::response(200, "", SERVICES)]);
    let client = support(&server.url());
    let response = client
        .describe_services()
        .send()
        .wait()
        .expect("it is answered");
    assert_eq!(response.services.map(|services| services.len()), Some(1));
}

#[tokio::test]
async fn connections_are_used_again_and_calls_can_be_spawned() {
    let server = Server::start([]);
    let client = support(&server.url());
    for _ in 0..3 {
        let call = client.describe_services().send();
        tokio::spawn(call)
            .await
            .expect("it does not panic")
            .expect("it is answered");
    }
    assert_eq!((server.received().len(), server.connections()), (3, 1));
}

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
    assert!(error.to_string().contains("AWS_REGION"), "{error}");
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
        assert!(error.to_string().contains("is not encrypted"), "{error}");
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
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[test]
fn redirects_are_not_followed() {
    let target = Server::start([]);
    let location = format!("location: {}/\r\n", target.url());
    let server = Server::start([Answer::response(301, &location, "")]);
    let error = support(&server.url())
        .describe_services()
        .send()
        .wait()
        .expect_err("it is no answer");
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Service, Some(301))
    );
    assert_eq!(target.connections(), 0);
}

#[test]
fn a_refused_connection_is_one_that_was_not_made() {
    // A port that was free a moment ago.
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    drop(listener);
    let error = support(&url)
        .describe_services()
        .send()
        .wait()
        .expect_err("nobody listens");
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(error.is_connect() && error.status().is_none());
    assert!(
        error
            .to_string()
            .starts_with("DescribeServices: no connection to the service: "),
        "{error}"
    );
}

#[test]
fn a_connection_that_closes_before_or_in_the_answer_is_broken() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"services\":".to_vec();
    for bytes in [Vec::new(), head] {
        // As often as anything might try again.
        let server = Server::start(vec![Answer::SendAndClose(bytes); 8]);
        let error = support(&server.url())
            .describe_services()
            .send()
            .wait()
            .expect_err("it broke");
        assert_eq!(error.kind(), ErrorKind::Io, "{error}");
        assert!(!server.received().is_empty());
    }
}

#[test]
fn a_body_that_is_no_json_keeps_its_status() {
    for body in ["garbage", "<html><title>Sign in</title></html>"] {
        let server = Server::start([Answer::response(200, "content-type: text/html\r\n", body)]);
        let error = support(&server.url())
            .describe_services()
            .send()
            .wait()
            .expect_err("it is no JSON");
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Decode, Some(200)),
            "{error}"
        );
    }
}

#[test]
fn a_body_longer_than_the_limit_is_refused_whether_announced_or_not() {
    let body = "x".repeat(1_001);
    let chunked =
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3e9\r\n{body}\r\n0\r\n\r\n");
    for answer in [
        Answer::response(200, "", &body),
        Answer::Send(chunked.into_bytes()),
    ] {
        let server = Server::start([answer]);
        let config = builder(&server.url())
            .response_limit(1_000)
            .build()
            .expect("nothing is missing");
        let error = Client::new(&config)
            .describe_services()
            .send()
            .wait()
            .expect_err("it is too long");
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert!(
            error
                .to_string()
                .contains("longer than the response limit of 1000 bytes"),
            "{error}"
        );
    }
}

#[test]
fn attachments_of_15_megabytes_arrive_intact() {
    let server = Server::start([Answer::response(200, "", r#"{"attachmentSetId":"set-1"}"#)]);
    let data: Vec<u8> = (0..5_000_000_u32)
        .map(|index| (index % 251) as u8)
        .collect();
    let attachment = Attachment::new()
        .data(data.clone())
        .file_name("memory.dump");
    let response = support(&server.url())
        .add_attachments_to_set()
        .attachments([attachment.clone(), attachment.clone(), attachment])
        .send()
        .wait()
        .expect("it is answered");
    assert_eq!(response.attachment_set_id.as_deref(), Some("set-1"));
    let body = &server.received()[0].body;
    assert!(body.len() > 20_000_000);
    let sent: attache_support::operation::AddAttachmentsToSetRequest =
        serde_json::from_slice(body).expect("the body is JSON");
    let attachments = sent.attachments.expect("there are some");
    assert_eq!(attachments.len(), 3);
    for attachment in attachments {
        assert!(
            attachment.data.as_deref() == Some(data.as_slice()),
            "the bytes differ"
        );
    }
}

#[test]
fn a_token_is_filled_in_and_one_that_is_given_kept() {
    let server = Server::start([]);
    let client = security_ir(&server.url());
    let call = || {
        client
            .create_membership()
            .membership_name("ours")
            .incident_response_team([
                IncidentResponder::new("ada@example.com", "lead", "Ada"),
                IncidentResponder::new("bob@example.com", "analyst", "Bob"),
            ])
    };
    for given in [None, None, Some("my-own")] {
        let call = match given {
            Some(token) => call().client_token(token),
            None => call(),
        };
        call.send().wait().expect("it is answered");
    }
    let received = server.received();
    let bodies = received
        .iter()
        .map(|request| serde_json::from_slice(&request.body));
    let bodies: Vec<serde_json::Value> = bodies.map(|body| body.expect("it is JSON")).collect();
    let tokens: Vec<&str> = bodies
        .iter()
        .map(|body| body["clientToken"].as_str().expect("it is there"))
        .collect();
    assert_ne!(tokens[0], tokens[1]);
    assert_eq!(tokens[2], "my-own");
    for token in &tokens[..2] {
        assert_eq!(token.len(), 36);
        for (index, letter) in token.char_indices() {
            match index {
                8 | 13 | 18 | 23 => assert_eq!(letter, '-'),
                14 => assert_eq!(letter, '4', "the version"),
                19 => assert!("89ab".contains(letter), "the variant"),
                _ => assert!(letter.is_ascii_hexdigit() && !letter.is_ascii_uppercase()),
            }
        }
    }
}

#[tokio::test]
async fn giving_a_call_up_midway_leaves_the_client_usable() {
    let server = Server::start([Answer::Hold, Answer::response(200, "", SERVICES)]);
    let client = support(&server.url());
    let call = tokio::spawn(client.describe_services().send());
    let server = tokio::task::spawn_blocking(move || {
        server.wait_for(1);
        server
    })
    .await
    .expect("it arrives");
    call.abort();
    assert!(call.await.expect_err("it was given up").is_cancelled());
    let response = client
        .describe_services()
        .send()
        .await
        .expect("it is answered");
    assert!(response.services.is_some());
    assert_eq!(server.received().len(), 2);
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
        error.to_string(),
        "DescribeServices: no usable credentials: no key in the drawer"
    );
    assert_eq!(server.connections(), 0);
}

#[test]
fn line_breaks_in_labels_are_escaped_and_cannot_add_headers() {
    let server = Server::start([]);
    let client = security_ir(&server.url());
    let evil = "1\r\nx-evil: 1\r\n\r\n";
    // Whether it is refused or escaped, it must not become part of the head.
    let _ = client.get_case().case_id(evil).send().wait();
    let _ = client
        .list_investigations()
        .case_id("1234567890")
        .next_token(evil)
        .send()
        .wait();
    for request in server.received() {
        assert_eq!(request.header("x-evil"), "");
        assert!(
            request.line.contains("%0D%0Ax-evil%3A%201%0D%0A"),
            "{}",
            request.line
        );
    }
}

#[test]
fn a_request_can_be_made_first_and_sent_later() {
    let server = Server::start([]);
    let client = security_ir(&server.url());
    let request = client.list_cases().max_results(3).into_request();
    let same = attache_security_ir::operation::ListCasesRequest {
        max_results: Some(3),
        ..Default::default()
    };
    assert_eq!(request, same);
    client.send(request).wait().expect("it is answered");
    client.send(same.clone()).wait().expect("it is answered");
    for request in server.received() {
        assert_eq!(
            serde_json::from_slice::<serde_json::Value>(&request.body).expect("it is JSON"),
            json!({ "maxResults": 3 })
        );
    }
    let _ = Watcher::new("a@example.com");
}
