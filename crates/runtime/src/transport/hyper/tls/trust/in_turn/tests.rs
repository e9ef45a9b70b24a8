//! Which of the two verifiers decides. The certificates are those of an authority and of a server at 127.0.0.1 that it
//! has signed, valid until the year 4096; their keys were deleted.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, Error};

use super::{InTurn, Whole};

const AUTHORITY: &[u8] = b"-----BEGIN CERTIFICATE-----
MIIBlzCCAT6gAwIBAgIUcQUmo9Jr4qa6+l3v+fFFHgVXxA0wCgYIKoZIzj0EAwIw
KTEnMCUGA1UEAwweYXV0aG9yaXR5IG9mIG9uZSBiZW5jaG1hcmsgcnVuMCAXDTc1
MDEwMTAwMDAwMFoYDzQwOTYwMTAxMDAwMDAwWjApMScwJQYDVQQDDB5hdXRob3Jp
dHkgb2Ygb25lIGJlbmNobWFyayBydW4wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AASDSvzHwj1wA7EL2DqeshfjKIWjYoEbFvp/fS/o3QqNGJ5jogAr9/4kPR2P6rzB
+KEBtSrtumNxb5JD/Y4nnE+Co0IwQDAOBgNVHQ8BAf8EBAMCAQYwHQYDVR0OBBYE
FOuJSWA/wrGP/yBSktdlkR3OLCgkMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0E
AwIDRwAwRAIgfJ7idlyxo1EAcXbOzhykvPmIKrF1KdaaVudTsQULHRcCIHSTHfaK
dzb8pOZhlWKwi028lPFS4FtG2TGGekuW8OkK
-----END CERTIFICATE-----
";
const SERVER: &[u8] = b"-----BEGIN CERTIFICATE-----
MIIBrTCCAVKgAwIBAgIUbC5WxgDguFuJ3iP4c44QLHJ0TSgwCgYIKoZIzj0EAwIw
KTEnMCUGA1UEAwweYXV0aG9yaXR5IG9mIG9uZSBiZW5jaG1hcmsgcnVuMCAXDTc1
MDEwMTAwMDAwMFoYDzQwOTYwMTAxMDAwMDAwWjAmMSQwIgYDVQQDDBtzZXJ2ZXIg
b2Ygb25lIGJlbmNobWFyayBydW4wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASk
Us3CvrE+7xdZBe7bH8t/pikOcocyQ3Yyfx2PYk4Ap432jJ8sHnbc+gPR1x/BQCzg
KeiG4tb2bLDQmUcK05klo1kwVzAfBgNVHSMEGDAWgBTriUlgP8Kxj/8gUpLXZZEd
ziwoJDAPBgNVHREECDAGhwR/AAABMA4GA1UdDwEB/wQEAwIHgDATBgNVHSUEDDAK
BggrBgEFBQcDATAKBggqhkjOPQQDAgNJADBGAiEAliYjbwlzksi7etJkSnXVHIoo
K527j/BXprq09SzJYE8CIQC32A2etU6EOFC9dXEg9HhBn7cn4xjGlioGeYs6HJf1
kQ==
-----END CERTIFICATE-----
";

fn provider() -> Arc<CryptoProvider> {
    #[cfg(feature = "rustls-ring")]
    let provider = rustls::crypto::ring::default_provider();
    #[cfg(not(feature = "rustls-ring"))]
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    Arc::new(provider)
}

fn certificate(pem: &[u8]) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem).expect("a certificate")
}

/// Whether the server is trusted when a verifier with the first certificate asks this other one.
fn verify(first: &[u8], make: Whole, name: &str) -> (InTurn, Result<ServerCertVerified, Error>) {
    let verifier =
        InTurn::new(vec![certificate(first)], &provider(), make).expect("it can be used");
    let name = ServerName::try_from(name.to_owned()).expect("a name");
    let now = UnixTime::since_unix_epoch(Duration::from_secs(1_800_000_000));
    let result = verifier.verify_server_cert(&certificate(SERVER), &[], &name, &[], now);
    (verifier, result)
}

fn refused(_: Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    Err(Error::General("it cannot be made".to_owned()))
}

fn knowing(provider: Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let knows = InTurn::new(vec![certificate(AUTHORITY)], &provider, refused);
    Ok(Arc::new(knows.expect("it can be used")))
}

fn ignorant(provider: Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate(SERVER)).expect("it can be used");
    let verifier =
        rustls::client::WebPkiServerVerifier::builder_with_provider(roots.into(), provider);
    Ok(verifier.build().expect("there is a certificate"))
}

#[test]
fn the_other_is_not_made_for_a_server_that_the_first_accepts() {
    let (verifier, result) = verify(AUTHORITY, refused, "127.0.0.1");
    assert!(result.is_ok(), "{result:?}");
    assert!(verifier.whole.get().is_none());
}

#[test]
fn the_other_decides_about_every_other_server() {
    // A certificate of a server is no authority for it.
    let (verifier, result) = verify(SERVER, knowing, "127.0.0.1");
    assert!(result.is_ok(), "{result:?}");
    assert!(verifier.whole.get().is_some());
    let (_, result) = verify(SERVER, ignorant, "127.0.0.1");
    assert_eq!(
        result.expect_err("the issuer is not known"),
        Error::InvalidCertificate(CertificateError::UnknownIssuer)
    );
    let (_, result) = verify(AUTHORITY, ignorant, "127.0.0.2");
    assert_eq!(
        result.expect_err("it is another address"),
        Error::InvalidCertificate(CertificateError::UnknownIssuer)
    );
}

#[test]
fn without_the_other_the_error_of_the_first_is_reported() {
    let (_, result) = verify(SERVER, refused, "127.0.0.1");
    assert_eq!(
        result.expect_err("the issuer is not known"),
        Error::InvalidCertificate(CertificateError::UnknownIssuer)
    );
}

#[test]
fn certificates_that_cannot_be_used_make_no_verifier() {
    assert!(InTurn::new(Vec::new(), &provider(), refused).is_none());
    let garbage = CertificateDer::from(b"no certificate".to_vec());
    assert!(InTurn::new(vec![garbage], &provider(), refused).is_none());
}
