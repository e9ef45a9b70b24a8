//! Writes XML into one buffer: the bodies of restXml, and the responses of servers and mocks.
//!
//! Elements are begun and ended by their names, which generated code knows; nothing checks that they match. A start tag
//! stays open for attributes until something else follows.

use std::fmt::{self, Write as _};
use std::ops::Range;

use crate::formatting::write;
#[cfg(feature = "tracing")]
use crate::plumbing::json::marks;
use crate::timestamp::{Timestamp, TimestampFormat};

/// Writes one XML element, from left to right.
///
/// ```
/// let mut writer = attache_runtime::plumbing::xml::Writer::with_capacity(64);
/// writer.begin_in("Toys", "", "https://toys.example/");
/// writer.begin("Toy");
/// writer.attribute("id", "1");
/// writer.string("a < b");
/// writer.end("Toy");
/// writer.end("Toys");
/// assert_eq!(
///     writer.into_text(),
///     "<Toys xmlns=\"https://toys.example/\"><Toy id=\"1\">a &lt; b</Toy></Toys>"
/// );
/// ```
#[derive(Default)]
pub struct Writer {
    text: String,
    is_tag_open: bool,
    /// How many parts that must not be shown are open.
    hidden: usize,
    /// Where the content of the outermost of them begins, once its start tag has ended.
    hidden_from: Option<usize>,
    sensitive: Vec<Range<usize>>,
}

impl Writer {
    /// A writer with room for `capacity` bytes; it grows when that is not enough.
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            text: String::with_capacity(capacity),
            ..Self::default()
        }
    }

    /// The text.
    pub fn into_text(self) -> String {
        self.text
    }

    /// The text, and the parts of it that must not be shown: contents of elements and values of attributes.
    pub(crate) fn into_parts(self) -> (String, Vec<Range<usize>>) {
        (self.text, self.sensitive)
    }

    /// From here on, what is in the element that was begun last must not be shown (`smithy.api#sensitive`).
    pub fn begin_hidden(&mut self) {
        self.hidden += 1;
        if self.hidden == 1 {
            self.hidden_from = (!self.is_tag_open).then_some(self.text.len());
        }
    }

    /// Ends what must not be shown, before the end tag.
    pub fn end_hidden(&mut self) {
        self.hidden = self.hidden.saturating_sub(1);
        if self.hidden == 0
            && let Some(start) = self.hidden_from.take()
        {
            self.hide(start);
        }
    }

    /// Marks what was written since.
    fn hide(&mut self, _start: usize) {
        #[cfg(feature = "tracing")]
        if marks::is_recording() && _start < self.text.len() {
            self.sensitive.push(_start..self.text.len());
        }
    }

    /// Begins an element.
    pub fn begin(&mut self, name: &str) {
        self.close_tag();
        self.text.push('<');
        self.text.push_str(name);
        self.is_tag_open = true;
    }

    /// Begins an element that declares a namespace; an empty prefix makes it the default.
    pub fn begin_in(&mut self, name: &str, prefix: &str, uri: &str) {
        self.begin(name);
        match prefix {
            "" => self.attribute("xmlns", uri),
            prefix => self.attribute(&format!("xmlns:{prefix}"), uri),
        }
    }

    /// Adds an attribute to the element that was begun last.
    pub fn attribute(&mut self, name: &str, value: &str) {
        self.text.push(' ');
        self.text.push_str(name);
        self.text.push_str("=\"");
        let start = self.text.len();
        self.escaped(value);
        if self.hidden > 0 {
            self.hide(start);
        }
        self.text.push('"');
    }

    /// The same for a value that must not be shown (`smithy.api#sensitive`).
    pub fn sensitive_attribute(&mut self, name: &str, value: &str) {
        self.hidden += 1;
        self.attribute(name, value);
        self.hidden -= 1;
    }

    /// Ends an element.
    pub fn end(&mut self, name: &str) {
        self.close_tag();
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
    }

    /// Writes `true` or `false`.
    pub fn boolean(&mut self, value: bool) {
        self.display(format_args!("{value}"));
    }

    /// Writes an integer; the narrower Smithy integers convert to `i64` without loss.
    pub fn integer(&mut self, value: i64) {
        self.display(format_args!("{value}"));
    }

    /// Writes the shortest decimal number that reads back as the same `f32`; NaN and the infinities as `NaN`, `Infinity`
    /// and `-Infinity`.
    pub fn float(&mut self, value: f32) {
        match value {
            f32::INFINITY => self.string("Infinity"),
            f32::NEG_INFINITY => self.string("-Infinity"),
            value => self.display(format_args!("{value:?}")),
        }
    }

    /// Writes the shortest decimal number that reads back as the same `f64`; NaN and the infinities as
    /// [`float`](Self::float) does.
    pub fn double(&mut self, value: f64) {
        match value {
            f64::INFINITY => self.string("Infinity"),
            f64::NEG_INFINITY => self.string("-Infinity"),
            value => self.display(format_args!("{value:?}")),
        }
    }

    /// Writes a text.
    pub fn string(&mut self, value: &str) {
        self.close_tag();
        self.escaped(value);
    }

    /// Writes what another writer has written.
    pub fn raw(&mut self, xml: &str) {
        self.close_tag();
        self.text.push_str(xml);
    }

    /// Writes bytes as base64: RFC 4648 section 4, with padding.
    pub fn blob(&mut self, value: &[u8]) {
        self.close_tag();
        base64_simd::STANDARD.encode_append(value, &mut self.text);
    }

    /// Writes a timestamp.
    pub fn timestamp(&mut self, value: Timestamp, format: TimestampFormat) {
        self.string(&value.format(format));
    }

    fn close_tag(&mut self) {
        if std::mem::take(&mut self.is_tag_open) {
            self.text.push('>');
            if self.hidden > 0 && self.hidden_from.is_none() {
                self.hidden_from = Some(self.text.len());
            }
        }
    }

    fn display(&mut self, value: fmt::Arguments<'_>) {
        self.close_tag();
        // Writing into a string cannot fail.
        let _ = self.text.write_fmt(value);
    }

    /// Readers change line breaks other than `\n`, and some characters in attributes, unless they are references.
    fn escaped(&mut self, value: &str) {
        let mut rest = value;
        while let Some(at) = rest.find(is_special) {
            let (plain, special) = rest.split_at(at);
            self.text.push_str(plain);
            let Some(letter) = special.chars().next() else {
                break;
            };
            match letter {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                other => {
                    let _ = write!(self.text, "&#x{:X};", u32::from(other));
                }
            }
            rest = special.get(letter.len_utf8()..).unwrap_or_default();
        }
        self.text.push_str(rest);
    }
}

fn is_special(letter: char) -> bool {
    matches!(
        letter,
        '&' | '<' | '>' | '"' | '\r' | '\n' | '\t' | '\u{85}' | '\u{2028}'
    )
}

/// Shows only the length, because the text may be confidential.
impl fmt::Debug for Writer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Writer")
            .field("length", &self.text.len())
            .finish_non_exhaustive()
    }
}

#[cfg(all(test, feature = "tracing"))]
mod tests {
    use super::Writer;
    use crate::plumbing::json::marks;

    #[test]
    fn what_is_in_a_hidden_element_is_marked_and_no_name() {
        marks::record();
        let mut writer = Writer::default();
        writer.begin("Root");
        writer.begin_in("Key", "", "https://example.com/");
        writer.begin_hidden();
        writer.attribute("id", "a1");
        writer.begin("Part");
        writer.begin_hidden();
        writer.string("b<2");
        writer.end_hidden();
        writer.end("Part");
        writer.end_hidden();
        writer.end("Key");
        for (name, text) in [("Empty", ""), ("Pin", "1234")] {
            writer.begin(name);
            writer.begin_hidden();
            writer.string(text);
            writer.end_hidden();
            writer.end(name);
        }
        writer.begin("Plain");
        writer.sensitive_attribute("token", "c3");
        writer.begin_hidden();
        writer.end_hidden();
        writer.attribute("shown", "d4");
        writer.end("Plain");
        writer.end("Root");
        let (text, sensitive) = writer.into_parts();
        let hidden: Vec<&str> = sensitive.into_iter().map(|part| &text[part]).collect();
        assert_eq!(hidden, ["a1", "<Part>b&lt;2</Part>", "1234", "c3"]);
    }
}
