//! Events of requests: what is sent, how it is signed, and what is refused.

use std::sync::Arc;

use attache_runtime::event_stream::{EventInput, HeaderValue, Message};
use attache_runtime::{ErrorKind, Timestamp};
use attache_stream_tests::{Messages, Request, Version, inner, response, serve, text};
use golden_streams::Client;
use golden_streams::enums::Kind;
use golden_streams::types::{Bye, Said, SaidAudio, SaidText};
use golden_streams::validation::Level;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use crate::stage::config;

/// A request as it arrived: its headers and its messages, if it ended.
struct Arrived {
    headers: http::HeaderMap,
    messages: Vec<Message>,
    is_whole: bool,
}

/// Responds with a count, and hands over each request.
async fn client() -> (Client, mpsc::Receiver<Arrived>) {
    let (seen, arrived) = mpsc::channel(4);
    let address = serve(Version::Http2, move |request: Request| {
        let seen = seen.clone();
        async move {
            let (head, body) = request.into_parts();
            let mut reader = Messages::new(body);
            let mut messages = Vec::new();
            let is_whole = loop {
                match reader.next().await {
                    Ok(Some(message)) => messages.push(message),
                    Ok(None) => break true,
                    Err(_) => break false,
                }
            };
            let headers = head.headers;
            let arrived = Arrived {
                headers,
                messages,
                is_whole,
            };
            let _ = seen.send(arrived).await;
            let (sender, response) = response(200);
            tokio::spawn(async move { sender.bytes(&br#"{"words":2}"#[..]).await });
            response
        }
    })
    .await;
    (
        Client::new(&config(address).build().expect("it is complete")),
        arrived,
    )
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Checks the chain of signatures as the specification describes it, with other code than the client's. Returns the
/// messages inside.
fn verified(arrived: &Arrived) -> Vec<Message> {
    let header = |name: &str| arrived.headers[name].to_str().expect("a text").to_owned();
    assert_eq!(
        header("x-amz-content-sha256"),
        "STREAMING-AWS4-HMAC-SHA256-EVENTS"
    );
    assert_eq!(header("content-type"), "application/vnd.amazon.eventstream");
    let authorization = header("authorization");
    let (_, seed) = authorization
        .rsplit_once("Signature=")
        .expect("a signature");
    let scope = "20261129/eu-central-1/chat/aws4_request";
    assert!(authorization.contains(scope), "{authorization}");
    let key = ["20261129", "eu-central-1", "chat", "aws4_request"]
        .iter()
        .fold(b"AWS4wJalrXUtnFEMI/K7MDENG".to_vec(), |key, part| {
            hmac(&key, part)
        });
    let mut last = seed.to_owned();
    for message in &arrived.messages {
        let Some(HeaderValue::Timestamp(date)) = message.header(":date") else {
            panic!("a message has a date")
        };
        // The clock of the test shows a quarter of a second more.
        assert_eq!(*date, 1_795_953_600_000);
        let mut headers = vec![5];
        headers.extend_from_slice(b":date\x08");
        headers.extend_from_slice(&date.to_be_bytes());
        let text = format!(
            "AWS4-HMAC-SHA256-PAYLOAD\n20261129T120000Z\n{scope}\n{last}\n{}\n{}",
            hexadecimal(&Sha256::digest(&headers)),
            hexadecimal(&Sha256::digest(&message.payload)),
        );
        let signature = hmac(&key, &text);
        let wanted = HeaderValue::Blob(signature.clone().into());
        assert_eq!(message.header(":chunk-signature"), Some(&wanted));
        last = hexadecimal(&signature);
    }
    let (end, messages) = arrived.messages.split_last().expect("an empty message");
    assert!(
        arrived.is_whole && inner(end).is_none(),
        "an empty message ends it"
    );
    messages
        .iter()
        .map(|message| inner(message).expect("a message"))
        .collect()
}

#[tokio::test]
async fn events_are_signed_one_by_one() {
    let (client, mut arrived) = client().await;
    let audio = SaidAudio::new()
        .loud(true)
        .channel(-3_i8)
        .level(300_i16)
        .rate(8_000)
        .position(1_i64 << 40)
        .key(&b"\x01\x02"[..])
        .at(Timestamp::parse_any("2026-01-02T03:04:05.678Z").expect("a time"))
        .kind(Kind::Voice)
        .name("microphone")
        .samples(&b"samples"[..]);
    let events = vec![
        Said::Text(SaidText::new("hello").pin("1234")),
        Said::Audio(audio),
        Said::Bye(Bye::new()),
    ];
    let response = client
        .tell()
        .events(EventInput::from_events(events))
        .send()
        .await;
    assert_eq!(response.expect("a response").words, Some(2));
    let messages = verified(&arrived.recv().await.expect("a request"));
    let names: Vec<&str> = messages.iter().map(|it| text(it, ":event-type")).collect();
    assert_eq!(names, ["text", "audio", "bye"]);
    assert_eq!(
        &messages[0].payload[..],
        br#"{"pin":"1234","text":"hello"}"#
    );
    assert_eq!(text(&messages[0], ":content-type"), "application/json");
    let audio = &messages[1];
    let wanted = [
        ("loud", HeaderValue::Boolean(true)),
        ("channel", HeaderValue::Byte(-3)),
        ("level", HeaderValue::Short(300)),
        ("rate", HeaderValue::Integer(8_000)),
        ("position", HeaderValue::Long(1 << 40)),
        ("key", HeaderValue::Blob(b"\x01\x02".as_slice().into())),
        ("at", HeaderValue::Timestamp(1_767_323_045_678)),
        ("kind", HeaderValue::String("voice".to_owned())),
        ("name", HeaderValue::String("microphone".to_owned())),
        (
            ":content-type",
            HeaderValue::String("application/octet-stream".to_owned()),
        ),
    ];
    for (name, value) in wanted {
        assert_eq!(audio.header(name), Some(&value), "{name}");
    }
    assert_eq!(&audio.payload[..], b"samples");
    assert_eq!(&messages[2].payload[..], b"{}");
}

#[tokio::test]
async fn a_request_without_events_is_an_empty_message() {
    let (client, mut arrived) = client().await;
    client.tell().send().await.expect("a response");
    assert_eq!(verified(&arrived.recv().await.expect("a request")), []);
}

#[tokio::test]
async fn an_event_that_breaks_a_constraint_ends_the_exchange() {
    let (client, mut arrived) = client().await;
    let events = || {
        let texts = ["fine", "", "late"];
        EventInput::from_events(texts.map(|text| Said::Text(SaidText::new(text))))
    };
    let error = client
        .tell()
        .events(events())
        .send()
        .await
        .expect_err("the second is empty");
    assert_eq!(error.kind(), ErrorKind::Validation, "{error:?}");
    let violations = error.violations().expect("violations");
    assert_eq!(violations.iter().count(), 1);
    assert!(
        error.to_string().contains("text: 0 characters, at least 1"),
        "{error}"
    );
    let request = arrived.recv().await.expect("a request");
    assert!(!request.is_whole && request.messages.len() < 2);
    // At another level it is sent.
    let call = client.tell().events(events()).validation(Level::Structural);
    call.send().await.expect("a response");
    assert_eq!(verified(&arrived.recv().await.expect("a request")).len(), 3);
}

#[tokio::test]
async fn a_request_that_sends_events_is_sent_once() {
    let requests = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let seen = Arc::clone(&requests);
    let address = serve(Version::Http2, move |_: Request| {
        seen.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let (_, response) = response(500);
        std::future::ready(response)
    })
    .await;
    let client = Client::new(&config(address).build().expect("it is complete"));
    let events = EventInput::from_events([Said::Bye(Bye::new())]);
    let error = client
        .tell()
        .events(events)
        .send()
        .await
        .expect_err("the server refuses it");
    assert_eq!((error.status(), error.attempts()), (Some(500), 1));
    assert_eq!(requests.load(std::sync::atomic::Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_request_that_sends_events_is_not_presigned() {
    let (client, _arrived) = client().await;
    let call = client.tell().send();
    let error = call.presign(std::time::Duration::from_secs(60)).await;
    assert_eq!(error.expect_err("a POST").kind(), ErrorKind::Request);
}
