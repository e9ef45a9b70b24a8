//! The client.

use proc_macro2::TokenStream;
use quote::quote;

use super::client_function::client_function;
use super::docs::doc;
use super::endpoint_settings;
use super::open_literal;
use super::redaction;
use crate::escape::markdown::text;
use crate::model::{self, Protocol, Role};
use crate::plan::reserved::functions::{
    CONFIG, FROM_ENV, FROM_ENV_BLOCKING, ITEMS, NEW, OPERATION, PAGES, SEND, SEND_DRY_RUN,
    SEND_WITH, WAITER, WITH_VALIDATION,
};
use crate::plan::reserved::types::{CLIENT, SERVICE_ERROR};
use crate::plan::{Plan, TypeDefinition};

/// `src/client.rs`, with the pages of the operations.
pub(super) fn client_file(plan: &Plan<'_>, pages: &[TokenStream]) -> TokenStream {
    let metadata = service_metadata(plan);
    let functions = plan
        .operations
        .iter()
        .zip(pages)
        .map(|(operation, page)| client_function(operation, page));
    let has_dry_runs = plan
        .operations
        .iter()
        .any(|operation| operation.model.dry_run.is_some());
    let dry_run = has_dry_runs.then(dry_run);
    let (inputs, with_inputs) = endpoint_settings::inputs(plan);
    let (constructors, sending, waiting) = (constructors(&with_inputs), sending(), waiting());
    let settings = endpoint_settings::client_function(plan);
    let title = doc(&[format!("A client of {}.", text(&plan.model.title))]);
    let non_exhaustive = open_literal::definition();
    quote! {
        #![doc = " The client, with one function for each operation."]
        use attache_runtime::operation::{Paginated, PaginatedItems, Request};
        use attache_runtime::plumbing::Core;
        use attache_runtime::plumbing::operation::{Protocol, Service};
        use attache_runtime::validation::Level;
        use attache_runtime::{Call, CallOptions, Config, Items, Pages, waiter};

        use crate::error::#SERVICE_ERROR;
        use crate::{endpoint, #OPERATION};

        #metadata
        #inputs
        #non_exhaustive

        #title
        #[doc = ""]
        #[doc = " It is cheap to clone, and clones share their connections."]
        #[derive(Clone, Debug)]
        pub struct #CLIENT {
            pub(crate) core: Core,
        }

        impl #CLIENT {
            #constructors
            #sending
            #waiting
            #settings
            #dry_run
            #(#functions)*
        }
    }
}

/// The functions that make a client, and its settings.
fn constructors(with_inputs: &TokenStream) -> TokenStream {
    quote! {
        #[doc = " A client with these settings."]
        pub fn #NEW(config: &Config) -> Self {
            Self { core: Core::new(&SERVICE, config) #with_inputs }
        }

        #[doc = " A client with the settings of the environment: see [`Config::from_env`]."]
        #[doc = ""]
        #[doc = " # Errors"]
        #[doc = " A setting or a file that cannot be understood, an endpoint to which no request can be sent, or a transport"]
        #[doc = " that cannot be set up."]
        #[cfg(feature = "hyper")]
        pub async fn #FROM_ENV() -> Result<Self, crate::Error> {
            let config = Config::from_env().await.map_err(attache_runtime::Failure::from)?;
            let client = Self::#NEW(&config);
            client.core.validate_endpoint()?;
            Ok(client)
        }

        #[doc = " The settings of this client."]
        pub fn #CONFIG(&self) -> &Config {
            self.core.config()
        }

        #[doc = " The blocking form of `from_env`: see [`Call::wait`]."]
        #[doc = ""]
        #[doc = " # Errors"]
        #[doc = " As [`from_env`](Self::from_env); one that says what to do inside of an async runtime of Tokio."]
        #[cfg(all(feature = "hyper", feature = "blocking"))]
        pub fn #FROM_ENV_BLOCKING() -> Result<Self, crate::Error> {
            attache_runtime::blocking::wait(Self::#FROM_ENV())
        }
    }
}

/// The functions that take any request.
fn sending() -> TokenStream {
    quote! {
        #[doc = " Sends a request."]
        pub fn #SEND<R>(&self, request: R) -> Call<R::Response, #SERVICE_ERROR>
        where
            R: Request<ServiceError = #SERVICE_ERROR>,
        {
            self.core.send(request, CallOptions::default())
        }

        #[doc = " Sends a request with options for this call only."]
        pub fn #SEND_WITH<R>(&self, request: R, options: CallOptions) -> Call<R::Response, #SERVICE_ERROR>
        where
            R: Request<ServiceError = #SERVICE_ERROR>,
        {
            self.core.send(request, options)
        }

        #[doc = " A stream of pages, beginning with the page that the request names."]
        pub fn #PAGES<R>(&self, request: R) -> Pages<R>
        where
            R: Paginated<ServiceError = #SERVICE_ERROR>,
        {
            Pages::new(self.core.clone(), request, CallOptions::default())
        }

        #[doc = " A stream of the items of these pages."]
        pub fn #ITEMS<R>(&self, request: R) -> Items<R>
        where
            R: PaginatedItems<ServiceError = #SERVICE_ERROR>,
        {
            Items::new(self.core.clone(), request, CallOptions::default())
        }
    }
}

/// The functions for a waiter of any request, and for the level of validation.
fn waiting() -> TokenStream {
    quote! {
        #[doc = " Sends a request repeatedly until the result meets a condition: see [`attache_runtime::waiter`]."]
        #[doc = ""]
        #[doc = " `judge` evaluates each result. If it returns `None`, an error ends the wait and a response continues it."]
        pub fn #WAITER<R>(
            &self,
            request: R,
            judge: impl Fn(waiter::Answer<'_, R>) -> Option<waiter::State> + Send + Sync + 'static,
        ) -> waiter::Waiter<R>
        where
            R: Request<ServiceError = #SERVICE_ERROR> + Clone + Send + 'static,
        {
            let (name, judge) = (R::OPERATION.name, Box::new(judge));
            waiter::Waiter::new(self.core.clone(), request, CallOptions::default(), name, judge)
        }

        #[doc = " A clone of this client with another level of validation: see [`attache_runtime::validation`]."]
        #[must_use]
        pub fn #WITH_VALIDATION(&self, level: Level) -> Self {
            Self { core: self.core.with_validation(level) }
        }
    }
}

/// The function for a dry run.
fn dry_run() -> TokenStream {
    quote! {
        pub(crate) fn #SEND_DRY_RUN<R>(
            &self,
            request: R,
            options: CallOptions,
        ) -> Call<attache_runtime::operation::DryRun, #SERVICE_ERROR>
        where
            R: Request<ServiceError = #SERVICE_ERROR>,
        {
            self.core.dry_run(request, options)
        }
    }
}

fn service_metadata(plan: &Plan<'_>) -> TokenStream {
    let model::Service {
        sdk_id,
        version,
        signing_name,
        query_compatible,
        ..
    } = plan.model;
    let protocol = match plan.model.protocol {
        Protocol::AwsJson10 | Protocol::AwsJson11 => quote!(AwsJson),
        Protocol::RestJson1 => quote!(RestJson),
        Protocol::AwsQuery => quote!(Query),
        Protocol::Ec2Query => quote!(Ec2Query),
        Protocol::RpcV2Cbor => quote!(RpcV2Cbor),
        Protocol::RestXml => quote!(RestXml),
    };
    let default_region = match &plan.model.default_region {
        Some(region) => quote!(Some(#region)),
        None => quote!(None),
    };
    let errors = || plan.model.errors.iter().map(|id| plan.type_definition(*id));
    let retryable = errors().flat_map(|definition| {
        let retryable = match &definition.model.role {
            Role::Error(facts) => facts.retryable,
            _ => None,
        };
        let throttling = retryable.into_iter();
        throttling.flat_map(|throttling| {
            names(plan, definition).map(move |name| quote!((#name, #throttling)))
        })
    });
    let modelled = errors().flat_map(|definition| names(plan, definition));
    let sensitive = errors()
        .filter(|definition| redaction::hides_message(definition))
        .flat_map(codes);
    quote! {
        pub(crate) static SERVICE: Service = Service {
            sdk_id: #sdk_id,
            version: #version,
            protocol: Protocol::#protocol,
            signing_name: #signing_name,
            default_region: #default_region,
            endpoint: endpoint::resolve,
            modelled_errors: &[#(#modelled),*],
            sensitive_messages: &[#(#sensitive),*],
            retryable_errors: &[#(#retryable),*],
            query_compatible: #query_compatible,
        };
    }
}

/// The names under which the metadata lists an error. A response of the query protocol has only the code of the error;
/// other responses have the name of its shape.
fn names<'d>(plan: &Plan<'_>, definition: &'d TypeDefinition<'_>) -> impl Iterator<Item = &'d str> {
    let has_codes = plan.model.protocol == Protocol::AwsQuery;
    codes(definition).take(if has_codes { 2 } else { 1 })
}

/// The codes that identify an error: the name of its shape, and the code of the query protocol.
fn codes<'d>(definition: &'d TypeDefinition<'_>) -> impl Iterator<Item = &'d str> {
    let name = definition.model.id.name();
    let query = match &definition.model.role {
        Role::Error(facts) => facts.query_code.as_deref(),
        _ => None,
    };
    std::iter::once(name).chain(query.filter(|query| *query != name))
}
