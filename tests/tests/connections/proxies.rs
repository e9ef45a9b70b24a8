//! Proxies of the environment. Variables cannot be set safely in a program that runs, so each case is a program of its
//! own: this test, started again.

use std::io::{BufReader, Write};
use std::net::TcpStream;
use std::process::Command;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};

use attache_tests::server::Server;

use super::server::{read_head, serve};
use super::{Over, TRANSPORTS, config, create, current_thread};

/// The variables by which a test tells its child what to do.
const URL: &str = "ATTACHE_TEST_URL";
const OVER: &str = "ATTACHE_TEST_OVER";

/// Answers whatever comes, and tells the first line.
fn proxy() -> (super::server::Server, Receiver<String>) {
    let (sender, lines) = channel();
    let sender = Mutex::new(sender);
    let server = serve(move |mut stream: TcpStream| {
        let sender = sender.lock().expect("no thread panics").clone();
        let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
        while let Some((lines, length)) = read_head(&mut reader) {
            let mut body = vec![0; length];
            std::io::Read::read_exact(&mut reader, &mut body).expect("a body");
            sender.send(lines[0].clone()).expect("the test listens");
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
            stream.write_all(answer).expect("it is read");
        }
    });
    (server, lines)
}

/// Calls a URL in a process with these variables, and gives what it printed.
fn call(over: Over, url: &str, variables: &[(&str, &str)]) -> String {
    let mut child = Command::new(std::env::current_exe().expect("this program"));
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        child.env_remove(name).env_remove(name.to_ascii_uppercase());
    }
    let output = child
        .args(["--exact", "proxies::child", "--ignored", "--nocapture"])
        .env(URL, url)
        .env(OVER, format!("{over:?}"))
        .envs(variables.iter().copied())
        .output()
        .expect("it starts");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
#[ignore = "the other tests of this module start it"]
fn child() {
    let url = std::env::var(URL).expect("the parent says where to");
    let over = match std::env::var(OVER).as_deref() {
        Ok("Reqwest") => Over::Reqwest,
        _ => Over::Hyper,
    };
    let timeout = std::time::Duration::from_millis(500);
    let builder = config(&url).allow_plain_http(true).attempt_timeout(timeout);
    let client = over.client(builder);
    match current_thread().block_on(create(&client)) {
        Ok(()) => println!("answered"),
        Err(error) => println!("{error}"),
    }
}

#[test]
fn this_machine_is_asked_directly_whatever_the_variables_say() {
    let server = Server::start([]);
    let port = server.url().rsplit_once(':').expect("a port").1.to_owned();
    let (proxy, lines) = proxy();
    let (proxy_url, mut calls) = (proxy.url(), 0);
    for over in TRANSPORTS {
        for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
            for host in ["127.0.0.1", "LOCALHOST"] {
                let url = format!("http://{host}:{port}");
                let printed = call(over, &url, &[(name, &proxy_url)]);
                assert!(printed.contains("answered"), "{over:?}, {name}: {printed}");
                calls += 1;
            }
        }
    }
    assert_eq!(server.received().len(), calls);
    assert_eq!(proxy.connections(), 0);
    assert!(lines.try_recv().is_err());
}

/// Only the transport over hyper chooses the proxy itself and can name it.
#[test]
fn an_error_of_a_connection_names_the_proxy_without_its_user() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let closed = listener.local_addr().expect("an address");
    drop(listener);
    let proxy = format!("http://someone:password@{closed}");
    for (url, variable) in [
        ("https://support.invalid", "HTTPS_PROXY"),
        ("http://support.invalid:443", "HTTP_PROXY"),
    ] {
        let printed = call(Over::Hyper, url, &[(variable, &proxy)]);
        let expected = format!("no connection to support.invalid:443 through the proxy {closed}");
        assert!(printed.contains(&expected), "{printed}");
        assert!(!printed.contains("password"), "{printed}");
    }
}

#[test]
fn other_hosts_are_asked_through_the_proxy_unless_no_proxy_names_them() {
    let (proxy, lines) = proxy();
    let proxy_url = proxy.url();
    for over in TRANSPORTS {
        let printed = call(
            over,
            "http://support.invalid:81",
            &[("HTTP_PROXY", &proxy_url)],
        );
        assert!(printed.contains("answered"), "{over:?}: {printed}");
        let line = lines.recv().expect("a line");
        assert_eq!(line, "post http://support.invalid:81/ http/1.1", "{over:?}");
    }
    // Nobody is there: 192.0.2.0/24 is for documentation, and .invalid has no addresses.
    for (url, bypass) in [
        ("http://192.0.2.1:81", "*"),
        ("http://192.0.2.1:81", "192.0.2.1:81"),
        ("http://192.0.2.1:81", "10.0.0.0/8, 192.0.2.0/24"),
        ("http://support.invalid:81", "support.invalid:81"),
        ("http://SUPPORT.invalid", "Support.Invalid"),
        ("http://a.support.invalid", "*.support.invalid"),
    ] {
        for name in ["NO_PROXY", "no_proxy"] {
            let variables = [("HTTP_PROXY", proxy_url.as_str()), (name, bypass)];
            let printed = call(Over::Hyper, url, &variables);
            assert!(!printed.contains("answered"), "{url}, {bypass}: {printed}");
        }
    }
    assert_eq!(proxy.connections(), 2);
}
