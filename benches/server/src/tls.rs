//! TLS of the server: certificates that are made for one run, and a ledger of the handshakes.
//!
//! An authority signs the certificate of the server, as those of real services are signed. Its own certificate goes into
//! a file, which the clients must trust: a client that does not verify cannot be told from one that does, but one that
//! is not given the file fails. Nothing of it is kept beyond the run except the public certificate.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, SanType,
};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::server::{Acceptor, ClientHello};
use rustls::{ServerConfig, ServerConnection};
use tokio::net::TcpStream;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use crate::Failure;

/// The one protocol that the server speaks over TLS.
const PROTOCOL: &[u8] = b"http/1.1";

/// The settings of all connections, and what was agreed on in each.
pub(crate) struct Tls {
    config: Arc<ServerConfig>,
    handshakes: Mutex<BTreeMap<String, u64>>,
}

impl Tls {
    /// Makes an authority and a certificate for the loopback address, and writes the certificate of the authority to a
    /// file in the format PEM.
    pub(crate) fn new(authority_file: &Path) -> Result<Self, Failure> {
        let authority = CertifiedIssuer::self_signed(authority(), KeyPair::generate()?)?;
        let key = KeyPair::generate()?;
        let certificate = leaf().signed_by(&key, &authority)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )?;
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        std::fs::write(authority_file, pem(authority.der()))
            .map_err(|error| format!("could not write {}: {error}", authority_file.display()))?;
        Ok(Self {
            config: Arc::new(config),
            handshakes: Mutex::default(),
        })
    }

    /// Makes the handshake of a connection, and notes it.
    pub(crate) async fn accept(&self, stream: TcpStream) -> Result<TlsStream<TcpStream>, Failure> {
        let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
        let offered = offered(&start.client_hello());
        let stream = start.into_stream(Arc::clone(&self.config)).await?;
        let line = agreed(stream.get_ref().1, &offered);
        let mut handshakes = self
            .handshakes
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *handshakes.entry(line).or_default() += 1;
        Ok(stream)
    }

    /// A line of JSON for each kind of handshake, with the number of those.
    pub(crate) fn ledger(&self) -> String {
        let handshakes = self
            .handshakes
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        handshakes
            .iter()
            .fold(String::new(), |mut text, (line, count)| {
                let _ = writeln!(text, r#"{{{line},"handshakes":{count}}}"#);
                text
            })
    }
}

fn authority() -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters
        .distinguished_name
        .push(DnType::CommonName, "authority of one benchmark run");
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    parameters
}

fn leaf() -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters
        .distinguished_name
        .push(DnType::CommonName, "server of one benchmark run");
    parameters.subject_alt_names = vec![SanType::IpAddress(Ipv4Addr::LOCALHOST.into())];
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    parameters.use_authority_key_identifier_extension = true;
    parameters
}

/// A certificate in the format PEM.
fn pem(certificate: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(certificate);
    let mut lines = String::from("-----BEGIN CERTIFICATE-----\n");
    for line in text.as_bytes().chunks(64) {
        lines.push_str(&String::from_utf8_lossy(line));
        lines.push('\n');
    }
    lines.push_str("-----END CERTIFICATE-----\n");
    lines
}

/// The protocols that the client offers, in its order.
fn offered(hello: &ClientHello<'_>) -> String {
    let names = hello.alpn().map(|protocols| {
        let names: Vec<_> = protocols.map(String::from_utf8_lossy).collect();
        names.join(" ")
    });
    // The text becomes a string of JSON, and a client may send any bytes.
    let mut names = names.unwrap_or_default();
    names.retain(|character| {
        character.is_ascii_graphic() && !matches!(character, '"' | '\\') || character == ' '
    });
    names
}

/// What a finished handshake agreed on, as members of a JSON object.
fn agreed(connection: &ServerConnection, offered: &str) -> String {
    let name = |text: Option<String>| text.unwrap_or_default();
    let version = name(
        connection
            .protocol_version()
            .map(|version| format!("{version:?}")),
    );
    let suite = name(
        connection
            .negotiated_cipher_suite()
            .map(|suite| format!("{:?}", suite.suite())),
    );
    let group = name(
        connection
            .negotiated_key_exchange_group()
            .map(|group| format!("{:?}", group.name())),
    );
    let kind = name(connection.handshake_kind().map(|kind| format!("{kind:?}")));
    let protocol = String::from_utf8_lossy(connection.alpn_protocol().unwrap_or_default());
    format!(
        r#""version":"{version}","suite":"{suite}","group":"{group}","kind":"{kind}","offered":"{offered}","protocol":"{protocol}""#
    )
}
