//! The version numbers of releases: those of PEP 440 that are made of numbers only.
//!
//! Models are not taken from pre-releases, development releases and local versions, so these are not parsed.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A version of numbers and dots, such as `1.44.8`. Zeros at the end do not count: `1.44` equals `1.44.0`.
#[derive(Clone, Debug)]
pub(super) struct ReleaseNumber {
    text: String,
    numbers: Vec<u64>,
}

impl FromStr for ReleaseNumber {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let numbers = text
            .split('.')
            .map(|part| {
                let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
                is_number.then(|| part.parse().ok()).flatten().ok_or(())
            })
            .collect::<Result<Vec<u64>, ()>>()?;
        Ok(Self {
            text: text.to_owned(),
            numbers,
        })
    }
}

impl ReleaseNumber {
    fn significant(&self) -> &[u64] {
        let end = self.numbers.iter().rposition(|number| *number != 0);
        &self.numbers[..end.map_or(0, |index| index + 1)]
    }
}

impl fmt::Display for ReleaseNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl Ord for ReleaseNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        self.significant().cmp(other.significant())
    }
}

impl PartialOrd for ReleaseNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for ReleaseNumber {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for ReleaseNumber {}

#[cfg(test)]
mod tests {
    use super::ReleaseNumber;

    fn number(text: &str) -> ReleaseNumber {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        assert!(number("1.9.20") < number("1.10"));
        assert!(number("1.44.8") > number("1.44"));
        assert_eq!(number("1.44"), number("1.44.0"));
        assert!(number("0") < number("0.0.1"));
    }

    #[test]
    fn what_is_no_final_release_is_refused() {
        for text in [
            "1.0rc1",
            "1.0.dev3",
            "1.0.post1",
            "1.0+local",
            "",
            "1..2",
            "1.",
            "-1",
            "1!2",
        ] {
            assert!(text.parse::<ReleaseNumber>().is_err(), "{text}");
        }
        assert!("99999999999999999999".parse::<ReleaseNumber>().is_err());
    }
}
