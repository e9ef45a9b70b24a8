//! `evidence support reply`: a text with files, and a text for each further batch of files.

use attache_evidence::support::FILE_LIMIT;
use attache_support::Client;
use serde_json::json;

use super::batch::Batch;
use super::open::finish;
use super::text::AddText;
use crate::Context;
use crate::act::act;
use crate::answer::Answer;
use crate::arguments::SupportReply;
use crate::failure::{Failure, Kind, Result};
use crate::files;
use crate::job::Job;
use crate::shown::done_before;

const COMMAND: &str = "support reply";

pub(super) async fn reply(
    context: &Context,
    client: &Client,
    arguments: SupportReply,
) -> Result<Answer> {
    let sending = &arguments.sending;
    let body = match files::text(&arguments.note)? {
        Some(body) => body,
        None if !sending.files.is_empty() => "Files are attached.".to_owned(),
        None => {
            let message =
                "there is nothing to add: name files, or give --note TEXT or --note-file FILE";
            return Err(Failure::new(Kind::Usage, message));
        }
    };
    if arguments.dry_run {
        let call = client.add_communication_to_case();
        let call = call.case_id(&arguments.case).communication_body(&body);
        call.send_dry_run().await?;
        return Ok(Answer {
            text: "the service would accept the text; nothing was sent".to_owned(),
            value: json!({ "dry_run": true }),
        });
    }
    let intent = json!({
        "command": COMMAND,
        "place": context.place,
        "case": arguments.case,
        "text": body,
        "cc": arguments.cc,
        "files": files::absolute(sending)?,
    });
    let token = context.config.token_source().token();
    let mut job = Job::open(sending.manifest.as_deref(), intent, token)?;
    if let Some(done) = &job.state.done {
        return Ok(done_before(done));
    }
    let listing = files::list(sending, &mut job, FILE_LIMIT).await?;
    let batches = Batch::all(&listing);
    let more = batches.len() - 1;
    for batch in batches {
        let (body, cc) = match batch.number {
            0 => (body.clone(), arguments.cc.clone()),
            number => (
                format!("Further files: part {number} of {more}."),
                Vec::new(),
            ),
        };
        let call = AddText::new(client, &arguments.case, body, cc, batch);
        act(call, &mut job, sending, &context.ask).await?;
    }
    finish(client, &mut job, &listing, (COMMAND, &arguments.case)).await
}
