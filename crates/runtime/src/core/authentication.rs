//! Chooses how a request is authenticated, and fetches what that needs.
//!
//! The ways are listed by the endpoint rules, else by the operation, which has those of its service. The setting of the
//! user orders them. The first one for which there is an identity is used: one that is not configured is passed over,
//! and one that is configured and fails is an error, so that no request goes out with less authority than was meant.

use super::shared::Shared;
#[cfg(feature = "bearer")]
use crate::bearer::{self, BearerToken};
use crate::credentials::{Credentials, CredentialsError};
use crate::endpoint::Destination;
use crate::error::{ErrorKind, Failure};
use crate::plumbing::endpoint::AuthScheme;
use crate::plumbing::message::HttpRequest;
use crate::plumbing::operation::{Operation, Scheme, SignatureVersion};
use crate::plumbing::sigv4::PathForm;
use crate::signing::{Authorization, Target};
use crate::texts::{ToText as _, insert_behind, join};

/// A way to authenticate a request, with what the endpoint rules say about it.
#[derive(Clone, Copy)]
struct Way<'a> {
    scheme: Scheme,
    rule: Option<&'a AuthScheme>,
}

/// The name of a scheme in models and settings, without its namespace.
fn name(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::SigV4 => "sigv4",
        Scheme::SigV4a => "sigv4a",
        Scheme::Bearer => "httpBearerAuth",
        Scheme::NoAuth => "noAuth",
    }
}

/// The scheme with this name in endpoint rules.
fn of_rules(name: &str) -> Option<Scheme> {
    match name {
        "sigv4" => Some(Scheme::SigV4),
        "sigv4a" => Some(Scheme::SigV4a),
        "bearer" | "httpBearerAuth" => Some(Scheme::Bearer),
        "none" | "noAuth" => Some(Scheme::NoAuth),
        _ => None,
    }
}

/// Whether this build can do it.
fn is_supported(scheme: Scheme) -> bool {
    match scheme {
        Scheme::SigV4 | Scheme::NoAuth => true,
        Scheme::SigV4a => cfg!(feature = "sigv4a"),
        Scheme::Bearer => cfg!(feature = "bearer"),
    }
}

/// The ways of a request, in the order of the endpoint rules or of the service.
fn ways<'a>(
    operation: &Operation,
    schemes: &'static [Scheme],
    destination: &'a Destination,
) -> Result<Vec<Way<'a>>, Failure> {
    let listed = match (schemes, operation.signed) {
        ([], true) => &[Scheme::SigV4],
        ([], false) => &[Scheme::NoAuth],
        (schemes, _) => schemes,
    };
    let rules = &destination.auth_schemes;
    // Rules are those of a whole service. They choose the kind of a signature, but an operation that takes a token or
    // nothing gets no signature, and one that takes a signature no token.
    let fits = |scheme: Scheme| match scheme {
        Scheme::NoAuth => true,
        Scheme::Bearer => listed.contains(&Scheme::Bearer),
        Scheme::SigV4 | Scheme::SigV4a => {
            listed.contains(&Scheme::SigV4) || listed.contains(&Scheme::SigV4a)
        }
    };
    let mut ways: Vec<Way<'a>> = Vec::new();
    let add = |ways: &mut Vec<Way<'a>>, scheme, rule| {
        if is_supported(scheme) {
            ways.push(Way { scheme, rule });
        }
    };
    // Whether the rules name schemes, none of which is known; whether one of them fits.
    let (mut is_unknown, mut is_ruled) = (!rules.is_empty(), false);
    for rule in rules {
        let Some(scheme) = of_rules(&rule.name) else {
            continue;
        };
        is_unknown = false;
        if fits(scheme) {
            is_ruled = true;
            add(&mut ways, scheme, Some(rule));
        }
    }
    if listed == [Scheme::NoAuth] || !(is_ruled || is_unknown) {
        ways.clear();
        for scheme in listed {
            add(&mut ways, *scheme, None);
        }
    }
    if ways.is_empty() {
        return Err(unsupported(rules, listed));
    }
    Ok(ways)
}

/// No way is supported.
fn unsupported(rules: &[AuthScheme], listed: &[Scheme]) -> Failure {
    let mut names: Vec<&str> = Vec::new();
    for rule in rules {
        names.push(&rule.name);
    }
    if names.is_empty() {
        for scheme in listed {
            names.push(name(*scheme));
        }
    }
    Failure::new(
        ErrorKind::Configuration,
        format!(
            "requests to this endpoint are authenticated by {}, which is not supported",
            join(&names, " or ")
        ),
    )
}

/// The ways in the order of the schemes that the user prefers, the others behind them.
fn preferred<'a>(ways: Vec<Way<'a>>, preference: &[String]) -> Vec<Way<'a>> {
    if preference.is_empty() {
        return ways;
    }
    let place = |way: &Way<'_>| {
        let mut place = 0;
        while let Some(known) = preference.get(place)
            && known != name(way.scheme)
        {
            place += 1;
        }
        place
    };
    let mut ordered = Vec::with_capacity(ways.len());
    for way in &ways {
        insert_behind(&mut ordered, *way, &|other, way| place(other) <= place(way));
    }
    ordered
}

/// The form of the signed path: that of the service, and what the rules say about it.
fn path_form(version: SignatureVersion, rule: Option<&AuthScheme>) -> PathForm {
    match (version, rule) {
        (SignatureVersion::S3V4, _) => PathForm::AS_SENT,
        (SignatureVersion::V4, None) => PathForm::default(),
        (SignatureVersion::V4, Some(rule)) => PathForm {
            keeps_segments: rule.disable_normalize_path,
            encoded_once: rule.disable_double_encoding,
        },
    }
}

impl Shared {
    /// How a request is authenticated: the first way for which there is an identity.
    pub(super) async fn authorization(
        &self,
        operation: &'static Operation,
        request: &HttpRequest,
        destination: &Destination,
    ) -> Result<Authorization, Failure> {
        let ways = ways(operation, request.schemes, destination)?;
        let version = request.signature_version;
        let preference = &self.settings().authentication.preference;
        #[cfg_attr(not(feature = "bearer"), expect(unused_mut))]
        let mut ways = preferred(ways, preference);
        #[cfg(feature = "bearer")]
        let own_token = self.prefer_own_token(&mut ways)?;
        let mut missing: Vec<(Scheme, CredentialsError)> = Vec::new();
        let mut credentials = None;
        for way in &ways {
            let found = match way.scheme {
                Scheme::NoAuth => return Ok(Authorization::NoAuth),
                Scheme::SigV4 | Scheme::SigV4a => {
                    let found = match credentials.take() {
                        Some(found) => found,
                        None => self.settings().credentials.credentials().await,
                    };
                    credentials = Some(found.clone());
                    match found {
                        Ok(found) => return self.signed(way, destination, found, version),
                        Err(error) => error,
                    }
                }
                #[cfg(feature = "bearer")]
                Scheme::Bearer => {
                    let found = match own_token.clone() {
                        Some(token) => Ok(token),
                        None => self.token().await,
                    };
                    match found {
                        Ok(token) => return with_token(token, destination),
                        Err(error) => error,
                    }
                }
                #[cfg(not(feature = "bearer"))]
                Scheme::Bearer => continue,
            };
            if !found.is_missing() {
                return Err(Failure::new(ErrorKind::Credentials, found));
            }
            missing.push((way.scheme, found));
        }
        Err(Failure::new(ErrorKind::Credentials, nothing(missing)))
    }

    /// A signature of this way.
    fn signed(
        &self,
        way: &Way<'_>,
        destination: &Destination,
        credentials: Credentials,
        signature_version: SignatureVersion,
    ) -> Result<Authorization, Failure> {
        let name = way.rule.and_then(|rule| rule.signing_name.as_deref());
        let name = name.unwrap_or(self.service.signing_name).to_text();
        let path_form = path_form(signature_version, way.rule);
        #[cfg(feature = "sigv4a")]
        if way.scheme == Scheme::SigV4a {
            let region = self.region_set(way.rule);
            let target = Target {
                name,
                region,
                path_form,
            };
            return Ok(Authorization::SigV4a(credentials, target));
        }
        let region = way.rule.and_then(|rule| rule.signing_region.as_deref());
        let region = region.or(destination.region.as_deref()).ok_or_else(|| {
            Failure::new(
                ErrorKind::Configuration,
                "no region to sign for: set one in code or with AWS_REGION",
            )
        })?;
        let target = Target {
            name,
            region: region.to_text(),
            path_form,
        };
        Ok(Authorization::SigV4(credentials, target))
    }

    /// The regions of an asymmetric signature, in the order of botocore: those of the user, those of the rules, all.
    #[cfg(feature = "sigv4a")]
    fn region_set(&self, rule: Option<&AuthScheme>) -> String {
        if let Some(set) = &self.settings().authentication.region_set {
            return set.clone();
        }
        match rule {
            Some(rule) if !rule.signing_region_set.is_empty() => rule.signing_region_set.join(","),
            Some(rule) => rule.signing_region.as_deref().unwrap_or("*").to_text(),
            None => "*".to_text(),
        }
    }
}

#[cfg(feature = "bearer")]
impl Shared {
    /// A token that was set for this service alone, or in code, is meant to be used: it comes first, unless code says
    /// otherwise. Returns the one of the service's variable.
    fn prefer_own_token(&self, ways: &mut [Way<'_>]) -> Result<Option<BearerToken>, Failure> {
        let settings = &self.settings().authentication;
        let Some(place) = ways.iter().position(|way| way.scheme == Scheme::Bearer) else {
            return Ok(None);
        };
        let (_, of_code) = settings.token;
        let of_variable = match of_code {
            true => None,
            false => bearer::of_variable(&*settings.environment, self.service.signing_name)
                .map_err(|error| Failure::new(ErrorKind::Credentials, error))?,
        };
        if (of_code || of_variable.is_some()) && !settings.preference_of_code {
            ways[..=place].rotate_right(1);
        }
        Ok(of_variable)
    }

    /// The token of code or of the profile.
    async fn token(&self) -> Result<BearerToken, CredentialsError> {
        let (provider, of_code) = &self.settings().authentication.token;
        let found = provider.bearer_token().await;
        found.map_err(|error| match error.is_missing() && !of_code {
            true => CredentialsError::missing(format!(
                "{} is not set, and {error}",
                bearer::variable_name(self.service.signing_name)
            )),
            false => error,
        })
    }
}

/// Uses a token, unless others could read it.
#[cfg(feature = "bearer")]
fn with_token(token: BearerToken, destination: &Destination) -> Result<Authorization, Failure> {
    if destination.is_private() {
        return Ok(Authorization::Bearer(token));
    }
    let host = destination.authority.host();
    Err(Failure::new(
        ErrorKind::Configuration,
        format!("a bearer token is not sent to {host} unencrypted: use an endpoint with https"),
    ))
}

/// The error of a request for which there is no identity.
fn nothing(mut missing: Vec<(Scheme, CredentialsError)>) -> CredentialsError {
    if missing.len() == 1
        && let Some((Scheme::SigV4 | Scheme::SigV4a, error)) =
            missing.pop_if(|(scheme, _)| *scheme != Scheme::Bearer)
    {
        return error;
    }
    let mut accepted: Vec<&str> = Vec::new();
    let mut reasons: Vec<String> = Vec::new();
    for (scheme, error) in &missing {
        accepted.push(name(*scheme));
        let what = match scheme {
            Scheme::Bearer => "a bearer token",
            _ => "credentials",
        };
        let reason = format!("{what}: {error}");
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    CredentialsError::missing(format!(
        "the service accepts {}, and nothing was found for it; {}",
        join(&accepted, " or "),
        join(&reasons, "; ")
    ))
}
