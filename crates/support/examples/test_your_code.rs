//! Tests code that calls AWS Support without AWS: `cargo run --example test_your_code`.
//!
//! In a crate of your own, `main` would be a `#[tokio::test]`, and `attache-local` a dev-dependency.

use attache_local::{Effect, Fault, Local};
use attache_support::{Client, Error};

/// Your code. It takes a client, so that a test can give it one.
async fn open_once(client: &Client, subject: &str) -> Result<String, Error> {
    let mut open = client.describe_cases().items();
    while let Some(case) = open.next().await {
        let case = case?;
        if case.subject.as_deref() == Some(subject) {
            return Ok(case.case_id.unwrap_or_default());
        }
    }
    let call = client
        .create_case()
        .subject(subject)
        .communication_body("It is down.");
    Ok(call.send().await?.case_id.unwrap_or_default())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let local = Local::builder().start().await?;
    let client = Client::new(&local.config().build()?);

    let first = open_once(&client, "disk full").await?;
    let second = open_once(&client, "disk full").await?;
    assert_eq!(first, second);
    assert_eq!(local.request_count("CreateCase"), 1);

    // A bad day: the service is throttled once, and the client tries again.
    local.add_fault(Fault::new(Effect::Throttle(None)).on("CreateCase").times(1))?;
    let third = open_once(&client, "network down").await?;
    assert_ne!(first, third);
    assert_eq!(local.request_count("CreateCase"), 3);
    println!("two cases, three requests");
    Ok(())
}
