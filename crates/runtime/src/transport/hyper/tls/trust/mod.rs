//! The verifier of the platform.
//!
//! On macOS, Windows and Android the platform decides which server is trusted, and `rustls-platform-verifier` asks it.
//! On Linux and its like there are only certificates: in one file, and in a folder with a file for each. To read both is nine
//! tenths of the CPU time of a process that makes one call. Therefore the file alone is read first, and the rest only for a
//! server whose certificate it does not verify.

#[cfg(all(unix, not(target_vendor = "apple"), not(target_os = "android")))]
mod file;
#[cfg(all(unix, not(target_vendor = "apple"), not(target_os = "android")))]
mod in_turn;
#[cfg(all(unix, not(target_vendor = "apple"), not(target_os = "android")))]
mod whole;

use std::sync::Arc;

use rustls::Error;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;

/// The verifier of all certificates that the platform trusts.
///
/// # Errors
/// There are no such certificates.
#[cfg(all(unix, not(target_vendor = "apple"), not(target_os = "android")))]
#[inline(never)]
pub(super) fn platform(
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    match in_turn::InTurn::new(file::certificates(), &provider, whole::verifier) {
        Some(verifier) => Ok(Arc::new(verifier)),
        None => whole::verifier(provider),
    }
}

/// The verifier of the platform.
///
/// # Errors
/// The platform has none.
#[cfg(not(all(unix, not(target_vendor = "apple"), not(target_os = "android"))))]
pub(super) fn platform(
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    Ok(Arc::new(rustls_platform_verifier::Verifier::new(provider)?))
}
