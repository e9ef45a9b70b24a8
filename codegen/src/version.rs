//! Version numbers of formats, which people write in more than one way: `2`, `2.0`, `2.0.0`.

/// Whether two texts are one version: numbers between dots, of which zeros at the end are ignored.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    match (numbers(one), numbers(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

fn numbers(text: &str) -> Option<Vec<u64>> {
    let parts = text.split('.').map(|part| {
        let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse().ok()).flatten()
    });
    let mut numbers = parts.collect::<Option<Vec<u64>>>()?;
    while numbers.last() == Some(&0) {
        numbers.pop();
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn zeros_at_the_end_say_nothing() {
        for other in ["1", "1.0", "1.0.0", "01"] {
            assert!(is_same(other, "1.0"), "{other}");
        }
        for other in ["1.1", "10", "", "1.", "v1", "1.0-beta", "+1"] {
            assert!(!is_same(other, "1.0"), "{other}");
        }
    }
}
