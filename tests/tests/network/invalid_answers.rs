//! How a client reports answers that are none.

use attache_support::{Client, ErrorKind};
use attache_tests::server::{Answer, Server};

use crate::{builder, support};

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
        format!("{error:#}").starts_with(&format!(
            "DescribeServices: no connection to {} (after 3 attempts): ",
            url.trim_start_matches("http://")
        )),
        "{error:#}"
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
            format!("{error:#}").contains("longer than the response limit of 1000 bytes"),
            "{error}"
        );
    }
}
