//! How calls are made: waited for, spawned, given up.

use attache_tests::server::{Answer, Server};

use crate::{SERVICES, support};

#[test]
fn a_call_can_be_waited_for_without_asynchronous_code() {
    let server = Server::start([Answer::response(200, "", SERVICES)]);
    let client = support(&server.url());
    let response = client
        .describe_services()
        .send()
        .wait()
        .expect("it is answered");
    assert_eq!(response.services.map(|services| services.len()), Some(1));
}

#[tokio::test]
async fn connections_are_used_again_and_calls_can_be_spawned() {
    let server = Server::start([]);
    let client = support(&server.url());
    for _ in 0..3 {
        let call = client.describe_services().send();
        tokio::spawn(call)
            .await
            .expect("it does not panic")
            .expect("it is answered");
    }
    assert_eq!((server.received().len(), server.connections()), (3, 1));
}

#[tokio::test]
async fn giving_a_call_up_midway_leaves_the_client_usable() {
    let server = Server::start([Answer::Hold, Answer::response(200, "", SERVICES)]);
    let client = support(&server.url());
    let call = tokio::spawn(client.describe_services().send());
    let server = tokio::task::spawn_blocking(move || {
        server.wait_for(1);
        server
    })
    .await
    .expect("it arrives");
    call.abort();
    assert!(call.await.expect_err("it was given up").is_cancelled());
    let response = client
        .describe_services()
        .send()
        .await
        .expect("it is answered");
    assert!(response.services.is_some());
    assert_eq!(server.received().len(), 2);
}
