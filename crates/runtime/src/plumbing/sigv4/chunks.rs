//! Signatures of the chunks of a body, each of which continues the one before (Amazon S3 API Reference, "Signature
//! calculations for the authorization header: transferring a payload in multiple chunks").

use std::fmt;

use super::{EMPTY_SHA256_HEX, Scope, SigningKey, sha256_hex};
use crate::plumbing::sigv4::placement::Algorithm as _;

/// Signs the chunks of one body, in their order.
pub struct ChunkSigner {
    key: SigningKey,
    /// The time and the scope, as they are signed.
    place: String,
    previous: String,
}

impl fmt::Debug for ChunkSigner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ChunkSigner(..)")
    }
}

impl ChunkSigner {
    /// A signer that continues the signature of the headers, `seed`, which was made with the same key and scope.
    pub fn new(key: SigningKey, scope: &Scope<'_>, seed: String) -> Self {
        let (time, date) = (scope.time.format_basic(), scope.date());
        let (region, service) = (scope.region, scope.service);
        Self {
            key,
            place: format!("{time}\n{date}/{region}/{service}/aws4_request"),
            previous: seed,
        }
    }

    /// The signature of the next chunk; the last one is empty.
    pub fn chunk(&mut self, data: &[u8]) -> String {
        let hash = sha256_hex(data);
        let signed = format!("{EMPTY_SHA256_HEX}\n{hash}");
        self.next("AWS4-HMAC-SHA256-PAYLOAD", &signed)
    }

    /// The signature of the trailers after the last chunk, each of which is `name:value` and a line feed.
    pub fn trailer(&mut self, trailers: &str) -> String {
        self.next("AWS4-HMAC-SHA256-TRAILER", &sha256_hex(trailers.as_bytes()))
    }

    fn next(&mut self, algorithm: &str, signed: &str) -> String {
        let (place, previous) = (&self.place, &self.previous);
        let text = format!("{algorithm}\n{place}\n{previous}\n{signed}");
        self.previous = self.key.signature(&text);
        self.previous.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::ChunkSigner;
    use crate::plumbing::sigv4::{
        PathForm, Scope, Signature, SigningRequest, sign_with_key, signing_key,
    };

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    fn scope() -> Scope<'static> {
        Scope {
            region: "us-east-1",
            service: "s3",
            time: "2013-05-24T00:00:00Z".parse().expect("it is a time"),
        }
    }

    fn seed(payload: &str, headers: &[(&str, &str)]) -> Signature {
        let mut all = vec![
            ("host", "s3.amazonaws.com"),
            ("x-amz-content-sha256", payload),
            ("x-amz-decoded-content-length", "66560"),
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ("content-encoding", "aws-chunked"),
        ];
        all.extend(headers);
        let request = SigningRequest {
            method: "PUT",
            path: "/examplebucket/chunkObject.txt",
            query: "",
            headers: &all,
            payload_sha256_hex: payload,
            path_form: PathForm::AS_SENT,
        };
        let key = signing_key(SECRET, &scope());
        sign_with_key(&request, "AKIAIOSFODNN7EXAMPLE", &key, &scope())
    }

    /// The signatures of the 66,560 letters of the example: chunks of 64 KiB, 1 KiB, and nothing.
    fn chunks(signer: &mut ChunkSigner) -> [String; 3] {
        [65_536, 1_024, 0].map(|length| signer.chunk(&vec![b'a'; length]))
    }

    #[test]
    fn the_example_of_aws_with_signed_chunks() {
        let seed = seed(
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            &[("content-length", "66824")],
        );
        assert_eq!(
            seed.signature,
            "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
        );
        let mut signer = ChunkSigner::new(signing_key(SECRET, &scope()), &scope(), seed.signature);
        assert_eq!(
            chunks(&mut signer),
            [
                "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
                "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
                "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
            ]
        );
    }

    #[test]
    fn the_example_of_aws_with_a_trailing_checksum() {
        let seed = seed(
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            &[("x-amz-trailer", "x-amz-checksum-crc32c")],
        );
        assert_eq!(
            seed.signature,
            "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
        );
        let mut signer = ChunkSigner::new(signing_key(SECRET, &scope()), &scope(), seed.signature);
        assert_eq!(
            chunks(&mut signer),
            [
                "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
                "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
                "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
            ]
        );
        assert_eq!(
            signer.trailer("x-amz-checksum-crc32c:sOO8/Q==\n"),
            "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435"
        );
    }
}
