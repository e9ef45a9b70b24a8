//! Reads the expiry of credentials in the forms that credential sources write.
//!
//! All sources use the tolerant reader of [`Timestamp`]. A text without a zone is refused, as in botocore: it is
//! usually UTC and sometimes local time, and an expiry that is hours too late would be accepted. A number is refused as
//! well, because it may count seconds, milliseconds or years.

use crate::Timestamp;

/// Reads a time; `None` if the text is ambiguous or invalid.
#[inline(never)]
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    Timestamp::parse_zoned(text).ok()
}

#[cfg(test)]
mod tests {
    use super::read;

    /// botocore 1.44.5 accepts each of these, and refuses each of those below.
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
            "2035-1-1T00:00:00Z",
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
            "Mon Jan  1 00:00:00 UTC 2035",
            "1 January 2035 00:00:00 UTC",
        ] {
            let found = read(text).map(|moment| moment.epoch_seconds());
            assert_eq!(found, Some(2_051_222_400), "{text}");
        }
    }

    #[test]
    fn ambiguous_times_are_refused() {
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
}
