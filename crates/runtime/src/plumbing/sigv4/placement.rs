//! Where a signature is written: into headers, or into the query of a URL.
//!
//! Both algorithms do this in the same way. They differ in their names, in their scopes, and in how they sign a text.

use super::canonical::{Canonical, SigningRequest};
use crate::texts::join;
use crate::timestamp::Timestamp;

/// The outcome of signing a request.
#[derive(Clone)]
pub struct Signature {
    /// The value for the header `authorization`.
    pub authorization: String,
    /// The value for the header `x-amz-date`, which is signed.
    pub amz_date: String,
    /// The signature alone, in hexadecimal; the signatures of chunks and events of a stream continue it.
    pub signature: String,
}

/// A key that signs texts.
pub(crate) trait Algorithm {
    /// The signature of a text, in hexadecimal.
    fn signature(&self, string_to_sign: &str) -> String;
}

/// Who signs, with which algorithm, and where and when the signature is valid.
pub(crate) struct Signer<'a> {
    pub(crate) algorithm: &'static str,
    pub(crate) access_key_id: &'a str,
    pub(crate) key: &'a dyn Algorithm,
    /// The region, if it is a part of the scope.
    pub(crate) region: Option<&'a str>,
    /// The regions, if these are signed beside the scope.
    pub(crate) region_set: Option<&'a str>,
    pub(crate) service: &'a str,
    pub(crate) time: Timestamp,
}

impl Signer<'_> {
    /// The signature in headers.
    pub(crate) fn sign(&self, request: &SigningRequest<'_>) -> Signature {
        let amz_date = self.time.format_basic();
        let scope = self.scope(&amz_date);
        let mut added = vec![("x-amz-date", amz_date.as_str())];
        if let Some(set) = self.region_set {
            added.push(("x-amz-region-set", set));
        }
        let canonical = Canonical::for_header(request, &added);
        let signature = self.signature(&canonical, &amz_date, &scope);
        let parts = [
            self.algorithm,
            " Credential=",
            self.access_key_id,
            "/",
            &scope,
            ", SignedHeaders=",
            &canonical.names,
            ", Signature=",
            &signature,
        ];
        let authorization = join(&parts, "");
        Signature {
            authorization,
            amz_date,
            signature,
        }
    }

    /// The query with the signature, without `?`.
    #[inline]
    pub(crate) fn presign(
        &self,
        request: &SigningRequest<'_>,
        session_token: Option<&str>,
        expires_in_seconds: u32,
    ) -> String {
        let amz_date = self.time.format_basic();
        let scope = self.scope(&amz_date);
        let credential = format!("{}/{scope}", self.access_key_id);
        let expires = expires_in_seconds.to_string();
        let mut added = vec![
            ("X-Amz-Algorithm", self.algorithm),
            ("X-Amz-Credential", &credential),
            ("X-Amz-Date", &amz_date),
            ("X-Amz-Expires", &expires),
        ];
        added.extend(self.region_set.map(|set| ("X-Amz-Region-Set", set)));
        added.extend(session_token.map(|token| ("X-Amz-Security-Token", token)));
        let canonical = Canonical::for_url(request, &added);
        let signature = self.signature(&canonical, &amz_date, &scope);
        format!("{}&X-Amz-Signature={signature}", canonical.query)
    }

    /// The scope as it is written; `amz_date` is its time.
    fn scope(&self, amz_date: &str) -> String {
        let (date, service) = (&amz_date[..8], self.service);
        match self.region {
            Some(region) => join(&[date, region, service, "aws4_request"], "/"),
            None => join(&[date, service, "aws4_request"], "/"),
        }
    }

    fn signature(&self, canonical: &Canonical, amz_date: &str, scope: &str) -> String {
        let text = canonical.string_to_sign(self.algorithm, amz_date, scope);
        self.key.signature(&text)
    }
}
