//! Uploads evidence to an incident, and waits until it is scanned:
//! `cargo run --example upload_evidence -- 0123456789 memory.dump`.

use std::error::Error;

use attache_evidence::Settings;
use attache_evidence::security_ir::Attachments;
use attache_security_ir::Client;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(case), Some(path)) = (arguments.next(), arguments.next()) else {
        return Err("say which case, and which file".into());
    };
    let client = Client::from_env().await?;
    let settings = Settings::default()
        .on_progress(|progress| eprint!("\r{} of {} bytes", progress.bytes, progress.total_bytes));
    let attachments = Attachments::new(&client).settings(settings);
    let attached = match attachments.upload(case, path).await {
        Ok(attached) => attached,
        Err(error) if error.may_have_arrived() => {
            return Err(format!("look at the case before you try again: {error:#}").into());
        }
        Err(error) => return Err(error.into()),
    };
    println!("\nverified: {}", attached.attachment_id);
    // The record to keep; as JSON with the feature `serde` of attache-evidence.
    for file in &attached.manifest.files {
        println!("{} bytes with the SHA-256 {}", file.size, file.sha256);
        for part in &file.parts {
            println!("  {}", part.confirmation);
        }
    }
    Ok(())
}
