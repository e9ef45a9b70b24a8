//! The order `rustfmt` sorts names in: runs of digits compare as numbers.

use std::cmp::Ordering;

#[derive(PartialEq, Eq)]
enum Chunk<'a> {
    Underscore,
    Text(&'a str),
    Number(&'a str),
}

/// Splits the first chunk off a name.
fn chunk(name: &str) -> Option<(Chunk<'_>, &str)> {
    let first = name.chars().next()?;
    if first == '_' {
        return Some((Chunk::Underscore, &name[1..]));
    }
    let digits = first.is_ascii_digit();
    let end = name
        .find(|c: char| {
            if digits {
                !c.is_ascii_digit()
            } else {
                c == '_' || c.is_ascii_digit()
            }
        })
        .unwrap_or(name.len());
    let (source, rest) = name.split_at(end);
    let chunk = if digits {
        Chunk::Number(source)
    } else {
        Chunk::Text(source)
    };
    Some((chunk, rest))
}

/// Compares numbers by value, then by leading zeros.
fn numbers(left: &str, right: &str) -> (Ordering, Ordering) {
    let (left_value, right_value) = (left.trim_start_matches('0'), right.trim_start_matches('0'));
    let value = left_value
        .len()
        .cmp(&right_value.len())
        .then_with(|| left_value.cmp(right_value));
    let zeros = (right.len() - right_value.len()).cmp(&(left.len() - left_value.len()));
    (value, zeros)
}

/// Compares two names.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (
        left.trim_start_matches("r#"),
        right.trim_start_matches("r#"),
    );
    let mut more_zeros = Ordering::Equal;
    loop {
        let ((left_chunk, left_rest), (right_chunk, right_rest)) = match (chunk(left), chunk(right))
        {
            (None, None) => return more_zeros,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(left), Some(right)) => (left, right),
        };
        let order = match (left_chunk, right_chunk) {
            (Chunk::Underscore, Chunk::Underscore) => Ordering::Equal,
            (Chunk::Underscore, _) => Ordering::Less,
            (_, Chunk::Underscore) => Ordering::Greater,
            (Chunk::Number(left), Chunk::Number(right)) => {
                let (value, zeros) = numbers(left, right);
                more_zeros = more_zeros.then(zeros);
                value
            }
            (
                Chunk::Text(left) | Chunk::Number(left),
                Chunk::Text(right) | Chunk::Number(right),
            ) => left.cmp(right),
        };
        if order != Ordering::Equal {
            return order;
        }
        (left, right) = (left_rest, right_rest);
    }
}
