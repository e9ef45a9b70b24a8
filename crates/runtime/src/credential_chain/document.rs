//! Credentials as JSON: the output of a `credential_process`, and the responses of containers and instance metadata.
//!
//! Errors name what is missing and never show values.

use super::{CredentialsError, failed};
use crate::credentials::expiry;
use crate::plumbing::json::{self, Kind, Reader};
use crate::texts::filled;
use crate::{Credentials, Timestamp};

/// The members that are read.
#[derive(Default)]
pub(super) struct Document {
    pub(super) version: Option<i64>,
    /// The members with which instance metadata and containers describe a failure.
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    access_key_id: Option<String>,
    secret_access_key: Option<String>,
    session_token: Option<String>,
    expiration: Expiration,
    account_id: Option<String>,
}

/// The expiry of a document.
#[derive(Default)]
enum Expiration {
    /// Nothing.
    #[default]
    Missing,
    At(Timestamp),
    /// An invalid expiry: a text that is no time, a number, or anything else.
    Unreadable,
}

impl Document {
    /// Reads an object; `None` if the text is not an object.
    #[inline(never)]
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        Self::object(text).ok()
    }

    fn object(text: &[u8]) -> json::Result<Self> {
        let mut reader = Reader::new(text)?;
        let mut document = Self::default();
        let mut fields = reader.object()?;
        while let Some(key) = reader.key(&mut fields)? {
            let member = match key.as_ref() {
                "Version" if reader.peek_kind()? == Kind::Number => {
                    document.version = reader.long().ok();
                    continue;
                }
                "Code" | "code" => &mut document.code,
                "Message" | "message" => &mut document.message,
                "AccessKeyId" => &mut document.access_key_id,
                "SecretAccessKey" => &mut document.secret_access_key,
                "SessionToken" | "Token" => &mut document.session_token,
                "AccountId" => &mut document.account_id,
                "Expiration" => {
                    document.expiration = expiration(&mut reader)?;
                    continue;
                }
                _ => {
                    reader.skip()?;
                    continue;
                }
            };
            match reader.peek_kind()? {
                Kind::String => *member = filled(Some(reader.string()?)),
                _ => reader.skip()?,
            }
        }
        reader.finish()?;
        Ok(document)
    }

    /// The credentials. `source` names where they come from, for errors.
    pub(super) fn credentials(self, source: &str) -> Result<Credentials, CredentialsError> {
        let (Some(id), Some(secret)) = (self.access_key_id, self.secret_access_key) else {
            return failed(format!(
                "{source} returned no AccessKeyId or no SecretAccessKey"
            ));
        };
        let mut credentials = Credentials::new(id, secret);
        if let Some(token) = self.session_token {
            credentials = credentials.session_token(token);
        }
        if let Some(account) = self.account_id {
            credentials = credentials.account_id(account);
        }
        match self.expiration {
            Expiration::Missing => {}
            Expiration::At(expiry) => credentials = credentials.expires_at(expiry),
            // Otherwise they would be used as if they never expired.
            Expiration::Unreadable => {
                return failed(format!(
                    "{source} returned an Expiration that is no date-time such as 2030-01-31T23:59:59Z"
                ));
            }
        }
        credentials.validated().map_err(|error| {
            CredentialsError::new(format!("{source} returned credentials in which {error}"))
        })
    }
}

fn expiration(reader: &mut Reader<'_>) -> json::Result<Expiration> {
    let found = match reader.peek_kind()? {
        Kind::String => expiry::read(&reader.string()?),
        Kind::Null => {
            reader.skip()?;
            return Ok(Expiration::Missing);
        }
        _ => {
            reader.skip()?;
            None
        }
    };
    Ok(found.map_or(Expiration::Unreadable, Expiration::At))
}
