//! Classes in brackets.

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::characters::{negated, only, posix, single};
use super::cursor::Cursor;
use super::escape::class_escape;

/// A class in brackets, behind its `[`.
pub(super) fn class(cursor: &mut Cursor<'_>) -> Result<ClassUnicode, String> {
    refuse_ambiguous(*cursor)?;
    let is_negated = cursor.eat("^");
    let mut members = ClassUnicode::empty();
    loop {
        let Some(next) = cursor.peek() else {
            return Err("it has a `[` that is not closed".to_owned());
        };
        if next == ']' {
            cursor.next();
            break;
        }
        if let Some(class) = posix_class(cursor)? {
            members.union(&class);
            continue;
        }
        let first = atom(cursor)?;
        let is_range = cursor.starts_with("-") && !cursor.starts_with("-]");
        if !is_range {
            members.union(&first);
            continue;
        }
        cursor.next();
        let last = atom(cursor)?;
        match (only(&first), only(&last)) {
            (Some(first), Some(last)) if first <= last => {
                members.push(ClassUnicodeRange::new(first, last));
            }
            (Some(_), Some(_)) => return Err("a range of a class is out of order".to_owned()),
            // Annex B: a class on either side makes the hyphen a literal.
            _ => {
                members.union(&first);
                members.union(&last);
                members.union(&single('-'));
            }
        }
    }
    if is_negated {
        members.negate();
    }
    Ok(members)
}

fn atom(cursor: &mut Cursor<'_>) -> Result<ClassUnicode, String> {
    match cursor.next() {
        Some('\\') if cursor.eat("b") => Ok(single('\u{8}')),
        Some('\\') => class_escape(cursor),
        Some(literal) => Ok(single(literal)),
        None => Err("it has a `[` that is not closed".to_owned()),
    }
}

/// `[:alpha:]` or `[:^alpha:]`.
fn posix_class(cursor: &mut Cursor<'_>) -> Result<Option<ClassUnicode>, String> {
    let mut after = *cursor;
    let Some((is_negated, name)) = after.eat("[").then(|| posix_name(&mut after)).flatten() else {
        return Ok(None);
    };
    let class = posix(name).ok_or_else(|| format!("it names the unknown class `[:{name}:]`"))?;
    *cursor = after;
    Ok(Some(if is_negated { negated(class) } else { class }))
}

/// `:alpha:]`: whether the class is negated, and its name.
fn posix_name<'a>(cursor: &mut Cursor<'a>) -> Option<(bool, &'a str)> {
    if !cursor.eat(":") {
        return None;
    }
    let is_negated = cursor.eat("^");
    let name = cursor.letters();
    (!name.is_empty() && cursor.eat(":]")).then_some((is_negated, name))
}

/// Refuses constructs that ECMAScript without flags reads as single characters, and other engines differently: an
/// intersection, a class that begins with its `]`, the name of a POSIX class without the brackets of a class around it.
fn refuse_ambiguous(mut cursor: Cursor<'_>) -> Result<(), String> {
    if posix_name(&mut { cursor }).is_some_and(|(_, name)| posix(name).is_some()) {
        return Err("it has the name of a POSIX class outside of a class".to_owned());
    }
    cursor.eat("^");
    if cursor.eat("]") {
        return match skip_class(&mut cursor) {
            true => Err("it has a class that begins with `]`".to_owned()),
            false => Ok(()),
        };
    }
    while let Some(next) = cursor.next() {
        match next {
            ']' => break,
            '\\' => {
                cursor.next();
            }
            '&' if cursor.starts_with("&") => {
                return Err("it has an intersection of classes (`&&`)".to_owned());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Goes behind the next `]`.
fn skip_class(cursor: &mut Cursor<'_>) -> bool {
    while let Some(next) = cursor.next() {
        match next {
            ']' => return true,
            '\\' => {
                cursor.next();
            }
            _ => {}
        }
    }
    false
}

/// Whether a pattern can be read as one with classes in classes, as Java reads it: each bracket has its other one then.
pub(super) fn has_nested_classes(pattern: &str) -> bool {
    let mut cursor = Cursor::new(pattern);
    let (mut depth, mut is_nested) = (0_usize, false);
    while let Some(next) = cursor.next() {
        match next {
            '\\' => {
                cursor.next();
            }
            '[' if depth > 0 && posix_name(&mut { cursor }).is_some() => {
                posix_name(&mut cursor);
            }
            '[' => {
                depth += 1;
                is_nested |= depth > 1;
            }
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    is_nested && depth == 0
}
