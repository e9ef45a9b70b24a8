//! Timestamps as text.

use super::{Timestamp, calendar};

pub(super) const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
pub(super) const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

pub(super) fn date_time(timestamp: Timestamp) -> String {
    let (year, month, day) = calendar::date_of(timestamp.day.get());
    let (hour, minute, second) = time_of_day(timestamp);
    let fraction = fraction(timestamp.nanosecond);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

pub(super) fn http_date(timestamp: Timestamp) -> String {
    let (year, month, day) = calendar::date_of(timestamp.day.get());
    let (hour, minute, second) = time_of_day(timestamp);
    let weekday = DAYS[calendar::weekday_of(i64::from(timestamp.day.get())) as usize];
    let month = MONTHS[month as usize - 1];
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
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
    let (year, month, day) = calendar::date_of(timestamp.day.get());
    let (hour, minute, second) = time_of_day(timestamp);
    let mut text = *b"00000000T000000Z";
    let mut write = |at: usize, number: u32| {
        // Each number has two digits.
        text[at] += (number / 10) as u8;
        text[at + 1] += (number % 10) as u8;
    };
    write(0, year / 100);
    write(2, year % 100);
    write(4, month);
    write(6, day);
    write(9, hour);
    write(11, minute);
    write(13, second);
    String::from_utf8(text.to_vec()).expect("digits are ASCII")
}

/// Hour, minute and second.
fn time_of_day(timestamp: Timestamp) -> (u32, u32, u32) {
    let second = timestamp.second;
    (second / 3_600, second / 60 % 60, second % 60)
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
