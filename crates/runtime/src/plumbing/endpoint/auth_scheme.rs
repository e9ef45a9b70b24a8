//! The ways to authenticate requests that endpoint rules name.

use std::borrow::Cow;

/// An entry of the endpoint property `authSchemes`: how requests to the endpoint are authenticated.
///
/// The name stays a text, because rules may name schemes that clients do not know: a call uses the first one that it can
/// make, and names the others in its error if there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthScheme {
    /// `sigv4`, `sigv4a`, `bearer`, `none`, or another one.
    pub name: Cow<'static, str>,
    /// The service name to sign for (`signingName`), if it differs from the client's.
    pub signing_name: Option<Cow<'static, str>>,
    /// The region to sign for (`signingRegion`), if it differs from the client's.
    pub signing_region: Option<Cow<'static, str>>,
    /// The regions to sign for (`signingRegionSet`), if the rules state them; only `sigv4a` has several.
    pub signing_region_set: Vec<Cow<'static, str>>,
    /// Whether the path is signed as it was encoded for sending, instead of encoded once more.
    pub disable_double_encoding: bool,
    /// Whether `.`, `..` and empty segments stay in the path that is signed.
    pub disable_normalize_path: bool,
}

impl AuthScheme {
    /// A scheme without settings.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.into(),
            signing_name: None,
            signing_region: None,
            signing_region_set: Vec::new(),
            disable_double_encoding: false,
            disable_normalize_path: false,
        }
    }

    /// Sets `signingName`.
    #[must_use]
    pub fn with_signing_name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.signing_name = Some(name.into());
        self
    }

    /// Sets `signingRegion`.
    #[must_use]
    pub fn with_signing_region(mut self, region: impl Into<Cow<'static, str>>) -> Self {
        self.signing_region = Some(region.into());
        self
    }

    /// Adds a region to `signingRegionSet`.
    #[must_use]
    pub fn with_region_of_set(mut self, region: impl Into<Cow<'static, str>>) -> Self {
        self.signing_region_set.push(region.into());
        self
    }

    /// Sets `disableDoubleEncoding`.
    #[must_use]
    pub fn without_double_encoding(mut self) -> Self {
        self.disable_double_encoding = true;
        self
    }

    /// Sets `disableNormalizePath`.
    #[must_use]
    pub fn without_normalized_path(mut self) -> Self {
        self.disable_normalize_path = true;
        self
    }
}
