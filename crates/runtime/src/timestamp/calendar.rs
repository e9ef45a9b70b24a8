//! The calendar: dates of the proleptic Gregorian calendar as numbers of days.
//!
//! The arithmetic is that of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (`days_from_civil` and
//! `civil_from_days`). A year begins in March there, so that the day that a leap year adds is its last one. This is all that
//! a timestamp needs of a date library, and takes the build time of none.

/// The days of 400 years, after which the calendar repeats.
const DAYS_OF_CYCLE: u32 = 146_097;
/// The days from 0000-03-01, with which the arithmetic begins, to 0000-12-31.
const DAYS_BEFORE: u32 = 305;

/// The number of a day, if the date exists: 1 is 0001-01-01. It is 0 or less in the year 0.
pub(super) fn number_of(year: u32, month: u32, day: u32) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=length_of(year, month)).contains(&day) {
        return None;
    }
    let year = i64::from(year) - i64::from(month <= 2);
    let (cycle, year) = (year.div_euclid(400), year.rem_euclid(400));
    let days_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days_of_cycle = year * 365 + year / 4 - year / 100 + i64::from(days_of_year);
    Some(cycle * i64::from(DAYS_OF_CYCLE) + days_of_cycle - i64::from(DAYS_BEFORE))
}

/// Year, month and day of the day with this number, which is at least 1.
pub(super) fn date_of(number: u32) -> (u32, u32, u32) {
    let days = number + DAYS_BEFORE;
    let (cycle, day) = (days / DAYS_OF_CYCLE, days % DAYS_OF_CYCLE);
    let year = (day - day / 1_460 + day / 36_524 - day / (DAYS_OF_CYCLE - 1)) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let from_march = (5 * day + 2) / 153;
    let month = (from_march + 2) % 12 + 1;
    let day = day - (153 * from_march + 2) / 5 + 1;
    (400 * cycle + year + u32::from(month <= 2), month, day)
}

/// The day of the week of the day with this number; 0 is Monday.
pub(super) fn weekday_of(number: i64) -> u32 {
    // 0001-01-01 was a Monday.
    (number - 1).rem_euclid(7) as u32
}

/// The days of a month.
fn length_of(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, NaiveDate};

    use super::{date_of, number_of, weekday_of};

    #[test]
    fn every_day_of_every_year_agrees_with_chrono() {
        let mut number = 0;
        let first = NaiveDate::from_ymd_opt(1, 1, 1).expect("it exists");
        for date in first.iter_days().take_while(|date| date.year() <= 9_999) {
            number += 1;
            let parts = (date.year() as u32, date.month(), date.day());
            assert_eq!(number_of(parts.0, parts.1, parts.2), Some(number), "{date}");
            assert_eq!(date_of(number as u32), parts, "{date}");
            assert_eq!(
                weekday_of(number),
                date.weekday().num_days_from_monday(),
                "{date}"
            );
        }
        assert_eq!(number, 3_652_059);
    }

    #[test]
    fn a_date_exists_if_it_does_for_chrono() {
        let years = (0..=400).chain([1900, 1999, 2000, 2023, 2024, 2100, 9999]);
        for year in years {
            for month in 0..=13 {
                for day in 0..=32 {
                    let date = NaiveDate::from_ymd_opt(year as i32, month, day);
                    let days = date.map(|date| i64::from(date.num_days_from_ce()));
                    assert_eq!(number_of(year, month, day), days, "{year}-{month}-{day}");
                }
            }
        }
    }
}
