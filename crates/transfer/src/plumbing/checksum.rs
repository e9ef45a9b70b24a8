//! Computes the hashes of a content in one pass.
//!
//! SHA-256 is always computed, because the fingerprint of a file is one. Each further algorithm costs time, most of all
//! in a build without optimisation, so only those are computed that a URL requires or a response has announced.
//!
//! The response to an upload arrives after the bytes were sent. [`Algorithm::USUAL`] are those that S3 names in it where
//! nobody asked for another one: MD5 as `ETag`, and CRC-64/NVME (S3 API reference, "PutObject"). If it names another
//! one, the part is read again, and the hash counts only if the bytes are still those that were sent.
//!
//! S3 also supports three kinds of XXHASH, which botocore can compute only with the CRT. They are not computed here. If
//! a URL requires one, the upload is refused; one in a response is not compared.

use std::collections::BTreeMap;

use crc::{CRC_32_ISCSI, CRC_32_ISO_HDLC, CRC_64_NVME, Crc, Table};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

static CRC32: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISO_HDLC);
static CRC32C: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISCSI);
static CRC64NVME: Crc<u64, Table<16>> = Crc::<u64, Table<16>>::new(&CRC_64_NVME);

/// An algorithm of the header `x-amz-checksum-*` (S3 API reference, "Checking object integrity").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Md5,
    Sha1,
    Sha256,
    Sha512,
}

impl Algorithm {
    pub const ALL: [Self; 7] = [
        Self::Crc32,
        Self::Crc32c,
        Self::Crc64Nvme,
        Self::Md5,
        Self::Sha1,
        Self::Sha256,
        Self::Sha512,
    ];

    /// Those that S3 names in a response where nobody asked for another one.
    pub const USUAL: [Self; 2] = [Self::Md5, Self::Crc64Nvme];

    /// The header that carries the value.
    pub const fn header(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Md5 => "x-amz-checksum-md5",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
            Self::Sha512 => "x-amz-checksum-sha512",
        }
    }

    /// The name as `x-amz-sdk-checksum-algorithm` has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }

    pub fn of_header(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|algorithm| algorithm.header() == name)
    }
}

/// A hash that is being computed, in addition to SHA-256.
#[derive(Clone)]
enum Hasher {
    Crc32(crc::Digest<'static, u32, Table<16>>),
    Crc32c(crc::Digest<'static, u32, Table<16>>),
    Crc64Nvme(crc::Digest<'static, u64, Table<16>>),
    Md5(Md5),
    Sha1(Sha1),
    Sha512(Sha512),
}

impl Hasher {
    /// `None` for SHA-256, which is computed in any case.
    fn of(algorithm: Algorithm) -> Option<Self> {
        Some(match algorithm {
            Algorithm::Crc32 => Self::Crc32(CRC32.digest()),
            Algorithm::Crc32c => Self::Crc32c(CRC32C.digest()),
            Algorithm::Crc64Nvme => Self::Crc64Nvme(CRC64NVME.digest()),
            Algorithm::Md5 => Self::Md5(Md5::new()),
            Algorithm::Sha1 => Self::Sha1(Sha1::new()),
            Algorithm::Sha256 => return None,
            Algorithm::Sha512 => Self::Sha512(Sha512::new()),
        })
    }

    fn update(&mut self, piece: &[u8]) {
        match self {
            Self::Crc32(digest) | Self::Crc32c(digest) => digest.update(piece),
            Self::Crc64Nvme(digest) => digest.update(piece),
            Self::Md5(digest) => digest.update(piece),
            Self::Sha1(digest) => digest.update(piece),
            Self::Sha512(digest) => digest.update(piece),
        }
    }

    /// The hash, its highest byte first.
    fn finish(self) -> Vec<u8> {
        match self {
            Self::Crc32(digest) | Self::Crc32c(digest) => digest.finalize().to_be_bytes().into(),
            Self::Crc64Nvme(digest) => digest.finalize().to_be_bytes().into(),
            Self::Md5(digest) => digest.finalize().to_vec(),
            Self::Sha1(digest) => digest.finalize().to_vec(),
            Self::Sha512(digest) => digest.finalize().to_vec(),
        }
    }
}

/// Hashes that are being computed.
#[derive(Clone)]
pub struct Digests {
    length: u64,
    sha256: Sha256,
    others: BTreeMap<Algorithm, Hasher>,
}

impl Digests {
    /// SHA-256 and these.
    pub fn of(algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        let algorithms = algorithms.into_iter();
        Self {
            length: 0,
            sha256: Sha256::new(),
            others: algorithms
                .filter_map(|algorithm| Some((algorithm, Hasher::of(algorithm)?)))
                .collect(),
        }
    }

    /// How many bytes there were.
    pub fn length(&self) -> u64 {
        self.length
    }

    pub fn update(&mut self, piece: &[u8]) {
        self.length += piece.len() as u64;
        self.sha256.update(piece);
        for hasher in self.others.values_mut() {
            hasher.update(piece);
        }
    }

    pub fn finish(self) -> Checksums {
        let others = self.others.into_iter();
        Checksums {
            length: self.length,
            sha256: self.sha256.finalize().into(),
            others: others
                .map(|(algorithm, hasher)| (algorithm, hasher.finish()))
                .collect(),
        }
    }
}

/// The length and the hashes of a content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksums {
    pub length: u64,
    pub sha256: [u8; 32],
    others: BTreeMap<Algorithm, Vec<u8>>,
}

impl Checksums {
    fn bytes(&self, algorithm: Algorithm) -> Option<&[u8]> {
        match algorithm {
            Algorithm::Sha256 => Some(&self.sha256),
            other => self.others.get(&other).map(Vec::as_slice),
        }
    }

    /// The value as its header has it: base64 of the bytes, the highest first. `None` if it was not computed.
    pub fn value(&self, algorithm: Algorithm) -> Option<String> {
        let bytes = self.bytes(algorithm)?;
        Some(base64_simd::STANDARD.encode_to_string(bytes))
    }

    /// The MD5 in hexadecimal digits, as S3 has it in an `ETag`. `None` if it was not computed.
    pub fn md5_hex(&self) -> Option<String> {
        self.bytes(Algorithm::Md5).map(hex)
    }

    /// The SHA-256 in hexadecimal digits.
    pub fn sha256_hex(&self) -> String {
        hex(&self.sha256)
    }

    /// Adds the hashes that another pass over the same bytes has computed.
    pub fn and(mut self, other: Self) -> Self {
        if self.sha256 == other.sha256 {
            self.others.extend(other.others);
        }
        self
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Algorithm, Digests};

    /// The check values of the catalogue of CRCs, and of RFC 1321, RFC 3174 and FIPS 180, all of `123456789`.
    #[test]
    fn hashes_have_their_published_values() {
        let mut digests = Digests::of(Algorithm::ALL);
        digests.update(b"1234");
        digests.update(b"56789");
        let checksums = digests.finish();
        assert_eq!(checksums.length, 9);
        assert_eq!(
            checksums.md5_hex().expect("it is computed"),
            "25f9e794323b453885f5181f1b624d0b"
        );
        assert_eq!(
            checksums.sha256_hex(),
            "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"
        );
        let values =
            Algorithm::ALL.map(|algorithm| checksums.value(algorithm).expect("it is computed"));
        assert_eq!(
            values,
            [
                "y/Q5Jg==",
                "4waSgw==",
                "rosUhgp5mIg=",
                "JfnnlDI7RTiF9RgfG2JNCw==",
                "98O8HYCOBHMq32eZZczDTKeuNEE=",
                "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
                "2eZ2LdHI6vbWGzxhkvxAjU1tXxF20MKRabwk5xw/J0rSf81YEbMT1oH35V7ALXPUmclUVba1u1A6z1dPuo/+hQ=="
            ]
        );
    }

    #[test]
    fn only_what_is_asked_for_is_computed() {
        let digest = |algorithms: &[Algorithm]| {
            let mut digests = Digests::of(algorithms.iter().copied());
            digests.update(b"123456789");
            digests.finish()
        };
        let usual = digest(&Algorithm::USUAL);
        for algorithm in Algorithm::ALL {
            let is_computed =
                Algorithm::USUAL.contains(&algorithm) || algorithm == Algorithm::Sha256;
            assert_eq!(
                usual.value(algorithm).is_some(),
                is_computed,
                "{algorithm:?}"
            );
        }
        let more = usual.and(digest(&[Algorithm::Sha1]));
        assert_eq!(
            more.value(Algorithm::Sha1).expect("it is added"),
            "98O8HYCOBHMq32eZZczDTKeuNEE="
        );
        assert!(more.md5_hex().is_some());
    }
}
