//! Paginated operations: what `pages()` and `items()` do after a change of `smithy.api#paginated`.

use serde_json::Value;

use crate::ast::trait_id;
use crate::ast::traits::Paginated;
use crate::diff::rule::Sides;
use crate::diff::side::Side;
use crate::diff::walk::Difference;

/// How the operations of a shape are paginated; the service sets what an operation leaves out.
fn paginated(side: &Side, shape: &str) -> Option<Paginated> {
    let of = |id: &str| {
        side.traits(id, None)
            .parse::<Paginated>(trait_id::PAGINATED)
    };
    let own = of(shape).ok()??;
    let of_service = of(side.service.as_str()).ok()?;
    Some(own.or(&of_service.unwrap_or_default()))
}

/// The members with the tokens for pages.
fn token(side: &Side, shape: &str) -> Option<String> {
    let paginated = paginated(side, shape)?;
    let (answer, request) = (paginated.output_token?, paginated.input_token?);
    Some(match answer == request {
        true => format!("`{answer}`"),
        false => format!("`{answer}` of the response, as `{request}` of the request"),
    })
}

/// What happened, in words.
pub(super) fn sentence(
    sides: Sides<'_>,
    subject: &str,
    difference: &Difference<'_>,
) -> Option<String> {
    let shape = difference.shape;
    let (old, new) = (token(sides.old, shape), token(sides.new, shape));
    let whose = match shape == sides.new.service.as_str() {
        true => "operations that name no token of their own".to_owned(),
        false => subject.to_owned(),
    };
    match (difference.old, difference.new) {
        (Some(_), Some(_)) => {}
        (None, _) => {
            return Some(format!(
                "{subject} is now paginated: one call may return only a part of the items. `pages()` follows {}.",
                new?
            ));
        }
        (_, None) => return Some(format!("{subject} is no longer paginated.")),
    }
    let (old, new) = (old?, new?);
    if old != new {
        return Some(format!(
            "`pages()` of {whose} followed {old} and now follows {new}."
        ));
    }
    let items = |value: Option<&Value>| Some(format!("`{}`", value?.get("items")?.as_str()?));
    let (old, new) = (items(difference.old)?, items(difference.new)?);
    (old != new).then(|| {
        format!(
            "`items()` of {whose} returned the elements of {old} and now returns those of {new}."
        )
    })
}
