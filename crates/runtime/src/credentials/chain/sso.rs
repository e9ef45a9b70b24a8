//! IAM Identity Center: a token that `aws sso login` left becomes the credentials of a role.
//!
//! The token of a session is refreshed and written back, as the AWS CLI does. Where that is not possible, only the user
//! can log in again, and the error says how.

use std::path::PathBuf;
use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method};
use sha1::{Digest, Sha1};

use super::services::{CREATE_TOKEN, GET_ROLE_CREDENTIALS, call, explain};
use super::{CredentialsError, Found, Outcome, Surroundings, failed};
use crate::config::Sources;
use crate::json::{self, Kind, Reader, Writer};
use crate::message::HttpRequest;
use crate::profile::{Profile, Settings};
use crate::{BoxFuture, Credentials, Document, Timestamp};

const TOKEN: HeaderName = HeaderName::from_static("x-amz-sso_bearer_token");
/// How long before its end a token is refreshed, in seconds: as in botocore 1.44.5.
const WINDOW: i64 = 15 * 60;

/// What a profile says about its login.
struct Login<'a> {
    profile: &'a str,
    account: String,
    role: String,
    region: String,
    /// The name of the session; `None` in the older form.
    session: Option<String>,
    start_url: String,
}

/// Whether a profile is one of IAM Identity Center.
pub(super) fn is_configured(profile: &Profile) -> bool {
    ["sso_account_id", "sso_role_name"]
        .iter()
        .any(|name| profile.get(name).is_some())
}

pub(super) fn find<'a>(
    surroundings: &'a Surroundings,
    sources: &'a Arc<Sources>,
    name: &'a str,
    profile: &'a Profile,
) -> BoxFuture<'a, Outcome> {
    Box::pin(look(surroundings, sources, name, profile))
}

async fn look(
    surroundings: &Surroundings,
    sources: &Arc<Sources>,
    name: &str,
    profile: &Profile,
) -> Outcome {
    let login = login(sources, name, profile)?;
    let token = login.token(surroundings, sources).await?;
    let credentials = login.credentials(surroundings, sources, &token).await?;
    Ok(Found::Credentials(credentials))
}

fn login<'a>(
    sources: &Sources,
    name: &'a str,
    profile: &Profile,
) -> Result<Login<'a>, CredentialsError> {
    let text = |settings: &Settings, key: &str| {
        let setting = settings.get(key).filter(|setting| !setting.text.is_empty());
        setting.map(|setting| setting.text.clone())
    };
    let session = profile.get("sso_session");
    let shared = match session {
        None => None,
        Some(session) => match sources.profiles.sso_sessions.get(&session.text) {
            Some(settings) => Some(settings),
            None => {
                return failed(format!(
                    "there is no section [sso-session {}], which `sso_session` ({}) names",
                    session.text,
                    session.place()
                ));
            }
        },
    };
    let required = |key: &str| {
        let own = text(&profile.settings, key);
        let of_session = shared.and_then(|settings| text(settings, key));
        if let (Some(own), Some(of_session)) = (&own, &of_session)
            && own != of_session
        {
            return failed(format!(
                "`{key}` of the profile `{name}` and of its sso-session differ"
            ));
        }
        own.or(of_session)
            .ok_or_else(|| CredentialsError::new(format!("the profile `{name}` lacks `{key}`")))
    };
    Ok(Login {
        profile: name,
        account: required("sso_account_id")?,
        role: required("sso_role_name")?,
        region: required("sso_region")?,
        start_url: required("sso_start_url")?,
        session: session.map(|session| session.text.clone()),
    })
}

impl Login<'_> {
    /// What only the user can mend.
    fn log_in<T>(&self, what: &str) -> Result<T, CredentialsError> {
        failed(format!(
            "{what}: run `aws sso login --profile {}`",
            self.profile
        ))
    }

    /// A token that is valid now.
    async fn token(
        &self,
        surroundings: &Surroundings,
        sources: &Arc<Sources>,
    ) -> Result<String, CredentialsError> {
        let Some(path) = self.path(surroundings) else {
            return failed("HOME is not set, so the token of `aws sso login` cannot be found");
        };
        let text = match surroundings.environment.read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return self.log_in(&format!("{} is not there", path.display()));
            }
            Err(error) => {
                let message = format!("{} cannot be read", path.display());
                return Err(CredentialsError::new(message).because(error));
            }
        };
        let Some(token) = CachedToken::read(&text) else {
            return self.log_in(&format!("{} holds no token", path.display()));
        };
        let now = surroundings.time.now().epoch_seconds();
        let left = token.expires.epoch_seconds() - now;
        if left > 0 && (left >= WINDOW || self.session.is_none()) {
            return Ok(token.access);
        }
        let refreshed = match self.session {
            Some(_) => self.refresh(surroundings, sources, &token, now).await,
            None => failed("it cannot be refreshed"),
        };
        match refreshed {
            Ok((access, contents)) => {
                // The token works without the file, and the next program can refresh its own.
                let _ = surroundings.environment.write(&path, &contents);
                Ok(access)
            }
            Err(_) if left > 0 => Ok(token.access),
            Err(error) => self.log_in(&format!(
                "the login ended at {}, and {error}",
                token.expires
            )),
        }
    }

    /// Where the AWS CLI keeps the token.
    fn path(&self, surroundings: &Surroundings) -> Option<PathBuf> {
        let key = self.session.as_ref().unwrap_or(&self.start_url);
        let hash = Sha1::digest(key.as_bytes());
        let name: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let home = surroundings.environment.home()?;
        Some(home.join(format!(".aws/sso/cache/{name}.json")))
    }

    /// A new token, and what to write into the file.
    async fn refresh(
        &self,
        surroundings: &Surroundings,
        sources: &Arc<Sources>,
        token: &CachedToken,
        now: i64,
    ) -> Result<(String, Vec<u8>), CredentialsError> {
        let text = |key: &str| token.text(key);
        let (Some(client), Some(secret), Some(refresh)) =
            (text("clientId"), text("clientSecret"), text("refreshToken"))
        else {
            return failed("it cannot be refreshed");
        };
        let registered = text("registrationExpiresAt").and_then(moment);
        if registered.is_none_or(|end| end.epoch_seconds() <= now) {
            return failed("the registration of the program that logged in has ended too");
        }
        let mut body = Writer::with_capacity(1024);
        body.begin_object();
        for (key, value) in [
            ("clientId", client),
            ("clientSecret", secret),
            ("grantType", "refresh_token"),
            ("refreshToken", refresh),
        ] {
            body.key(key);
            body.string(value);
        }
        body.end_object();
        let mut request = HttpRequest::new(Method::POST);
        request.path("/token");
        request.json(body);
        let region = Some(self.region.clone());
        let response = call(surroundings, sources, &CREATE_TOKEN, region, None, request);
        let what = "it could not be refreshed";
        let response = response.await.map_err(|failure| explain(what, &failure))?;
        let answer = NewToken::read(response.bytes());
        let Some(answer) = answer else {
            return failed("the answer to its refreshment holds no token");
        };
        let Ok(expires) = Timestamp::from_epoch_seconds(now.saturating_add(answer.expires_in))
        else {
            return failed("the answer to its refreshment has no end");
        };
        let contents = token.renewed(&answer, expires);
        Ok((answer.access, contents))
    }

    async fn credentials(
        &self,
        surroundings: &Surroundings,
        sources: &Arc<Sources>,
        token: &str,
    ) -> Result<Credentials, CredentialsError> {
        let mut request = HttpRequest::new(Method::GET);
        request.path("/federation/credentials");
        request.query("role_name", &self.role);
        request.query("account_id", &self.account);
        let Ok(mut value) = HeaderValue::from_str(token) else {
            return self.log_in("the token of the login does not fit into a header");
        };
        value.set_sensitive(true);
        request.headers.insert(TOKEN, value);
        let region = Some(self.region.clone());
        let operation = &GET_ROLE_CREDENTIALS;
        let response = call(surroundings, sources, operation, region, None, request).await;
        let what = format!(
            "no credentials for the role {} in the account {}",
            self.role, self.account
        );
        match response {
            Ok(response) => match role_credentials(response.bytes()) {
                Some(credentials) => Ok(credentials),
                None => failed(format!(
                    "{what}: the answer of IAM Identity Center holds none"
                )),
            },
            Err(failure) if failure.status() == Some(401) => {
                self.log_in(&format!("{what}: the login is not valid any more"))
            }
            Err(failure) => Err(explain(&what, &failure)),
        }
    }
}

/// The file of a token. What else stands in it is kept.
struct CachedToken {
    members: Vec<(String, Document)>,
    access: String,
    expires: Timestamp,
}

impl CachedToken {
    fn read(text: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(text).ok()?;
        let mut members = Vec::new();
        let mut fields = reader.object().ok()?;
        while let Some(key) = reader.key(&mut fields).ok()? {
            let key = key.into_owned();
            members.push((key, reader.document().ok()?));
        }
        let mut token = Self {
            members,
            access: String::new(),
            expires: Timestamp::UNIX_EPOCH,
        };
        token.access = token.text("accessToken")?.to_owned();
        token.expires = moment(token.text("expiresAt")?)?;
        Some(token)
    }

    fn text(&self, key: &str) -> Option<&str> {
        let found = self.members.iter().rev().find(|(name, _)| name == key);
        match found {
            Some((_, Document::String(text))) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// The file with a new token in it.
    fn renewed(&self, answer: &NewToken, expires: Timestamp) -> Vec<u8> {
        let mut changes = vec![
            ("accessToken", answer.access.clone()),
            ("expiresAt", expires.to_string()),
        ];
        if let Some(refresh) = &answer.refresh {
            changes.push(("refreshToken", refresh.clone()));
        }
        let changed = |key: &str| changes.iter().any(|(name, _)| *name == key);
        let mut writer = Writer::with_capacity(2048);
        writer.begin_object();
        for (key, value) in self.members.iter().filter(|(key, _)| !changed(key)) {
            writer.key(key);
            writer.document(value);
        }
        for (key, value) in &changes {
            writer.key(key);
            writer.string(value);
        }
        writer.end_object();
        writer.into_bytes()
    }
}

/// A date-time; older programs wrote `UTC` in place of `Z`.
fn moment(text: &str) -> Option<Timestamp> {
    match text.strip_suffix("UTC") {
        Some(text) => format!("{text}Z").parse().ok(),
        None => text.parse().ok(),
    }
}

/// The answer of `CreateToken`.
struct NewToken {
    access: String,
    refresh: Option<String>,
    expires_in: i64,
}

impl NewToken {
    fn read(text: &[u8]) -> Option<Self> {
        let (mut access, mut refresh, mut expires_in) = (None, None, None);
        let mut reader = Reader::new(text).ok()?;
        let mut fields = reader.object().ok()?;
        while let Some(key) = reader.key(&mut fields).ok()? {
            match key.as_ref() {
                "accessToken" => access = reader.nullable(Reader::string).ok()?,
                "refreshToken" => refresh = reader.nullable(Reader::string).ok()?,
                "expiresIn" => expires_in = reader.nullable(Reader::long).ok()?,
                _ => reader.skip().ok()?,
            }
        }
        Some(Self {
            access: access?,
            refresh,
            expires_in: expires_in?,
        })
    }
}

/// The answer of `GetRoleCredentials`.
fn role_credentials(text: &[u8]) -> Option<Credentials> {
    let mut reader = Reader::new(text).ok()?;
    let mut credentials = None;
    let mut fields = reader.object().ok()?;
    while let Some(key) = reader.key(&mut fields).ok()? {
        if key == "roleCredentials" && reader.peek_kind().ok()? == Kind::Object {
            credentials = Some(role_members(&mut reader).ok()??);
        } else {
            reader.skip().ok()?;
        }
    }
    credentials
}

fn role_members(reader: &mut Reader<'_>) -> json::Result<Option<Credentials>> {
    let (mut id, mut secret, mut token, mut expires) = (None, None, None, None);
    let mut fields = reader.object()?;
    while let Some(key) = reader.key(&mut fields)? {
        match key.as_ref() {
            "accessKeyId" => id = reader.nullable(Reader::string)?,
            "secretAccessKey" => secret = reader.nullable(Reader::string)?,
            "sessionToken" => token = reader.nullable(Reader::string)?,
            "expiration" => expires = reader.nullable(Reader::long)?,
            _ => reader.skip()?,
        }
    }
    let (Some(id), Some(secret), Some(token), Some(expires)) = (id, secret, token, expires) else {
        return Ok(None);
    };
    // It is in milliseconds.
    let expires = Timestamp::from_epoch_seconds(expires.div_euclid(1000));
    Ok(expires.ok().map(|expires| {
        Credentials::new(id, secret)
            .session_token(token)
            .expires_at(expires)
    }))
}
