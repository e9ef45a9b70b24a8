//! The list of requests, for the assertions of a test.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use attache_runtime::Timestamp;

use crate::wire::{Input, Request};

/// How many requests are listed.
const LISTED: usize = 10_000;
/// How many bytes their messages may have together.
const MESSAGE_LIMIT: usize = 32 << 20;

/// A request, and how it ended.
///
/// `Debug` does not show the message. [`request`](Self::request) decodes it, and `Debug` of the decoded request hides the
/// members that the model calls sensitive.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestRecord {
    /// The name of the service in signatures.
    pub service: &'static str,
    /// The operation, or what was done at a presigned URL: see [`fault`](crate::fault).
    pub operation: &'static str,
    /// The account that the request was for.
    pub account_id: String,
    /// The region that the request was signed for; without a signature, that of the server.
    pub region: String,
    /// The status of the response; `None` if the connection was dropped.
    pub status: Option<u16>,
    /// The header `x-amzn-requestid` of the response; `None` if the connection was dropped.
    pub request_id: Option<String>,
    /// When the response was ready, by the clock of the server.
    pub time: Timestamp,
    /// The message, without its signature.
    pub(crate) message: Option<Arc<Request>>,
}

impl RequestRecord {
    /// The request as the server reads it: a type of [`api`](crate::api), whose members are all optional.
    ///
    /// `None` for a request of another operation; for one that cannot be read or whose signature was refused; for
    /// transfers of files; and for an old one whose message is no longer in memory:
    /// [`Local::requests`](crate::Local::requests) states the limits.
    pub fn request<I: Input>(&self) -> Option<I> {
        let is_meant = I::SERVICE.signing_name == self.service && I::OPERATION == self.operation;
        let message = self.message.as_ref().filter(|_| is_meant)?;
        I::decode(message).ok()
    }

    fn message_size(&self) -> usize {
        self.message.as_ref().map_or(0, |message| {
            let headers = message.headers.iter();
            let headers = headers.map(|(name, value)| name.as_str().len() + value.len());
            let head = message.path.len() + message.query.len() + headers.sum::<usize>();
            message.body.len() + head
        })
    }
}

impl fmt::Debug for RequestRecord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RequestRecord")
            .field("service", &self.service)
            .field("operation", &self.operation)
            .field("account_id", &self.account_id)
            .field("region", &self.region)
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}

/// The list. Its memory is bounded: the oldest messages are removed first, then the oldest records.
#[derive(Debug, Default)]
pub(crate) struct Requests(Mutex<List>);

#[derive(Debug, Default)]
struct List {
    records: VecDeque<RequestRecord>,
    /// How many of the first records have no message any more.
    without_message: usize,
    /// The bytes of all messages.
    size: usize,
    /// How many requests were listed, including those that are no longer in the list.
    added: u64,
}

impl Requests {
    pub(crate) fn add(&self, record: RequestRecord) {
        let mut list = self.list();
        list.size += record.message_size();
        list.added += 1;
        list.records.push_back(record);
        while list.size > MESSAGE_LIMIT {
            list.remove_message();
        }
        if list.records.len() > LISTED {
            if list.without_message == 0 {
                list.remove_message();
            }
            list.records.pop_front();
            list.without_message -= 1;
        }
    }

    pub(crate) fn all(&self) -> Vec<RequestRecord> {
        self.list().records.iter().cloned().collect()
    }

    pub(crate) fn count(&self, is_meant: impl Fn(&RequestRecord) -> bool) -> usize {
        let list = self.list();
        list.records
            .iter()
            .filter(|record| is_meant(record))
            .count()
    }

    pub(crate) fn clear(&self) {
        let mut list = self.list();
        *list = List {
            added: list.added,
            ..List::default()
        };
    }

    /// How many requests were listed so far.
    pub(crate) fn position(&self) -> u64 {
        self.list().added
    }

    /// Removes the requests that were listed after this position.
    pub(crate) fn truncate(&self, position: u64) {
        let mut list = self.list();
        while list.added > position {
            list.added -= 1;
            if let Some(record) = list.records.pop_back() {
                list.size -= record.message_size();
                list.without_message = list.without_message.min(list.records.len());
            }
        }
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl List {
    /// Removes the oldest message.
    fn remove_message(&mut self) {
        if let Some(record) = self.records.get_mut(self.without_message) {
            self.size -= record.message_size();
            record.message = None;
            self.without_message += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use attache_runtime::Timestamp;
    use bytes::Bytes;
    use http::{HeaderMap, Method};

    use super::{LISTED, MESSAGE_LIMIT, RequestRecord, Requests};
    use crate::wire::Request;

    fn record(body: &Bytes) -> RequestRecord {
        RequestRecord {
            service: "support",
            operation: "CreateCase",
            account_id: String::new(),
            region: String::new(),
            status: Some(200),
            request_id: None,
            time: Timestamp::default(),
            message: Some(Arc::new(Request {
                method: Method::POST,
                path: String::new(),
                query: String::new(),
                headers: HeaderMap::new(),
                body: body.clone(),
            })),
        }
    }

    #[test]
    fn the_oldest_messages_go_first_and_then_the_oldest_records() {
        let requests = Requests::default();
        let quarter = Bytes::from(vec![0; MESSAGE_LIMIT / 4]);
        for _ in 0..6 {
            requests.add(record(&quarter));
        }
        let kept: Vec<bool> = requests
            .all()
            .iter()
            .map(|record| record.message.is_some())
            .collect();
        assert_eq!(kept, [false, false, true, true, true, true]);
        // One that is longer than all of them may be leaves none.
        requests.add(record(&Bytes::from(vec![0; MESSAGE_LIMIT + 1])));
        assert_eq!(requests.count(|record| record.message.is_some()), 0);
        for _ in 0..LISTED + 5 {
            requests.add(record(&Bytes::new()));
        }
        assert_eq!(requests.count(|record| record.message.is_some()), LISTED);
        let before = requests.position();
        requests.truncate(before - 3);
        assert_eq!(requests.count(|_| true), LISTED - 3);
        requests.clear();
        requests.add(record(&quarter));
        assert_eq!(requests.count(|record| record.message.is_some()), 1);
        requests.truncate(before - 3);
        assert_eq!(requests.count(|_| true), 0);
    }
}
