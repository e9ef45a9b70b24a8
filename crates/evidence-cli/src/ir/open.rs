//! `evidence ir open`: a case, and then its files.

use attache_evidence::security_ir::FILE_LIMIT;
use attache_runtime::Timestamp;
use attache_security_ir::Client;
use attache_security_ir::enums::{EngagementType, ResolverType};
use attache_security_ir::operation::CreateCaseRequest;
use attache_security_ir::types::Watcher;
use serde_json::json;

use super::put::{finish, upload};
use crate::Context;
use crate::act::{Act, Alike, CallFailure, act};
use crate::answer::Answer;
use crate::arguments::IrOpen;
use crate::failure::{Failure, Kind, Result};
use crate::files;
use crate::job::Job;
use crate::shown::done_before;

const COMMAND: &str = "ir open";

pub(super) async fn open(context: &Context, client: &Client, arguments: IrOpen) -> Result<Answer> {
    let sending = &arguments.sending;
    let Some(text) = files::text(&arguments.note)? else {
        let message = "a case needs a text: --note TEXT or --note-file FILE";
        return Err(Failure::new(Kind::Usage, message));
    };
    let intent = json!({
        "command": COMMAND,
        "place": context.place,
        "title": arguments.title,
        "text": text,
        "accounts": arguments.account,
        "watchers": arguments.watcher,
        "resolver": arguments.resolver,
        "engagement": arguments.engagement,
        "since": arguments.since,
        "files": files::absolute(sending)?,
    });
    let token = context.config.token_source().token();
    let mut job = Job::open(sending.manifest.as_deref(), intent, token)?;
    if let Some(done) = &job.state.done {
        return Ok(done_before(done));
    }
    let request = request(&arguments, text, &job)?;
    let listing = files::list(sending, &mut job, FILE_LIMIT).await?;
    let call = OpenCase { client, request };
    let case_id = act(call, &mut job, sending, &context.ask).await?;
    upload(client, &case_id, &listing, &mut job).await?;
    finish(&mut job, &listing, COMMAND, (&case_id, None))
}

/// The same request in each run: the service compares requests with the same token.
fn request(arguments: &IrOpen, text: String, job: &Job) -> Result<CreateCaseRequest> {
    let since = match &arguments.since {
        None => job.state.began,
        Some(time) => Timestamp::parse_any(time).map_err(|error| {
            Failure::new(Kind::Usage, format!("`--since {time}` is no time: {error}"))
        })?,
    };
    let watchers = arguments.watcher.iter();
    let watchers = watchers.map(|address| Watcher::default().email(address));
    Ok(CreateCaseRequest {
        client_token: Some(job.state.token.clone()),
        title: Some(arguments.title.clone()),
        description: Some(text),
        engagement_type: Some(EngagementType::from(arguments.engagement.as_str())),
        resolver_type: Some(ResolverType::from(arguments.resolver.as_str())),
        impacted_accounts: Some(arguments.account.clone()),
        reported_incident_start_date: Some(since),
        watchers: Some(watchers.collect()),
        ..Default::default()
    })
}

struct OpenCase<'a> {
    client: &'a Client,
    request: CreateCaseRequest,
}

impl Act for OpenCase<'_> {
    fn name(&self) -> String {
        "CreateCase".to_owned()
    }

    fn result(&self) -> &'static str {
        "case"
    }

    fn has_token(&self) -> bool {
        true
    }

    async fn alike(&self, from: Timestamp) -> Result<Vec<Alike>> {
        let mut cases = self.client.list_cases().items();
        let mut found = Vec::new();
        while let Some(case) = cases.next().await {
            let case = case?;
            let is_new = case.created_date.is_none_or(|created| created >= from);
            if case.title != self.request.title || !is_new {
                continue;
            }
            let whole = self.client.get_case().case_id(&case.case_id).send().await?;
            found.push(Alike {
                is_equal: whole.description == self.request.description,
                id: case.case_id,
                created: case
                    .created_date
                    .map_or_else(String::new, |time| time.to_string()),
                summary: case.title.unwrap_or_default(),
            });
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
        let response = self.client.send(self.request.clone()).await?;
        Ok(response.case_id)
    }
}
