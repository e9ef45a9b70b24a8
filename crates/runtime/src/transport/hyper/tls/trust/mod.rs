//! The verifier of the platform.
//!
//! `rustls-platform-verifier` decides which server is trusted. On Linux and its like it reads every certificate of the
//! platform twice, from one file and from a folder with a file for each, which is nine tenths of the CPU time of a process
//! that makes one call. Therefore the file alone is read first, and the rest only for a server whose certificate it does not verify.

#[cfg(all(unix, not(target_vendor = "apple"), not(target_os = "android")))]
mod file;
#[cfg(all(unix, not(target_vendor = "apple"), not(target_os = "android")))]
mod in_turn;

use std::sync::Arc;

use rustls::Error;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls_platform_verifier::Verifier;

/// The verifier of all certificates that the platform trusts.
///
/// # Errors
/// There are no such certificates.
pub(super) fn platform(
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    #[cfg(all(unix, not(target_vendor = "apple"), not(target_os = "android")))]
    if let Some(verifier) = in_turn::InTurn::new(file::certificates(), &provider, whole) {
        return Ok(Arc::new(verifier));
    }
    whole(provider)
}

fn whole(provider: Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    Ok(Arc::new(Verifier::new(provider)?))
}
