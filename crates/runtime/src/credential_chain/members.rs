//! Single members of JSON objects.

use crate::plumbing::json::{Kind, Reader};

/// The JSON of the members of these names of an object; of equal names the last one counts. `None` if the text does not begin
/// with an object.
#[inline(never)]
pub(super) fn of<'a, const N: usize>(text: &'a [u8], names: [&str; N]) -> Option<[Member<'a>; N]> {
    let mut found = [Member(None); N];
    find(text, &names, &mut found)?;
    Some(found)
}

/// It is compiled once for all numbers of names.
fn find<'a>(text: &'a [u8], names: &[&str], found: &mut [Member<'a>]) -> Option<()> {
    let mut reader = Reader::new(text).ok()?;
    let mut fields = reader.object().ok()?;
    while let Some(key) = reader.key(&mut fields).ok()? {
        let value = reader.raw().ok()?;
        for (name, member) in names.iter().zip(&mut *found) {
            if key == *name {
                *member = Member(Some(value));
            }
        }
    }
    Some(())
}

/// The JSON of a member.
#[derive(Clone, Copy)]
pub(super) struct Member<'a>(Option<&'a str>);

impl<'a> Member<'a> {
    /// A reader of the value, unless it is missing or null, and its kind.
    fn reader(self) -> Option<(Reader<'a>, Kind)> {
        let mut reader = Reader::new(self.0?.as_bytes()).ok()?;
        let kind = reader.peek_kind().ok()?;
        (kind != Kind::Null).then_some((reader, kind))
    }

    pub(super) fn is_missing(self) -> bool {
        self.reader().is_none()
    }

    /// The value as JSON.
    pub(super) fn json(self) -> &'a [u8] {
        self.0.unwrap_or_default().as_bytes()
    }

    /// A text.
    #[inline(never)]
    pub(super) fn text(self) -> Option<String> {
        match self.reader()? {
            (mut reader, Kind::String) => reader.string().ok(),
            _ => None,
        }
    }

    /// A whole number.
    pub(super) fn number(self) -> Option<i64> {
        match self.reader()? {
            (mut reader, Kind::Number) => reader.long().ok(),
            _ => None,
        }
    }
}
