//! Patterns: converts ECMAScript patterns to tables, at generation.
//!
//! `smithy.api#pattern` is an ECMAScript 262 pattern that is searched for. The choices for a client were
//!
//! * `regex`: linear time, but about as much to build as a whole client, and another meaning (`\d`, `\w`, `\s`, `.`);
//! * `regex-lite`, `regress`: small, but each compiles patterns when the program runs, and the second backtracks:
//!   `^([0-9]+)+$` takes seconds at 27 characters;
//! * code or a table made here: nothing to build, nothing to compile at run time, one step a byte.
//!
//! So [`ecmascript`] reads the pattern with its own meaning, [`automaton`] makes the smallest deterministic automaton
//! over UTF-8 of it (`regex-automata` does the determinising; only the generator depends on it), and a client contains
//! a table of some hundred bytes. A pattern that needs look-around or a back-reference, or whose automaton would be
//! larger than [`automaton::STATE_LIMIT`], is *not checked*: `generate` and the documentation of the member
//! report it. [`contradiction`] finds patterns that cannot have the intended meaning.
//!
//! Authors write for Java, PCRE and Python as well. ECMAScript without flags reads unknown escapes as plain letters:
//! `\Asnap-[0-9a-f]{8}\z` would require an `A` and a `z`, and refuse AWS's own example. Such a construct therefore has
//! the meaning on which all engines with it agree: `\A`, `\z`, `\Z`, `\Q…\E`, `\x{…}`, `\u{…}`, `\a`, `\e`, octal
//! escapes, POSIX classes, `(?s)`, `(?P<name>…)`, Unicode properties (`\p{…}`, those of Java included). Where they do
//! not agree (`\h`, `&&`, classes in classes, `[]…]`, `{,5}`, slashes around all), or where an automaton cannot express
//! it (possessive quantifiers, atomic groups, flags), the pattern is not checked, with its name as the reason. With the
//! patterns of botocore 1.44.8 read so, of 2,053 values in its examples none is refused for such a construct.

pub mod automaton;
mod characters;
mod class;
pub mod contradiction;
mod cursor;
pub mod ecmascript;
mod escape;
mod partition;
pub mod sample;
pub mod words;

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
    fn what_others_agree_on_has_their_meaning_and_not_that_of_letters() {
        for (pattern, accepted, refused) in [
            (
                r"\Asnap-([0-9a-f]{8})\z",
                "snap-1122aabb",
                "Asnap-1122aabbz",
            ),
            (r"^(?:\A[a-z]+\Z)$", "abc", "ab1"),
            (r"\A[a-z]+\Z", "abc\n", "abc\n\n"),
            (r"^[[:alpha:]]$", "x", "1"),
            (r"^[[:^digit:][:punct:]]$", "!", "7"),
            (r"^[\x{22}a]$", "\"", "x"),
            (r"^\x{1F600}$", "😀", "x"),
            (r"^\u{1F600}$", "😀", "u"),
            (r"^\u{12}$", "\u{12}", "uuuuuuuuuuuu"),
            (r"^\Qa.b*\E+$", "a.b***", "axb*"),
            (r"^\pL\PL$", "x1", "pL"),
            (r"^[\p{Punct}]$", "$", "a"),
            (r"^\p{XDigit}\p{Print}\p{LD}$", "F x", "Gxx"),
            (r"^[\000-\037]$", "\u{1f}", "0"),
            (r"^(?:(?s).+)$", "a\nb", ""),
            (r"^((?s).).$", "\nx", "x\n"),
            (r"^(?s:.).$", "\nx", "x\n"),
            (r"^(?P<name>a)\a\e$", "a\u{7}\u{1b}", "aae"),
            // What only looks so, and is ECMAScript.
            (r"^[^[]$", "]", "["),
            (r"^[a&b]$", "&", "|"),
            (r"^[[:alpha]$", ":", "z"),
            (r"^/[a-z]+$", "/a", "a"),
        ] {
            assert!(matches(pattern, accepted), "{pattern} on {accepted:?}");
            assert!(!matches(pattern, refused), "{pattern} on {refused:?}");
        }
    }

    /// Letters that ECMAScript gives no meaning are not checked, whichever they are: none becomes the letter silently.
    #[test]
    fn no_letter_behind_a_backslash_means_itself() {
        for letter in ('A'..='Z').chain('a'..='z') {
            let pattern = format!("^\\{letter}$");
            if let Ok(compiled) = compile(&pattern) {
                assert!(
                    !compiled.is_match(&letter.to_string()) || "wSD".contains(letter),
                    "{pattern}"
                );
            }
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
            ("[a-z&&[^b]]", "class in a class"),
            ("[a-z&&b]", "intersection"),
            ("[a-z[A-Z]]", "class in a class"),
            ("[[.a.]b]", "class in a class"),
            ("[]a]", "begins with `]`"),
            ("[^]]", "begins with `]`"),
            ("[:alpha:]+", "outside of a class"),
            ("[[:letters:]]", "unknown class"),
            (r"\h", r"`\h`"),
            (r"[\R]", r"`\R`"),
            (r"\G\w", r"`\G`"),
            (r"\Kx", r"`\K`"),
            (r"\x{110000}", "no character"),
            (r"\x4", r"`\x`"),
            (r"\0377", "octal"),
            ("(?i)abc", "flags"),
            ("(?-s:abc)", "flags"),
            ("(?>ab)c", "atomic"),
            ("a++b", "possessive"),
            ("a{2}+", "possessive"),
            ("a?+", "possessive"),
            ("a{,2}", "some engines read as a quantifier"),
            ("a{1, 2}", "some engines read as a quantifier"),
            ("^(?:/[a-z]+/)$", "slashes"),
            ("/[a-z]+/i", "slashes"),
        ] {
            let error = compile(pattern).expect_err(pattern);
            assert!(error.contains(reason), "{pattern}: {error}");
        }
    }
}
