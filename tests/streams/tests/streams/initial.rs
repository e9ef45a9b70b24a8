//! The members of a response that are no events, in protocols without HTTP bindings.

use attache_runtime::event_stream::{EventInput, Message};
use attache_stream_tests::{
    Messages, Sender, Version, event, exception, inner, response, serve, text,
};

use crate::stage::config;

/// Serves the same messages to every request, and sends what the first message of a request holds.
async fn client(
    messages: Vec<Message>,
) -> (
    golden_streams_aws_json::Client,
    tokio::sync::mpsc::Receiver<Message>,
) {
    let (seen, requests) = tokio::sync::mpsc::channel(1);
    let address = serve(Version::Http2, move |request| {
        let (messages, seen) = (messages.clone(), seen.clone());
        async move {
            let (sender, response): (Sender, _) = response(200);
            tokio::spawn(async move {
                let mut sent = Messages::new(request.into_body());
                if let Ok(Some(first)) = sent.next().await
                    && let Some(first) = inner(&first)
                {
                    let _ = seen.send(first).await;
                }
                for message in messages {
                    sender.message(message).await;
                }
            });
            response
        }
    })
    .await;
    let config = config(address).build().expect("it is complete");
    (golden_streams_aws_json::Client::new(&config), requests)
}

#[tokio::test]
async fn the_first_messages_have_the_other_members() {
    let initial = event("initial-response", r#"{"conversation":"c-1"}"#);
    let word = event("word", r#"{"text":"hello","number":1}"#);
    let (client, mut requests) = client(vec![initial, word]).await;
    let call = client.converse().room("a").language("en");
    let call = call.events(EventInput::from_events([
        golden_streams_aws_json::types::Said::Bye(Default::default()),
    ]));
    let mut response = call.send().await.expect("a response");
    assert_eq!(response.conversation.as_deref(), Some("c-1"));
    let first = requests.recv().await.expect("a request");
    assert_eq!(text(&first, ":event-type"), "initial-request");
    assert_eq!(text(&first, ":content-type"), "application/json");
    assert_eq!(&first.payload[..], br#"{"language":"en","room":"a"}"#);
    let event = response.events.next().await;
    assert!(
        matches!(
            event,
            Some(Ok(golden_streams_aws_json::types::Heard::Word(_)))
        ),
        "{event:?}"
    );
}

#[tokio::test]
async fn a_response_may_begin_with_an_event() {
    let (client, _requests) = client(vec![event("word", r#"{"number":7}"#)]).await;
    let call = client
        .converse()
        .room("a")
        .events(EventInput::from_events([]));
    let mut response = call.send().await.expect("a response");
    assert_eq!(response.conversation, None);
    match response.events.next().await {
        Some(Ok(golden_streams_aws_json::types::Heard::Word(word))) => assert_eq!(word.number, 7),
        other => panic!("no word: {other:?}"),
    }
}

#[tokio::test]
async fn an_exception_in_place_of_the_first_message_is_left_for_the_reader() {
    let (client, _requests) = client(vec![exception("tooLoud", r#"{"decibels":100}"#)]).await;
    let call = client
        .converse()
        .room("a")
        .events(EventInput::from_events([]));
    let mut response = call.send().await.expect("a response");
    let error = match response.events.next().await {
        Some(Err(error)) => error,
        other => panic!("no error: {other:?}"),
    };
    let service = error.service();
    assert!(
        matches!(service, Some(golden_streams_aws_json::error::ServiceError::TooLoud(it)) if it.decibels == Some(100)),
        "{error:?}"
    );
}

/// The same members in CBOR: a map with one entry, and one with two.
#[tokio::test]
async fn cbor_has_the_same_messages() {
    let typed = |name: &str, payload: &'static [u8]| {
        Message::new(payload)
            .with_text(":message-type", "event")
            .with_text(":event-type", name)
            .with_text(":content-type", "application/cbor")
    };
    let address = serve(Version::Http2, move |request| async move {
        let accept = request.headers().get("accept").cloned();
        assert_eq!(
            accept.as_ref().map(|value| value.as_bytes()),
            Some(&b"application/vnd.amazon.eventstream"[..])
        );
        let (sender, response) = response(200);
        tokio::spawn(async move {
            sender
                .message(typed("initial-response", b"\xa1\x6cconversation\x63c-2"))
                .await;
            sender
                .message(typed("word", b"\xa2\x64text\x62hi\x66number\x05"))
                .await;
        });
        response
    })
    .await;
    let config = config(address).build().expect("it is complete");
    let client = golden_streams_cbor::Client::new(&config);
    let call = client
        .converse()
        .room("a")
        .events(EventInput::from_events([]));
    let mut response = call.send().await.expect("a response");
    assert_eq!(response.conversation.as_deref(), Some("c-2"));
    match response.events.next().await {
        Some(Ok(golden_streams_cbor::types::Heard::Word(word))) => {
            assert_eq!((word.text.as_deref(), word.number), (Some("hi"), 5));
        }
        other => panic!("no word: {other:?}"),
    }
}
