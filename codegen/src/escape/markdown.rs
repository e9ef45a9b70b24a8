//! Text in Markdown: in documentation comments, in README.md and in changelogs.

use std::borrow::Cow;

use super::line;

/// Text without any markup: no emphasis, link, HTML, code or table.
pub fn text(text: &str) -> String {
    let text = line(text);
    // Four spaces would make a code block of the line, and fewer would hide its first character below.
    let text = text.trim_start();
    let mut result = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.chars();
    while let Some(letter) = rest.next() {
        let behind = rest.as_str();
        let is_markup = match letter {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '@' => true,
            // Inside a word it is an ordinary character.
            '_' => !(is_word(before) && is_word(behind.chars().next())),
            // rustdoc reports bare URLs, and other tools turn them into links.
            ':' => behind.starts_with("//"),
            '.' if result.to_ascii_lowercase().ends_with("www") => true,
            '.' | ')' => {
                is_number(&result) && behind.chars().next().is_none_or(char::is_whitespace)
            }
            // Characters that would turn the line into a heading, a list or a rule.
            '#' | '+' | '-' | '=' => before.is_none(),
            _ => false,
        };
        if is_markup {
            result.push('\\');
        }
        result.push(letter);
        before = Some(letter);
    }
    result
}

/// Whether this is a number at the start of a line, which a point or a parenthesis would turn into an item of a list.
fn is_number(start: &str) -> bool {
    !start.is_empty() && start.bytes().all(|byte| byte.is_ascii_digit())
}

/// Where the point or the bracket behind a number is, if the line would begin an item of a list (CommonMark, "List
/// items").
pub fn starts_list(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let mut behind = line[digits..].chars();
    let is_mark = matches!(behind.next(), Some('.' | ')'));
    (digits > 0 && is_mark && matches!(behind.next(), None | Some(' '))).then_some(digits)
}

fn is_word(letter: Option<char>) -> bool {
    letter.is_some_and(char::is_alphanumeric)
}

/// Text as inline code, on one line; it may hold backquotes itself.
pub fn code(text: &str) -> String {
    let text = line(text);
    if text.is_empty() {
        return "`\"\"`".to_owned();
    }
    let longest = text.split(|letter| letter != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or(0) + 1);
    // One space at each end belongs to the fence (CommonMark, "Code spans").
    let is_padded = fence.len() > 1 || (text.starts_with(' ') && text.ends_with(' '));
    let space = if is_padded { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// A sentence of the generator, in which names and values of a model are inline code. Everything else becomes [`text`],
/// so a value that closes its code early is still plain text.
pub fn sentence(sentence: &str) -> String {
    let sentence = line(sentence);
    let mut result = String::with_capacity(sentence.len());
    let mut plain = String::new();
    let mut rest: &str = &sentence;
    while let Some(start) = rest.find('`') {
        let run = rest[start..].bytes().take_while(|byte| *byte == b'`');
        let (fence, behind) = rest[start..].split_at(run.count());
        plain.push_str(&rest[..start]);
        match end_of_code(behind, fence) {
            Some(end) => {
                result.push_str(&outside(&plain, result.is_empty()));
                plain.clear();
                result.push_str(&rest[start..start + fence.len() + end + fence.len()]);
                rest = &behind[end + fence.len()..];
            }
            None => {
                plain.push_str(fence);
                rest = behind;
            }
        }
    }
    plain.push_str(rest);
    result.push_str(&outside(&plain, result.is_empty()));
    result
}

/// [`text`] behind other text, or at the start of the line.
fn outside(plain: &str, is_start: bool) -> Cow<'_, str> {
    if plain.is_empty() {
        return Cow::Borrowed("");
    }
    if is_start {
        return Cow::Owned(text(plain.trim_start()));
    }
    // A letter before the text marks that it is not at the beginning of a line.
    Cow::Owned(text(&format!("`{plain}"))[2..].to_owned())
}

/// Where the next run of backquotes of exactly this length begins.
fn end_of_code(text: &str, fence: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let start = from + text[from..].find('`')?;
        let length = text[start..]
            .bytes()
            .take_while(|byte| *byte == b'`')
            .count();
        if length == fence.len() {
            return Some(start);
        }
        from = start + length;
    }
}

#[cfg(test)]
mod tests {
    use super::{code, sentence, text};

    #[test]
    fn text_has_no_markup() {
        for (plain, expected) in [
            ("AWS Support, version 2", "AWS Support, version 2"),
            ("Foo <T> [x]", "Foo \\<T\\> \\[x\\]"),
            ("a_b _c_", "a_b \\_c\\_"),
            ("`x` & *y*", "\\`x\\` \\& \\*y\\*"),
            ("see https://example.com", "see https\\://example.com"),
            ("# x", "\\# x"),
            ("  # x", "\\# x"),
            ("     x", "x"),
            ("1. x", "1\\. x"),
            ("12) x", "12\\) x"),
            ("2026.", "2026\\."),
            ("3.5 and a 1. x", "3.5 and a 1. x"),
            ("x\n# y", "x\\\\n# y"),
            ("www.example.com new.json", "www\\.example.com new.json"),
        ] {
            assert_eq!(text(plain), expected);
        }
    }

    #[test]
    fn a_value_cannot_close_its_code() {
        for (plain, expected) in [
            ("a", "`a`"),
            ("", "`\"\"`"),
            ("a`b", "`` a`b ``"),
            ("``", "``` `` ```"),
            (" a ", "`  a  `"),
            ("a\nb", "`a\\nb`"),
        ] {
            assert_eq!(code(plain), expected);
        }
    }

    #[test]
    fn a_sentence_keeps_its_code_and_nothing_else() {
        for (plain, expected) in [
            ("`A.b` is now `1`.", "`A.b` is now `1`."),
            ("`` a`b `` is <b>", "`` a`b `` is \\<b\\>"),
            ("`a`<b>`", "`a`\\<b\\>\\`"),
            ("a_b `c` _d_", "a_b `c` \\_d\\_"),
            ("- [x] `y`", "\\- \\[x\\] `y`"),
            ("`x` - y", "`x` - y"),
        ] {
            assert_eq!(sentence(plain), expected);
        }
    }
}
