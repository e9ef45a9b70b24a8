//! Which operation a request is for.
//!
//! In the awsJson protocols the header `X-Amz-Target` names it, in the query protocols the value `Action` of the form. In
//! restJson1 and restXml method and path do: a match over the segments of the path, literals before labels, and greedy
//! labels last (Smithy 2.0, "HTTP bindings", section "Specificity routing"). In rpcv2Cbor the end of the path has both names, and a
//! header that of the protocol (Smithy 2.0, "Smithy RPC v2 CBOR protocol", section "Requests").

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::emit::types::ident;
use crate::error::{Error, Result};
use crate::model::{Protocol, Segment};
use crate::plan::{Operation, Plan};

/// The function `route`.
pub(super) fn function(plan: &Plan<'_>) -> Result<TokenStream> {
    let body = match plan.model.protocol {
        Protocol::AwsJson10 | Protocol::AwsJson11 => {
            let prefix = format!("{}.", plan.model.target_prefix);
            // Clients that are made of Smithy models send the name of the service only.
            let shorter = format!("{}.", plan.model.id.name());
            let strip = match prefix == shorter {
                true => quote!(name.strip_prefix(#prefix)),
                false => quote!(name.strip_prefix(#prefix).or_else(|| name.strip_prefix(#shorter))),
            };
            quote! {
                let name = message.header("x-amz-target")?;
                Operation::from_name(#strip?)
            }
        }
        Protocol::RestJson1 | Protocol::RestXml => by_path(plan)?,
        Protocol::RpcV2Cbor => {
            let service = plan.model.id.name();
            quote! {
                let segments = message.segments();
                match (message.header("smithy-protocol")?.as_str(), segments.as_slice()) {
                    ("rpc-v2-cbor", [.., "service", #service, "operation", name]) => Operation::from_name(name),
                    _ => None,
                }
            }
        }
        Protocol::AwsQuery | Protocol::Ec2Query => quote! {
            Operation::from_name(&message.form_value("Action")?)
        },
    };
    Ok(quote! {
        #[doc = " The operation that a request is for; `None` if it is for none of this service."]
        pub fn route(message: &wire::Request) -> Option<Operation> {
            #body
        }
    })
}

fn by_path(plan: &Plan<'_>) -> Result<TokenStream> {
    let mut operations: Vec<(Vec<Part>, &Operation<'_>)> = plan
        .operations
        .iter()
        .map(|operation| Ok((parts(operation)?, operation)))
        .collect::<Result<_>>()?;
    // If two routes match, the one with a literal where the other has a label comes first; then the one with more of
    // the query.
    operations.sort_by(|(one, first), (two, second)| {
        ranks(one).cmp(ranks(two)).then(
            second
                .model
                .http
                .query
                .len()
                .cmp(&first.model.http.query.len()),
        )
    });
    let arms = operations.iter().map(|(parts, operation)| {
        let method = &operation.model.http.method;
        let pattern = parts.iter().map(|part| match part {
            Part::Literal(text) => quote!(#text),
            Part::Label(_) => quote!(_),
            Part::Greedy(_) => quote!(_, ..),
        });
        let conditions: Vec<TokenStream> = operation
            .model
            .http
            .query
            .iter()
            .map(|literal| quote!(message.has_query_literal(#literal)))
            .collect();
        let guard = (!conditions.is_empty()).then(|| quote!(if #(#conditions)&&*));
        let variant = ident(&operation.name);
        quote!((#method, [#(#pattern),*]) #guard => Operation::#variant,)
    });
    Ok(quote! {
        let segments = message.segments();
        Some(match (message.method.as_str(), segments.as_slice()) {
            #(#arms)*
            _ => return None,
        })
    })
}

/// A segment of a path.
enum Part {
    Literal(String),
    Label(String),
    Greedy(String),
}

impl Part {
    fn rank(&self) -> (u8, &str) {
        match self {
            Self::Literal(text) => (0, text),
            Self::Label(_) => (1, ""),
            Self::Greedy(_) => (2, ""),
        }
    }
}

/// The sort key of paths. If one path is the beginning of another, the longer one is more specific.
fn ranks(parts: &[Part]) -> impl Iterator<Item = (u8, &str)> {
    parts.iter().map(Part::rank).chain([(3, "")])
}

/// The segments of an operation's path. A label that the endpoint rules put into the URL comes first: a server has no rules,
/// and its clients address it by the path.
fn parts(operation: &Operation<'_>) -> Result<Vec<Part>> {
    let labels = operation.model.http.endpoint_labels.iter();
    let mut parts: Vec<Part> = labels.map(|name| Part::Label(name.clone())).collect();
    let mut open = false;
    for segment in &operation.model.http.path {
        match segment {
            Segment::Literal(text) => {
                let mut pieces = text.split('/');
                // The text before the first slash belongs to the previous segment.
                if pieces.next().is_some_and(|rest| !rest.is_empty()) {
                    return Err(mixed(operation));
                }
                let pieces: Vec<&str> = pieces.collect();
                open = pieces.last().is_none_or(|last| last.is_empty());
                let pieces = pieces.into_iter().filter(|piece| !piece.is_empty());
                parts.extend(pieces.map(|piece| Part::Literal(piece.to_owned())));
            }
            Segment::Label(_) | Segment::GreedyLabel(_) if !open => return Err(mixed(operation)),
            Segment::Label(name) => parts.push(Part::Label(name.clone())),
            Segment::GreedyLabel(name) => parts.push(Part::Greedy(name.clone())),
        }
    }
    Ok(parts)
}

fn mixed(operation: &Operation<'_>) -> Error {
    Error::new("a server cannot have a path segment that is only partly a label")
        .at(&operation.model.id)
}

/// The call that reads a label from a path: `label(index)`, `label_from_end(index)` or `greedy_label(from, to)`.
pub(super) fn label_index(operation: &Operation<'_>, member: &str) -> Result<TokenStream> {
    let parts = parts(operation)?;
    let greedy = parts
        .iter()
        .position(|part| matches!(part, Part::Greedy(_)));
    let index = parts
        .iter()
        .position(|part| matches!(part, Part::Label(name) | Part::Greedy(name) if name == member));
    let Some(index) = index else {
        return Err(Error::new("the label is not in the path").at(&operation.model.id));
    };
    let number = |index: usize| Literal::usize_unsuffixed(index);
    let from_end = parts.len() - index - 1;
    Ok(match greedy {
        Some(place) if place == index => {
            let (index, from_end) = (number(index), number(from_end));
            quote!(greedy_label(#member, #index, #from_end))
        }
        Some(place) if place < index => {
            let from_end = number(from_end);
            quote!(label_from_end(#member, #from_end))
        }
        _ => {
            let index = number(index);
            quote!(label(#member, #index))
        }
    })
}
