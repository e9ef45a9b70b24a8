//! Paginated operations: what `pages()` and `items()` do after a change of `smithy.api#paginated`.

use serde_json::Value;

use crate::ast::trait_id;
use crate::ast::traits::Paginated;
use crate::diff::rule::Sides;
use crate::diff::side::Side;
use crate::diff::walk::Difference;

/// How the operations of a shape answer in pages; what an operation leaves out, its service says.
fn paginated(side: &Side, shape: &str) -> Option<Paginated> {
    let of = |id: &str| {
        side.traits(id, None)
            .parse::<Paginated>(trait_id::PAGINATED)
    };
    let own = of(shape).ok()??;
    let of_service = of(side.service.as_str()).ok()?;
    Some(own.or(&of_service.unwrap_or_default()))
}

/// The members with the tokens of pages.
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
                "{subject} now answers in pages: `pages()` follows {}.",
                new?
            ));
        }
        (_, None) => return Some(format!("{subject} no longer answers in pages.")),
    }
    let moved = |what: &str, old: String, new: String| {
        (old != new).then(|| format!("`{what}()` of {whose} followed {old} and follows {new}."))
    };
    if let Some(sentence) = moved("pages", old?, new?) {
        return Some(sentence);
    }
    let items = |value: Option<&Value>| Some(format!("`{}`", value?.get("items")?.as_str()?));
    moved("items", items(difference.old)?, items(difference.new)?)
}
