//! How errors are displayed with their causes.
//!
//! All errors of attache follow one rule, which `docs/decisions/0054-errors-and-causes.md` describes:
//!
//! | format | what |
//! |---|---|
//! | `{}` | this error, without its cause |
//! | `{:#}` | this error and all of its causes, in one line |
//! | `{:?}` | this error and all of its causes, one per line: what `main` and `unwrap` print |
//! | `{:#?}` | the fields, for programmers |
//!
//! A reporter such as `anyhow` prints `{}` of each error of the chain, so no cause appears twice. The causes come from
//! any library; [`safe_causes`] replaces those that must not be printed.

use std::error::Error;
use std::fmt;

use super::safe_line::safe_line;
use crate::body::BoxError;
use crate::formatting::write;

/// The text between an error and its cause if each has a line.
const CAUSED_BY: &str = "\n  caused by: ";

/// The implementation of `Display` for an error with a cause: `message` alone, or for `{:#}` with all causes.
///
/// # Errors
/// Those of the formatter.
#[inline(never)]
pub fn display(
    formatter: &mut fmt::Formatter<'_>,
    message: impl fmt::Display,
    source: Option<&(dyn Error + 'static)>,
) -> fmt::Result {
    display_any(formatter, &message, source)
}

/// [`display`], compiled once.
fn display_any(
    formatter: &mut fmt::Formatter<'_>,
    message: &dyn fmt::Display,
    source: Option<&(dyn Error + 'static)>,
) -> fmt::Result {
    write!(formatter, "{message}")?;
    if formatter.alternate() {
        for cause in causes(source) {
            write!(formatter, ": {cause}")?;
        }
    }
    Ok(())
}

/// The implementation of `Debug` for an error: its text and one line for each of its causes. For `{:#?}` it is what
/// `structure` writes.
///
/// # Errors
/// Those of the formatter.
pub fn debug(
    formatter: &mut fmt::Formatter<'_>,
    error: &(dyn Error + 'static),
    structure: impl FnOnce(&mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    if formatter.alternate() {
        return structure(formatter);
    }
    debug_lines(formatter, error)
}

/// An error and its causes, each in a line. Compiled once.
#[inline(never)]
fn debug_lines(formatter: &mut fmt::Formatter<'_>, error: &(dyn Error + 'static)) -> fmt::Result {
    write!(formatter, "{error}")?;
    debug_causes(formatter, causes(error.source()))
}

/// Writes a line for each of the causes.
///
/// # Errors
/// Those of the formatter.
pub(crate) fn debug_causes(
    formatter: &mut fmt::Formatter<'_>,
    causes: impl IntoIterator<Item: fmt::Display>,
) -> fmt::Result {
    for cause in causes {
        write!(formatter, "{CAUSED_BY}{cause}")?;
    }
    Ok(())
}

/// An error and all of its causes.
pub fn causes<'a>(
    source: Option<&'a (dyn Error + 'static)>,
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(source, |error| (*error).source())
}

/// The error itself if it and its causes can be printed: each is one [safe line](safe_line), and none repeats its own
/// cause. Otherwise an error with the same texts as safe lines, without repetitions.
///
/// The result can be given out as `source()`: a reporter prints it as it is, and it can be downcast unless it was
/// replaced.
pub fn safe_causes(error: impl Into<BoxError>) -> BoxError {
    with_safe_causes(error.into())
}

/// [`safe_causes`], compiled once.
fn with_safe_causes(error: BoxError) -> BoxError {
    let mut shown: Vec<String> = Vec::new();
    // Whether all of them can be printed, and none repeats its cause.
    let mut is_safe = true;
    for cause in causes(Some(&*error)) {
        let text = cause.to_string();
        let line = safe_line(&text).to_string();
        is_safe &= line == text && shown.last().is_none_or(|outer| !outer.ends_with(&line));
        shown.push(line);
    }
    if is_safe {
        return error;
    }
    let mut cause: Option<Box<Shown>> = None;
    while let Some(text) = shown.pop() {
        match &mut cause {
            // The library prints its cause itself.
            Some(next) if text.ends_with(&next.text) => next.text = text,
            _ => {
                cause = Some(Box::new(Shown {
                    text,
                    cause: cause.take(),
                }));
            }
        }
    }
    match cause {
        Some(cause) => cause,
        None => error,
    }
}

/// The text of an error that is not safe to show as it is.
struct Shown {
    text: String,
    cause: Option<Box<Self>>,
}

impl fmt::Display for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        display(formatter, &self.text, self.source())
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(formatter, self, |formatter| {
            formatter
                .debug_struct("Error")
                .field("text", &self.text)
                .field("cause", &self.cause)
                .finish()
        })
    }
}

impl Error for Shown {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let cause = self.cause.as_deref()?;
        Some(cause)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::io;

    use super::{causes, safe_causes};
    use crate::body::BoxError;

    /// An error with a cause.
    #[derive(Debug)]
    struct Outer(&'static str, BoxError);

    impl fmt::Display for Outer {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str(self.0)
        }
    }

    impl std::error::Error for Outer {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&*self.1)
        }
    }

    fn texts(error: &BoxError) -> Vec<String> {
        causes(Some(&**error)).map(ToString::to_string).collect()
    }

    #[test]
    fn an_error_that_can_be_printed_is_kept() {
        let error = safe_causes(Outer("outer", io::Error::other("inner").into()));
        assert!(error.is::<Outer>());
        assert_eq!(texts(&error), ["outer", "inner"]);
    }

    #[test]
    fn an_unsafe_text_at_any_depth_is_replaced() {
        let inner = io::Error::other("https://example.com/key?X-Amz-Signature=5f2c9d\n");
        let error = safe_causes(Outer("outer", Outer("middle", inner.into()).into()));
        assert_eq!(
            texts(&error),
            ["outer", "middle", "https://example.com/key?…\\n"]
        );
        assert_eq!(
            format!("{error:#}"),
            "outer: middle: https://example.com/key?…\\n"
        );
        assert_eq!(
            format!("{error:?}"),
            "outer\n  caused by: middle\n  caused by: https://example.com/key?…\\n"
        );
        assert!(!format!("{error:#?}").contains("5f2c9d"));
    }

    #[test]
    fn an_error_that_repeats_its_cause_is_one_level() {
        let error = safe_causes(Outer(
            "outer: middle: inner",
            Outer("middle: inner", io::Error::other("inner").into()).into(),
        ));
        assert_eq!(texts(&error), ["outer: middle: inner"]);
        let error = safe_causes(Outer(
            "outer",
            Outer("middle: inner", io::Error::other("inner").into()).into(),
        ));
        assert_eq!(texts(&error), ["outer", "middle: inner"]);
    }
}
