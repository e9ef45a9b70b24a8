//! Sets of characters: those of ECMAScript's escapes, of POSIX classes, and of Unicode properties.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

pub(super) fn single(letter: char) -> ClassUnicode {
    ranges(&[(letter, letter)])
}

/// The one character of a class with one.
pub(super) fn only(class: &ClassUnicode) -> Option<char> {
    match class.ranges() {
        [range] if range.start() == range.end() => Some(range.start()),
        _ => None,
    }
}

pub(super) fn ranges(ranges: &[(char, char)]) -> ClassUnicode {
    ClassUnicode::new(
        ranges
            .iter()
            .map(|(first, last)| ClassUnicodeRange::new(*first, *last)),
    )
}

pub(super) fn negated(mut class: ClassUnicode) -> ClassUnicode {
    class.negate();
    class
}

pub(super) fn digits() -> ClassUnicode {
    ranges(&[('0', '9')])
}

pub(super) fn word() -> ClassUnicode {
    ranges(&[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')])
}

/// `WhiteSpace` and `LineTerminator`.
pub(super) fn space() -> ClassUnicode {
    ranges(&[
        ('\t', '\r'),
        (' ', ' '),
        ('\u{a0}', '\u{a0}'),
        ('\u{1680}', '\u{1680}'),
        ('\u{2000}', '\u{200a}'),
        ('\u{2028}', '\u{2029}'),
        ('\u{202f}', '\u{202f}'),
        ('\u{205f}', '\u{205f}'),
        ('\u{3000}', '\u{3000}'),
        ('\u{feff}', '\u{feff}'),
    ])
}

/// Everything but `LineTerminator`.
pub(super) fn dot() -> ClassUnicode {
    negated(ranges(&[
        ('\n', '\n'),
        ('\r', '\r'),
        ('\u{2028}', '\u{2029}'),
    ]))
}

pub(super) fn any() -> ClassUnicode {
    ranges(&[('\0', char::MAX)])
}

/// The POSIX class of a name (`[[:alpha:]]`), in ASCII.
pub(super) fn posix(name: &str) -> Option<ClassUnicode> {
    Some(match name {
        "alnum" => ranges(&[('0', '9'), ('A', 'Z'), ('a', 'z')]),
        "alpha" => ranges(&[('A', 'Z'), ('a', 'z')]),
        "ascii" => ranges(&[('\0', '\x7f')]),
        "blank" => ranges(&[('\t', '\t'), (' ', ' ')]),
        "cntrl" => ranges(&[('\0', '\x1f'), ('\x7f', '\x7f')]),
        "digit" => digits(),
        "graph" => ranges(&[('!', '~')]),
        "lower" => ranges(&[('a', 'z')]),
        "print" => ranges(&[(' ', '~')]),
        "punct" => ranges(&[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')]),
        "space" => ranges(&[('\t', '\r'), (' ', ' ')]),
        "upper" => ranges(&[('A', 'Z')]),
        "word" => word(),
        "xdigit" => ranges(&[('0', '9'), ('A', 'F'), ('a', 'f')]),
        _ => return None,
    })
}

/// The Unicode property of a name. Names that only Java has mean what its class `Pattern` documents; `Alpha`, `Lower`
/// and `Upper` are names of Unicode, too, and mean that.
pub(super) fn property(name: &str) -> Result<ClassUnicode, String> {
    let java = match name {
        "all" => Some(any()),
        "LD" => Some(parsed("[\\p{L}\\p{Nd}]", name)?),
        "Alnum" | "Blank" | "Cntrl" | "Digit" | "Graph" | "Print" | "Punct" | "Space"
        | "XDigit" => posix(&name.to_ascii_lowercase()),
        _ => None,
    };
    match java {
        Some(class) => Ok(class),
        None => {
            let bare = name.strip_prefix("Is").unwrap_or(name);
            parsed(&format!("\\p{{{bare}}}"), name)
        }
    }
}

fn parsed(text: &str, name: &str) -> Result<ClassUnicode, String> {
    let unknown = || format!("it names the unknown Unicode property `{name}`");
    let hir = regex_syntax::parse(text).map_err(|_| unknown())?;
    match hir.into_kind() {
        HirKind::Class(Class::Unicode(class)) => Ok(class),
        _ => Err(unknown()),
    }
}
