//! TLS of downloads: rustls with ring, which is built without another compiler, and the certificates of the platform.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// The settings of a client. `certificates` is a PEM file of authorities that are trusted besides those of the platform.
///
/// # Errors
/// A file of certificates that cannot be read.
pub(super) fn client(certificates: Option<&Path>) -> Result<rustls::ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let extra = match certificates {
        Some(path) => authorities(path)?,
        None => Vec::new(),
    };
    let verifier =
        rustls_platform_verifier::Verifier::new_with_extra_roots(extra, provider.clone())
            .context("the certificates of this machine cannot be read")?;
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(config)
}

fn authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let unreadable = || format!("could not read the certificates in {}", path.display());
    let text = fs::read(path).with_context(unreadable)?;
    let found: Vec<_> = CertificateDer::pem_slice_iter(&text)
        .collect::<std::result::Result<_, _>>()
        .map_err(|error| anyhow!("{error}"))
        .with_context(unreadable)?;
    if found.is_empty() {
        bail!("{} holds no certificates", path.display());
    }
    Ok(found)
}
