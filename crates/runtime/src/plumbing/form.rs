//! Writes forms, the bodies of the query protocols: `Action=…&Version=…&Filter.1.Name=…`.
//!
//! One buffer holds the body, another one the key of the current value. A key grows by a name or a number on the way to
//! a value and shrinks again behind it, so no key is allocated. The text is that of `application/x-www-form-urlencoded`,
//! encoded as botocore does it (1.44.8, `awsrequest.py`): all but the unreserved characters of RFC 3986, and a space as
//! `+`. Names are written as they are: generated code encodes them.
//!
//! Nothing checks that each begin has its end: the callers are generated, and their output is tested.

use std::fmt::{self, Write as _};
use std::ops::Range;

use percent_encoding::{AsciiSet, utf8_percent_encode};

#[cfg(feature = "tracing")]
use super::json::marks;
use super::uri::RESERVED;
use crate::formatting::write;
use crate::timestamp::{Timestamp, TimestampFormat};

/// Like the reserved characters, but for the space, which has an encoding of its own.
const ENCODED: &AsciiSet = &RESERVED.remove(b' ');
/// How many bytes of a blob are encoded at a time: a multiple of three, so that only the last part is padded.
const BLOB_PART: usize = 3 * 1024;

/// Writes a form, from left to right.
///
/// ```
/// use attache_runtime::plumbing::form::Writer;
///
/// let mut form = Writer::query("Action=Find&Version=2020-01-01", 64);
/// form.key("Names");
/// form.begin_list("member");
/// for name in ["a b", "ü"] {
///     form.element();
///     form.string(name);
/// }
/// form.end_list();
/// let text = form.into_text();
/// assert_eq!(text, "Action=Find&Version=2020-01-01&Names.member.1=a+b&Names.member.2=%C3%BC");
/// ```
pub struct Writer {
    body: String,
    key: String,
    /// Where the current key was shorter: a frame for each name and number of it, the innermost last.
    frames: Vec<Frame>,
    /// Whether the protocol has empty lists.
    writes_empty_lists: bool,
    /// How many of the frames hold what must not be shown.
    hidden: usize,
    /// The values that must not be shown.
    sensitive: Vec<Range<usize>>,
}

/// A name or a number of the current key.
struct Frame {
    /// The length of the key without it.
    outer: usize,
    /// The length of the key with it, without the name of the elements.
    own: usize,
    /// How many elements it has, if it is a list or a map.
    elements: usize,
    is_hidden: bool,
}

impl Writer {
    /// A form of awsQuery that begins with this text, with room for `capacity` further bytes.
    pub fn query(start: &str, capacity: usize) -> Self {
        let mut body = String::with_capacity(start.len() + capacity);
        body.push_str(start);
        Self {
            body,
            key: String::with_capacity(64),
            frames: Vec::with_capacity(8),
            writes_empty_lists: true,
            hidden: 0,
            sensitive: Vec::new(),
        }
    }

    /// A form of ec2Query, which has no empty lists.
    pub fn ec2(start: &str, capacity: usize) -> Self {
        Self {
            writes_empty_lists: false,
            ..Self::query(start, capacity)
        }
    }

    /// The text.
    pub fn into_text(self) -> String {
        self.body
    }

    /// The text, and the values in it that must not be shown.
    pub(crate) fn into_parts(self) -> (String, Vec<Range<usize>>) {
        (self.body, self.sensitive)
    }

    /// Begins a member. A value must follow, which ends it.
    pub fn key(&mut self, name: &str) {
        let outer = self.key.len();
        if outer > 0 {
            self.key.push('.');
        }
        self.key.push_str(name);
        self.begin(outer, false);
    }

    /// Begins a member that must not be shown (`smithy.api#sensitive`).
    pub fn sensitive_key(&mut self, name: &str) {
        self.key(name);
        if let Some(frame) = self.frames.last_mut() {
            frame.is_hidden = true;
            self.hidden += 1;
        }
    }

    /// Begins a list or a map whose elements have this name before their number.
    pub fn begin_list(&mut self, name: &str) {
        self.key.push('.');
        self.key.push_str(name);
    }

    /// Begins an element of a list, or an entry of a map. Its value must follow, or its key and its value as members and
    /// then [`end`](Self::end).
    pub fn element(&mut self) {
        let outer = self.key.len();
        if let Some(list) = self.frames.last_mut() {
            list.elements += 1;
            let number = list.elements;
            // Writing into a string cannot fail.
            let _ = write!(self.key, ".{number}");
        }
        self.begin(outer, false);
    }

    /// Ends a list.
    pub fn end_list(&mut self) {
        if let Some(list) = self.frames.last()
            && list.elements == 0
            && self.writes_empty_lists
        {
            self.key.truncate(list.own);
            self.pair();
        }
        self.end();
    }

    /// Ends a structure, a union, a map, or an entry of a map.
    pub fn end(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.key.truncate(frame.outer);
            self.hidden -= usize::from(frame.is_hidden);
        }
    }

    /// Writes `true` or `false`.
    pub fn boolean(&mut self, value: bool) {
        self.plain(format_args!("{value}"));
    }

    /// Writes an integer; the narrower Smithy integers convert to `i64` without loss.
    pub fn integer(&mut self, value: i64) {
        self.plain(format_args!("{value}"));
    }

    /// Writes the shortest decimal number that reads back as the same `f32`; NaN and the infinities as `NaN`, `Infinity`
    /// and `-Infinity`.
    pub fn float(&mut self, value: f32) {
        match value {
            f32::INFINITY => self.string("Infinity"),
            f32::NEG_INFINITY => self.string("-Infinity"),
            value => self.plain(format_args!("{value:?}")),
        }
    }

    /// Writes the shortest decimal number that reads back as the same `f64`; NaN and the infinities as
    /// [`float`](Self::float) does.
    pub fn double(&mut self, value: f64) {
        match value {
            f64::INFINITY => self.string("Infinity"),
            f64::NEG_INFINITY => self.string("-Infinity"),
            value => self.plain(format_args!("{value:?}")),
        }
    }

    /// Writes a text.
    pub fn string(&mut self, value: &str) {
        let start = self.pair();
        self.encoded(value);
        self.finish(start);
    }

    /// Writes bytes as base64: RFC 4648 section 4, with padding.
    pub fn blob(&mut self, value: &[u8]) {
        let start = self.pair();
        self.body
            .reserve(base64_simd::STANDARD.encoded_length(value.len()));
        for part in value.chunks(BLOB_PART) {
            let text = base64_simd::STANDARD.encode_to_string(part);
            self.encoded(&text);
        }
        self.finish(start);
    }

    /// Writes a timestamp.
    pub fn timestamp(&mut self, value: Timestamp, format: TimestampFormat) {
        self.string(&value.format(format));
    }

    fn begin(&mut self, outer: usize, is_hidden: bool) {
        self.frames.push(Frame {
            outer,
            own: self.key.len(),
            elements: 0,
            is_hidden,
        });
    }

    /// Writes the key of a value; returns where the value begins.
    fn pair(&mut self) -> usize {
        if !self.body.is_empty() {
            self.body.push('&');
        }
        self.body.push_str(&self.key);
        self.body.push('=');
        self.body.len()
    }

    /// Writes a value that needs no encoding.
    fn plain(&mut self, value: fmt::Arguments<'_>) {
        let start = self.pair();
        let _ = self.body.write_fmt(value);
        self.finish(start);
    }

    fn encoded(&mut self, value: &str) {
        for (index, word) in value.split(' ').enumerate() {
            if index > 0 {
                self.body.push('+');
            }
            self.body.extend(utf8_percent_encode(word, ENCODED));
        }
    }

    /// Ends the member or element whose value begins at `start`.
    fn finish(&mut self, _start: usize) {
        #[cfg(feature = "tracing")]
        if self.hidden > 0 && marks::is_recording() {
            self.sensitive.push(_start..self.body.len());
        }
        self.end();
    }
}

/// Shows only the length, because the text may be confidential.
impl fmt::Debug for Writer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Writer")
            .field("length", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Writer;

    #[test]
    fn keys_grow_and_shrink_with_what_they_name() {
        let mut form = Writer::query("A=1", 0);
        form.key("Outer");
        form.key("Map");
        form.begin_list("entry");
        form.element();
        form.key("key");
        form.string("k");
        form.key("value");
        form.key("Deep");
        form.boolean(true);
        form.end();
        form.end();
        form.end();
        form.key("Flat");
        form.element();
        form.integer(-7);
        form.element();
        form.double(10.8);
        form.end_list();
        form.end();
        form.key("Last");
        form.float(f32::NAN);
        assert_eq!(
            form.into_text(),
            "A=1&Outer.Map.entry.1.key=k&Outer.Map.entry.1.value.Deep=true&Outer.Flat.1=-7&Outer.Flat.2=10.8&Last=NaN"
        );
    }

    #[test]
    fn only_query_has_empty_lists() {
        let write = |mut form: Writer| {
            form.key("List");
            form.begin_list("member");
            form.end_list();
            form.key("Map");
            form.begin_list("entry");
            form.end();
            form.key("B");
            form.string("");
            form.into_text()
        };
        assert_eq!(write(Writer::query("A=1", 0)), "A=1&List=&B=");
        assert_eq!(write(Writer::ec2("A=1", 0)), "A=1&B=");
    }

    #[test]
    fn a_blob_of_several_parts_is_one_base64_text() {
        let bytes: Vec<u8> = (0_u32..10_000).map(|byte| byte as u8).collect();
        let mut form = Writer::query("", 0);
        form.key("B");
        form.blob(&bytes);
        let text = form.into_text();
        let encoded = text.strip_prefix("B=").expect("one pair");
        let decoded = percent_encoding::percent_decode_str(encoded);
        let decoded = decoded.decode_utf8().expect("base64 is ASCII");
        assert_eq!(decoded, base64_simd::STANDARD.encode_to_string(&bytes));
    }

    #[test]
    fn text_is_encoded_as_botocore_encodes_it() {
        let mut form = Writer::query("", 0);
        form.key("T");
        form.string("a b  c+d&e=f/g%h~i*j\r\nü");
        assert_eq!(
            form.into_text(),
            "T=a+b++c%2Bd%26e%3Df%2Fg%25h~i%2Aj%0D%0A%C3%BC"
        );
    }
}
