//! On whose behalf a request acts: its account and its region.

use crate::environment::Settings;
use crate::sigv4::signed_scope;
use crate::wire::Request;

/// The longest name of a region. Those of AWS have less than half of it.
const REGION_LENGTH: usize = 32;

/// The account and the region of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) account_id: String,
    pub(crate) region: String,
}

impl Caller {
    /// The caller of a request. A request without a signature, which only some servers accept, is for the account and the
    /// region of the server.
    pub(crate) fn of(message: &Request, settings: &Settings) -> Self {
        let region = signed_scope(message).map(|(_, region)| region);
        let region = region.filter(|region| is_region(region));
        Self {
            account_id: settings.account_id.clone(),
            region: region.unwrap_or_else(|| settings.region.clone()),
        }
    }
}

/// Whether a text has the form of a region's name.
pub(crate) fn is_region(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=REGION_LENGTH).contains(&text.len()) && text.bytes().all(is_letter)
}
