//! Files into a case: `evidence ir put`, and the files of the other commands.

use attache_evidence::folder::Listing;
use attache_evidence::security_ir::{Attachments, FILE_LIMIT};
use attache_security_ir::Client;
use serde_json::{Value, json};

use crate::Context;
use crate::answer::Answer;
use crate::arguments::IrPut;
use crate::bars;
use crate::failure::{Failure, Kind, Result};
use crate::files;
use crate::job::Job;
use crate::shown::{done_before, shown};

const COMMAND: &str = "ir put";

pub(super) async fn put(context: &Context, client: &Client, arguments: IrPut) -> Result<Answer> {
    let sending = &arguments.sending;
    if sending.files.is_empty() {
        let message = "there is nothing to upload: name files, folders or `-`";
        return Err(Failure::new(Kind::Usage, message));
    }
    let intent = json!({
        "command": COMMAND,
        "place": context.place,
        "case": arguments.case,
        "files": files::absolute(sending)?,
    });
    let token = context.config.token_source().token();
    let mut job = Job::open(sending.manifest.as_deref(), intent, token)?;
    if let Some(done) = &job.state.done {
        return Ok(done_before(done));
    }
    let listing = files::list(sending, &mut job, FILE_LIMIT).await?;
    upload(client, &arguments.case, &listing, &mut job).await?;
    finish(&mut job, &listing, COMMAND, (&arguments.case, None))
}

/// Uploads what has not arrived, and records what was sent.
pub(super) async fn upload(
    client: &Client,
    case_id: &str,
    listing: &Listing,
    job: &mut Job,
) -> Result<()> {
    if listing.files.is_empty() || job.state.batches.contains_key(&0) {
        return Ok(());
    }
    let attachments = Attachments::new(client).settings(bars::settings());
    let state = job.uploads(0);
    let uploads = match state.exists() {
        true => attachments.resume_folder(&state).await?,
        false => {
            let files = &listing.files;
            attachments.upload_listed(case_id, files, &state).await?
        }
    };
    let manifest = uploads.into_manifest()?;
    job.state.batches.insert(0, manifest);
    job.write()
}

/// Writes the manifest, and shows the result.
pub(super) fn finish(
    job: &mut Job,
    listing: &Listing,
    command: &str,
    (case_id, comment_id): (&str, Option<&str>),
) -> Result<Answer> {
    let case = json!({ "service": super::SERVICE, "case_id": case_id });
    let manifest = files::manifest(job, listing, command, case)?;
    let mut result = json!({
        "service": super::SERVICE,
        "case_id": case_id,
        "manifest": job.manifest(),
        "files": manifest["files"],
    });
    if let Some(id) = comment_id {
        result["comment_id"] = Value::from(id);
    }
    job.finish(&manifest, result.clone())?;
    Ok(Answer {
        text: shown(&result),
        value: result,
    })
}
