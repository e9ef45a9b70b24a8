//! The entry of every request: it is read, faults are applied to it, and the response is written.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use attache_runtime::{Bytes, Timer, TimestampFormat};
use http::{HeaderValue, Response};
use hyper::body::Incoming;

use crate::api::support::error::SubscriptionRequiredException;
use crate::api::{security_ir, support};
use crate::bodies::{Bodies, BodyError};
use crate::body::ReplyBody;
use crate::clock::after;
use crate::environment::Environment;
use crate::fault::{Effects, FAULT_HEADER, Fault, FaultError, Faults, When};
use crate::refusals::{instead, server_error, too_large, unknown};
use crate::sigv4;
use crate::wire::{self, Protocol, Refusal, Request};
use crate::world::World;

/// The path at which moto's decorator requests that all data is deleted.
const RESET: &str = "/moto-api/reset";
/// How many requests are recorded.
const REMEMBERED: usize = 10_000;

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestRecord {
    /// The name of the service in signatures.
    pub service: &'static str,
    /// The operation, or what was done at a presigned URL: see [`fault`](crate::fault).
    pub operation: &'static str,
    /// The status of the response; `None` if the connection was dropped.
    pub status: Option<u16>,
}

/// Everything that connections share.
pub(crate) struct Front {
    pub(crate) environment: Arc<Environment>,
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) faults: Faults,
    pub(crate) requests: Mutex<Vec<RequestRecord>>,
    world: Mutex<World>,
    bodies: Bodies,
    served: std::sync::atomic::AtomicU64,
}

impl fmt::Debug for Front {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Front").finish_non_exhaustive()
    }
}

/// The connection ends without a response.
#[derive(Debug)]
pub(crate) struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the connection is dropped on purpose")
    }
}

impl std::error::Error for Dropped {}

/// A response.
pub(crate) type Reply = Response<ReplyBody>;

/// Which service and operation a request is for.
#[derive(Clone, Copy)]
enum Target {
    Support(support::Operation),
    SecurityIr(security_ir::Operation),
}

impl Target {
    fn of(request: &Request) -> Option<Self> {
        support::route(request)
            .map(Self::Support)
            .or_else(|| security_ir::route(request).map(Self::SecurityIr))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Support(operation) => operation.name(),
            Self::SecurityIr(operation) => operation.name(),
        }
    }

    /// The codes of its errors in the model.
    fn errors(self) -> &'static [&'static str] {
        match self {
            Self::Support(operation) => operation.errors(),
            Self::SecurityIr(operation) => operation.errors(),
        }
    }

    fn service(self) -> &'static wire::Service {
        match self {
            Self::Support(_) => &support::SERVICE,
            Self::SecurityIr(_) => &security_ir::SERVICE,
        }
    }
}

impl Front {
    pub(crate) fn new(
        environment: Arc<Environment>,
        world: World,
        timer: Arc<dyn Timer>,
        faults: Faults,
    ) -> Self {
        Self {
            environment,
            timer,
            faults,
            requests: Mutex::default(),
            world: Mutex::new(world),
            bodies: Bodies::default(),
            served: Default::default(),
        }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        // After a panic the data is used as it was left, because refusing every later request would not help.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Handles a request.
    pub(crate) async fn answer(
        self: Arc<Self>,
        request: http::Request<Incoming>,
    ) -> Result<Reply, Dropped> {
        let (parts, body) = request.into_parts();
        let message = Request {
            method: parts.method,
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers,
            body: Bytes::new(),
        };
        if message.path.starts_with("/_files/") {
            self.answer_file(message, body).await
        } else {
            self.answer_call(message, body).await
        }
    }

    async fn answer_call(&self, mut message: Request, body: Incoming) -> Result<Reply, Dropped> {
        let target = Target::of(&message);
        let protocol = match target {
            Some(target) => target.service().protocol,
            None if message.headers.contains_key("x-amz-target") => Protocol::AwsJson11,
            None => Protocol::RestJson1,
        };
        let refused =
            |refusal: Refusal| Ok(self.reply(refusal.into_response(), &Effects::default()));
        let Some(target) = target else {
            self.bodies.discard(&message.headers, body).await;
            return match self.environment.settings.is_lenient && message.path == RESET {
                true => self.reset(&message),
                false => refused(unknown(&message, protocol)),
            };
        };
        let service = target.service();
        // A request that is not accepted gets no memory for its body.
        let mut signature = self.verify_head(service, &message);
        let mut room = None;
        if signature.is_err() {
            self.bodies.discard(&message.headers, body).await;
        } else {
            match self.bodies.read(body).await {
                Ok((bytes, reserved)) => {
                    message.body = bytes;
                    room = Some(reserved);
                }
                Err(BodyError::TooLarge) => return refused(too_large(protocol)),
                Err(BodyError::Broken) => return Err(Dropped),
            }
            signature = sigv4::verify_signature(&message, &self.environment.settings.keys);
        }
        let is_let_in = signature.is_ok();
        let effects = match self.effects(target.name(), target.errors(), &message, is_let_in) {
            Ok(effects) => effects,
            Err(error) => {
                let text = error.to_string();
                return refused(Refusal::common(protocol, 400, "InvalidFault", &text));
            }
        };
        let answered = self.act(target, &message, signature, &effects).await;
        drop(room);
        let status = answered.as_ref().ok().map(|response| response.status);
        self.record(service.signing_name, target.name(), status);
        answered.map(|response| self.reply(response, &effects))
    }

    fn verify_head(
        &self,
        service: &wire::Service,
        message: &Request,
    ) -> Result<(), sigv4::Rejection> {
        let keys = &self.environment.settings.keys;
        let now = self.environment.now();
        sigv4::verify_head(message, keys, service.signing_name, now)
    }

    /// Deletes the data of both services, and responds as moto does.
    fn reset(&self, message: &Request) -> Result<Reply, Dropped> {
        let protocol = Protocol::RestJson1;
        let response = if message.method != http::Method::POST {
            let text = format!("{RESET} requires POST.");
            Refusal::common(protocol, 405, "MethodNotAllowedException", &text).into_response()
        } else if let Err(problem) = self.world().reset() {
            Refusal::common(protocol, 500, "InternalFailure", &problem).into_response()
        } else {
            let mut response = wire::Response::success(protocol, 200);
            response.body = Bytes::from_static(br#"{"status": "ok"}"#);
            response
        };
        Ok(self.reply(response, &Effects::default()))
    }

    async fn act(
        &self,
        target: Target,
        message: &Request,
        signature: Result<(), sigv4::Rejection>,
        effects: &Effects,
    ) -> Result<wire::Response, Dropped> {
        let service = target.service();
        if let Some(time) = effects.delay() {
            self.timer.sleep(time).await;
        }
        if effects.drops(When::Before) {
            return Err(Dropped);
        }
        if let Some(refusal) = instead(service, effects) {
            return Ok(refusal.into_response());
        }
        let response = match signature {
            Ok(()) => self.call(target, message),
            Err(rejection) => {
                let status = match rejection.code {
                    "IncompleteSignatureException" => 400,
                    _ => 403,
                };
                let message = &rejection.message;
                Refusal::common(service.protocol, status, rejection.code, message).into_response()
            }
        };
        if effects.drops(When::After) {
            return Err(Dropped);
        }
        Ok(match effects.error(When::After) {
            Some(status) => server_error(service.protocol, status).into_response(),
            None => response,
        })
    }

    /// Executes the operation, and stores its changes before the response is sent.
    fn call(&self, target: Target, message: &Request) -> wire::Response {
        if matches!(target, Target::Support(_)) && !self.environment.settings.has_support_plan {
            let message = Some("The account has no plan that includes AWS Support.".to_owned());
            return Refusal::from(SubscriptionRequiredException { message }).into_response();
        }
        let mut world = self.world();
        world.prepare();
        let answer = match target {
            Target::Support(operation) => support::call(&mut world.support, operation, message),
            Target::SecurityIr(operation) => {
                security_ir::call(&mut world.security_ir, operation, message)
            }
        };
        match answer {
            Ok(response) => match world.commit() {
                Ok(()) => response,
                Err(problem) => {
                    let protocol = target.service().protocol;
                    Refusal::common(protocol, 500, "InternalFailure", &problem).into_response()
                }
            },
            Err(refusal) => {
                world.roll_back();
                refusal.into_response()
            }
        }
    }

    /// The faults of a request. Only an accepted request may request a fault.
    pub(crate) fn effects(
        &self,
        operation: &str,
        errors: &[&str],
        message: &Request,
        is_let_in: bool,
    ) -> Result<Effects, FaultError> {
        let own = message.header(FAULT_HEADER).filter(|_| is_let_in);
        let own: Option<Fault> = own.map(|text| text.parse()).transpose()?;
        own.as_ref().map_or(Ok(()), Fault::check)?;
        Ok(self.faults.meet(operation, errors, own))
    }

    pub(crate) fn record(
        &self,
        service: &'static str,
        operation: &'static str,
        status: Option<u16>,
    ) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        if requests.len() >= REMEMBERED {
            requests.drain(..REMEMBERED / 2);
        }
        requests.push(RequestRecord {
            service,
            operation,
            status,
        });
    }

    fn reply(&self, response: wire::Response, effects: &Effects) -> Reply {
        let mut reply = Response::new(ReplyBody::bytes(response.body));
        *reply.status_mut() =
            http::StatusCode::from_u16(response.status).unwrap_or(http::StatusCode::IM_A_TEAPOT);
        *reply.headers_mut() = response.headers;
        self.finish(reply, effects)
    }

    /// The headers of every response, and the faults that affect it.
    pub(crate) fn finish(&self, mut reply: Reply, effects: &Effects) -> Reply {
        let number = self
            .served
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let id = crate::environment::uuid("request", number);
        let mut date = self.environment.now();
        if let Some(seconds) = effects.skew() {
            let time = std::time::Duration::from_secs(seconds.unsigned_abs());
            date = match seconds < 0 {
                true => before(date, time),
                false => after(date, time),
            };
        }
        let date = date.format(TimestampFormat::HttpDate);
        for (name, value) in [("date", date), ("x-amzn-requestid", id)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                reply.headers_mut().insert(name, value);
            }
        }
        if effects.corrupts() {
            reply.body_mut().corrupt();
        }
        if let Some(pause) = effects.drip() {
            reply.body_mut().drip(pause, self.timer.clone());
        }
        reply
    }
}

fn before(time: attache_runtime::Timestamp, by: std::time::Duration) -> attache_runtime::Timestamp {
    let seconds = i64::try_from(by.as_secs()).unwrap_or(i64::MAX);
    attache_runtime::Timestamp::from_epoch_seconds(time.epoch_seconds().saturating_sub(seconds))
        .unwrap_or(time)
}
