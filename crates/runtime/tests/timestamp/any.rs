//! Times in every form that services send, with botocore 1.44.5 as the reference: the result is that of its
//! `parse_timestamp`, with UTC if the text has no zone.

use attache_runtime::Timestamp;
use proptest::prelude::*;

const READ: &[(&str, &str)] = &[
    ("2023-05-15T00:00Z", "2023-05-15T00:00:00Z"),
    ("2023-05-15T00:00", "2023-05-15T00:00:00Z"),
    ("2023-05-15T00:00:00", "2023-05-15T00:00:00Z"),
    ("2023-05-15T10:20:30.123", "2023-05-15T10:20:30.123Z"),
    ("2023-05-15T10:20:30,123Z", "2023-05-15T10:20:30.123Z"),
    ("2023-05-15 10:20:30", "2023-05-15T10:20:30Z"),
    ("2023-05-15 10:20:30Z", "2023-05-15T10:20:30Z"),
    ("2023-05-15 10:20:30 UTC", "2023-05-15T10:20:30Z"),
    ("2023-05-15 10:20:30 +0000", "2023-05-15T10:20:30Z"),
    ("2023-05-15 10:20:30 +0200", "2023-05-15T08:20:30Z"),
    ("2023-05-15T10:20:30+0200", "2023-05-15T08:20:30Z"),
    ("2023-05-15T10:20:30+02", "2023-05-15T08:20:30Z"),
    ("2023-05-15T10:20:30-02:30", "2023-05-15T12:50:30Z"),
    ("2023-05-15T10:20:30.5-0230", "2023-05-15T12:50:30.5Z"),
    ("2023-05-15T10Z", "2023-05-15T10:00:00Z"),
    ("2023-05-15T1020Z", "2023-05-15T10:20:00Z"),
    ("2023-05-15T102030Z", "2023-05-15T10:20:30Z"),
    ("2023-05-15T102030.25Z", "2023-05-15T10:20:30.25Z"),
    ("2023-05-15", "2023-05-15T00:00:00Z"),
    ("2023/05/15", "2023-05-15T00:00:00Z"),
    ("2023/5/6 7:08", "2023-05-06T07:08:00Z"),
    ("2023.05.15", "2023-05-15T00:00:00Z"),
    ("20230515T102030Z", "2023-05-15T10:20:30Z"),
    ("20230515T1020Z", "2023-05-15T10:20:00Z"),
    ("20230515T10Z", "2023-05-15T10:00:00Z"),
    ("20230515T102030.5+0100", "2023-05-15T09:20:30.5Z"),
    ("20230515102030", "2023-05-15T10:20:30Z"),
    (" 2023-05-15T00:00Z ", "2023-05-15T00:00:00Z"),
    ("2020-05-14T17:04:40.790+0000", "2020-05-14T17:04:40.79Z"),
    ("2017-04-14T13:46:50.000Z", "2017-04-14T13:46:50Z"),
    ("Mon Aug 04 00:25:20 UTC 2025", "2025-08-04T00:25:20Z"),
    ("Mon Aug  4 00:25:20 UTC 2025", "2025-08-04T00:25:20Z"),
    ("Mon Aug 4 00:25:20 2025", "2025-08-04T00:25:20Z"),
    ("Mon Aug 04 00:25:20 GMT 2025", "2025-08-04T00:25:20Z"),
    ("Mon Aug 04 00:25:20 Z 2025", "2025-08-04T00:25:20Z"),
    ("Mon Aug 04 2025 00:25:20 GMT+0000", "2025-08-04T00:25:20Z"),
    ("Mon Aug 04 2025 00:25:20 +0200", "2025-08-03T22:25:20Z"),
    ("Mon, 4 Aug 2025 00:25:20 GMT", "2025-08-04T00:25:20Z"),
    ("Mon, 04 Aug 2025 00:25:20 +0000", "2025-08-04T00:25:20Z"),
    ("Mon, 04 Aug 2025 00:25:20 -0700", "2025-08-04T07:25:20Z"),
    (
        "Mon, 04 Aug 2025 00:25:20 -0700 (PDT)",
        "2025-08-04T07:25:20Z",
    ),
    (
        "Mon, 04 Aug 2025 00:25:20 +0000 (UTC)",
        "2025-08-04T00:25:20Z",
    ),
    ("Mon, 04 Aug 2025 00:25:20", "2025-08-04T00:25:20Z"),
    ("Mon, 04-Aug-2025 00:25:20 GMT", "2025-08-04T00:25:20Z"),
    ("Monday, 04-Aug-25 00:25:20 GMT", "2025-08-04T00:25:20Z"),
    ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z"),
    ("Sun, 06 Nov 94 08:49:37 GMT", "1994-11-06T08:49:37Z"),
    ("4 Aug 2025", "2025-08-04T00:00:00Z"),
    ("04 August 2025 00:25", "2025-08-04T00:25:00Z"),
    ("August 4, 2025", "2025-08-04T00:00:00Z"),
    ("Aug 4, 2025 3:04:05 PM", "2025-08-04T15:04:05Z"),
    ("Aug 4, 2025, 3:04:05 PM", "2025-08-04T15:04:05Z"),
    ("Aug 4, 2025, 3:04:05\u{202f}PM", "2025-08-04T15:04:05Z"),
    ("Aug 4, 2025 12:04 AM", "2025-08-04T00:04:00Z"),
    ("Aug 4, 2025 12:04 pm", "2025-08-04T12:04:00Z"),
    ("4th of August 2025 at 10:20", "2025-08-04T10:20:00Z"),
    ("August 4th, 2025", "2025-08-04T00:00:00Z"),
    ("2025 Aug 4", "2025-08-04T00:00:00Z"),
    ("2025-Aug-04 10:20:30", "2025-08-04T10:20:30Z"),
    ("04-Aug-2025", "2025-08-04T00:00:00Z"),
    ("Aug-04-2025", "2025-08-04T00:00:00Z"),
    ("Sept 4, 2025", "2025-09-04T00:00:00Z"),
    ("15/05/2023", "2023-05-15T00:00:00Z"),
    ("15/05/2023 10:20:30", "2023-05-15T10:20:30Z"),
    ("05/15/2023 10:20", "2023-05-15T10:20:00Z"),
    ("05/05/2023", "2023-05-05T00:00:00Z"),
    ("15.05.2023", "2023-05-15T00:00:00Z"),
    ("15-05-2023", "2023-05-15T00:00:00Z"),
    ("1684108800", "2023-05-15T00:00:00Z"),
    ("1684108800.5", "2023-05-15T00:00:00.5Z"),
    ("1.6841088e9", "2023-05-15T00:00:00Z"),
    ("-1", "1969-12-31T23:59:59Z"),
    ("20230515", "1970-08-23T03:35:15Z"),
    ("1e3", "1970-01-01T00:16:40Z"),
    ("0", "1970-01-01T00:00:00Z"),
    ("2000-02-29T00:00Z", "2000-02-29T00:00:00Z"),
    ("Aug 4, 2025, 3:04:05\u{202f}PM", "2025-08-04T15:04:05Z"),
];

/// Texts that botocore cannot read, and those of which it guesses a part: a part of the date from the clock, a century,
/// the order of month and day, or an unknown zone.
const REFUSED: &[&str] = &[
    "",
    "not a time",
    "05/06/2023",
    "05-06-2023 10:00",
    "04-Aug-25",
    "4 Aug 25 10:20",
    "Tue, 06 Nov 94 08:49:37 GMT",
    "2023-05",
    "May 2023",
    "May 15",
    "Mon",
    "10:20",
    "10:20:30Z",
    "T10:20Z",
    "Mon Aug 04 00:25:20 PDT 2025",
    "Mon Aug 04 00:25:20 CST 2025",
    "Mon Aug 04 2025 00:25:20 GMT+0200",
    "2023-05-15 10:20 EST",
    "1684108800000",
    "2023-13-15T00:00Z",
    "2023-02-30",
    "2023-05-15T25:00Z",
    "2023-05-15T10:60Z",
    "2023-05-15T",
    "2023-05-15Z",
    "2023-05-15T10:20:30ZZ",
    "2023-05-15T10:20:30Z Z",
    "2023-05-15T10:20:30+25:00",
    "2023-05-15T10:20 PM PM",
    "2023-05-15T13:20 PM",
    "2023-05-15 10:20 2024-05-15",
    "15 May 2023 Jun",
    "2023-05-15T10:20:30Zulu",
    "2023-W20-1",
    "2023-135",
    "02023-05-15T00:00Z",
    "202-05-15",
    "0000-05-15T00:00Z",
    "10000-01-01T00:00:00Z",
    "2023-05-15T10:20:30.Z",
    "2023-05-15T10:20:30:40Z",
    "2023-05-15T1:2:3Z",
    "\u{ff12}\u{ff10}\u{ff12}\u{ff13}-05-15T00:00Z",
    "NaN",
    "Infinity",
    "null",
    "yesterday",
    "2023-05-15T10:20:30Z; DROP TABLE",
    "2023-05-15T10:20:30\u{0}Z",
    "Sun, 06 Nov 94 08:49:37 PST",
    "99999999999999",
    "20231315102030",
];

#[test]
fn texts_that_botocore_reads_without_guessing_have_the_same_result() {
    for (text, moment) in READ {
        let moment: Timestamp = moment.parse().expect("botocore's answer is a date-time");
        assert_eq!(Timestamp::parse_any(text), Ok(moment), "{text:?}");
    }
}

#[test]
fn ambiguous_texts_are_refused() {
    for text in REFUSED {
        assert!(Timestamp::parse_any(text).is_err(), "{text:?}");
    }
    // This includes texts of the words, signs and numbers that occur in times.
    for (text, _) in READ {
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            let cut = &text[..end];
            if let Ok(moment) = Timestamp::parse_any(cut) {
                // A truncated text is a time only if it is complete.
                let digits = cut.bytes().filter(u8::is_ascii_digit).count();
                assert!(
                    digits >= 4 || cut.trim().parse::<f64>().is_ok(),
                    "{cut:?}: {moment}"
                );
            }
        }
    }
}

proptest! {
    #[test]
    fn text_of_times_never_panics(text in r"([0-9]{1,4}|[-+:/., TZ]|Mon|Aug|May|UTC|GMT|PM|at|\(|\)|é){0,14}") {
        let _ = Timestamp::parse_any(&text);
    }

    #[test]
    fn a_written_time_is_read_with_any_zone_and_spaces(seconds in -62_135_596_800_i64..253_402_300_800, ahead in -1_439_i64..1_440) {
        let moment = Timestamp::from_epoch_seconds(seconds).expect("it is in range");
        let offset = ahead * 60;
        let Ok(local) = Timestamp::from_epoch_seconds(seconds + offset) else {
            return Ok(());
        };
        let local = local.to_string();
        let sign = if ahead < 0 { '-' } else { '+' };
        let (hours, minutes) = (ahead.abs() / 60, ahead.abs() % 60);
        let local = local.trim_end_matches('Z').replace('T', " ");
        for text in [
            format!("{local}{sign}{hours:02}{minutes:02}"),
            format!(" {local} {sign}{hours:02}:{minutes:02}"),
            moment.to_string().trim_end_matches('Z').to_owned(),
        ] {
            prop_assert_eq!(Timestamp::parse_any(&text), Ok(moment), "{}", text);
        }
    }
}
