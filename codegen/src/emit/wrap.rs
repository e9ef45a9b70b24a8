//! Breaks long lines of documentation, so that generated files can be read.
//!
//! A line is broken at spaces of plain text only. Code, links, listings and tables stay as they are, and a word that
//! would be markup at the beginning of a line stays behind the one before it.

use crate::escape::markdown::starts_list;

/// How many columns a line of documentation has. Before it are the indentation and three slashes.
const WIDTH: usize = 110;

/// The lines with breaks.
pub(super) fn wrapped(lines: &[String]) -> Vec<String> {
    let mut result = Vec::with_capacity(lines.len());
    let mut fence: Option<String> = None;
    for line in lines {
        let (prefix, body) = line.split_at(prefix(line));
        let marks = body.bytes().take_while(|byte| *byte == b'`').count();
        match &fence {
            Some(open) if body == open => fence = None,
            Some(_) => {}
            None if marks >= 3 && !body[marks..].contains('`') => {
                fence = Some(body[..marks].to_owned())
            }
            None if line.chars().count() > WIDTH && !body.starts_with(['|', '#']) => {
                break_line(&mut result, prefix, body);
                continue;
            }
            None => {}
        }
        result.push(line.clone());
    }
    result
}

/// The length of what is before the text: quotes, indentation, and the mark of an item.
fn prefix(line: &str) -> usize {
    let mut length = 0;
    loop {
        let rest = &line[length..];
        let digits = starts_list(rest).map(|digits| digits + 2);
        length += match rest.as_bytes() {
            [b' ', ..] => 1,
            [b'>' | b'*', b' ', ..] => 2,
            _ => match digits.filter(|digits| rest.len() > *digits) {
                Some(digits) => digits,
                None => return length,
            },
        };
    }
}

fn break_line(result: &mut Vec<String>, prefix: &str, body: &str) {
    let rest: String = prefix
        .chars()
        .map(|letter| if letter == '>' { '>' } else { ' ' })
        .collect();
    let mut line = prefix.to_owned();
    let mut length = line.chars().count();
    let mut is_first = true;
    for word in words(body) {
        let width = word.chars().count();
        if !is_first && length + 1 + width > WIDTH && !is_markup(word) {
            result.push(std::mem::replace(&mut line, rest.clone()));
            length = rest.chars().count();
        } else if !is_first {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += width;
        is_first = false;
    }
    result.push(line);
}

/// Whether a word at the beginning of a line would make the line something else than text.
fn is_markup(word: &str) -> bool {
    word.is_empty()
        || word.starts_with(['#', '+', '-', '=', '>', ':', '|', '~'])
        || word == "*"
        || word.starts_with("```")
        || starts_list(word).is_some()
}

/// The parts between the spaces of plain text.
fn words(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut words, mut start, mut at, mut brackets) = (Vec::new(), 0, 0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            // Whatever is escaped is one byte of ASCII.
            b'\\' => 2,
            b'`' => code_length(&text[at..]),
            b'[' => {
                brackets += 1;
                1
            }
            b']' => {
                brackets = brackets.saturating_sub(1);
                1
            }
            b' ' if brackets == 0 => {
                words.push(&text[start..at]);
                start = at + 1;
                1
            }
            _ => 1,
        };
    }
    words.push(&text[start..]);
    words
}

/// The length of code at the beginning of the text, or of the backquotes if nothing closes them.
fn code_length(text: &str) -> usize {
    let run = |text: &str| text.bytes().take_while(|byte| *byte == b'`').count();
    let fence = run(text);
    let mut at = fence;
    while let Some(found) = text[at..].find('`') {
        let length = run(&text[at + found..]);
        at += found + length;
        if length == fence {
            return at;
        }
    }
    fence
}

#[cfg(test)]
mod tests {
    use super::{WIDTH, words, wrapped};

    fn lines(line: &str) -> Vec<String> {
        wrapped(&[line.to_owned()])
    }

    #[test]
    fn only_the_spaces_of_plain_text_are_between_words() {
        for (text, expected) in [
            ("a `b c` d", vec!["a", "`b c`", "d"]),
            ("`` a ` b `` c", vec!["`` a ` b ``", "c"]),
            ("[a b](https://x) c", vec!["[a b](https://x)", "c"]),
            ("a \\[b c\\]", vec!["a", "\\[b", "c\\]"]),
            ("a \\` b \\`", vec!["a", "\\`", "b", "\\`"]),
            ("a ` b", vec!["a", "`", "b"]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn long_lines_continue_below_their_text() {
        let word = "abcdefghi ".repeat(30);
        for (prefix, rest) in [
            ("", ""),
            ("* ", "  "),
            ("> * ", ">   "),
            ("  12. ", "      "),
        ] {
            let found = lines(&format!("{prefix}{}", word.trim_end()));
            assert!(found.len() > 2, "{found:?}");
            assert!(found.iter().all(|line| line.chars().count() <= WIDTH));
            assert!(found[0].starts_with(&format!("{prefix}abc")), "{found:?}");
            assert!(found[1].starts_with(&format!("{rest}abc")), "{found:?}");
        }
    }

    #[test]
    fn no_line_begins_with_markup() {
        let long = "x".repeat(WIDTH - 2);
        for word in ["-", "#", "1.", "+", "=", "12)", ">"] {
            let found = lines(&format!("{long} {word} y {long}"));
            assert!(
                found.iter().all(|line| !line.starts_with(word)),
                "{found:?}"
            );
        }
    }

    #[test]
    fn listings_and_tables_stay() {
        let long = "a ".repeat(WIDTH);
        let all = [
            "```text".to_owned(),
            long.clone(),
            "```".to_owned(),
            format!("| {long} |"),
        ];
        assert_eq!(wrapped(&all), all);
        assert!(wrapped(&["```text".to_owned(), "```".to_owned(), long]).len() > 3);
    }
}
