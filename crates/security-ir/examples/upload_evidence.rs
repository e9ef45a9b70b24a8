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
    let attached = Attachments::new(&client)
        .settings(settings)
        .upload(case, path)
        .await?;
    println!("\nverified: {}", attached.attachment_id);
    Ok(())
}
