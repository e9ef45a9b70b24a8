//! What clients of a service do beyond the traits of Smithy, as overlays state it.

use super::id::MemberId;
use super::path::Path;

/// What a client does to the requests and responses of an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Customization {
    /// The forms of members of requests.
    pub forms: Vec<(MemberId, Form)>,
    /// The texts of responses that clients ask to be encoded.
    pub url_texts: Option<UrlTexts>,
    /// The refusals of requests that came to the wrong region.
    pub region_redirect: Option<RegionRedirect>,
}

/// The form in which a text of a request is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Percent-encoded, but for a suffix that begins with this text (`attache#percentEncoded`).
    PercentEncoded(String),
    /// In base64, and the MD5 digest in this member (`attache#keyWithMd5`).
    KeyWithMd5(MemberId),
}

/// Texts that a service encodes like a URL if a request asks for it, so that XML can hold them (`attache#urlTexts`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlTexts {
    /// The member of the request that asks for it.
    pub request: MemberId,
    /// The member of the response that says that it was done.
    pub response: MemberId,
    /// The value of both.
    pub value: String,
    /// The texts.
    pub texts: Vec<Path>,
}

/// How a service refuses requests that came to the wrong region (`attache#regionRedirect`).
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionRedirect {
    /// The header with the right region.
    pub header: String,
    /// The parameter of the endpoint rules that names the resource.
    pub parameter: String,
    /// The codes of such errors.
    pub codes: Vec<String>,
}
