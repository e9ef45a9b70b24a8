//! The algorithms of checksums.
//!
//! `crc32fast` computes CRC32, which most requests have, with the instructions of the processor. `crc` computes the others
//! with tables, without unsafe code. `twox-hash` computes the hashes of the XXH family for the services that list them. A
//! checksum of theirs is written as the canonical form has it: the most significant byte first.

#[cfg(feature = "xxhash")]
use std::hash::Hasher;

use http::HeaderName;
use sha2::digest::Digest as _;
#[cfg(feature = "xxhash")]
use twox_hash::{XxHash64, xxhash3_64, xxhash3_128};

use crate::sha256::Sha256;

/// An algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Sha1,
    Sha256,
    Sha512,
    #[cfg(feature = "xxhash")]
    Xxhash64,
    #[cfg(feature = "xxhash")]
    Xxhash3,
    #[cfg(feature = "xxhash")]
    Xxhash128,
}

/// The algorithms, the one first that is verified before the others: the order of botocore.
pub(super) const BY_PRIORITY: &[Algorithm] = &[
    #[cfg(feature = "xxhash")]
    Algorithm::Xxhash128,
    #[cfg(feature = "xxhash")]
    Algorithm::Xxhash3,
    Algorithm::Crc64Nvme,
    #[cfg(feature = "xxhash")]
    Algorithm::Xxhash64,
    Algorithm::Crc32c,
    Algorithm::Crc32,
    Algorithm::Sha1,
    Algorithm::Sha256,
    Algorithm::Sha512,
];

/// The beginning of the names of headers with checksums.
pub(super) const HEADER_PREFIX: &str = "x-amz-checksum-";

impl Algorithm {
    /// The algorithm with this name in models, in any case.
    pub(super) fn of(name: &str) -> Option<Self> {
        let mut all = BY_PRIORITY.iter().copied();
        all.find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
    }

    /// Its name in models.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
            #[cfg(feature = "xxhash")]
            Self::Xxhash64 => "XXHASH64",
            #[cfg(feature = "xxhash")]
            Self::Xxhash3 => "XXHASH3",
            #[cfg(feature = "xxhash")]
            Self::Xxhash128 => "XXHASH128",
        }
    }

    /// The header or trailer of its checksum.
    pub(super) fn header(self) -> HeaderName {
        HeaderName::from_static(match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
            Self::Sha512 => "x-amz-checksum-sha512",
            #[cfg(feature = "xxhash")]
            Self::Xxhash64 => "x-amz-checksum-xxhash64",
            #[cfg(feature = "xxhash")]
            Self::Xxhash3 => "x-amz-checksum-xxhash3",
            #[cfg(feature = "xxhash")]
            Self::Xxhash128 => "x-amz-checksum-xxhash128",
        })
    }

    /// The length of its checksum in base64.
    pub(super) fn text_length(self) -> u64 {
        let bytes: u64 = match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme => 8,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
            #[cfg(feature = "xxhash")]
            Self::Xxhash64 | Self::Xxhash3 => 8,
            #[cfg(feature = "xxhash")]
            Self::Xxhash128 => 16,
        };
        bytes.div_ceil(3) * 4
    }

    /// The state before the first byte.
    pub(super) fn digest(self) -> Digest {
        match self {
            Self::Crc32 => Digest::Crc32(crc32fast::Hasher::new()),
            Self::Crc32c => Digest::Crc32c(CRC32C.digest()),
            Self::Crc64Nvme => Digest::Crc64Nvme(CRC64_NVME.digest()),
            Self::Sha1 => Digest::Sha1(sha1::Sha1::new()),
            Self::Sha256 => Digest::Sha256(Sha256::new()),
            Self::Sha512 => Digest::Sha512(sha2::Sha512::new()),
            #[cfg(feature = "xxhash")]
            Self::Xxhash64 => Digest::Xxhash64(XxHash64::with_seed(0)),
            #[cfg(feature = "xxhash")]
            Self::Xxhash3 => Digest::Xxhash3(xxhash3_64::Hasher::new()),
            #[cfg(feature = "xxhash")]
            Self::Xxhash128 => Digest::Xxhash128(xxhash3_128::Hasher::new()),
        }
    }

    /// The checksum of bytes, in base64.
    pub(super) fn checksum(self, bytes: &[u8]) -> String {
        let mut digest = self.digest();
        digest.update(bytes);
        digest.finish()
    }
}

static CRC32C: crc::Crc<u32, crc::Table<16>> = crc::Crc::<u32, _>::new(&crc::CRC_32_ISCSI);
static CRC64_NVME: crc::Crc<u64, crc::Table<16>> = crc::Crc::<u64, _>::new(&crc::CRC_64_NVME);

/// A checksum that is being computed.
pub(super) enum Digest {
    Crc32(crc32fast::Hasher),
    Crc32c(crc::Digest<'static, u32, crc::Table<16>>),
    Crc64Nvme(crc::Digest<'static, u64, crc::Table<16>>),
    Sha1(sha1::Sha1),
    Sha256(Sha256),
    Sha512(sha2::Sha512),
    #[cfg(feature = "xxhash")]
    Xxhash64(XxHash64),
    #[cfg(feature = "xxhash")]
    Xxhash3(xxhash3_64::Hasher),
    #[cfg(feature = "xxhash")]
    Xxhash128(xxhash3_128::Hasher),
}

impl Digest {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Crc32(state) => state.update(bytes),
            Self::Crc32c(state) => state.update(bytes),
            Self::Crc64Nvme(state) => state.update(bytes),
            Self::Sha1(state) => state.update(bytes),
            Self::Sha256(state) => state.update(bytes),
            Self::Sha512(state) => state.update(bytes),
            #[cfg(feature = "xxhash")]
            Self::Xxhash64(state) => Hasher::write(state, bytes),
            #[cfg(feature = "xxhash")]
            Self::Xxhash3(state) => Hasher::write(state, bytes),
            #[cfg(feature = "xxhash")]
            Self::Xxhash128(state) => state.write(bytes),
        }
    }

    /// The checksum in base64, as it is in headers.
    pub(super) fn finish(self) -> String {
        let text = |bytes: &[u8]| base64_simd::STANDARD.encode_to_string(bytes);
        match self {
            Self::Crc32(state) => text(&state.finalize().to_be_bytes()),
            Self::Crc32c(state) => text(&state.finalize().to_be_bytes()),
            Self::Crc64Nvme(state) => text(&state.finalize().to_be_bytes()),
            Self::Sha1(state) => text(&state.finalize()),
            Self::Sha256(state) => text(&state.finalize()),
            Self::Sha512(state) => text(&state.finalize()),
            #[cfg(feature = "xxhash")]
            Self::Xxhash64(state) => text(&Hasher::finish(&state).to_be_bytes()),
            #[cfg(feature = "xxhash")]
            Self::Xxhash3(state) => text(&Hasher::finish(&state).to_be_bytes()),
            #[cfg(feature = "xxhash")]
            Self::Xxhash128(state) => text(&state.finish_128().to_be_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Algorithm, BY_PRIORITY, HEADER_PREFIX};

    /// The check values of the catalogue of CRCs (reveng), of FIPS 180 and of the XXH family, computed for the same text.
    #[test]
    fn check_values_of_each_algorithm() {
        for (algorithm, expected) in [
            (Algorithm::Crc32, "cbf43926"),
            (Algorithm::Crc32c, "e3069283"),
            (Algorithm::Crc64Nvme, "ae8b14860a799888"),
            (Algorithm::Sha1, "f7c3bc1d808e04732adf679965ccc34ca7ae3441"),
            (
                Algorithm::Sha256,
                "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
            ),
            (
                Algorithm::Sha512,
                "d9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274a\
                 d27fcd5811b313d681f7e55ec02d73d499c95455b6b5bb503acf574fba8ffe85",
            ),
            #[cfg(feature = "xxhash")]
            (Algorithm::Xxhash64, "8cb841db40e6ae83"),
            #[cfg(feature = "xxhash")]
            (Algorithm::Xxhash3, "72dcb18b67a17dff"),
            #[cfg(feature = "xxhash")]
            (Algorithm::Xxhash128, "33119477ede5dcd5e9716427681d5860"),
        ] {
            let bytes: Vec<u8> = (0..expected.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&expected[at..at + 2], 16).expect("it is hexadecimal"))
                .collect();
            let expected = base64_simd::STANDARD.encode_to_string(bytes);
            assert_eq!(algorithm.checksum(b"123456789"), expected, "{algorithm:?}");
            let mut parts = algorithm.digest();
            for part in b"123456789".chunks(2) {
                parts.update(part);
            }
            assert_eq!(parts.finish(), expected, "{algorithm:?} in parts");
            assert_eq!(algorithm.text_length(), expected.len() as u64);
        }
    }

    #[test]
    fn names_and_headers_belong_together() {
        for algorithm in BY_PRIORITY.iter().copied() {
            let name = algorithm.name().to_ascii_lowercase();
            assert_eq!(
                algorithm.header().as_str(),
                format!("{HEADER_PREFIX}{name}")
            );
            assert_eq!(Algorithm::of(&name), Some(algorithm));
        }
        assert_eq!(Algorithm::of("MD5"), None);
    }
}
