//! Checks of lists, and of constraints that only the documentation states: traits in the namespace `attache`.

use std::hash::Hash;

use super::unique::{Hasher, has_duplicate};
use super::{Comparison, Name, Path, Validator, Wording};
use crate::Timestamp;
use crate::texts::ToText as _;
use crate::validation::{Constraint, Found, Provenance};

impl Validator {
    /// A list without equal elements. `hash` feeds an element to a hasher.
    pub fn unique_items<T: PartialEq>(
        &mut self,
        path: Path<'_>,
        items: &[T],
        hash: impl Fn(&T, &mut Hasher),
        provenance: Provenance,
    ) {
        let equal = |one: usize, two: usize| items[one] == items[two];
        let hash = |index: usize, state: &mut Hasher| hash(&items[index], state);
        if self.is_documented() && has_duplicate(items.len(), &equal, &hash) {
            self.two_equal(path, provenance);
        }
    }

    /// This is separate from [`unique_items`](Self::unique_items), which is compiled for every kind of elements.
    #[cold]
    #[inline]
    fn two_equal(&mut self, path: Path<'_>, provenance: Provenance) {
        self.record(
            path,
            Constraint::UniqueItems,
            Found::Hidden,
            provenance,
            &|field| Wording {
                limit: "have unique values".to_text(),
                text: format!("{field}: two equal elements"),
            },
        );
    }

    /// A list whose elements differ in one member.
    pub fn unique_member<T, K: PartialEq + Hash>(
        &mut self,
        path: Path<'_>,
        items: &[T],
        key: impl Fn(&T) -> &K,
        member: impl Into<Name>,
        provenance: Provenance,
    ) {
        let member = member.into();
        let equal = |one: usize, two: usize| key(&items[one]) == key(&items[two]);
        let hash = |index: usize, state: &mut Hasher| key(&items[index]).hash(state);
        if self.is_documented() && has_duplicate(items.len(), &equal, &hash) {
            self.record(
                path,
                Constraint::UniqueMember,
                Found::Hidden,
                provenance,
                &|field| Wording {
                    limit: format!("have unique values of the member {}", member.in_model()),
                    text: format!("{field}: two elements with the same {}", member.in_rust()),
                },
            );
        }
    }

    /// At least one of several members.
    pub fn at_least_one_of(
        &mut self,
        path: Path<'_>,
        is_there: bool,
        members: impl Into<Name>,
        provenance: Provenance,
    ) {
        let members = members.into();
        if self.is_documented() && !is_there {
            self.record(
                path,
                Constraint::AtLeastOneOf,
                Found::Absent,
                provenance,
                &|field| Wording {
                    limit: format!("have at least one of the members {}", members.in_model()),
                    text: sentence(field, &format!("none of {} is set", members.in_rust())),
                },
            );
        }
    }

    /// At least one of several members, as the documentation recommends.
    pub fn recommended_one_of(
        &mut self,
        path: Path<'_>,
        is_there: bool,
        members: impl Into<Name>,
        provenance: Provenance,
    ) {
        if self.is_strict() {
            self.at_least_one_of(path, is_there, members, provenance);
        }
    }

    /// The order of two members: `second` is at the path, `first` is a member of the same structure.
    pub fn ordered<T: Comparison>(
        &mut self,
        path: Path<'_>,
        (first, second): (T, T),
        may_be_equal: bool,
        name: impl Into<Name>,
        provenance: Provenance,
    ) {
        let name = name.into();
        let fits = first < second || may_be_equal && first == second;
        if self.is_documented() && !fits {
            let words = match may_be_equal {
                true => ("or equal to ", T::GREATER),
                false => ("", T::NOT_LESS),
            };
            self.not_ordered(path, words, name, provenance);
        }
    }

    #[cold]
    #[inline]
    fn not_ordered(
        &mut self,
        path: Path<'_>,
        (equal, breaks): (&str, &str),
        name: Name,
        provenance: Provenance,
    ) {
        let shown = |_: &str| {
            let (first, second) = (name.in_rust(), path.last_field());
            Wording {
                limit: format!("be greater than {equal}the member {}", name.in_model()),
                text: sentence(
                    &path.parent().to_field(),
                    &format!("{first} {breaks} {second}"),
                ),
            }
        };
        self.record(path, Constraint::Ordered, Found::Hidden, provenance, &shown);
    }

    /// How far apart two integers may be: `second` is at the path, `first` is a member of the same structure.
    pub fn span(
        &mut self,
        path: Path<'_>,
        (first, second): (impl Into<i64>, impl Into<i64>),
        most: i64,
        name: impl Into<Name>,
        provenance: Provenance,
    ) {
        let span = i128::from(second.into()) - i128::from(first.into());
        if self.is_documented() && span > i128::from(most) {
            self.too_far_apart(path, (span, most), name.into(), provenance);
        }
    }

    #[cold]
    #[inline]
    fn too_far_apart(
        &mut self,
        path: Path<'_>,
        (span, most): (i128, i64),
        name: Name,
        provenance: Provenance,
    ) {
        self.record(path, Constraint::Span, Found::Hidden, provenance, &|_| {
            let (first, second) = (name.in_rust(), path.last_field());
            let apart = format!("{first} and {second}: {span} apart, at most {most}");
            Wording {
                limit: format!("exceed the member {} by at most {most}", name.in_model()),
                text: sentence(&path.parent().to_field(), &apart),
            }
        });
    }

    /// The only value that the service accepts.
    #[inline]
    pub fn must_equal(
        &mut self,
        path: Path<'_>,
        is_equal: bool,
        value: &'static str,
        provenance: Provenance,
    ) {
        if self.is_documented() && !is_equal {
            self.record(
                path,
                Constraint::MustEqual,
                Found::Hidden,
                provenance,
                &|field| Wording {
                    limit: format!("be equal to {value}"),
                    text: format!("{field}: expected {value}"),
                },
            );
        }
    }

    /// Midnight in UTC.
    #[inline]
    pub fn day_aligned(&mut self, path: Path<'_>, value: Timestamp, provenance: Provenance) {
        let is_midnight =
            value.subsecond_nanoseconds() == 0 && value.epoch_seconds().rem_euclid(86_400) == 0;
        if self.is_documented() && !is_midnight {
            self.record(
                path,
                Constraint::DayAligned,
                Found::Hidden,
                provenance,
                &|field| Wording {
                    limit: "be midnight in UTC".to_text(),
                    text: format!("{field}: expected midnight in UTC"),
                },
            );
        }
    }
}

/// A sentence about the structure at a field, which is none for the request itself.
#[inline]
fn sentence(field: &str, text: &str) -> String {
    match field {
        "" => text.to_text(),
        field => format!("{field}: {text}"),
    }
}
