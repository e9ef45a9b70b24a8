//! Serde writes `date-time` and reads what services send.

use attache_runtime::timestamp::{Timestamp, TimestampFormat};
use proptest::prelude::*;

use super::{at, config};

#[test]
fn serde_writes_date_times_and_reads_what_services_send() {
    let moment = at(482_196_050, 520_000_000);
    let text = serde_json::to_string(&moment).unwrap();
    assert_eq!(text, "\"1985-04-12T23:20:50.52Z\"");
    let forms = [
        &*text,
        "482196050.52",
        "4.8219605052e8",
        "\"1985-04-13T01:20:50.520+02:00\"",
        "\"Fri, 12 Apr 1985 23:20:50.52 GMT\"",
        "\"482196050.52\"",
    ];
    for form in forms {
        let read: Result<Timestamp, _> = serde_json::from_str(form);
        assert_eq!(read.unwrap(), moment, "{form}");
        let value: serde_json::Value = serde_json::from_str(form).unwrap();
        assert_eq!(
            serde_json::from_value::<Timestamp>(value).unwrap(),
            moment,
            "{form}"
        );
    }
    let read: Timestamp = serde_json::from_str("-1").unwrap();
    assert_eq!(read, at(-1, 0));
    for refused in ["true", "null", "[1]", "{}", "1e300", "\"hunter2\""] {
        let error = serde_json::from_str::<Timestamp>(refused).unwrap_err();
        let error = error.to_string();
        assert!(
            error.contains("timestamp") && !error.contains("hunter2"),
            "{error}"
        );
    }
    let error = serde_json::from_str::<Timestamp>("\"hunter2\"").unwrap_err();
    assert!(
        error.to_string().contains("expected a date-time"),
        "{error}"
    );
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn serde_keeps_microseconds_of_floats_until_2242(
        seconds in 0..8_589_934_592_i64,
        microseconds in 0..1_000_000_u32,
    ) {
        let moment = at(seconds, microseconds * 1_000);
        let text = moment.format(TimestampFormat::EpochSeconds);
        prop_assert_eq!(serde_json::from_str::<Timestamp>(&text).unwrap(), moment);
    }
}
