//! `evidence verify`: a manifest, the local files, and what the service has.
//!
//! Each file is hashed where it was sent from, or in the folder that the person names, and the attachment is downloaded to a
//! temporary folder and hashed. A manifest names the attachment of AWS Security Incident Response by its id. AWS Support
//! gives no id when a file is sent, so there each attachment of the case with the name of the file is compared.

use std::fs::File;
use std::path::{Path, PathBuf};

use attache_evidence::manifest::{Destination, Manifest, SentFile};
use attache_evidence::{Fingerprint, security_ir, support};
use attache_runtime::plumbing::safe_line::safe_line;
use serde_json::{Value, json};

use crate::Context;
use crate::answer::Answer;
use crate::arguments::Verify;
use crate::failure::{Failure, Kind, Result};

/// The outcome of one comparison.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Same,
    Changed,
    Missing,
    /// The manifest does not say where the file was, as for the standard input.
    Unknown,
}

impl Verdict {
    fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Changed => "changed",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
        }
    }

    fn is_fine(self) -> bool {
        matches!(self, Self::Same | Self::Unknown)
    }
}

/// A manifest, and what this program adds to it.
struct Record {
    manifest: Manifest,
    service: String,
    case_id: String,
    /// Where each file was.
    sources: Vec<Option<PathBuf>>,
}

pub(crate) async fn run(context: Option<&Context>, arguments: Verify) -> Result<Answer> {
    let record = read(&arguments.manifest)?;
    let mut lines = Vec::new();
    let mut values = Vec::new();
    let mut differences = 0;
    for (index, file) in record.manifest.files.iter().enumerate() {
        let local = match arguments.service_only {
            true => None,
            false => Some(local(&record, index, arguments.folder.as_deref())?),
        };
        let at_service = match context {
            Some(context) => Some(at_service(context, &record, file).await?),
            None => None,
        };
        let both = [local, at_service];
        differences += usize::from(both.iter().flatten().any(|verdict| !verdict.is_fine()));
        let word = |verdict: Option<Verdict>| verdict.map_or("not asked", Verdict::word);
        lines.push(format!(
            "{}: local {}, service {}",
            safe_line(&file.name),
            word(local),
            word(at_service)
        ));
        values.push(json!({
            "name": file.name,
            "sha256": file.sha256,
            "local": local.map(Verdict::word),
            "service": at_service.map(Verdict::word),
        }));
    }
    if differences > 0 {
        let message = format!("{}\n{differences} files differ", lines.join("\n"));
        return Err(Failure::new(Kind::Different, message).with_found(values.into()));
    }
    lines.push(format!("{} files agree with the manifest", values.len()));
    Ok(Answer {
        text: lines.join("\n"),
        value: json!({ "files": values }),
    })
}

fn read(path: &Path) -> Result<Record> {
    let refused = |why: String| {
        let path = path.display();
        Failure::new(
            Kind::File,
            format!("`{path}` is no manifest of this program: {why}"),
        )
    };
    let text = std::fs::read(path).map_err(|error| Failure::of_file(path.display(), error))?;
    let value: Value = serde_json::from_slice(&text).map_err(|error| refused(error.to_string()))?;
    let manifest: Manifest =
        serde_json::from_value(value.clone()).map_err(|error| refused(error.to_string()))?;
    let text = |name: &str| value["case"][name].as_str().map(str::to_owned);
    let (Some(service), Some(case_id)) = (text("service"), text("case_id")) else {
        return Err(refused("it names no case".to_owned()));
    };
    let files = value["files"].as_array().into_iter().flatten();
    Ok(Record {
        manifest,
        service,
        case_id,
        sources: files
            .map(|file| file["source"].as_str().map(PathBuf::from))
            .collect(),
    })
}

fn local(record: &Record, index: usize, folder: Option<&Path>) -> Result<Verdict> {
    let file = &record.manifest.files[index];
    let path = match folder {
        Some(folder) => folder.join(file.path.as_ref().unwrap_or(&file.name)),
        None => match record.sources.get(index).cloned().flatten() {
            Some(path) => path,
            None => return Ok(Verdict::Unknown),
        },
    };
    match File::open(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Verdict::Missing),
        Err(error) => Err(Failure::of_file(path.display(), error)),
        Ok(content) => {
            let now = Fingerprint::of(content);
            let now = now.map_err(|error| Failure::of_file(path.display(), error))?;
            Ok(compared(file, &now))
        }
    }
}

fn compared(file: &SentFile, now: &Fingerprint) -> Verdict {
    match (now.length, &now.sha256) == (file.size, &file.sha256) {
        true => Verdict::Same,
        false => Verdict::Changed,
    }
}

async fn at_service(context: &Context, record: &Record, file: &SentFile) -> Result<Verdict> {
    let scratch =
        tempfile::tempdir().map_err(|error| Failure::of_file("a temporary folder", error))?;
    let target = |index: usize| scratch.path().join(format!("attachment-{index}"));
    let mut verdict = Verdict::Missing;
    if record.service == crate::ir::SERVICE {
        let client = attache_security_ir::Client::new(&context.config);
        let Destination::SecurityIrCase { attachment_id, .. } = &file.destination else {
            return Ok(verdict);
        };
        let attachments = crate::ir::attachments(&client, &record.case_id).await?;
        if !attachments.iter().any(|(id, _)| id == attachment_id) {
            return Ok(verdict);
        }
        let workflow = security_ir::Attachments::new(&client);
        let downloaded = workflow
            .download(&record.case_id, attachment_id, target(0))
            .await?;
        return Ok(compared(file, &of(downloaded)));
    }
    let client = attache_support::Client::new(&context.config);
    let workflow = support::Attachments::new(&client);
    let attachments = crate::support::attachments(&client, &record.case_id).await?;
    for (index, (id, name)) in attachments.into_iter().enumerate() {
        if name != file.name {
            continue;
        }
        let downloaded = workflow.download(id, target(index)).await?;
        verdict = compared(file, &of(downloaded));
        if verdict == Verdict::Same {
            break;
        }
    }
    Ok(verdict)
}

fn of(downloaded: attache_evidence::Downloaded) -> Fingerprint {
    Fingerprint {
        length: downloaded.length,
        sha256: downloaded.sha256,
    }
}
