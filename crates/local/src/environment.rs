//! What both services use: the clock, the settings, the address for links, and the store of files.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use attache_runtime::Timestamp;
use sha2::{Digest, Sha256};

use crate::catalogue::Catalogue;
use crate::clock::{Clock, after};
use crate::hexadecimal::hex;
use crate::sigv4::{KeyRing, UrlSigner};
use crate::store::Blobs;

/// The quotas of an account. Without a number there is no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Support: how many cases may be open; one more is `CaseCreationLimitExceeded`.
    pub support_open_cases: Option<usize>,
    /// Support: how many attachment sets may be begun in an hour; one more is `AttachmentLimitExceeded`.
    pub support_attachment_sets: Option<usize>,
    /// Support: how many attachments may be read in an hour; one more is `DescribeAttachmentLimitExceeded`.
    pub support_described_attachments: Option<usize>,
    /// Security IR: how many cases may be open; one more is `ServiceQuotaExceededException`.
    pub security_ir_open_cases: Option<usize>,
}

/// The account of a server without other settings.
const ACCOUNT: &str = "123456789012";
/// The region of a server without other settings.
const REGION: &str = "us-east-1";

/// The settings with which the services start.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) account_id: String,
    pub(crate) region: String,
    pub(crate) keys: KeyRing,
    /// The accounts of further access keys.
    pub(crate) accounts: BTreeMap<String, String>,
    pub(crate) limits: Limits,
    /// How many bytes a part of an upload has.
    pub(crate) part_size: u64,
    /// How long a complete upload is processed before it is ready or failed.
    pub(crate) processing: Duration,
    /// How long an attachment of a case is scanned.
    pub(crate) scan: Duration,
    /// How long presigned URLs are valid.
    pub(crate) link_lifetime: Duration,
    /// Whether presigned URLs sign the host and no other header.
    pub(crate) sign_host_only: bool,
    /// How long an attachment set is valid.
    pub(crate) set_lifetime: Duration,
    /// Whether the account has a plan that AWS Support needs.
    pub(crate) has_support_plan: bool,
    /// Whether the account begins with an active membership.
    pub(crate) has_membership: bool,
    /// Further accounts that belong to the membership.
    pub(crate) member_accounts: Vec<String>,
    /// What Support offers.
    pub(crate) catalogue: Catalogue,
    /// Whether Support accepts what moto accepts.
    pub(crate) is_lenient: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            account_id: ACCOUNT.to_owned(),
            region: REGION.to_owned(),
            keys: KeyRing::default(),
            accounts: BTreeMap::new(),
            limits: Limits::default(),
            part_size: 5 << 20,
            processing: Duration::from_millis(500),
            scan: Duration::from_millis(500),
            link_lifetime: Duration::from_secs(15 * 60),
            sign_host_only: false,
            set_lifetime: Duration::from_secs(60 * 60),
            has_support_plan: true,
            has_membership: true,
            member_accounts: Vec::new(),
            catalogue: Catalogue::default(),
            is_lenient: false,
        }
    }
}

/// The environment of a service in one account and region.
#[derive(Clone, Debug)]
pub(crate) struct Environment {
    pub(crate) clock: Clock,
    pub(crate) settings: Arc<Settings>,
    /// The host and the port in links.
    pub(crate) host: String,
    pub(crate) blobs: Blobs,
    pub(crate) signer: UrlSigner,
    pub(crate) account_id: String,
    pub(crate) region: String,
}

impl Environment {
    /// The environment of the account and the region of the server.
    pub(crate) fn new(clock: Clock, settings: Settings, host: String, blobs: Blobs) -> Self {
        let signer = UrlSigner {
            access_key: "ATTACHELOCALLINKS".to_owned(),
            secret: settings.keys.link_secret(),
            region: settings.region.clone(),
        };
        let (account_id, region) = (settings.account_id.clone(), settings.region.clone());
        Self {
            clock,
            settings: Arc::new(settings),
            host,
            blobs,
            signer,
            account_id,
            region,
        }
    }

    /// The environment of another account and region.
    pub(crate) fn of(&self, account_id: &str, region: &str) -> Arc<Self> {
        let mut environment = self.clone();
        environment.account_id = account_id.to_owned();
        environment.region = region.to_owned();
        environment.signer.region = region.to_owned();
        Arc::new(environment)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The principal of all requests: the only user of the account.
    pub(crate) fn principal(&self) -> String {
        format!("arn:aws:iam::{}:user/local", self.account_id)
    }

    /// A presigned URL, and when it expires.
    pub(crate) fn link(
        &self,
        method: &str,
        path: &str,
        headers: &[(&'static str, String)],
    ) -> (String, Timestamp) {
        let now = self.now();
        let lifetime = self.settings.link_lifetime;
        let url = self
            .signer
            .sign(method, &self.host, path, headers, now, lifetime);
        // Signatures have whole seconds, so the URL expires at a whole second.
        let signed = Timestamp::from_epoch_seconds(now.epoch_seconds()).unwrap_or(now);
        (url, after(signed, lifetime))
    }

    /// What the identifiers of this account and region are made of beside their kind, so that no two accounts have the
    /// same: nothing for those of a server without other settings.
    pub(crate) fn seed(&self) -> String {
        match (self.account_id.as_str(), self.region.as_str()) {
            (ACCOUNT, REGION) => String::new(),
            (account_id, region) => format!("{account_id}/{region} "),
        }
    }

    /// An identifier that looks random and is the same in every run: made of what it is for and a number.
    pub(crate) fn identifier(&self, kind: &str, number: u64, length: usize) -> String {
        identifier(&format!("{}{kind}", self.seed()), number, length)
    }

    /// The same in letters of base64url.
    pub(crate) fn token(&self, kind: &str, number: u64, length: usize) -> String {
        token(&format!("{}{kind}", self.seed()), number, length)
    }

    /// The same in the form of a UUID.
    pub(crate) fn uuid(&self, kind: &str, number: u64) -> String {
        uuid(&format!("{}{kind}", self.seed()), number)
    }
}

/// An identifier as [`Environment::identifier`], for what no account has for itself.
pub(crate) fn identifier(kind: &str, number: u64, length: usize) -> String {
    let mut text = hex(&Sha256::digest(format!("{kind} {number}")));
    text.truncate(length);
    text
}

/// The same in letters of base64url.
pub(crate) fn token(kind: &str, number: u64, length: usize) -> String {
    let mut text = String::new();
    for part in 0_u64.. {
        if text.len() >= length {
            break;
        }
        let hash = Sha256::digest(format!("{kind} {number} {part}"));
        text.push_str(&base64_simd::URL_SAFE_NO_PAD.encode_to_string(hash));
    }
    text.truncate(length);
    text
}

/// The same in the form of a UUID.
pub(crate) fn uuid(kind: &str, number: u64) -> String {
    let text = identifier(kind, number, 32);
    format!(
        "{}-{}-4{}-8{}-{}",
        &text[..8],
        &text[8..12],
        &text[13..16],
        &text[17..20],
        &text[20..32]
    )
}
