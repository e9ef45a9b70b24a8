//! What a request says about its sender: the account, the region, and the host that it was sent to.

use crate::environment::Settings;
use crate::sigv4::signed_scope;
use crate::wire::Request;

/// The longest name of a region. Those of AWS have less than half of it.
const REGION_LENGTH: usize = 32;

/// The longest name of a host (RFC 1035), and a port.
const HOST_LENGTH: usize = 261;

/// The account and the region of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) account_id: String,
    pub(crate) region: String,
    /// The host and the port that the client knows the server by, for links: behind a mapped port, the server has others.
    pub(crate) host: Option<String>,
}

impl Caller {
    /// The caller of a request: the account of its access key, and the region that it is signed for. Other requests,
    /// which only some servers accept, are for the account and the region of the server.
    pub(crate) fn of(message: &Request, settings: &Settings) -> Self {
        let (key, region) = signed_scope(message).unzip();
        let account_id = key.and_then(|key| settings.accounts.get(&key));
        let region = region.filter(|region| is_region(region));
        Self {
            account_id: account_id.unwrap_or(&settings.account_id).clone(),
            region: region.unwrap_or_else(|| settings.region.clone()),
            host: message.header("host").filter(|host| is_host(host)),
        }
    }
}

/// Whether a text is a host with a port, or without one, and nothing else.
fn is_host(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    (1..=HOST_LENGTH).contains(&text.len()) && text.bytes().all(is_letter)
}

/// Whether a text has the form of a region's name.
pub(crate) fn is_region(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=REGION_LENGTH).contains(&text.len()) && text.bytes().all(is_letter)
}
