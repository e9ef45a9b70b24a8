//! The faults that wait for requests, and those that a request has met.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::{Effect, Fault, When};

/// The faults that apply to future requests.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Waiting>);

/// The faults, and the state of the random numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waiting {
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

    pub(crate) fn snapshot(&self) -> Waiting {
        self.waiting().clone()
    }

    pub(crate) fn restore(&self, waiting: &Waiting) {
        self.waiting().clone_from(waiting);
    }

    /// The faults of a request: those that were added for its operation, and those in its header. `errors` are the codes
    /// that the model names for the operation.
    pub(crate) fn meet(&self, operation: &str, errors: &[&str], own: Option<Fault>) -> Effects {
        let mut waiting = self.waiting();
        let Waiting { faults, random } = &mut *waiting;
        let mut effects = Vec::new();
        for fault in faults.iter_mut().chain(own.clone().as_mut()) {
            let is_meant = fault
                .operation
                .as_ref()
                .is_none_or(|name| name == operation);
            let can_apply = match &fault.effect {
                Effect::Refuse {
                    code, status: None, ..
                } => errors.contains(&code.as_str()),
                _ => true,
            };
            if is_meant && can_apply && fault.times != Some(0) && draw(random) < fault.percent {
                if let Some(times) = &mut fault.times {
                    *times -= 1;
                }
                effects.push(fault.effect.clone());
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

/// The text of a refusal without a message.
const ON_PURPOSE: &str = "The request was refused on purpose.";

/// What [`Effect::Refuse`] says about the response.
pub(crate) struct Refused<'a> {
    pub(crate) code: &'a str,
    /// `None` stands for the status of the model.
    pub(crate) status: Option<u16>,
    pub(crate) message: &'a str,
    retry_after: Option<Duration>,
}

impl Refused<'_> {
    /// The headers that request a pause.
    pub(crate) fn pause(&self) -> Vec<(&'static str, String)> {
        let Some(pause) = self.retry_after else {
            return Vec::new();
        };
        let seconds = pause.as_millis().div_ceil(1000);
        vec![
            ("x-amz-retry-after", pause.as_millis().to_string()),
            ("retry-after", seconds.to_string()),
        ]
    }
}

/// The faults of one request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Effects(Vec<Effect>);

impl Effects {
    fn find<'a, T>(&'a self, pick: impl Fn(&'a Effect) -> Option<T>) -> Option<T> {
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

    pub(crate) fn refused(&self) -> Option<Refused<'_>> {
        self.find(|effect| match effect {
            Effect::Refuse {
                code,
                status,
                message,
                retry_after,
            } => Some(Refused {
                code,
                status: *status,
                message: message.as_deref().unwrap_or(ON_PURPOSE),
                retry_after: *retry_after,
            }),
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
    use super::{Effect, Fault, Faults};

    #[test]
    fn a_fault_applies_to_its_operation_as_often_as_it_says() {
        let faults = Faults::new(vec![Fault::new(Effect::Corrupt).on("GetCase").times(2)], 1);
        assert!(!faults.meet("ListCases", &[], None).corrupts());
        let met = [(); 3].map(|()| faults.meet("GetCase", &[], None).corrupts());
        assert_eq!(met, [true, true, false]);
    }

    #[test]
    fn the_seed_determines_which_share_of_requests_has_the_fault() {
        let draw = |seed| {
            let faults = Faults::new(vec![Fault::new(Effect::Corrupt).percent(25.0)], seed);
            (0..1000)
                .filter(|_| faults.meet("GetCase", &[], None).corrupts())
                .count()
        };
        assert_eq!(draw(7), draw(7));
        assert!((200..300).contains(&draw(7)), "{}", draw(7));
    }
}
