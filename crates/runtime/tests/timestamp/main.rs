//! Timestamps: the three wire formats and the conversions, with chrono's parsers as the reference.

mod any;
#[cfg(feature = "serde")]
mod serde_forms;

use std::time::{Duration, SystemTime};

use attache_runtime::timestamp::{Timestamp, TimestampFormat};
use chrono::{DateTime, SecondsFormat};
use proptest::prelude::*;

const FORMATS: [TimestampFormat; 3] = [
    TimestampFormat::DateTime,
    TimestampFormat::HttpDate,
    TimestampFormat::EpochSeconds,
];

fn at(seconds: i64, nanoseconds: u32) -> Timestamp {
    Timestamp::from_epoch(seconds, nanoseconds).unwrap()
}

#[test]
fn date_times_are_read_with_offsets_and_fractions() {
    for (text, expected) in [
        ("1985-04-12T23:20:50.52Z", at(482_196_050, 520_000_000)),
        ("1985-04-12t23:20:50.520z", at(482_196_050, 520_000_000)),
        ("1985-04-13T00:20:50+01:00", at(482_196_050, 0)),
        ("1985-04-12T15:20:50.000000001-08:00", at(482_196_050, 1)),
        (
            "1985-04-12T23:20:50.1234567899999Z",
            at(482_196_050, 123_456_789),
        ),
        ("1990-12-31T23:59:60Z", at(662_688_000, 0)),
        ("1990-12-31T15:59:60.5-08:00", at(662_688_000, 500_000_000)),
        ("2000-02-29T00:00:00Z", at(951_782_400, 0)),
        ("0001-01-01T00:00:00Z", Timestamp::MIN),
        ("9999-12-31T23:59:59.999999999Z", Timestamp::MAX),
        ("1970-01-01T00:00:00-00:00", Timestamp::UNIX_EPOCH),
    ] {
        assert_eq!(text.parse(), Ok(expected), "{text}");
    }
}

#[test]
fn texts_that_are_no_date_time_are_refused() {
    for text in [
        "",
        "1985-04-12",
        "1985-04-12T23:20:50",
        "1985-04-12 23:20:50Z",
        "1985-4-12T23:20:50Z",
        "1985-04-12T23:20Z",
        "1985-04-12T23:20:50.Z",
        "1985-04-12T23:20:50+0100",
        "1985-04-12T23:20:50+01",
        "1985-04-12T23:20:50+24:00",
        "1985-04-12T23:20:50+01:60",
        "1985-04-12T23:20:50Z ",
        " 1985-04-12T23:20:50Z",
        "1985-13-12T23:20:50Z",
        "1985-00-12T23:20:50Z",
        "1985-02-29T23:20:50Z",
        "1985-04-12T24:00:00Z",
        "1985-04-12T23:60:50Z",
        "1985-04-12T23:20:61Z",
        "1985-04-12T23:20:60Z",
        "+985-04-12T23:20:50Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "9999-12-31T23:59:60Z",
        "1985-04-12T23:20:5éZ",
        "１985-04-12T23:20:50Z",
    ] {
        assert!(text.parse::<Timestamp>().is_err(), "{text}");
    }
}

#[test]
fn http_dates_are_read_with_a_fraction_and_written_without() {
    let moment = at(1_398_796_238, 0);
    let text = "Tue, 29 Apr 2014 18:30:38 GMT";
    assert_eq!(
        Timestamp::parse(text, TimestampFormat::HttpDate),
        Ok(moment)
    );
    assert_eq!(moment.format(TimestampFormat::HttpDate), text);
    let half = Timestamp::parse(
        "Tue, 29 Apr 2014 18:30:38.500 GMT",
        TimestampFormat::HttpDate,
    )
    .unwrap();
    assert_eq!(half, at(1_398_796_238, 500_000_000));
    assert_eq!(half.format(TimestampFormat::HttpDate), text);
    assert_eq!(
        Timestamp::MIN.format(TimestampFormat::HttpDate),
        "Mon, 01 Jan 0001 00:00:00 GMT"
    );
    for text in [
        "",
        "29 Apr 2014 18:30:38 GMT",
        "Tue, 29 Apr 2014 18:30:38",
        "Tue, 29 Apr 2014 18:30:38 UTC",
        "Tue, 29 Apr 2014 18:30:38 +0000",
        "Tue, 9 Apr 2014 18:30:38 GMT",
        "Tue, 31 Apr 2014 18:30:38 GMT",
        "Tue, 29 April 2014 18:30:38 GMT",
        "tue, 29 apr 2014 18:30:38 gmt",
        "Tue,29 Apr 2014 18:30:38 GMT",
        "Tuesday, 29-Apr-14 18:30:38 GMT",
        "Tue Apr 29 18:30:38 2014",
    ] {
        assert!(
            Timestamp::parse(text, TimestampFormat::HttpDate).is_err(),
            "{text}"
        );
    }
}

#[test]
fn epoch_seconds_are_read_exactly_in_every_form() {
    for (text, expected) in [
        ("0", at(0, 0)),
        ("-0", at(0, 0)),
        ("1515531081.1234", at(1_515_531_081, 123_400_000)),
        ("1.515531081E9", at(1_515_531_081, 0)),
        ("15155310811234e-4", at(1_515_531_081, 123_400_000)),
        ("-1.5", at(-2, 500_000_000)),
        ("-0.000000001", at(-1, 999_999_999)),
        ("1.0000000019999", at(1, 1)),
        ("-1.0000000019999", at(-2, 999_999_999)),
        ("0.1e-100000000000000000000", at(0, 0)),
        ("0e100000000000000000000", at(0, 0)),
        ("253402300799.999999999", Timestamp::MAX),
        ("-62135596800", Timestamp::MIN),
    ] {
        assert_eq!(
            Timestamp::parse(text, TimestampFormat::EpochSeconds),
            Ok(expected),
            "{text}"
        );
    }
    for text in [
        "",
        "-",
        ".",
        ".5",
        "1.",
        "1e",
        "1e+",
        "1 ",
        "0x1",
        "NaN",
        "Infinity",
        "1,5",
        "--1",
        "253402300800",
        "-62135596800.000000001",
        "1e12",
        "1e100000000000000000000",
        "9223372036854775808",
    ] {
        assert!(
            Timestamp::parse(text, TimestampFormat::EpochSeconds).is_err(),
            "{text}"
        );
    }
}

#[test]
fn a_fraction_is_written_only_if_there_is_one() {
    let text = |seconds, nanoseconds| {
        let moment = at(seconds, nanoseconds);
        (
            moment.format(TimestampFormat::DateTime),
            moment.format(TimestampFormat::EpochSeconds),
        )
    };
    assert_eq!(
        text(0, 0),
        ("1970-01-01T00:00:00Z".to_owned(), "0".to_owned())
    );
    assert_eq!(
        text(0, 520_000_000),
        ("1970-01-01T00:00:00.52Z".to_owned(), "0.52".to_owned())
    );
    assert_eq!(
        text(-1, 999_999_999),
        (
            "1969-12-31T23:59:59.999999999Z".to_owned(),
            "-0.000000001".to_owned()
        )
    );
    assert_eq!(
        text(-2, 500_000_000),
        ("1969-12-31T23:59:58.5Z".to_owned(), "-1.5".to_owned())
    );
    assert_eq!(
        format!("{:?} {0}", at(0, 0)),
        "1970-01-01T00:00:00Z 1970-01-01T00:00:00Z"
    );
}

#[test]
fn errors_say_what_was_expected_and_not_what_was_found() {
    let error = "hunter2".parse::<Timestamp>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid timestamp: expected a date-time such as 1985-04-12T23:20:50.52Z"
    );
    let error = Timestamp::from_epoch_seconds(i64::MAX).unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid timestamp: the year is not in 0001..=9999"
    );
    assert!(Timestamp::from_epoch(0, 1_000_000_000).is_err());
}

#[test]
fn system_time_converts_both_ways() {
    let before = SystemTime::now();
    let now = Timestamp::now();
    assert!(Timestamp::try_from(before).unwrap() <= now);
    assert!(now <= Timestamp::try_from(SystemTime::now()).unwrap());
    for moment in [
        at(0, 0),
        at(1, 5),
        at(-1, 5),
        at(-1, 0),
        Timestamp::MIN,
        Timestamp::MAX,
    ] {
        let time = SystemTime::try_from(moment).unwrap();
        assert_eq!(Timestamp::try_from(time), Ok(moment));
    }
    let late = SystemTime::UNIX_EPOCH + Duration::from_secs(253_402_300_800);
    assert!(Timestamp::try_from(late).is_err());
}

#[cfg(feature = "chrono")]
#[test]
fn chrono_converts_both_ways() {
    for moment in [at(0, 0), at(-1, 5), Timestamp::MIN, Timestamp::MAX] {
        assert_eq!(
            Timestamp::try_from(DateTime::<chrono::Utc>::from(moment)),
            Ok(moment)
        );
    }
    assert!(Timestamp::try_from(DateTime::<chrono::Utc>::MAX_UTC).is_err());
    let leap = DateTime::from_timestamp(662_687_999, 1_500_000_000).unwrap();
    assert_eq!(Timestamp::try_from(leap), Ok(at(662_688_000, 500_000_000)));
}

#[cfg(feature = "jiff")]
#[test]
fn jiff_converts_both_ways() {
    for moment in [at(0, 0), at(-1, 5), Timestamp::MIN, at(1_700_000_000, 1)] {
        assert_eq!(
            Timestamp::try_from(jiff::Timestamp::try_from(moment).unwrap()),
            Ok(moment)
        );
    }
    assert!(Timestamp::try_from(jiff::Timestamp::MIN).is_err());
    assert!(jiff::Timestamp::try_from(Timestamp::MAX).is_err());
    let text = "2024-06-15T12:00:00.25+02:00";
    let theirs: jiff::Timestamp = text.parse().unwrap();
    assert_eq!(text.parse(), Timestamp::try_from(theirs));
}

#[cfg(feature = "time")]
#[test]
fn time_converts_both_ways() {
    for moment in [at(0, 0), at(-1, 5), Timestamp::MIN, Timestamp::MAX] {
        assert_eq!(
            Timestamp::try_from(time::OffsetDateTime::from(moment)),
            Ok(moment)
        );
    }
    assert!(Timestamp::try_from(time::PrimitiveDateTime::MIN.assume_utc()).is_err());
}

fn timestamps() -> impl Strategy<Value = Timestamp> {
    let range = Timestamp::MIN.epoch_seconds()..=Timestamp::MAX.epoch_seconds();
    let nanoseconds = prop_oneof![
        Just(0),
        0..1_000_000_000_u32,
        (0..1000_u32).prop_map(|ms| ms * 1_000_000)
    ];
    (prop_oneof![range, -100_000..100_000_i64], nanoseconds)
        .prop_map(|(seconds, nanoseconds)| at(seconds, nanoseconds))
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_timestamp_survives_writing_and_reading(moment in timestamps()) {
        for format in FORMATS {
            let expected = match format {
                TimestampFormat::HttpDate => at(moment.epoch_seconds(), 0),
                _ => moment,
            };
            prop_assert_eq!(Timestamp::parse(&moment.format(format), format), Ok(expected));
        }
    }

    #[test]
    fn chrono_reads_written_timestamps(moment in timestamps()) {
        let date_time = DateTime::parse_from_rfc3339(&moment.format(TimestampFormat::DateTime)).unwrap();
        prop_assert_eq!(date_time.timestamp(), moment.epoch_seconds());
        prop_assert_eq!(date_time.timestamp_subsec_nanos(), moment.subsecond_nanoseconds());
        let http_date = DateTime::parse_from_rfc2822(&moment.format(TimestampFormat::HttpDate)).unwrap();
        prop_assert_eq!(http_date.timestamp(), moment.epoch_seconds());
    }

    #[test]
    fn timestamps_that_chrono_writes_are_read(moment in timestamps(), minutes in -1439..1440_i32) {
        let offset = chrono::FixedOffset::east_opt(minutes * 60).unwrap();
        let utc = DateTime::from_timestamp(moment.epoch_seconds(), moment.subsecond_nanoseconds()).unwrap();
        let text = utc.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::AutoSi, true);
        // The local time may be in the year 0 or 10000, which RFC 3339 cannot represent.
        prop_assume!(text.as_bytes()[4] == b'-' && !text.starts_with("0000"));
        prop_assert_eq!(text.parse(), Ok(moment));
    }

    #[test]
    fn chrono_accepts_every_accepted_date_time(
        text in "[0-9]{4}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,10})?([zZ]|[+-][0-2][0-9]:[0-5][0-9])",
    ) {
        if let Ok(moment) = text.parse::<Timestamp>() {
            let theirs = DateTime::parse_from_rfc3339(&text).unwrap();
            prop_assert_eq!(moment.epoch_seconds(), theirs.timestamp());
        }
    }

    #[test]
    fn arbitrary_text_never_panics(text: String, digits in "[-+0-9.eE]{0,40}") {
        for format in FORMATS {
            let _ = Timestamp::parse(&text, format);
            let _ = Timestamp::parse(&digits, format);
        }
    }
}
