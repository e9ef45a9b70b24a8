//! AWS Security Incident Response: its state, and its documented behaviour.

mod attachments;
mod case_changes;
mod cases;
mod comments;
mod investigations;
mod memberships;
mod operations;
mod refusals;
mod tags;

use std::collections::BTreeMap;
use std::sync::Arc;

use attache_runtime::Timestamp;
use attache_runtime::validation::Violations;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::api::security_ir::SERVICE;
use crate::api::security_ir::enums::ValidationExceptionReason;
use crate::api::security_ir::error::ValidationException;
use crate::api::security_ir::operation as op;
use crate::api::security_ir::types::{
    CaseEditItem, InvestigationAction, ListCommentsItem, ValidationExceptionField,
};
use crate::environment::Environment;
use crate::hexadecimal::hex;
use crate::pages::{Page, page};
use crate::store::{AnyTable, Blob, Table, Tables};
use crate::wire::{self, Protocol, Refusal};

use refusals::{conflict, field_invalid, not_allowed, not_found, quota_exceeded};

type Result<T> = std::result::Result<T, Refusal>;

/// How many elements a page has by default.
const PAGE: i32 = 25;

/// The service, whose clones share what is stored until one of them changes it.
#[derive(Clone, Debug)]
pub(crate) struct SecurityIr {
    environment: Arc<Environment>,
    counters: Table<u64>,
    memberships: Table<Membership>,
    cases: Table<Case>,
    /// The key of what belongs to a case is the case and a number.
    comments: Table<ListCommentsItem>,
    edits: Table<CaseEditItem>,
    attachments: Table<Attachment>,
    investigations: Table<InvestigationAction>,
    /// Tags by the ARN of what has them.
    tags: Table<BTreeMap<String, String>>,
    /// What was done under an idempotency token.
    tokens: Table<Token>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Membership {
    number: u64,
    details: op::GetMembershipResponse,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Case {
    number: u64,
    id: String,
    details: op::GetCaseResponse,
}

/// A file of a case, from the moment when its URL was requested.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Attachment {
    id: String,
    case_id: String,
    file_name: String,
    size: u64,
    created: Timestamp,
    /// What was uploaded, and when.
    content: Option<(Blob, Timestamp)>,
}

/// What a request with an idempotency token did.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Token {
    /// A hash of the request, to tell a repetition from another request with the same token.
    request: String,
    /// What it created.
    made: String,
}

impl SecurityIr {
    pub(crate) fn new(environment: Arc<Environment>) -> Self {
        Self {
            environment,
            counters: Table::new("security-ir-counters"),
            memberships: Table::new("security-ir-memberships"),
            cases: Table::new("security-ir-cases"),
            comments: Table::new("security-ir-comments"),
            edits: Table::new("security-ir-edits"),
            attachments: Table::new("security-ir-attachments"),
            investigations: Table::new("security-ir-investigations"),
            tags: Table::new("security-ir-tags"),
            tokens: Table::new("security-ir-tokens"),
        }
    }

    pub(crate) fn membership_count(&self) -> usize {
        self.memberships.len()
    }

    pub(crate) fn case_count(&self) -> usize {
        self.cases.len()
    }

    /// Sets the host of the links that the next request gets.
    pub(crate) fn set_host(&mut self, host: &str) {
        if self.environment.host != host {
            host.clone_into(&mut Arc::make_mut(&mut self.environment).host);
        }
    }

    fn now(&self) -> Timestamp {
        self.environment.now()
    }

    /// The next number of a kind, from 1.
    fn next(&mut self, kind: &str) -> u64 {
        let number = self.counters.get(kind).copied().unwrap_or_default() + 1;
        self.counters.insert(kind, number);
        number
    }

    fn arn(&self, resource: &str) -> String {
        let (region, account_id) = (&self.environment.region, &self.environment.account_id);
        format!("arn:aws:security-ir:{region}:{account_id}:{resource}")
    }

    /// What an earlier request with the same token created. The same token with another request is a conflict.
    fn made_before<R: Serialize>(
        &self,
        operation: &str,
        token: Option<&str>,
        request: &R,
    ) -> Result<Option<String>> {
        let Some(token) = token else { return Ok(None) };
        let Some(found) = self.tokens.get(&format!("{operation}/{token}")) else {
            return Ok(None);
        };
        if found.request != fingerprint(request) {
            return Err(conflict(
                "The client token was used with another request.",
                token,
                "clientToken",
            ));
        }
        Ok(Some(found.made.clone()))
    }

    fn remember<R: Serialize>(
        &mut self,
        operation: &str,
        token: Option<&str>,
        request: &R,
        made: &str,
    ) {
        if let Some(token) = token {
            let record = Token {
                request: fingerprint(request),
                made: made.to_owned(),
            };
            self.tokens.insert(format!("{operation}/{token}"), record);
        }
    }

    /// The names of all blobs that something refers to.
    pub(crate) fn blob_ids(&self) -> impl Iterator<Item = String> {
        let contents = self
            .attachments
            .values()
            .filter_map(|file| file.content.as_ref());
        contents.map(|(blob, _)| blob.id.clone())
    }
}

fn fingerprint<R: Serialize>(request: &R) -> String {
    hex(&Sha256::digest(
        serde_json::to_vec(request).unwrap_or_default(),
    ))
}

/// One page of a list of this service.
fn listed<T>(
    list: &str,
    elements: impl Iterator<Item = (String, T)>,
    token: Option<&str>,
    max_results: Option<i32>,
) -> Result<Page<T>> {
    // An empty token is none, as the model has no lower limit for its length.
    let token = token.filter(|token| !token.is_empty());
    let limit = usize::try_from(max_results.unwrap_or(PAGE)).unwrap_or(1);
    page(list, elements, token, limit)
        .map_err(|_| field_invalid("nextToken", "The token is not from this list."))
}

impl Tables for SecurityIr {
    fn each(&mut self) -> Vec<(&'static str, &mut dyn AnyTable)> {
        vec![
            self.counters.named(),
            self.memberships.named(),
            self.cases.named(),
            self.comments.named(),
            self.edits.named(),
            self.attachments.named(),
            self.investigations.named(),
            self.tags.named(),
            self.tokens.named(),
        ]
    }
}

impl wire::Handler for SecurityIr {
    const PROTOCOL: Protocol = SERVICE.protocol;

    fn invalid(&self, _: &'static str, violations: &Violations) -> Refusal {
        let fields = violations.iter().map(|violation| ValidationExceptionField {
            message: violation.message(),
            name: violation.path().to_owned(),
        });
        ValidationException {
            field_list: Some(fields.collect()),
            message: violations.message(),
            reason: ValidationExceptionReason::FieldValidationFailed,
        }
        .into()
    }
}
