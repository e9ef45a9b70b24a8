//! What is served without a signature, and on which addresses.

use std::net::Ipv4Addr;

use attache_local::Local;

use crate::stage::{Stage, send};

#[tokio::test]
async fn health_is_answered_without_a_signature_and_is_no_request() {
    let stage = Stage::new().await;
    let url = format!("{}/_health", stage.local.endpoint());
    let answer = send("GET", &url, &[], Vec::new())
        .await
        .expect("it is answered");
    assert_eq!(
        (answer.status().as_u16(), &answer.body()[..]),
        (200, &br#"{"status": "ok"}"#[..])
    );
    let answer = send("POST", &url, &[], Vec::new())
        .await
        .expect("it is answered");
    assert_eq!(answer.status(), 404);
    assert_eq!(stage.local.requests(), []);
}

#[tokio::test]
async fn other_hosts_reach_it_only_if_that_is_allowed() {
    let wildcard = || Local::builder().listen(Ipv4Addr::UNSPECIFIED);
    let error = wildcard().start().await.expect_err("it is refused");
    assert!(
        error.to_string().contains("other hosts reach 0.0.0.0"),
        "{error}"
    );
    let local = wildcard().allow_other_hosts(true).start().await;
    let local = local.expect("it starts");
    assert_eq!(
        local.endpoint(),
        format!("http://127.0.0.1:{}", local.address().port())
    );
}

#[tokio::test]
async fn a_link_has_the_host_that_the_client_knows() {
    let stage = Stage::with(|builder| builder.accept_any_signature(true)).await;
    let target = (
        "x-amz-target",
        "AWSSupport_20130415.GetAttachmentUploadLinks",
    );
    let links = |host: &'static str| {
        let url = stage.local.endpoint().to_owned();
        async move {
            let body = br#"{"fileName": "a", "fileSizeBytes": 1}"#.to_vec();
            let answer = send("POST", &url, &[target, ("x-test-host", host)], body).await;
            String::from_utf8_lossy(answer.expect("it is answered").body()).into_owned()
        }
    };
    assert!(
        links("mapped.example:8080")
            .await
            .contains("http://mapped.example:8080/_files/")
    );
    let own = format!("{}/_files/", stage.local.endpoint());
    assert!(links("no host/").await.contains(&own));
}
