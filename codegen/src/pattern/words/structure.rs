//! Sequences, repetitions and alternatives in words: `` `vpc-`, then 8 to 17 lowercase hexadecimal digits``.

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Look, Repetition};

use super::characters::{self, join};
use super::inclusion::is_within;
use super::known;
use crate::pattern::characters::{any, dot, single};
use crate::pattern::{Automaton, automaton, compile};

/// How many parts of a sequence are described.
const PARTS: usize = 6;
/// How many alternatives are listed.
const ALTERNATIVES: usize = 12;

/// The words for a whole pattern, which is searched for unless it is anchored.
pub(super) fn describe(hir: &Hir) -> Option<String> {
    if let HirKind::Alternation(parts) = hir.kind() {
        return any_of(parts, describe);
    }
    let mut items = flat(hir);
    let has_start = take_anchors(&mut items, Look::Start);
    items.reverse();
    let has_end = take_anchors(&mut items, Look::End);
    items.reverse();
    // The anchors may be in all of the alternatives.
    let (has_start, has_end) = match items.as_slice() {
        [one] => (
            has_start || each_has(one, Look::Start),
            has_end || each_has(one, Look::End),
        ),
        _ => (has_start, has_end),
    };
    let can_be_empty = |item: &Hir| item.properties().minimum_len() == Some(0);
    match (has_start, has_end) {
        (true, true) => whole(&items),
        // A search that finds the empty text accepts every text, so nothing breaks the pattern.
        _ if items.iter().all(can_be_empty) => None,
        _ => open(&items, has_start, has_end)?,
    }
}

/// What may stand at an end of a text, outside of what a pattern says.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Nothing,
    Line,
    Anything,
}

impl End {
    /// The end at which this is the outermost part.
    fn of(outermost: Option<&Hir>, has_anchor: bool) -> Self {
        if !has_anchor {
            return Self::Anything;
        }
        match outermost.and_then(any_number) {
            Some(class) if class == dot() => Self::Line,
            Some(class) if class == any() => Self::Anything,
            _ => Self::Nothing,
        }
    }
}

/// The words for parts with an open end, such as `^a.*$`; `None` if there is none, and `Some(None)` if they would be
/// long.
fn open(items: &[Hir], has_start: bool, has_end: bool) -> Option<Option<String>> {
    let mut ends = [
        End::of(items.first(), has_start),
        End::of(items.last(), has_end),
    ];
    let is_line = ends.contains(&End::Line);
    // The words speak of the line of the whole text.
    if is_line && (ends.contains(&End::Anything) || !is_one_line(items)) {
        ends = ends.map(|end| match end {
            End::Anything => End::Anything,
            End::Line | End::Nothing => End::Nothing,
        });
    }
    let verb = match ends {
        [End::Nothing, End::Nothing] => return None,
        [End::Nothing, _] => "begins with",
        [_, End::Nothing] => "ends in",
        _ => "contains",
    };
    let says_nothing =
        |item: &Hir| matches!(item.kind(), HirKind::Repetition(Repetition { min: 0, .. }));
    let mut said = items;
    while let [first, rest @ ..] = said
        && ends[0] != End::Nothing
        && says_nothing(first)
    {
        said = rest;
    }
    while let [rest @ .., last] = said
        && ends[1] != End::Nothing
        && says_nothing(last)
    {
        said = rest;
    }
    if said.is_empty() {
        return None;
    }
    let text = match ends.contains(&End::Line) {
        true => "a text in one line",
        false => "a text",
    };
    Some(sequence(said).map(|words| format!("{text} that {verb} {words}")))
}

/// Whether no text of these parts has a line break.
fn is_one_line(items: &[Hir]) -> bool {
    built(items).is_some_and(|parts| compile("^.*$").is_ok_and(|line| is_within(&parts, &line)))
}

/// The parts of a sequence, without groups.
fn flat(hir: &Hir) -> Vec<Hir> {
    match hir.kind() {
        HirKind::Concat(parts) => parts.iter().flat_map(flat).collect(),
        HirKind::Capture(capture) => flat(&capture.sub),
        HirKind::Empty => Vec::new(),
        _ => vec![hir.clone()],
    }
}

/// Removes the anchors at the beginning of the parts.
fn take_anchors(items: &mut Vec<Hir>, look: Look) -> bool {
    let is_anchor = |item: &&Hir| matches!(item.kind(), HirKind::Look(found) if *found == look);
    let count = items.iter().take_while(is_anchor).count();
    items.drain(..count);
    count > 0
}

/// Whether each of the alternatives begins or ends with the anchor.
fn each_has(item: &Hir, look: Look) -> bool {
    let has = |part: &Hir| {
        let mut items = flat(part);
        if look == Look::End {
            items.reverse();
        }
        take_anchors(&mut items, look)
    };
    matches!(item.kind(), HirKind::Alternation(parts) if parts.iter().all(has))
}

/// A text that is nothing but these parts.
fn whole(items: &[Hir]) -> Option<String> {
    if let Some(words) = open(items, true, true) {
        return words;
    }
    let [one] = items else {
        return match items {
            [] => Some("an empty text".to_owned()),
            [first, rest] => with_inner(first, rest).or_else(|| sequence(items)),
            _ => sequence(items),
        };
    };
    match one.kind() {
        // Also with anchors in the alternatives, which are those of the whole.
        HirKind::Alternation(parts) => any_of(parts, |part| {
            let mut items = flat(part);
            items.retain(|item| !matches!(item.kind(), HirKind::Look(Look::Start | Look::End)));
            known_name(&items).or_else(|| whole(&items))
        }),
        HirKind::Repetition(Repetition {
            min: 0,
            max: Some(1),
            sub,
            ..
        }) => {
            let items = flat(sub);
            let words = known_name(&items).or_else(|| whole(&items))?;
            Some(format!("an empty text or {words}"))
        }
        _ => match any_number(one) {
            Some(class) if class == dot() => Some("a text in one line".to_owned()),
            Some(class) => Some(format!("only {}", characters::describe(&class)?.many)),
            None => part(one),
        },
    }
}

/// The well-known form of a text that is nothing but these parts.
fn known_name(items: &[Hir]) -> Option<String> {
    known::name(&built(items)?)
}

/// The automaton of the texts that are nothing but these parts.
fn built(items: &[Hir]) -> Option<Automaton> {
    let mut parts = vec![Hir::look(Look::Start)];
    parts.extend(items.iter().cloned());
    parts.push(Hir::look(Look::End));
    automaton::build(&Hir::concat(parts)).ok()
}

fn sequence(items: &[Hir]) -> Option<String> {
    if items.len() > PARTS {
        return None;
    }
    let mut words: Vec<String> = Vec::new();
    let mut items = items.iter().peekable();
    while let Some(item) = items.next() {
        let with_next = items.peek().and_then(|next| with_inner(item, next));
        if with_next.is_some() {
            items.next();
        }
        words.push(with_next.map_or_else(|| part(item), Some)?);
    }
    Some(words.join(", then "))
}

/// A part of a sequence.
fn part(item: &Hir) -> Option<String> {
    match item.kind() {
        HirKind::Literal(literal) => quoted(&literal.0),
        HirKind::Class(_) => Some(characters::describe(&class_of(item)?)?.one),
        HirKind::Repetition(repetition) => repeated(repetition),
        HirKind::Alternation(parts) => {
            let words = any_of(parts, |part| sequence(&flat(part)))?;
            Some(format!("({words})"))
        }
        HirKind::Capture(capture) => sequence(&flat(&capture.sub)),
        HirKind::Concat(_) => sequence(&flat(item)),
        _ => None,
    }
}

fn repeated(repetition: &Repetition) -> Option<String> {
    let Repetition { min, max, sub, .. } = repetition;
    if (*min, *max) == (0, Some(1)) {
        let words = sequence(&flat(sub))?;
        return Some(match words.contains(", then ") {
            true => format!("optionally ({words})"),
            false => format!("optionally {words}"),
        });
    }
    let count = match (min, max) {
        (0, None) => "any number of".to_owned(),
        (min, None) => format!("{min} or more"),
        (0, Some(max)) => format!("up to {max}"),
        (min, Some(max)) if min == max => min.to_string(),
        (min, Some(max)) => format!("{min} to {max}"),
    };
    match class_of(sub) {
        Some(_) if matches!(sub.kind(), HirKind::Literal(_)) => {
            Some(format!("{count} {}", part(sub)?))
        }
        Some(class) => Some(format!("{count} {}", characters::describe(&class)?.many)),
        None => {
            let words = sequence(&flat(sub))?;
            let count = count.trim_end_matches(" of");
            let times = if count == "any number" {
                " of times"
            } else {
                " times"
            };
            Some(format!("{count}{times} ({words})"))
        }
    }
}

/// A first part that a second repeats behind a separator.
///
/// `a(,a)*` is a list, and `[a-z0-9](-*[a-z0-9])*` is a name that begins and ends with a letter or a digit.
fn with_inner(first: &Hir, second: &Hir) -> Option<String> {
    let HirKind::Repetition(Repetition {
        min: 0, max, sub, ..
    }) = second.kind()
    else {
        return None;
    };
    if *max == Some(1) {
        return None;
    }
    let inner = flat(sub);
    let [separator, again] = inner.as_slice() else {
        return None;
    };
    if again != first {
        return None;
    }
    if let HirKind::Repetition(Repetition {
        min: 0,
        max: inner_max,
        sub: separator,
        ..
    }) = separator.kind()
    {
        let (outer, separator) = (class_of(first)?, class_of(separator)?);
        let mut all = outer.clone();
        all.union(&separator);
        let [ends, all] = [characters::describe(&outer)?, characters::describe(&all)?];
        let limit = match (inner_max, max) {
            (None, None) => String::new(),
            (None, Some(max)) => format!(", at most {} of which are {}", max + 1, ends.many),
            _ => return None,
        };
        return Some(format!(
            "{}, beginning and ending with {}{limit}",
            all.many, ends.one
        ));
    }
    let count = max.map_or_else(String::new, |max| format!("up to {} ", max + 1));
    let (each, separator) = (part(first)?, part(separator)?);
    Some(format!(
        "{count}parts separated by {separator}, each of {each}"
    ))
}

/// Alternatives: all texts, or a few described ones.
fn any_of(parts: &[Hir], describe: impl Fn(&Hir) -> Option<String>) -> Option<String> {
    if parts.len() > ALTERNATIVES {
        return None;
    }
    let mut words = Vec::new();
    for part in parts {
        let text = describe(part)?;
        if !words.contains(&text) {
            words.push(text);
        }
    }
    if words.len() > 1 {
        for text in words.iter_mut().filter(|text| is_compound(text)) {
            *text = format!("({text})");
        }
    }
    Some(join(&words, "or"))
}

/// Whether a reader could take an `or` behind the text as a part of it.
fn is_compound(text: &str) -> bool {
    text.contains(", then ") || text.starts_with("a text ")
}

/// The set of the characters of which a part has any number.
fn any_number(item: &Hir) -> Option<ClassUnicode> {
    match item.kind() {
        HirKind::Repetition(Repetition {
            min: 0,
            max: None,
            sub,
            ..
        }) => class_of(sub),
        _ => None,
    }
}

/// The set of a single character.
fn class_of(hir: &Hir) -> Option<ClassUnicode> {
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => Some(class.clone()),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            let mut letters = text.chars();
            match (letters.next(), letters.next()) {
                (Some(letter), None) => Some(single(letter)),
                _ => None,
            }
        }
        HirKind::Capture(capture) => class_of(&capture.sub),
        _ => None,
    }
}

/// A text between backquotes.
fn quoted(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let can_be_read = text
        .chars()
        .all(|letter| letter.is_ascii_graphic() || letter == ' ');
    (can_be_read && !text.contains('`')).then(|| format!("`{text}`"))
}
