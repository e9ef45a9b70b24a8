//! The services that give credentials to machines and containers: no proxy is on the way to them, and a token goes to
//! nobody whom they name in a redirect.
//!
//! Proxies are read from the environment of the process, so that each case with one is a program of its own.

use std::io::{BufReader, Write};
use std::net::TcpStream;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use attache_support::runtime::FixedEnvironment;
use attache_support::{Client, Config};

use super::server::{Server, read_head, serve};
use super::{create, current_thread};

/// The variable by which a test tells its child where credentials come from.
const SOURCE: &str = "ATTACHE_TEST_SOURCE";

/// Where credentials come from: variables of the environment that the client reads. Nobody has these hosts.
const SOURCES: [(&str, &str); 2] = [
    (
        "AWS_EC2_METADATA_SERVICE_ENDPOINT",
        "http://metadata.invalid",
    ),
    (
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "https://container.invalid/credentials",
    ),
];

/// What a call says that has to ask for credentials first; it never gets as far as the service.
fn ask(variables: &[(&str, &str)]) -> String {
    let mut environment =
        FixedEnvironment::default().with_variable("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "1");
    for (name, value) in variables {
        environment = environment.with_variable(*name, *value);
    }
    let config = Config::builder()
        .region("us-east-1")
        .endpoint_url("http://127.0.0.1:9")
        .max_attempts(1)
        .from_environment(environment)
        .expect("the settings are fine");
    let client = Client::new(&config.build().expect("nothing is missing"));
    let error = current_thread().block_on(create(&client));
    format!("{:#}", error.expect_err("there are no credentials"))
}

#[test]
#[ignore = "the other test of this module starts it"]
fn child() {
    let source = std::env::var(SOURCE).expect("the parent says which");
    let source = SOURCES.iter().find(|(name, _)| *name == source);
    println!("{}", ask(&[*source.expect("it is known")]));
}

#[test]
fn no_proxy_of_the_environment_is_asked_for_credentials() {
    let proxy = serve(|mut stream: TcpStream| {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
        // Whoever asked may be gone already.
        let _ = stream.write_all(answer);
    });
    for (name, url) in SOURCES {
        let mut child = Command::new(std::env::current_exe().expect("this program"));
        for variable in ["http_proxy", "https_proxy", "all_proxy"] {
            child.env(variable, proxy.url());
            child.env(variable.to_ascii_uppercase(), proxy.url());
        }
        let output = child
            .env_remove("no_proxy")
            .env_remove("NO_PROXY")
            .env(SOURCE, name)
            .args(["--exact", "metadata::child", "--ignored", "--nocapture"])
            .output()
            .expect("it starts");
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{name}: {printed}");
        let host = url.split('/').nth(2).expect("a host");
        assert!(printed.contains(host), "{name}: {printed}");
        assert_eq!(proxy.connections(), 0, "{name}");
    }
}

/// A server that answers each request by its first line, in lower case, and counts them.
fn answering(
    answer: impl Fn(&str) -> String + Send + Sync + 'static,
) -> (Server, Arc<AtomicUsize>) {
    let requests = Arc::new(AtomicUsize::new(0));
    let count = requests.clone();
    let server = serve(move |mut stream: TcpStream| {
        let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
        while let Some((lines, _)) = read_head(&mut reader) {
            count.fetch_add(1, Ordering::SeqCst);
            let (head, body) = ("content-length", answer(&lines[0]));
            let (status, body) = body.split_once('\n').expect("a status and a body");
            let text = format!("HTTP/1.1 {status}\r\n{head}: {}\r\n\r\n{body}", body.len());
            if stream.write_all(text.as_bytes()).is_err() {
                return;
            }
        }
    });
    (server, requests)
}

#[test]
fn a_redirect_is_not_followed_with_the_token() {
    for status in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary",
        "308 Permanent",
    ] {
        let other = serve(|_| {});
        let redirect = format!("{status}\r\nlocation: {}/elsewhere\n", other.url());

        let (instance, requests) = answering({
            let redirect = redirect.clone();
            move |line| match line.starts_with("put ") {
                true => "200 OK\nsession-token".to_owned(),
                false => redirect.clone(),
            }
        });
        let url = instance.url();
        let error = ask(&[("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url)]);
        assert!(requests.load(Ordering::SeqCst) >= 2, "{status}: {error}");

        let (container, requests) = answering(move |_| redirect.clone());
        let url = format!("{}/credentials", container.url());
        let error = ask(&[
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", &url),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "secret-token"),
        ]);
        assert!(requests.load(Ordering::SeqCst) >= 1, "{status}: {error}");
        assert!(!error.contains("secret-token"), "{error}");
        assert_eq!(other.connections(), 0, "{status}");
    }
}
