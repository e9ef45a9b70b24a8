//! Numbers, Booleans and timestamps.

use proptest::arbitrary::any;
use proptest::num::{f32, f64};
use proptest::prop_oneof;
use proptest::strategy::{BoxedStrategy, Strategy};

use super::Scope;
use crate::Timestamp;
use crate::big::{BigDecimal, BigInteger};
use crate::plumbing::validator::Range;

/// The integers of the model.
pub trait Integer: Copy + std::fmt::Debug + Into<i64> + TryFrom<i64> + 'static {
    /// The minimum.
    const LEAST: Self;
    /// The maximum.
    const MOST: Self;
}

macro_rules! integers {
    ($($name:ident)*) => {
        $(impl Integer for $name {
            const LEAST: Self = Self::MIN;
            const MOST: Self = Self::MAX;
        })*
    };
}

integers!(i8 i16 i32 i64);

/// `true` and `false`.
pub fn boolean() -> BoxedStrategy<bool> {
    any::<bool>().boxed()
}

/// Integers within their range, its ends more often than others.
pub fn integer<T: Integer>(scope: Scope, Range(least, most): Range<i64>) -> BoxedStrategy<T> {
    let (lowest, highest) = (T::LEAST.into(), T::MOST.into());
    let (least, most) = match scope.is_documented() {
        true => (
            least.unwrap_or(lowest).max(lowest),
            most.unwrap_or(highest).min(highest),
        ),
        false => (lowest, highest),
    };
    // Values shrink towards zero, or the end of the range that is nearest to it.
    let zero = 0.clamp(least, most);
    let near = zero.saturating_add(100).min(most);
    prop_oneof![
        4 => zero..=near,
        3 => least..=most,
        1 => proptest::strategy::Just(least),
        1 => proptest::strategy::Just(most),
    ]
    .prop_map(move |value| T::try_from(value).unwrap_or(T::LEAST))
    .boxed()
}

/// Numbers of an enum: mostly known ones; nothing else at [`Level::Strict`](crate::validation::Level::Strict).
pub fn integer_enumeration(scope: Scope, known: &[i32]) -> BoxedStrategy<i32> {
    ranged_enumeration(scope, known, Range(None, None))
}

/// The same, for an enum with a range.
pub fn ranged_enumeration(
    scope: Scope,
    known: &[i32],
    Range(least, most): Range<i64>,
) -> BoxedStrategy<i32> {
    let is_within = |value: i64| {
        least.is_none_or(|least| least <= value) && most.is_none_or(|most| value <= most)
    };
    let mut known = known.to_vec();
    known.retain(|value| !scope.is_documented() || is_within((*value).into()));
    let any = match (least, most) {
        (None, None) => any::<i32>().boxed(),
        _ => integer(scope, Range(least, most)),
    };
    if known.is_empty() {
        return any;
    }
    let listed = proptest::sample::select(known);
    match scope.is_strict() {
        true => listed.boxed(),
        false => prop_oneof![7 => listed, 1 => any].boxed(),
    }
}

/// Finite floats within their range. (NaN equals nothing, so that a request with it is not even equal to itself.)
pub fn float(scope: Scope, Range(least, most): Range<f32>) -> BoxedStrategy<f32> {
    match (scope.is_documented(), least, most) {
        (false, ..) | (_, None, None) => {
            (f32::POSITIVE | f32::NEGATIVE | f32::NORMAL | f32::ZERO).boxed()
        }
        (true, least, most) => {
            let least = least.unwrap_or(std::primitive::f32::MIN);
            (least..=most.unwrap_or(std::primitive::f32::MAX)).boxed()
        }
    }
}

/// As [`float`], in double precision.
pub fn double(scope: Scope, Range(least, most): Range<f64>) -> BoxedStrategy<f64> {
    match (scope.is_documented(), least, most) {
        (false, ..) | (_, None, None) => {
            (f64::POSITIVE | f64::NEGATIVE | f64::NORMAL | f64::ZERO).boxed()
        }
        (true, least, most) => {
            let least = least.unwrap_or(std::primitive::f64::MIN);
            (least..=most.unwrap_or(std::primitive::f64::MAX)).boxed()
        }
    }
}

/// Integers of up to forty digits.
pub fn big_integer() -> BoxedStrategy<BigInteger> {
    let number = |text: String| BigInteger::new(text).unwrap_or_default();
    "-?(0|[1-9][0-9]{0,39})".prop_map(number).boxed()
}

/// Decimal numbers of up to forty digits, some with an exponent.
pub fn big_decimal() -> BoxedStrategy<BigDecimal> {
    let number = |text: String| BigDecimal::new(text).unwrap_or_default();
    "-?(0|[1-9][0-9]{0,19})(\\.[0-9]{1,20})?(e-?[1-9][0-9]?)?"
        .prop_map(number)
        .boxed()
}

/// Timestamps: mostly of this decade and in whole seconds, some to the millisecond, some from any year that a timestamp
/// can have. With `day_aligned`, midnights in UTC from [`Level::Documented`](crate::validation::Level::Documented) on.
pub fn timestamp(scope: Scope, day_aligned: bool) -> BoxedStrategy<Timestamp> {
    const DAY: i64 = 86_400;
    let (first, last) = (
        Timestamp::MIN.epoch_seconds(),
        Timestamp::MAX.epoch_seconds(),
    );
    let aligned = day_aligned && scope.is_documented();
    let seconds = prop_oneof![6 => 0..4_102_444_800_i64, 1 => first..=last];
    let milliseconds = prop_oneof![3 => proptest::strategy::Just(0), 1 => 0..1_000_u32];
    (seconds, milliseconds)
        .prop_map(move |(seconds, milliseconds)| {
            let moment = match aligned {
                true => Timestamp::from_epoch_seconds(seconds.div_euclid(DAY) * DAY),
                false => Timestamp::from_epoch(seconds, milliseconds * 1_000_000),
            };
            moment.unwrap_or_default()
        })
        .boxed()
}
