//! What the program of the rules is asked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The parameters of one evaluation, by their names in the rules.
pub type Parameters = BTreeMap<String, Value>;

/// One evaluation.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Question<'a> {
    /// The service, by the name of its rule set.
    pub service: &'a str,
    /// The parameters.
    pub parameters: &'a Parameters,
}

/// The same, drawn at random.
#[derive(Clone, Debug, Deserialize)]
pub struct Drawn {
    /// The service.
    pub service: String,
    /// The parameters.
    pub parameters: Parameters,
}

impl Drawn {
    /// The question.
    pub fn question(&self) -> Question<'_> {
        Question {
            service: &self.service,
            parameters: &self.parameters,
        }
    }
}
