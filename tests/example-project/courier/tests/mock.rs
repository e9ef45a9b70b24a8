//! Tests with a mock, whose rules say what the service responds.

use std::time::Duration;

use courier::send_all;
use parcels::error::TooHeavy;
use parcels::operation::{SendParcelRequest, SendParcelResponse};
use parcels::runtime::test::{Mock, when};
use parcels::{Client, Error, ServiceError};

fn client(mock: &Mock) -> Client {
    Client::new(&mock.config().build().expect("nothing is missing"))
}

fn sent(id: &str) -> Result<SendParcelResponse, Error> {
    Ok(SendParcelResponse::default().parcel_id(id))
}

/// The pauses before the retries take no time.
#[test]
fn a_parcel_is_sent_again_when_the_service_throttles() {
    let throttled = Error::from_code("ThrottlingException", "slow down");
    let mock = Mock::new().rule(
        when::<SendParcelRequest>(|_| true)
            .then(Err(throttled.with_retry_after(Duration::from_secs(4))))
            .times(2)
            .then(sent("p-1"))
            .then(sent("p-2"))
            .once(),
    );
    let ids = send_all(&client(&mock), &["Ada", "Grace"], 300).expect("both are sent");
    assert_eq!(ids, ["p-1", "p-2"]);
    assert_eq!(mock.count::<SendParcelRequest>(), 4);
    mock.assert_all_used();
}

#[test]
fn a_heavy_parcel_is_sent_in_two_halves() {
    let refused = ServiceError::TooHeavy(TooHeavy::default().message("999 g at most"));
    let mock = Mock::new()
        .rule(
            when::<SendParcelRequest>(|request| request.grams > Some(999))
                .then(Err(Error::from_service(refused))),
        )
        .rule(
            when::<SendParcelRequest>(|_| true)
                .then(sent("p-1"))
                .then(sent("p-2")),
        );
    let ids = send_all(&client(&mock), &["Ada"], 1501).expect("both halves are sent");
    assert_eq!(ids, ["p-1", "p-2"]);
    let requests = mock.requests::<SendParcelRequest>();
    let grams: Vec<_> = requests
        .iter()
        .filter_map(|request| request.grams)
        .collect();
    assert_eq!(grams, [1501, 750, 751]);
    mock.assert_all_used();
}
