//! Source 3: the endpoint that ECS and EKS give a container.

use std::net::IpAddr;
use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION};
use http::uri::Scheme;
use http::{HeaderValue, Request, Uri};

use super::document::Document;
use super::fetch::{Judgement, Patience, fetch};
use super::{CredentialsError, Found, Outcome, Surroundings, failed, rewritten};
use crate::BoxFuture;
use crate::body::Body;
use crate::credentials::origin::chain as origin;
use crate::environment;
use crate::headers;
use crate::texts::{self, ToText as _, join};

const RELATIVE: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
/// Where the relative URI begins.
const ECS: &str = "http://169.254.170.2";
/// Hosts that may be called without TLS, besides loopback addresses: the endpoints of ECS and of EKS.
const HOSTS: [&str; 4] = [
    "localhost",
    "169.254.170.2",
    "169.254.170.23",
    "fd00:ec2::23",
];
/// As in botocore 1.44.5.
const PATIENCE: Patience = Patience {
    timeout: Duration::from_secs(2),
    attempts: 3,
    if_unreachable: true,
};

pub(super) fn find(surroundings: &Surroundings) -> BoxFuture<'_, Outcome> {
    Box::pin(look(surroundings))
}

async fn look(surroundings: &Surroundings) -> Outcome {
    let environment = &*surroundings.environment;
    let url = if let Some(path) = environment::set(environment, RELATIVE) {
        // Anything else would continue the host: `.example.com` or `@example.com`.
        if !path.starts_with('/') {
            return failed(format!("{RELATIVE} must begin with a slash"));
        }
        format!("{ECS}{path}")
    } else if let Some(url) = environment::set(environment, FULL) {
        url
    } else {
        return Ok(Found::Nothing(format!(
            "neither {RELATIVE} nor {FULL} is set"
        )));
    };
    let uri = permitted(&url)?;
    let token = authorization(surroundings).await?;
    let request = || {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = uri.clone();
        let headers = request.headers_mut();
        headers::insert(
            headers,
            ACCEPT,
            HeaderValue::from_static("application/json"),
        );
        if let Some(token) = &token {
            headers::insert(headers, AUTHORIZATION, token.clone());
        }
        request
    };
    let mut document = Document::default();
    let mut judge = |status, body: &[u8]| judge(status, body, &mut document);
    match fetch(surroundings, &PATIENCE, &request, &mut judge).await {
        Ok(()) => {
            let credentials = document.credentials("the container's endpoint")?;
            Ok(Found::Credentials(
                credentials.with_sources(&[origin::CONTAINER]),
            ))
        }
        Err(message) => failed(format!(
            "the container's endpoint at {} returned no credentials: {}",
            host(&uri),
            without(message, token.as_ref())
        )),
    }
}

/// A message of the endpoint, unless it repeats the token.
fn without(message: String, token: Option<&HeaderValue>) -> String {
    let token = token.and_then(|token| token.to_str().ok());
    match token.is_some_and(|token| texts::find(&message, token).is_some()) {
        true => "its message is not shown, because it repeats the token".to_text(),
        false => message,
    }
}

fn judge(status: u16, body: &[u8], accepted: &mut Document) -> Judgement {
    let document = Document::read(body);
    match (status, document) {
        (200, Some(document)) => {
            *accepted = document;
            Judgement::Accept
        }
        (200, None) => Judgement::Retry("its response is not JSON".to_text()),
        (status, document) => {
            let document = document.unwrap_or_default();
            let mut message = format!("status {status}");
            let mut add = |detail: Option<String>| {
                if let Some(detail) = detail {
                    message.push_str(", ");
                    message.push_str(&detail);
                }
            };
            add(document.code);
            add(document.message);
            if status >= 500 || status == 429 {
                Judgement::Retry(message)
            } else {
                Judgement::Refuse(message)
            }
        }
    }
}

/// The URL, unless credentials would be sent over a network without TLS.
fn permitted(url: &str) -> Result<Uri, CredentialsError> {
    // The URL is not shown: its query may hold a secret.
    let Ok(uri) = url.parse::<Uri>() else {
        return failed(format!("{RELATIVE} or {FULL} does not make a URL"));
    };
    let host = host(&uri);
    let local = HOSTS.contains(&host) || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    if host.is_empty()
        || uri
            .authority()
            .is_some_and(|all| texts::has(all.as_str(), b'@'))
    {
        return failed(format!("{FULL} is not the URL of an endpoint"));
    }
    if uri.scheme() == Some(&Scheme::HTTPS) || (uri.scheme() == Some(&Scheme::HTTP) && local) {
        return Ok(uri);
    }
    failed(format!(
        "{FULL} names the host {host}, which may only be called over https; without https only loopback addresses \
         and {} are allowed",
        join(&HOSTS, ", ")
    ))
}

fn host(uri: &Uri) -> &str {
    texts::without_brackets(uri.host().unwrap_or_default())
}

/// The authorization token. The file takes precedence, and is read each time, because EKS replaces it.
async fn authorization(
    surroundings: &Surroundings,
) -> Result<Option<HeaderValue>, CredentialsError> {
    let environment = &*surroundings.environment;
    let (token, place) = match environment::set(environment, TOKEN_FILE) {
        Some(path) => {
            let path = environment::expand(environment, &path);
            let mut token = Vec::new();
            let mut look = |contents: Vec<u8>| {
                token = contents;
                !token.trim_ascii().is_empty()
            };
            let read = rewritten::read(surroundings, &path, &mut look).await;
            read.map_err(|error| {
                let message = format!(
                    "{}, which {TOKEN_FILE} names, cannot be read",
                    path.display()
                );
                CredentialsError::new(message).because(error)
            })?;
            if token.trim_ascii().is_empty() {
                let path = path.display();
                return failed(format!("{path}, which {TOKEN_FILE} names, holds no token"));
            }
            (token, TOKEN_FILE)
        }
        None => match environment::set(environment, TOKEN) {
            Some(token) => (token.into_bytes(), TOKEN),
            None => return Ok(None),
        },
    };
    let mut value = match HeaderValue::from_bytes(token.trim_ascii_end()) {
        Ok(value) => value,
        Err(_) => return failed(format!("the token of {place} does not fit into a header")),
    };
    value.set_sensitive(true);
    Ok(Some(value))
}
