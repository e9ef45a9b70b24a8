//! The path of a value in a request, as a list of borrowed segments on the stack.
//!
//! A path is formatted only for a violation, so validating a valid request allocates nothing.

use super::name::Name;
use crate::formatting::write;

/// How many characters of a map key a path shows.
const KEY_LIMIT: usize = 64;

/// A place in a request.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    segment: Segment<'a>,
    depth: usize,
}

#[derive(Clone, Copy, Debug)]
enum Segment<'a> {
    Root,
    Member(Name),
    Element(usize),
    Key(&'a str),
    HiddenKey,
}

impl<'a> Path<'a> {
    /// The request itself.
    pub const ROOT: Path<'static> = Path {
        parent: None,
        segment: Segment::Root,
        depth: 0,
    };

    /// A member of the structure or union at this path, by its name in the model, and its name in Rust where that is
    /// not the [field name](super::name::field_name).
    pub fn member(&'a self, name: impl Into<Name>) -> Path<'a> {
        self.child(Segment::Member(name.into()))
    }

    /// An element of the list at this path.
    pub fn element(&'a self, index: usize) -> Path<'a> {
        self.child(Segment::Element(index))
    }

    /// A value of the map at this path. The path shows the first 64 characters of a long key.
    pub fn key(&'a self, key: &'a str) -> Path<'a> {
        self.child(Segment::Key(key))
    }

    /// A value of the map at this path, whose keys are sensitive: the path shows `*` in place of the key.
    pub fn hidden_key(&'a self) -> Path<'a> {
        self.child(Segment::HiddenKey)
    }

    /// How many segments there are.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    fn child(&'a self, segment: Segment<'a>) -> Path<'a> {
        Path {
            parent: Some(self),
            segment,
            depth: self.depth + 1,
        }
    }

    /// The path as a JSON Pointer (RFC 6901): `~` and `/` in names are `~0` and `~1`, the whole request is empty.
    pub(super) fn to_pointer(self) -> String {
        let mut pointer = String::new();
        for segment in self.segments().iter().rev() {
            match segment {
                Segment::Root => continue,
                Segment::Member(name) => push_escaped(&mut pointer, name.in_model()),
                Segment::Element(index) => {
                    let _ = write!(pointer, "/{index}");
                }
                Segment::Key(key) => push_key(&mut pointer, key),
                Segment::HiddenKey => pointer.push_str("/*"),
            }
        }
        pointer
    }

    /// The path in Rust's terms: `attachments[0].data`, `tags["key"]`. The whole request is empty.
    pub(super) fn to_field(self) -> String {
        let mut field = String::new();
        for segment in self.segments().iter().rev() {
            let _ = match segment {
                Segment::Root => continue,
                Segment::Member(name) => {
                    let dot = if field.is_empty() { "" } else { "." };
                    write!(field, "{dot}{}", name.in_rust())
                }
                Segment::Element(index) => write!(field, "[{index}]"),
                Segment::Key(key) => match key.char_indices().nth(KEY_LIMIT) {
                    Some((end, _)) => write!(field, "[{:?}…]", &key[..end]),
                    None => write!(field, "[{key:?}]"),
                },
                Segment::HiddenKey => write!(field, "[*]"),
            };
        }
        field
    }

    /// The structure that has the member at this path.
    pub(super) fn parent(self) -> Path<'a> {
        self.parent.copied().unwrap_or(self)
    }

    /// The name of the member at the end of this path in Rust.
    pub(super) fn last_field(self) -> String {
        match self.segment {
            Segment::Member(name) => name.in_rust(),
            _ => String::new(),
        }
    }

    /// The segments, the last one first.
    fn segments(self) -> Vec<Segment<'a>> {
        let mut segments = Vec::with_capacity(self.depth + 1);
        let mut path = Some(&self);
        while let Some(place) = path {
            segments.push(place.segment);
            path = place.parent;
        }
        segments
    }
}

fn push_key(pointer: &mut String, key: &str) {
    match key.char_indices().nth(KEY_LIMIT) {
        Some((end, _)) => {
            push_escaped(pointer, &key[..end]);
            pointer.push('…');
        }
        None => push_escaped(pointer, key),
    }
}

fn push_escaped(pointer: &mut String, name: &str) {
    pointer.push('/');
    for letter in name.chars() {
        match letter {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn paths_are_json_pointers() {
        let root = Path::ROOT;
        let map = root.member("tags");
        assert_eq!(root.to_pointer(), "");
        assert_eq!(map.key("a/b~c").to_pointer(), "/tags/a~1b~0c");
        assert_eq!(map.hidden_key().to_pointer(), "/tags/*");
        assert_eq!(map.element(3).member("email").to_pointer(), "/tags/3/email");
        let long = "👍".repeat(65);
        let expected = format!("/tags/{}…", "👍".repeat(64));
        assert_eq!(map.key(&long).to_pointer(), expected);
    }

    #[test]
    fn paths_have_the_names_of_rust() {
        let root = Path::ROOT;
        let list = root.member("ccWatchers");
        let map = root.member(&["Tags", "labels"]);
        assert_eq!(root.to_field(), "");
        assert_eq!(
            list.element(3).member("emailAddress").to_field(),
            "cc_watchers[3].email_address"
        );
        assert_eq!(map.to_pointer(), "/Tags");
        assert_eq!(map.key("a\"b\n").to_field(), r#"labels["a\"b\n"]"#);
        assert_eq!(map.hidden_key().to_field(), "labels[*]");
        let long = "x".repeat(65);
        let expected = format!("labels[\"{}\"…]", "x".repeat(64));
        assert_eq!(map.key(&long).to_field(), expected);
    }
}
