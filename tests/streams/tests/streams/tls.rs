//! HTTP/2 that client and server agree on while they set up TLS (ALPN, RFC 7301).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use attache_runtime::event_stream::EventInput;
use attache_runtime::{ConfigBuilder, ErrorKind};
use attache_stream_tests::{Request, Response, Version, converse};
use golden_streams::Client;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

use crate::both::{echo, talk_with};
use crate::stage::{Impatient, config};

type Authority = CertifiedIssuer<'static, KeyPair>;

/// Vouches for the server. No platform knows it.
fn authority() -> Authority {
    let mut parameters = CertificateParams::new(Vec::new()).expect("parameters");
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    CertifiedIssuer::self_signed(parameters, key).expect("a certificate")
}

/// A server for this machine that offers these protocols.
fn encryption(authority: &Authority, protocols: &[&str]) -> TlsAcceptor {
    let key = KeyPair::generate().expect("a key");
    let parameters = CertificateParams::new(["127.0.0.1".to_owned()]).expect("parameters");
    let certificate = parameters.signed_by(&key, authority);
    let certificate = certificate.expect("a certificate").der().clone();
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider knows TLS")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key.into())
        .expect("the key fits the certificate");
    config.alpn_protocols = protocols
        .iter()
        .map(|name| name.as_bytes().to_vec())
        .collect();
    TlsAcceptor::from(Arc::new(config))
}

/// The certificate of the authority as a file, which only this test has.
fn bundle(authority: &Authority, name: &str) -> PathBuf {
    let text = base64_simd::STANDARD.encode_to_string(authority.der());
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let text = format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n");
    std::fs::write(&path, text).expect("the folder for tests can be written");
    path
}

/// Serves with TLS. Returns the configuration of its clients, and what each connection agreed on.
async fn serve(
    name: &str,
    protocols: &[&str],
) -> (ConfigBuilder, mpsc::UnboundedReceiver<Option<Vec<u8>>>) {
    let authority = authority();
    let acceptor = encryption(&authority, protocols);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await;
    let listener = listener.expect("a port of this machine");
    let address = listener.local_addr().expect("it has an address");
    let (agreed, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let Ok(socket) = acceptor.accept(socket).await else {
                continue;
            };
            let protocol = socket.get_ref().1.alpn_protocol().map(<[u8]>::to_vec);
            let version = match protocol.as_deref() {
                Some(b"h2") => Version::Http2,
                _ => Version::Http1,
            };
            let _ = agreed.send(protocol);
            tokio::spawn(converse(version, socket, Arc::new(answer)));
        }
    });
    let config = config(address)
        .endpoint_url(format!("https://{address}"))
        .ca_bundle(bundle(&authority, name));
    (config, receiver)
}

async fn answer(request: Request) -> Response {
    assert_eq!(
        request.version(),
        http::Version::HTTP_2,
        "nothing else may arrive"
    );
    echo(request).await
}

#[tokio::test]
async fn a_server_that_offers_http2_is_spoken_to_in_it() {
    for (name, offered) in [("h2.pem", &["h2"][..]), ("both.pem", &["http/1.1", "h2"])] {
        let (config, mut agreed) = serve(name, offered).await;
        talk_with(config).await;
        let protocol = agreed.recv().await.expect("there was a connection");
        assert_eq!(protocol.as_deref(), Some(&b"h2"[..]), "{offered:?}");
        assert!(agreed.try_recv().is_err(), "one connection is enough");
    }
}

#[tokio::test]
async fn a_server_that_does_not_offer_http2_gets_nothing_and_is_named() {
    for (name, offered) in [("http1.pem", &["http/1.1"][..]), ("none.pem", &[])] {
        let (config, mut agreed) = serve(name, offered).await;
        let config = config.timer(Impatient { stalls: false }).build();
        let client = Client::new(&config.expect("it is complete"));
        let call = client.converse().room("a").events(EventInput::default());
        let error = call.send().await.expect_err("there is no HTTP/2");
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error:?}");
        let text = format!("{error:#}");
        assert!(
            text.contains("needs HTTP/2") && text.contains("does not offer it"),
            "{text}"
        );
        assert!(!error.may_have_taken_effect(), "{text}");
        let agreed = agreed.try_recv().ok().flatten();
        assert_eq!(agreed, None, "they agree on nothing");
    }
}
