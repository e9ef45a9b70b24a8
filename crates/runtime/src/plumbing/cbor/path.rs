//! The place of an item: the text before it is walked again, so that a reader without an error keeps no records.

use super::DEPTH_LIMIT;
use super::head::{BREAK, Head, parse};
use crate::plumbing::read_error::{NAME_LIMIT, push_key};

/// An array or a map that is open. `left` counts the items that are still to come; `None` until a break.
struct Level<'a> {
    left: Option<u64>,
    /// How many items have begun.
    begun: u64,
    is_map: bool,
    /// The last key.
    key: Option<&'a [u8]>,
}

/// The JSON Pointer to the item that begins at `end`.
///
/// It makes no assumption about the text: after an error it may be anything.
pub(super) fn path(text: &[u8], end: usize) -> String {
    let mut levels: Vec<Level<'_>> = Vec::new();
    let mut position = 0;
    loop {
        close(text, &mut levels, &mut position);
        if position >= end || !step(text, &mut levels, &mut position) {
            break;
        }
    }
    let last = levels.len();
    let mut path = String::new();
    for (number, level) in levels.iter().enumerate() {
        // The items of outer levels have begun; that of the innermost one has not.
        let begun = level.begun - u64::from(number + 1 < last);
        match (level.is_map, begun % 2, level.key) {
            (false, ..) => path.push_str(&format!("/{begun}")),
            (true, 1, Some(key)) => push_raw_key(&mut path, key),
            _ => {}
        }
    }
    path
}

/// Closes the levels that are complete.
fn close(text: &[u8], levels: &mut Vec<Level<'_>>, position: &mut usize) {
    while let Some(level) = levels.last() {
        match level.left {
            Some(0) => {}
            None if text.get(*position) == Some(&BREAK) => *position += 1,
            _ => return,
        }
        levels.pop();
    }
}

/// Walks over a scalar or into an array or a map; `false` where that is not possible.
fn step<'a>(text: &'a [u8], levels: &mut Vec<Level<'a>>, position: &mut usize) -> bool {
    if let Some(level) = levels.last_mut() {
        level.begun += 1;
        level.left = level.left.map(|left| left - 1);
    }
    let head = loop {
        match parse(&text[(*position).min(text.len())..]) {
            Ok((Head::Tag(_), length)) => *position += length,
            Ok((head, length)) => {
                *position += length;
                break head;
            }
            Err(_) => return false,
        }
    };
    match head {
        Head::Array(length) | Head::Map(length) => {
            let is_map = matches!(head, Head::Map(_));
            levels.push(Level {
                left: match is_map {
                    true => length.map(|length| length.saturating_mul(2)),
                    false => length,
                },
                begun: 0,
                is_map,
                key: None,
            });
            levels.len() <= DEPTH_LIMIT
        }
        Head::Bytes(Some(length)) | Head::Text(Some(length)) => {
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            let start = *position;
            *position = start.saturating_add(length);
            if let Some(level) = levels.last_mut()
                && level.is_map
                && level.begun % 2 == 1
            {
                level.key = text.get(start..*position);
            }
            true
        }
        Head::Bytes(None) | Head::Text(None) => {
            if let Some(level) = levels.last_mut() {
                level.key = None;
            }
            skip_chunks(text, position)
        }
        Head::Break => false,
        _ => true,
    }
}

fn skip_chunks(text: &[u8], position: &mut usize) -> bool {
    loop {
        match parse(&text[(*position).min(text.len())..]) {
            Ok((Head::Break, length)) => {
                *position += length;
                return true;
            }
            Ok((Head::Bytes(Some(chunk)) | Head::Text(Some(chunk)), length)) => {
                let chunk = usize::try_from(chunk).unwrap_or(usize::MAX);
                *position = (*position + length).saturating_add(chunk);
            }
            _ => return false,
        }
    }
}

fn push_raw_key(path: &mut String, key: &[u8]) {
    // A character has four bytes at most.
    let key = String::from_utf8_lossy(&key[..key.len().min((NAME_LIMIT + 1) * 4)]);
    push_key(path, &key);
}
