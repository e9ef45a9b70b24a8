//! The tests of the examples in the documentation: each request is valid.

use proc_macro2::TokenStream;
use quote::quote;

use super::sample::Sample;
use super::types::ident;
use crate::error::{Error, Result};
use crate::plan::reserved::functions::OPERATION;
use crate::plan::{Operation, Plan};

/// Whether a crate has the file.
pub(super) fn has_example_tests(plan: &Plan<'_>) -> bool {
    let mut operations = plan.operations.iter();
    operations.any(|operation| plan.example(operation).is_complete)
}

/// `src/examples.rs`.
///
/// Its paths begin with `super`, so that it can also be a module of another crate, below one that imports this crate.
///
/// # Errors
/// A value that is not printed as Rust, which would be a fault of the generator.
pub(super) fn examples_file(plan: &Plan<'_>) -> Result<TokenStream> {
    let tests = plan
        .operations
        .iter()
        .map(|operation| example_test(plan, operation));
    let tests = tests.collect::<Result<Vec<_>>>()?;
    Ok(quote! {
        #![doc = " The examples of the documentation are valid requests."]
        use attache_runtime::validation::Level;

        #(#tests)*
    })
}

fn example_test(plan: &Plan<'_>, operation: &Operation<'_>) -> Result<TokenStream> {
    let example = plan.example(operation);
    if !example.is_complete {
        return Ok(TokenStream::new());
    }
    let sample = Sample {
        plan,
        crate_name: "super",
    };
    let fields = sample.fields(operation, example).into_iter();
    let fields = fields.map(|(name, value)| {
        let name = ident(&name);
        let value: TokenStream = value.parse().map_err(|error| {
            Error::new(format!(
                "the example of `{}` is not Rust: {error}",
                operation.model.name
            ))
        })?;
        Ok(quote!(#name: #value,))
    });
    let fields = fields.collect::<Result<Vec<_>>>()?;
    let function = ident(&operation.function);
    let request = ident(&plan.type_definition(operation.model.request).name);
    let definition = plan.type_definition(operation.model.request);
    let mut tokens = definition.fields().iter();
    let has_token = tokens.any(|field| field.model.idempotency_token.is_some());
    // A token is filled in when a request is sent.
    let (mutable, fill) = match has_token {
        true => (
            quote!(mut),
            quote! {
                attache_runtime::operation::Request::fill_idempotency_token(&mut request, &|| {
                    "01234567-89ab-4cde-8f01-23456789abcd".to_owned()
                });
            },
        ),
        false => (TokenStream::new(), TokenStream::new()),
    };
    Ok(quote! {
        #[test]
        fn #function() {
            let #mutable request = super::#OPERATION::#request { #(#fields)* ..Default::default() };
            #fill
            request.validate(Level::Documented).expect("the example is valid");
        }
    })
}
