//! Sets of characters in words: `letters, digits and -`.

use std::sync::LazyLock;

use regex_syntax::hir::ClassUnicode;

use crate::pattern::characters::{
    any, digits, dot, negated, posix, property, ranges, single, space,
};

/// How many single characters are listed.
const LISTED: usize = 20;

/// The words for one character of a set, and for several.
pub(super) struct Characters {
    pub(super) one: String,
    pub(super) many: String,
}

/// The words for a set; `None` if they would be long.
pub(super) fn describe(class: &ClassUnicode) -> Option<Characters> {
    if *class == any() {
        return Some(plain("a character", "characters"));
    }
    if *class == dot() {
        return Some(plain("a character in one line", "characters in one line"));
    }
    let excluded = negated(class.clone());
    if let Some(excluded) = exclusion(&excluded) {
        return Some(Characters {
            one: format!("a character other than {excluded}"),
            many: format!("characters other than {excluded}"),
        });
    }
    let (mut names, rest) = named(class);
    let listed = listed(&rest)?;
    if !listed.is_empty() {
        names.push((listed.clone(), listed));
    }
    let (ones, many): (Vec<String>, Vec<String>) = names.into_iter().unzip();
    Some(Characters {
        one: match names_follow(&ones) {
            true => join(&ones, "or"),
            false => format!("one of {}", join(&ones, "or")),
        },
        many: join(&many, "and"),
    })
}

fn plain(one: &str, many: &str) -> Characters {
    Characters {
        one: one.to_owned(),
        many: many.to_owned(),
    }
}

/// Whether the first is a name, not a list of characters.
fn names_follow(ones: &[String]) -> bool {
    ones.first().is_some_and(|first| {
        first.contains(' ') && first.starts_with('a') || first == "white space"
    })
}

/// What a set excludes, if that is little.
fn exclusion(excluded: &ClassUnicode) -> Option<String> {
    if property("C").is_ok_and(|other| other == *excluded) {
        return Some("control, format and unassigned characters".to_owned());
    }
    let mut rest = excluded.clone();
    // No characters: those who list what XML allows leave them out. The second pair surrounds the surrogates.
    rest.difference(&ranges(&[
        ('\u{fffe}', '\u{ffff}'),
        ('\u{d7ff}', '\u{e000}'),
    ]));
    let mut names = Vec::new();
    let (all_controls, line_breaks) = (posix_set("cntrl"), negated(dot()));
    let mut controls = ranges(&[('\0', '\u{1f}')]);
    controls.difference(&ranges(&[('\t', '\n'), ('\r', '\r')]));
    for (set, name) in [
        (space(), "white space"),
        (controls, "control characters"),
        (line_breaks, "line breaks"),
    ] {
        let mut fresh = set.clone();
        fresh.intersect(&rest);
        if contains(excluded, &set) && !is_empty(&fresh) {
            names.push(name.to_owned());
            rest.difference(&set);
        }
        if name == "control characters" && names.iter().any(|found| found == name) {
            rest.difference(&all_controls);
            rest.difference(&ranges(&[('\u{80}', '\u{9f}')]));
        }
    }
    let listed = listed(&rest)?;
    if !listed.is_empty() {
        names.push(listed);
    }
    (!names.is_empty()).then(|| join(&names, "and"))
}

/// The names of the parts of a set that have one, for one character and for several, and what is left.
fn named(class: &ClassUnicode) -> (Vec<(String, String)>, ClassUnicode) {
    let mut rest = class.clone();
    let mut names = Vec::new();
    for (set, one, many) in SETS.iter() {
        let mut fresh = set.clone();
        fresh.intersect(&rest);
        let misleads = many.ends_with("hexadecimal digits") && !is_hexadecimal(class, set);
        if !is_empty(&fresh) && contains(class, set) && !misleads {
            rest.difference(set);
            names.push(((*one).to_owned(), (*many).to_owned()));
        }
    }
    (names, rest)
}

/// The sets with a name: for one character and for several. A set comes before its parts.
static SETS: LazyLock<Vec<(ClassUnicode, &str, &str)>> = LazyLock::new(|| {
    let of = |name: &str| property(name).unwrap_or_else(|_| ranges(&[]));
    vec![
        (of("L"), "a letter of any script", "letters of any script"),
        (of("N"), "a number of any script", "numbers of any script"),
        (of("M"), "a mark", "marks"),
        (of("P"), "a punctuation mark", "punctuation marks"),
        (of("S"), "a symbol", "symbols"),
        (posix_set("ascii"), "an ASCII character", "ASCII characters"),
        (
            ranges(&[(' ', '\u{ff}')]),
            "a Latin-1 character",
            "Latin-1 characters",
        ),
        (
            posix_set("print"),
            "a printable ASCII character",
            "printable ASCII characters",
        ),
        (
            posix_set("graph"),
            "an ASCII character other than space",
            "ASCII characters other than space",
        ),
        (
            posix_set("xdigit"),
            "a hexadecimal digit",
            "hexadecimal digits",
        ),
        (
            ranges(&[('0', '9'), ('a', 'f')]),
            "a lowercase hexadecimal digit",
            "lowercase hexadecimal digits",
        ),
        (
            ranges(&[('0', '9'), ('A', 'F')]),
            "an uppercase hexadecimal digit",
            "uppercase hexadecimal digits",
        ),
        (posix_set("alpha"), "a letter", "letters"),
        (
            posix_set("lower"),
            "a lowercase letter",
            "lowercase letters",
        ),
        (
            posix_set("upper"),
            "an uppercase letter",
            "uppercase letters",
        ),
        (digits(), "a digit", "digits"),
        (space(), "white space", "white space"),
        (of("Z"), "a space", "spaces"),
        (single(' '), "a space", "spaces"),
        (single('\t'), "a tab", "tabs"),
        (
            ranges(&[('\n', '\n'), ('\r', '\r')]),
            "a line break",
            "line breaks",
        ),
        (single('\n'), "a line break", "line breaks"),
    ]
});

fn posix_set(name: &str) -> ClassUnicode {
    posix(name).unwrap_or_else(|| ranges(&[]))
}

/// Whether the letters and digits of a class are just hexadecimal digits.
fn is_hexadecimal(class: &ClassUnicode, set: &ClassUnicode) -> bool {
    let mut letters = class.clone();
    letters.intersect(&ranges(&[('0', '9'), ('A', 'Z'), ('a', 'z')]));
    letters == *set
}

fn contains(class: &ClassUnicode, part: &ClassUnicode) -> bool {
    let mut both = class.clone();
    both.intersect(part);
    both == *part
}

fn is_empty(class: &ClassUnicode) -> bool {
    class.ranges().is_empty()
}

/// The single characters of a set, one after the other; `None` if there are many.
fn listed(class: &ClassUnicode) -> Option<String> {
    let mut shown = Vec::new();
    for range in class.ranges() {
        let (first, last) = (range.start(), range.end());
        let is_named = first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric();
        match range.len() {
            length if length > 3 && is_named => shown.push(format!("{first}-{last}")),
            length if length > LISTED => return None,
            _ => shown.extend((first..=last).map(visible)),
        }
    }
    (shown.len() <= LISTED).then(|| shown.join(" "))
}

/// A character as a reader can see it.
fn visible(letter: char) -> String {
    match letter {
        letter if letter.is_ascii_graphic() || letter.is_alphanumeric() => letter.to_string(),
        other => format!("U+{:04X}", u32::from(other)),
    }
}

/// `a, b and c`.
pub(super) fn join(texts: &[String], last: &str) -> String {
    match texts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}
