//! The program behind `cargo xtask demo`: both services and both workflows, without a network.
//!
//! It starts the local services, opens a case in each, and uploads a small and a large file through each workflow. It
//! downloads and compares them, and shows the errors of an invalid and of a throttled request.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use attache_evidence::{Fingerprint, Settings, Stage, security_ir, support};
use attache_local::{Effect, Fault, Local};
use attache_security_ir::enums::{EngagementType, ResolverType};
use attache_security_ir::types::Watcher;
use indicatif::{ProgressBar, ProgressStyle};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const SMALL: usize = 40_000;
const LARGE: usize = 30 << 20;

#[tokio::main]
async fn main() -> Result<()> {
    let began = Instant::now();
    let folder = tempfile::tempdir()?;
    let files = [
        file(folder.path(), "app.log", SMALL)?,
        file(folder.path(), "memory.dump", LARGE)?,
    ];
    let local = Local::builder()
        .data(folder.path().join("services"))
        .start()
        .await?;
    println!("The local services listen at {}.\n", local.endpoint());
    let config = local.config().build()?;
    let support = attache_support::Client::new(&config);
    let security_ir = attache_security_ir::Client::new(&config);

    let support_case = support_case(&support, &files).await?;
    support_back(&support, &support_case, &files, folder.path()).await?;
    incident(&security_ir, &files, folder.path()).await?;
    mistakes(&support).await;
    throttled(&local, &support).await?;
    println!("\nAll of it took {:.1} s.", began.elapsed().as_secs_f64());
    Ok(())
}

/// A file whose content says to which upload it belongs.
fn file(folder: &Path, name: &str, length: usize) -> Result<PathBuf> {
    let path = folder.join(name);
    let mut content = Vec::with_capacity(length + 64);
    let mut line = 0;
    while content.len() < length {
        content.extend_from_slice(format!("{line:012} {name} something happened\n").as_bytes());
        line += 1;
    }
    content.truncate(length);
    std::fs::write(&path, content)?;
    Ok(path)
}

/// Settings that draw a progress bar. Without a terminal, one line is printed at the end.
fn bar(path: &Path) -> Settings {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let template = "  {prefix:12} [{bar:30}] {bytes:>10} of {total_bytes:10} {msg}";
    let bar = ProgressBar::new(0).with_prefix(name.clone().into_owned());
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    let (bar, name) = (Arc::new(bar), name.into_owned());
    Settings::default().on_progress(move |progress| {
        bar.set_length(progress.total_bytes);
        bar.set_position(progress.bytes);
        match progress.stage {
            Stage::Processing => bar.set_message("the service works on it"),
            Stage::Done if bar.is_hidden() => {
                println!(
                    "  {name}: {} bytes in {} parts",
                    progress.bytes, progress.parts
                );
            }
            Stage::Done => bar.finish_with_message("done"),
            _ => {}
        }
    })
}

async fn support_case(client: &attache_support::Client, files: &[PathBuf]) -> Result<String> {
    println!("AWS Support: a small file in an attachment set, a large one in parts.");
    let mut evidence = Vec::new();
    for file in files {
        let attachments = support::Attachments::new(client).settings(bar(file));
        evidence.push(attachments.upload(file).await?);
    }
    let call = client
        .create_case()
        .subject("The application fails")
        .communication_body("The log and the dump are attached.");
    let call = evidence
        .iter()
        .fold(call, |call, evidence| evidence.on_case(call));
    let case_id = call.send().await?.case_id.unwrap_or_default();
    println!("  opened {case_id}");
    Ok(case_id)
}

async fn support_back(
    client: &attache_support::Client,
    case_id: &str,
    files: &[PathBuf],
    folder: &Path,
) -> Result<()> {
    let back = folder.join("support");
    std::fs::create_dir(&back)?;
    let mut communications = client.describe_communications().case_id(case_id).items();
    while let Some(communication) = communications.next().await {
        for attachment in communication?.attachments.unwrap_or_default() {
            let id = attachment.attachment_id.unwrap_or_default();
            let attachments = support::Attachments::new(client);
            attachments.download(id, &back).await?;
        }
    }
    compare(files, &back)
}

async fn incident(
    client: &attache_security_ir::Client,
    files: &[PathBuf],
    folder: &Path,
) -> Result<()> {
    println!("\nAWS Security Incident Response: presigned uploads, scanned before they count.");
    let case = client
        .create_case()
        .title("Unknown login")
        .description("Somebody logged in from far away.")
        .engagement_type(EngagementType::SecurityIncident)
        .resolver_type(ResolverType::Aws)
        .reported_incident_start_date(attache_security_ir::Timestamp::now())
        .impacted_accounts(["123456789012"])
        .watchers([Watcher::new("watcher@example.com")])
        .send()
        .await?;
    println!("  opened {}", case.case_id);
    let back = folder.join("incident");
    std::fs::create_dir(&back)?;
    for file in files {
        let attachments = security_ir::Attachments::new(client).settings(bar(file));
        let attached = attachments.upload(case.case_id.as_str(), file).await?;
        let target = back.join(file.file_name().unwrap_or_default());
        attachments
            .settings(Settings::default())
            .download(case.case_id.as_str(), attached.attachment_id, target)
            .await?;
    }
    compare(files, &back)
}

fn compare(files: &[PathBuf], back: &Path) -> Result<()> {
    for file in files {
        let name = file.file_name().unwrap_or_default();
        let sent = Fingerprint::of(std::fs::File::open(file)?)?;
        let got = Fingerprint::of(std::fs::File::open(back.join(name))?)?;
        if sent != got {
            return Err(format!("{} came back changed", file.display()).into());
        }
        println!(
            "  read back {}: sha256 {}… is the same",
            name.display(),
            &got.sha256[..16]
        );
    }
    Ok(())
}

async fn mistakes(client: &attache_support::Client) {
    println!("\nAn invalid request is not sent, and its error lists all violations:");
    let outcome = client
        .create_case()
        .communication_body("x".repeat(8001))
        .cc_email_addresses((0..11).map(|index| format!("{index}@example.com")))
        .send()
        .await;
    if let Err(error) = outcome {
        for violation in error
            .violations()
            .into_iter()
            .flat_map(|found| found.iter())
        {
            println!("  {violation}");
        }
    }
}

async fn throttled(local: &Local, client: &attache_support::Client) -> Result<()> {
    println!("\nA throttled request is retried:");
    let wait = Some(Duration::from_millis(300));
    local.clear_requests();
    local.add_fault(
        Fault::new(Effect::Throttle(wait))
            .on("DescribeServices")
            .times(2),
    )?;
    let began = Instant::now();
    let services = client.describe_services().send().await?.services;
    println!(
        "  {} services after {} requests and {:.1} s",
        services.unwrap_or_default().len(),
        local.request_count("DescribeServices"),
        began.elapsed().as_secs_f64()
    );
    Ok(())
}
