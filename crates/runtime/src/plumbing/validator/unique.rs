//! Whether the elements of a list are unique (`smithy.api#uniqueItems`), in linear time.
//!
//! Short lists are compared pair by pair. Longer ones go through a hash table of positions, which is on the stack up to
//! 1024 elements. The hash has a random key, so that nobody can choose elements that collide.

use std::hash::{BuildHasher, RandomState};

/// Up to this length all pairs are compared.
const PAIRS: usize = 16;

/// Up to this length the table is on the stack.
const ON_STACK: usize = 1024;

/// The hasher of elements.
pub(super) type Hasher = <RandomState as BuildHasher>::Hasher;

/// Whether two of so many elements are equal. `hash` feeds an element to a hasher; equal elements must be fed alike.
///
/// Elements are identified by their positions, so that clients do not compile the search for every type.
#[inline]
pub(super) fn has_duplicate(
    length: usize,
    equal: &dyn Fn(usize, usize) -> bool,
    hash: &dyn Fn(usize, &mut Hasher),
) -> bool {
    if length <= PAIRS {
        return (0..length).any(|index| (0..index).any(|other| equal(index, other)));
    }
    if length <= ON_STACK {
        return search(length, &mut [0; 2 * ON_STACK], equal, hash);
    }
    search(length, &mut vec![0; 2 * length], equal, hash)
}

/// Open addressing with linear probing; a cell holds a position plus one, zero is empty. At most half of it fills up.
#[inline]
fn search(
    length: usize,
    table: &mut [usize],
    equal: &dyn Fn(usize, usize) -> bool,
    hash: &dyn Fn(usize, &mut Hasher),
) -> bool {
    use std::hash::Hasher as _;

    let keys = RandomState::new();
    for index in 0..length {
        let mut hasher = keys.build_hasher();
        hash(index, &mut hasher);
        let mut cell = (hasher.finish() % table.len() as u64) as usize;
        while table[cell] != 0 {
            if equal(table[cell] - 1, index) {
                return true;
            }
            cell = (cell + 1) % table.len();
        }
        table[cell] = index + 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::hash::Hash;

    fn has_duplicate<T: PartialEq>(items: &[T], hash: fn(&T, &mut super::Hasher)) -> bool {
        let equal = |one: usize, two: usize| items[one] == items[two];
        super::has_duplicate(items.len(), &equal, &|index, state| {
            hash(&items[index], state)
        })
    }

    #[test]
    fn duplicates_are_found_in_lists_of_every_length() {
        for length in [0, 1, 2, 16, 17, 1024, 1025, 5000] {
            let mut items: Vec<u32> = (0..length).collect();
            assert!(!has_duplicate(&items, Hash::hash), "{length}");
            if length > 1 {
                items[0] = length - 1;
                assert!(has_duplicate(&items, Hash::hash), "{length}");
            }
        }
    }

    /// Counted instead of timed: comparisons of a list of a million elements.
    #[test]
    fn a_million_elements_are_not_compared_pair_by_pair() {
        thread_local!(static COMPARED: Cell<u64> = const { Cell::new(0) });
        struct Counted(u32);
        impl PartialEq for Counted {
            fn eq(&self, other: &Self) -> bool {
                COMPARED.with(|count| count.set(count.get() + 1));
                self.0 == other.0
            }
        }
        let items: Vec<Counted> = (0..1_000_000).map(Counted).collect();
        let hash = |item: &Counted, state: &mut super::Hasher| item.0.hash(state);
        assert!(!has_duplicate(&items, hash));
        let compared = COMPARED.with(Cell::get);
        assert!(compared < 4_000_000, "{compared}");
    }
}
