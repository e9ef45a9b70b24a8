//! The entry of every request: it is read, faults are applied to it, and the response is written.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use attache_runtime::{Bytes, Timer, TimestampFormat};
use http::{HeaderName, HeaderValue, Response};
use hyper::body::Incoming;

use crate::api::support::error::SubscriptionRequiredException;
use crate::api::{security_ir, support};
use crate::bodies::{Bodies, BodyError};
use crate::body::ReplyBody;
use crate::caller::Caller;
use crate::clock::after;
use crate::environment::Environment;
use crate::fault::{Effects, FAULT_HEADER, Fault, FaultError, Faults, When};
use crate::refusals::{instead, server_error, too_large, unknown};
use crate::requests::{RequestRecord, Requests};
use crate::sigv4;
use crate::wire::{self, Protocol, Refusal, Request};
use crate::world::World;

/// The header with the id of a request.
const REQUEST_ID: &str = "x-amzn-requestid";
/// The header with a part of the credentials.
const SESSION_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

/// Everything that connections share.
pub(crate) struct Front {
    pub(crate) environment: Arc<Environment>,
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) faults: Faults,
    pub(crate) requests: Requests,
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
            requests: Requests::default(),
            world: Mutex::new(world),
            bodies: Bodies::default(),
            served: Default::default(),
        }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        // After a panic the data is used as it was left, because refusing every later request would not help.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The data of a request that was sent to this era of it.
    ///
    /// # Errors
    /// The data was replaced in the meantime.
    pub(crate) fn world_of(&self, era: u64) -> Result<MutexGuard<'_, World>, Dropped> {
        let world = self.world();
        match world.era == era {
            true => Ok(world),
            false => Err(Dropped),
        }
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
        let era = self.world().era;
        if message.path.starts_with("/_files/") {
            self.answer_file(message, body, era).await
        } else {
            self.answer_call(message, body, era).await
        }
    }

    async fn answer_call(
        &self,
        mut message: Request,
        body: Incoming,
        era: u64,
    ) -> Result<Reply, Dropped> {
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
            return match self.answer_own(&message) {
                Some(response) => Ok(self.reply(response, &Effects::default())),
                None => refused(unknown(&message, protocol)),
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
        let (name, errors) = (target.name(), target.errors());
        let effects = match self.effects(name, errors, &message, is_let_in, era)? {
            Ok(effects) => effects,
            Err(error) => {
                let text = error.to_string();
                return refused(Refusal::common(protocol, 400, "InvalidFault", &text));
            }
        };
        let answered = self.act(target, &message, signature, &effects, era).await;
        drop(room);
        let reply = answered.map(|response| self.reply(response, &effects));
        let mut record = self.record(service.signing_name, name, &message, &reply);
        for name in [http::header::AUTHORIZATION, SESSION_TOKEN] {
            message.headers.remove(name);
        }
        record.message = is_let_in.then(|| Arc::new(message));
        self.list(record, era);
        reply
    }

    /// Lists a request, unless the list of its era was replaced.
    pub(crate) fn list(&self, record: RequestRecord, era: u64) {
        if let Ok(_world) = self.world_of(era) {
            self.requests.add(record);
        }
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

    async fn act(
        &self,
        target: Target,
        message: &Request,
        signature: Result<(), sigv4::Rejection>,
        effects: &Effects,
        era: u64,
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
            Ok(()) => self.call(target, message, era)?,
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
    fn call(&self, target: Target, message: &Request, era: u64) -> Result<wire::Response, Dropped> {
        if matches!(target, Target::Support(_)) && !self.environment.settings.has_support_plan {
            let message = Some("The account has no plan that includes AWS Support.".to_owned());
            return Ok(Refusal::from(SubscriptionRequiredException { message }).into_response());
        }
        let caller = Caller::of(message, &self.environment.settings);
        let mut world = self.world_of(era)?;
        world.prepare();
        let answer = match target {
            Target::Support(operation) => {
                support::call(world.tenants.support(&caller), operation, message)
            }
            Target::SecurityIr(operation) => match world.tenants.security_ir(&caller) {
                Ok(service) => security_ir::call(service, operation, message),
                Err(text) => {
                    let protocol = target.service().protocol;
                    Err(Refusal::common(protocol, 400, "TooManyRegions", &text))
                }
            },
        };
        Ok(match answer {
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
        })
    }

    /// The faults of a request. Only an accepted request may request a fault.
    pub(crate) fn effects(
        &self,
        operation: &str,
        errors: &[&str],
        message: &Request,
        is_let_in: bool,
        era: u64,
    ) -> Result<Result<Effects, FaultError>, Dropped> {
        let own = message.header(FAULT_HEADER).filter(|_| is_let_in);
        let parsed = own.map(|text| {
            let fault: Fault = text.parse()?;
            fault.check().map(|()| fault)
        });
        let own = match parsed.transpose() {
            Ok(own) => own,
            Err(error) => return Ok(Err(error)),
        };
        // A request of another era uses up no fault.
        let _world = self.world_of(era)?;
        Ok(Ok(self.faults.meet(operation, errors, own)))
    }

    /// What is listed of a request. Its message is not part of it.
    pub(crate) fn record(
        &self,
        service: &'static str,
        operation: &'static str,
        message: &Request,
        reply: &Result<Reply, Dropped>,
    ) -> RequestRecord {
        let caller = Caller::of(message, &self.environment.settings);
        let reply = reply.as_ref().ok();
        let id = reply.and_then(|reply| reply.headers().get(REQUEST_ID)?.to_str().ok());
        RequestRecord {
            service,
            operation,
            account_id: caller.account_id,
            region: caller.region,
            status: reply.map(|reply| reply.status().as_u16()),
            request_id: id.map(str::to_owned),
            time: self.environment.now(),
            message: None,
        }
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
        for (name, value) in [("date", date), (REQUEST_ID, id)] {
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
