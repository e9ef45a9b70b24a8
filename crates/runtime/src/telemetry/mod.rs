//! What a client reports of its calls: spans and events for the crate [`tracing`](https://docs.rs/tracing), counters and
//! histograms for the crate [`metrics`](https://docs.rs/metrics).
//!
//! The feature `tracing` of a client crate is on by default. A program sees the reports when it installs a subscriber,
//! for example `tracing_subscriber::fmt::init()`. A call that was throttled once then writes these two lines, here
//! without their spans:
//!
//! ```text
//! INFO attache::retry: retrying in 812 ms after ThrottlingException, attempt 2 of 3 rpc.method=Support/CreateCase …
//! INFO attache::call: Support.CreateCase succeeded after 2 attempts in 915 ms rpc.method=Support/CreateCase …
//! ```
//!
//! A filter such as `RUST_LOG=attache=warn,attache::retry=info` selects targets and levels.
//!
//! # Names
//!
//! Names with a dot are those of the semantic conventions of OpenTelemetry, version 1.44.0, for
//! [RPC clients](https://github.com/open-telemetry/semantic-conventions/blob/v1.44.0/docs/rpc/rpc-spans.md) (release
//! candidate), the [AWS SDK](https://github.com/open-telemetry/semantic-conventions/blob/v1.44.0/docs/cloud-providers/aws-sdk.md)
//! (in development) and
//! [HTTP clients](https://github.com/open-telemetry/semantic-conventions/blob/v1.44.0/docs/http/http-spans.md) (stable).
//! Names without a dot are those of this crate; they mean the same in every event. There are three differences:
//!
//! * The convention for the AWS SDK still lists `rpc.system` and `rpc.service`, which the convention for RPC replaces.
//!   Clients use the present names: `rpc.system.name` is `aws-api`, and `rpc.method` contains the service.
//! * Spans of attempts have no `url.full`, because paths and queries contain members of the request.
//! * The name of a span in `tracing` is a constant. `otel.name` and `otel.kind` are what the crate
//!   `tracing-opentelemetry` exports as its name and kind.
//!
//! A later version of this crate may follow a later version of the conventions. That is no breaking change.
//!
//! # Spans
//!
//! | span | target | level | covers |
//! |---|---|---|---|
//! | `attache.call` | `attache::call` | `INFO` | a call, with all attempts and the pauses between them |
//! | `attache.attempt` | `attache::attempt` | `DEBUG` | an attempt, in the span of its call: credentials, signature, request, response |
//!
//! | field | in | meaning |
//! |---|---|---|
//! | `otel.name` | both | `Support.CreateCase` for a call, the method for an attempt |
//! | `otel.kind` | both | `client` |
//! | `otel.status_code` | both | `ERROR` if it failed |
//! | `rpc.system.name` | call | `aws-api` |
//! | `rpc.method` | call | the service and its operation: `Support/CreateCase` |
//! | `cloud.region` | call | the region of the signature |
//! | `server.address`, `server.port` | both | the host and the port to which the first attempt, or this attempt, is sent; `REDACTED` if a sensitive member is part of the host |
//! | `invocation_id` | call | the id that all attempts share, which is sent as `amz-sdk-invocation-id` |
//! | `attempts` | call | how often the request was sent |
//! | `attempt` | attempt | which attempt it is, counted from 1 |
//! | `http.request.method` | attempt | the method |
//! | `http.request.resend_count` | attempt | how often the request was sent before, if it was |
//! | `http.response.status_code` | both | the status of the response, or of the last one |
//! | `aws.request_id` | both | the id that AWS gave the request, or the last one |
//! | `error.type` | both | the [kind of the failure](#kinds-of-failures) |
//!
//! # Events
//!
//! | target | level | when |
//! |---|---|---|
//! | `attache::call` | `INFO` | a call succeeded, or was dropped before it ended |
//! | `attache::call` | `WARN` | a call failed |
//! | `attache::retry` | `INFO` | an attempt failed, and another one follows after a pause |
//! | `attache::validation` | `WARN` | the request is not valid, so the call fails without an attempt |
//! | `attache::credentials` | `INFO` | credentials were fetched or renewed; the same ones again are not reported |
//! | `attache::credentials` | `WARN` | credentials could not be renewed, and the old ones are still valid |
//! | `attache::clock` | `WARN` | later requests are signed with the service's time, because this machine's clock is wrong |
//! | `attache::attempt` | `DEBUG` | an attempt ended |
//! | `attache::waiter` | `INFO` | a [waiter](crate::waiter) ended, in the expected state or with an error |
//! | `attache::waiter` | `DEBUG` | the expected state is not reached yet, and the waiter calls again after a pause |
//! | `attache::page` | `DEBUG` | a page of a paginated operation was received |
//! | `attache::wire` | `TRACE` | a message was sent or received, where the client has [the view of the wire](#the-view-of-the-wire) |
//! | `attache::transfer` | `INFO` | `attache-evidence` uploaded or downloaded a file |
//! | `attache::transfer` | `INFO` | a part of a file could not be moved, and is moved again after a pause |
//! | `attache::transfer` | `WARN` | an upload or a download failed |
//! | `attache::transfer` | `DEBUG` | an upload or a download begins |
//!
//! | field | targets | meaning |
//! |---|---|---|
//! | `rpc.method` | all except `credentials` and `transfer` | as in spans |
//! | `http.response.status_code` | `call`, `attempt`, `retry`, `wire` | the status of the last response, of this one, or of the one before |
//! | `aws.request_id` | `call`, `attempt`, `retry` | the id of the same request |
//! | `error.type` | `call`, `attempt`, `retry`, `waiter`, `transfer` | the [kind of the failure](#kinds-of-failures) |
//! | `attempts` | `call` | how often the request was sent; 0 if it never was |
//! | `duration_ms` | `call`, `attempt`, `waiter`, `transfer` | how long it took, in milliseconds; for a streaming response, until its head arrived; of a transfer since the file was opened |
//! | `may_have_taken_effect` | `call`, if it failed | whether the service may have acted nevertheless |
//! | `attempt` | `attempt`, `retry`, `transfer` | which attempt it is, or which one follows, counted from 1 |
//! | `max_attempts` | `retry`, `transfer` | how often the request is sent at most |
//! | `delay_ms` | `retry`, `waiter`, `transfer` | the pause, in milliseconds |
//! | `violations` | `validation` | up to ten violations: the path and the [constraint](crate::validation::Constraint) |
//! | `expires` | `credentials` | when the credentials expire, if they do |
//! | `error` | `credentials` | why they could not be renewed |
//! | `clock_skew_ms` | `clock` | how far the service's clock is ahead, in milliseconds; negative if it is behind |
//! | `waiter` | `waiter` | the name of the waiter |
//! | `state` | `waiter` | `retry`, `success` or `failure` |
//! | `calls` | `waiter` | how often the waiter has called the operation |
//! | `page` | `page` | which page it is, counted from 1 |
//! | `is_last` | `page` | whether the service says that no page follows |
//! | `direction` | `transfer` | `upload` or `download` |
//! | `file_index`, `files` | `transfer` | which file of its call it is, counted from 0, and how many there are |
//! | `bytes`, `total_bytes` | `transfer` | the bytes that were moved, and that there are; of a repeated part its length |
//! | `parts`, `total_parts` | `transfer` | the parts that are complete, and that there are |
//! | `offset` | `transfer` | where the repeated part begins in the file, in bytes |
//! | `http.request.method`, `url.full` | `wire` | the method and the URL of a request |
//! | `http.request.header`, `http.response.header` | `wire` | the headers, as a list of `name: value` |
//! | `http.request.body.size`, `http.response.body.size` | `wire` | the length of the body in bytes, if it is known |
//! | `http.request.body.content`, `http.response.body.content` | `wire` | the body |
//!
//! # The view of the wire
//!
//! A client that is built with [`ConfigBuilder::trace_wire`](crate::ConfigBuilder::trace_wire) also shows its messages:
//! events `request` and `response` at `TRACE` with the target `attache::wire`. A client that is built without it shows
//! none, whatever a subscriber takes.
//!
//! * Sensitive members of the model are `** redacted **`, or `REDACTED` in a URL, wherever they are: in the body, in a
//!   header, in the query, in the path, in the host, in an error. The same is true of the keys of a sensitive map, which
//!   are parts of names of headers.
//! * What the model does not name is `** not in the model **`, because it may be sensitive. Of such a
//!   header, and of one that an interceptor sets, only the name is shown. Headers of responses that HTTP or AWS define,
//!   such as `date`, are shown if no sensitive member is bound to them.
//! * `Authorization`, cookies, the session token and the parameters of signatures are never shown, nor is the query of a
//!   URL in a text. `url.full` has no user and no base path of the endpoint.
//! * A body is cut at the limit. The body of a blob or a text, a stream, and a body that is not JSON, such as the page of
//!   a proxy, are described by their length and type. JSON that does not match the model is shown up to there. A request
//!   is shown as it is before it is compressed.
//! * The calls that fetch credentials are not shown, nor are the requests that move files.
//! * A client that an earlier version of attache-codegen wrote does not say which members are sensitive. Of its messages
//!   only method, host, names of headers, and lengths are shown.
//!
//! The text of an error that the model names is shown, if the model does not call it sensitive. It may quote the request.
//!
//! # Metrics
//!
//! The feature `metrics` of a client crate is off by default. A program sees the metrics when it installs a recorder
//! before it builds clients. The histograms are those of the conventions for
//! [RPC](https://github.com/open-telemetry/semantic-conventions/blob/v1.44.0/docs/rpc/rpc-metrics.md) (release candidate)
//! and [HTTP](https://github.com/open-telemetry/semantic-conventions/blob/v1.44.0/docs/http/http-metrics.md) (stable).
//!
//! | metric | unit | labels | meaning |
//! |---|---|---|---|
//! | `attache.calls` | | `rpc.method` | calls that were begun |
//! | `attache.attempts` | | `rpc.method` | requests that were passed to the transport |
//! | `attache.retries` | | `rpc.method`, `error.type` | attempts that failed and were followed by another one |
//! | `attache.errors` | | `rpc.method`, `error.type` | calls that failed |
//! | `attache.sent` | bytes | `rpc.method` | bodies of requests that were passed to the transport, of each attempt |
//! | `attache.received` | bytes | `rpc.method` | bodies of responses, of each attempt |
//! | `rpc.client.call.duration` | seconds | `rpc.system.name`, `rpc.method`, `server.address`, `server.port`, `error.type` | the duration of calls; of a dropped call until it was dropped |
//! | `http.client.request.duration` | seconds | `http.request.method`, `server.address`, `server.port`, `http.response.status_code`, `error.type` | the duration of attempts |
//!
//! All counters and the histogram of calls have one value of `rpc.method` for each operation. `error.type` is a code only
//! if the model names it or if it means throttling; other error responses have their status, so that a service cannot
//! create labels. A stream is counted while it is read. A body that breaks before its end is not counted, unless it is a
//! stream.
//!
//! # Kinds of failures
//!
//! `error.type` is the error code of the service, such as `ThrottlingException`. An error response without a code has its
//! status instead. Other failures have the name of their [`ErrorKind`](crate::ErrorKind): `validation`, `request`,
//! `configuration`, `credentials`, `connect`, `timeout`, `io`, `decode`, `pagination`, `wait_failed` or `wait_timeout`.
//! A failed transfer has the name of its `attache_evidence::ErrorKind`; a part that is repeated has the error code or the
//! status of the storage, `connect`, `io` or `timeout`.
//!
//! # What is not reported
//!
//! Except for the view of the wire, no span and no event contains a value of a request or a response: no member, no
//! header, no path, no query. The exceptions are the keys of maps in `violations`, unless they are sensitive, and ids,
//! codes and statuses of responses. Events of transfers contain no URL and no name of a file, because a name may reveal
//! details of an incident.
//! The message of an error is left out, because it may quote the request. Texts of a service are one line without control
//! characters.
//!
//! # Cost
//!
//! Without a subscriber, each span and each event costs the check of an atomic variable. Without the features `tracing`
//! and `metrics`, nothing of this is compiled.

#[cfg(any(feature = "tracing", feature = "metrics"))]
mod call;
#[cfg(feature = "tracing")]
mod error_type;
#[cfg(feature = "tracing")]
mod events;
#[cfg(any(feature = "tracing", feature = "metrics"))]
mod kind;
#[cfg(feature = "metrics")]
mod measures;
#[cfg(not(feature = "tracing"))]
mod no_events;
#[cfg(any(feature = "tracing", feature = "metrics"))]
mod server;
#[cfg(not(any(feature = "tracing", feature = "metrics")))]
mod silent;
#[cfg(feature = "tracing")]
mod view;
#[cfg(feature = "tracing")]
mod wire;
#[cfg(feature = "tracing")]
mod workflow;

#[cfg(any(feature = "tracing", feature = "metrics"))]
pub(crate) use self::call::{AttemptReport, CallReport};
#[cfg(feature = "tracing")]
pub(crate) use self::events::{credentials_fetched, credentials_kept};
#[cfg(feature = "metrics")]
pub(crate) use self::measures::describe;
#[cfg(not(feature = "tracing"))]
pub(crate) use self::no_events::{
    View, credentials_fetched, credentials_kept, page_received, waiter_continues, waiter_ended,
};
#[cfg(not(any(feature = "tracing", feature = "metrics")))]
pub(crate) use self::silent::{AttemptReport, CallReport};
#[cfg(feature = "tracing")]
pub(crate) use self::view::View;
#[cfg(feature = "tracing")]
pub(crate) use self::wire::Wire;
#[cfg(feature = "tracing")]
pub(crate) use self::workflow::{page_received, waiter_continues, waiter_ended};
