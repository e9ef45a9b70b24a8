//! Reads a pattern of ECMAScript 262 (8th edition, "Patterns" and annex B.1.4) without flags.
//!
//! The result is the representation of `regex-syntax`, built piece by piece: translating text to text would have to
//! get two grammars right instead of one. Characters are Unicode scalar values, as in Smithy's length trait.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, Look, Repetition};

/// How deep groups may nest.
const DEPTH_LIMIT: usize = 100;

/// How often a counted repetition may repeat.
const COUNT_LIMIT: u32 = 100_000;

/// Reads a pattern.
///
/// # Errors
/// Why it cannot be checked: look-around, back-references, and what is no pattern at all.
pub fn parse(pattern: &str) -> Result<Hir, String> {
    let mut parser = Parser {
        rest: pattern,
        depth: 0,
    };
    let hir = parser.disjunction()?;
    match parser.peek() {
        None => Ok(hir),
        Some(_) => Err("it has a `)` that was not opened".to_owned()),
    }
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.rest = &self.rest[next.len_utf8()..];
        Some(next)
    }

    fn eat(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn disjunction(&mut self) -> Result<Hir, String> {
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            return Err(format!("its groups nest more than {DEPTH_LIMIT} deep"));
        }
        let mut alternatives = vec![self.alternative()?];
        while self.eat("|") {
            alternatives.push(self.alternative()?);
        }
        self.depth -= 1;
        Ok(Hir::alternation(alternatives))
    }

    fn alternative(&mut self) -> Result<Hir, String> {
        let mut terms = Vec::new();
        while let Some(next) = self.peek() {
            if matches!(next, '|' | ')') {
                break;
            }
            terms.push(self.term()?);
        }
        Ok(Hir::concat(terms))
    }

    fn term(&mut self) -> Result<Hir, String> {
        let (atom, repeatable) = self.atom()?;
        match self.quantifier()? {
            None => Ok(atom),
            Some(_) if !repeatable => Err("it repeats an assertion".to_owned()),
            Some((min, max)) => {
                let greedy = !self.eat("?");
                Ok(Hir::repetition(Repetition {
                    min,
                    max,
                    greedy,
                    sub: Box::new(atom),
                }))
            }
        }
    }

    /// `*`, `+`, `?` or `{…}`; braces that are no quantifier stand for themselves.
    fn quantifier(&mut self) -> Result<Option<(u32, Option<u32>)>, String> {
        if self.eat("*") {
            return Ok(Some((0, None)));
        }
        if self.eat("+") {
            return Ok(Some((1, None)));
        }
        if self.eat("?") {
            return Ok(Some((0, Some(1))));
        }
        match self.braces()? {
            Some((min, max, length)) => {
                self.rest = &self.rest[length..];
                Ok(Some((min, max)))
            }
            None => Ok(None),
        }
    }

    /// The bounds of `{n}`, `{n,}` or `{n,m}` and how long that is.
    fn braces(&self) -> Result<Option<(u32, Option<u32>, usize)>, String> {
        let Some((inner, _)) = self
            .rest
            .strip_prefix('{')
            .and_then(|rest| rest.split_once('}'))
        else {
            return Ok(None);
        };
        let is_number =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = |text: &str| match text.parse::<u32>() {
            Ok(number) if number <= COUNT_LIMIT => Ok(number),
            _ => Err(format!("it repeats more than {COUNT_LIMIT} times")),
        };
        let (min, max) = match inner.split_once(',') {
            None if is_number(inner) => (number(inner)?, Some(number(inner)?)),
            Some((min, "")) if is_number(min) => (number(min)?, None),
            Some((min, max)) if is_number(min) && is_number(max) => {
                (number(min)?, Some(number(max)?))
            }
            _ => return Ok(None),
        };
        if max.is_some_and(|max| max < min) {
            return Err("the bounds of a repetition are out of order".to_owned());
        }
        Ok(Some((min, max, inner.len() + 2)))
    }

    /// An atom or an assertion, and whether it can be repeated.
    fn atom(&mut self) -> Result<(Hir, bool), String> {
        let Some(next) = self.next() else {
            return Ok((Hir::empty(), false));
        };
        Ok(match next {
            '^' => (Hir::look(Look::Start), false),
            '$' => (Hir::look(Look::End), false),
            '.' => (class(dot()), true),
            '[' => (class(self.class()?), true),
            '(' => (self.group()?, true),
            '\\' => return self.escape(),
            '*' | '+' | '?' => {
                return Err("it has a quantifier with nothing to repeat".to_owned());
            }
            literal => (class(single(literal)), true),
        })
    }

    fn group(&mut self) -> Result<Hir, String> {
        if self.rest.starts_with("?=")
            || self.rest.starts_with("?!")
            || self.rest.starts_with("?<=")
            || self.rest.starts_with("?<!")
        {
            return Err("it uses look-around".to_owned());
        }
        if self.rest.starts_with("?<") {
            match self.rest.find('>') {
                Some(end) => self.rest = &self.rest[end + 1..],
                None => return Err("the name of a group is not closed".to_owned()),
            }
        } else if !self.eat("?:") && self.rest.starts_with('?') {
            return Err("it has a group of an unknown kind".to_owned());
        }
        let inner = self.disjunction()?;
        if self.eat(")") {
            Ok(inner)
        } else {
            Err("it has a `(` that is not closed".to_owned())
        }
    }

    /// What follows a backslash outside of a class.
    fn escape(&mut self) -> Result<(Hir, bool), String> {
        match self.peek() {
            Some('b') => {
                self.next();
                Ok((Hir::look(Look::WordAscii), false))
            }
            Some('B') => {
                self.next();
                Ok((Hir::look(Look::WordAsciiNegate), false))
            }
            Some('1'..='9' | 'k') => Err("it uses a back-reference".to_owned()),
            _ => Ok((class(self.class_escape()?), true)),
        }
    }

    /// A class in brackets, behind its `[`.
    fn class(&mut self) -> Result<ClassUnicode, String> {
        let negated = self.eat("^");
        let mut members = ClassUnicode::empty();
        loop {
            let Some(next) = self.peek() else {
                return Err("it has a `[` that is not closed".to_owned());
            };
            if next == ']' {
                self.next();
                break;
            }
            let first = self.class_atom()?;
            let is_range = self.rest.starts_with('-') && !self.rest.starts_with("-]");
            if !is_range {
                members.union(&first);
                continue;
            }
            self.next();
            let last = self.class_atom()?;
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
        if negated {
            members.negate();
        }
        Ok(members)
    }

    fn class_atom(&mut self) -> Result<ClassUnicode, String> {
        match self.next() {
            Some('\\') if self.eat("b") => Ok(single('\u{8}')),
            Some('\\') => self.class_escape(),
            Some(literal) => Ok(single(literal)),
            None => Err("it has a `[` that is not closed".to_owned()),
        }
    }

    /// What follows a backslash and stands for characters, inside and outside of classes.
    fn class_escape(&mut self) -> Result<ClassUnicode, String> {
        let Some(next) = self.next() else {
            return Err("it ends in a backslash".to_owned());
        };
        Ok(match next {
            'd' => digits(),
            'D' => negated(digits()),
            'w' => word(),
            'W' => negated(word()),
            's' => space(),
            'S' => negated(space()),
            'p' | 'P' if self.rest.starts_with('{') => self.property(next == 'P')?,
            't' => single('\t'),
            'n' => single('\n'),
            'v' => single('\u{b}'),
            'f' => single('\u{c}'),
            'r' => single('\r'),
            '0' if !self.peek().is_some_and(|next| next.is_ascii_digit()) => single('\0'),
            '0'..='9' => return Err("it uses an octal escape".to_owned()),
            'c' => self.control()?,
            'x' => self.hexadecimal(2)?.map_or(single('x'), single),
            'u' => self.hexadecimal(4)?.map_or(single('u'), single),
            other => single(other),
        })
    }

    /// `\cA` to `\cZ`.
    fn control(&mut self) -> Result<ClassUnicode, String> {
        match self.next() {
            Some(letter) if letter.is_ascii_alphabetic() => {
                Ok(single(char::from(letter as u8 % 32)))
            }
            _ => Err("it has a control escape without its letter".to_owned()),
        }
    }

    /// Some digits; `None`, and nothing read, where they are missing. Two halves of a surrogate pair are one character.
    fn hexadecimal(&mut self, digits: usize) -> Result<Option<char>, String> {
        let Some(high) = self.hexadecimal_digits(digits) else {
            return Ok(None);
        };
        if let Some(letter) = char::from_u32(high) {
            return Ok(Some(letter));
        }
        if (0xd800..0xdc00).contains(&high) && self.eat("\\u") {
            if let Some(low @ 0xdc00..0xe000) = self.hexadecimal_digits(4) {
                return Ok(char::from_u32(
                    0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00),
                ));
            }
        }
        Err("it names half of a surrogate pair".to_owned())
    }

    fn hexadecimal_digits(&mut self, digits: usize) -> Option<u32> {
        let text = self.rest.get(..digits)?;
        if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.rest = &self.rest[digits..];
        u32::from_str_radix(text, 16).ok()
    }

    fn property(&mut self, negate: bool) -> Result<ClassUnicode, String> {
        let Some((name, _)) = self.rest[1..].split_once('}') else {
            return Err("the name of a Unicode property is not closed".to_owned());
        };
        let text = format!(
            "\\{}{{{}}}",
            if negate { 'P' } else { 'p' },
            name.strip_prefix("Is").unwrap_or(name)
        );
        self.rest = &self.rest[name.len() + 2..];
        let unknown = || format!("it names the unknown Unicode property `{name}`");
        let hir = regex_syntax::parse(&text).map_err(|_| unknown())?;
        match hir.into_kind() {
            regex_syntax::hir::HirKind::Class(Class::Unicode(class)) => Ok(class),
            _ => Err(unknown()),
        }
    }
}

fn class(members: ClassUnicode) -> Hir {
    Hir::class(Class::Unicode(members))
}

fn single(letter: char) -> ClassUnicode {
    ranges(&[(letter, letter)])
}

/// The one character of a class with one.
fn only(class: &ClassUnicode) -> Option<char> {
    match class.ranges() {
        [range] if range.start() == range.end() => Some(range.start()),
        _ => None,
    }
}

fn ranges(ranges: &[(char, char)]) -> ClassUnicode {
    ClassUnicode::new(
        ranges
            .iter()
            .map(|(first, last)| ClassUnicodeRange::new(*first, *last)),
    )
}

fn negated(mut class: ClassUnicode) -> ClassUnicode {
    class.negate();
    class
}

fn digits() -> ClassUnicode {
    ranges(&[('0', '9')])
}

fn word() -> ClassUnicode {
    ranges(&[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')])
}

/// `WhiteSpace` and `LineTerminator`.
fn space() -> ClassUnicode {
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
fn dot() -> ClassUnicode {
    negated(ranges(&[
        ('\n', '\n'),
        ('\r', '\r'),
        ('\u{2028}', '\u{2029}'),
    ]))
}
