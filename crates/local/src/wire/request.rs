//! Requests, and the reading of their parts.

use attache_runtime::Bytes;
use attache_runtime::plumbing::json::{self, Reader};
use attache_runtime::plumbing::{cbor, header, xml};
use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;

use super::form;

/// How much memory the values of a body may use. The longest body can be one text of that size; empty structures use a
/// hundred times the memory of their text.
const VALUE_LIMIT: u64 = 96 << 20;

/// A request with its whole body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path as it was sent, percent-encoded.
    pub path: String,
    /// The query as it was sent, without `?`.
    pub query: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Request {
    /// The segments of the path, still percent-encoded.
    pub fn segments(&self) -> Vec<&str> {
        let path = self.path.strip_prefix('/').unwrap_or(&self.path);
        path.split('/').collect()
    }

    /// The path label in the segment with this index.
    ///
    /// # Errors
    /// Text that is not UTF-8.
    pub fn label(&self, member: &str, index: usize) -> Result<String, DecodeError> {
        let segments = self.segments();
        decoded(member, segments.get(index).copied().unwrap_or_default())
    }

    /// The path label in the segment with this index, counted from the last one.
    ///
    /// # Errors
    /// Text that is not UTF-8.
    pub fn label_from_end(&self, member: &str, index: usize) -> Result<String, DecodeError> {
        let segments = self.segments();
        let segment = segments.len().checked_sub(index + 1);
        let segment = segment.and_then(|index| segments.get(index));
        decoded(member, segment.copied().unwrap_or_default())
    }

    /// The greedy label from this segment on, `behind` segments left at the end.
    ///
    /// # Errors
    /// Text that is not UTF-8.
    pub fn greedy_label(
        &self,
        member: &str,
        from: usize,
        behind: usize,
    ) -> Result<String, DecodeError> {
        let segments = self.segments();
        let to = segments.len().saturating_sub(behind);
        decoded(
            member,
            &segments.get(from..to).unwrap_or_default().join("/"),
        )
    }

    /// The parameters of the query, decoded, in their order.
    pub fn query_pairs(&self) -> impl Iterator<Item = (String, String)> {
        let pairs = self.query.split('&').filter(|pair| !pair.is_empty());
        pairs.map(decoded_pair)
    }

    /// Whether the query has what a URI pattern requires: a pair, or a key without a value. The same characters may be
    /// encoded in one of them and not in the other.
    pub fn has_query_literal(&self, literal: &str) -> bool {
        let literal = decoded_pair(literal);
        self.query_pairs().any(|pair| pair == literal)
    }

    /// The first value of a parameter of the query.
    pub fn query_value(&self, key: &str) -> Option<String> {
        self.query_pairs()
            .find_map(|(found, value)| (found == key).then_some(value))
    }

    /// All values of a parameter of the query.
    pub fn query_values(&self, key: &str) -> Vec<String> {
        self.query_pairs()
            .filter_map(|(found, value)| (found == key).then_some(value))
            .collect()
    }

    /// The value of a header, if it is text.
    pub fn header(&self, name: &str) -> Option<String> {
        let value = self.headers.get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }

    /// The headers whose names begin with a prefix, which is in lower case, without it.
    pub fn prefix_headers(&self, prefix: &str) -> impl Iterator<Item = (String, String)> {
        self.headers.keys().filter_map(move |name| {
            let key = name.as_str().strip_prefix(prefix)?;
            Some((key.to_owned(), self.header(name.as_str())?))
        })
    }

    /// The body as text.
    ///
    /// # Errors
    /// A body that is not UTF-8.
    pub fn text(&self) -> Result<String, DecodeError> {
        String::from_utf8(self.body.to_vec())
            .map_err(|_| DecodeError("the body is not UTF-8".to_owned()))
    }

    /// The value of a key of the body, which is a form.
    pub fn form_value(&self, key: &str) -> Option<String> {
        let pairs = std::str::from_utf8(&self.body).ok()?.split('&');
        let mut pairs = pairs.map(decoded_pair);
        pairs.find_map(|(found, value)| (found == key).then_some(value))
    }

    /// Reads the body as a form.
    ///
    /// # Errors
    /// A body that is no form, or whose values are not of the types that are read.
    pub fn form<T>(
        &self,
        read: impl FnOnce(&form::Node) -> form::Result<T>,
    ) -> Result<T, DecodeError> {
        let text = std::str::from_utf8(&self.body)
            .map_err(|_| DecodeError("the body is not UTF-8".to_owned()))?;
        Ok(read(&form::Node::parse(text)?)?)
    }

    /// Reads the body as an element of XML, whatever its name is. A missing body counts as an element without members.
    ///
    /// # Errors
    /// A body that is no XML, or not of the type that is read.
    pub fn xml<T>(
        &self,
        read: impl FnOnce(&mut xml::Reader<'_>) -> xml::Result<T>,
    ) -> Result<T, DecodeError> {
        let bytes: &[u8] = match self.body.is_empty() {
            true => b"<empty/>",
            false => &self.body,
        };
        let mut reader = xml::Reader::with_value_limit(bytes, VALUE_LIMIT)?;
        reader.root()?;
        let value = read(&mut reader)?;
        reader.finish()?;
        Ok(value)
    }

    /// Reads the body as one JSON value. A missing body counts as an object without members.
    ///
    /// # Errors
    /// A body that is not JSON, or not of the type that is read.
    pub fn json<T>(
        &self,
        read: impl FnOnce(&mut Reader<'_>) -> Result<T, json::Error>,
    ) -> Result<T, DecodeError> {
        let bytes: &[u8] = if self.body.is_empty() {
            b"{}"
        } else {
            &self.body
        };
        let mut reader = Reader::with_value_limit(bytes, VALUE_LIMIT)?;
        let value = read(&mut reader)?;
        reader.finish()?;
        Ok(value)
    }

    /// Reads the body as one value of CBOR. A missing body counts as a map without members.
    ///
    /// # Errors
    /// A body that is not CBOR, or not of the type that is read.
    pub fn cbor<T>(
        &self,
        read: impl FnOnce(&mut cbor::Reader<'_>) -> cbor::Result<T>,
    ) -> Result<T, DecodeError> {
        let bytes: &[u8] = if self.body.is_empty() {
            EMPTY_MAP
        } else {
            &self.body
        };
        let mut reader = cbor::Reader::with_value_limit(bytes, VALUE_LIMIT);
        let value = read(&mut reader)?;
        reader.finish()?;
        Ok(value)
    }
}

/// A map of CBOR without members.
const EMPTY_MAP: &[u8] = b"\xa0";

/// A key and its value, which is empty where there is none.
fn decoded_pair(pair: &str) -> (String, String) {
    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8_lossy().into_owned()
    };
    (decode(key), decode(value))
}

fn decoded(member: &str, text: &str) -> Result<String, DecodeError> {
    let text = percent_decode_str(text).decode_utf8();
    let text = text.map_err(|_| DecodeError(format!("the label `{member}` is not UTF-8")))?;
    Ok(text.into_owned())
}

/// A request that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError(String);

impl DecodeError {
    pub(super) fn message(&self) -> &str {
        &self.0
    }
}

/// An error in JSON or in CBOR.
impl From<json::Error> for DecodeError {
    fn from(error: json::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<form::Error> for DecodeError {
    fn from(error: form::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<header::HeaderError> for DecodeError {
    fn from(error: header::HeaderError) -> Self {
        Self(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use attache_runtime::Bytes;
    use http::{HeaderMap, Method};

    use super::Request;

    #[test]
    fn a_literal_of_the_query_may_be_encoded_in_either() {
        for (query, literal, expected) in [
            ("mode=a%20b", "mode=a%20b", true),
            ("mode=a+b", "mode=a%20b", true),
            ("mode=a%20b", "mode=a b", true),
            ("mode=a%2Fb", "mode=a/b", true),
            ("x=1&mode=other&mode=a", "mode=a", true),
            ("flag", "flag", true),
            ("flag=", "flag", true),
            ("mode=a%2520b", "mode=a%20b", false),
            ("mode=a", "mode=b", false),
            ("mode=a", "mode", false),
            ("", "mode=a", false),
        ] {
            let request = Request {
                method: Method::GET,
                path: "/x".to_owned(),
                query: query.to_owned(),
                headers: HeaderMap::new(),
                body: Bytes::new(),
            };
            let found = request.has_query_literal(literal);
            assert_eq!(found, expected, "{literal} in {query}");
        }
    }
}
