//! Where credentials come from, for the header `User-Agent`: identifiers under which AWS counts the sources (botocore 1.44.8,
//! `useragent.py`).

/// `CREDENTIALS_CODE`
pub(crate) const CODE: &str = "e";
/// `CREDENTIALS_ENV_VARS`
pub(crate) const VARIABLES: &str = "g";
/// `BEARER_SERVICE_ENV_VARS`
#[cfg(feature = "bearer")]
pub(crate) const BEARER_VARIABLE: &str = "3";

/// The sources of the chain.
#[cfg(feature = "credential-chain")]
pub(crate) mod chain {
    /// `CREDENTIALS_ENV_VARS_STS_WEB_ID_TOKEN`
    pub(crate) const VARIABLES_WEB_IDENTITY: &str = "h";
    /// `CREDENTIALS_STS_ASSUME_ROLE`
    pub(crate) const ROLE: &str = "i";
    /// `CREDENTIALS_STS_ASSUME_ROLE_WEB_ID`
    pub(crate) const ROLE_WITH_WEB_IDENTITY: &str = "k";
    /// `CREDENTIALS_PROFILE`
    pub(crate) const PROFILE: &str = "n";
    /// `CREDENTIALS_PROFILE_SOURCE_PROFILE`
    pub(crate) const SOURCE_PROFILE: &str = "o";
    /// `CREDENTIALS_PROFILE_NAMED_PROVIDER`
    pub(crate) const CREDENTIAL_SOURCE: &str = "p";
    /// `CREDENTIALS_PROFILE_STS_WEB_ID_TOKEN`
    pub(crate) const PROFILE_WEB_IDENTITY: &str = "q";
    /// `CREDENTIALS_PROFILE_SSO` and `CREDENTIALS_SSO`
    pub(crate) const SSO: [&str; 2] = ["r", "s"];
    /// `CREDENTIALS_PROFILE_SSO_LEGACY` and `CREDENTIALS_SSO_LEGACY`
    pub(crate) const OLD_SSO: [&str; 2] = ["t", "u"];
    /// `CREDENTIALS_PROFILE_PROCESS` and `CREDENTIALS_PROCESS`
    pub(crate) const PROCESS: [&str; 2] = ["v", "w"];
    /// `CREDENTIALS_HTTP`
    pub(crate) const CONTAINER: &str = "z";
    /// `CREDENTIALS_IMDS`
    pub(crate) const INSTANCE: &str = "0";
}

/// The sources, from the first one on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin(Vec<&'static str>);

impl Origin {
    #[inline(never)]
    pub(crate) fn add(&mut self, ids: &[&'static str]) {
        for id in ids {
            if !self.0.contains(id) {
                self.0.push(id);
            }
        }
    }

    pub(crate) fn ids(&self) -> &[&'static str] {
        &self.0
    }
}

/// The same credentials may come from different sources.
impl PartialEq for Origin {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Origin {}
