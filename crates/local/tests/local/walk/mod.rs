//! Every operation once, in an order in which they make sense.

mod security_ir;
mod support;

use std::collections::BTreeSet;

use crate::stage::Stage;

/// The operations that nobody has called with success.
fn missing<'a>(stage: &Stage, names: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let requests = stage.local.requests();
    names
        .filter(|name| {
            !requests.iter().any(|request| {
                request.operation == *name
                    && request
                        .status
                        .is_some_and(|status| (200..300).contains(&status))
            })
        })
        .collect()
}
