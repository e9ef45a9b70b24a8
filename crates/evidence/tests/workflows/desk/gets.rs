//! What the storage answers to a download: the whole object or a range of it, as S3 does.

use std::pin::Pin;
use std::task::{Context, Poll};

use attache_runtime::{ByteStream, Bytes};
use http::HeaderMap;

use super::Desk;
use super::state::{Fault, State};
use crate::endless::endless;

/// A body that breaks after its bytes.
struct Broken(Bytes);

impl http_body::Body for Broken {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        let next = match self.0.len() {
            0 => Err(std::io::ErrorKind::ConnectionReset.into()),
            length => {
                let piece = self.0.split_to(length.min(100_000));
                Ok(http_body::Frame::data(piece))
            }
        };
        Poll::Ready(Some(next))
    }
}

fn with(headers: &[(&str, &str)], body: impl Into<ByteStream>) -> http::Response<ByteStream> {
    let mut response = http::Response::new(body.into());
    for (name, value) in headers {
        let name: http::HeaderName = name.parse().expect("a name");
        let value = value.parse().expect("a header");
        response.headers_mut().insert(name, value);
    }
    response
}

impl Desk {
    pub(super) fn give(&self, head: &HeaderMap) -> Result<http::Response<ByteStream>, Fault> {
        let mut state = self.state();
        let whole = state.download.clone();
        let fault = state.faults.pop_front();
        match fault {
            Some(Fault::Trickle(body)) => Ok(with(&[("content-length", "9")], body())),
            Some(Fault::Headers(headers)) => Ok(with(headers, whole)),
            Some(Fault::Endless(headers)) => Ok(with(headers, endless(&state.pieces))),
            Some(Fault::Whole(headers)) => {
                let length = whole.len().into();
                let mut response = with(headers, whole);
                response.headers_mut().insert("content-length", length);
                Ok(response)
            }
            None | Some(Fault::Half | Fault::Breaks(_) | Fault::Range(_)) => {
                ranged(&mut state, head, fault)
            }
            Some(fault) => Err(fault),
        }
    }
}

/// The object, or the range of it that was asked for.
fn ranged(
    state: &mut State,
    head: &HeaderMap,
    fault: Option<Fault>,
) -> Result<http::Response<ByteStream>, Fault> {
    let whole = state.download.clone();
    let text = |name: &str| Some(head.get(name)?.to_str().expect("text").to_owned());
    let etag = state.etags.front().copied();
    if state.etags.len() > 1 {
        state.etags.pop_front();
    }
    if text("if-match").is_some_and(|wanted| Some(wanted.as_str()) != etag) {
        let refusal = "<Error><Code>PreconditionFailed</Code></Error>";
        return Err(Fault::Status(412, refusal));
    }
    // Without an ETag this storage knows no ranges.
    let range = text("range").filter(|_| etag.is_some());
    let offset = range.as_ref().map_or(0, |range| {
        let offset = range.strip_prefix("bytes=").expect("bytes");
        let offset = offset.strip_suffix('-').expect("an open range");
        offset.parse::<usize>().expect("a number")
    });
    if range.is_some() && offset >= whole.len() {
        return Err(Fault::Status(
            416,
            "<Error><Code>InvalidRange</Code></Error>",
        ));
    }
    let rest = whole.slice(offset..);
    let length = rest.len();
    let mut sent_range = format!("bytes {offset}-{}/{}", whole.len().max(1) - 1, whole.len());
    let body = match fault {
        Some(Fault::Half) => rest.slice(..length / 2).into(),
        Some(Fault::Breaks(after)) => ByteStream::new(Broken(rest.slice(..after.min(length)))),
        Some(Fault::Range(wrong)) => {
            wrong.clone_into(&mut sent_range);
            rest.into()
        }
        _ => ByteStream::from(rest),
    };
    let length = length.to_string();
    let mut headers = vec![("content-length", length.as_str())];
    headers.extend(etag.map(|etag| ("etag", etag)));
    headers.extend(
        range
            .is_some()
            .then_some(("content-range", sent_range.as_str())),
    );
    let mut response = with(&headers, body);
    if range.is_some() {
        *response.status_mut() = http::StatusCode::PARTIAL_CONTENT;
    }
    Ok(response)
}
