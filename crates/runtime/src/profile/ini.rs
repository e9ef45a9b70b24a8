//! The form of AWS's profile files: sections, settings, and settings below a setting.
//!
//! There is no specification that all SDKs follow. This parser accepts what botocore accepts, on which the AWS CLI is
//! based. A file that works there works here, and one that is refused there is refused here, with the line.
//!
//! * `name = value` or `name: value`; names are not case-sensitive;
//! * lines that begin with `#` or `;` are comments, after a value they are part of it;
//! * a line that is indented further than its setting continues it;
//! * if the first line of a value is empty, the continuation contains nested settings;
//! * a setting of `[DEFAULT]` applies to every section of the file that does not have it;
//! * duplicates are refused.

use std::fmt;

use super::by_name::ByName;
use crate::formatting::write;
use crate::texts::{ToText as _, has, line_behind, prefix};

/// A file that was read.
#[derive(Default)]
pub(super) struct Sections {
    /// The sections, by their names as they stand in the brackets.
    pub(super) named: ByName<Section>,
    /// The settings of `[DEFAULT]`.
    pub(super) defaults: ByName<Value>,
}

/// A section.
#[derive(Clone)]
pub(super) struct Section {
    pub(super) line: usize,
    pub(super) settings: ByName<Value>,
}

/// The value of a setting. It may be a secret, so it has no `Debug`.
#[derive(Clone)]
pub(super) struct Value {
    pub(super) line: usize,
    pub(super) text: String,
    /// The settings below it.
    pub(super) nested: ByName<String>,
}

/// What is wrong with a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) line: usize,
    pub(super) message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.message)
    }
}

#[inline(never)]
fn problem<T>(line: usize, message: impl Into<String>) -> Result<T, Problem> {
    let message = message.into();
    Err(Problem { line, message })
}

/// Which section a setting belongs to.
#[derive(Clone, Copy)]
enum Target {
    Defaults,
    Named(usize),
}

/// The setting that further lines may continue.
struct Open {
    section: Target,
    name: String,
    indent: usize,
    line: usize,
    /// Its lines, without what they are indented by.
    text: String,
    /// The first of its further lines that holds no setting.
    without_value: Option<usize>,
}

/// Reads a file.
pub(super) fn parse(text: &[u8]) -> Result<Sections, Problem> {
    let text = match std::str::from_utf8(text) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let before = &text[..error.valid_up_to()];
            return problem(line_behind(before), "it is not UTF-8");
        }
    };
    let mut sections = Sections::default();
    let mut section: Option<Target> = None;
    let mut open: Option<Open> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let content = line.trim();
        if matches!(content.as_bytes(), [b'#' | b';', ..]) {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        match &mut open {
            Some(open) if content.is_empty() || indent > open.indent => {
                open.text.push('\n');
                open.text.push_str(content);
                if !content.is_empty() && !has(content, b'=') {
                    open.without_value = open.without_value.or(Some(number));
                }
                continue;
            }
            _ if content.is_empty() => continue,
            _ => close(&mut sections, open.take())?,
        }
        if let Some(rest) = content.strip_prefix('[') {
            section = Some(header(&mut sections, number, rest)?);
            continue;
        }
        let Some(section) = section else {
            return problem(number, "it is before the first section");
        };
        open = Some(setting(number, indent, content, section)?);
    }
    close(&mut sections, open)?;
    Ok(sections)
}

/// Begins a section; `rest` is what follows the bracket.
fn header(sections: &mut Sections, line: usize, rest: &str) -> Result<Target, Problem> {
    let name = match rest.rsplit_once(']') {
        Some((name, _)) if !name.trim().is_empty() => name.trim().to_text(),
        Some(_) => return problem(line, "the section has no name"),
        None => return problem(line, "the section does not end with `]`"),
    };
    // Only this section may occur again.
    if name == "DEFAULT" {
        return Ok(Target::Defaults);
    }
    if let Some(first) = sections.named.get(&name) {
        let first = first.line;
        return problem(
            line,
            format!("the section [{name}] exists already, in line {first}"),
        );
    }
    let settings = ByName::default();
    let place = sections.named.insert(name, Section { line, settings });
    Ok(Target::Named(place))
}

fn setting(line: usize, indent: usize, content: &str, section: Target) -> Result<Open, Problem> {
    // The line itself is not shown: it may hold a secret.
    let end = prefix(content.as_bytes(), |byte| !matches!(byte, b'=' | b':'));
    let (name, Some(value)) = (&content[..end], content.get(end + 1..)) else {
        return problem(line, "it is neither a section nor `name = value`");
    };
    let name = name.trim().to_ascii_lowercase();
    if name.is_empty() {
        return problem(line, "there is no name before the value");
    }
    Ok(Open {
        section,
        name,
        indent,
        line,
        text: value.trim().to_text(),
        without_value: None,
    })
}

/// Stores a complete setting.
fn close(sections: &mut Sections, open: Option<Open>) -> Result<(), Problem> {
    let Some(open) = open else { return Ok(()) };
    let mut text = open.text;
    text.truncate(text.trim_end().len());
    let mut nested = ByName::default();
    if text.starts_with('\n') {
        if let Some(line) = open.without_value {
            let message = format!("below `{}` only `name = value` is allowed", open.name);
            return problem(line, message);
        }
        for (name, value) in text.lines().filter_map(|line| line.split_once('=')) {
            nested.insert(name.trim().to_text(), value.trim().to_text());
        }
    }
    let settings = match open.section {
        Target::Defaults => &mut sections.defaults,
        Target::Named(place) => &mut sections.named.at_mut(place).settings,
    };
    if let Some(first) = settings.get(&open.name) {
        return problem(
            open.line,
            format!("`{}` is set already, in line {}", open.name, first.line),
        );
    }
    let line = open.line;
    settings.insert(open.name, Value { line, text, nested });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::parse;

    proptest::proptest! {
        /// Any file is either read or refused with the number of an existing line.
        #[test]
        fn any_file_is_read_or_refused_with_a_line(file in r"([\[\] =:#;\\\n\r\tab\u{feff}é]|\[a\]\n|b = c\n|  \
            d=\n){0,40}") {
            if let Err(problem) = parse(file.as_bytes()) {
                let lines = file.lines().count();
                assert!((1..=lines).contains(&problem.line), "{problem} of {lines}");
            }
        }
    }

    fn text(file: &str, section: &str, setting: &str) -> String {
        let sections = parse(file.as_bytes()).expect("the file is well-formed");
        sections.named[section].settings[setting].text.clone()
    }

    #[test]
    fn comments_stand_alone_and_values_keep_what_looks_like_one() {
        let file = "# one\n[default]\n; two\n  # three\nregion = a # b ; c\nKEY: v=w\n";
        assert_eq!(text(file, "default", "region"), "a # b ; c");
        assert_eq!(text(file, "default", "key"), "v=w");
    }

    #[test]
    fn deeper_lines_continue_a_value_and_blank_lines_do_not_end_it() {
        let file = "[default]\nx = one\n  two\n\n  three\ny = 1\n";
        assert_eq!(text(file, "default", "x"), "one\ntwo\n\nthree");
        assert_eq!(text(file, "default", "y"), "1");
    }

    #[test]
    fn settings_stand_below_an_empty_value() {
        let file = "[services dev]\nsupport =\n  endpoint_url = http://127.0.0.1:1?a=b\n\n  other=2\nsts =\n";
        let sections = parse(file.as_bytes()).expect("the file is well-formed");
        let support = &sections.named["services dev"].settings["support"];
        assert_eq!(support.nested["endpoint_url"], "http://127.0.0.1:1?a=b");
        assert_eq!(support.nested["other"], "2");
        assert!(
            sections.named["services dev"].settings["sts"]
                .nested
                .is_empty()
        );
    }

    #[test]
    fn the_section_of_defaults_may_come_again_and_is_no_section() {
        let file = "[DEFAULT]\nregion = a\n[default]\n[DEFAULT]\noutput = b\n[Default]\n";
        let sections = parse(file.as_bytes()).expect("the file is well-formed");
        assert_eq!(sections.defaults["region"].text, "a");
        assert_eq!(sections.defaults["output"].text, "b");
        let names: Vec<_> = sections.named.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["default", "Default"]);
    }

    /// Names that come in reverse order moved every earlier one in a sorted list. In this form nothing is moved, so that
    /// the settings stand where they came.
    #[test]
    fn a_hundred_thousand_settings_in_reverse_order_are_appended() {
        let names = || (0..100_000).rev().map(|number| format!("s{number:06}"));
        let mut file = "[default]\n".to_owned();
        for name in names() {
            file.push_str(&format!("{name} = 1\n"));
        }
        for name in names() {
            file.push_str(&format!("[{name}]\n"));
        }
        let sections = parse(file.as_bytes()).expect("the file is well-formed");
        let mut found = sections.named.into_iter();
        let (_, default) = found.next().expect("there is a section");
        assert!(names().eq(default.settings.into_iter().map(|(name, _)| name)));
        assert!(names().eq(found.map(|(name, _)| name)));
    }

    #[test]
    fn broken_files_name_the_line_and_no_secret() {
        for (file, complaint) in [
            ("a = b", "line 1: it is before the first section"),
            ("[default", "line 1: the section does not end with `]`"),
            ("[ ]", "line 1: the section has no name"),
            (
                "[a]\n[b]\n[a]",
                "line 3: the section [a] exists already, in line 1",
            ),
            ("[a]\nx=1\nX=2", "line 3: `x` is set already, in line 2"),
            (
                "[DEFAULT]\nx=1\n[a]\n[DEFAULT]\nx=2",
                "line 5: `x` is set already, in line 2",
            ),
            (
                "[a]\n\nSECRET",
                "line 3: it is neither a section nor `name = value`",
            ),
            ("[a]\n= SECRET", "line 2: there is no name before the value"),
            (
                "[a]\ns3 =\n  SECRET",
                "line 3: below `s3` only `name = value` is allowed",
            ),
        ] {
            let problem = parse(file.as_bytes()).err().expect("the file is broken");
            assert_eq!(problem.to_string(), complaint);
        }
        let problem = parse(b"[a]\nx = \xff").err().expect("it is not text");
        assert_eq!(problem.to_string(), "line 2: it is not UTF-8");
    }
}
