//! Decides the names in a scope in which several items would have the same name.
//!
//! An item that has a name keeps it when the model grows. New items that would have the same name all get numbers: if one
//! of them had the plain name, that name would get another meaning as soon as the model was read in another order or
//! without the other item, and programs would compile and send something else. If both are new, an item of the model gets
//! the plain name before an item that attache adds.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Kind;

/// An item that needs a name.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// Its identity in the model or on the wire. It stays the same as long as the item is the same.
    pub(super) key: String,
    /// Its name if no other item has the same one.
    pub(super) plain: String,
    /// Its alternative name if another item has the plain one. It is tried before numbers.
    pub(super) otherwise: Option<String>,
    /// Of several items, the one with the lowest rank gets the plain name.
    pub(super) rank: u8,
}

impl Wanted {
    /// An item with the lowest rank.
    pub(super) fn new(key: impl Into<String>, plain: String) -> Self {
        Self {
            key: key.into(),
            plain,
            otherwise: None,
            rank: 0,
        }
    }
}

/// A scope, and the names that were given in it before, by key.
pub(super) struct Scope<'a> {
    /// What the names are the names of.
    pub(super) kind: Kind,
    /// The names that were recorded, including those of items that the model does not have any more.
    pub(super) recorded: &'a BTreeMap<String, String>,
    /// The names of the previous version.
    pub(super) previous: &'a BTreeMap<String, String>,
}

/// The names of a scope.
pub(super) struct Settled {
    /// In the order of the items.
    pub(super) names: Vec<String>,
    /// The names to record, so that the same names result without the previous version.
    pub(super) recorded: BTreeMap<String, String>,
}

impl Scope<'_> {
    /// Settles all names. The result does not depend on the order of the items.
    pub(super) fn settle(&self, wanted: &[Wanted]) -> Settled {
        let plain = PlainNames::of(self.kind, wanted);
        let mut taken = Taken::new(self.kind);
        // A recorded name stays reserved for its item while the model does not have the item.
        self.recorded.values().for_each(|name| taken.take(name));
        let mut names: Vec<Option<String>> = wanted
            .iter()
            .map(|one| self.recorded.get(&one.key).cloned())
            .collect();
        for (one, name) in wanted.iter().zip(&mut names) {
            if name.is_none()
                && let Some(previous) = self.previous.get(&one.key)
                && taken.is_free(previous)
            {
                taken.take(previous);
                *name = Some(previous.clone());
            }
        }
        let mut unnamed: Vec<usize> = (0..wanted.len())
            .filter(|index| names[*index].is_none())
            .collect();
        unnamed.sort_by_key(|index| (wanted[*index].rank, &wanted[*index].key));
        let mut numbers = BTreeMap::new();
        for index in unnamed {
            let name = choose(self.kind, &wanted[index], &plain, &taken, &mut numbers);
            taken.take(&name);
            names[index] = Some(name);
        }
        let names: Vec<String> = names.into_iter().flatten().collect();
        let settled = wanted.iter().zip(&names).filter(|(one, name)| {
            **name != one.plain || plain.wanting(self.kind, &one.plain, u8::MAX) > 1
        });
        let settled = settled.map(|(one, name)| (one.key.clone(), name.clone()));
        let recorded = self.recorded.clone().into_iter().chain(settled).collect();
        Settled { names, recorded }
    }
}

/// The name of a new item. `numbers` has the next number of each name, so that many equal names are not counted
/// from the beginning.
fn choose(
    kind: Kind,
    one: &Wanted,
    plain: &PlainNames,
    taken: &Taken,
    numbers: &mut BTreeMap<String, usize>,
) -> String {
    let is_shared = plain.wanting(kind, &one.plain, one.rank) > 1;
    if !is_shared && taken.is_free(&one.plain) {
        return one.plain.clone();
    }
    let is_free = |name: &str| plain.wanting(kind, name, u8::MAX) == 0 && taken.is_free(name);
    let has_equals = plain.wanting_equally(kind, one) > 1;
    let otherwise = one.otherwise.as_ref().filter(|_| !has_equals);
    if let Some(name) = otherwise.filter(|name| is_free(name)) {
        return name.clone();
    }
    let base = otherwise.unwrap_or(&one.plain);
    let is_first_of_equals = has_equals && taken.is_free(base);
    let number = numbers.entry(base.clone());
    let number = number.or_insert(if is_first_of_equals { 1 } else { 2 });
    loop {
        let name = kind.numbered(base, *number);
        *number += 1;
        if is_free(&name) {
            return name;
        }
    }
}

/// The identifiers of a scope that are in use.
struct Taken {
    kind: Kind,
    names: BTreeSet<String>,
}

impl Taken {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            names: BTreeSet::new(),
        }
    }

    fn take(&mut self, name: &str) {
        self.names.extend(self.kind.occupied(name));
    }

    fn is_free(&self, name: &str) -> bool {
        let mut occupied = self.kind.occupied(name);
        !self.kind.is_reserved(name) && occupied.all(|name| !self.names.contains(&name))
    }
}

/// The ranks of the items that would occupy each identifier if all had their plain names.
struct PlainNames(BTreeMap<String, Vec<u8>>);

impl PlainNames {
    fn of(kind: Kind, wanted: &[Wanted]) -> Self {
        let mut ranks: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for one in wanted {
            for name in kind.occupied(&one.plain) {
                ranks.entry(name).or_default().push(one.rank);
            }
        }
        Self(ranks)
    }

    fn count(&self, kind: Kind, name: &str, counts: impl Fn(u8) -> bool) -> usize {
        let occupied = kind.occupied(name);
        let counted = occupied.map(|name| {
            let ranks = self.0.get(&name).into_iter().flatten();
            ranks.filter(|rank| counts(**rank)).count()
        });
        counted.max().unwrap_or_default()
    }

    /// How many items of at most this rank would occupy an identifier that the name occupies.
    fn wanting(&self, kind: Kind, name: &str, rank: u8) -> usize {
        self.count(kind, name, |other| other <= rank)
    }

    /// How many items of the same rank, including this one, would occupy an identifier that its plain name occupies.
    fn wanting_equally(&self, kind: Kind, one: &Wanted) -> usize {
        self.count(kind, &one.plain, |other| other == one.rank)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::{Kind, Scope, Wanted};

    fn wanted() -> impl Strategy<Value = Vec<Wanted>> {
        let one = ("[a-e]", "(clone|set_clone|x)(_[12])?", 0..3_u8);
        let all = proptest::collection::btree_map(one.0, (one.1, one.2), 0..6);
        all.prop_map(|all| {
            let all = all.into_iter().map(|(key, (plain, rank))| Wanted {
                key,
                otherwise: Some(format!("{plain}_call")),
                plain,
                rank,
            });
            all.collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::with_cases(256) })]

        #[test]
        fn the_order_of_what_wants_a_name_makes_no_difference(
            (wanted, turned) in wanted().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        ) {
            let none = BTreeMap::new();
            let scope = Scope { kind: Kind::Field, recorded: &none, previous: &none };
            let by_key = |wanted: &[Wanted]| -> BTreeMap<String, String> {
                let names = scope.settle(wanted).names;
                wanted.iter().map(|one| one.key.clone()).zip(names).collect()
            };
            prop_assert_eq!(by_key(&wanted), by_key(&turned));
            prop_assert_eq!(scope.settle(&wanted).recorded, scope.settle(&turned).recorded);
        }
    }
}
