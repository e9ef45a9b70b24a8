//! The place of an error: the text before it is scanned again, so that a reader without an error keeps no records.

use super::{DEPTH_LIMIT, string};
use crate::plumbing::read_error::{NAME_LIMIT, push_key};

/// An array or object that is open where the text ends.
enum Level {
    Array {
        index: usize,
    },
    Object {
        key: Option<(usize, usize)>,
        before_colon: bool,
    },
}

/// The JSON Pointer to the end of `text`, the part before an error.
///
/// It makes no assumption about the text: after a syntax error it may be anything. A text that nests deeper than the
/// limit has no path; such a text is only checked for UTF-8.
pub(super) fn path(text: &[u8]) -> String {
    let mut levels = Vec::new();
    let mut position = 0;
    while let Some(byte) = text.get(position) {
        position += 1;
        if levels.len() > DEPTH_LIMIT {
            return String::new();
        }
        match (byte, levels.last_mut()) {
            (b'{', _) => levels.push(Level::Object {
                key: None,
                before_colon: true,
            }),
            (b'[', _) => levels.push(Level::Array { index: 0 }),
            (b'}' | b']', _) => drop(levels.pop()),
            (b',', Some(Level::Array { index })) => *index += 1,
            (b',', Some(Level::Object { key, before_colon })) => {
                (*key, *before_colon) = (None, true)
            }
            (b':', Some(Level::Object { before_colon, .. })) => *before_colon = false,
            (b'"', level) => {
                let end = string::end(text, position);
                if let Some(Level::Object {
                    key,
                    before_colon: true,
                }) = level
                {
                    *key = Some((position, end));
                }
                position = end + 1;
            }
            _ => {}
        }
    }
    let mut path = String::new();
    for level in &levels {
        match level {
            Level::Array { index } => path.push_str(&format!("/{index}")),
            Level::Object {
                key: Some((start, end)),
                ..
            } => push_raw_key(&mut path, &text[*start..*end]),
            Level::Object { key: None, .. } => {}
        }
    }
    path
}

fn push_raw_key(path: &mut String, raw: &[u8]) {
    // A character takes twelve bytes at most, as two escapes.
    let key = string::lossy(&raw[..raw.len().min((NAME_LIMIT + 1) * 12)]);
    push_key(path, &key);
}
