//! All certificates that the platform trusts, from its file and its folders.
//!
//! This is what `rustls-platform-verifier` does on the same platforms, without that crate and its messages for the crate `log`.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::{Error, OtherError, RootCertStore};
use rustls_native_certs::CertificateResult;

/// The verifier that knows all of them.
///
/// # Errors
/// There is none.
pub(super) fn verifier(
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let roots = roots(rustls_native_certs::load_native_certs())?;
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
    match verifier.build() {
        Ok(verifier) => Ok(verifier),
        Err(error) => Err(Error::Other(OtherError(Arc::new(error)))),
    }
}

/// A file that cannot be read, and a certificate that rustls cannot use, are left out: a platform may have some that are
/// too old.
fn roots(found: CertificateResult) -> Result<RootCertStore, Error> {
    let is_nothing_found = found.certs.is_empty();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if !roots.is_empty() {
        return Ok(roots);
    }
    let problem = match found.errors.first() {
        Some(error) if is_nothing_found => format!(" ({error})"),
        _ => String::new(),
    };
    Err(Error::General(format!(
        "the platform has no certificates that can be used{problem}: install them, or name a file with `SSL_CERT_FILE` or \
         `AWS_CA_BUNDLE`"
    )))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rustls::pki_types::CertificateDer;
    use rustls_native_certs::{CertificateResult, load_certs_from_paths};

    use super::roots;

    #[test]
    fn without_certificates_the_first_problem_is_reported() {
        let nothing = roots(CertificateResult::default()).expect_err("there are none");
        assert_eq!(
            nothing.to_string(),
            "unexpected error: the platform has no certificates that can be used: install them, or name a file with \
             `SSL_CERT_FILE` or `AWS_CA_BUNDLE`"
        );
        let found = load_certs_from_paths(Some(Path::new("no/such/file")), None);
        let unreadable = roots(found).expect_err("there are none").to_string();
        assert!(unreadable.contains("no/such/file"), "{unreadable}");
        let mut found = CertificateResult::default();
        found.certs.push(CertificateDer::from(b"none".to_vec()));
        assert!(roots(found).is_err());
    }
}
