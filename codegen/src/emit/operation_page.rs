//! The page of an operation: on the function of the client, and on its builder.

use proc_macro2::TokenStream;

use super::constraint_text::{constraint_sentences, rule_sentence};
use super::docs::{doc, linked_type_text, of_member, of_type, reference_link};
use super::expression_lines;
use super::manifest::Manifest;
use super::sample::Sample;
use super::text_lines::text_lines;
use super::types::ident;
use super::words::{field_link, one_line};
use crate::escape::markdown::code;
use crate::model::TypeId;
use crate::plan::reserved::methods::{ITEMS, PAGES};
use crate::plan::{Definition, Field, Operation, Plan, TypeDefinition};
use crate::words::{OperationWords, Section};

/// What the documentation of the builder has below the page. It has the page, because search and editors show the builder
/// where a call is written.
pub(super) fn builder_lines(operation: &Operation<'_>) -> [String; 2] {
    let function = &operation.function;
    let what = format!("A builder for a call of [`{function}`](crate::Client::{function}).");
    [String::new(), what]
}

/// The page of an operation: the documentation of the function of the client, and of the builder.
pub(super) fn page(plan: &Plan<'_>, manifest: &Manifest, operation: &Operation<'_>) -> TokenStream {
    let words = words(plan, operation);
    let section = |section: Section| {
        let text = words.and_then(|words| words.sections.get(&section));
        let lines = text.map(|text| headed(section.heading(), text_lines(plan, text)));
        lines.unwrap_or_default()
    };
    let mut lines = introduction(plan, manifest, operation);
    lines.extend(example_block(plan, &manifest.library(), operation));
    lines.extend(continuation_lines(operation));
    lines.extend(dry_run_lines(plan, operation));
    lines.extend(section(Section::Before));
    lines.extend(members(plan, "Request", operation.model.request));
    lines.extend(rule_lines(plan, operation));
    lines.extend(members(plan, "Response", operation.model.response));
    lines.extend(section(Section::Limits));
    lines.extend(section(Section::After));
    lines.extend(error_lines(plan, operation));
    lines.extend(section(Section::Related));
    doc(&lines)
}

fn words<'m>(plan: &Plan<'m>, operation: &Operation<'_>) -> Option<&'m OperationWords> {
    plan.words()?.operations.get(operation.model.id.name())
}

/// What the operation does, with its request and response.
fn introduction(plan: &Plan<'_>, manifest: &Manifest, operation: &Operation<'_>) -> Vec<String> {
    let request = &plan.type_definition(operation.model.request).name;
    let response = &plan.type_definition(operation.model.response).name;
    let calls = format!("Calls `{}`.", operation.model.name);
    let mut types = format!(
        "Request: [`{request}`](crate::operation::{request}). Response: \
         [`{response}`](crate::operation::{response})."
    );
    if let Some(link) = reference_link(plan, operation, manifest.additions.reference.as_deref()) {
        types.push_str(&format!(" {link}."));
    }
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

/// The members of a request or a response, with what they are for and their limits. The members of structures are listed
/// below them, one level deep.
fn members(plan: &Plan<'_>, heading: &str, id: TypeId) -> Vec<String> {
    let definition = plan.type_definition(id);
    let is_request = definition.model.usage.in_requests;
    let mut items = Vec::new();
    for field in definition.fields() {
        items.push(format!("* {}", member(plan, definition, field, is_request)));
        let parts = field
            .ty
            .model
            .named()
            .into_iter()
            .filter(|part| *part != id);
        for part in parts.map(|part| plan.type_definition(part)) {
            if let Definition::Structure(fields) = &part.definition {
                let members = fields
                    .iter()
                    .map(|field| member(plan, part, field, is_request));
                items.extend(members.map(|text| format!("  * {text}")));
            }
        }
    }
    match items.is_empty() {
        true => Vec::new(),
        false => headed(heading, items),
    }
}

/// A member as an item of a list: its type, what it is for, its limits where it is sent.
fn member(
    plan: &Plan<'_>,
    definition: &TypeDefinition<'_>,
    field: &Field<'_>,
    is_request: bool,
) -> String {
    let place = format!("crate::{}::{}", definition.module.path(), definition.name);
    let mut text = format!(
        "[`{}`]({}), {}",
        field.name,
        field_link(&place, field),
        linked_type_text(plan, &field.ty)
    );
    if is_request && field.model.required {
        text.push_str(", required");
    }
    text.push('.');
    if let Some(words) = of_member(plan, field) {
        text.push(' ');
        text.push_str(&one_line(plan, words));
    }
    if is_request && field.model.idempotency_token.is_some() {
        text.push_str(" The client fills it in if it is absent.");
    }
    let limits = constraint_sentences(plan, field);
    if is_request && !limits.is_empty() {
        text.push_str(&format!(" Limits: {}.", limits.join("; ")));
    }
    text
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

/// An example, without the block around it.
pub(super) struct ExampleCode {
    /// The paths that it imports.
    pub(super) uses: Vec<String>,
    /// Its lines.
    pub(super) lines: Vec<String>,
}

/// The example of a page.
fn example_block(plan: &Plan<'_>, library: &str, operation: &Operation<'_>) -> Vec<String> {
    let code = example(plan, library, operation);
    let mut lines = vec!["```no_run".to_owned()];
    lines.extend(code.uses.iter().map(|path| format!("use {path};")));
    if !code.uses.is_empty() {
        lines.push(String::new());
    }
    lines.push(format!(
        "# async fn example(client: {library}::Client) -> Result<(), {library}::Error> {{"
    ));
    lines.extend(code.lines);
    lines.extend(["# Ok(())".to_owned(), "# }".to_owned(), "```".to_owned()]);
    lines
}

/// The example: a request with the members that it needs, or all items of a paginated operation.
pub(super) fn example(plan: &Plan<'_>, library: &str, operation: &Operation<'_>) -> ExampleCode {
    let sample = Sample {
        plan,
        crate_name: library,
    };
    let function = ident(&operation.function);
    let calls = sample.calls(operation, plan.example(operation));
    let mut chain = match calls.is_empty() {
        true => vec![format!("client.{function}()")],
        false => vec!["client".to_owned(), format!("    .{function}()")],
    };
    // A short call has one line.
    let indent = if calls.is_empty() { "" } else { "    " };
    let mut uses = Vec::new();
    for (setter, argument) in calls {
        let argument = imported(plan, library, argument, &mut uses);
        let call = format!(".{}({argument})", ident(&setter));
        chain.extend(expression_lines::lines(&call, 4));
    }
    uses.sort();
    let (target, end, rest) = match &operation.model.pagination {
        Some(pagination) => {
            let (stream, one) = match pagination.items {
                Some(_) => (ITEMS, "item"),
                None => (PAGES, "page"),
            };
            let rest = vec![
                format!("while let Some({one}) = {stream}.next().await {{"),
                format!("    println!(\"{{:?}}\", {one}?);"),
                "}".to_owned(),
            ];
            (format!("mut {stream}"), vec![format!(".{stream}();")], rest)
        }
        None => {
            let end = vec![".send()".to_owned(), ".await?;".to_owned()];
            let rest = vec!["println!(\"{response:?}\");".to_owned()];
            ("response".to_owned(), end, rest)
        }
    };
    chain.extend(end.iter().map(|call| format!("{indent}{call}")));
    chain[0] = format!("let {target} = {}", chain[0]);
    let mut lines = match indent {
        "" => vec![chain.concat()],
        _ => chain,
    };
    lines.extend(rest);
    ExampleCode { uses, lines }
}

/// An argument with the types by their names instead of their paths, which are added to `uses`. A name that means
/// something else in every file keeps its path.
fn imported(plan: &Plan<'_>, library: &str, argument: String, uses: &mut Vec<String>) -> String {
    const TAKEN: [&str; 8] = [
        "Box", "Client", "Err", "Error", "Option", "Result", "String", "Vec",
    ];
    let named = segments(&argument, library);
    let types = plan.types.iter();
    let types = types.filter(|one| named.iter().any(|name| **name == *one.name));
    let types: Vec<(String, String)> = types
        .map(|one| {
            let module = format!("{library}::{}", one.module.path());
            (module, one.name.to_string())
        })
        .collect();
    let own = [(library.to_owned(), "Timestamp".to_owned())];
    let mut argument = argument;
    for (module, name) in types.into_iter().chain(own) {
        let path = format!("{module}::{name}");
        let ending = format!("::{name}");
        let is_taken = TAKEN.contains(&&*name)
            || uses
                .iter()
                .any(|one| one.ends_with(&ending) && *one != path);
        let start = format!("{path}::");
        if !is_taken && argument.contains(&start) {
            argument = argument.replace(&start, &format!("{name}::"));
            if !uses.contains(&path) {
                uses.push(path);
            }
        }
    }
    argument
}

/// The segments of the paths into the crate that an expression has.
fn segments<'e>(expression: &'e str, library: &str) -> Vec<&'e str> {
    let is_path = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | ':');
    let mut segments = Vec::new();
    for (at, _) in expression.match_indices(library) {
        let path = &expression[at..];
        let end = path.find(|letter| !is_path(letter));
        segments.extend(path[..end.unwrap_or(path.len())].split("::").skip(1));
    }
    segments
}
