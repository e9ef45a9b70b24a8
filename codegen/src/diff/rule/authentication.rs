//! Authentication: the meaning of a change of the schemes of a service or an operation.

use crate::ast::trait_id;
use crate::diff::level::Wire;
use crate::diff::rule::Sides;
use crate::diff::side::Side;
use crate::diff::walk::Difference;
use crate::model::Scheme;
use crate::model::authentication::{Authentication, authentication};

/// What the requests of an operation, or of the operations of a service, need.
fn need(side: &Side, shape: &str) -> Authentication {
    authentication(
        side.traits(shape, None),
        side.traits(side.service.as_str(), None),
    )
}

/// What a change of `smithy.api#auth` means for the messages. A service accepts a signature that it does not need, but
/// it does not accept a missing signature that it needs.
pub(super) fn wire(sides: Sides<'_>, difference: &Difference<'_>) -> Wire {
    let old = need(sides.old, difference.shape);
    let new = need(sides.new, difference.shape);
    match (old, new) {
        (old, new) if old == new => Wire::None,
        // What most old clients send is no longer accepted.
        (Authentication::By(old), Authentication::By(new))
            if old.first().is_some_and(|old| !is_accepted(*old, &new)) =>
        {
            Wire::Breaking
        }
        (_, Authentication::Unsupported(_)) => Wire::Breaking,
        _ => Wire::Compatible,
    }
}

/// Whether a request with this scheme is accepted by an operation with these.
fn is_accepted(sent: Scheme, accepted: &[Scheme]) -> bool {
    accepted.contains(&sent) || accepted.contains(&Scheme::NoAuth)
}

/// What happened, in words.
pub(super) fn sentence(
    sides: Sides<'_>,
    subject: &str,
    difference: &Difference<'_>,
) -> Option<String> {
    let old = need(sides.old, difference.shape);
    let new = need(sides.new, difference.shape);
    Some(match (old, new) {
        (old, new) if old == new => return None,
        (_, Authentication::Unsupported(schemes)) => format!(
            "Requests of {subject} now need {}, which the client does not support.",
            names(&schemes)
        ),
        (_, Authentication::By(new)) if new == [Scheme::NoAuth] => {
            format!("Requests of {subject} are no longer signed.")
        }
        (Authentication::Unsupported(schemes), Authentication::By(new)) => format!(
            "Requests of {subject} needed {} and are now {}.",
            names(&schemes),
            ways(&new)
        ),
        (Authentication::By(_), Authentication::By(new)) => {
            format!("Requests of {subject} are now {}.", ways(&new))
        }
    })
}

/// What a client does, in the order of the service.
fn ways(schemes: &[Scheme]) -> String {
    let ways = schemes.iter().map(|scheme| match scheme {
        Scheme::SigV4 => "signed",
        Scheme::SigV4a => "signed with an asymmetric key",
        Scheme::Bearer => "sent with a bearer token",
        Scheme::NoAuth => "sent without a signature",
    });
    ways.collect::<Vec<_>>().join(" or ")
}

/// The schemes, by the credentials that users have.
fn names(schemes: &[String]) -> String {
    let names = schemes.iter().map(|id| match id.as_str() {
        trait_id::HTTP_API_KEY_AUTH => "an API key".to_owned(),
        trait_id::HTTP_BASIC_AUTH | trait_id::HTTP_DIGEST_AUTH => "a password".to_owned(),
        other => format!("`{other}`"),
    });
    names.collect::<Vec<_>>().join(" or ")
}
