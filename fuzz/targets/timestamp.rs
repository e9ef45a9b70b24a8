//! Timestamps: parsing never panics, and what was parsed prints and parses to the same instant.

#![no_main]

use attache_runtime::{Timestamp, TimestampFormat};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for format in [
        TimestampFormat::DateTime,
        TimestampFormat::HttpDate,
        TimestampFormat::EpochSeconds,
    ] {
        let Ok(time) = Timestamp::parse(text, format) else {
            continue;
        };
        for other in [TimestampFormat::DateTime, TimestampFormat::EpochSeconds] {
            let printed = time.format(other);
            assert_eq!(Timestamp::parse(&printed, other), Ok(time), "{printed}");
        }
        let printed = time.format(TimestampFormat::HttpDate);
        let again = Timestamp::parse(&printed, TimestampFormat::HttpDate).expect("it was printed");
        assert_eq!(again.epoch_seconds(), time.epoch_seconds(), "{printed}");
    }
});
