//! A reader for the elements of STS's XML responses that are needed.
//!
//! STS does not support JSON. Its responses are small, and the needed values are leaf elements with fixed names, so
//! this reads the leaves and nothing else: no namespaces, no entities but the predefined ones, no document types, which
//! are refused.

/// Bounds of a document, at least ten times the usual values. The path of a leaf grows with its depth and its names,
/// and each leaf stores its path.
const DEPTH: usize = 16;
const NAME: usize = 64;
const LEAVES: usize = 256;

/// White space of XML. Other white space of Unicode is text, and some of it may even begin names.
const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// The leaves of a document: the path of each, from the root on, and its text.
pub(crate) struct Leaves(Vec<(String, String)>);

impl Leaves {
    /// Reads a document; `None` if it is not well-formed, or exceeds the bounds.
    pub(crate) fn read(text: &[u8]) -> Option<Self> {
        let mut rest = std::str::from_utf8(text).ok()?.trim_matches(SPACE);
        let mut path: Vec<&str> = Vec::new();
        let mut leaves = Vec::new();
        let mut text = String::new();
        let mut is_leaf = false;
        while !rest.is_empty() {
            let (before, markup) = rest.split_once('<')?;
            text.push_str(&unescaped(before)?);
            if let Some(after) = markup.strip_prefix("!--") {
                rest = after.split_once("-->")?.1;
                continue;
            }
            if let Some(after) = markup.strip_prefix("![CDATA[") {
                let (literal, after) = after.split_once("]]>")?;
                text.push_str(literal);
                rest = after;
                continue;
            }
            if let Some(after) = markup.strip_prefix('?') {
                rest = after.split_once("?>")?.1;
                continue;
            }
            let end = end_of_tag(markup)?;
            let tag = &markup[..end];
            rest = &markup[end + 1..];
            if let Some(name) = tag.strip_prefix('/') {
                (path.last()? == &name.trim_end_matches(SPACE)).then_some(())?;
                if is_leaf {
                    (leaves.len() < LEAVES).then_some(())?;
                    leaves.push((path.join("/"), std::mem::take(&mut text)));
                }
                path.pop();
                is_leaf = false;
                text.clear();
                if path.is_empty() {
                    return is_misc(rest).then_some(Self(leaves));
                }
            } else {
                let name = tag.split(SPACE).next()?;
                let empty = tag.ends_with('/');
                let name = name.trim_end_matches('/');
                name.starts_with(begins_name).then_some(())?;
                is_leaf = !empty;
                text.clear();
                if !empty {
                    (path.len() < DEPTH && name.len() <= NAME).then_some(())?;
                    path.push(name);
                }
            }
        }
        None
    }

    /// The text of the first leaf whose path has this end.
    pub(crate) fn get(&self, end: &str) -> Option<&str> {
        let found = self.0.iter().find(|(path, _)| {
            path.strip_suffix(end)
                .is_some_and(|before| before.is_empty() || before.ends_with('/'))
        });
        found.map(|(_, text)| text.as_str())
    }
}

/// Whether this may follow the root: white space, comments and instructions (`Misc` of XML 1.0).
fn is_misc(text: &str) -> bool {
    let mut rest = text.trim_start_matches(SPACE);
    while !rest.is_empty() {
        let after = if let Some(comment) = rest.strip_prefix("<!--") {
            comment.split_once("-->")
        } else {
            rest.strip_prefix("<?")
                .and_then(|instruction| instruction.split_once("?>"))
        };
        let Some((_, after)) = after else {
            return false;
        };
        rest = after.trim_start_matches(SPACE);
    }
    true
}

/// Whether a name may begin with this character. Most characters beyond ASCII may begin a name, and no name that we
/// look for has any.
fn begins_name(letter: char) -> bool {
    !letter.is_ascii() || letter.is_ascii_alphabetic() || "_:".contains(letter)
}

/// Whether a reference may name this character (`Char` of XML 1.0).
fn is_char(letter: &char) -> bool {
    SPACE.contains(letter) || !matches!(letter, '\0'..' ' | '\u{fffe}' | '\u{ffff}')
}

/// The position of the `>` of a tag; the values of attributes may contain one, too.
fn end_of_tag(markup: &str) -> Option<usize> {
    let mut quote = None;
    markup.bytes().position(|byte| match (byte, quote) {
        (b'>', None) => true,
        (b'"' | b'\'', None) => {
            quote = Some(byte);
            false
        }
        (byte, Some(open)) => {
            if byte == open {
                quote = None;
            }
            false
        }
        _ => false,
    })
}

/// Text without references.
fn unescaped(text: &str) -> Option<String> {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, reference)) = rest.split_once('&') {
        result.push_str(before);
        let (name, after) = reference.split_once(';')?;
        result.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let number = name.strip_prefix('#')?;
                let (digits, radix) = match number.strip_prefix('x') {
                    Some(digits) => (digits, 16),
                    None => (number, 10),
                };
                let is_number = digits.chars().all(|digit| digit.is_digit(radix));
                is_number.then_some(())?;
                let number = u32::from_str_radix(digits, radix).ok()?;
                char::from_u32(number).filter(is_char)?
            }
        });
        rest = after;
    }
    result.push_str(rest);
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::Leaves;

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in r"(<a>|</a>|<b \
            x='y'>|</b>|<c/>|<!--|-->|<!\[CDATA\[|\]\]>|<\?|\?>|&#x?[0-9a-f]{0,9};|[<>&;/ é]){0,40}") {
            let leaves = Leaves::read(text.as_bytes());
            assert!(leaves.is_none_or(|leaves| leaves.0.iter().all(|(path, _)| !path.is_empty())));
        }

        #[test]
        fn escaped_text_is_read_unchanged(text in r"[^\x00-\x08]{0,40}") {
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&#62;");
            let leaves = Leaves::read(format!("<r><a>{escaped}</a></r>").as_bytes()).unwrap();
            assert_eq!(leaves.get("r/a"), Some(text.as_str()));
        }
    }

    #[test]
    fn a_tag_ends_after_the_values_of_its_attributes() {
        let text = b"<a><b k=\"x>y\" l='\"/>'>1</b><c d='<'/></a>";
        let leaves = Leaves::read(text).expect("it is well-formed");
        assert_eq!(leaves.get("a/b"), Some("1"));
        assert_eq!(leaves.get("a/c"), None);
        assert!(Leaves::read(b"<a b='></a>").is_none());
    }

    #[test]
    fn white_space_around_instructions_comments_and_literals_is_text() {
        let text = b"<a> 1 <?b c?> 2 <!-- d --> 3 <![CDATA[ 4 ]]> </a>";
        let leaves = Leaves::read(text).expect("it is well-formed");
        assert_eq!(leaves.get("a"), Some(" 1  2  3  4  "));
    }

    #[test]
    fn comments_and_instructions_may_follow_the_root() {
        let text = b"<?xml version='1.0'?><a>1</a> <!-- b --><?c d?>\n<!---->";
        assert_eq!(Leaves::read(text).unwrap().get("a"), Some("1"));
    }

    #[test]
    fn white_space_and_names_are_those_of_xml() {
        for name in ["\u{1680}", "a\u{1680}", "⁰", ":a", "_"] {
            let text = format!("<r><{name}>1</{name}\t></r>");
            let leaves = Leaves::read(text.as_bytes()).expect("it is well-formed");
            assert_eq!(leaves.get(&format!("r/{name}")), Some("1"), "{text}");
        }
        assert!(Leaves::read("<a>1</a\u{1680}>".as_bytes()).is_none());
    }

    #[test]
    fn leaves_are_found_by_the_end_of_their_path() {
        let text = b"<?xml version=\"1.0\"?>\n<R xmlns=\"u\"><!-- <x> --><A><B k='v'> 1 &amp;&#x41;&#66; </B><E/></A>\
            <B><![CDATA[<2>]]></B></R>\n";
        let leaves = Leaves::read(text).expect("it is well-formed");
        assert_eq!(leaves.get("A/B"), Some(" 1 &AB "));
        assert_eq!(leaves.get("R/B"), Some("<2>"));
        assert_eq!(leaves.get("B"), Some(" 1 &AB "));
        assert_eq!(leaves.get("E"), None);
        assert_eq!(leaves.get("A"), None);
    }

    #[test]
    fn documents_that_are_not_well_formed_or_too_large_are_refused() {
        for text in [
            "",
            "text",
            "<a>",
            "<a></b>",
            "<a><b></a>",
            "</a>",
            "<a>&unknown;</a>",
            "<a>&#xD800;</a>",
            "<a>&#1114112;</a>",
            "<a>&#99999999999;</a>",
            "<a>&#0;</a>",
            "<a>&#x1b;</a>",
            "<a>&#xFFFF;</a>",
            "<a>&#+65;</a>",
            "<a>&#x+41;</a>",
            "<a>&#;</a>",
            "<a>&#x;</a>",
            "<1></1>",
            "<-a></-a>",
            "<!DOCTYPE a><a></a>",
            "<a></a><b></b>",
            "<a",
            "<a></a> x",
            "<a></a><!-- b",
            "<a></a><!-- b --> x",
            "<a></a><![CDATA[]]>",
            "<a></a>&#32;",
            "<a>&amp</a>",
        ] {
            assert!(Leaves::read(text.as_bytes()).is_none(), "{text}");
        }
        let deep = |depth| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(Leaves::read(deep(16).as_bytes()).is_some());
        assert!(Leaves::read(deep(17).as_bytes()).is_none());
        let wide = |leaves| format!("<a>{}</a>", "<b></b>".repeat(leaves));
        assert!(Leaves::read(wide(256).as_bytes()).is_some());
        assert!(Leaves::read(wide(257).as_bytes()).is_none());
        let named = |length| format!("<{0}></{0}>", "a".repeat(length));
        assert!(Leaves::read(named(64).as_bytes()).is_some());
        assert!(Leaves::read(named(65).as_bytes()).is_none());
    }
}
