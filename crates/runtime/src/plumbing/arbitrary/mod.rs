//! The strategies that generated code combines. [`arbitrary`](crate::arbitrary) describes their values.

mod characters;
mod collection;
mod number;
mod random;
mod scope;
mod structure;
mod text;
mod walk;

pub use proptest;
pub use proptest::arbitrary::Arbitrary;
pub use proptest::strategy::{BoxedStrategy, Just, Strategy};

pub use characters::Alphabet;
pub use collection::{blob, document, list, map, unique_list};
pub use number::{
    Integer, big_decimal, big_integer, boolean, double, float, integer, integer_enumeration,
    ranged_enumeration, timestamp,
};
pub use scope::Scope;
pub use structure::{order_integers, order_timestamps, union, unknown_member};
pub use text::Text;
