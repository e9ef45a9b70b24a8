//! Comparisons that waiters make (Smithy specification, "Waiters", comparators of paths).

/// Whether there are values and all are this one (Smithy specification, `allStringEquals`).
#[inline]
pub fn all<'a>(values: impl IntoIterator<Item = &'a str>, expected: &str) -> bool {
    let mut values = values.into_iter().peekable();
    values.peek().is_some() && values.all(|value| value == expected)
}

/// Whether there are texts and all are this one (Smithy specification, `allStringEquals`).
#[must_use]
#[inline]
pub fn are_all(texts: &[&str], expected: &str) -> bool {
    all(texts.iter().copied(), expected)
}

/// Whether one of the texts is this one (Smithy specification, `anyStringEquals`).
#[must_use]
pub fn is_any(texts: &[&str], expected: &str) -> bool {
    texts.contains(&expected)
}

/// Whether one of the values is this one (Smithy specification, `anyStringEquals`).
pub fn any<'a>(values: impl IntoIterator<Item = &'a str>, expected: &str) -> bool {
    values.into_iter().any(|value| value == expected)
}
