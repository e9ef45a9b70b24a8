//! A verifier that leaves each server that it does not accept to another one.

use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

/// Makes the other verifier.
type Whole = fn(Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, Error>;

/// It accepts a server whose certificate one of its certificates signs. For every other server the other verifier decides, which knows
/// these certificates too, and whose error is the one that the caller sees.
#[derive(Debug)]
pub(super) struct InTurn {
    first: Arc<WebPkiServerVerifier>,
    whole: OnceLock<Arc<dyn ServerCertVerifier>>,
    make: Whole,
    provider: Arc<CryptoProvider>,
}

impl InTurn {
    /// `None` if none of the certificates can be used.
    pub(super) fn new(
        certificates: Vec<CertificateDer<'static>>,
        provider: &Arc<CryptoProvider>,
        make: Whole,
    ) -> Option<Self> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(certificates);
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider));
        Some(Self {
            first: verifier.build().ok()?,
            whole: OnceLock::new(),
            make,
            provider: Arc::clone(provider),
        })
    }

    fn whole(&self) -> Result<&dyn ServerCertVerifier, Error> {
        if let Some(whole) = self.whole.get() {
            return Ok(&**whole);
        }
        let whole = (self.make)(Arc::clone(&self.provider))?;
        Ok(&**self.whole.get_or_init(|| whole))
    }
}

impl ServerCertVerifier for InTurn {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verify = |verifier: &dyn ServerCertVerifier| {
            verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
        };
        match verify(&*self.first) {
            Ok(verified) => Ok(verified),
            // If there is no other verifier, the reason of the first one helps more.
            Err(error) => self.whole().map_or(Err(error), verify),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.first
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.first
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.first.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests;
