//! The rules in the form of the generated code: typed, with Rust names, and without unreachable rules.

use std::collections::BTreeSet;

use super::term::{Term, Type};

/// The decision procedure of one rule set.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Decision {
    /// The variables that take the parameters.
    pub(super) parameters: Vec<Parameter>,
    /// The parameters that a client lacks, by their names in the rule set.
    pub(super) never_set: Vec<String>,
    /// The branches to try, in order.
    pub(super) branches: Vec<Branch>,
}

/// A parameter that is bound to one of the built-in values, or set by operations, requests or clients.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parameter {
    /// Its name in the rule set.
    pub(super) name: String,
    /// The variable.
    pub(super) ident: String,
    pub(super) ty: Type,
    pub(super) source: Source,
    /// Its default, a constant.
    pub(super) default: Option<Term>,
}

/// A field of `Parameters` in the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Region,
    UseFips,
    UseDualStack,
    Endpoint,
    /// The parameters that only some services have, by name.
    Context,
}

impl Source {
    /// The field for a `builtIn`, if the runtime has one.
    pub(super) fn of(built_in: &str) -> Option<Self> {
        match built_in {
            "AWS::Region" => Some(Source::Region),
            "AWS::UseFIPS" => Some(Source::UseFips),
            "AWS::UseDualStack" => Some(Source::UseDualStack),
            "SDK::Endpoint" => Some(Source::Endpoint),
            _ => None,
        }
    }

    pub(super) fn field(self) -> &'static str {
        match self {
            Source::Region => "region",
            Source::UseFips => "use_fips",
            Source::UseDualStack => "use_dual_stack",
            Source::Endpoint => "endpoint",
            Source::Context => "context",
        }
    }

    /// The type of a built-in.
    pub(super) fn ty(self) -> Option<Type> {
        match self {
            Source::Region | Source::Endpoint => Some(Type::String),
            Source::UseFips | Source::UseDualStack => Some(Type::Boolean),
            Source::Context => None,
        }
    }
}

/// Tests, and what follows if all of them hold. Later branches are not evaluated then.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Branch {
    pub(super) tests: Vec<Test>,
    pub(super) outcome: Outcome,
}

/// One test, or a value to keep for later.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    /// The term is true.
    True(Term),
    /// The optional value is set; it is assigned to the variable.
    Bind(Local),
    /// Not a test: the value is assigned to the variable.
    Let(Local),
}

/// A local variable of the generated code.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Local {
    pub(super) ident: String,
    pub(super) ty: Type,
    pub(super) value: Term,
}

/// The outcome of a branch.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    Endpoint(Endpoint),
    Error(Term),
    Branches(Vec<Branch>),
    /// A separate function with the branches that were here.
    Call {
        function: String,
        arguments: Vec<String>,
    },
}

/// An endpoint to return.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Endpoint {
    pub(super) url: Term,
    pub(super) auth_schemes: Vec<AuthScheme>,
    pub(super) headers: Vec<(String, Term)>,
    pub(super) backend: Option<Term>,
}

/// An entry of `authSchemes`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AuthScheme {
    pub(super) name: String,
    pub(super) signing_name: Option<Term>,
    pub(super) signing_region: Option<Term>,
    pub(super) signing_region_set: Vec<Term>,
    pub(super) disable_double_encoding: bool,
    pub(super) disable_normalize_path: bool,
}

impl Endpoint {
    /// Every text of the endpoint.
    fn terms(&self) -> impl Iterator<Item = &Term> {
        let headers = self.headers.iter().map(|(_, value)| value);
        let of_schemes = self.auth_schemes.iter().flat_map(|scheme| {
            let names = scheme.signing_name.iter().chain(&scheme.signing_region);
            names.chain(&scheme.signing_region_set)
        });
        let first = std::iter::once(&self.url).chain(&self.backend);
        first.chain(of_schemes).chain(headers)
    }
}

/// Removes variables that nothing reads, and returns the variables that the branches read from outside.
///
/// If a client never sets a parameter, such variables remain, and the compiler would warn about each.
pub(super) fn drop_unused(branches: &mut [Branch]) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for branch in branches {
        used.append(&mut drop_unused_in(branch));
    }
    used
}

fn drop_unused_in(branch: &mut Branch) -> BTreeSet<String> {
    let mut used = match &mut branch.outcome {
        Outcome::Branches(branches) => drop_unused(branches),
        outcome => outcome.variables(),
    };
    let mut kept = Vec::new();
    for test in std::mem::take(&mut branch.tests).into_iter().rev() {
        match test {
            Test::True(term) => {
                term.add_variables(&mut used);
                kept.push(Test::True(term));
            }
            Test::Bind(local) if used.remove(&local.ident) => {
                local.value.add_variables(&mut used);
                kept.push(Test::Bind(local));
            }
            Test::Bind(local) => {
                local.value.add_variables(&mut used);
                kept.push(Test::True(Term::IsSet(local.value.boxed())));
            }
            Test::Let(local) if used.remove(&local.ident) => {
                local.value.add_variables(&mut used);
                kept.push(Test::Let(local));
            }
            Test::Let(_) => {}
        }
    }
    kept.reverse();
    branch.tests = kept;
    used
}

impl Outcome {
    /// The variables that the outcome reads from outside.
    fn variables(&self) -> BTreeSet<String> {
        let mut used = BTreeSet::new();
        match self {
            Outcome::Endpoint(endpoint) => {
                for term in endpoint.terms() {
                    term.add_variables(&mut used);
                }
            }
            Outcome::Error(message) => message.add_variables(&mut used),
            Outcome::Branches(branches) => used = free_variables(branches),
            Outcome::Call { arguments, .. } => used.extend(arguments.iter().cloned()),
        }
        used
    }
}

/// The variables that branches read from outside.
pub(super) fn free_variables(branches: &[Branch]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for branch in branches {
        let mut used = branch.outcome.variables();
        for test in branch.tests.iter().rev() {
            match test {
                Test::True(term) => term.add_variables(&mut used),
                Test::Bind(local) | Test::Let(local) => {
                    used.remove(&local.ident);
                    local.value.add_variables(&mut used);
                }
            }
        }
        all.append(&mut used);
    }
    all
}
