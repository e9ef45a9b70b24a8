//! Cases and their communications.

use attache_runtime::Timestamp;

use super::times::date_time;
use super::{Case, Communication, Result, Support, invalid_parameter};
use crate::api::support::error::{CaseCreationLimitExceeded, CaseIdNotFound};
use crate::api::support::operation as op;
use crate::api::support::types::{self, AttachmentDetails, CaseDetails, RecentCaseCommunications};
use crate::pages::{Page, is_token, newest_first, oldest_first, page};
use crate::wire::Refusal;

/// The status of a case that is not assigned yet.
const UNASSIGNED: &str = "unassigned";
const REOPENED: &str = "reopened";
const RESOLVED: &str = "resolved";
/// How many communications DescribeCases shows of a case.
const RECENT: usize = 5;
/// How many elements a page has at most, and by default.
const PAGE: i32 = 100;

fn case_not_found(id: &str) -> Refusal {
    CaseIdNotFound {
        message: Some(format!("No case with the ID {id} was found.")),
    }
    .into()
}

fn invalid_token() -> Refusal {
    invalid_parameter("Value for parameter `nextToken` is invalid: it is not from this list.")
}

impl Support {
    pub(super) fn open_case(
        &mut self,
        request: op::CreateCaseRequest,
    ) -> Result<op::CreateCaseResponse> {
        let open = self.cases.values().filter(|case| case.status != RESOLVED);
        let limit = self.environment.settings.limits.support_open_cases;
        if limit.is_some_and(|limit| open.count() >= limit) {
            return Err(CaseCreationLimitExceeded {
                message: Some("You have reached the limit of open cases.".to_owned()),
            }
            .into());
        }
        let service = self.validate_service(
            request.service_code.as_deref(),
            request.category_code.as_deref(),
        )?;
        let severity = self.validate_severity(request.severity_code.as_deref())?;
        let language = self.validate_language(request.language.as_deref())?;
        self.validate_issue_type(request.issue_type.as_deref())?;
        let attachments = self.take_attachments(
            request.attachment_set_id.as_deref(),
            request.upload_ids.as_deref(),
        )?;
        let number = self.next("case");
        let now = self.now();
        let id = format!(
            "case-{}-muen-{}-{}",
            self.environment.account_id,
            &now.to_string()[..4],
            self.environment.identifier("case", number, 16)
        );
        let (service_code, category_code) = service;
        let case = Case {
            number,
            id: id.clone(),
            subject: request.subject.unwrap_or_default(),
            service_code,
            category_code,
            severity_code: severity,
            language,
            status: UNASSIGNED.to_owned(),
            cc_email_addresses: request.cc_email_addresses.unwrap_or_default(),
            time_created: now,
        };
        self.cases.insert(id.clone(), case);
        self.say(
            &id,
            request.communication_body.unwrap_or_default(),
            attachments,
        );
        Ok(op::CreateCaseResponse { case_id: Some(id) })
    }

    fn say(&mut self, case_id: &str, body: String, attachments: Vec<String>) {
        let number = self.next("communication");
        let communication = Communication {
            case_id: case_id.to_owned(),
            body,
            time_created: self.now(),
            attachments,
        };
        let key = format!("{case_id}/{}", newest_first(number));
        self.communications.insert(key, communication);
    }

    pub(super) fn communicate(
        &mut self,
        request: op::AddCommunicationToCaseRequest,
    ) -> Result<op::AddCommunicationToCaseResponse> {
        let Some(case_id) = request.case_id else {
            return Err(invalid_parameter(
                "Value for parameter `caseId` is missing.",
            ));
        };
        if self.cases.get(&case_id).is_none() {
            return Err(case_not_found(&case_id));
        }
        let attachments = self.take_attachments(
            request.attachment_set_id.as_deref(),
            request.upload_ids.as_deref(),
        )?;
        if let Some(case) = self.cases.get_mut(&case_id) {
            if case.status == RESOLVED {
                case.status = REOPENED.to_owned();
            }
            for address in request.cc_email_addresses.into_iter().flatten() {
                if !case.cc_email_addresses.contains(&address) {
                    case.cc_email_addresses.push(address);
                }
            }
        }
        self.say(
            &case_id,
            request.communication_body.unwrap_or_default(),
            attachments,
        );
        Ok(op::AddCommunicationToCaseResponse { result: true })
    }

    pub(super) fn resolve(
        &mut self,
        request: op::ResolveCaseRequest,
    ) -> Result<op::ResolveCaseResponse> {
        let Some(case_id) = request.case_id else {
            return Err(invalid_parameter(
                "Value for parameter `caseId` is missing.",
            ));
        };
        let case = self.cases.get_mut(&case_id);
        let case = case.ok_or_else(|| case_not_found(&case_id))?;
        let initial = std::mem::replace(&mut case.status, RESOLVED.to_owned());
        Ok(op::ResolveCaseResponse {
            initial_case_status: Some(initial),
            final_case_status: Some(RESOLVED.to_owned()),
        })
    }

    pub(super) fn list_cases(
        &mut self,
        request: op::DescribeCasesRequest,
    ) -> Result<op::DescribeCasesResponse> {
        let wanted = request.case_id_list.clone().unwrap_or_default();
        if let Some(unknown) = wanted.iter().find(|id| self.cases.get(id).is_none()) {
            return Err(case_not_found(unknown));
        }
        let span = self.span(
            request.after_time.as_deref(),
            request.before_time.as_deref(),
        )?;
        let with_resolved = request.include_resolved_cases == Some(true);
        let display_id = request.display_id.as_deref();
        // A lenient service ignores a value that cannot be a number.
        let display_id = display_id.filter(|id| !self.is_lenient() || is_number(id));
        let mut found: Vec<&Case> = self
            .cases
            .values()
            .filter(|case| wanted.is_empty() || wanted.contains(&case.id))
            .filter(|case| with_resolved || case.status != RESOLVED)
            .filter(|case| span.contains(case.time_created))
            .filter(|case| display_id.is_none_or(|id| *id == display_id_of(case)))
            .collect();
        // The oldest is the first one, as in recorded answers.
        found.sort_by_key(|case| case.number);
        let places = found
            .into_iter()
            .map(|case| (oldest_first(case.number), case));
        let list = format!("cases {wanted:?} {span:?} {with_resolved} {display_id:?}");
        let page = self.page(
            &list,
            places,
            request.next_token.as_deref(),
            request.max_results,
        )?;
        let with_communications = request.include_communications != Some(false);
        let cases = page
            .items
            .into_iter()
            .map(|case| self.case_details(case, with_communications));
        Ok(op::DescribeCasesResponse {
            cases: Some(cases.collect()),
            next_token: page.next_token,
        })
    }

    fn case_details(&self, case: &Case, with_communications: bool) -> CaseDetails {
        let recent_communications = with_communications.then(|| {
            let list = communications_list(&case.id, &Span::default());
            let prefix = format!("{}/", case.id);
            let places = self.communications.below(&prefix).map(place);
            let (items, next_token) = page(&list, places, None, RECENT)
                .map(|page| (page.items, page.next_token))
                .unwrap_or_default();
            let communications = items.into_iter().map(|item| self.shown(item));
            RecentCaseCommunications {
                communications: Some(communications.collect()),
                next_token,
            }
        });
        CaseDetails {
            case_id: Some(case.id.clone()),
            category_code: Some(case.category_code.clone()),
            cc_email_addresses: Some(case.cc_email_addresses.clone()),
            display_id: Some(display_id_of(case)),
            language: Some(case.language.clone()),
            recent_communications,
            service_code: Some(case.service_code.clone()),
            severity_code: Some(case.severity_code.clone()),
            status: Some(case.status.clone()),
            subject: Some(case.subject.clone()),
            submitted_by: Some(self.submitter()),
            time_created: Some(date_time(case.time_created)),
        }
    }

    fn submitter(&self) -> String {
        format!("local@{}.example.com", self.environment.account_id)
    }

    fn shown(&self, communication: &Communication) -> types::Communication {
        let attachments: Vec<(bool, AttachmentDetails)> = communication
            .attachments
            .iter()
            .filter_map(|id| self.attachments.get(id))
            .map(|attachment| {
                let details = AttachmentDetails {
                    attachment_id: Some(attachment.id.clone()),
                    file_name: Some(attachment.file_name.clone()),
                };
                (attachment.size() <= super::attachments::SMALL, details)
            })
            .collect();
        let small = attachments.iter().filter(|(is_small, _)| *is_small);
        types::Communication {
            attachment_set: Some(small.map(|(_, details)| details.clone()).collect()),
            attachments: Some(
                attachments
                    .iter()
                    .map(|(_, details)| details.clone())
                    .collect(),
            ),
            body: Some(communication.body.clone()),
            case_id: Some(communication.case_id.clone()),
            submitted_by: Some(self.submitter()),
            time_created: Some(date_time(communication.time_created)),
        }
    }

    pub(super) fn list_communications(
        &mut self,
        request: op::DescribeCommunicationsRequest,
    ) -> Result<op::DescribeCommunicationsResponse> {
        let case_id = request.case_id.unwrap_or_default();
        if self.cases.get(&case_id).is_none() {
            return Err(case_not_found(&case_id));
        }
        let span = self.span(
            request.after_time.as_deref(),
            request.before_time.as_deref(),
        )?;
        let prefix = format!("{case_id}/");
        let places = self
            .communications
            .below(&prefix)
            .filter(|(_, communication)| span.contains(communication.time_created))
            .map(place);
        let list = communications_list(&case_id, &span);
        let page = self.page(
            &list,
            places,
            request.next_token.as_deref(),
            request.max_results,
        )?;
        let communications = page.items.into_iter().map(|item| self.shown(item));
        Ok(op::DescribeCommunicationsResponse {
            communications: Some(communications.collect()),
            next_token: page.next_token,
        })
    }
}

fn place<'a>((key, communication): (&'a str, &'a Communication)) -> (String, &'a Communication) {
    (key.to_owned(), communication)
}

/// The list to which the tokens of communications are bound: those of DescribeCases continue in DescribeCommunications.
fn communications_list(case_id: &str, span: &Span) -> String {
    format!("communications {case_id} {span:?}")
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The display id of a case.
fn display_id_of(case: &Case) -> String {
    format!("{}", 1_700_000_000 + case.number)
}

/// A span of time, both ends included.
#[derive(Debug, Default)]
struct Span {
    after: Option<Timestamp>,
    before: Option<Timestamp>,
}

impl Support {
    fn span(&self, after: Option<&str>, before: Option<&str>) -> Result<Span> {
        let parse = |name: &str, text: Option<&str>| {
            let Some(text) = text else { return Ok(None) };
            // A date without a time means its first moment.
            let full = format!("{text}T00:00:00Z");
            match text.parse::<Timestamp>().or_else(|_| full.parse()) {
                Ok(time) => Ok(Some(time)),
                Err(_) if self.is_lenient() => Ok(None),
                Err(_) => Err(invalid_parameter(format!(
                    "Value for parameter `{name}` is invalid: `{text}` is no ISO 8601 time."
                ))),
            }
        };
        Ok(Span {
            after: parse("afterTime", after)?,
            before: parse("beforeTime", before)?,
        })
    }

    /// One page of a list. A lenient service ignores a token that is not from this list.
    fn page<T>(
        &self,
        list: &str,
        places: impl Iterator<Item = (String, T)>,
        token: Option<&str>,
        max_results: Option<i32>,
    ) -> Result<Page<T>> {
        let limit = max_results.unwrap_or(PAGE).clamp(1, PAGE);
        let limit = usize::try_from(limit).unwrap_or(1);
        let token = token.filter(|token| !self.is_lenient() || is_token(list, token));
        page(list, places, token, limit).map_err(|_| invalid_token())
    }
}

impl Span {
    fn contains(&self, time: Timestamp) -> bool {
        self.after.is_none_or(|after| time >= after)
            && self.before.is_none_or(|before| time <= before)
    }
}
