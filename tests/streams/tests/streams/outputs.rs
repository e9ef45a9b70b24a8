//! Events of responses.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use attache_runtime::ErrorKind;
use attache_runtime::event_stream::{EventStream, Message};
use attache_stream_tests::{Response, Sender, Version, event, exception, response, serve};
use golden_streams::error::ServiceError;
use golden_streams::types::Heard;
use golden_streams::{Client, Error};
use tokio::sync::Notify;

use crate::stage::{Impatient, config};

/// A client whose only request gets what the script sends.
async fn client<F>(
    stalls: bool,
    script: impl Fn(Sender) -> F + Clone + Send + Sync + 'static,
) -> Client
where
    F: Future<Output = ()> + Send + 'static,
{
    let address = serve(Version::Http1, move |_| {
        let (sender, response) = response(200);
        tokio::spawn(script.clone()(sender));
        std::future::ready(response)
    });
    let config = config(address.await).timer(Impatient { stalls }).build();
    Client::new(&config.expect("it is complete"))
}

/// The events of that request.
async fn heard<F>(
    script: impl Fn(Sender) -> F + Clone + Send + Sync + 'static,
) -> EventStream<Heard, ServiceError>
where
    F: Future<Output = ()> + Send + 'static,
{
    let response = client(false, script).await.listen().room("a").send().await;
    response.expect("the head is a success").events
}

fn word(text: &str) -> Message {
    event("word", format!(r#"{{"text":"{text}","number":1}}"#))
}

/// The text of an event that is a word.
fn spoken(event: Option<Result<Heard, Error>>) -> Option<String> {
    match event {
        Some(Ok(Heard::Word(word))) => word.text,
        other => panic!("no word: {other:?}"),
    }
}

fn failure(event: Option<Result<Heard, Error>>) -> Error {
    match event {
        Some(Err(error)) => error,
        other => panic!("no error: {other:?}"),
    }
}

#[tokio::test]
async fn events_arrive_while_the_response_goes_on() {
    let go_on = Arc::new(Notify::new());
    let turn = Arc::clone(&go_on);
    let mut events = heard(move |sender| {
        let turn = Arc::clone(&turn);
        async move {
            sender.message(word("one")).await;
            turn.notified().await;
            sender.message(word("two")).await;
        }
    })
    .await;
    assert_eq!(spoken(events.next().await).as_deref(), Some("one"));
    go_on.notify_one();
    assert_eq!(spoken(events.next().await).as_deref(), Some("two"));
    assert!(events.next().await.is_none());
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn headers_and_payloads_are_members() {
    use attache_runtime::event_stream::HeaderValue;

    let mut events = heard(|sender| async move {
        let sound = Message::new(&b"\x00\xff"[..])
            .with_text(":message-type", "event")
            .with_text(":event-type", "sound")
            .with_text("kind", "music")
            .with("rate", HeaderValue::Short(8_000));
        sender.message(sound).await;
        let card = event("card", r#"{"title":"Hello"}"#).with_text("speaker", "Ada");
        sender.message(card).await;
        sender.message(event("note", "plain")).await;
        let marks = event("marks", "").with("at", HeaderValue::Timestamp(1_500));
        sender
            .message(marks.with("final", HeaderValue::Boolean(true)))
            .await;
        sender.message(event("pause", "")).await;
    })
    .await;
    let Some(Ok(Heard::Sound(sound))) = events.next().await else {
        panic!("a sound")
    };
    assert_eq!(
        sound.kind.map(|kind| kind.to_string()).as_deref(),
        Some("music")
    );
    assert_eq!(
        (sound.rate, sound.samples.as_deref()),
        (Some(8_000), Some(&b"\x00\xff"[..]))
    );
    let Some(Ok(Heard::Card(card))) = events.next().await else {
        panic!("a card")
    };
    assert_eq!(card.speaker.as_deref(), Some("Ada"));
    assert_eq!(
        card.card.and_then(|card| card.title).as_deref(),
        Some("Hello")
    );
    let Some(Ok(Heard::Note(note))) = events.next().await else {
        panic!("a note")
    };
    assert_eq!(note.note.as_deref(), Some("plain"));
    let Some(Ok(Heard::Marks(marks))) = events.next().await else {
        panic!("marks")
    };
    assert_eq!(
        marks.at.map(|at| at.to_string()).as_deref(),
        Some("1970-01-01T00:00:01.5Z")
    );
    assert_eq!(marks.final_, Some(true));
    assert!(matches!(events.next().await, Some(Ok(Heard::Pause(_)))));
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn an_unknown_event_keeps_its_name_and_its_content() {
    let mut events = heard(|sender| async move {
        sender.message(event("whisper", "psst")).await;
    })
    .await;
    let Some(Ok(Heard::Unknown(unknown))) = events.next().await else {
        panic!("an unknown event")
    };
    assert_eq!(
        (unknown.name.as_str(), &unknown.payload[..]),
        ("whisper", &b"psst"[..])
    );
    assert_eq!(unknown.content_type.as_deref(), Some("application/json"));
}

#[tokio::test]
async fn an_exception_is_the_modelled_error_and_ends_the_stream() {
    let mut events = heard(|sender| async move {
        sender.message(word("one")).await;
        let body = r#"{"message":"quiet","decibels":90}"#;
        sender.message(exception("tooLoud", body)).await;
        sender.message(word("lost")).await;
        pending::<()>().await;
    })
    .await;
    assert_eq!(spoken(events.next().await).as_deref(), Some("one"));
    let error = failure(events.next().await);
    let Some(ServiceError::TooLoud(too_loud)) = error.service() else {
        panic!("a modelled error: {error:?}")
    };
    assert_eq!(
        (too_loud.message.as_deref(), too_loud.decibels),
        (Some("quiet"), Some(90))
    );
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Service, Some("TooLoud"))
    );
    assert_eq!(error.status(), Some(429));
    assert!(
        error.to_string().starts_with("Listen: TooLoud: quiet"),
        "{error}"
    );
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn an_error_without_a_model_has_its_code_and_its_message() {
    let mut events = heard(|sender| async move {
        let error = Message::default()
            .with_text(":message-type", "error")
            .with_text(":error-code", "TooMuch")
            .with_text(":error-message", "of a good thing");
        sender.message(error).await;
    })
    .await;
    let error = failure(events.next().await);
    assert_eq!(
        (error.code(), error.message()),
        (Some("TooMuch"), Some("of a good thing"))
    );
    assert!(error.service().is_none());
    assert_eq!(error.kind(), ErrorKind::Service);
}

#[tokio::test]
async fn a_broken_checksum_is_an_error_and_ends_the_exchange() {
    let gone = Arc::new(Notify::new());
    let seen = Arc::clone(&gone);
    let mut events = heard(move |sender| {
        let seen = Arc::clone(&seen);
        async move {
            let mut bytes = word("one").encode().expect("it is short").to_vec();
            let last = bytes.len() - 1;
            bytes[last] ^= 1;
            sender.bytes(bytes).await;
            sender.closed().await;
            seen.notify_one();
        }
    })
    .await;
    let error = failure(events.next().await);
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(
        format!("{error:#}").contains("its checksum is"),
        "{error:#}"
    );
    assert!(events.next().await.is_none());
    gone.notified().await;
}

#[tokio::test]
async fn a_connection_that_is_cut_in_a_message_is_an_error() {
    let half = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
    let mut events = heard(move |sender| async move {
        sender.message(word("one")).await;
        sender
            .bytes(half(&word("two").encode().expect("it is short")))
            .await;
    })
    .await;
    assert_eq!(spoken(events.next().await).as_deref(), Some("one"));
    let error = failure(events.next().await);
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(
        format!("{error:#}").contains("the stream ended after"),
        "{error:#}"
    );

    let read = Arc::new(Notify::new());
    let turn = Arc::clone(&read);
    let mut events = heard(move |sender| {
        let turn = Arc::clone(&turn);
        async move {
            sender.message(word("one")).await;
            turn.notified().await;
            sender
                .bytes(half(&word("two").encode().expect("it is short")))
                .await;
            sender.cut().await;
        }
    })
    .await;
    assert_eq!(spoken(events.next().await).as_deref(), Some("one"));
    read.notify_one();
    assert_eq!(failure(events.next().await).kind(), ErrorKind::Io);
}

#[tokio::test]
async fn a_stall_is_a_timeout() {
    let client = client(true, |sender| async move {
        pending::<()>().await;
        drop(sender);
    })
    .await;
    let mut events = client
        .listen()
        .room("a")
        .send()
        .await
        .expect("the head")
        .events;
    let error = failure(events.next().await);
    assert!(error.is_timeout(), "{error:?}");
    assert!(error.to_string().contains("Listen"), "{error}");
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn a_dropped_stream_ends_the_exchange() {
    let gone = Arc::new(Notify::new());
    let seen = Arc::clone(&gone);
    let mut events = heard(move |sender| {
        let seen = Arc::clone(&seen);
        async move {
            sender.message(word("one")).await;
            sender.closed().await;
            seen.notify_one();
        }
    })
    .await;
    assert_eq!(spoken(events.next().await).as_deref(), Some("one"));
    drop(events);
    gone.notified().await;
}

/// Responds with an error first, then with a stream that begins with an exception.
#[tokio::test]
async fn a_call_is_retried_until_its_response_has_begun() {
    let requests = Arc::new(AtomicU32::new(0));
    let seen = Arc::clone(&requests);
    let script = move |_| -> std::future::Ready<Response> {
        let (sender, response) = match seen.fetch_add(1, Ordering::Relaxed) {
            0 => response(500),
            _ => response(200),
        };
        tokio::spawn(async move { sender.message(exception("broken", "{}")).await });
        std::future::ready(response)
    };
    let address = serve(Version::Http1, script).await;
    let config = config(address).timer(Impatient { stalls: false }).build();
    let client = Client::new(&config.expect("it is complete"));
    let mut events = client
        .listen()
        .room("a")
        .send()
        .await
        .expect("a retry")
        .events;
    assert_eq!(requests.load(Ordering::Relaxed), 2);
    let error = failure(events.next().await);
    assert!(matches!(error.service(), Some(ServiceError::Broken(_))));
    assert_eq!((error.attempts(), requests.load(Ordering::Relaxed)), (2, 2));
}

#[test]
fn a_blocking_iterator_reads_the_same_events() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime for the server");
    let client = runtime.block_on(client(false, |sender| async move {
        sender.message(word("one")).await;
        sender.message(word("two")).await;
    }));
    let events = client
        .listen()
        .room("a")
        .send()
        .wait()
        .expect("the head")
        .events;
    let words: Vec<Option<String>> = events.wait().map(|event| spoken(Some(event))).collect();
    assert_eq!(words, [Some("one".to_owned()), Some("two".to_owned())]);
}
