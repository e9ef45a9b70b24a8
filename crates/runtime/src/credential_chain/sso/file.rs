//! The file in which `aws sso login` and others keep the token of a session.

use std::path::{Path, PathBuf};

use super::sha1::sha1;
use super::{CredentialsError, Login, Surroundings};
use crate::Timestamp;
use crate::credential_chain::rewritten;
use crate::credentials::expiry;
use crate::plumbing::json::{Kind, Reader, Writer};
use crate::plumbing::sigv4::hexadecimal;
use crate::texts::{ToText as _, filled};

impl Login<'_> {
    /// The path at which the AWS CLI stores the token.
    pub(super) fn path(&self, surroundings: &Surroundings) -> Option<PathBuf> {
        let key = self.session.as_ref().unwrap_or(&self.start_url);
        let name = hexadecimal(&sha1(key.as_bytes()));
        let home = surroundings.environment.home()?;
        Some(home.join(format!(".aws/sso/cache/{name}.json")))
    }

    /// The token in the file.
    pub(super) async fn read(
        &self,
        surroundings: &Surroundings,
        path: &Path,
    ) -> Result<CachedToken, CredentialsError> {
        let mut token = None;
        let mut look = |contents: Vec<u8>| {
            token = CachedToken::read(&contents);
            token.is_some()
        };
        let read = rewritten::read(surroundings, path, &mut look).await;
        match (read, token) {
            (Ok(()), Some(token)) => Ok(token),
            (Ok(()), None) => Err(self.log_in(&format!("{} holds no token", path.display()))),
            (Err(error), _) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(self.log_in(&format!("{} does not exist", path.display())))
            }
            (Err(error), _) => {
                let message = format!("{} cannot be read", path.display());
                Err(CredentialsError::new(message).because(error))
            }
        }
    }

    /// The token with which another program has replaced one that cannot be refreshed any more, if there is one. The
    /// other program has used the refresh token already, but may not have written the file yet.
    pub(super) async fn replaced(
        &self,
        surroundings: &Surroundings,
        path: &Path,
        old: &CachedToken,
    ) -> Option<CachedToken> {
        let mut token = None;
        let mut look = |contents: Vec<u8>| match CachedToken::read(&contents) {
            Some(other) if other.access != old.access => {
                token = Some(other);
                true
            }
            _ => false,
        };
        let read = rewritten::read(surroundings, path, &mut look).await;
        read.ok().and(token)
    }
}

/// The file of a token. Its other members are kept.
pub(super) struct CachedToken {
    /// The members with the JSON of their values.
    members: Vec<(String, String)>,
    pub(super) access: String,
    pub(super) expires: Timestamp,
}

impl CachedToken {
    fn read(text: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(text).ok()?;
        let mut members = Vec::new();
        let mut fields = reader.object().ok()?;
        while let Some(key) = reader.key(&mut fields).ok()? {
            let key = key.into_owned();
            members.push((key, reader.raw().ok()?.to_text()));
        }
        let mut token = Self {
            members,
            access: String::new(),
            expires: Timestamp::UNIX_EPOCH,
        };
        token.access = token.text("accessToken")?;
        token.expires = expiry::read(&token.text("expiresAt")?)?;
        Some(token)
    }

    /// How many seconds it is valid.
    pub(super) fn left(&self, now: i64) -> i64 {
        self.expires.epoch_seconds().saturating_sub(now)
    }

    /// The text of a member, unless it is empty. Of equal names the last one counts.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        let mut found = None;
        for (name, value) in &self.members {
            if name == key {
                found = Some(value);
            }
        }
        let mut reader = Reader::new(found?.as_bytes()).ok()?;
        match reader.peek_kind().ok()? {
            Kind::String => filled(reader.string().ok()),
            _ => None,
        }
    }

    /// The file with a new token in it.
    pub(super) fn renewed(
        &self,
        access: &str,
        refresh: Option<&str>,
        expires: Timestamp,
    ) -> Vec<u8> {
        let expires = expires.to_string();
        let changes = [
            ("accessToken", Some(access)),
            ("expiresAt", Some(expires.as_str())),
            ("refreshToken", refresh),
        ];
        let mut writer = Writer::with_capacity(2048);
        writer.begin_object();
        for (key, value) in &self.members {
            let is_changed = match key.as_str() {
                "accessToken" | "expiresAt" => true,
                "refreshToken" => refresh.is_some(),
                _ => false,
            };
            if !is_changed {
                writer.key(key);
                writer.raw(value);
            }
        }
        for &(key, value) in &changes {
            if let Some(value) = value {
                writer.key(key);
                writer.string(value);
            }
        }
        writer.end_object();
        writer.into_bytes()
    }
}
