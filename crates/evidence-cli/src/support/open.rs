//! `evidence support open`: the case with the first batch of files, and a text for each further batch.

use attache_evidence::support::{Evidence, FILE_LIMIT};
use attache_runtime::Timestamp;
use attache_support::Client;
use attache_support::operation::{CreateCase, CreateCaseRequest};
use attache_support::types::CaseDetails;
use serde_json::{Value, json};

use super::batch::Batch;
use super::text::{AddText, names_of};
use crate::Context;
use crate::act::{Act, Alike, CallFailure, act};
use crate::answer::Answer;
use crate::arguments::SupportOpen;
use crate::failure::{Failure, Kind, Result};
use crate::files;
use crate::job::{Job, Severity};
use crate::shown::{done_before, shown};

const COMMAND: &str = "support open";

pub(super) async fn open(
    context: &Context,
    client: &Client,
    arguments: SupportOpen,
) -> Result<Answer> {
    let mut request = request(&arguments)?;
    if arguments.dry_run {
        request.severity_code = severity(context, client, arguments.severity).await?;
        create(client, &request).send_dry_run().await?;
        return Ok(Answer {
            text: "the service would accept the case; nothing was sent".to_owned(),
            value: json!({ "dry_run": true }),
        });
    }
    let sending = &arguments.sending;
    let intent = intent(context, &request, &arguments)?;
    let token = context.config.token_source().token();
    let mut job = Job::open(sending.manifest.as_deref(), intent, token)?;
    if let Some(done) = &job.state.done {
        return Ok(done_before(done));
    }
    let listing = files::list(sending, &mut job, FILE_LIMIT).await?;
    let mut batches = Batch::all(&listing).into_iter();
    let first = batches.next().unwrap_or_default();
    // A call that is sent again must be the same, so the choice is kept.
    if job.state.severity.is_none() {
        let code = severity(context, client, arguments.severity).await?;
        job.state.severity = Some(Severity { code });
        job.write()?;
    }
    let chosen = job.state.severity.clone();
    request.severity_code = chosen.and_then(|severity| severity.code);
    let call = OpenCase {
        client,
        request,
        batch: first,
        evidence: None,
    };
    let case_id = act(call, &mut job, sending, &context.ask).await?;
    let more = batches.len();
    for batch in batches {
        let body = format!("Further files: part {} of {}.", batch.number, more);
        let call = AddText::new(client, &case_id, body, Vec::new(), batch);
        act(call, &mut job, sending, &context.ask).await?;
    }
    finish(client, &mut job, &listing, (COMMAND, &case_id)).await
}

/// Writes the manifest, and shows the result.
pub(super) async fn finish(
    client: &Client,
    job: &mut Job,
    listing: &attache_evidence::folder::Listing,
    (command, case_id): (&str, &str),
) -> Result<Answer> {
    let call = client.describe_cases().case_id_list([case_id]);
    let cases = call.include_resolved_cases(true).send().await?.cases;
    let display_id = cases.into_iter().flatten().find_map(|case| case.display_id);
    let case = json!({
        "service": super::SERVICE,
        "case_id": case_id,
        "display_id": display_id,
    });
    let manifest = files::manifest(job, listing, command, case)?;
    let result = json!({
        "service": super::SERVICE,
        "case_id": case_id,
        "display_id": display_id,
        "manifest": job.manifest(),
        "files": manifest["files"],
    });
    job.finish(&manifest, result.clone())?;
    Ok(Answer {
        text: shown(&result),
        value: result,
    })
}

fn request(arguments: &SupportOpen) -> Result<CreateCaseRequest> {
    let Some(body) = files::text(&arguments.note)? else {
        let message = "a case needs a text: --note TEXT or --note-file FILE";
        return Err(Failure::new(Kind::Usage, message));
    };
    Ok(CreateCaseRequest {
        subject: Some(arguments.subject.clone()),
        communication_body: Some(body),
        service_code: arguments.service.clone(),
        category_code: arguments.category.clone(),
        issue_type: arguments.issue_type.clone(),
        language: arguments.language.clone(),
        cc_email_addresses: (!arguments.cc.is_empty()).then(|| arguments.cc.clone()),
        ..Default::default()
    })
}

fn intent(
    context: &Context,
    request: &CreateCaseRequest,
    arguments: &SupportOpen,
) -> Result<Value> {
    Ok(json!({
        "command": COMMAND,
        "place": context.place,
        "subject": request.subject,
        "text": request.communication_body,
        "severity": arguments.severity,
        "service": request.service_code,
        "category": request.category_code,
        "issue_type": request.issue_type,
        "language": request.language,
        "cc": arguments.cc,
        "files": files::absolute(&arguments.sending)?,
    }))
}

/// The code of a severity that the account offers. Without one, the person is asked; without a terminal, the service
/// chooses.
async fn severity(
    context: &Context,
    client: &Client,
    wanted: Option<String>,
) -> Result<Option<String>> {
    let call = client.describe_severity_levels().language("en");
    let levels = call.send().await?.severity_levels.unwrap_or_default();
    let offered: Vec<(String, String)> = levels
        .into_iter()
        .filter_map(|level| Some((level.code?, level.name.unwrap_or_default())))
        .collect();
    let Some(wanted) = wanted else {
        let choices: Vec<String> = offered
            .iter()
            .map(|(code, name)| format!("{code} ({name})"))
            .collect();
        let index = context.ask.choose("How severe is it?", &choices)?;
        return Ok(index.map(|index| offered[index].0.clone()));
    };
    if offered.iter().any(|(code, _)| *code == wanted) {
        return Ok(Some(wanted));
    }
    let codes: Vec<&str> = offered.iter().map(|(code, _)| code.as_str()).collect();
    Err(Failure::new(
        Kind::Usage,
        format!(
            "`--severity {wanted}`: the account offers {}; nothing was sent",
            codes.join(", ")
        ),
    ))
}

/// The name of the call in the state.
const NAME: &str = "CreateCase";

struct OpenCase<'a> {
    client: &'a Client,
    request: CreateCaseRequest,
    batch: Batch,
    evidence: Option<Evidence>,
}

/// A setter of a member that is a text.
type Set = fn(CreateCase, String) -> CreateCase;

fn create(client: &Client, request: &CreateCaseRequest) -> CreateCase {
    let request = request.clone();
    let mut call = client.create_case();
    for (value, set) in [
        (request.subject, CreateCase::subject as Set),
        (request.communication_body, CreateCase::communication_body),
        (request.service_code, CreateCase::service_code),
        (request.category_code, CreateCase::category_code),
        (request.issue_type, CreateCase::issue_type),
        (request.language, CreateCase::language),
        (request.severity_code, CreateCase::severity_code),
    ] {
        if let Some(value) = value {
            call = set(call, value);
        }
    }
    match request.cc_email_addresses {
        Some(addresses) => call.cc_email_addresses(addresses),
        None => call,
    }
}

impl Act for OpenCase<'_> {
    fn name(&self) -> String {
        NAME.to_owned()
    }

    fn result(&self) -> &'static str {
        "case"
    }

    fn has_token(&self) -> bool {
        false
    }

    async fn alike(&self, from: Timestamp) -> Result<Vec<Alike>> {
        let call = self.client.describe_cases().include_resolved_cases(true);
        let call = call
            .include_communications(true)
            .after_time(from.to_string());
        let mut cases = call.items();
        let mut found = Vec::new();
        while let Some(case) = cases.next().await {
            let case = case?;
            if case.subject == self.request.subject {
                found.push(Alike {
                    is_equal: self.is_equal(&case),
                    id: case.case_id.unwrap_or_default(),
                    created: case.time_created.unwrap_or_default(),
                    summary: case.subject.unwrap_or_default(),
                });
            }
        }
        Ok(found)
    }

    async fn prepare(&mut self, job: &mut Job) -> Result<()> {
        self.evidence = self.batch.upload(self.client, job).await?;
        Ok(())
    }

    fn forget(&mut self, job: &mut Job) -> Result<()> {
        job.forget_uploads(self.batch.number)
    }

    async fn send(&mut self) -> std::result::Result<String, CallFailure> {
        let call = create(self.client, &self.request);
        let call = match &self.evidence {
            Some(evidence) => evidence.on_case(call),
            None => call,
        };
        let response = call.send().await?;
        response.case_id.ok_or_else(|| CallFailure {
            failure: Failure::new(Kind::Service, "the service named no case"),
            may_have_acted: true,
        })
    }
}

impl OpenCase<'_> {
    fn is_equal(&self, case: &CaseDetails) -> bool {
        let recent = case.recent_communications.as_ref();
        let recent = recent.and_then(|recent| recent.communications.as_deref());
        recent.into_iter().flatten().any(|text| {
            text.body == self.request.communication_body
                && self
                    .batch
                    .names()
                    .iter()
                    .all(|name| names_of(text).any(|other| other == name))
        })
    }
}
