//! Source 4: the instance metadata service of EC2, version 2.
//!
//! Version 1 is not used, because it responds to any GET request that an attacker can make the program send. botocore
//! extends credentials that the service returns after they have expired; here they are refused, like all expired ones.
//!
//! Nobody configures this source: it is tried on every machine. Something else may respond at its address, such as the
//! metadata service of another cloud, a proxy, or the login page of a network. Therefore the source counts as configured
//! once the service has named a role. Before, every failure means that there are no credentials here, as in botocore.

use std::time::Duration;

use http::header::CONTENT_LENGTH;
use http::{HeaderName, HeaderValue, Method, Request, Uri};

use super::document::Document;
use super::fetch::{Judge, Judgement, Patience, fetch};
use super::{CredentialsError, Found, Outcome, Surroundings, failed};
use crate::BoxFuture;
use crate::body::Body;
use crate::config::Sources;
use crate::credentials::origin::chain as origin;
use crate::headers;
use crate::texts::{self, ToText as _};

const TOKEN: HeaderName = HeaderName::from_static("x-aws-ec2-metadata-token");
const TOKEN_LIFETIME: HeaderName = HeaderName::from_static("x-aws-ec2-metadata-token-ttl-seconds");
const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
const IPV4: &str = "http://169.254.169.254";
const IPV6: &str = "http://[fd00:ec2::254]";

pub(super) fn find<'a>(
    surroundings: &'a Surroundings,
    sources: &'a Sources,
) -> BoxFuture<'a, Outcome> {
    Box::pin(look(surroundings, sources))
}

async fn look(surroundings: &Surroundings, sources: &Sources) -> Outcome {
    let disabled = sources.variable("AWS_EC2_METADATA_DISABLED");
    if disabled.is_some_and(|text| text.eq_ignore_ascii_case("true")) {
        return Ok(Found::Nothing(
            "AWS_EC2_METADATA_DISABLED is true".to_text(),
        ));
    }
    let service = Service {
        surroundings,
        base: base(sources)?,
        patience: patience(sources)?,
    };
    match service.search(true).await? {
        Step::Done(found) => Ok(found),
        // A token may expire between two requests, for example while the machine is suspended.
        Step::SessionEnded => match service.search(false).await? {
            Step::Done(found) => Ok(found),
            Step::SessionEnded => Ok(service.nothing("it refuses its own tokens")),
        },
    }
}

/// The result of a request in a session.
enum Step<T> {
    Done(T),
    /// The service refuses the token, which may have expired.
    SessionEnded,
}

/// The endpoint of the service.
fn base(sources: &Sources) -> Result<String, CredentialsError> {
    let url = sources.text(
        "AWS_EC2_METADATA_SERVICE_ENDPOINT",
        "ec2_metadata_service_endpoint",
    );
    if let Some(url) = url {
        let url = url.trim_end_matches('/').to_text();
        let usable = url.parse::<Uri>().is_ok_and(|uri| {
            // With a query, the paths of the service would become a part of it.
            uri.scheme().is_some()
                && uri.query().is_none()
                && uri
                    .authority()
                    .is_some_and(|authority| !texts::has(authority.as_str(), b'@'))
        });
        if usable {
            return Ok(url);
        }
        return failed("AWS_EC2_METADATA_SERVICE_ENDPOINT is not the URL of an endpoint");
    }
    let mode = sources.text(
        "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
        "ec2_metadata_service_endpoint_mode",
    );
    match mode.unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "ipv4" => Ok(IPV4.to_text()),
        "ipv6" => Ok(IPV6.to_text()),
        _ => failed("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE must be IPv4 or IPv6"),
    }
}

/// One second, and three attempts if there is a response. Most machines have no such service, and must not wait for it.
fn patience(sources: &Sources) -> Result<Patience, CredentialsError> {
    let number = |variable, setting, default: u32| match sources.text(variable, setting) {
        None => Ok(default),
        Some(text) => match u32::try_from(texts::number(&text).unwrap_or_default()) {
            Ok(number @ 1..) => Ok(number),
            _ => failed(format!("{variable} must be a whole number of at least 1")),
        },
    };
    Ok(Patience {
        timeout: Duration::from_secs(u64::from(number(
            "AWS_METADATA_SERVICE_TIMEOUT",
            "metadata_service_timeout",
            1,
        )?)),
        attempts: number(
            "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
            "metadata_service_num_attempts",
            3,
        )?,
        if_unreachable: false,
    })
}

struct Service<'a> {
    surroundings: &'a Surroundings,
    base: String,
    patience: Patience,
}

impl Service<'_> {
    fn failed(&self, message: &str) -> CredentialsError {
        CredentialsError::new(format!(
            "the instance metadata service at {} returned no credentials: {message}",
            self.base
        ))
    }

    /// What responds is no such service, or it gives no role.
    fn nothing(&self, reason: &str) -> Found {
        Found::Nothing(format!("{}: {reason}", self.base))
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        header: (&HeaderName, &HeaderValue),
        judge: Judge<'_>,
    ) -> Result<(), String> {
        let Ok(uri) = format!("{}{path}", self.base).parse::<Uri>() else {
            return Err("the name of the role does not fit into a URL".to_text());
        };
        let request = || {
            let mut request = Request::new(Body::empty());
            *request.method_mut() = method.clone();
            *request.uri_mut() = uri.clone();
            let headers = request.headers_mut();
            headers::insert(headers, header.0.clone(), header.1.clone());
            if method == Method::PUT {
                // Without it, proxies of containers respond with 411.
                headers::insert(headers, CONTENT_LENGTH, HeaderValue::from_static("0"));
            }
            request
        };
        fetch(self.surroundings, &self.patience, &request, judge).await
    }

    /// The search in its own session. The caller decides whether the end of the session is an error.
    async fn search(&self, may_end: bool) -> Result<Step<Found>, CredentialsError> {
        let mut token = match self.token().await {
            Ok(Some(token)) => token,
            Ok(None) => {
                return Ok(Step::Done(Found::Nothing(format!(
                    "{} does not support version 2 of the service",
                    self.base
                ))));
            }
            Err(reason) => return Ok(Step::Done(self.nothing(&reason))),
        };
        token.set_sensitive(true);
        let role = match self.role(&token, may_end).await {
            Ok(Step::SessionEnded) => return Ok(Step::SessionEnded),
            Ok(Step::Done(Some(role))) => role,
            Ok(Step::Done(None)) => {
                let reason = "the instance has no role".to_text();
                return Ok(Step::Done(Found::Nothing(reason)));
            }
            Err(reason) => return Ok(Step::Done(self.nothing(&reason))),
        };
        self.credentials(&token, &role, may_end).await
    }

    /// The token of a session; `None` if the service has no sessions.
    async fn token(&self) -> Result<Option<HeaderValue>, String> {
        let lifetime = HeaderValue::from_static("21600");
        let header = (&TOKEN_LIFETIME, &lifetime);
        let mut found = None;
        let mut judge = |status, body: &[u8]| match status {
            200 => match HeaderValue::from_bytes(body.trim_ascii()) {
                Ok(token) if !token.is_empty() => {
                    found = Some(token);
                    Judgement::Accept
                }
                _ => Judgement::Retry("its token is not one".to_text()),
            },
            403..=405 => Judgement::Accept,
            status => again_or_never(status, "asked for a token"),
        };
        self.ask(Method::PUT, "/latest/api/token", header, &mut judge)
            .await?;
        Ok(found)
    }

    /// The role of the instance, if it has one.
    async fn role(
        &self,
        token: &HeaderValue,
        may_end: bool,
    ) -> Result<Step<Option<String>>, String> {
        let mut found = Step::Done(None);
        let mut judge = |status, body: &[u8]| match (status, std::str::from_utf8(body)) {
            (200, Ok(text)) => {
                let role = text.lines().next().unwrap_or_default().trim();
                if texts::prefix(role.as_bytes(), is_part_of_role) < role.len() {
                    return Judgement::Retry("the role that it names is none".to_text());
                }
                found = Step::Done((!role.is_empty()).then(|| role.to_text()));
                Judgement::Accept
            }
            (404, _) => Judgement::Accept,
            (401, _) if may_end => {
                found = Step::SessionEnded;
                Judgement::Accept
            }
            (status, _) => again_or_never(status, "asked for the role"),
        };
        let header = (&TOKEN, token);
        self.ask(Method::GET, ROLES, header, &mut judge).await?;
        Ok(found)
    }

    async fn credentials(
        &self,
        token: &HeaderValue,
        role: &str,
        may_end: bool,
    ) -> Result<Step<Found>, CredentialsError> {
        let mut found = Step::Done(Document::default());
        let mut is_service = true;
        let mut judge = |status, body: &[u8]| {
            let document = Document::read(body);
            // A server that responds to every request with the same text has named a role, too.
            is_service = status != 200 || document.is_some();
            match (status, document) {
                (200, Some(answer)) => {
                    found = Step::Done(answer);
                    Judgement::Accept
                }
                (401, _) if may_end => {
                    found = Step::SessionEnded;
                    Judgement::Accept
                }
                (200, None) => Judgement::Retry("its response is not JSON".to_text()),
                (status, _) => again_or_never(status, "asked for the credentials of the role"),
            }
        };
        let path = format!("{ROLES}{role}");
        let header = (&TOKEN, token);
        if let Err(reason) = self.ask(Method::GET, &path, header, &mut judge).await {
            return match is_service {
                true => Err(self.failed(&reason)),
                false => Ok(Step::Done(self.nothing(&reason))),
            };
        }
        let document = match found {
            Step::Done(document) => document,
            Step::SessionEnded => return Ok(Step::SessionEnded),
        };
        match &document.code {
            Some(code) if code != "Success" => {
                let message = document.message.as_deref().unwrap_or_default();
                Err(self.failed(&format!("{code} {message}")))
            }
            _ => {
                let credentials = document.credentials("the instance metadata service")?;
                let credentials = credentials.with_sources(&[origin::INSTANCE]);
                Ok(Step::Done(Found::Credentials(credentials)))
            }
        }
    }
}

/// Whether the name of a role may contain a character (IAM API Reference, `RoleName`): nothing that would change the path.
fn is_part_of_role(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte)
}

fn again_or_never(status: u16, when: &str) -> Judgement {
    let message = format!("status {status} when it was {when}");
    if status >= 500 || status == 429 {
        Judgement::Retry(message)
    } else {
        Judgement::Refuse(message)
    }
}
