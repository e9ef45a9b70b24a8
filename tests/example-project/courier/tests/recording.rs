//! Tests with a recording of the service.

use std::path::Path;

use courier::send_all;
use parcels::error::TooHeavy;
use parcels::operation::{SendParcelRequest, SendParcelResponse};
use parcels::runtime::test::{Mock, Recorder, Replayer, when};
use parcels::{Client, Error, ServiceError};

const RECORDING: &str = "tests/recordings/two_recipients.json";

fn replayed() -> (Replayer, Client) {
    let replayer = Replayer::open(RECORDING).expect("it is committed");
    let config = replayer.config().build().expect("nothing is missing");
    (replayer, Client::new(&config))
}

#[test]
fn each_recipient_gets_the_whole_weight() {
    let (replayer, client) = replayed();
    let ids = send_all(&client, &["Ada", "Grace"], 1500).expect("it is recorded");
    assert_eq!(ids, ["p-1", "p-2", "p-3", "p-4"]);
    replayer.assert_finished();
}

#[test]
fn another_weight_is_not_what_was_recorded() {
    let (replayer, client) = replayed();
    let error = send_all(&client, &["Ada"], 1400).expect_err("it was not recorded");
    let text = format!("{error:#}");
    assert!(
        text.contains("/grams is 1500 in the recording and 1400 in the request"),
        "{text}"
    );
    assert_eq!(replayer.remaining().len(), 6);
}

/// Makes the file as it was made with the service. This service does not exist, so a mock stands for it.
#[test]
fn a_recording_is_made_by_a_recorder() {
    let id = std::sync::atomic::AtomicUsize::new(1);
    let mock = Mock::new().rule(
        when::<SendParcelRequest>(|_| true).then_with(move |request| {
            if request.grams > Some(999) {
                let refused = TooHeavy::default().message("999 g at most");
                return Err(Error::from_service(ServiceError::TooHeavy(refused)));
            }
            let id = id.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            Ok(SendParcelResponse::default().parcel_id(format!("p-{id}")))
        }),
    );
    let recorder = Recorder::of(&mock.config().build().expect("nothing is missing"));
    let client = Client::new(&recorder.config());
    send_all(&client, &["Ada", "Grace"], 1500).expect("the mock responds");

    let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("two_recipients.json");
    recorder.save(&made).expect("it can be written");
    let [made, committed] = [made.as_path(), Path::new(RECORDING)]
        .map(|path| std::fs::read_to_string(path).expect("it can be read"));
    assert_eq!(made, committed);
    // The model says that the recipient is sensitive.
    assert!(!committed.contains("Ada"), "{committed}");
}
