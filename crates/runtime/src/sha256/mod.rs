//! SHA-256 (FIPS 180-4), by code that the application has in any case.
//!
//! ring has it where ring does TLS, which is the default. The crate sha2 has it where the feature `sha2` or another one brings
//! that crate. Else [`portable`] has it, because a feature can add a dependency but not replace one.

#[cfg(any(test, not(any(feature = "rustls-ring", feature = "sha2"))))]
mod portable;
#[cfg(test)]
mod tests;

#[cfg(feature = "rustls-ring")]
type Chosen = ring::digest::Context;
#[cfg(all(feature = "sha2", not(feature = "rustls-ring")))]
type Chosen = sha2::Sha256;
#[cfg(not(any(feature = "rustls-ring", feature = "sha2")))]
type Chosen = portable::Portable;

/// The length of a hash in bytes.
const LENGTH: usize = 32;

/// A hash, as far as it was fed. A copy continues from there.
#[derive(Clone)]
pub(crate) struct Sha256(Chosen);

impl Sha256 {
    /// The hash of no bytes yet.
    pub(crate) fn new() -> Self {
        Self(Backend::start())
    }

    /// The hash of these bytes, to which more can be added.
    pub(crate) fn new_with_prefix(bytes: &[u8]) -> Self {
        let mut hash = Self::new();
        hash.update(bytes);
        hash
    }

    /// Adds bytes.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        Backend::add(&mut self.0, bytes);
    }

    /// The hash of all bytes.
    pub(crate) fn finalize(self) -> [u8; LENGTH] {
        Backend::end(self.0)
    }

    /// The hash of these bytes.
    pub(crate) fn digest(bytes: &[u8]) -> [u8; LENGTH] {
        Self::new_with_prefix(bytes).finalize()
    }
}

/// What computes a hash. Its methods have no names that a library has.
trait Backend: Clone {
    fn start() -> Self;
    fn add(&mut self, bytes: &[u8]);
    fn end(self) -> [u8; LENGTH];
}

#[cfg(feature = "rustls-ring")]
impl Backend for ring::digest::Context {
    fn start() -> Self {
        Self::new(&ring::digest::SHA256)
    }

    fn add(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }

    fn end(self) -> [u8; LENGTH] {
        let mut hash = [0; LENGTH];
        hash.copy_from_slice(self.finish().as_ref());
        hash
    }
}

// The tests have the crate always.
#[cfg(any(test, all(feature = "sha2", not(feature = "rustls-ring"))))]
impl Backend for sha2::Sha256 {
    fn start() -> Self {
        sha2::Digest::new()
    }

    fn add(&mut self, bytes: &[u8]) {
        sha2::Digest::update(self, bytes);
    }

    fn end(self) -> [u8; LENGTH] {
        sha2::Digest::finalize(self).into()
    }
}
