//! Computes all hashes of a content in one pass.
//!
//! It is unknown in advance which of them the storage will name in its response, and a file that may change cannot be
//! read a second time. A body is therefore hashed with all algorithms while it is sent. Together they are about as fast
//! as a fast network.
//!
//! S3 also supports three kinds of XXHASH, which botocore can compute only with the CRT. They are not computed here. If
//! a URL requires one, the upload is refused; one in a response is not compared.

use crc::{CRC_32_ISCSI, CRC_32_ISO_HDLC, CRC_64_NVME, Crc, Table};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

static CRC32: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISO_HDLC);
static CRC32C: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISCSI);
static CRC64NVME: Crc<u64, Table<16>> = Crc::<u64, Table<16>>::new(&CRC_64_NVME);

/// An algorithm of the header `x-amz-checksum-*` (S3 API reference, "Checking object integrity").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Md5,
    Sha1,
    Sha256,
    Sha512,
}

impl Algorithm {
    pub(crate) const ALL: [Self; 7] = [
        Self::Crc32,
        Self::Crc32c,
        Self::Crc64Nvme,
        Self::Md5,
        Self::Sha1,
        Self::Sha256,
        Self::Sha512,
    ];

    /// The header that carries the value.
    pub(crate) const fn header(self) -> &'static str {
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
    pub(crate) const fn name(self) -> &'static str {
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

    pub(crate) fn of_header(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|algorithm| algorithm.header() == name)
    }
}

/// Hashes that are being computed.
pub(crate) struct Digests {
    length: u64,
    md5: Md5,
    sha1: Sha1,
    sha256: Sha256,
    sha512: Sha512,
    crc32: crc::Digest<'static, u32, Table<16>>,
    crc32c: crc::Digest<'static, u32, Table<16>>,
    crc64nvme: crc::Digest<'static, u64, Table<16>>,
}

impl Default for Digests {
    fn default() -> Self {
        Self {
            length: 0,
            md5: Md5::new(),
            sha1: Sha1::new(),
            sha256: Sha256::new(),
            sha512: Sha512::new(),
            crc32: CRC32.digest(),
            crc32c: CRC32C.digest(),
            crc64nvme: CRC64NVME.digest(),
        }
    }
}

impl Digests {
    pub(crate) fn update(&mut self, piece: &[u8]) {
        self.length += piece.len() as u64;
        self.md5.update(piece);
        self.sha1.update(piece);
        self.sha256.update(piece);
        self.sha512.update(piece);
        self.crc32.update(piece);
        self.crc32c.update(piece);
        self.crc64nvme.update(piece);
    }

    pub(crate) fn finish(self) -> Checksums {
        Checksums {
            length: self.length,
            md5: self.md5.finalize().into(),
            sha1: self.sha1.finalize().into(),
            sha256: self.sha256.finalize().into(),
            sha512: self.sha512.finalize().into(),
            crc32: self.crc32.finalize().to_be_bytes(),
            crc32c: self.crc32c.finalize().to_be_bytes(),
            crc64nvme: self.crc64nvme.finalize().to_be_bytes(),
        }
    }
}

/// The length and the hashes of a content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checksums {
    pub(crate) length: u64,
    md5: [u8; 16],
    sha1: [u8; 20],
    pub(crate) sha256: [u8; 32],
    sha512: [u8; 64],
    crc32: [u8; 4],
    crc32c: [u8; 4],
    crc64nvme: [u8; 8],
}

impl Checksums {
    /// The value as its header has it: base64 of the bytes, the highest first.
    pub(crate) fn value(&self, algorithm: Algorithm) -> String {
        let bytes: &[u8] = match algorithm {
            Algorithm::Crc32 => &self.crc32,
            Algorithm::Crc32c => &self.crc32c,
            Algorithm::Crc64Nvme => &self.crc64nvme,
            Algorithm::Md5 => &self.md5,
            Algorithm::Sha1 => &self.sha1,
            Algorithm::Sha256 => &self.sha256,
            Algorithm::Sha512 => &self.sha512,
        };
        base64_simd::STANDARD.encode_to_string(bytes)
    }

    /// The value of `content-md5` (RFC 1864).
    pub(crate) fn content_md5(&self) -> String {
        base64_simd::STANDARD.encode_to_string(self.md5)
    }

    /// The MD5 in hexadecimal digits, as S3 has it in an `ETag`.
    pub(crate) fn md5_hex(&self) -> String {
        hex(&self.md5)
    }

    /// The SHA-256 in hexadecimal digits.
    pub(crate) fn sha256_hex(&self) -> String {
        hex(&self.sha256)
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Algorithm, Digests};

    /// The check values of the catalogue of CRCs, and of RFC 1321, RFC 3174 and FIPS 180, all of `123456789`.
    #[test]
    fn hashes_have_their_published_values() {
        let mut digests = Digests::default();
        digests.update(b"1234");
        digests.update(b"56789");
        let checksums = digests.finish();
        assert_eq!(checksums.length, 9);
        assert_eq!(checksums.md5_hex(), "25f9e794323b453885f5181f1b624d0b");
        assert_eq!(
            checksums.sha256_hex(),
            "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"
        );
        let values = Algorithm::ALL.map(|algorithm| checksums.value(algorithm));
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
        assert_eq!(checksums.content_md5(), "JfnnlDI7RTiF9RgfG2JNCw==");
    }
}
