//! Uploads a folder to an incident. The process that uploads it ends in the middle, and another one continues.
//!
//! The service is a local one. Your program needs only the function `upload`.

use std::error::Error;
use std::path::Path;
use std::process::Command;

use attache_evidence::security_ir::{Attachments, SavedUpload};
use attache_evidence::{Progress, Settings, Stage, Uploads};
use attache_local::Local;
use attache_security_ir::enums::{EngagementType, ResolverType};
use attache_security_ir::runtime::Credentials;
use attache_security_ir::{Client, Config, Timestamp};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const FILES: [&str; 5] = [
    "host-1/.bash_history",
    "host-1/app.log",
    "host-1/memory.dump",
    "host-2/app.log",
    "notes.txt",
];

/// Begins the upload of a folder, or continues it.
async fn upload(
    attachments: &Attachments,
    case_id: &str,
    folder: &Path,
    state: &Path,
) -> Result<Uploads<SavedUpload>> {
    Ok(match state.exists() {
        true => attachments.resume_folder(state).await?,
        false => attachments.upload_folder(case_id, folder, state).await?,
    })
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [endpoint, key, secret, case_id, place] = &arguments[..] {
        return end_in_the_middle(endpoint, Credentials::new(key, secret), case_id, place).await;
    }
    let place = tempfile::tempdir()?;
    for file in FILES {
        let path = place.path().join("folder").join(file);
        std::fs::create_dir_all(path.parent().unwrap_or(place.path()))?;
        std::fs::write(path, format!("the content of {file}\n"))?;
    }
    let local = Local::builder()
        .scan_time(std::time::Duration::ZERO)
        .start()
        .await?;
    let client = Client::new(&local.config().build()?);
    let case_id = case(&client).await?;

    // Another process uploads the folder, and does not reach its end.
    let (key, secret) = local.key();
    let status = Command::new(std::env::current_exe()?)
        .args([local.endpoint(), key, secret, &case_id])
        .arg(place.path())
        .status()?;
    println!("The first process succeeded: {}", status.success());
    report(&local);

    let (folder, state) = (place.path().join("folder"), place.path().join("state.json"));
    std::fs::write(folder.join("late.txt"), "written after the upload began")?;
    let uploads = upload(&Attachments::new(&client), &case_id, &folder, &state).await?;
    println!("The second process continued.");
    report(&local);
    println!(
        "New files, which were not sent: {}",
        uploads.new_files.join(", ")
    );
    let manifest = uploads.into_manifest()?;
    for file in &manifest.files {
        let path = file.path.as_deref().unwrap_or_default();
        println!("{path} is {} in the case, {} bytes", file.name, file.size);
    }
    std::fs::write(
        place.path().join("manifest.json"),
        serde_json::to_string_pretty(&manifest)?,
    )?;
    let differences = manifest.verify_folder(&folder).await?;
    println!(
        "Differences between the manifest and the folder: {}",
        differences.len()
    );
    Ok(())
}

/// Says how many files the storage has received.
fn report(local: &Local) {
    let requests = local.requests().into_iter();
    let stored = requests
        .filter(|request| request.operation == "PutCaseAttachment" && request.status == Some(200));
    println!("Files that were sent so far: {}", stored.count());
}

async fn case(client: &Client) -> Result<String> {
    let call = client
        .create_case()
        .title("Unknown login")
        .description("Files of two hosts are attached.")
        .engagement_type(EngagementType::Investigation)
        .resolver_type(ResolverType::Aws)
        .reported_incident_start_date(Timestamp::now())
        .impacted_accounts(["123456789012"])
        .watchers([]);
    Ok(call.send().await?.case_id)
}

/// The first process. It aborts when the storage has the third file: no code runs that could clean up.
async fn end_in_the_middle(
    endpoint: &str,
    credentials: Credentials,
    case_id: &str,
    place: &str,
) -> Result<()> {
    let config = Config::builder()
        .endpoint_url(endpoint)
        .region("us-east-1")
        .credentials(credentials)
        .build()?;
    let settings = Settings::default()
        .parallel_parts(1)
        .on_progress(|progress: Progress| {
            if progress.file_index == 2 && progress.stage == Stage::Processing {
                std::process::abort();
            }
        });
    let attachments = Attachments::new(&Client::new(&config)).settings(settings);
    let place = Path::new(place);
    let (folder, state) = (place.join("folder"), place.join("state.json"));
    let uploads = upload(&attachments, case_id, &folder, &state).await?;
    Err(format!("it was not aborted: {uploads:?}").into())
}
