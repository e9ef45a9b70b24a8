//! No part of an event is in a log or in `Debug`.

use std::io::Write;
use std::sync::{Arc, Mutex};

use attache_runtime::event_stream::EventInput;
use attache_stream_tests::{Request, Version, event, exception, inner, response, serve};
use golden_streams::Client;
use golden_streams::types::{Heard, Said, SaidText};

use crate::stage::config;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .expect("no test panics with it")
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn converse() {
    let address = serve(Version::Http2, |request: Request| async {
        let (sender, response) = response(200);
        tokio::spawn(async move {
            let mut messages = attache_stream_tests::Messages::new(request.into_body());
            while let Ok(Some(message)) = messages.next().await {
                inner(&message);
            }
            let word = r#"{"text":"public-received","secret":"secret-received"}"#;
            sender.message(event("word", word)).await;
            sender.message(event("whisper", "unknown-received")).await;
            sender
                .message(exception("tooLoud", r#"{"message":"shown"}"#))
                .await;
        });
        response
    })
    .await;
    let client = Client::new(
        &config(address)
            .trace_wire(10_000)
            .build()
            .expect("it is complete"),
    );
    let said = Said::Text(SaidText::new("public-sent").pin("secret-sent"));
    assert!(!format!("{said:?}").contains("secret-sent"), "{said:?}");
    let call = client
        .converse()
        .room("a")
        .events(EventInput::from_events([said]));
    let mut response = call.send().await.expect("a response");
    let shown = format!("{response:?}");
    let word = response
        .events
        .next()
        .await
        .expect("an event")
        .expect("no error");
    assert!(
        !format!("{word:?} {shown}").contains("secret-received"),
        "{word:?}"
    );
    let unknown = response
        .events
        .next()
        .await
        .expect("an event")
        .expect("no error");
    assert!(matches!(unknown, Heard::Unknown(_)));
    assert!(
        !format!("{unknown:?}").contains("unknown-received"),
        "{unknown:?}"
    );
    response
        .events
        .next()
        .await
        .expect("an error")
        .expect_err("an error");
}

#[test]
fn no_log_has_an_event() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    // The subscriber is that of this thread, on which all of the client runs.
    let _guard = tracing_subscriber::util::SubscriberInitExt::set_default(subscriber);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(converse());
    let log = log.0.lock().expect("no test panics with it").clone();
    let log = String::from_utf8(log).expect("a log is UTF-8");
    assert!(log.contains("Converse"), "{log}");
    for text in [
        "public-sent",
        "secret-sent",
        "public-received",
        "secret-received",
        "unknown-received",
    ] {
        assert!(!log.contains(text), "`{text}` is in the log: {log}");
    }
}
