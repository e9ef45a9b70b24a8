//! Injected faults: failures of networks and services that a test requests.
//!
//! A fault is written as `[OPERATION=]EFFECT[*TIMES][%PERCENT]`, on the command line, in the header
//! `x-attache-local-fault` of a single request whose signature is right, and for [`Fault::from_str`](std::str::FromStr):
//!
//! | effect | what happens |
//! |---|---|
//! | `throttle[:MS]` | refused with `ThrottlingException` (`SlowDown` for files), and `x-amz-retry-after` if given |
//! | `error:STATUS:before` | the response has this status of 5xx, the operation is not executed |
//! | `error:STATUS:after` | the operation is executed, and the response has this status |
//! | `drop:before` | the connection ends without a response, the operation is not executed |
//! | `drop:after` | the operation is executed, and the connection ends without a response |
//! | `delay:MS` | the response is delayed by this time |
//! | `drip:MS` | the response is sent in ten pieces with this pause between them |
//! | `corrupt` | a byte in the middle of the response is wrong |
//! | `unknown-error` | refused with an error code that is in no model |
//! | `skew:SECONDS` | the header `Date` is wrong by this number of seconds, which may be negative |
//!
//! Operations are those of the models, and `PutUploadPart`, `PutCaseAttachment`, `GetAttachment` and
//! `GetCaseAttachment` for what happens at presigned URLs.

use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use attache_runtime::plumbing::causes;

/// The header with which a request requests a fault.
pub const FAULT_HEADER: &str = "x-attache-local-fault";

/// Whether a fault occurs before the operation is executed, or after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The operation is not executed.
    Before,
    /// The operation is executed, but the client does not receive its result.
    After,
}

/// The effect of a fault. See [the table](self).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// Too many requests; the value is that of `x-amz-retry-after`, in whole milliseconds.
    Throttle(Option<Duration>),
    /// A response with this status, from 500 to 599.
    Error(u16, When),
    /// The end of the connection instead of a response.
    Drop(When),
    /// A delay before the request is handled.
    Delay(Duration),
    /// The response in ten pieces with this pause between them.
    Drip(Duration),
    /// A wrong byte in the middle of the response.
    Corrupt,
    /// An error code that is in no model.
    UnknownError,
    /// A header `Date` that is wrong by this number of seconds.
    Skew(i64),
}

/// An effect, and the requests that it applies to.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    effect: Effect,
    operation: Option<String>,
    times: Option<u32>,
    percent: f64,
}

impl Fault {
    /// A fault that applies to every request.
    pub fn new(effect: Effect) -> Self {
        Self {
            effect,
            operation: None,
            times: None,
            percent: 100.0,
        }
    }

    /// Only requests of this operation, such as `CreateCase`.
    #[must_use]
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Only the next requests, this many.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Only this percentage of requests, at random: see [`Builder::seed`](crate::Builder::seed).
    #[must_use]
    pub fn percent(mut self, percent: f64) -> Self {
        self.percent = percent;
        self
    }
}

/// A text that is no fault.
#[derive(Clone, PartialEq, Eq)]
pub struct FaultError(String);

impl fmt::Display for FaultError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for FaultError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            formatter.debug_tuple("FaultError").field(&self.0).finish()
        })
    }
}

impl std::error::Error for FaultError {}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let error = |problem: &str| FaultError(format!("`{text}` is no fault: {problem}"));
        let (operation, rest) = match text.split_once('=') {
            Some((operation, rest)) => (Some(operation.trim()), rest),
            None => (None, text),
        };
        let (rest, percent) = match rest.split_once('%') {
            Some((rest, percent)) => (rest, percent.trim().parse().ok()),
            None => (rest, Some(100.0)),
        };
        let percent = percent
            .filter(|percent| (0.0..=100.0).contains(percent))
            .ok_or_else(|| error("`%` must be followed by a number from 0 to 100"))?;
        let (rest, times) = match rest.split_once('*') {
            Some((rest, times)) => {
                let times = times.trim().parse::<u32>().ok();
                let times = times.ok_or_else(|| error("`*` must be followed by a whole number"))?;
                (rest, Some(times))
            }
            None => (rest, None),
        };
        Ok(Self {
            effect: effect(rest.trim()).map_err(|problem| error(&problem))?,
            operation: operation.map(str::to_owned),
            times,
            percent,
        })
    }
}

fn effect(text: &str) -> Result<Effect, String> {
    let mut parts = text.split(':');
    let name = parts.next().unwrap_or_default();
    let arguments: Vec<&str> = parts.collect();
    let milliseconds = |text: &str| {
        text.parse()
            .map(Duration::from_millis)
            .map_err(|_| format!("`{text}` is no number of milliseconds"))
    };
    let when = |text: &str| match text {
        "before" => Ok(When::Before),
        "after" => Ok(When::After),
        other => Err(format!("`{other}` is neither `before` nor `after`")),
    };
    match (name, arguments.as_slice()) {
        ("throttle", []) => Ok(Effect::Throttle(None)),
        ("throttle", [pause]) => Ok(Effect::Throttle(Some(milliseconds(pause)?))),
        ("error", [status, moment]) => {
            let status = status
                .parse()
                .ok()
                .filter(|status| (500..600).contains(status));
            let status = status.ok_or("the status of an error must be from 500 to 599")?;
            Ok(Effect::Error(status, when(moment)?))
        }
        ("drop", [moment]) => Ok(Effect::Drop(when(moment)?)),
        ("delay", [time]) => Ok(Effect::Delay(milliseconds(time)?)),
        ("drip", [pause]) => Ok(Effect::Drip(milliseconds(pause)?)),
        ("corrupt", []) => Ok(Effect::Corrupt),
        ("unknown-error", []) => Ok(Effect::UnknownError),
        ("skew", [seconds]) => {
            let seconds = seconds.parse();
            seconds
                .map(Effect::Skew)
                .map_err(|_| "the value of `skew` must be whole seconds".to_owned())
        }
        _ => Err(format!(
            "the effect `{text}` is not one of throttle[:MS], error:STATUS:before|after, drop:before|after, delay:MS, \
             drip:MS, corrupt, unknown-error, skew:SECONDS"
        )),
    }
}

/// The faults that apply to future requests.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    faults: Vec<Fault>,
    random: u64,
}

impl Faults {
    pub(crate) fn new(faults: Vec<Fault>, seed: u64) -> Self {
        Self(Mutex::new(Waiting {
            faults,
            random: seed,
        }))
    }

    pub(crate) fn add(&self, fault: Fault) {
        self.waiting().faults.push(fault);
    }

    pub(crate) fn clear(&self) {
        self.waiting().faults.clear();
    }

    /// The faults of a request: those that were added for its operation, and those in its header.
    pub(crate) fn meet(&self, operation: &str, own: Option<Fault>) -> Effects {
        let mut waiting = self.waiting();
        let Waiting { faults, random } = &mut *waiting;
        let mut effects = Vec::new();
        for fault in faults.iter_mut().chain(own.clone().as_mut()) {
            let is_meant = fault
                .operation
                .as_ref()
                .is_none_or(|name| name == operation);
            if is_meant && fault.times != Some(0) && draw(random) < fault.percent {
                if let Some(times) = &mut fault.times {
                    *times -= 1;
                }
                effects.push(fault.effect);
            }
        }
        faults.retain(|fault| fault.times != Some(0));
        Effects(effects)
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A number from 0 up to 100, by SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
fn draw(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    (mixed >> 11) as f64 / (1_u64 << 53) as f64 * 100.0
}

/// The faults of one request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Effects(Vec<Effect>);

impl Effects {
    fn find<T>(&self, pick: impl Fn(&Effect) -> Option<T>) -> Option<T> {
        self.0.iter().find_map(pick)
    }

    pub(crate) fn delay(&self) -> Option<Duration> {
        self.find(|effect| match effect {
            Effect::Delay(time) => Some(*time),
            _ => None,
        })
    }

    pub(crate) fn drip(&self) -> Option<Duration> {
        self.find(|effect| match effect {
            Effect::Drip(pause) => Some(*pause),
            _ => None,
        })
    }

    pub(crate) fn skew(&self) -> Option<i64> {
        self.find(|effect| match effect {
            Effect::Skew(seconds) => Some(*seconds),
            _ => None,
        })
    }

    pub(crate) fn throttle(&self) -> Option<Option<Duration>> {
        self.find(|effect| match effect {
            Effect::Throttle(pause) => Some(*pause),
            _ => None,
        })
    }

    pub(crate) fn error(&self, when: When) -> Option<u16> {
        self.find(|effect| match effect {
            Effect::Error(status, moment) if *moment == when => Some(*status),
            _ => None,
        })
    }

    pub(crate) fn drops(&self, when: When) -> bool {
        self.0.contains(&Effect::Drop(when))
    }

    pub(crate) fn corrupts(&self) -> bool {
        self.0.contains(&Effect::Corrupt)
    }

    pub(crate) fn is_unknown_error(&self) -> bool {
        self.0.contains(&Effect::UnknownError)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Effect, Fault, Faults, When};

    #[test]
    fn faults_are_read_from_text() {
        let cases = [
            ("throttle", Fault::new(Effect::Throttle(None))),
            (
                "CreateCase=throttle:1500*2",
                Fault::new(Effect::Throttle(Some(Duration::from_millis(1500))))
                    .on("CreateCase")
                    .times(2),
            ),
            (
                "error:503:after%12.5",
                Fault::new(Effect::Error(503, When::After)).percent(12.5),
            ),
            ("drop:before", Fault::new(Effect::Drop(When::Before))),
            ("skew:-3600", Fault::new(Effect::Skew(-3600))),
        ];
        for (text, fault) in cases {
            assert_eq!(text.parse(), Ok(fault));
        }
    }

    #[test]
    fn what_is_no_fault_says_why() {
        for (text, reason) in [
            ("explode", "`explode` is not one of"),
            ("error:404:before", "from 500 to 599"),
            ("drop:sometimes", "neither `before` nor `after`"),
            ("delay:soon", "no number of milliseconds"),
            ("corrupt*often", "a whole number"),
            ("corrupt%200", "from 0 to 100"),
        ] {
            let error = text.parse::<Fault>().expect_err("it is no fault");
            assert!(error.to_string().contains(reason), "{error}");
        }
    }

    #[test]
    fn a_fault_applies_to_its_operation_as_often_as_it_says() {
        let faults = Faults::new(vec![Fault::new(Effect::Corrupt).on("GetCase").times(2)], 1);
        assert!(!faults.meet("ListCases", None).corrupts());
        let met = [(); 3].map(|()| faults.meet("GetCase", None).corrupts());
        assert_eq!(met, [true, true, false]);
    }

    #[test]
    fn the_seed_determines_which_share_of_requests_has_the_fault() {
        let draw = |seed| {
            let faults = Faults::new(vec![Fault::new(Effect::Corrupt).percent(25.0)], seed);
            (0..1000)
                .filter(|_| faults.meet("GetCase", None).corrupts())
                .count()
        };
        assert_eq!(draw(7), draw(7));
        assert!((200..300).contains(&draw(7)), "{}", draw(7));
    }
}
