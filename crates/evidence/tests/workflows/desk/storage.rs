//! What the storage behind the URLs answers.

use attache_runtime::{ByteStream, Bytes};
use http::request::Parts;

use super::Desk;
use super::state::Fault;

impl Desk {
    /// What the storage answers.
    pub(super) fn stored(
        &self,
        head: &Parts,
        body: Bytes,
    ) -> Result<http::Response<ByteStream>, Fault> {
        assert!(
            !head.headers.contains_key("authorization"),
            "no credentials"
        );
        if head.method != http::Method::PUT {
            return self.give(&head.headers);
        }
        let length = head.headers.get("content-length");
        let length = length.expect("a length is announced");
        assert_eq!(length.to_str().expect("text"), body.len().to_string());
        let key = head.uri.path().trim_start_matches('/');
        self.store(key, &head.headers, body)
    }

    /// Success before the body was read, where that is the next fault.
    pub(super) fn answer_unread(&self) -> Option<http::Response<ByteStream>> {
        let mut state = self.state();
        if !matches!(state.faults.front(), Some(Fault::Unread)) {
            return None;
        }
        state.faults.pop_front();
        let mut response = http::Response::new(ByteStream::default());
        let etag = "\"etag-1\"".parse().expect("a header");
        response.headers_mut().insert("etag", etag);
        Some(response)
    }

    fn store(
        &self,
        key: &str,
        head: &http::HeaderMap,
        bytes: Bytes,
    ) -> Result<http::Response<ByteStream>, Fault> {
        let mut state = self.state();
        *state.puts.entry(key.to_owned()).or_default() += 1;
        let fault = state.faults.pop_front();
        let creates = head.get("if-none-match").is_some_and(|value| value == "*");
        if fault.is_none() && creates && state.stored.contains_key(key) {
            return Err(Fault::Status(
                412,
                "<Error><Code>PreconditionFailed</Code></Error>",
            ));
        }
        let mut answer = ByteStream::default();
        match fault {
            None => {}
            Some(Fault::Trickle(body)) => answer = body(),
            Some(Fault::LostAfter) => {
                state.stored.insert(key.to_owned(), bytes);
                return Err(Fault::Lost);
            }
            Some(fault) => return Err(fault),
        }
        state.stored.insert(key.to_owned(), bytes);
        let mut response = http::Response::new(answer);
        let part = key.rsplit('/').next().expect("a part");
        let etag = state.etag(part).parse().expect("a header");
        let headers = response.headers_mut();
        for (name, value) in &state.answer {
            headers.insert(*name, value.parse().expect("a header"));
        }
        headers.insert("etag", etag);
        Ok(response)
    }
}
