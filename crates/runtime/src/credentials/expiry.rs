//! Until when credentials are valid, as the many programs that give some write it.
//!
//! One reader for all sources. Of the forms that occur it takes those that botocore takes: RFC 3339, also with a blank in
//! place of the `T` or before the zone, with `UTC` or `GMT` in place of the `Z`, without seconds, without separators, with
//! an offset without a colon; and the dates of HTTP headers. A text without a zone is refused, as by botocore: it is mostly
//! UTC and now and then local time, and an expiry that is hours too late would be believed.

use crate::{Timestamp, TimestampFormat};

/// Reads a moment; `None` where there is none that is certain.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let in_standard_form = text.parse().ok();
    in_standard_form
        .or_else(|| rewritten(text)?.parse().ok())
        .or_else(|| Timestamp::parse(text, TimestampFormat::HttpDate).ok())
}

/// The text as RFC 3339 has it. The calendar is checked by whoever reads that.
fn rewritten(text: &str) -> Option<String> {
    let mut rest = text;
    let year = number(&mut rest, 4).filter(|year| year.len() == 4)?;
    let separator = ['-', '/'].into_iter().find(|one| skip(&mut rest, *one));
    let month = number(&mut rest, 2)?;
    if let Some(separator) = separator {
        skip(&mut rest, separator).then_some(())?;
    }
    let day = number(&mut rest, 2)?;
    rest = rest.strip_prefix(['T', 't', ' '])?.trim_start();
    let hour = number(&mut rest, 2)?;
    let minute = following(&mut rest)?;
    let second = following(&mut rest)?;
    let mut fraction = String::new();
    if skip(&mut rest, '.') || skip(&mut rest, ',') {
        fraction = format!(".{}", number(&mut rest, usize::MAX)?);
    }
    let zone = zone(rest.trim_start())?;
    Some(format!(
        "{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute:0>2}:{second:0>2}{fraction}{zone}"
    ))
}

/// The minutes or seconds, which may be missing, with a colon before them or without.
fn following<'a>(rest: &mut &'a str) -> Option<&'a str> {
    match (skip(rest, ':'), number(rest, 2)) {
        (true, None) => None,
        (_, found) => Some(found.unwrap_or("0")),
    }
}

/// The zone, which ends the text, as RFC 3339 has it.
fn zone(text: &str) -> Option<String> {
    if ["Z", "UTC", "GMT"]
        .iter()
        .any(|name| text.eq_ignore_ascii_case(name))
    {
        return Some("Z".to_owned());
    }
    let sign = text
        .chars()
        .next()
        .filter(|sign| matches!(sign, '+' | '-'))?;
    let mut rest = &text[1..];
    let hours = number(&mut rest, 2).filter(|hours| hours.len() == 2)?;
    let minutes = following(&mut rest)?;
    rest.is_empty()
        .then(|| format!("{sign}{hours}:{minutes:0>2}"))
}

/// Takes up to so many digits off the front.
fn number<'a>(rest: &mut &'a str, most: usize) -> Option<&'a str> {
    let digits = rest.bytes().take(most).take_while(u8::is_ascii_digit);
    let (number, after) = rest.split_at(digits.count());
    *rest = after;
    (!number.is_empty()).then_some(number)
}

fn skip(rest: &mut &str, character: char) -> bool {
    match rest.strip_prefix(character) {
        Some(after) => {
            *rest = after;
            true
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    /// Whether botocore 1.44.5 takes each of them was tried: it takes exactly those that are read here.
    #[test]
    fn the_forms_that_botocore_takes_are_read() {
        for text in [
            "2035-01-01T00:00:00Z",
            "2035-01-01T00:00:00UTC",
            "2035-01-01T00:00:00 UTC",
            "2035-01-01T00:00:00GMT",
            "2035-01-01 00:00:00Z",
            "2035-01-01T00:00:00 Z",
            "2035-01-01t00:00:00z",
            "2035-01-01T00:00Z",
            "2035-01-01T00Z",
            "2035-01-01 00:00 UTC",
            "2035-1-1T0:0:0Z",
            "2035/01/01 00:00:00Z",
            "20350101T000000Z",
            "2035-01-01T000000Z",
            "2035-01-01T00:00:00+0000",
            "2035-01-01T00:00:00+00",
            "2035-01-01T02:00:00 +0200",
            "2034-12-31T19:00:00-05:00",
            "2035-01-01T00:00:00.000Z",
            "2035-01-01T00:00:00,000Z",
            " 2035-01-01T00:00:00Z\n",
            "Mon, 01 Jan 2035 00:00:00 GMT",
        ] {
            let found = read(text).map(|moment| moment.epoch_seconds());
            assert_eq!(found, Some(2_051_222_400), "{text}");
        }
    }

    #[test]
    fn what_is_no_certain_moment_is_refused() {
        for text in [
            "",
            "soon",
            "never",
            "2051222400",
            "2051222400.5",
            "2051222400000",
            "2035",
            "2035-01-01",
            "2035-01-01T00:00:00",
            "2035-01-01T00:00:00PST",
            "2035-01-01T00:00:00+00:00Z",
            "2035-01-01T00:00:00 America",
            "2035-01-01T24:00:00Z",
            "2035-13-01T00:00:00Z",
            "2035-02-30T00:00:00Z",
            "2035-01/01T00:00:00Z",
            "2035-01-01T00:Z",
            "2035-01-01T00:00:00.Z",
            "35-01-01T00:00:00Z",
            "é",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r"([0-9]{1,4}|[-/:., TtZzUCGM+é\n]){0,24}") {
            let _ = read(&text);
        }
    }
}
