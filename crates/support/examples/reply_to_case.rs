//! Answers in a case, with a file if one is named:
//! `cargo run --example reply_to_case -- CASE-ID "It still fails." /var/log/app.log`.

use std::error::Error;

use attache_evidence::support::Attachments;
use attache_support::Client;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(case), Some(text)) = (arguments.next(), arguments.next()) else {
        return Err("say which case, and what to answer".into());
    };
    let client = Client::from_env().await?;
    let mut call = client
        .add_communication_to_case()
        .case_id(&case)
        .communication_body(text);
    if let Some(path) = arguments.next() {
        let evidence = Attachments::new(&client).upload(path).await?;
        call = evidence.on_communication(call);
    }
    call.send().await?;

    // The newest communication is the first one.
    let page = client
        .describe_communications()
        .case_id(&case)
        .max_results(10)
        .send()
        .await?;
    let newest = page.communications.unwrap_or_default();
    if let Some(newest) = newest.first() {
        println!(
            "{}  {}",
            newest.time_created.as_deref().unwrap_or_default(),
            newest.body.as_deref().unwrap_or_default()
        );
        for file in newest.attachments.iter().flatten() {
            println!("  with {}", file.file_name.as_deref().unwrap_or_default());
        }
    }
    Ok(())
}
