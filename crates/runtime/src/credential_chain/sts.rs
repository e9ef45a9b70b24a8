//! Roles: `AssumeRole` and `AssumeRoleWithWebIdentity` of STS.

use std::sync::Arc;

use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::services::{ASSUME_ROLE, ASSUME_ROLE_WITH_WEB_IDENTITY, call, explain};
use super::{CredentialsError, Surroundings, failed};
use crate::Credentials;
use crate::config::Sources;
use crate::credentials::expiry;
use crate::credentials::origin::chain as origin;
use crate::plumbing::endpoint::parse_arn;
use crate::plumbing::message::{HttpRequest, HttpResponse};
use crate::plumbing::xml::{self, Reader};
use crate::texts::{ToText as _, filled};

/// A role to assume.
pub(super) struct Role {
    pub(super) arn: String,
    pub(super) session_name: Option<String>,
    pub(super) external_id: Option<String>,
    pub(super) duration_seconds: Option<u32>,
}

impl Role {
    fn parameters(&self, surroundings: &Surroundings) -> Vec<(&'static str, String)> {
        let now = surroundings.time.now().epoch_seconds();
        let name = self.session_name.clone();
        let name = name.unwrap_or_else(|| format!("attache-session-{now}"));
        let mut parameters = vec![("RoleArn", self.arn.clone()), ("RoleSessionName", name)];
        if let Some(seconds) = self.duration_seconds {
            parameters.push(("DurationSeconds", seconds.to_string()));
        }
        if let Some(id) = &self.external_id {
            parameters.push(("ExternalId", id.clone()));
        }
        parameters
    }

    /// Assumes the role with existing credentials.
    pub(super) async fn assume(
        &self,
        surroundings: &Surroundings,
        sources: &Arc<Sources>,
        source: Credentials,
    ) -> Result<Credentials, CredentialsError> {
        let request = request("AssumeRole", &self.parameters(surroundings));
        let region = surroundings.parameters.region.clone();
        let response = call(
            surroundings,
            sources,
            &ASSUME_ROLE,
            region,
            Some(source.clone()),
            request,
        );
        let what = format!("the role {} could not be assumed", self.arn);
        let response = response.await.map_err(|failure| explain(&what, &failure))?;
        let assumed = credentials(&response, "AssumeRoleResult", &what)?;
        Ok(assumed
            .with_sources(source.sources())
            .with_sources(&[origin::ROLE]))
    }

    /// Assumes the role with the token of an identity provider.
    pub(super) async fn assume_with_web_identity(
        &self,
        surroundings: &Surroundings,
        sources: &Arc<Sources>,
        token: String,
    ) -> Result<Credentials, CredentialsError> {
        let mut parameters = self.parameters(surroundings);
        parameters.push(("WebIdentityToken", token));
        let request = request("AssumeRoleWithWebIdentity", &parameters);
        let region = surroundings.parameters.region.clone();
        let operation = &ASSUME_ROLE_WITH_WEB_IDENTITY;
        let response = call(surroundings, sources, operation, region, None, request);
        let what = format!(
            "the role {} could not be assumed with a web identity",
            self.arn
        );
        let response = response.await.map_err(|failure| explain(&what, &failure))?;
        credentials(&response, "AssumeRoleWithWebIdentityResult", &what)
    }
}

/// A request of the protocol awsQuery.
fn request(action: &str, parameters: &[(&str, String)]) -> HttpRequest {
    let mut body = format!("Action={action}&Version=2011-06-15");
    for (name, value) in parameters {
        let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
        body.push_str(&format!("&{name}={value}"));
    }
    let mut request = HttpRequest::new(Method::POST);
    request.path("/");
    request.bytes(
        "application/x-www-form-urlencoded; charset=utf-8",
        body.into(),
    );
    request
}

/// What is used of the result of STS: the element `Credentials`, and the ARN of `AssumedRoleUser`.
#[derive(Default)]
struct Answer {
    access_key_id: Option<String>,
    secret_access_key: Option<String>,
    session_token: Option<String>,
    expiration: Option<String>,
    arn: Option<String>,
}

impl Answer {
    fn read(reader: &mut Reader<'_>) -> xml::Result<Self> {
        let mut answer = Self::default();
        while let Some(name) = reader.child()? {
            match name {
                "Credentials" | "AssumedRoleUser" => answer.read_members(reader)?,
                _ => reader.skip()?,
            }
        }
        Ok(answer)
    }

    fn read_members(&mut self, reader: &mut Reader<'_>) -> xml::Result<()> {
        while let Some(name) = reader.child()? {
            let member = match name {
                "AccessKeyId" => &mut self.access_key_id,
                "SecretAccessKey" => &mut self.secret_access_key,
                "SessionToken" => &mut self.session_token,
                "Expiration" => &mut self.expiration,
                "Arn" => &mut self.arn,
                _ => {
                    reader.skip()?;
                    continue;
                }
            };
            let text = reader.string()?;
            *member = filled(Some(text.trim().to_text()));
        }
        Ok(())
    }
}

fn credentials(
    response: &HttpResponse,
    result: &'static str,
    what: &str,
) -> Result<Credentials, CredentialsError> {
    // The text of an error may repeat a part of the response.
    let Ok(answer) = response.query_result(result, Answer::read) else {
        return failed(format!(
            "{what}: the response of STS is not the expected XML"
        ));
    };
    let (Some(id), Some(secret), Some(token)) = (
        answer.access_key_id,
        answer.secret_access_key,
        answer.session_token,
    ) else {
        return failed(format!(
            "{what}: the response of STS contains no credentials"
        ));
    };
    let expiry = answer.expiration.as_deref().and_then(expiry::read);
    let Some(expiry) = expiry else {
        return failed(format!(
            "{what}: the response of STS does not contain the expiry of the credentials"
        ));
    };
    let mut credentials = Credentials::new(id, secret)
        .session_token(token)
        .expires_at(expiry);
    if let Some(arn) = answer.arn.as_deref().and_then(parse_arn) {
        credentials = credentials.account_id(arn.account_id);
    }
    credentials
        .validated()
        .map_err(|error| CredentialsError::new(format!("{what}: in the response of STS {error}")))
}
