//! Escapes: the characters after a backslash.

use regex_syntax::hir::ClassUnicode;

use super::characters::{digits, negated, property, single, space, word};
use super::cursor::Cursor;

/// What follows a backslash, inside and outside of classes.
pub(super) fn class_escape(cursor: &mut Cursor<'_>) -> Result<ClassUnicode, String> {
    let Some(next) = cursor.next() else {
        return Err("it ends in a backslash".to_owned());
    };
    Ok(match next {
        'd' => digits(),
        'D' => negated(digits()),
        'w' => word(),
        'W' => negated(word()),
        's' => space(),
        'S' => negated(space()),
        'p' => unicode_property(cursor)?,
        'P' => negated(unicode_property(cursor)?),
        'a' => single('\u{7}'),
        'e' => single('\u{1b}'),
        't' => single('\t'),
        'n' => single('\n'),
        'v' => single('\u{b}'),
        'f' => single('\u{c}'),
        'r' => single('\r'),
        '0' => single(octal(cursor)?),
        '1'..='9' => return Err("it uses an octal escape".to_owned()),
        'c' => control(cursor)?,
        'x' => single(hexadecimal(cursor, 'x', 2)?),
        'u' => single(hexadecimal(cursor, 'u', 4)?),
        letter if letter.is_ascii_alphabetic() => return Err(ambiguous_letter(letter)),
        other => single(other),
    })
}

/// Why an escaped letter is refused, which ECMAScript without flags reads as the letter.
fn ambiguous_letter(letter: char) -> String {
    format!("it uses `\\{letter}`, which ECMAScript reads as a letter and other engines do not")
}

/// `\cA` to `\cZ`.
fn control(cursor: &mut Cursor<'_>) -> Result<ClassUnicode, String> {
    match cursor.next() {
        Some(letter) if letter.is_ascii_alphabetic() => Ok(single(char::from(letter as u8 % 32))),
        _ => Err("it has a control escape without its letter".to_owned()),
    }
}

/// `\0`, `\07` and `\037`, behind the zero: sequences that engines read differently are refused.
fn octal(cursor: &mut Cursor<'_>) -> Result<char, String> {
    let mut code = 0;
    let mut count = 0;
    while let Some(digit) = cursor.peek().and_then(|next| next.to_digit(10)) {
        if count == 2 || digit > 7 {
            return Err("it uses an octal escape".to_owned());
        }
        cursor.next();
        code = code * 8 + digit as u8;
        count += 1;
    }
    Ok(char::from(code))
}

/// The digits of `\x41`, `\u0041`, `\x{41}` or `\u{41}`. Two halves of a surrogate pair are one character.
fn hexadecimal(cursor: &mut Cursor<'_>, letter: char, digits: usize) -> Result<char, String> {
    if cursor.eat("{") {
        let code = cursor.until("}").unwrap_or_default();
        let is_code =
            (1..=8).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_hexdigit());
        return is_code
            .then(|| u32::from_str_radix(code, 16).ok())
            .flatten()
            .and_then(char::from_u32)
            .ok_or_else(|| format!("its `\\{letter}{{…}}` names no character"));
    }
    let Some(high) = cursor.hexadecimal(digits) else {
        return Err(ambiguous_letter(letter));
    };
    if let Some(character) = char::from_u32(high) {
        return Ok(character);
    }
    let mut after = *cursor;
    if (0xd800..0xdc00).contains(&high)
        && after.eat("\\u")
        && let Some(low @ 0xdc00..0xe000) = after.hexadecimal(4)
        && let Some(character) = char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
    {
        *cursor = after;
        return Ok(character);
    }
    Err("it names half of a surrogate pair".to_owned())
}

/// The name of `\p{L}` or `\pL`.
fn unicode_property(cursor: &mut Cursor<'_>) -> Result<ClassUnicode, String> {
    if cursor.eat("{") {
        return match cursor.until("}") {
            Some(name) => property(name),
            None => Err("the name of a Unicode property is not closed".to_owned()),
        };
    }
    match cursor.next() {
        Some(category @ ('C' | 'L' | 'M' | 'N' | 'P' | 'S' | 'Z')) => {
            property(&category.to_string())
        }
        _ => Err("it has a Unicode property without its name".to_owned()),
    }
}
