//! Moves large subtrees of a decision into separate functions, so that no function is long.
//!
//! A tree of rules is final once its conditions hold, so it can become a function unchanged. The functions are named
//! after their conditions.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;

use super::decision::{Branch, Decision, Outcome, Test, free_variables};
use super::term::{Term, Type};

/// The estimated number of lines that one function may have.
const LIMIT: usize = 50;

/// Clippy's limit on the parameters of a function.
const MAX_PARAMETERS: usize = 7;

/// The longest name that a function gets from its conditions.
const MAX_NAME: usize = 50;

/// A function that holds a subtree of the decision.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) parameters: Vec<(String, Type)>,
    pub(super) branches: Vec<Branch>,
}

type Environment = BTreeMap<String, Type>;

/// Shortens the decision to one function; returns the others.
pub(super) fn functions(decision: &mut Decision) -> Vec<Function> {
    let parameters = decision.parameters.iter();
    let environment = parameters.map(|parameter| (parameter.ident.clone(), parameter.ty.clone()));
    let mut outline = Outline::default();
    outline.shorten(&mut decision.branches, &environment.collect());
    let mut ordered = Vec::new();
    take_called(&decision.branches, &mut outline.functions, &mut ordered);
    ordered
}

/// Sorts the functions by the order of their calls.
fn take_called(branches: &[Branch], functions: &mut Vec<Function>, ordered: &mut Vec<Function>) {
    for branch in branches {
        match &branch.outcome {
            Outcome::Branches(branches) => take_called(branches, functions, ordered),
            Outcome::Call { function, .. } => {
                let called = functions.iter().position(|known| known.name == *function);
                let Some(called) = called.map(|index| functions.remove(index)) else {
                    continue;
                };
                let branches = called.branches.clone();
                ordered.push(called);
                take_called(&branches, functions, ordered);
            }
            Outcome::Endpoint(_) | Outcome::Error(_) => {}
        }
    }
}

#[derive(Default)]
struct Outline {
    functions: Vec<Function>,
    names: BTreeSet<String>,
}

impl Outline {
    /// Shortens branches and gives the estimated number of their lines.
    fn shorten(&mut self, branches: &mut [Branch], environment: &Environment) -> usize {
        let mut lines: Vec<usize> = Vec::new();
        let mut inner: Vec<Environment> = Vec::new();
        for branch in branches.iter_mut() {
            let environment = inside(environment, branch);
            lines.push(match &mut branch.outcome {
                Outcome::Branches(branches) => self.shorten(branches, &environment),
                Outcome::Endpoint(endpoint) => 3 + endpoint.headers.len(),
                Outcome::Error(_) => 3,
                Outcome::Call { .. } => 1,
            });
            inner.push(environment);
        }
        let tests = |branch: &Branch| match branch.tests.len() {
            0 => 0,
            1 | 2 => 2,
            count => count + 2,
        };
        let mut total: usize =
            branches.iter().map(tests).sum::<usize>() + lines.iter().sum::<usize>();
        while total > LIMIT {
            let largest = (0..branches.len())
                .filter(|&index| may_move(&branches[index], lines[index]))
                .max_by_key(|&index| lines[index]);
            let Some(index) = largest else { break };
            self.move_out(&mut branches[index], &inner[index]);
            total -= lines[index] - 1;
            lines[index] = 1;
        }
        total
    }

    fn move_out(&mut self, branch: &mut Branch, environment: &Environment) {
        let name = self.name(&branch.tests);
        let call = Outcome::Call {
            function: name.clone(),
            arguments: Vec::new(),
        };
        if let Outcome::Branches(branches) = std::mem::replace(&mut branch.outcome, call) {
            let free = free_variables(&branches);
            let ty = |ident: String| environment.get(&ident).cloned().map(|ty| (ident, ty));
            let parameters: Vec<_> = free.into_iter().filter_map(ty).collect();
            branch.outcome = Outcome::Call {
                function: name.clone(),
                arguments: parameters.iter().map(|(ident, _)| ident.clone()).collect(),
            };
            self.functions.push(Function {
                name,
                parameters,
                branches,
            });
        }
    }

    /// A name that no other function has.
    fn name(&mut self, tests: &[Test]) -> String {
        let words: Vec<String> = tests.iter().filter_map(describe).collect();
        let mut name = format!("with_{}", words.join("_and_"));
        if words.is_empty() || name.len() > MAX_NAME {
            name = "further_rules".to_owned();
        }
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let free = std::iter::once(name.clone())
            .chain(numbered)
            .find(|name| !self.names.contains(name));
        let name = free.unwrap_or(name);
        self.names.insert(name.clone());
        name
    }
}

/// Whether a branch can become a function, and is worth it.
fn may_move(branch: &Branch, lines: usize) -> bool {
    match &branch.outcome {
        Outcome::Branches(branches) => {
            lines > 8 && free_variables(branches).len() <= MAX_PARAMETERS
        }
        _ => false,
    }
}

/// What is in scope inside a branch.
fn inside(environment: &Environment, branch: &Branch) -> Environment {
    let mut environment = environment.clone();
    for test in &branch.tests {
        if let Test::Bind(local) | Test::Let(local) = test {
            environment.insert(local.ident.clone(), local.ty.clone());
        }
    }
    environment
}

/// A test in one or two words.
fn describe(test: &Test) -> Option<String> {
    match test {
        Test::Bind(local) | Test::Let(local) => Some(local.ident.clone()),
        Test::True(term) => subject(term),
    }
}

fn subject(term: &Term) -> Option<String> {
    match term {
        Term::Variable(ident) => Some(ident.clone()),
        Term::Field(_, field) => Some((*field).to_owned()),
        Term::Not(inner) => Some(format!("no_{}", subject(inner)?)),
        Term::IsSet(inner) => subject(inner),
        Term::Equal(_, right) => match &**right {
            Term::String(text) => {
                let words = text.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
                Some(words.to_snake_case()).filter(|text| !text.is_empty())
            }
            _ => None,
        },
        Term::Library(function, _) => Some((*function).to_owned()),
        _ => None,
    }
}
