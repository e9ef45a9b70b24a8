//! What stays known of the endpoints for some requests while those for others are searched.

use attache_runtime::transport::TransportErrorKind;
use attache_runtime::{CallOptions, EndpointDiscovery};

use super::stage::{Stage, WorkRequest};
use super::{RULES, done, found};
use crate::stage::Answer;

#[tokio::test(start_paused = true)]
async fn what_is_known_stays_known_while_other_endpoints_are_searched() {
    let (lost, denied) = (
        Answer::Lost(TransportErrorKind::Connect),
        Answer::Status(403, r#"{"__type":"Denied"}"#),
    );
    let answers = [
        found("a.example.com 1"),
        done(),
        found("b.example.com 9"),
        done(),
        lost,
        done(),
        denied,
        done(),
        found("d.example.com 9"),
        done(),
        done(),
    ];
    let stage = Stage::with(answers, |builder| {
        let builder = builder.endpoint_discovery(EndpointDiscovery::Enabled);
        builder.max_attempts(1)
    });
    let work = async |table: &str| {
        let request = WorkRequest::<false>(Some(table.to_owned()));
        let response = stage.core.send(request, CallOptions::default()).await;
        response.unwrap();
    };
    work("a").await;
    stage.clock.advance(60);
    work("b").await;
    // Its search fails, so the last known one is used.
    work("a").await;
    // Nothing is found for this table, which holds for a minute.
    work("c").await;
    work("d").await;
    work("c").await;
    let rules = |path: &str| format!("{RULES}/{path}");
    assert_eq!(
        stage.urls(),
        [
            &rules("find"),
            "https://a.example.com/work",
            &rules("find"),
            "https://b.example.com/work",
            &rules("find"),
            "https://a.example.com/work",
            &rules("find"),
            &rules("work"),
            &rules("find"),
            "https://d.example.com/work",
            &rules("work"),
        ]
    );
}
