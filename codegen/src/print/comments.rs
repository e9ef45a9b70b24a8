//! Comments of several lines, which are one line while `prettyplease` prints them.

use super::COMMENT_BREAK;

/// Appends printed code, with the lines of each comment below each other.
pub(super) fn append(text: &mut String, printed: &str) {
    let mut rest = printed;
    while let Some(at) = rest.find(COMMENT_BREAK) {
        let start = rest[..at].rfind('\n').map_or(0, |end| end + 1);
        let end = rest[at..].find('\n').map_or(rest.len(), |end| at + end);
        text.push_str(&rest[..start]);
        append_line(text, &rest[start..end]);
        rest = &rest[end..];
    }
    text.push_str(rest);
}

/// Parts a comment, and repeats before each line what is before the text of the first one. What is no comment stays.
fn append_line(text: &mut String, line: &str) {
    let code = line.trim_start();
    if !code.starts_with("///") && !code.starts_with("//!") {
        return text.push_str(line);
    }
    let (margin, lines) = line.split_at(line.len() - code.len() + "///".len());
    for (index, line) in lines.split(COMMENT_BREAK).enumerate() {
        if index > 0 {
            text.push('\n');
        }
        text.push_str(margin);
        text.push_str(line.trim_end_matches(' '));
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use crate::print::items;

    #[test]
    fn each_line_of_a_comment_is_printed_below_the_others() {
        let tokens = quote! {
            #![doc = " A file.\u{1f}\u{1f} Its text. "]
            #[doc = " One"]
            struct One {
                #[doc = " A // member.  \u{1f}\u{1f} Its text."]
                #[doc = " Its end."]
                member: &'static str,
            }
            const TEXT: &str = "a\u{1f}b";
        };
        let text = "//! A file.\n//!\n//! Its text.\n\n/// One\nstruct One {\n    /// A // member.\n    ///\n    /// Its text.\n    /// Its end.\n    member: &'static str,\n}\n\nconst TEXT: &str = \"a\\u{1f}b\";\n";
        assert_eq!(items(tokens).expect("a file"), text);
    }
}
