//! Timestamps from text: a small reader over bytes, and the three formats as sequences of its calls.

use super::convert::from_epoch_nanoseconds;
use super::format::{DAYS, MONTHS};
use super::{DAY_OF_EPOCH, Timestamp, TimestampError, TimestampFormat, calendar};
use crate::decimal::{self, Refusal};
use crate::texts::prefix;

/// The rest of a text that is being read; each method consumes what its name says from the front, or returns `None`.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn literal(&mut self, literal: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(literal)?;
        Some(())
    }

    fn letter(&mut self, upper_case: u8) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        first.eq_ignore_ascii_case(&upper_case).then_some(())
    }

    fn digits(&mut self, count: usize) -> Option<u32> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        digits.iter().try_fold(0, |sum, digit| {
            digit
                .is_ascii_digit()
                .then(|| sum * 10 + u32::from(digit - b'0'))
        })
    }

    /// An optional `.` with one digit or more, as nanoseconds; digits after the ninth are cut off.
    fn fraction(&mut self) -> Option<u32> {
        if self.literal(b".").is_none() {
            return Some(0);
        }
        let count = prefix(self.0, |byte| byte.is_ascii_digit());
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        (count > 0).then_some(nanoseconds(digits))
    }

    /// `HH:MM:SS`, and a fraction as nanoseconds.
    fn time_of_day(&mut self) -> Option<(u32, u32, u32, u32)> {
        let hour = self.digits(2)?;
        self.literal(b":")?;
        let minute = self.digits(2)?;
        self.literal(b":")?;
        Some((hour, minute, self.digits(2)?, self.fraction()?))
    }

    /// `Z` or `+HH:MM`, as seconds that local time is ahead of UTC.
    fn offset(&mut self) -> Option<i64> {
        let ahead = match self.0.first()? {
            b'+' => 1,
            b'-' => -1,
            _ => return self.letter(b'Z').map(|()| 0),
        };
        self.0 = &self.0[1..];
        let hours = self.digits(2)?;
        if hours >= 24 {
            return None;
        }
        self.literal(b":")?;
        let minutes = self.digits(2)?;
        if minutes >= 60 {
            return None;
        }
        Some(ahead * i64::from(hours * 3600 + minutes * 60))
    }

    fn name(&mut self, names: &[&str]) -> Option<u32> {
        let mut index = 0;
        while !self.0.starts_with(names.get(index)?.as_bytes()) {
            index += 1;
        }
        self.0 = &self.0[names[index].len()..];
        u32::try_from(index).ok()
    }

    fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

/// The fields of a date and a time of day, not yet checked against the calendar.
pub(super) struct Fields {
    pub(super) date: (u32, u32, u32),
    pub(super) time: (u32, u32, u32, u32),
    pub(super) offset: i64,
}

#[inline(never)]
pub(super) fn date_time(text: &str) -> Result<Timestamp, TimestampError> {
    let read = |mut rest: Rest<'_>| {
        let year = rest.digits(4)?;
        rest.literal(b"-")?;
        let month = rest.digits(2)?;
        rest.literal(b"-")?;
        let day = rest.digits(2)?;
        rest.letter(b'T')?;
        let time = rest.time_of_day()?;
        let offset = rest.offset()?;
        rest.end()?;
        Some(Fields {
            date: (year, month, day),
            time,
            offset,
        })
    };
    let fields = read(Rest(text.as_bytes()));
    moment(&fields.ok_or(TimestampError::syntax(TimestampFormat::DateTime))?)
}

/// The day of the week must be a name of one, but is not compared with the date.
#[inline(never)]
pub(super) fn http_date(text: &str) -> Result<Timestamp, TimestampError> {
    let read = |mut rest: Rest<'_>| {
        rest.name(&DAYS)?;
        rest.literal(b", ")?;
        let day = rest.digits(2)?;
        rest.literal(b" ")?;
        let month = rest.name(&MONTHS)? + 1;
        rest.literal(b" ")?;
        let year = rest.digits(4)?;
        rest.literal(b" ")?;
        let time = rest.time_of_day()?;
        rest.literal(b" GMT")?;
        rest.end()?;
        Some(Fields {
            date: (year, month, day),
            time,
            offset: 0,
        })
    };
    let fields = read(Rest(text.as_bytes()));
    moment(&fields.ok_or(TimestampError::syntax(TimestampFormat::HttpDate))?)
}

#[inline(never)]
pub(super) fn epoch_seconds(text: &str) -> Result<Timestamp, TimestampError> {
    if let Some((seconds, nanoseconds)) = plain_epoch_seconds(text.as_bytes()) {
        return Timestamp::from_epoch(seconds, nanoseconds);
    }
    let nanoseconds = decimal::scale(text, 9).map_err(|refusal| match refusal {
        Refusal::Malformed => TimestampError::syntax(TimestampFormat::EpochSeconds),
        Refusal::TooLarge => TimestampError::range(),
    })?;
    from_epoch_nanoseconds(nanoseconds.value)
}

/// The seconds and nanoseconds of a text in the form that services use: digits, and perhaps a fraction of nine digits at
/// most. Other forms need more than 64 bits, or are not valid.
fn plain_epoch_seconds(text: &[u8]) -> Option<(i64, u32)> {
    let (seconds, rest) = leading_number(text);
    let digits = text.len() - rest.len();
    if digits == 0 || digits > 18 {
        return None;
    }
    let Some((point, fraction)) = rest.split_first() else {
        return Some((seconds, 0));
    };
    let missing = 9_usize.checked_sub(fraction.len())?;
    let (nanoseconds, rest) = leading_number(fraction);
    if *point != b'.' || fraction.is_empty() || !rest.is_empty() {
        return None;
    }
    let nanoseconds = (0..missing).fold(nanoseconds, |number, _| number * 10);
    Some((seconds, u32::try_from(nanoseconds).ok()?))
}

/// The number of the leading digits, and what follows them. It is meaningful for 18 digits at most.
fn leading_number(text: &[u8]) -> (i64, &[u8]) {
    let (mut number, mut rest) = (0_i64, text);
    while let Some((digit @ b'0'..=b'9', tail)) = rest.split_first() {
        number = number
            .wrapping_mul(10)
            .wrapping_add(i64::from(digit - b'0'));
        rest = tail;
    }
    (number, rest)
}

/// Checks the fields against the calendar.
///
/// A leap second (`23:59:60` in UTC, RFC 3339 section 5.6) is the first second of the next day, as in Unix time.
pub(super) fn moment(fields: &Fields) -> Result<Timestamp, TimestampError> {
    let (year, month, day) = fields.date;
    let (hour, minute, second, nanoseconds) = fields.time;
    if year == 0 {
        return Err(TimestampError::range());
    }
    let number = calendar::number_of(year, month, day).ok_or(TimestampError::calendar())?;
    let days = number - DAY_OF_EPOCH;
    if hour > 23 || minute > 59 || second > 60 {
        return Err(TimestampError::calendar());
    }
    let seconds = days * 86_400 + i64::from(hour * 3600 + minute * 60 + second) - fields.offset;
    if second == 60 && seconds.rem_euclid(86_400) != 0 {
        return Err(TimestampError::calendar());
    }
    Timestamp::from_epoch(seconds, nanoseconds)
}

/// The nanoseconds of the digits of a fraction; those after the ninth are cut off.
pub(super) fn nanoseconds(digits: &[u8]) -> u32 {
    let mut nanoseconds = 0;
    for place in 0..9 {
        let digit = digits.get(place).map_or(0, |digit| digit - b'0');
        nanoseconds = nanoseconds * 10 + u32::from(digit);
    }
    nanoseconds
}

#[cfg(test)]
mod tests {
    use super::{decimal, epoch_seconds, from_epoch_nanoseconds, plain_epoch_seconds};

    #[test]
    fn plain_epoch_seconds_are_those_of_any_decimal_number() {
        let wholes = ["", "0", "00", "1772280896", "253402300799", "253402300800"];
        let fractions = [
            "",
            "0",
            "5",
            "000000001",
            "999999999",
            "9999999999",
            "x",
            "5x",
            "-5",
        ];
        let (mut plain, mut refused) = (0, 0);
        for whole in wholes {
            for text in fractions
                .map(|fraction| format!("{whole}.{fraction}"))
                .iter()
                .chain(&[whole.to_owned(), format!("{whole}e0"), format!("-{whole}")])
            {
                let expected = decimal::scale(text, 9).ok();
                let expected = expected.and_then(|it| from_epoch_nanoseconds(it.value).ok());
                assert_eq!(epoch_seconds(text).ok(), expected, "{text}");
                plain += u32::from(plain_epoch_seconds(text.as_bytes()).is_some());
                refused += u32::from(expected.is_none());
            }
        }
        for digits in [18, 19, 20, 40] {
            let text = "9".repeat(digits);
            assert!(epoch_seconds(&text).is_err(), "{text}");
            let padded = format!("{}7", "0".repeat(digits));
            assert_eq!(epoch_seconds(&padded).ok(), epoch_seconds("7").ok());
        }
        assert!(
            plain > 20 && refused > 10,
            "{plain} plain, {refused} refused"
        );
    }
}
