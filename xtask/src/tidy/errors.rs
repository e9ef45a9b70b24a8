//! The `Debug` of errors: `main` and `unwrap` print it, so people read it.
//!
//! A public error writes its text and its causes with `{:?}` (docs/decisions/0054-errors-and-causes.md). The derived
//! `Debug` would show its fields.

use super::finding::Finding;
use super::sources::Source;

/// Public errors with the derived `Debug`.
pub(super) fn find(sources: &[Source]) -> Vec<Finding> {
    let sources = sources
        .iter()
        .filter(|source| source.is_rust() && !source.is_test() && !source.is_generated());
    sources.flat_map(of_file).collect()
}

fn of_file(source: &Source) -> Vec<Finding> {
    let errors = source.text.lines().filter_map(error_type);
    errors
        .filter(|name| derives_debug(&source.text, name))
        .map(|name| Finding {
            rule: "debug",
            place: format!("{} {name}", source.path),
            measure: 0,
            message: "`{:?}` of an error is its text and its causes, not the derived form"
                .to_owned(),
        })
        .collect()
}

/// The type of `impl Error for Type {`.
fn error_type(line: &str) -> Option<&str> {
    let (traits, name) = line.strip_prefix("impl ")?.split_once(" for ")?;
    let is_error = matches!(traits.rsplit("::").next()?, "Error" | "StdError");
    let name = name.split([' ', '<']).next()?;
    is_error.then_some(name)
}

/// Whether the public type of this name derives `Debug` in its file.
fn derives_debug(text: &str, name: &str) -> bool {
    let mut derived = false;
    for line in text.lines() {
        if line.starts_with("#[") || line.starts_with("//") {
            derived |= line.starts_with("#[derive(") && line.contains("Debug");
            continue;
        }
        let declared = line
            .strip_prefix("pub struct ")
            .or_else(|| line.strip_prefix("pub enum "));
        let declared = declared.and_then(|rest| {
            rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
                .next()
        });
        if declared == Some(name) {
            return derived;
        }
        derived = false;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::sources::made;
    use super::find;

    #[test]
    fn a_public_error_does_not_derive_debug() {
        let derived = "#[derive(Clone, Debug)]\n/// A text.\npub struct Wrong(String);\n\nimpl std::error::Error for Wrong {}\n";
        let written = "#[derive(Clone)]\npub struct Right(String);\nimpl Error for Right {}\n";
        let private = "#[derive(Debug)]\nstruct Inner;\nimpl StdError for Inner {}\n";
        let other = "#[derive(Debug)]\npub enum Value {}\nimpl Display for Value {}\n";
        let found = find(&made(&[
            ("src/a.rs", derived),
            ("src/b.rs", written),
            ("src/c.rs", private),
            ("src/d.rs", other),
        ]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, "src/a.rs Wrong");
    }
}
