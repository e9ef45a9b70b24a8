//! The page of an operation: on the function of the client, and on its builder.

use super::constraint_text::{constraint_sentences, rule_sentence};
use super::docs::{of_member, of_type, plain_type_text, reference_link};
use super::sample::Sample;
use super::text_lines::text_lines;
use super::types::ident;
use super::words::{field_link, first_sentence, one_line};
use crate::escape::markdown::code;
use crate::model::TypeId;
use crate::plan::reserved::methods::{ITEMS, PAGES};
use crate::plan::{Field, Operation, Plan};
use crate::words::{OperationWords, Section};

/// The documentation of the function of the client.
pub(super) fn function_lines(
    plan: &Plan<'_>,
    crate_name: &str,
    operation: &Operation<'_>,
) -> Vec<String> {
    let Page { mut lines, rest } = page(plan, crate_name, operation);
    if plan.words().is_some() {
        lines.extend(members(plan, "Request", operation.model.request));
    }
    lines.extend(rest);
    lines
}

/// The documentation of the builder, whose setters explain the members of the request.
pub(super) fn builder_lines(
    plan: &Plan<'_>,
    crate_name: &str,
    operation: &Operation<'_>,
) -> Vec<String> {
    let function = &operation.function;
    let what = format!("A builder for a call of [`{function}`](crate::Client::{function}).");
    if words(plan, operation).is_none() {
        return vec![what];
    }
    let Page { mut lines, rest } = page(plan, crate_name, operation);
    lines.extend(rest);
    lines.extend([String::new(), what]);
    lines
}

/// What both pages have: above the list of the members, and below it.
struct Page {
    lines: Vec<String>,
    rest: Vec<String>,
}

fn page(plan: &Plan<'_>, crate_name: &str, operation: &Operation<'_>) -> Page {
    let words = words(plan, operation);
    let section = |section: Section| {
        let text = words.and_then(|words| words.sections.get(&section));
        let lines = text.map(|text| headed(section.heading(), text_lines(plan, text)));
        lines.unwrap_or_default()
    };
    let mut lines = introduction(plan, operation);
    lines.extend(example(plan, crate_name, operation));
    lines.extend(continuation_lines(operation));
    lines.extend(dry_run_lines(plan, operation));
    lines.extend(section(Section::Before));
    let mut rest = rule_lines(plan, operation);
    if words.is_some() {
        rest.extend(members(plan, "Response", operation.model.response));
    }
    rest.extend(section(Section::Limits));
    rest.extend(section(Section::After));
    rest.extend(error_lines(plan, operation));
    rest.extend(section(Section::Related));
    Page { lines, rest }
}

fn words<'m>(plan: &Plan<'m>, operation: &Operation<'_>) -> Option<&'m OperationWords> {
    plan.words()?.operations.get(operation.model.id.name())
}

/// What the operation does, with its request and response.
fn introduction(plan: &Plan<'_>, operation: &Operation<'_>) -> Vec<String> {
    let request = &plan.type_definition(operation.model.request).name;
    let response = &plan.type_definition(operation.model.response).name;
    let calls = format!("Calls `{}`.", operation.model.name);
    let types = format!(
        "Request: [`{request}`](crate::operation::{request}). Response: \
         [`{response}`](crate::operation::{response}). {}",
        reference_link(plan, operation)
    );
    match words(plan, operation).and_then(|words| words.documentation.as_ref()) {
        Some(text) => {
            let mut lines = text_lines(plan, text);
            lines.extend([String::new(), format!("{calls} {types}"), String::new()]);
            lines
        }
        None => vec![calls, String::new(), types, String::new()],
    }
}

/// A section with a heading.
fn headed(heading: &str, text: Vec<String>) -> Vec<String> {
    let mut lines = vec![String::new(), format!("# {heading}"), String::new()];
    lines.extend(text);
    lines
}

/// The members of a request or a response, with what they are for and their limits.
fn members(plan: &Plan<'_>, heading: &str, id: TypeId) -> Vec<String> {
    let definition = plan.type_definition(id);
    let place = format!("crate::{}::{}", definition.module.path(), definition.name);
    let is_request = definition.model.usage.in_requests;
    let items = definition.fields().iter().map(|field| {
        let required = if field.model.required && is_request {
            ", required"
        } else {
            ""
        };
        let limits = match is_request {
            true => limits(plan, field),
            false => Vec::new(),
        };
        let sentence = of_member(plan, field).map(|words| first_sentence(plan, words));
        let sentence = sentence.unwrap_or_else(|| format!("{}.", plain_type_text(&field.ty)));
        let limits = match limits.as_slice() {
            [] => String::new(),
            limits => format!(" Limits: {}.", limits.join("; ")),
        };
        format!(
            "* [`{}`]({}){required}: {sentence}{limits}",
            field.name,
            field_link(&place, field)
        )
    });
    let items: Vec<String> = items.collect();
    match items.is_empty() {
        true => Vec::new(),
        false => headed(heading, items),
    }
}

/// The limits of a member, and those of the members of what it consists of.
fn limits(plan: &Plan<'_>, field: &Field<'_>) -> Vec<String> {
    let mut limits = constraint_sentences(plan, field);
    for id in field.ty.model.named() {
        for part in plan.type_definition(id).fields() {
            let texts = constraint_sentences(plan, part).into_iter();
            limits.extend(texts.map(|text| format!("{}: {text}", code(&part.model.name))));
        }
    }
    limits
}

/// Other functions of the builder.
fn continuation_lines(operation: &Operation<'_>) -> Vec<String> {
    let builder = &operation.name;
    let mut lines = Vec::new();
    if let Some(pagination) = &operation.model.pagination {
        let items = pagination.items.as_ref().map_or_else(String::new, |_| {
            format!(", [`items`](crate::operation::{builder}::items) one item after the other")
        });
        lines.extend([
            String::new(),
            format!(
                "One call returns one page; [`pages`](crate::operation::{builder}::pages) returns all of them{items}."
            ),
        ]);
    }
    for waiter in &operation.waiters {
        let function = &waiter.function;
        lines.extend([
            String::new(),
            format!(
                "To wait for {}: [`{function}`](crate::operation::{builder}::{function}).",
                code(&waiter.model.name)
            ),
        ]);
    }
    lines
}

/// The dry run, where the operation has one.
fn dry_run_lines(plan: &Plan<'_>, operation: &Operation<'_>) -> Vec<String> {
    let Some(dry_run) = &operation.model.dry_run else {
        return Vec::new();
    };
    let sentence = format!(
        "With {}, or `send_dry_run`, the service only reports whether the request would succeed. If it would, the result \
         is `Ok` with an empty response.",
        code(&plan.model.member(dry_run.member).name)
    );
    vec![String::new(), sentence]
}

/// The constraints on several members of the request.
fn rule_lines(plan: &Plan<'_>, operation: &Operation<'_>) -> Vec<String> {
    let request = plan.type_definition(operation.model.request);
    let nested = request.fields().iter();
    let nested = nested.flat_map(|field| field.ty.model.named());
    let nested = nested.map(|id| plan.type_definition(id));
    let definitions = std::iter::once(request).chain(nested);
    let rules = definitions.flat_map(|definition| {
        let place = match definition.model.id == request.model.id {
            true => String::new(),
            false => format!("`{}`: ", definition.model.id.name()),
        };
        let rules = definition.model.rules.iter();
        rules.map(move |rule| format!("* {place}{}", rule_sentence(&rule.kind)))
    });
    let rules: Vec<String> = rules.collect();
    match rules.is_empty() {
        true => Vec::new(),
        false => headed("Rules", rules),
    }
}

/// The errors, with what they mean and what to do. The error that means that a dry run succeeded is not one.
fn error_lines(plan: &Plan<'_>, operation: &Operation<'_>) -> Vec<String> {
    let dry_run = operation.model.dry_run.as_ref();
    let words = words(plan, operation);
    let errors = operation.model.errors.iter();
    let errors = errors.map(|id| plan.type_definition(*id));
    let errors = errors
        .filter(|error| dry_run.is_none_or(|dry_run| dry_run.error != error.model.id))
        .map(|error| {
            let own = words.and_then(|words| words.errors.get(error.model.id.name()));
            let text = own.or_else(|| of_type(plan, error));
            let link = format!("[`{0}`](crate::error::{0})", error.name);
            (link, text.map(|text| one_line(plan, text)))
        });
    let errors: Vec<(String, Option<String>)> = errors.collect();
    let lines = if errors.is_empty() {
        vec!["The model names none for this operation.".to_owned()]
    } else if errors.iter().any(|(_, text)| text.is_some()) {
        let items = errors.into_iter().map(|(link, text)| match text {
            Some(text) => format!("* {link}: {text}"),
            None => format!("* {link}"),
        });
        items.collect()
    } else {
        let links: Vec<String> = errors.into_iter().map(|(link, _)| link).collect();
        vec![format!("{}.", links.join(", "))]
    };
    headed("Errors", lines)
}

/// The example: a request with the members that it needs, or all items of a paginated operation.
fn example(plan: &Plan<'_>, crate_name: &str, operation: &Operation<'_>) -> Vec<String> {
    let sample = Sample { plan, crate_name };
    let function = ident(&operation.function);
    let mut lines = vec![
        "```no_run".to_owned(),
        format!(
            "# async fn example(client: {crate_name}::Client) -> Result<(), {crate_name}::Error> {{"
        ),
    ];
    let mut chain = vec!["client".to_owned(), format!("    .{function}()")];
    for (setter, argument) in sample.calls(operation, &plan.example(operation)) {
        chain.push(format!("    .{}({argument})", ident(&setter)));
    }
    match &operation.model.pagination {
        Some(pagination) => {
            let (stream, one) = match pagination.items {
                Some(_) => (ITEMS, "item"),
                None => (PAGES, "page"),
            };
            lines.push(format!("let mut {stream} = {}", chain.remove(0)));
            lines.extend(chain);
            lines.extend([
                format!("    .{stream}();"),
                format!("while let Some({one}) = {stream}.next().await {{"),
                format!("    println!(\"{{:?}}\", {one}?);"),
                "}".to_owned(),
            ]);
        }
        None => {
            lines.push(format!("let response = {}", chain.remove(0)));
            lines.extend(chain);
            lines.extend([
                "    .send()".to_owned(),
                "    .await?;".to_owned(),
                "println!(\"{response:?}\");".to_owned(),
            ]);
        }
    }
    lines.extend(["# Ok(())".to_owned(), "# }".to_owned(), "```".to_owned()]);
    lines
}
