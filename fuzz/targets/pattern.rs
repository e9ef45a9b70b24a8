//! Patterns: a pattern compiles or is refused with a reason, and matches the same texts as an ECMAScript engine.
//!
//! The first line is the pattern, the rest a text.

#![no_main]

use attache_codegen::pattern::{self, automaton, contradiction};
use libfuzzer_sys::fuzz_target;
use regress::{Flags, Regex};

/// Longer inputs are skipped, because the engine backtracks.
const PATTERN_LIMIT: usize = 48;
const TEXT_LIMIT: usize = 12;

fuzz_target!(|input: &str| {
    let (pattern, text) = input.split_once('\n').unwrap_or((input, ""));
    let compiled = match pattern::compile(pattern) {
        Ok(compiled) => compiled,
        Err(reason) => return assert!(!reason.is_empty(), "a refusal says why"),
    };
    assert!(compiled.states() <= automaton::STATE_LIMIT);
    assert_eq!(
        compiled.transitions.len(),
        compiled.states() * compiled.width
    );
    let ours = compiled.is_match(text);
    if let Some(state) = compiled.matched {
        assert!(
            compiled.accepts(state),
            "the state that matches any continuation"
        );
    }
    let _ = contradiction::find(pattern, &compiled, None);
    if pattern.len() > PATTERN_LIMIT || text.len() > TEXT_LIMIT || !is_comparable(pattern) {
        return;
    }
    // With the flag `u`, the engine counts code points and not surrogates, as services do.
    let flags = Flags {
        unicode: true,
        ..Flags::default()
    };
    let Ok(engine) = Regex::with_flags(pattern, flags) else {
        return;
    };
    assert_eq!(ours, engine.find(text).is_some(), "{pattern:?} on {text:?}");
});

/// Whether both engines are defined to agree. Nested repetitions take the other engine long, and it reads `\u{` as a
/// code point, which without the flag `u` is a letter and a brace.
fn is_comparable(pattern: &str) -> bool {
    if pattern.contains("\\u{") {
        return false;
    }
    let repetitions = pattern.matches(['*', '+', '{', '?']).count();
    repetitions <= 4
}
