//! Reads times in forms that differ from the model of a service.
//!
//! botocore passes every text that is no number to dateutil, which accepts nearly anything, and takes missing parts
//! from the current time. This module accepts what dateutil reads without guessing: a text with a year, a month and a
//! day that has only one meaning. The time of day may be missing (midnight) and so may the zone (UTC), as in botocore.
//!
//! dateutil accepts the following, and this module refuses it, because a value would be guessed:
//!
//! * a text without a year, a month or a day: dateutil takes today's (`10:30`, `May 2023`);
//! * `05/06/2023`, where either number may be the month; `15/05/2023` and `05/05/2023` have one meaning, and
//!   `2023-05-06` is ISO 8601;
//! * a year of two digits, unless the day of the week says which century it is in (`Sunday, 06-Nov-94`, RFC 9110 section
//!   5.6.7, and RFC 822): dateutil takes the century that is nearest to the clock's;
//! * zones by name other than UTC: `CST` is three zones, and dateutil reads it as if it was not there; and `GMT+3`, which
//!   is east of Greenwich for some and west of it for others.

use super::format::{DAYS, MONTHS};
use super::parse::{Fields, moment, nanoseconds};
use super::{Timestamp, TimestampError, calendar};
use crate::texts;

/// The maximum length of a time; longer texts are refused.
const LENGTH_LIMIT: usize = 128;
/// Words without a meaning for the time.
const FILLERS: [&str; 7] = ["at", "on", "of", "st", "nd", "rd", "th"];

/// Reads a time that is written in any usual way.
#[inline(never)]
pub(super) fn read(text: &str) -> Result<Timestamp, TimestampError> {
    scan(text)?.moment()
}

/// The same for a time that names its zone.
pub(super) fn read_zoned(text: &str) -> Result<Timestamp, TimestampError> {
    let found = scan(text)?;
    found.offset.ok_or(TimestampError::unknown())?;
    found.moment()
}

fn scan(text: &str) -> Result<Found<'_>, TimestampError> {
    let unknown = TimestampError::unknown();
    if text.len() > LENGTH_LIMIT {
        return Err(unknown);
    }
    let tokens = tokens(text);
    let mut found = Found::default();
    let mut rest = &tokens[..];
    while !rest.is_empty() {
        rest = found.take(rest).ok_or(unknown)?;
    }
    Ok(found)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Digits(&'a str),
    Word(&'a str),
    Symbol(char),
    Space,
}

use Token::{Digits, Space, Symbol, Word};

/// Runs of digits, of letters and of white space, and everything else one by one.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        let run = |of: fn(char) -> bool| {
            let length = rest.find(|other| !of(other)).unwrap_or(rest.len());
            rest.split_at(length)
        };
        let (token, tail) = if first.is_ascii_digit() {
            let (digits, tail) = run(|other| other.is_ascii_digit());
            (Digits(digits), tail)
        } else if first.is_ascii_alphabetic() {
            let (word, tail) = run(|other| other.is_ascii_alphabetic());
            (Word(word), tail)
        } else if first.is_whitespace() {
            (Space, run(char::is_whitespace).1)
        } else {
            (Symbol(first), &rest[first.len_utf8()..])
        };
        tokens.push(token);
        rest = tail;
    }
    tokens
}

/// A part of a date as it is written.
#[derive(Clone, Copy, Debug)]
enum Part<'a> {
    Number(&'a str),
    Month(u32),
}

/// The fields that were found so far.
#[derive(Debug, Default)]
struct Found<'a> {
    date: Vec<Part<'a>>,
    weekday: Option<u32>,
    /// Hour, minute, second, nanosecond.
    time: Option<(u32, u32, u32, u32)>,
    afternoon: Option<bool>,
    offset: Option<i64>,
}

impl<'a> Found<'a> {
    /// Consumes a part from the front and returns the rest.
    fn take<'t>(&mut self, tokens: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
        match tokens {
            [Space | Symbol(','), rest @ ..] => Some(rest),
            [Digits(_), Symbol(':'), Digits(_), ..] => self.time_of_day(tokens),
            [
                Digits(_) | Word(_),
                Symbol(first @ ('-' | '/' | '.')),
                Digits(_) | Word(_),
                Symbol(second),
                Digits(_),
                ..,
            ] if first == second && self.date.is_empty() => self.triple(tokens),
            [Word(word), rest @ ..] => self.word(word, rest),
            [Digits(digits), rest @ ..] => self.digits(digits, rest),
            [Symbol(sign @ ('+' | '-')), rest @ ..] if self.time.is_some() => {
                self.offset(*sign == '+', rest)
            }
            // A comment on the zone: `+0000 (UTC)`.
            [Symbol('('), rest @ ..] if self.offset.is_some() => {
                let mut rest = rest;
                loop {
                    let (token, others) = rest.split_first()?;
                    rest = others;
                    if *token == Symbol(')') {
                        return Some(rest);
                    }
                }
            }
            _ => None,
        }
    }

    fn word<'t>(&mut self, word: &str, rest: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
        if word.eq_ignore_ascii_case("t") {
            // Between a date and a time of day.
            let announces = self.date.len() == 3 && self.time.is_none();
            return (announces && matches!(rest, [Digits(_), ..])).then_some(rest);
        }
        if texts::is_one_of(word, &["z", "utc", "gmt"]) {
            return self.utc(rest);
        }
        if let Some(month) = name(word, &MONTHS, &MONTH_ENDS) {
            self.date.push(Part::Month(month + 1));
            return (self.date.len() <= 3).then_some(rest);
        }
        if let Some(weekday) = name(word, &DAYS, &DAY_ENDS) {
            return self.weekday.replace(weekday).is_none().then_some(rest);
        }
        let afternoon = word.eq_ignore_ascii_case("pm");
        if afternoon || word.eq_ignore_ascii_case("am") {
            self.time?;
            return self.afternoon.replace(afternoon).is_none().then_some(rest);
        }
        texts::is_one_of(word, &FILLERS).then_some(rest)
    }

    /// UTC, optionally followed by a zero offset.
    fn utc<'t>(&mut self, rest: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
        self.time?;
        match rest {
            [Symbol(sign @ ('+' | '-')), rest @ ..] => {
                let rest = self.offset(*sign == '+', rest)?;
                (self.offset == Some(0)).then_some(rest)
            }
            _ => self.offset.replace(0).is_none().then_some(rest),
        }
    }

    /// Three parts with the same sign between them.
    fn triple<'t>(&mut self, tokens: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
        for token in &[tokens[0], tokens[2], tokens[4]] {
            self.date.push(match *token {
                Digits(digits) => Part::Number(digits),
                Word(word) => Part::Month(name(word, &MONTHS, &MONTH_ENDS)? + 1),
                _ => return None,
            });
        }
        Some(&tokens[5..])
    }

    /// Digits without separators.
    fn digits<'t>(&mut self, digits: &'a str, rest: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
        if self.date.is_empty() && matches!(digits.len(), 8 | 14) {
            for part in [&digits[..4], &digits[4..6], &digits[6..8]] {
                self.date.push(Part::Number(part));
            }
            if digits.len() == 8 {
                return Some(rest);
            }
            return self.basic_time(&digits[8..], rest);
        }
        if self.date.len() == 3 {
            return self.basic_time(digits, rest);
        }
        self.date.push(Part::Number(digits));
        Some(rest)
    }

    /// `HH`, `HHMM`, `HHMMSS` (ISO 8601, basic format).
    fn basic_time<'t>(&mut self, digits: &str, rest: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
        let two = |from: usize| digits.get(from..from + 2).map_or(Some(0), number);
        let (nanoseconds, rest) = match digits.len() {
            6 => fraction(rest)?,
            2 | 4 => (0, rest),
            _ => return None,
        };
        let time = (two(0)?, two(2)?, two(4)?, nanoseconds);
        self.time.replace(time).is_none().then_some(rest)
    }

    /// `H:MM`, `HH:MM`, `HH:MM:SS`, and a fraction of seconds.
    fn time_of_day<'t>(&mut self, tokens: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
        let [Digits(hour), _, Digits(minute), rest @ ..] = tokens else {
            return None;
        };
        let (second, nanoseconds, rest) = match rest {
            [Symbol(':'), Digits(second), rest @ ..] => {
                let (nanoseconds, rest) = fraction(rest)?;
                (short(second, 2)?, nanoseconds, rest)
            }
            _ => (0, 0, rest),
        };
        let time = (short(hour, 1)?, short(minute, 2)?, second, nanoseconds);
        self.time.replace(time).is_none().then_some(rest)
    }

    /// What follows a sign: `HH`, `HHMM`, `HH:MM`.
    fn offset<'t>(&mut self, ahead: bool, tokens: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
        let (hours, minutes, rest) = match tokens {
            [Digits(hours), Symbol(':'), Digits(minutes), rest @ ..] => {
                (short(hours, 1)?, short(minutes, 2)?, rest)
            }
            [Digits(digits), rest @ ..] if digits.len() == 4 => {
                (number(&digits[..2])?, number(&digits[2..])?, rest)
            }
            [Digits(hours), rest @ ..] => (short(hours, 2)?, 0, rest),
            _ => return None,
        };
        if hours > 23 || minutes > 59 {
            return None;
        }
        let seconds = i64::from(hours * 3600 + minutes * 60);
        let offset = if ahead { seconds } else { -seconds };
        self.offset.replace(offset).is_none().then_some(rest)
    }

    fn moment(&self) -> Result<Timestamp, TimestampError> {
        moment(&self.fields().ok_or(TimestampError::unknown())?)
    }

    fn fields(&self) -> Option<Fields> {
        // Midnight where there is none.
        let (hour, minute, second, nanoseconds) = self.time.unwrap_or_default();
        let hour = match self.afternoon {
            None => hour,
            Some(_) if !(1..=12).contains(&hour) => return None,
            Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
        };
        let [one, two, three] = self.date[..] else {
            return None;
        };
        Some(Fields {
            date: self.date(one, two, three)?,
            time: (hour, minute, second, nanoseconds),
            offset: self.offset.unwrap_or(0),
        })
    }

    /// Year, month and day of the three parts, if they have one reading.
    fn date(&self, one: Part<'_>, two: Part<'_>, three: Part<'_>) -> Option<(u32, u32, u32)> {
        use Part::{Month, Number};

        match (one, two, three) {
            (Number(one), Number(two), Number(three)) => numeric(one, two, three),
            (Number(year), Month(month), Number(day)) if year.len() == 4 => {
                Some((number(year)?, month, short(day, 1)?))
            }
            (Number(day), Month(month), Number(year)) if year.len() == 2 => {
                let (day, in_century) = (short(day, 1)?, number(year)?);
                for &year in &[1900 + in_century, 2000 + in_century] {
                    if self.weekday == weekday_of(year, month, day) {
                        return Some((year, month, day));
                    }
                }
                None
            }
            (Number(day), Month(month), Number(year))
            | (Month(month), Number(day), Number(year))
            | (Number(year), Number(day), Month(month))
                if year.len() == 4 =>
            {
                Some((number(year)?, month, short(day, 1)?))
            }
            _ => None,
        }
    }
}

/// Year, month and day of three numbers: the year is first, or it is last and the numbers before it have only one
/// meaning.
fn numeric(one: &str, two: &str, three: &str) -> Option<(u32, u32, u32)> {
    if one.len() == 4 {
        return Some((number(one)?, short(two, 1)?, short(three, 1)?));
    }
    let (one, two) = (short(one, 1)?, short(two, 1)?);
    let year = number(three)?;
    if three.len() != 4 {
        return None;
    }
    match (one, two) {
        _ if one == two => Some((year, one, two)),
        (13.., ..=12) => Some((year, two, one)),
        (..=12, 13..) => Some((year, one, two)),
        _ => None,
    }
}

/// The day of the week; 0 is Monday.
fn weekday_of(year: u32, month: u32, day: u32) -> Option<u32> {
    calendar::number_of(year, month, day).map(calendar::weekday_of)
}

/// The rest of the names of months and days after their first three letters.
const MONTH_ENDS: [&str; 12] = [
    "uary", "ruary", "ch", "il", "", "e", "y", "ust", "tember", "ober", "ember", "ember",
];
const DAY_ENDS: [&str; 7] = ["day", "sday", "nesday", "rsday", "day", "urday", "day"];

/// The index of a name, in three letters or written out.
fn name(word: &str, names: &[&str], ends: &[&str]) -> Option<u32> {
    let (begin, end) = word.split_at_checked(3)?;
    let mut index = 0;
    while !names.get(index)?.eq_ignore_ascii_case(begin) {
        index += 1;
    }
    let written_out = end.eq_ignore_ascii_case(ends[index]);
    let is_sept = index == 8 && end.eq_ignore_ascii_case("t") && names.len() == 12;
    let index = u32::try_from(index).ok()?;
    (end.is_empty() || written_out || is_sept).then_some(index)
}

/// A number of `least` to two digits.
fn short(digits: &str, least: usize) -> Option<u32> {
    match (least..=2).contains(&digits.len()) {
        true => number(digits),
        false => None,
    }
}

fn number(digits: &str) -> Option<u32> {
    u32::try_from(texts::number(digits)?).ok()
}

/// The fraction of a second that may follow, in nanoseconds; digits after the ninth are cut off.
fn fraction<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<(u32, &'t [Token<'a>])> {
    match tokens {
        [Symbol('.' | ','), Digits(digits), rest @ ..] => {
            Some((nanoseconds(digits.as_bytes()), rest))
        }
        _ => Some((0, tokens)),
    }
}
