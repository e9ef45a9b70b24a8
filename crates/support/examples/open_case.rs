//! Opens a case with a log file: `cargo run --example open_case -- /var/log/app.log`.

use std::error::Error;

use attache_evidence::support::Attachments;
use attache_support::Client;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("say which file to attach")?;
    let client = Client::from_env().await?;
    // Up to 5 MiB the file goes into an attachment set, above that in parts to presigned URLs.
    let evidence = Attachments::new(&client).upload(path).await?;
    let call = client
        .create_case()
        .subject("The application does not start")
        .communication_body("Since this morning. The log is attached.")
        .service_code("general-info")
        .category_code("using-aws")
        .severity_code("low")
        .language("en");
    let case = evidence.on_case(call).send().await?;
    println!("opened {}", case.case_id.unwrap_or_default());
    Ok(())
}
