//! The function of the client that starts a call, with the documentation of the operation.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{deprecation, doc, reference_link};
use super::types::ident;
use crate::escape::markdown::code;
use crate::model::RuleKind;
use crate::plan::reserved::constructors::NEW;
use crate::plan::reserved::functions::OPERATION;
use crate::plan::{Operation, Plan};

/// The function of the client that starts a call.
pub(super) fn client_function(
    plan: &Plan<'_>,
    crate_name: &str,
    operation: &Operation<'_>,
) -> TokenStream {
    let function = ident(&operation.function);
    let builder = ident(&operation.name);
    let docs = doc(&function_lines(plan, crate_name, operation));
    let deprecated = deprecation(operation.model.deprecated.as_ref());
    quote! {
        #docs
        #deprecated
        pub fn #function(&self) -> #OPERATION::#builder {
            #OPERATION::#builder::#NEW(self.clone())
        }
    }
}

fn function_lines(plan: &Plan<'_>, crate_name: &str, operation: &Operation<'_>) -> Vec<String> {
    let request = &plan.type_definition(operation.model.request).name;
    let response = &plan.type_definition(operation.model.response).name;
    let mut lines = vec![
        format!("Calls `{}`.", operation.model.name),
        String::new(),
        format!(
            "Request: [`{request}`](operation::{request}). Response: [`{response}`](operation::{response}). {}",
            reference_link(plan, operation)
        ),
        String::new(),
    ];
    lines.extend(example(plan, crate_name, operation));
    lines.extend(continuation_lines(operation));
    lines.extend(rule_lines(plan, operation));
    lines.extend([String::new(), "# Errors".to_owned(), String::new()]);
    let errors: Vec<String> = operation
        .model
        .errors
        .iter()
        .map(|id| &plan.type_definition(*id).name)
        .map(|name| format!("[`{name}`](crate::error::{name})"))
        .collect();
    lines.push(if errors.is_empty() {
        "The model names none for this operation.".to_owned()
    } else {
        format!("{}.", errors.join(", "))
    });
    lines
}

/// Other functions of the builder.
fn continuation_lines(operation: &Operation<'_>) -> Vec<String> {
    let builder = &operation.name;
    let mut lines = Vec::new();
    if let Some(pagination) = &operation.model.pagination {
        let items = pagination.items.as_ref().map_or_else(String::new, |_| {
            format!(", [`items`](operation::{builder}::items) one item after the other")
        });
        lines.extend([
            String::new(),
            format!(
                "One call returns one page; [`pages`](operation::{builder}::pages) returns all of them{items}."
            ),
        ]);
    }
    for waiter in &operation.waiters {
        let function = &waiter.function;
        lines.extend([
            String::new(),
            format!(
                "To wait for {}: [`{function}`](operation::{builder}::{function}).",
                code(&waiter.model.name)
            ),
        ]);
    }
    lines
}

/// The constraints on several members of the request.
fn rule_lines(plan: &Plan<'_>, operation: &Operation<'_>) -> Vec<String> {
    let request = plan.type_definition(operation.model.request);
    let mut lines = Vec::new();
    if let Some(dry_run) = &operation.model.dry_run {
        lines.push(String::new());
        lines.push(format!(
            "With {}, or `send_dry_run`, the service only reports whether the request would succeed. If it would, the \
             result is `Ok` with an empty response.",
            code(&plan.model.member(dry_run.member).name)
        ));
    }
    let nested = request
        .fields()
        .iter()
        .flat_map(|field| field.ty.model.named())
        .map(|id| plan.type_definition(id));
    let rules: Vec<String> = std::iter::once(request)
        .chain(nested)
        .flat_map(|definition| {
            definition
                .model
                .rules
                .iter()
                .map(move |rule| (definition, rule))
        })
        .map(|(definition, rule)| {
            let place = match definition.model.id == request.model.id {
                true => String::new(),
                false => format!("`{}`: ", definition.model.id.name()),
            };
            format!("* {place}{}", rule_sentence(&rule.kind))
        })
        .collect();
    if !rules.is_empty() {
        lines.extend([String::new(), "# Rules".to_owned(), String::new()]);
        lines.extend(rules);
    }
    lines
}

/// A rule about several members in words.
fn rule_sentence(rule: &RuleKind) -> String {
    match rule {
        RuleKind::AtLeastOneOf { members, strict } => {
            let names: Vec<String> = members.iter().map(|name| code(name)).collect();
            let level = if *strict {
                " (checked at the strict level)"
            } else {
                ""
            };
            format!("at least one of {}{level}", names.join(", "))
        }
        RuleKind::Ordered {
            first,
            second,
            may_be_equal,
            span,
        } => {
            let order = if *may_be_equal { "not less" } else { "greater" };
            let span = span.map_or_else(String::new, |span| format!(", by at most {span}"));
            format!("{} is {order} than {}{span}", code(second), code(first))
        }
    }
}

fn example(plan: &Plan<'_>, crate_name: &str, operation: &Operation<'_>) -> Vec<String> {
    let mut lines = vec![
        "```no_run".to_owned(),
        format!(
            "# async fn example(client: {crate_name}::Client) -> Result<(), {crate_name}::Error> {{"
        ),
        "let response = client".to_owned(),
        format!("    .{}()", operation.function),
    ];
    for field in plan.type_definition(operation.model.request).fields() {
        if field.model.required
            && let Some(argument) = super::sample::argument(plan, crate_name, field)
        {
            lines.push(format!("    .{}({argument})", field.setter.name));
        }
    }
    lines.extend([
        "    .send()".to_owned(),
        "    .await?;".to_owned(),
        "println!(\"{response:?}\");".to_owned(),
        "# Ok(())".to_owned(),
        "# }".to_owned(),
        "```".to_owned(),
    ]);
    lines
}
