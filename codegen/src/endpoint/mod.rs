//! Endpoint rule sets, compiled: the file `endpoint.rs` of a client, and the table of partitions of the runtime.
//!
//! A rule set is a small program in JSON. Other clients contain the rule set and an interpreter for it. Here it becomes
//! the Rust that one would write by hand, so the compiler checks it, a stack trace shows it, and a changed rule is a
//! changed line in the next review.
//!
//! `rules` mirrors the JSON, `bdd` brings decision diagrams into its form, `check` turns it into a typed `decision`,
//! `outline` splits that into functions, `emit` writes them, and `cases` adds the tests of the rules. `contradiction` finds
//! tests that the rules do not pass; for that, `evaluate` does what the generated code does.

mod bdd;
mod bounds;
mod cases;
mod contradiction;
mod decision;
mod emit;
mod evaluate;
mod expression;
mod functions;
mod library;
mod need;
mod outline;
mod partitions;
pub mod rules;
mod scope;
mod template;
mod term;
mod typing;

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use crate::ast::trait_id;
use crate::emit::imports;
use crate::error::{Context, Result};
use crate::escape::markdown::code;

pub use contradiction::{Contradiction, contradictions};
pub use need::Rules;
pub use partitions::partitions_module;

/// The file `endpoint.rs` of a client, from the traits `smithy.rules#endpointRuleSet` and
/// `smithy.rules#endpointTests` of its service.
///
/// `context` names the parameters that operations, requests and settings of the client set
/// ([`Service::endpoint_parameters`](crate::model::Service::endpoint_parameters)). Others that are none of the built-ins
/// AWS::Region, AWS::UseFIPS, AWS::UseDualStack and SDK::Endpoint have their default, or are never set.
///
/// # Errors
///
/// A document that is not as the specification describes it, that does not pass the type check, or that needs a value
/// which a client does not have; the error names the rule.
pub fn endpoint_module(
    rule_set: &Value,
    tests: Option<&Value>,
    context: &BTreeSet<String>,
) -> Result<TokenStream> {
    let rule_set = rules::RuleSet::read(rule_set).at(trait_id::ENDPOINT_RULE_SET)?;
    module(&rule_set, tests, context, trait_id::ENDPOINT_RULE_SET)
}

/// The same from the trait `smithy.rules#endpointBdd`, a decision diagram that newer models may have.
///
/// # Errors
///
/// As [`endpoint_module`], and a diagram that would become too much code.
pub fn endpoint_bdd_module(
    bdd: &Value,
    tests: Option<&Value>,
    context: &BTreeSet<String>,
) -> Result<TokenStream> {
    let rule_set = bdd::read(bdd, context).at(trait_id::ENDPOINT_BDD)?;
    module(&rule_set, tests, context, trait_id::ENDPOINT_BDD)
}

fn module(
    rule_set: &rules::RuleSet,
    tests: Option<&Value>,
    context: &BTreeSet<String>,
    source: &str,
) -> Result<TokenStream> {
    let mut decision = typing::decision(rule_set, context).at(source)?;
    decision::drop_unused(&mut decision.branches);
    let functions = outline::functions(&mut decision);
    let (items, imports) = imports::noted(|| emit::items(&decision, &functions));
    let items = items.at(source)?;
    let imports = imports.items(&quote!(crate), None);
    let tests = tests.map(|tests| cases::module(&decision, tests).at(trait_id::ENDPOINT_TESTS));
    let tests = tests.transpose()?;
    let origin = format!(" The code is the trait `{source}` of the service, rule by rule.");
    let never_set = never_set(&decision.never_set);
    Ok(quote! {
        #![doc = " Where requests go: the endpoints of the service."]
        #![doc = ""]
        #![doc = #origin]
        #never_set

        #imports

        #items
        #tests
    })
}

/// The documentation of the parameters for which the rules were specialised.
fn never_set(names: &[String]) -> Option<TokenStream> {
    if names.is_empty() {
        return None;
    }
    let names: Vec<String> = names.iter().map(|name| code(name)).collect();
    let line = format!(
        " Rules that need another value than the default of {} are left out: a client never sets it.",
        names.join(", ")
    );
    Some(quote! {
        #![doc = #line]
    })
}

/// The file `endpoint.rs` of a client whose service has no rule set.
///
/// It has the default regional endpoints: the prefix, `-fips` if asked for, the region, and the DNS suffix of the
/// partition.
pub fn fallback_module(endpoint_prefix: &str) -> TokenStream {
    let prefix = endpoint_prefix.replace('{', "{{").replace('}', "}}");
    let template = format!("https://{prefix}{{fips}}.{{region}}.{{suffix}}");
    quote! {
        #![doc = " Where requests go: the endpoints of the service."]
        #![doc = ""]
        #![doc = " The model has no rules for them, so these are the regional endpoints that services have by default."]

        use attache_runtime::plumbing::endpoint::{Endpoint, EndpointError, Parameters, partition};

        /// Determines the endpoint of requests.
        ///
        /// # Errors
        ///
        /// No region, or an own endpoint together with FIPS or dual-stack.
        pub(crate) fn resolve(parameters: &Parameters) -> Result<Endpoint, EndpointError> {
            if let Some(endpoint) = parameters.endpoint.as_deref() {
                if parameters.use_fips {
                    return Err(EndpointError::new(
                        "Invalid Configuration: FIPS and custom endpoint are not supported",
                    ));
                }
                if parameters.use_dual_stack {
                    return Err(EndpointError::new(
                        "Invalid Configuration: Dualstack and custom endpoint are not supported",
                    ));
                }
                return Ok(Endpoint::new(endpoint));
            }
            let Some(region) = parameters.region.as_deref() else {
                return Err(EndpointError::new("Invalid Configuration: Missing Region"));
            };
            let partition = partition(region);
            let fips = if parameters.use_fips { "-fips" } else { "" };
            let suffix = if parameters.use_dual_stack {
                partition.dual_stack_dns_suffix
            } else {
                partition.dns_suffix
            };
            Ok(Endpoint::new(format!(#template)))
        }
    }
}
