//! Pages and items of paginated operations (`smithy.api#paginated`).
//!
//! [`Pages`] and [`Items`] are streams, and have a method `next`, so that a loop over them needs no other crate. They
//! own their data. The next page is requested when it is needed, not earlier.
//!
//! A token may be a structure or a map, so tokens can only be compared. That is enough to detect a service that repeats
//! tokens: each token is compared with the one that was just sent, and with one older token, which is replaced after 1,
//! 2, 4, 8 … pages (Brent's method). Memory does not grow with the number of pages.

use std::collections::VecDeque;
use std::error::Error as StdError;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::call::Call;
use crate::call_options::{CallOptions, Feature};
use crate::core::Core;
use crate::error::{Error, ErrorKind, Failure};
use crate::operation::{Paginated, PaginatedItems};
use crate::telemetry::page_received;

/// The items of the streams.
type Outcome<T, R> = Result<T, Error<<R as crate::operation::Request>::ServiceError>>;

/// The pages of an operation, one response each.
///
/// The stream ends after an error and after the last page. [`token`](Self::token) says where to continue.
#[must_use = "no page is requested before it is polled"]
pub struct Pages<R: Paginated> {
    core: Core,
    request: R,
    options: CallOptions,
    call: Option<Call<R::Response, R::ServiceError>>,
    /// The token of the request.
    token: Option<R::Token>,
    circles: Circles<R::Token>,
    /// How many pages were received.
    pages: u64,
    repeated: bool,
    /// Whether the repeated token is the one that was just sent.
    stands_still: bool,
    ended: bool,
}

impl<R: Paginated> Pages<R> {
    /// The pages from the requested one on.
    #[doc(hidden)]
    pub fn new(core: Core, request: R, mut options: CallOptions) -> Self {
        options.feature = Some(Feature::Paginator);
        Self {
            core,
            token: request.owned_token(),
            request,
            options,
            call: None,
            circles: Circles::default(),
            pages: 0,
            repeated: false,
            stands_still: false,
            ended: false,
        }
    }

    /// The token of the next page. A request with this token continues there, also in another process. `None` before
    /// the first page of a request without a token, and after the last page.
    pub fn token(&self) -> Option<&R::Token> {
        self.token.as_ref()
    }

    /// The next page; `None` when there is no more.
    ///
    /// Dropping the future loses nothing: the next call continues with the same page.
    ///
    /// # Errors
    /// As sending the request; [`ErrorKind::Pagination`] if the service returns a token that it returned before.
    pub async fn next(&mut self) -> Option<Outcome<R::Response, R>> {
        poll_fn(|context| self.poll_page(context)).await
    }

    /// The same pages, as a blocking iterator.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> Waiting<Self> {
        Waiting::new(self, R::OPERATION.name)
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Outcome<R::Response, R>>> {
        if self.repeated {
            self.repeated = false;
            self.ended = true;
            return Poll::Ready(Some(Err(repeated_token::<R>())));
        }
        if self.ended {
            return Poll::Ready(None);
        }
        let call = self
            .call
            .get_or_insert_with(|| self.core.send(self.request.clone(), self.options.clone()));
        let outcome = ready!(Pin::new(call).poll(context));
        self.call = None;
        match &outcome {
            Ok(response) => {
                self.turn(R::next_token(response));
                self.pages += 1;
                page_received(R::OPERATION, self.pages, self.ended);
            }
            Err(_) => self.ended = true,
        }
        Poll::Ready(Some(outcome))
    }

    /// Advances from a received page to the next.
    fn turn(&mut self, next: Option<R::Token>) {
        match next {
            None => {
                self.ended = true;
                self.token = None;
            }
            Some(token) => {
                self.stands_still = self.token.as_ref() == Some(&token);
                self.repeated = self.stands_still || self.circles.close(&token);
                if self.repeated {
                    return;
                }
                self.token = Some(token);
            }
        }
        self.request.set_token(self.token.clone());
    }
}

impl<R: Paginated> Stream for Pages<R> {
    type Item = Outcome<R::Response, R>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(context)
    }
}

impl<R: Paginated> fmt::Debug for Pages<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Pages")
            .field("operation", &R::OPERATION.name)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

/// The items of all pages, one by one.
///
/// The stream ends after an error and after the last item. It also ends at a page without items whose token is the one that
/// requested it: some services, such as CloudWatch Logs, repeat a token where there are no more items yet.
/// [`token`](Self::token) is that token then, and continues with what is added later.
#[must_use = "no page is requested before it is polled"]
pub struct Items<R: PaginatedItems> {
    pages: Pages<R>,
    page: VecDeque<R::Item>,
    /// The token with which the page of the next item was requested.
    token: Option<R::Token>,
    left: Option<usize>,
}

impl<R: PaginatedItems> Items<R> {
    /// The items from the requested page on.
    #[doc(hidden)]
    pub fn new(core: Core, request: R, options: CallOptions) -> Self {
        Self {
            token: request.owned_token(),
            pages: Pages::new(core, request, options),
            page: VecDeque::new(),
            left: None,
        }
    }

    /// Ends after this number of items; no page is requested unnecessarily. The request sets the number of items of a
    /// page.
    pub fn limit(mut self, items: usize) -> Self {
        self.left = Some(items);
        self
    }

    /// The token of the page with the next item. A request with this token continues with the first item of that page.
    pub fn token(&self) -> Option<&R::Token> {
        if self.page.is_empty() {
            self.pages.token()
        } else {
            self.token.as_ref()
        }
    }

    /// The next item; `None` when there is no more.
    ///
    /// # Errors
    /// As [`Pages::next`], but for the repeated token of a page without items.
    pub async fn next(&mut self) -> Option<Outcome<R::Item, R>> {
        poll_fn(|context| self.poll_item(context)).await
    }

    /// All remaining items.
    ///
    /// # Errors
    /// As [`Pages::next`]; the items before the error are lost.
    pub async fn collect(mut self) -> Outcome<Vec<R::Item>, R> {
        let mut items = Vec::new();
        while let Some(item) = self.next().await {
            items.push(item?);
        }
        Ok(items)
    }

    /// The same items, as a blocking iterator.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> Waiting<Self> {
        Waiting::new(self, R::OPERATION.name)
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Outcome<R::Item, R>>> {
        loop {
            if self.left == Some(0) {
                return Poll::Ready(None);
            }
            if let Some(item) = self.page.pop_front() {
                self.left = self.left.map(|left| left - 1);
                return Poll::Ready(Some(Ok(item)));
            }
            let token = self.pages.token().cloned();
            match ready!(self.pages.poll_page(context)) {
                Some(Ok(response)) => {
                    self.token = token;
                    self.page = R::items(response).into();
                    if self.page.is_empty() && self.pages.stands_still {
                        (self.pages.repeated, self.pages.ended) = (false, true);
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<R: PaginatedItems> Stream for Items<R> {
    type Item = Outcome<R::Item, R>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(context)
    }
}

impl<R: PaginatedItems> fmt::Debug for Items<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Items")
            .field("pages", &self.pages)
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

/// [`Pages`] or [`Items`] for code that is not asynchronous: a blocking iterator.
///
/// Inside of an async runtime of Tokio, whose thread it would block, its only item is an error
/// ([`ErrorKind::Request`]). Use the stream itself there, or the iterator in `tokio::task::spawn_blocking`. Inside of
/// `tokio::task::unconstrained`, which hides that a runtime polls it, it panics.
#[cfg(feature = "blocking")]
#[derive(Debug)]
#[must_use = "no page is requested before it is polled"]
pub struct Waiting<S> {
    stream: S,
    operation: &'static str,
    ended: bool,
}

#[cfg(feature = "blocking")]
impl<S> Waiting<S> {
    pub(crate) fn new(stream: S, operation: &'static str) -> Self {
        Self {
            stream,
            operation,
            ended: false,
        }
    }

    /// The stream, for its token.
    pub fn get_ref(&self) -> &S {
        &self.stream
    }
}

#[cfg(feature = "blocking")]
impl<S, T, E> Iterator for Waiting<S>
where
    S: Stream<Item = Result<T, E>> + Unpin,
    E: From<Failure>,
{
    type Item = Result<T, E>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let stream = &mut self.stream;
        let next = poll_fn(|context| {
            let item = Pin::new(&mut *stream).poll_next(context);
            item.map(Option::transpose)
        });
        let item = crate::blocking::wait_for(self.operation, next).transpose();
        self.ended = !matches!(item, Some(Ok(_)));
        item
    }
}

/// Detects repeated tokens.
struct Circles<T> {
    kept: Option<T>,
    until: u64,
    seen: u64,
}

impl<T> Default for Circles<T> {
    fn default() -> Self {
        Self {
            kept: None,
            until: 1,
            seen: 0,
        }
    }
}

impl<T: Clone + PartialEq> Circles<T> {
    /// Whether this token is a repeated one.
    fn close(&mut self, token: &T) -> bool {
        if self.kept.as_ref() == Some(token) {
            return true;
        }
        self.seen += 1;
        if self.seen == self.until {
            self.kept = Some(token.clone());
            self.until = self.until.saturating_mul(2);
            self.seen = 0;
        }
        false
    }
}

/// The service returned a token that it had returned before.
#[derive(Debug)]
struct RepeatedToken;

impl fmt::Display for RepeatedToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "the service returned the token of a page that it had returned before, so the pages would never end",
        )
    }
}

impl StdError for RepeatedToken {}

fn repeated_token<R: Paginated>() -> Error<R::ServiceError> {
    Failure::new(ErrorKind::Pagination, RepeatedToken)
        .during(R::OPERATION.name, 0)
        .into()
}
