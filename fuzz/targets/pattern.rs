//! Patterns: a pattern compiles or is refused with a reason, and means what an ECMAScript engine takes it for.
//!
//! The first line is the pattern, the rest a text.

#![no_main]

use attache_codegen::pattern::{self, automaton, contradiction};
use libfuzzer_sys::fuzz_target;
use regress::{Flags, Regex};

/// Above these the engine may take long: it goes back.
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
            "the state that matches whatever follows"
        );
    }
    let _ = contradiction::find(pattern, &compiled, None);
    if pattern.len() > PATTERN_LIMIT || text.len() > TEXT_LIMIT || !is_comparable(pattern) {
        return;
    }
    // With `u`, the engine counts characters and not halves of them, as a service does.
    let flags = Flags {
        unicode: true,
        ..Flags::default()
    };
    let Ok(engine) = Regex::with_flags(pattern, flags) else {
        return;
    };
    assert_eq!(ours, engine.find(text).is_some(), "{pattern:?} on {text:?}");
});

/// Whether both mean the same by definition. Repetitions of repetitions take the engine long, and `\u{` is a code point for
/// it, where without `u` it is the letter and a brace.
fn is_comparable(pattern: &str) -> bool {
    if pattern.contains("\\u{") {
        return false;
    }
    let repetitions = pattern.matches(['*', '+', '{', '?']).count();
    repetitions <= 4
}
