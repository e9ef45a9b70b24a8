//! Recorded bodies as values.

use std::fmt;

use crate::plumbing::causes;
use crate::plumbing::json::{self, FromJson, Reader};
use crate::plumbing::safe_line::safe_line;

/// Reads a value from JSON that the service sent or serde wrote, and refuses members that the model lacks. A client
/// ignores such members, and so does serde.
///
/// It is for any structure or union of a client crate with the feature `serde`, such as the response of a recorded body.
/// The body is read as in a call. Members that the service sends elsewhere, such as in headers, are read by
/// their names in the model.
///
/// A union's unknown member counts as unknown. An enum's unknown value does not: look for `Unknown` in the value.
/// `__type`, which is part of the protocols, never counts.
///
/// ```text
/// use attache_security_ir::operation::GetCaseResponse;
/// use attache_security_ir::runtime::test::from_json_deny_unknown;
///
/// let case: GetCaseResponse = from_json_deny_unknown(include_str!("get-case.json"))?;
/// ```
///
/// # Errors
/// When the text is not JSON of the type's form, with the place in the text; when it has unknown members, with the paths
/// of all of them.
#[cfg_attr(docsrs, doc(cfg(feature = "serde")))]
pub fn from_json_deny_unknown<T: FromJson>(text: impl AsRef<[u8]>) -> Result<T, FixtureError> {
    let read = || -> json::Result<(T, Vec<String>)> {
        let reader = Reader::new(text.as_ref())?;
        let mut reader = reader.by_member_names().noting_unknown();
        let value = json::whole(&mut reader)?;
        Ok((value, reader.unknown().to_vec()))
    };
    match read() {
        Ok((value, unknown)) if unknown.is_empty() => Ok(value),
        Ok((_, unknown)) => Err(FixtureError(Cause::Unknown(unknown))),
        Err(error) => Err(FixtureError(Cause::Form(error))),
    }
}

/// Why a text is not the JSON of a type, without members that the model lacks.
#[cfg_attr(docsrs, doc(cfg(feature = "serde")))]
pub struct FixtureError(Cause);

enum Cause {
    Form(json::Error),
    Unknown(Vec<String>),
}

impl FixtureError {
    /// The paths of the unknown members, as JSON Pointers (RFC 6901) such as `/watchers/0/fax`, in the order of the text;
    /// empty if the text does not have the form of the type.
    pub fn unknown_members(&self) -> &[String] {
        match &self.0 {
            Cause::Form(_) => &[],
            Cause::Unknown(paths) => paths,
        }
    }
}

impl fmt::Display for FixtureError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cause::Unknown(paths) = &self.0 else {
            let message = "the text does not have the form of the type";
            return causes::display(formatter, message, std::error::Error::source(self));
        };
        formatter.write_str("the model lacks members of the text:")?;
        for (index, path) in paths.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(formatter, "{comma} {}", safe_line(path))?;
        }
        Ok(())
    }
}

impl fmt::Debug for FixtureError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            let mut structure = formatter.debug_struct("FixtureError");
            match &self.0 {
                Cause::Form(error) => structure.field("form", error),
                Cause::Unknown(paths) => structure.field("unknown_members", paths),
            }
            .finish()
        })
    }
}

impl std::error::Error for FixtureError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Cause::Form(error) => Some(error),
            Cause::Unknown(_) => None,
        }
    }
}
