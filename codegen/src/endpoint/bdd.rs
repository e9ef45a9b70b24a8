//! The trait `smithy.rules#endpointBdd`: a rule set as a binary decision diagram.
//!
//! Newer models may have this instead of a rule set. A diagram is designed for interpreters. As Rust, a tree of rules
//! is more readable, and the compiler optimises it, so the diagram is unfolded into rules, which are then processed
//! like a rule set. Parts that two paths share are written twice, so there is a limit.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::decision::Test;
use super::rules::{self, Condition, Outcome, Parameter, Rule, RuleSet, typed};
use super::scope;
use super::typing::{self, Verdict};
use crate::ast::trait_id;
use crate::error::{Context, Error, Result};

/// How many rules a diagram may become.
const MAX_RULES: usize = 1000;

/// How deep these rules may nest: as deep as those of a rule set can, which are read from nested JSON.
const MAX_DEPTH: usize = 60;

/// The first reference that means a result. Result 0 is "no rule matched" and not written down.
const FIRST_RESULT: i32 = 100_000_000;

/// The node that each diagram begins with, and that nothing refers to.
const TERMINAL: Node = Node {
    condition: -1,
    high: 1,
    low: -1,
};

/// The bytes of one node: three big-endian integers.
const NODE_LENGTH: usize = 12;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Node {
    condition: i32,
    high: i32,
    low: i32,
}

/// The target of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    NoMatch,
    Result(usize),
    /// A test, with the targets for true and for false.
    Test {
        condition: usize,
        high: i32,
        low: i32,
    },
}

struct Diagram {
    conditions: Vec<Condition>,
    /// Which conditions have the same result for every client.
    known: Vec<Option<bool>>,
    results: Vec<Outcome>,
    nodes: Vec<Node>,
}

/// Reads a diagram as rules.
///
/// # Errors
///
/// A document that is not as the specification describes it, a reference without a target, a path with the same
/// condition twice, or more than `MAX_RULES` rules.
pub(super) fn read(document: &Value, context: &BTreeSet<String>) -> Result<RuleSet> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    struct Document {
        version: String,
        parameters: BTreeMap<String, Parameter>,
        conditions: Vec<Value>,
        results: Vec<Value>,
        root: i32,
        node_count: usize,
        nodes: String,
    }
    let document: Document = typed(document)?;
    rules::validate_version(&document.version)?;
    let nodes = nodes(&document.nodes, document.node_count).at("nodes")?;
    let conditions = rules::each(&document.conditions, "conditions", rules::condition)?;
    let diagram = Diagram {
        known: known(&document.parameters, &conditions, context)?,
        conditions,
        results: rules::each(&document.results, "results", result)?,
        nodes,
    };
    if document.root < 0 {
        return Err(Error::new("it must not be a complement (negative)").at("root"));
    }
    let mut unfolding = Unfolding {
        diagram: &diagram,
        path: Vec::new(),
        count: 0,
        depth: 0,
    };
    Ok(RuleSet {
        rules: unfolding.rules(document.root)?,
        parameters: document.parameters,
    })
}

fn result(value: &Value) -> Result<Outcome> {
    let rule = rules::rule(value)?;
    match rule.outcome {
        Outcome::Tree(_) => Err(Error::new("a result must be an endpoint or an error")),
        _ if !rule.conditions.is_empty() => Err(Error::new("a result must not have conditions")),
        outcome => Ok(outcome),
    }
}

fn nodes(encoded: &str, count: usize) -> Result<Vec<Node>> {
    let bytes = base64_simd::STANDARD
        .decode_to_vec(encoded)
        .map_err(|error| Error::new(format!("not base64: {error}")))?;
    let (nodes, rest) = bytes.as_chunks::<NODE_LENGTH>();
    if nodes.len() != count || !rest.is_empty() {
        return Err(Error::new(format!(
            "{} bytes are not the {count} nodes of {NODE_LENGTH} bytes that `nodeCount` announces",
            bytes.len()
        )));
    }
    let node = |[a, b, c, d, e, f, g, h, i, j, k, l]: &[u8; NODE_LENGTH]| Node {
        condition: i32::from_be_bytes([*a, *b, *c, *d]),
        high: i32::from_be_bytes([*e, *f, *g, *h]),
        low: i32::from_be_bytes([*i, *j, *k, *l]),
    };
    let nodes: Vec<Node> = nodes.iter().map(node).collect();
    if nodes.first() != Some(&TERMINAL) {
        return Err(Error::new("the first node must be [-1, 1, -1]"));
    }
    Ok(nodes)
}

/// Finds the conditions whose result is known before any rule is evaluated: those on parameters that a client never
/// sets, and those that only assign.
///
/// Without this, a diagram for the inputs of operations would unfold into far more rules than remain in the end.
fn known(
    parameters: &BTreeMap<String, Parameter>,
    conditions: &[Condition],
    context: &BTreeSet<String>,
) -> Result<Vec<Option<bool>>> {
    let (scope, ..) = scope::of_parameters(parameters, context)?;
    let known = conditions.iter().map(|condition| {
        // A condition on a variable cannot be checked here; it is checked with the rules.
        match typing::condition(&mut scope.clone(), condition) {
            Ok(Verdict::Always | Verdict::Depends(Test::Let(_))) => Some(true),
            Ok(Verdict::Never) => Some(false),
            Ok(Verdict::Depends(_)) | Err(_) => None,
        }
    });
    Ok(known.collect())
}

impl Diagram {
    fn target(&self, reference: i32) -> Result<Target> {
        let fail = |what: String| Error::new(format!("reference {reference}: {what}"));
        if reference >= FIRST_RESULT {
            let Some(index) = usize::try_from(reference - FIRST_RESULT - 1).ok() else {
                return Ok(Target::NoMatch);
            };
            if index >= self.results.len() {
                return Err(fail(format!("there are {} results", self.results.len())));
            }
            return Ok(Target::Result(index));
        }
        let index = match reference {
            0 => return Err(fail("0 is not allowed".to_owned())),
            1 | -1 => return Ok(Target::NoMatch),
            _ => usize::try_from(reference.unsigned_abs() - 1).unwrap_or(usize::MAX),
        };
        let node = self.nodes.get(index);
        let node = node.ok_or_else(|| fail(format!("there are {} nodes", self.nodes.len())))?;
        let condition = usize::try_from(node.condition)
            .ok()
            .filter(|condition| *condition < self.conditions.len())
            .ok_or_else(|| fail(format!("condition {} does not exist", node.condition)))?;
        let (high, low) = match reference < 0 {
            true => (node.low, node.high),
            false => (node.high, node.low),
        };
        Ok(Target::Test {
            condition,
            high,
            low,
        })
    }
}

/// The walk over all paths of a diagram.
struct Unfolding<'a> {
    diagram: &'a Diagram,
    /// The conditions on the way from the root.
    path: Vec<usize>,
    /// The rules so far.
    count: usize,
    /// The rules around the next one.
    depth: usize,
}

impl Unfolding<'_> {
    /// The rules that decide what a reference decides. A reference to "no match" has none.
    fn rules(&mut self, mut reference: i32) -> Result<Vec<Rule>> {
        let depth = self.path.len();
        let mut rules = Vec::new();
        loop {
            match self.diagram.target(reference)? {
                Target::NoMatch => break,
                Target::Result(index) => {
                    self.count()?;
                    rules.push(Rule {
                        conditions: Vec::new(),
                        outcome: self.diagram.results[index].clone(),
                    });
                    break;
                }
                Target::Test { condition, low, .. } if self.known(condition) == Some(false) => {
                    self.pass(condition)?;
                    reference = low;
                }
                Target::Test {
                    condition,
                    high,
                    low,
                } => {
                    let always = self.known(condition) == Some(true);
                    rules.push(self.rule(condition, high, low)?);
                    if always {
                        break;
                    }
                    self.pass(condition)?;
                    reference = low;
                }
            }
        }
        self.path.truncate(depth);
        Ok(rules)
    }

    /// The rule for the case that a condition holds.
    ///
    /// Conditions that follow and fail to the same place belong to the same rule.
    fn rule(&mut self, condition: usize, mut high: i32, low: i32) -> Result<Rule> {
        self.count()?;
        let depth = self.path.len();
        self.pass(condition)?;
        let mut conditions = vec![self.diagram.conditions[condition].clone()];
        if self.known(condition).is_none() {
            while let Target::Test {
                condition,
                high: next,
                low: same,
            } = self.diagram.target(high)?
            {
                if same != low || self.known(condition).is_some() {
                    break;
                }
                self.pass(condition)?;
                conditions.push(self.diagram.conditions[condition].clone());
                high = next;
            }
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Error::new(format!(
                "the diagram unfolds into rules that nest more than {MAX_DEPTH} deep"
            )));
        }
        let mut rules = self.rules(high)?;
        self.depth -= 1;
        let single = rules.pop_if(|rule| rule.conditions.is_empty());
        let outcome = match single {
            Some(only) if rules.is_empty() => only.outcome,
            last => {
                rules.extend(last);
                Outcome::Tree(rules)
            }
        };
        self.path.truncate(depth);
        Ok(Rule {
            conditions,
            outcome,
        })
    }

    fn known(&self, condition: usize) -> Option<bool> {
        self.diagram.known[condition]
    }

    /// Records a condition of the path. No condition occurs twice, so every path ends.
    fn pass(&mut self, condition: usize) -> Result<()> {
        if self.path.contains(&condition) {
            return Err(Error::new(format!(
                "a path tests condition {condition} twice"
            )));
        }
        self.path.push(condition);
        Ok(())
    }

    fn count(&mut self) -> Result<()> {
        self.count += 1;
        if self.count > MAX_RULES {
            return Err(Error::new(format!(
                "the diagram unfolds into more than {MAX_RULES} rules; use the trait \
                 `{}` if the model has it",
                trait_id::ENDPOINT_RULE_SET
            )));
        }
        Ok(())
    }
}
