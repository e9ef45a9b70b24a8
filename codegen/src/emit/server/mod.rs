//! The server half of a service: its types, a trait with a function for each operation, and the code between the trait
//! and HTTP messages.
//!
//! It is written by the same functions as the client, from [the other end](crate::plan::server_view) of the
//! representation, so they always agree. It is part of another crate, whose module `wire` has the functions that it
//! calls: messages, refusals, and the order of reading, validating and executing.

mod error;
mod error_facts;
mod message;
mod operation;
mod route;
mod service;

use super::source_file::source_file;
use super::{File, SourceFile, enumeration, pattern, types_file};
use crate::error::Result;
use crate::escape;
use crate::plan::Plan;

/// Writes the modules of a server of a plan, which must be for [that end](crate::plan::End::Server).
///
/// `header` is the first line of every file, a comment. Paths are relative to the folder of the modules.
///
/// # Errors
/// Features that servers do not support: streams in requests and responses, and host labels.
pub fn server_modules(plan: &Plan<'_>, header: &str) -> Result<Vec<File>> {
    let header = &*escape::line(header);
    let rust_file =
        |path: &str, write: &dyn Fn() -> Result<SourceFile>| source_file(plan, path, header, write);
    let mut files = vec![
        rust_file("mod.rs", &|| Ok(service::module_file(plan)?.into()))?,
        rust_file("enums.rs", &|| Ok(enumeration::enums_file(plan)))?,
        rust_file("error.rs", &|| error::error_file(plan))?,
        rust_file("operation/mod.rs", &|| {
            Ok(operation::module_file(plan).into())
        })?,
        rust_file("types.rs", &|| types_file(plan))?,
    ];
    for index in 0..plan.operations.len() {
        let path = format!("operation/{}.rs", plan.operations[index].module());
        files.push(rust_file(&path, &|| {
            operation::operation_file(plan, index)
        })?);
    }
    if let Some(tables) = pattern::pattern_file(plan) {
        files.push(rust_file("pattern.rs", &|| Ok(tables.clone().into()))?);
    }
    files.sort_by(|one, two| one.path.cmp(&two.path));
    Ok(files)
}
