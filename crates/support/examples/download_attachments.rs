//! Downloads all attachments of a case into a folder: `cargo run --example download_attachments -- CASE-ID folder`.

use std::error::Error;

use attache_evidence::support::Attachments;
use attache_support::Client;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(case), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("say which case, and into which folder".into());
    };
    let client = Client::from_env().await?;
    let attachments = Attachments::new(&client);
    let mut communications = client.describe_communications().case_id(case).items();
    let mut count = 0;
    while let Some(communication) = communications.next().await {
        for file in communication?.attachments.into_iter().flatten() {
            let id = file.attachment_id.unwrap_or_default();
            // An existing file is an error, and stays as it is.
            let saved = attachments.download(id, &folder).await?;
            println!("{} bytes  {}", saved.length, saved.path.display());
            count += 1;
        }
    }
    println!("{count} attachments");
    Ok(())
}
