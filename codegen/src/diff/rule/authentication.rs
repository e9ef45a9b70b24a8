//! How requests prove who sends them: what a change of the schemes of a service or an operation means.

use serde_json::Value;

use crate::ast::trait_id;
use crate::diff::level::Wire;
use crate::diff::rule::Context;
use crate::diff::side::Side;
use crate::diff::walk::Difference;

/// The traits of a service that name its schemes, where it has no `smithy.api#auth`.
const SCHEMES: [&str; 6] = [
    trait_id::SIGV4,
    trait_id::SIGV4A,
    trait_id::HTTP_API_KEY_AUTH,
    trait_id::HTTP_BASIC_AUTH,
    trait_id::HTTP_BEARER_AUTH,
    trait_id::HTTP_DIGEST_AUTH,
];

/// What a request needs.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Need {
    Nothing,
    Signature,
    /// One of these, of which generated clients have none.
    Others(Vec<String>),
}

impl Need {
    fn of(side: &Side, shape: &str) -> Self {
        let listed = |id: &str| {
            let value = side.traits(id, None).get(trait_id::AUTH)?;
            let names = value.as_array()?.iter().filter_map(Value::as_str);
            Some(names.map(str::to_owned).collect::<Vec<_>>())
        };
        let of_service = || {
            let traits = side.traits(&side.service, None);
            let named = SCHEMES.iter().filter(|id| traits.contains_key(**id));
            let named: Vec<String> = named.map(|id| (*id).to_owned()).collect();
            // A service that says nothing takes signatures.
            match named.is_empty() {
                true => vec![trait_id::SIGV4.to_owned()],
                false => named,
            }
        };
        let schemes = listed(shape).or_else(|| listed(&side.service));
        let schemes = schemes.unwrap_or_else(of_service);
        match schemes.as_slice() {
            [] => Self::Nothing,
            some if some.iter().any(|id| id == trait_id::SIGV4) => Self::Signature,
            _ => Self::Others(schemes),
        }
    }
}

/// What a change of `smithy.api#auth` means for the messages. A service takes a signature that it does not need, but not
/// the other way round.
pub(super) fn wire(context: Context<'_>, difference: &Difference<'_>) -> Wire {
    let old = Need::of(context.old, difference.shape);
    let new = Need::of(context.new, difference.shape);
    match (old, new) {
        (old, new) if old == new => Wire::None,
        (Need::Nothing, _) | (_, Need::Others(_)) => Wire::Breaking,
        _ => Wire::Compatible,
    }
}

/// What happened, in words.
pub(super) fn sentence(
    context: Context<'_>,
    subject: &str,
    difference: &Difference<'_>,
) -> Option<String> {
    let old = Need::of(context.old, difference.shape);
    let new = Need::of(context.new, difference.shape);
    Some(match (old, new) {
        (old, new) if old == new => return None,
        (_, Need::Others(schemes)) => format!(
            "Requests of {subject} now need {}, which the client cannot give.",
            names(&schemes)
        ),
        (Need::Others(schemes), Need::Signature) => format!(
            "Requests of {subject} needed {} and are now signed.",
            names(&schemes)
        ),
        (_, Need::Nothing) => format!("Requests of {subject} are no longer signed."),
        (_, Need::Signature) => format!("Requests of {subject} are now signed."),
    })
}

/// The schemes in the words of their users.
fn names(schemes: &[String]) -> String {
    let names = schemes.iter().map(|id| match id.as_str() {
        trait_id::HTTP_BEARER_AUTH => "a bearer token".to_owned(),
        trait_id::HTTP_API_KEY_AUTH => "an API key".to_owned(),
        trait_id::HTTP_BASIC_AUTH | trait_id::HTTP_DIGEST_AUTH => "a password".to_owned(),
        other => format!("`{other}`"),
    });
    names.collect::<Vec<_>>().join(" or ")
}
