//! Rules about several members, and unions.

use proptest::strategy::{BoxedStrategy, Strategy, Union};

use super::{Integer, Scope, document};
use crate::plumbing::validator::Range;
use crate::{Document, Timestamp};

/// Puts two integers in order (`attache#ordered`), within the range of each, with a difference of at most `span`.
/// Nothing is changed if one is absent, or if the ranges permit no pair.
pub fn order_integers<T: Integer>(
    first: (Option<&mut T>, Range<i64>),
    second: (Option<&mut T>, Range<i64>),
    may_be_equal: bool,
    span: Option<i64>,
) {
    let bounds = |Range(least, most): Range<i64>| {
        let least = least.unwrap_or(i64::MIN).max(T::LEAST.into());
        let most = most.unwrap_or(i64::MAX).min(T::MOST.into());
        (i128::from(least), i128::from(most))
    };
    let ((Some(one), one_range), (Some(two), two_range)) = (first, second) else {
        return;
    };
    let ((least, most), (least_second, most_second)) = (bounds(one_range), bounds(two_range));
    let gap = i128::from(!may_be_equal);
    let span = span.map_or(i128::MAX / 4, i128::from);
    // The second must be between `first + gap` and `first + span`.
    let (least, most) = (least.max(least_second - span), most.min(most_second - gap));
    if least > most || gap > span {
        return;
    }
    let first = i128::from((*one).into()).clamp(least, most);
    let (low, high) = (least_second.max(first + gap), most_second.min(first + span));
    let wanted = i128::from((*two).into());
    let second = match (low..=high).contains(&wanted) {
        true => wanted,
        // The values are spread over the possible range, so that both ends occur.
        false => low + wanted.rem_euclid(high - low + 1),
    };
    let narrow = |value: i128| {
        i64::try_from(value)
            .ok()
            .and_then(|value| T::try_from(value).ok())
    };
    if let (Some(first), Some(second)) = (narrow(first), narrow(second)) {
        (*one, *two) = (first, second);
    }
}

/// Puts two timestamps in order (`attache#ordered`); each has a flag whether it must be a midnight.
pub fn order_timestamps(
    first: (Option<&mut Timestamp>, bool),
    second: (Option<&mut Timestamp>, bool),
    may_be_equal: bool,
) {
    const DAY: i64 = 86_400;
    let ((Some(one), one_aligned), (Some(two), two_aligned)) = (first, second) else {
        return;
    };
    if *one < *two || may_be_equal && *one == *two {
        return;
    }
    // The later one loses its time of day, if it must be a midnight, and the earlier one is at least a day before it.
    let day = (*one).max(*two).epoch_seconds().div_euclid(DAY) * DAY;
    let least = Timestamp::MIN.epoch_seconds();
    let earlier = match one_aligned {
        true => two.epoch_seconds().div_euclid(DAY) * DAY,
        false => two.epoch_seconds(),
    };
    let earlier = earlier.min(day - DAY).max(least);
    let later = if two_aligned {
        day
    } else {
        one.epoch_seconds().max(day)
    };
    if let (Ok(earlier), Ok(later)) = (
        Timestamp::from_epoch_seconds(earlier),
        Timestamp::from_epoch_seconds(later),
    ) {
        (*one, *two) = (earlier, later);
    }
}

/// One of several kinds of values.
pub fn union<T: std::fmt::Debug + 'static>(kinds: Vec<BoxedStrategy<T>>) -> BoxedStrategy<T> {
    Union::new(kinds).boxed()
}

/// The name and the value of an unknown member.
pub fn unknown_member() -> BoxedStrategy<(String, Document)> {
    let name = Scope::received().text().boxed();
    let name = name.prop_map(|rest| format!("unknown{rest}"));
    (name, document()).boxed()
}
