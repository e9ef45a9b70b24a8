//! CBOR as documents: those of a model, and those that people read and that become the same CBOR again.
//!
//! JSON has no bytes, and not all numbers of CBOR. A readable document has objects of one member for them: `$bytes` with
//! base64, and `$number` with the digits of a long number, `NaN` or an infinity. A key that begins with `$` gets another
//! one. Tags of times and the lengths of numbers are lost; the reader does not need them.

use std::collections::BTreeMap;
use std::ops::Range;

use super::head::{FALSE, Head, NULL, TRUE, UNDEFINED};
use super::number::{DECIMAL_FRACTION, Number, is_bignum};
use super::{Reader, Result, Writer};
use crate::big::{BigDecimal, BigInteger};
use crate::document::{self, Document};

const BYTES: &str = "$bytes";
const NUMBER: &str = "$number";

/// Selects values of a text, and may replace them.
pub(crate) trait Select {
    /// Whether the document is to become CBOR again.
    fn is_readable(&self) -> bool {
        true
    }

    /// Where the part of the text ends of which members and elements are kept.
    fn end(&self) -> usize {
        usize::MAX
    }

    /// What is kept of the value at this place.
    fn value(&mut self, _place: Range<usize>, value: Document) -> Document {
        value
    }
}

/// All of a document of a model.
struct OfModel;

impl Select for OfModel {
    fn is_readable(&self) -> bool {
        false
    }
}

/// All of a readable document.
struct Readable;

impl Select for Readable {}

impl Reader<'_> {
    /// Reads any value whose kinds a document has; bytes become a base64 text. Of equal keys in a map the last one counts.
    ///
    /// # Errors
    /// When the text is no valid CBOR, nests too deep, has a key that is no string, or a number beyond the range of `f64`.
    pub fn document(&mut self) -> Result<Document> {
        self.select(&mut OfModel)
    }

    /// Reads any value as a document of which [`Writer::readable`] makes the same value again.
    ///
    /// # Errors
    /// When the text is no valid CBOR, nests too deep, has a key that is no string, or a simple value without a meaning.
    pub fn readable(&mut self) -> Result<Document> {
        self.select(&mut Readable)
    }

    /// Reads what is selected of any value. The function recurses as deep as the text nests.
    pub(crate) fn select(&mut self, selection: &mut dyn Select) -> Result<Document> {
        let start = self.position;
        let (tag, head) = self.tagged()?;
        let value = match head {
            Head::Simple(NULL | UNDEFINED) => Document::Null,
            Head::Simple(FALSE) => Document::Bool(false),
            Head::Simple(TRUE) => Document::Bool(true),
            Head::Text(length) => {
                let text = self.text_of(start, length)?;
                Document::String(self.own(text)?)
            }
            Head::Array(_) if tag != Some(DECIMAL_FRACTION) => {
                self.position = start;
                self.select_elements(selection)?
            }
            Head::Map(_) => {
                self.position = start;
                self.select_members(selection)?
            }
            Head::Bytes(length) if !is_bignum(tag) => {
                let bytes = self.byte_string(start, head, length)?;
                self.charge_allocation(base64_simd::STANDARD.encoded_length(bytes.len()))?;
                let text = base64_simd::STANDARD.encode_to_string(&bytes);
                match selection.is_readable() {
                    true => marked(BYTES, text),
                    false => Document::String(text),
                }
            }
            _ if selection.is_readable() => {
                readable_number(self.number_of(start, tag, head, "a value that JSON has")?)
            }
            _ => Document::Number(self.document_number(start, tag, head)?),
        };
        Ok(selection.value(start..self.position, value))
    }

    fn select_elements(&mut self, selection: &mut dyn Select) -> Result<Document> {
        let mut list = Vec::new();
        let mut elements = self.array()?;
        while self.element(&mut elements)? {
            if self.position >= selection.end() {
                self.skip_value()?;
                continue;
            }
            self.charge_element(list.len(), list.capacity(), size_of::<Document>())?;
            list.push(self.select(selection)?);
        }
        Ok(Document::Array(list))
    }

    fn select_members(&mut self, selection: &mut dyn Select) -> Result<Document> {
        let mut map = BTreeMap::new();
        let mut fields = self.object()?;
        while let Some(key) = self.key(&mut fields)? {
            if self.position > selection.end() {
                self.skip_value()?;
                continue;
            }
            let mut key = self.own(key)?;
            if selection.is_readable() && key.starts_with('$') {
                key.insert(0, '$');
            }
            self.charge_entry(map.len(), size_of::<(String, Document)>())?;
            map.insert(key, self.select(selection)?);
        }
        Ok(Document::Object(map))
    }
}

impl Writer {
    /// Writes a document that [`Reader::readable`] made. The function recurses as deep as the document nests.
    ///
    /// # Errors
    /// An object of the one member `$bytes` that is not base64, or `$number` that is not a number; the text says which.
    pub fn readable(&mut self, value: &Document) -> Result<(), &'static str> {
        match value {
            Document::Array(values) => {
                self.array(values.len());
                values.iter().try_for_each(|value| self.readable(value))
            }
            Document::Object(members) => match special(members) {
                Some((BYTES, text)) => {
                    let bytes = base64_simd::STANDARD.decode_to_vec(text);
                    self.blob(&bytes.map_err(|_| "`$bytes` is not base64")?);
                    Ok(())
                }
                Some((_, text)) => self.readable_number(text),
                None => {
                    self.map(members.len());
                    members.iter().try_for_each(|(name, value)| {
                        self.string(name.strip_prefix('$').unwrap_or(name));
                        self.readable(value)
                    })
                }
            },
            other => {
                self.document(other);
                Ok(())
            }
        }
    }

    fn readable_number(&mut self, text: &str) -> Result<(), &'static str> {
        match text {
            "NaN" => self.double(f64::NAN),
            "Infinity" => self.double(f64::INFINITY),
            "-Infinity" => self.double(f64::NEG_INFINITY),
            digits => match (BigInteger::new(digits), BigDecimal::new(digits)) {
                (Ok(value), _) => self.big_integer(&value),
                (_, Ok(value)) => self.big_decimal(&value),
                _ => return Err("`$number` is not a number"),
            },
        }
        Ok(())
    }
}

/// The only member of an object that stands for bytes or a number.
fn special(members: &BTreeMap<String, Document>) -> Option<(&'static str, &str)> {
    let (name, value) = members.first_key_value().filter(|_| members.len() == 1)?;
    let name = [BYTES, NUMBER].into_iter().find(|it| it == name)?;
    Some((name, value.as_str()?))
}

/// The value of another one that stands for bytes, or the number 0.
#[cfg(feature = "test-util")]
pub(crate) fn replaced(
    members: &BTreeMap<String, Document>,
    bytes: impl FnOnce(&str) -> String,
) -> Option<Document> {
    Some(match special(members)? {
        (BYTES, text) => marked(BYTES, bytes(text)),
        _ => 0_u64.into(),
    })
}

fn marked(name: &str, text: String) -> Document {
    [(name, Document::String(text))].into_iter().collect()
}

fn readable_number(number: Number) -> Document {
    let float = |value: f64| match value {
        value if value.is_nan() => marked(NUMBER, "NaN".to_owned()),
        f64::INFINITY => marked(NUMBER, "Infinity".to_owned()),
        f64::NEG_INFINITY => marked(NUMBER, "-Infinity".to_owned()),
        value => document::Number::from(value).into(),
    };
    match number {
        Number::Integer(value) => match (u64::try_from(value), i64::try_from(value)) {
            (Ok(value), _) => value.into(),
            (_, Ok(value)) => value.into(),
            _ => marked(NUMBER, value.to_string()),
        },
        // The shortest decimal number that is the same float of 32 bits, unless it is a whole one.
        Number::Single(value) if value.is_finite() && value.fract() != 0.0 => {
            float(value.to_string().parse().unwrap_or_default())
        }
        Number::Single(value) => float(value.into()),
        Number::Double(value) => float(value),
        Number::Text(text) => marked(NUMBER, text),
    }
}

#[cfg(test)]
mod tests {
    use super::{Reader, Writer};

    /// The CBOR as JSON, and the CBOR that becomes of it.
    fn there_and_back(bytes: &[u8]) -> (String, Vec<u8>) {
        let document = Reader::new(bytes).readable().expect("it is CBOR");
        let mut json = crate::plumbing::json::Writer::with_capacity(64);
        json.document(&document);
        let json = json.into_bytes();
        let mut reader = crate::plumbing::json::Reader::new(&json).expect("UTF-8");
        let read = reader.document().expect("it is JSON");
        let mut writer = Writer::default();
        writer.readable(&read).expect("it was CBOR");
        let json = String::from_utf8(json).expect("UTF-8");
        (json, writer.into_bytes())
    }

    #[test]
    fn what_json_has_not_is_marked_and_comes_back() {
        for (bytes, json) in [
            (&b"\xa1aa\x42\x01\x02"[..], r#"{"a":{"$bytes":"AQI="}}"#),
            (b"\xa1f$bytesax", r#"{"$$bytes":"x"}"#),
            (b"\xa1a$ax", r#"{"$$":"x"}"#),
            (
                b"\x82\x20\x1b\xff\xff\xff\xff\xff\xff\xff\xff",
                "[-1,18446744073709551615]",
            ),
            (
                b"\x3b\xff\xff\xff\xff\xff\xff\xff\xff",
                r#"{"$number":"-18446744073709551616"}"#,
            ),
            (
                b"\xc2\x49\x01\x00\x00\x00\x00\x00\x00\x00\x00",
                r#"{"$number":"18446744073709551616"}"#,
            ),
            (b"\xc4\x82\x20\x19\x03\xe9", r#"{"$number":"1001e-1"}"#),
            (b"\xfb\x7f\xf0\0\0\0\0\0\0", r#"{"$number":"Infinity"}"#),
            (b"\xfb\x3f\xf0\0\0\0\0\0\0", "1.0"),
            (b"\x84\xf4\xf5\xf6\x80", "[false,true,null,[]]"),
        ] {
            let (text, again) = there_and_back(bytes);
            assert_eq!(text, json);
            assert_eq!(again, bytes, "{json}");
        }
        // A time and a float of 32 bits are the same numbers again, in another form.
        assert_eq!(there_and_back(b"\xc1\x01").0, "1");
        assert_eq!(there_and_back(b"\xfa\x3f\x8c\xcc\xcd").0, "1.1");
    }

    #[test]
    fn what_stands_for_no_value_is_refused() {
        for name in ["$bytes", "$number"] {
            let document = super::marked(name, "?".to_owned());
            let error = Writer::default().readable(&document).expect_err("no value");
            assert!(error.contains(name), "{error}");
        }
    }
}
