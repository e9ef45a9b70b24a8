//! The XML reader: accepted and refused texts, values, and the places in errors.
#![cfg(feature = "xml")]

mod random;
mod texts;
mod values;

use attache_runtime::plumbing::xml::{Reader, Result};

/// Reads the root element.
fn read<'a, T>(text: &'a [u8], read: impl FnOnce(&mut Reader<'a>) -> Result<T>) -> Result<T> {
    let mut reader = Reader::new(text)?;
    reader.root()?;
    let value = read(&mut reader)?;
    reader.finish()?;
    Ok(value)
}

/// Reads a text in an element.
macro_rules! value {
    ($text:expr, $read:expr) => {
        $crate::read(format!("<a>{}</a>", $text).as_bytes(), $read)
    };
}
pub(crate) use value;

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.expect_err("the text should be refused").to_string()
}

/// An element: its name, and its children or its text.
#[derive(Clone, Debug, PartialEq)]
enum Tree {
    Text(String),
    Children(Vec<(String, Tree)>),
}

/// Reads any element whose text and children are not mixed.
fn tree(reader: &mut Reader<'_>, has_children: &dyn Fn(&str) -> bool, name: &str) -> Result<Tree> {
    if !has_children(name) {
        return reader.string().map(Tree::Text);
    }
    let mut children = Vec::new();
    while let Some(name) = reader.child()? {
        children.push((name.to_owned(), tree(reader, has_children, name)?));
    }
    Ok(Tree::Children(children))
}
