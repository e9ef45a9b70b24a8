//! Checks of faults: an operation that no service has and a code that no model names would have no effect, so a test
//! with a misspelt name would pass.

use super::{Effect, Fault, FaultError};
use crate::api::{security_ir, support};
use crate::file_operations;

/// The names and the modelled error codes of all operations of both services.
fn operations() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    let support = support::Operation::ALL.iter();
    let security_ir = security_ir::Operation::ALL.iter();
    let support = support.map(|operation| (operation.name(), operation.errors()));
    support.chain(security_ir.map(|operation| (operation.name(), operation.errors())))
}

impl Fault {
    /// Checks that the fault can apply to a request.
    ///
    /// # Errors
    /// An operation that does not exist, and a refusal that cannot be sent.
    pub(crate) fn check(&self) -> Result<(), FaultError> {
        if let Some(name) = &self.operation
            && !operations().any(|(known, _)| known == name)
            && !file_operations::ALL.contains(&name.as_str())
        {
            return Err(FaultError(format!(
                "the operation `{name}` of a fault does not exist: give one of AWS Support or Security IR as the model \
             writes it, such as CreateCase, or one of {}",
                file_operations::ALL.join(", ")
            )));
        }
        let Effect::Refuse { code, status, .. } = &self.effect else {
            return Ok(());
        };
        let is_code = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
        if code.is_empty() || !code.bytes().all(is_code) {
            return Err(FaultError(format!(
                "`{code}` is no error code: one has letters, digits, `_` and `.`"
            )));
        }
        match status {
            Some(400..600) => Ok(()),
            Some(status) => Err(FaultError(format!(
                "the status of a refusal must be from 400 to 599, not {status}"
            ))),
            None => check_code(code, self.operation.as_deref()),
        }
    }
}

/// The status of a code comes from the model, so one of its operations must have the code.
fn check_code(code: &str, operation: Option<&str>) -> Result<(), FaultError> {
    let mut codes: Vec<&str> = operations()
        .filter(|(name, _)| operation.is_none_or(|wanted| wanted == *name))
        .flat_map(|(_, codes)| codes)
        .copied()
        .collect();
    if codes.contains(&code) {
        return Ok(());
    }
    codes.sort_unstable();
    codes.dedup();
    let of = operation.map_or_else(
        || "of an operation".to_owned(),
        |operation| format!("of `{operation}`"),
    );
    let known = match codes.is_empty() {
        true => "it has no codes".to_owned(),
        false => format!("the modelled codes are {}", codes.join(", ")),
    };
    Err(FaultError(format!(
        "no model has an error `{code}` {of}; {known}. Give a status to send any other code"
    )))
}
