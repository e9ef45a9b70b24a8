//! Timestamps as text. This is hand-written because none of chrono's forms trims the fraction as documented.

use chrono::{Datelike, Timelike};

use super::Timestamp;

pub(super) const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
pub(super) const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

pub(super) fn date_time(timestamp: Timestamp) -> String {
    let moment = timestamp.0;
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z",
        moment.year(),
        moment.month(),
        moment.day(),
        moment.hour(),
        moment.minute(),
        moment.second(),
        fraction(timestamp.subsecond_nanoseconds()),
    )
}

pub(super) fn http_date(timestamp: Timestamp) -> String {
    let moment = timestamp.0;
    format!(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        DAYS[moment.weekday().num_days_from_monday() as usize],
        moment.day(),
        MONTHS[moment.month0() as usize],
        moment.year(),
        moment.hour(),
        moment.minute(),
        moment.second(),
    )
}

pub(super) fn epoch_seconds(timestamp: Timestamp) -> String {
    let (seconds, nanoseconds) = (timestamp.epoch_seconds(), timestamp.subsecond_nanoseconds());
    if seconds < 0 && nanoseconds > 0 {
        // The fraction counts forwards from the whole second, but a decimal number counts away from zero.
        return format!(
            "-{}{}",
            -(seconds + 1),
            fraction(1_000_000_000 - nanoseconds)
        );
    }
    format!("{seconds}{}", fraction(nanoseconds))
}

/// Writes digit by digit, because every signed request needs this.
pub(super) fn basic(timestamp: Timestamp) -> String {
    let moment = timestamp.0;
    let year = moment.year();
    let Ok(year @ 0..=9_999) = u32::try_from(year) else {
        return format!(
            "{year:04}{:02}{:02}T{:02}{:02}{:02}Z",
            moment.month(),
            moment.day(),
            moment.hour(),
            moment.minute(),
            moment.second(),
        );
    };
    let mut text = *b"00000000T000000Z";
    let mut write = |at: usize, number: u32| {
        // Each number has two digits.
        text[at] += (number / 10) as u8;
        text[at + 1] += (number % 10) as u8;
    };
    write(0, year / 100);
    write(2, year % 100);
    write(4, moment.month());
    write(6, moment.day());
    write(9, moment.hour());
    write(11, moment.minute());
    write(13, moment.second());
    String::from_utf8(text.to_vec()).expect("digits are ASCII")
}

/// `.` and the nanoseconds without the zeros at their end, or nothing.
fn fraction(nanoseconds: u32) -> String {
    if nanoseconds == 0 {
        return String::new();
    }
    let mut text = format!(".{nanoseconds:09}");
    text.truncate(text.trim_end_matches('0').len());
    text
}
