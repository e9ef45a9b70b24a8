//! `evidence ir comment`: files into a case, and then a comment.

use attache_evidence::security_ir::FILE_LIMIT;
use attache_runtime::Timestamp;
use attache_security_ir::Client;
use serde_json::json;

use super::put::{finish, upload};
use crate::Context;
use crate::act::{Act, Alike, CallFailure, act};
use crate::answer::Answer;
use crate::arguments::IrComment;
use crate::failure::{Failure, Kind, Result};
use crate::files;
use crate::job::Job;
use crate::shown::done_before;

const COMMAND: &str = "ir comment";

pub(super) async fn comment(
    context: &Context,
    client: &Client,
    arguments: IrComment,
) -> Result<Answer> {
    let sending = &arguments.sending;
    let Some(body) = files::text(&arguments.note)? else {
        let message = "a comment needs a text: --note TEXT or --note-file FILE";
        return Err(Failure::new(Kind::Usage, message));
    };
    let intent = json!({
        "command": COMMAND,
        "place": context.place,
        "case": arguments.case,
        "text": body,
        "files": files::absolute(sending)?,
    });
    let token = context.config.token_source().token();
    let mut job = Job::open(sending.manifest.as_deref(), intent, token)?;
    if let Some(done) = &job.state.done {
        return Ok(done_before(done));
    }
    let listing = files::list(sending, &mut job, FILE_LIMIT).await?;
    upload(client, &arguments.case, &listing, &mut job).await?;
    let call = AddComment {
        client,
        case_id: arguments.case.clone(),
        body,
        token: job.state.token.clone(),
    };
    let id = act(call, &mut job, sending, &context.ask).await?;
    finish(&mut job, &listing, COMMAND, (&arguments.case, Some(&id)))
}

struct AddComment<'a> {
    client: &'a Client,
    case_id: String,
    body: String,
    token: String,
}

impl Act for AddComment<'_> {
    fn name(&self) -> String {
        "CreateCaseComment".to_owned()
    }

    fn result(&self) -> &'static str {
        "comment"
    }

    fn has_token(&self) -> bool {
        true
    }

    async fn alike(&self, from: Timestamp) -> Result<Vec<Alike>> {
        let mut comments = self.client.list_comments().case_id(&self.case_id).items();
        let mut found = Vec::new();
        while let Some(comment) = comments.next().await {
            let comment = comment?;
            let is_new = comment.created_date.is_none_or(|created| created >= from);
            if comment.body.as_deref() == Some(&self.body) && is_new {
                found.push(Alike {
                    is_equal: true,
                    id: comment.comment_id,
                    created: comment
                        .created_date
                        .map_or_else(String::new, |time| time.to_string()),
                    summary: self.body.chars().take(60).collect(),
                });
            }
        }
        Ok(found)
    }

    async fn prepare(&mut self, _job: &mut Job) -> Result<()> {
        Ok(())
    }

    fn forget(&mut self, _job: &mut Job) -> Result<()> {
        Ok(())
    }

    async fn send(&mut self) -> std::result::Result<String, CallFailure> {
        let call = self.client.create_case_comment().case_id(&self.case_id);
        let call = call.body(&self.body).client_token(&self.token);
        Ok(call.send().await?.comment_id)
    }
}
