//! Reads a pattern of ECMAScript 262 (8th edition, "Patterns" and annex B.1.4) without flags.
//!
//! The result is the representation of `regex-syntax`, built piece by piece: translating text to text would have to
//! get two grammars right instead of one. Characters are Unicode scalar values, as in Smithy's length trait.
//!
//! Many authors write for Java, PCRE or Python. If annex B reads a construct as plain letters, its meaning in these
//! engines is used, provided that all of them agree; otherwise it is refused by name.

use regex_syntax::hir::{Class, ClassUnicode, Hir, Look, Repetition};

use super::characters::{any, dot, single};
use super::class::{class, has_nested_classes};
use super::cursor::Cursor;
use super::escape::class_escape;

/// How deep groups may nest.
const DEPTH_LIMIT: usize = 100;

/// How often a counted repetition may repeat.
const COUNT_LIMIT: u32 = 100_000;

/// Reads a pattern.
///
/// # Errors
/// Why it cannot be checked: look-around, back-references, ambiguous constructs, and invalid patterns.
pub fn parse(pattern: &str) -> Result<Hir, String> {
    if has_nested_classes(pattern) {
        return Err("it has a class in a class".to_owned());
    }
    if is_delimited(pattern) {
        return Err("it is between slashes, which may be its delimiters".to_owned());
    }
    let mut parser = Parser {
        cursor: Cursor::new(pattern),
        depth: 0,
        dot_matches_all: false,
    };
    let hir = parser.disjunction()?;
    match parser.cursor.peek() {
        None => Ok(hir),
        Some(_) => Err("it has a `)` that was not opened".to_owned()),
    }
}

/// Whether a pattern looks like a literal of ECMAScript, `/…/`, with or without what the importer puts around it.
fn is_delimited(pattern: &str) -> bool {
    let bare = pattern
        .strip_prefix("^(?:")
        .and_then(|rest| rest.strip_suffix(")$"))
        .unwrap_or(pattern);
    let bare = bare.trim_end_matches(|flag: char| flag.is_ascii_lowercase());
    bare.len() > 2 && bare.starts_with('/') && bare.ends_with('/') && !bare.ends_with("\\/")
}

struct Parser<'a> {
    cursor: Cursor<'a>,
    depth: usize,
    /// Whether `(?s)` applies here.
    dot_matches_all: bool,
}

impl Parser<'_> {
    fn disjunction(&mut self) -> Result<Hir, String> {
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            return Err(format!("its groups nest more than {DEPTH_LIMIT} deep"));
        }
        let outside = self.dot_matches_all;
        let mut alternatives = vec![self.alternative()?];
        while self.cursor.eat("|") {
            alternatives.push(self.alternative()?);
        }
        self.dot_matches_all = outside;
        self.depth -= 1;
        Ok(Hir::alternation(alternatives))
    }

    fn alternative(&mut self) -> Result<Hir, String> {
        let mut terms = Vec::new();
        while let Some(next) = self.cursor.peek() {
            if matches!(next, '|' | ')') {
                break;
            }
            if self.cursor.eat("(?s)") {
                self.dot_matches_all = true;
            } else if self.cursor.eat("\\Q") {
                self.quoted(&mut terms)?;
            } else {
                let (atom, is_repeatable) = self.atom()?;
                terms.push(self.repeated(atom, is_repeatable)?);
            }
        }
        Ok(Hir::concat(terms))
    }

    /// The characters up to `\E`, or to the end. A quantifier behind it repeats the last of them.
    fn quoted(&mut self, terms: &mut Vec<Hir>) -> Result<(), String> {
        let rest = self.cursor.rest();
        let text = match self.cursor.until("\\E") {
            Some(text) => text,
            None => {
                self.cursor = Cursor::new("");
                rest
            }
        };
        terms.extend(text.chars().map(|letter| set(single(letter))));
        if let Some(last) = terms.pop_if(|_| !text.is_empty()) {
            terms.push(self.repeated(last, true)?);
        }
        Ok(())
    }

    fn repeated(&mut self, atom: Hir, is_repeatable: bool) -> Result<Hir, String> {
        match self.quantifier()? {
            None => Ok(atom),
            Some(_) if !is_repeatable => Err("it repeats an assertion".to_owned()),
            Some((min, max)) => {
                let greedy = !self.cursor.eat("?");
                if greedy && self.cursor.starts_with("+") {
                    return Err("it uses a possessive quantifier".to_owned());
                }
                Ok(Hir::repetition(Repetition {
                    min,
                    max,
                    greedy,
                    sub: Box::new(atom),
                }))
            }
        }
    }

    /// `*`, `+`, `?` or `{…}`; other braces are literals.
    fn quantifier(&mut self) -> Result<Option<(u32, Option<u32>)>, String> {
        if self.cursor.eat("*") {
            return Ok(Some((0, None)));
        }
        if self.cursor.eat("+") {
            return Ok(Some((1, None)));
        }
        if self.cursor.eat("?") {
            return Ok(Some((0, Some(1))));
        }
        match self.braces()? {
            Some((min, max, length)) => {
                self.cursor = Cursor::new(&self.cursor.rest()[length..]);
                Ok(Some((min, max)))
            }
            None => Ok(None),
        }
    }

    /// The bounds of `{n}`, `{n,}` or `{n,m}` and how long that is.
    fn braces(&self) -> Result<Option<(u32, Option<u32>, usize)>, String> {
        let Some((inner, _)) = self
            .cursor
            .rest()
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
            _ if is_loose_quantifier(inner) => {
                return Err("it has braces that some engines read as a quantifier".to_owned());
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
        let Some(next) = self.cursor.next() else {
            return Ok((Hir::empty(), false));
        };
        Ok(match next {
            '^' => (Hir::look(Look::Start), false),
            '$' => (Hir::look(Look::End), false),
            '.' => (set(if self.dot_matches_all { any() } else { dot() }), true),
            '[' => (set(class(&mut self.cursor)?), true),
            '(' => (self.group()?, true),
            '\\' => return self.escape(),
            '*' | '+' | '?' => {
                return Err("it has a quantifier with nothing to repeat".to_owned());
            }
            literal => (set(single(literal)), true),
        })
    }

    fn group(&mut self) -> Result<Hir, String> {
        let outside = self.dot_matches_all;
        self.dot_matches_all |= self.cursor.eat("?s:");
        if self.cursor.eat("?") {
            self.kind_of_group()?;
        }
        let inner = self.disjunction()?;
        self.dot_matches_all = outside;
        match self.cursor.eat(")") {
            true => Ok(inner),
            false => Err("it has a `(` that is not closed".to_owned()),
        }
    }

    /// What follows `(?`.
    fn kind_of_group(&mut self) -> Result<(), String> {
        if ["=", "!", "<=", "<!"]
            .iter()
            .any(|kind| self.cursor.starts_with(kind))
        {
            return Err("it uses look-around".to_owned());
        }
        if self.cursor.eat(":") {
            return Ok(());
        }
        if self.cursor.eat("<") || self.cursor.eat("P<") {
            return match self.cursor.until(">") {
                Some(_) => Ok(()),
                None => Err("the name of a group is not closed".to_owned()),
            };
        }
        Err(match self.cursor.peek() {
            Some('>') => "it uses an atomic group".to_owned(),
            Some(flag) if flag.is_ascii_lowercase() || matches!(flag, '-' | '^' | 'U') => {
                "it sets flags in the pattern".to_owned()
            }
            _ => "it has a group of an unknown kind".to_owned(),
        })
    }

    /// What follows a backslash outside of a class.
    fn escape(&mut self) -> Result<(Hir, bool), String> {
        let start = Hir::look(Look::Start);
        let end = Hir::look(Look::End);
        let assertion = match self.cursor.peek() {
            Some('b') => Hir::look(Look::WordAscii),
            Some('B') => Hir::look(Look::WordAsciiNegate),
            Some('A') => start,
            Some('z') => end,
            // The end, or before a last line feed; Python alone means the end.
            Some('Z') => Hir::concat(vec![optional(set(single('\n'))), end]),
            Some('1'..='9' | 'k') => return Err("it uses a back-reference".to_owned()),
            _ => return Ok((set(class_escape(&mut self.cursor)?), true)),
        };
        self.cursor.next();
        Ok((assertion, false))
    }
}

/// Whether some engines read braces as a quantifier, and ECMAScript as text: `{,5}`, `{1, 5}`.
fn is_loose_quantifier(inner: &str) -> bool {
    inner.bytes().any(|byte| byte.is_ascii_digit())
        && inner
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b' '))
}

fn set(members: ClassUnicode) -> Hir {
    Hir::class(Class::Unicode(members))
}

fn optional(sub: Hir) -> Hir {
    Hir::repetition(Repetition {
        min: 0,
        max: Some(1),
        greedy: true,
        sub: Box::new(sub),
    })
}
