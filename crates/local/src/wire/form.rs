//! Reads forms, the bodies of the query protocols: what generated code calls.
//!
//! The keys of a form name places, such as `Filter.1.Name`. They become a tree before anything is read, because the pairs
//! have no order.

use std::collections::BTreeMap;
use std::fmt;

use attache_runtime::{Bytes, Timestamp, TimestampFormat};
use percent_encoding::percent_decode_str;

/// How many names a key may have: the tree is as deep, and it is read by functions that call each other.
const DEPTH_LIMIT: usize = 128;

/// A place in a form: its value, and the places below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    value: Option<String>,
    children: BTreeMap<String, Node>,
}

/// Why a form cannot be read: the place and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    place: String,
    reason: &'static str,
}

/// The result of reading a form.
pub type Result<T> = std::result::Result<T, Error>;

impl Node {
    /// The tree of a form.
    ///
    /// # Errors
    /// A key with too many names; text that is not UTF-8.
    pub fn parse(form: &str) -> Result<Self> {
        let mut root = Self::default();
        for pair in form.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (key, value) = (decoded(key)?, decoded(value)?);
            if key.split('.').count() > DEPTH_LIMIT {
                return Err(Error::new("a key of the form has too many parts"));
            }
            let mut node = &mut root;
            for name in key.split('.') {
                node = node.children.entry(name.to_owned()).or_default();
            }
            node.value = Some(value);
        }
        Ok(root)
    }

    /// Reads a member, if it is there.
    ///
    /// # Errors
    /// What `read` refuses.
    pub fn member<T>(
        &self,
        name: &str,
        read: impl FnOnce(&Self) -> Result<T>,
    ) -> Result<Option<T>> {
        let child = self.children.get(name);
        child
            .map(|node| read(node).map_err(|error| error.below(name)))
            .transpose()
    }

    /// Reads a list whose elements have this name before their number, or none.
    ///
    /// # Errors
    /// An element whose name is no number, and what `read` refuses.
    pub fn list<T>(&self, name: Option<&str>, read: impl Fn(&Self) -> Result<T>) -> Result<Vec<T>> {
        let numbered = self.numbered(name)?;
        let elements = numbered
            .into_iter()
            .map(|(number, node)| read(node).map_err(|error| error.below(number).below_if(name)));
        elements.collect()
    }

    /// Reads a map whose entries have this name before their number, or none, and these names of keys and values.
    ///
    /// # Errors
    /// An entry whose name is no number or that lacks its key or its value, and what the functions refuse.
    pub fn map<K: Ord, V>(
        &self,
        name: Option<&str>,
        (key, read_key): (&str, impl Fn(&Self) -> Result<K>),
        (value, read_value): (&str, impl Fn(&Self) -> Result<V>),
    ) -> Result<BTreeMap<K, V>> {
        let numbered = self.numbered(name)?;
        let entries = numbered.into_iter().map(|(number, node)| {
            let entry = || {
                let lacks = |what| Error::new("an entry of a map lacks it").below(what);
                let found = node.member(key, &read_key)?.ok_or_else(|| lacks(key))?;
                let held = node.member(value, &read_value)?;
                Ok((found, held.ok_or_else(|| lacks(value))?))
            };
            entry().map_err(|error: Error| error.below(number).below_if(name))
        });
        entries.collect()
    }

    /// The places with a number, in the order of the numbers. An empty list is a key without a value.
    fn numbered(&self, name: Option<&str>) -> Result<Vec<(&str, &Self)>> {
        let elements = match name {
            Some(name) => self.children.get(name),
            None => Some(self),
        };
        let mut numbered = Vec::new();
        for (name, node) in elements.iter().flat_map(|elements| &elements.children) {
            let number: u64 = name
                .parse()
                .map_err(|_| Error::new("the place of an element is a number").below(name))?;
            numbered.push((number, (name.as_str(), node)));
        }
        numbered.sort_by_key(|(number, _)| *number);
        Ok(numbered.into_iter().map(|(_, element)| element).collect())
    }

    /// Reads an element of a list or a map that may have empty ones. Forms have none.
    ///
    /// # Errors
    /// What `read` refuses.
    pub fn some<T>(&self, read: impl FnOnce(&Self) -> Result<T>) -> Result<Option<T>> {
        read(self).map(Some)
    }

    /// The value of this place.
    ///
    /// # Errors
    /// A place that only has others below it.
    pub fn text(&self) -> Result<&str> {
        let value = self.value.as_deref();
        value.ok_or_else(|| Error::new("a value is missing here"))
    }

    /// The value as a text of its own.
    ///
    /// # Errors
    /// As [`text`](Self::text).
    pub fn string(&self) -> Result<String> {
        self.text().map(str::to_owned)
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// Another value.
    pub fn boolean(&self) -> Result<bool> {
        match self.text()? {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Error::new("the value is neither true nor false")),
        }
    }

    /// A number: an integer or a float of any width.
    ///
    /// # Errors
    /// A value that is no number of its type.
    pub fn number<T: std::str::FromStr>(&self) -> Result<T> {
        let number = self.text()?.parse();
        number.map_err(|_| Error::new("the value is not a number of its type"))
    }

    /// Bytes in base64.
    ///
    /// # Errors
    /// A value that is not base64.
    pub fn blob(&self) -> Result<Bytes> {
        let bytes = base64_simd::STANDARD.decode_to_vec(self.text()?);
        let bytes = bytes.map_err(|_| Error::new("the value is not base64"))?;
        Ok(bytes.into())
    }

    /// A timestamp.
    ///
    /// # Errors
    /// A value that is no timestamp of the format.
    pub fn timestamp(&self, format: TimestampFormat) -> Result<Timestamp> {
        let timestamp = Timestamp::parse(self.text()?, format);
        timestamp.map_err(|_| Error::new("the value is not a timestamp of its format"))
    }

    /// The only member of a union.
    ///
    /// # Errors
    /// No member that the model has, or several.
    pub fn only<T>(members: impl IntoIterator<Item = Option<T>>) -> Result<T> {
        let mut members = members.into_iter().flatten();
        match (members.next(), members.next()) {
            (Some(member), None) => Ok(member),
            _ => Err(Error::new("a union has exactly one member")),
        }
    }
}

impl Error {
    fn new(reason: &'static str) -> Self {
        Self {
            place: String::new(),
            reason,
        }
    }

    fn below(mut self, name: &str) -> Self {
        self.place = match self.place.as_str() {
            "" => name.to_owned(),
            place => format!("{name}.{place}"),
        };
        self
    }

    fn below_if(self, name: Option<&str>) -> Self {
        match name {
            Some(name) => self.below(name),
            None => self,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "" => formatter.write_str(self.reason),
            place => write!(formatter, "{place}: {}", self.reason),
        }
    }
}

fn decoded(text: &str) -> Result<String> {
    let text = text.replace('+', " ");
    let decoded = percent_decode_str(&text).decode_utf8();
    let decoded = decoded.map_err(|_| Error::new("the form is not UTF-8"))?;
    Ok(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::Node;

    fn node(form: &str) -> Node {
        Node::parse(form).expect("a form")
    }

    #[test]
    fn elements_are_in_the_order_of_their_numbers() {
        let form = node("L.member.10=c&L.member.2=b&L.member.1=a+%2B&Empty=");
        let list = |name| form.member(name, |node| node.list(Some("member"), Node::string));
        let elements = ["a +", "b", "c"].map(str::to_owned).to_vec();
        assert_eq!(list("L"), Ok(Some(elements)));
        assert_eq!(list("Empty"), Ok(Some(Vec::new())));
        assert_eq!(list("Absent"), Ok(None));
    }

    #[test]
    fn an_error_names_the_place() {
        let form = node("A.M.entry.1.key=k&A.M.entry.1.value=x&A.L.one=1");
        let map = |node: &Node| {
            node.map(
                Some("entry"),
                ("key", Node::string),
                ("value", Node::number::<i32>),
            )
        };
        let error = form
            .member("A", |node| node.member("M", map))
            .expect_err("not a number");
        assert_eq!(
            error.to_string(),
            "A.M.entry.1.value: the value is not a number of its type"
        );
        let list = |node: &Node| node.list(None, Node::number::<i32>);
        let error = form.member("A", |node| node.member("L", list));
        assert_eq!(
            error.expect_err("no number").to_string(),
            "A.L.one: the place of an element is a number"
        );
    }

    #[test]
    fn a_key_with_too_many_parts_is_refused() {
        let key = vec!["a"; 100_000].join(".");
        assert!(Node::parse(&format!("{key}=1")).is_err());
    }
}
