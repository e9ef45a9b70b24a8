//! Limits of rule sets: every rule may read every parameter, and becomes code.

use super::rules::{Outcome, Rule, RuleSet};
use crate::error::{Error, Result};

/// The most parameters, each of which every rule may read. Those of AWS have 20.
const MAX_PARAMETERS: usize = 100;

/// The most rules and conditions. Those of AWS have 3,000.
const MAX_RULES: usize = 10_000;

/// Checks the size of a rule set.
///
/// # Errors
/// The count that exceeds its limit.
pub(super) fn validate(rule_set: &RuleSet) -> Result<()> {
    for (what, count, most) in [
        ("parameters", rule_set.parameters.len(), MAX_PARAMETERS),
        ("rules and conditions", size(&rule_set.rules), MAX_RULES),
    ] {
        if count > most {
            return Err(Error::new(format!(
                "there are {count} {what}, and {most} at most can be generated"
            )));
        }
    }
    Ok(())
}

/// The number of rules and conditions, including nested ones.
fn size(rules: &[Rule]) -> usize {
    let size_of = |rule: &Rule| match &rule.outcome {
        Outcome::Tree(rules) => size(rules),
        _ => 0,
    };
    let sizes = rules
        .iter()
        .map(|rule| 1 + rule.conditions.len() + size_of(rule));
    sizes.sum()
}
