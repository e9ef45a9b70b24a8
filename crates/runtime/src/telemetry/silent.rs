//! Reports that do nothing, for builds without the features that report.

use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use http::Method;

use crate::body::Body;
use crate::error::Failure;
use crate::interceptor::{Attempt, Outcome};
use crate::plumbing::message::{HttpRequest, HttpResponse};
use crate::plumbing::operation::Operation;
use crate::timer::Timer;

pub(crate) struct CallReport;

impl CallReport {
    pub(crate) fn begin(_: &'static Operation, _: Option<&str>, _: Arc<dyn Timer>) -> Self {
        Self
    }

    pub(crate) fn within<F: Future>(&self, future: F) -> impl Future<Output = F::Output> {
        future
    }

    pub(crate) fn encoded(&self, _: &HttpRequest) {}

    pub(crate) fn identified(&self, _: &str) {}

    pub(crate) fn attempt(&self, _: &Attempt<'_>, _: &Method) -> AttemptReport<'_> {
        AttemptReport(PhantomData)
    }

    pub(crate) fn retrying(&self, _: u32, _: u32, _: Duration, _: &Failure) {}

    pub(crate) fn clock_shifted(&self, _: i64) {}

    pub(crate) fn failed(self, _: &Failure) {}

    pub(crate) fn succeeded(self) {}
}

pub(crate) struct AttemptReport<'a>(PhantomData<&'a CallReport>);

impl AttemptReport<'_> {
    pub(crate) fn within<F: Future>(&self, future: F) -> impl Future<Output = F::Output> {
        future
    }

    pub(crate) fn sent(&self, request: http::Request<Body>, _: bool) -> http::Request<Body> {
        request
    }

    pub(crate) fn received(
        &self,
        result: Result<HttpResponse, Failure>,
    ) -> Result<HttpResponse, Failure> {
        result
    }

    pub(crate) fn ended(&self, _: &Outcome<'_>) {}
}
