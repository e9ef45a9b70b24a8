//! Compares results with the expectations of the suite.

use std::collections::BTreeMap;
use std::fmt::Debug;

use attache_runtime::{ByteStream, Bytes, Document, Timestamp};

use super::outcome::Outcome;
use super::poll::run;

pub fn compare<T: Same + Debug>(wanted: &T, came: &T) -> Outcome {
    if wanted.same(came) {
        Outcome::Same
    } else {
        different(wanted, came)
    }
}

pub fn different(wanted: &dyn Debug, came: &dyn Debug) -> Outcome {
    Outcome::Different {
        wanted: format!("{wanted:?}"),
        came: format!("{came:?}"),
    }
}

/// `None` if the two are equal.
pub fn fact<T: PartialEq + Debug>(
    name: &str,
    wanted: Option<T>,
    came: Option<T>,
) -> Option<Outcome> {
    (wanted != came).then(|| Outcome::Different {
        wanted: format!("{name} {wanted:?}"),
        came: format!("{name} {came:?}"),
    })
}

/// `None` if the two hold the same bytes.
pub fn compare_streams(came: Option<ByteStream>, wanted: Option<ByteStream>) -> Option<Outcome> {
    let read = |stream: ByteStream| run(stream.collect()).expect("a stream of the suite");
    let (came, wanted) = (came.map(read), wanted.map(read));
    (came != wanted).then(|| different(&wanted, &came))
}

/// Equality in which NaN is NaN.
pub trait Same {
    fn same(&self, other: &Self) -> bool;
}

macro_rules! equal {
    ($($type:ty),*) => {
        $(impl Same for $type {
            fn same(&self, other: &Self) -> bool {
                self == other
            }
        })*
    };
}

equal!(bool, i8, i16, i32, i64, String, Bytes, Timestamp, Document);

impl Same for f32 {
    fn same(&self, other: &Self) -> bool {
        self.to_bits() == other.to_bits() || (self.is_nan() && other.is_nan())
    }
}

impl Same for f64 {
    fn same(&self, other: &Self) -> bool {
        self.to_bits() == other.to_bits() || (self.is_nan() && other.is_nan())
    }
}

impl<T: Same> Same for Box<T> {
    fn same(&self, other: &Self) -> bool {
        self.as_ref().same(other)
    }
}

impl<T: Same> Same for Option<T> {
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Some(one), Some(two)) => one.same(two),
            (None, None) => true,
            _ => false,
        }
    }
}

impl<T: Same> Same for Vec<T> {
    fn same(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(one, two)| one.same(two))
    }
}

impl<K: Ord, T: Same> Same for BTreeMap<K, T> {
    fn same(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self
                .iter()
                .zip(other)
                .all(|((key, one), (other, two))| key == other && one.same(two))
    }
}
