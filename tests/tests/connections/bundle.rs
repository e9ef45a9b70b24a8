//! TLS: who vouches for a server, and when that is asked.

use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use attache_support::runtime::FixedEnvironment;
use attache_support::{Client, Config, Credentials, Error, ErrorKind};
use attache_tests::server;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::server::{Server, read_request, serve};
use super::{config, create, current_thread};

/// Somebody who vouches for servers, and whom no platform knows.
pub(crate) type Authority = CertifiedIssuer<'static, KeyPair>;

pub(crate) fn authority() -> Authority {
    let mut parameters = CertificateParams::new(Vec::new()).expect("parameters");
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    CertifiedIssuer::self_signed(parameters, key).expect("a certificate")
}

/// What a server speaks that has a certificate of that authority for that name.
fn encryption(authority: &Authority, name: &str) -> Arc<ServerConfig> {
    let key = KeyPair::generate().expect("a key");
    let parameters = CertificateParams::new([name.to_owned()]).expect("parameters");
    let certificate = parameters
        .signed_by(&key, authority)
        .expect("a certificate");
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider knows TLS")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.into());
    Arc::new(config.expect("the key fits the certificate"))
}

type Encrypted = BufReader<StreamOwned<ServerConnection, TcpStream>>;

fn encrypted(config: &Arc<ServerConfig>, stream: TcpStream) -> Encrypted {
    let connection = ServerConnection::new(config.clone()).expect("a configuration");
    BufReader::new(StreamOwned::new(connection, stream))
}

/// A server with such a certificate. It answers `200 {}`.
pub(crate) fn server(authority: &Authority, name: &str) -> Server {
    let config = encryption(authority, name);
    serve(move |stream: TcpStream| {
        let mut reader = encrypted(&config, stream);
        while read_request(&mut reader) {
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
            if reader.get_mut().write_all(answer).is_err() {
                return;
            }
        }
    })
}

/// The certificate of an authority as files hold it.
pub(crate) fn pem(authority: &Authority) -> String {
    let text = base64_simd::STANDARD.encode_to_string(authority.der());
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

/// A file that only this test has.
pub(crate) fn file(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("the folder for tests can be written");
    path
}

pub(crate) fn https(server: &Server) -> String {
    server.url().replace("http", "https")
}

fn call(client: &Client) -> Result<(), Error> {
    current_thread().block_on(create(client))
}

#[test]
fn a_file_of_certificates_vouches_in_place_of_the_platform() {
    let (ours, other) = (authority(), authority());
    let server = server(&ours, "127.0.0.1");
    let trusting = |pem: &str, name: &str| {
        let path = file(name, pem);
        let config = config(&https(&server)).ca_bundle(path);
        Client::new(&config.build().expect("nothing is missing"))
    };
    let both = format!("# two of them\n{}\n{}", pem(&other), pem(&ours));
    call(&trusting(&both, "both.pem")).expect("one of them vouches");
    for client in [
        trusting(&pem(&other), "other.pem"),
        Client::new(&config(&https(&server)).build().expect("nothing is missing")),
    ] {
        let error = call(&client).expect_err("nobody vouches");
        assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
        assert!(!error.may_have_taken_effect());
    }
    let server = self::server(&ours, "support.example");
    let path = file("ours.pem", &pem(&ours));
    let config = config(&https(&server)).ca_bundle(path).build();
    let error = call(&Client::new(&config.expect("nothing is missing")));
    let error = error.expect_err("it is a certificate for another name");
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
}

#[test]
fn the_variable_goes_before_the_profile_and_code_before_both() {
    let ours = authority();
    let server = server(&ours, "127.0.0.1");
    let (good, bad) = (file("good.pem", &pem(&ours)), file("bad.pem", "nothing"));
    let (good, bad) = (good.to_str().expect("text"), bad.to_str().expect("text"));
    for (variable, profile, code, works) in [
        (Some(good), None, None, true),
        (None, Some(good), None, true),
        (Some(good), Some(bad), None, true),
        (Some(bad), Some(good), None, false),
        (Some(bad), Some(bad), Some(good), true),
        (Some(""), Some(good), None, true),
    ] {
        let case = format!("{variable:?}, {profile:?}, {code:?}");
        let mut environment =
            FixedEnvironment::default().with_variable("AWS_CONFIG_FILE", "/config");
        if let Some(path) = variable {
            environment = environment.with_variable("AWS_CA_BUNDLE", path);
        }
        let setting = profile.map(|path| format!("ca_bundle = {path}\n"));
        let text = format!("[default]\n{}", setting.unwrap_or_default());
        environment = environment.with_file("/config", text);
        let mut builder = Config::builder()
            .region("us-east-1")
            .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
            .endpoint_url(https(&server));
        if let Some(path) = code {
            builder = builder.ca_bundle(path);
        }
        let config = builder.from_environment(environment).expect(&case);
        let result = call(&Client::new(&config.build().expect(&case)));
        assert_eq!(result.is_ok(), works, "{case}: {result:?}");
    }
}

#[test]
fn a_file_that_cannot_be_used_is_named_once_and_only_where_it_is_needed() {
    let encrypted = server(&authority(), "127.0.0.1");
    let plain = server::Server::start([]);
    let garbage = "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n";
    let no_der = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (name, text, problem) in [
        ("empty.pem", Some(""), "holds no certificate"),
        ("text.pem", Some("no certificate\n"), "holds no certificate"),
        ("garbage.pem", Some(garbage), "is not PEM"),
        ("no-der.pem", Some(no_der), "holds no certificate"),
        ("missing.pem", None, "cannot be read"),
    ] {
        let path = match text {
            Some(text) => file(name, text),
            None => Path::new(env!("CARGO_TARGET_TMPDIR")).join(name),
        };
        let client = |url: &str| {
            let config = config(url).ca_bundle(&path).max_attempts(3).build();
            Client::new(&config.expect("the file is not read yet"))
        };
        let error = call(&client(&https(&encrypted))).expect_err("it cannot be used");
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
        let message = format!("{error:#}");
        assert!(
            message.contains(name) && message.contains(problem),
            "{message}"
        );
        assert_eq!(
            (error.attempts(), error.may_have_taken_effect()),
            (1, false)
        );
        call(&client(&plain.url())).expect("nothing is encrypted");
    }
}

/// It is read as every other file that a setting names.
#[test]
fn the_path_of_a_setting_is_expanded_and_must_lead_to_a_regular_file() {
    let ours = authority();
    let server = server(&ours, "127.0.0.1");
    let good = file("expanded.pem", &pem(&ours));
    let folder = good.parent().expect("it is in a folder");
    let folder = folder.to_str().expect("text");
    for (variable, profile, problem) in [
        (Some("$CERTIFICATES/expanded.pem"), None, ""),
        (None, Some("${CERTIFICATES}/expanded.pem"), ""),
        (Some("~/expanded.pem"), None, ""),
        #[cfg(unix)]
        (Some("/dev/zero"), None, "only regular files are read"),
    ] {
        let setting = profile.map(|path| format!("ca_bundle = {path}\n"));
        let environment = FixedEnvironment::default()
            .with_variable("HOME", folder)
            .with_variable("CERTIFICATES", folder)
            .with_variable("AWS_CA_BUNDLE", variable.unwrap_or_default())
            .with_variable("AWS_CONFIG_FILE", "/config")
            .with_file(
                "/config",
                format!("[default]\n{}", setting.unwrap_or_default()),
            );
        let builder = Config::builder()
            .region("us-east-1")
            .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
            .endpoint_url(https(&server));
        let config = builder
            .from_environment(environment)
            .expect("it is in order");
        let result = call(&Client::new(&config.build().expect("nothing is missing")));
        match result {
            Ok(_) => assert_eq!(problem, "", "{variable:?}, {profile:?}"),
            Err(error) => assert!(
                !problem.is_empty() && format!("{error:#}").contains(problem),
                "{error}"
            ),
        }
    }
}

#[test]
fn a_body_that_is_refused_early_is_answered_over_tls_too() {
    let ours = authority();
    let encryption = encryption(&ours, "127.0.0.1");
    let server = serve(move |stream: TcpStream| {
        // An answer that still waits in the server when it resets the connection is lost before it is sent.
        stream.set_nodelay(true).expect("it is open");
        let mut reader = encrypted(&encryption, stream);
        let _ = super::server::read_head(&mut reader);
        let answer = b"HTTP/1.1 403 No\r\ncontent-length: 21\r\n\r\n{\"__type\":\"TooLarge\"}";
        let _ = reader.get_mut().write_all(answer);
    });
    let path = file("early.pem", &pem(&ours));
    let config = super::config(&https(&server)).ca_bundle(path).build();
    let client = Client::new(&config.expect("nothing is missing"));
    for _ in 0..5 {
        let error = super::unread::upload(&client).expect_err("it is refused");
        assert_eq!(
            (error.status(), error.code()),
            (Some(403), Some("TooLarge")),
            "{error}"
        );
    }
}

/// A server reads the end of an encrypted connection as an error unless it was announced.
#[test]
fn an_idle_connection_is_closed_in_order() {
    let ours = authority();
    let encryption = encryption(&ours, "127.0.0.1");
    let (sender, ends) = std::sync::mpsc::channel();
    let sender = std::sync::Mutex::new(sender);
    let server = serve(move |stream: TcpStream| {
        let mut reader = encrypted(&encryption, stream);
        assert!(read_request(&mut reader), "a request arrives");
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
        reader.get_mut().write_all(answer).expect("it is read");
        let end = reader.read(&mut [0]).map_err(|error| error.kind());
        let sender = sender.lock().expect("no thread panics");
        sender.send(end).expect("the test waits");
    });
    let path = file("order.pem", &pem(&ours));
    let config = config(&https(&server)).ca_bundle(path).build();
    let client = Client::new(&config.expect("nothing is missing"));
    call(&client).expect("it is answered");
    // One that waits longer than it may be used.
    assert_eq!(ends.recv().expect("it ends"), Ok(0));
    call(&client).expect("it is answered");
    drop(client);
    assert_eq!(ends.recv().expect("it ends"), Ok(0));
}
