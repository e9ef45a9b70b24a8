//! The forms in which Support writes times, as in responses of the service or in its documentation.
//!
//! The shapes are plain strings, so no model states their form. Clients parse them with fixed patterns, which fail if a
//! fraction is present only sometimes.

use attache_runtime::{Timestamp, TimestampFormat};

/// `2017-04-14T13:46:50.000Z`: times of cases and communications, as in recorded responses, and when links expire, for
/// which the documentation says only ISO 8601.
pub(super) fn date_time(time: Timestamp) -> String {
    format!("{}Z", milliseconds(time))
}

/// `2020-05-14T17:04:40.790+0000`: when an attachment set expires, as the examples of the AWS CLI have it.
pub(super) fn expiry_time(time: Timestamp) -> String {
    format!("{}+0000", milliseconds(time))
}

/// `2020-10-09T00:00:00.000+00:00`: intervals without support. The documentation gives RFC 3339 and the pattern
/// `yyyy-MM-dd'T'HH:mm:ss.SSSZZ`, in which `ZZ` is an offset with a colon.
pub(super) fn offset_date_time(time: Timestamp) -> String {
    format!("{}+00:00", milliseconds(time))
}

/// `2020-02-06T05:30:11Z`: results of Trusted Advisor, as in recorded responses.
pub(super) fn whole_seconds(time: Timestamp) -> String {
    format!("{}Z", seconds(time))
}

fn milliseconds(time: Timestamp) -> String {
    let milliseconds = time.subsecond_nanoseconds() / 1_000_000;
    format!("{}.{milliseconds:03}", seconds(time))
}

fn seconds(time: Timestamp) -> String {
    let whole = Timestamp::from_epoch_seconds(time.epoch_seconds()).unwrap_or(time);
    let text = whole.format(TimestampFormat::DateTime);
    text.trim_end_matches('Z').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{date_time, expiry_time, offset_date_time, whole_seconds};

    #[test]
    fn fractions_have_three_digits_or_none() {
        for (time, milliseconds) in [
            ("2017-04-14T13:46:50Z", "000"),
            ("2017-04-14T13:46:50.07Z", "070"),
            ("2017-04-14T13:46:50.7Z", "700"),
            ("2017-04-14T13:46:50.774Z", "774"),
        ] {
            let time = time.parse().expect("it is a time");
            let text = format!("2017-04-14T13:46:50.{milliseconds}");
            assert_eq!(date_time(time), format!("{text}Z"));
            assert_eq!(expiry_time(time), format!("{text}+0000"));
            assert_eq!(offset_date_time(time), format!("{text}+00:00"));
            assert_eq!(whole_seconds(time), "2017-04-14T13:46:50Z");
        }
    }
}
