//! The plan of the Rust code of a service: every decision, made once.
//!
//! A plan refers to a [model](crate::model) and adds the decisions about its code: modules and names, Rust types,
//! presence, defaults, setters, constraints, codecs, and the features of the runtime that the crate needs. Both ends of a
//! service have separate plans, made from one model by the same functions. The emitter prints a plan and makes no
//! decisions; the comparison of two models compares two plans.

mod assign;
mod blobs;
mod build;
mod case;
mod codecs;
mod coded;
mod constraint;
mod cycles;
mod default;
mod documented;
mod example;
mod features;
mod given;
mod height;
mod keys;
mod module;
mod named;
mod names;
mod noun;
mod patterns;
mod presence;
mod realistic;
mod recorded;
mod recursion;
pub mod reserved;
mod rust_type;
mod service;
mod setter;
mod settle;
mod surface;
mod types;
mod validated;
mod value;

use std::sync::{Arc, OnceLock};

use crate::error::Result;
use crate::model::Service;
use assign::OperationNames;
use build::Builder;
use coded::Coded;

pub use self::case::{field_name, is_derived, type_name};
pub use self::codecs::{RequestCodec, ResponseCodec};
pub use self::constraint::{Constraint, ConstraintKind};
pub use self::default::DefaultValue;
pub use self::given::{GivenNames, Names};
pub use self::module::Module;
pub use self::noun::Noun;
pub use self::patterns::{CompiledPattern, Patterns};
pub use self::rust_type::RustType;
pub use self::service::{End, Example, Operation, Plan, Waiter};
pub use self::setter::{Parameter, Setter};
pub use self::surface::{Item, ItemKind, Surface};
pub use self::types::{
    DefaultKind, Definition, EnumValue, Field, Presence, Setters, TypeDefinition,
};
pub use self::value::{Type, TypeKind};

/// Plans one end of a service without recorded names.
///
/// # Errors
/// As [`plan_with`].
pub fn plan(model: &Service, end: End) -> Result<Plan<'_>> {
    plan_with(model, end, &GivenNames::default())
}

/// Plans one end of a service. Items that had a name before keep it.
///
/// # Errors
/// What Rust cannot express: types that contain themselves in every value; defaults that are not values of their types;
/// traits of an overlay that do not fit what they are applied to; recorded names that do not match the model.
pub fn plan_with<'m>(model: &'m Service, end: End, given: &GivenNames) -> Result<Plan<'m>> {
    let (patterns, warnings) = patterns::compile(model);
    let mut plan = build(model, end, Arc::new(patterns), given)?;
    documented::validate(model)?;
    plan.warnings = model.warnings.iter().cloned().chain(warnings).collect();
    if let Some(limit) = plan.recursion_limit() {
        plan.warnings.push(format!(
            "structures nest {} deep: a program that sends these requests may need `#![recursion_limit = \"{limit}\"]`",
            plan.depth
        ));
    }
    plan.warnings.sort();
    Ok(plan)
}

/// The plan of a client without the patterns, which take the most time, and without checking the statements of an
/// overlay: enough to determine the API.
///
/// # Errors
/// As [`plan_with`], but for the traits of an overlay.
pub fn outline<'m>(model: &'m Service, given: &GivenNames) -> Result<Plan<'m>> {
    build(model, End::Client, Arc::default(), given)
}

impl<'m> Plan<'m> {
    /// The plan of another end of the same service. Patterns take the most time and are the same at both, and so are
    /// the names.
    ///
    /// # Errors
    /// As [`plan_with`].
    pub fn of_end(&self, end: End) -> Result<Self> {
        let given = GivenNames::recorded("", self.recorded.clone());
        let mut plan = build(self.model, end, Arc::clone(&self.patterns), &given)?;
        plan.warnings.clone_from(&self.warnings);
        Ok(plan)
    }
}

fn build<'m>(
    model: &'m Service,
    end: End,
    patterns: Arc<Patterns>,
    given: &GivenNames,
) -> Result<Plan<'m>> {
    let cycles = cycles::find(model)?;
    let boxed = recursion::boxed_members(model);
    recursion::refuse_endless(model)?;
    let names = assign::assign(model, given)?;
    let builder = Builder {
        model,
        end: &end,
        coded: Coded::new(model, &end),
        names: &names,
        patterns: &patterns,
        boxed,
        cycles: &cycles,
        blob_holders: blobs::holders(model),
    };
    let types = builder.types()?;
    Ok(Plan {
        model,
        end,
        request_codec: RequestCodec::of(model.protocol),
        response_codec: ResponseCodec::of(model.protocol),
        operations: operations(model, names.operations),
        heights: height::heights(&types),
        types,
        recorded: names.recorded,
        patterns,
        depth: cycles.depth,
        default_features: features::defaults(model),
        runtime_features: features::of_runtime(model),
        mock_features: features::of_mocks(model),
        warnings: Vec::new(),
    })
}

fn operations(model: &Service, names: Vec<OperationNames>) -> Vec<Operation<'_>> {
    let operations = model.operations.iter().zip(names);
    let operations = operations.map(|(model, names)| {
        let waiters = model.waiters.iter().zip(names.waiters);
        Operation {
            model,
            name: names.builder,
            function: names.function,
            waiters: waiters
                .map(|(model, function)| Waiter { model, function })
                .collect(),
            example: OnceLock::new(),
        }
    });
    operations.collect()
}
