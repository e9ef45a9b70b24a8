//! Patterns: from ECMAScript to a table that a client can walk, at generation.
//!
//! `smithy.api#pattern` is an ECMAScript 262 pattern that is searched for. The choices for a client were
//!
//! * `regex`: linear time, but about as much to build as a whole client, and another meaning (`\d`, `\w`, `\s`, `.`);
//! * `regex-lite`, `regress`: small, but each compiles patterns when the program runs, and the second backtracks:
//!   `^([0-9]+)+$` takes seconds at 27 characters;
//! * code or a table made here: nothing to build, nothing to compile at run time, one step a byte.
//!
//! So [`ecmascript`] reads the pattern with its own meaning, [`automaton`] makes the smallest deterministic automaton
//! over UTF-8 of it (`regex-automata` does the determinising; only the generator depends on it), and a client holds a
//! table of some hundred bytes. A pattern that needs look-around or a back-reference, or whose automaton would be
//! larger than [`automaton::STATE_LIMIT`], is *not checked*: `generate` says so, and so does the documentation of the
//! member. [`contradiction`] finds patterns that cannot mean what their author meant.
//!
//! One deviation from ECMAScript without flags is on purpose, because Smithy's own implementation and every AWS model
//! with them mean it: `\p{…}` is a Unicode property.

pub mod automaton;
pub mod contradiction;
pub mod ecmascript;
mod partition;

pub use automaton::Automaton;

/// The longest pattern that is compiled. Those of AWS have 3,000 bytes at most.
const LENGTH_LIMIT: usize = 20_000;

/// Compiles a pattern.
///
/// # Errors
/// Why it cannot be checked, in words.
pub fn compile(pattern: &str) -> Result<Automaton, String> {
    if pattern.len() > LENGTH_LIMIT {
        return Err(format!("it is longer than {LENGTH_LIMIT} bytes"));
    }
    automaton::build(&ecmascript::parse(pattern)?)
}

#[cfg(test)]
mod tests {
    use super::compile;

    fn matches(pattern: &str, text: &str) -> bool {
        compile(pattern)
            .unwrap_or_else(|reason| panic!("{pattern}: {reason}"))
            .is_match(text)
    }

    #[test]
    fn patterns_have_their_ecmascript_meaning() {
        for (pattern, text, expected) in [
            ("b", "abc", true),
            ("^b", "abc", false),
            ("^a|c$", "axx", true),
            ("^a|c$", "xc", true),
            ("^a|c$", "xcx", false),
            (r"^\d+$", "٣", false),
            (r"^\w+$", "é", false),
            (r"^\s$", "\u{feff}", true),
            (r"^\s$", "\u{85}", false),
            ("^.$", "\u{2028}", false),
            ("^.$", "\r", false),
            ("^.$", "\u{85}", true),
            ("^.$", "👍", true),
            (r"^[\s\S]{2}$", "\n👍", true),
            ("^[^]$", "\n", true),
            ("[]", "", false),
            (r"\bfoo\b", "a foo b", true),
            (r"\bfoo\b", "afoo b", false),
            (r"^a\b-", "a-", true),
            (r"^a\b.", "ab", false),
            ("^a{2,3}$", "aaaa", false),
            ("^a{2,}$", "aaaa", true),
            ("^a{$", "a{", true),
            ("^a{,2}$", "a{,2}", true),
            ("^]$", "]", true),
            (r"^[\w-]+$", "a-b", true),
            ("^[ -.]$", "%", true),
            (r"^\x41\u0042\cJ$", "AB\n", true),
            (r"^[\b]$", "\u{8}", true),
            (r"^(?:a|b)(?<name>c)$", "bc", true),
            (r"^\p{L}+$", "é", true),
            (r"^[\p{L}\p{N}_.:/=+\-@]*$", "ü1-", true),
            ("^([0-9]+)+$", "000000000000000000000000000!", false),
            ("", "", true),
            ("a*", "xyz", true),
            ("$", "abc", true),
            ("^$", "a", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text:?}");
        }
    }

    #[test]
    fn what_cannot_be_checked_has_a_reason() {
        for (pattern, reason) in [
            ("(?=a)", "look-around"),
            ("(?<!a)b", "look-around"),
            (r"(a)\1", "back-reference"),
            ("a**", "nothing to repeat"),
            ("(a", "not closed"),
            ("[a", "not closed"),
            ("a)", "not opened"),
            ("[z-a]", "out of order"),
            ("a{3,2}", "out of order"),
            (r"\", "ends in a backslash"),
            (r"\p{Nonsense}", "Unicode property"),
            ("[a-z].{0,60}x.{0,60}y", "states"),
        ] {
            let error = compile(pattern).expect_err(pattern);
            assert!(error.contains(reason), "{pattern}: {error}");
        }
    }
}
