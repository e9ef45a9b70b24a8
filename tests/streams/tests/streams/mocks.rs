//! Streams of mocks, and the other forms of events.

use attache_runtime::test::{Mock, when};
use golden_streams::error::{ServiceError, TooLoud};
use golden_streams::operation::{ConverseRequest, ConverseResponse, ListenRequest, ListenResponse};
use golden_streams::runtime::event_stream::{EventInput, EventStream, UnknownEvent};
use golden_streams::types::{Card, CardContent, Heard, Said, Sound, Word};
use golden_streams::validation::Level;
use golden_streams::{Client, Error};
use proptest::prelude::*;

#[tokio::test]
async fn a_mock_gives_events_and_the_error_that_ends_them() {
    let heard = || {
        let card = CardContent::default().title("Hello");
        vec![
            Heard::Word(Word::default().text("one").number(1)),
            Heard::Sound(Sound::default().rate(8).samples(&b"\x00"[..])),
            Heard::Card(Card::default().speaker("Ada").card(card)),
            Heard::Unknown(UnknownEvent::new("whisper", "psst")),
        ]
    };
    let events = heard().into_iter().map(Ok);
    let error = Error::from_service(ServiceError::TooLoud(TooLoud::default().decibels(90)));
    let events = EventStream::from_events(events.chain([Err(error)]));
    let response = ListenResponse::default().events(events);
    let mock = Mock::new().rule(when::<ListenRequest>(|it| it.room.is_some()).then(Ok(response)));
    let client = Client::new(&mock.config().build().expect("it is complete"));
    let mut response = client.listen().room("a").send().await.expect("a response");
    for wanted in heard() {
        let came = response
            .events
            .next()
            .await
            .expect("an event")
            .expect("no error");
        assert_eq!(came, wanted);
    }
    let error = response
        .events
        .next()
        .await
        .expect("an error")
        .expect_err("an error");
    assert!(matches!(error.service(), Some(ServiceError::TooLoud(it)) if it.decibels == Some(90)));
    assert!(response.events.next().await.is_none());
}

#[tokio::test]
async fn a_mock_sees_a_request_with_events() {
    let response = ConverseResponse::default().conversation("c-1");
    let rule = when::<ConverseRequest>(|it| it.room.as_deref() == Some("a")).then(Ok(response));
    let mock = Mock::new().rule(rule);
    let client = Client::new(&mock.config().build().expect("it is complete"));
    let events = EventInput::from_events([Said::Bye(Default::default())]);
    let response = client.converse().room("a").events(events).send().await;
    assert_eq!(
        response.expect("a response").conversation.as_deref(),
        Some("c-1")
    );
    assert_eq!(mock.count::<ConverseRequest>(), 1);
}

#[test]
fn events_are_serialized_and_streams_are_not() {
    let word = Word::default().text("one").number(1);
    let text = serde_json::to_string(&word).expect("it is JSON");
    assert_eq!(text, r#"{"number":1,"text":"one"}"#);
    assert_eq!(
        serde_json::from_str::<Word>(&text).expect("it is a word"),
        word
    );
    let sound: Sound = serde_json::from_str(r#"{"kind":"music","samples":"AP8=","rate":8}"#)
        .expect("it is a sound");
    assert_eq!(sound.samples.as_deref(), Some(&b"\x00\xff"[..]));
    let events = EventStream::from_events([Ok(Heard::Word(word))]);
    let response = ConverseResponse::default()
        .conversation("c-1")
        .events(events);
    let text = serde_json::to_string(&response).expect("it is JSON");
    assert_eq!(text, r#"{"conversation":"c-1"}"#);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn arbitrary_streams_are_streams(request in any::<ConverseRequest>(), response in any::<ConverseResponse>()) {
        prop_assert!(request.validate(Level::Documented).is_ok());
        prop_assert!(request.events.is_some());
        prop_assert_eq!(&response, &response);
    }
}
