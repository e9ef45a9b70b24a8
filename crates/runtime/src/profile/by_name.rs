//! A map from names to values that keeps the order of insertion.
//!
//! Profile files hold values of several kinds, and a client remembers the regions of resources. A map of the standard library is compiled again for every kind, and those of this module
//! alone were a seventh of the compiled code of this crate. Therefore one map from names to positions is used for all
//! kinds. Adding a name moves no other value.

use crate::texts::ToText as _;
use std::collections::HashMap;

/// Values by name, in the order in which the names were added.
#[derive(Clone, Debug)]
pub(crate) struct ByName<V> {
    places: HashMap<String, usize>,
    entries: Vec<(String, V)>,
}

impl<V> Default for ByName<V> {
    fn default() -> Self {
        Self {
            places: HashMap::new(),
            entries: Vec::new(),
        }
    }
}

impl<V> ByName<V> {
    /// The position of a name.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    #[inline(never)]
    pub(crate) fn get(&self, name: &str) -> Option<&V> {
        self.place(name).map(|place| self.at(place))
    }

    /// The value at a place that [`place`](Self::place) or [`insert`](Self::insert) gave.
    pub(super) fn at(&self, place: usize) -> &V {
        &self.entries[place].1
    }

    pub(super) fn at_mut(&mut self, place: usize) -> &mut V {
        &mut self.entries[place].1
    }

    /// Sets a value, in place of the one that the name had, and gives its place.
    pub(crate) fn insert(&mut self, name: String, value: V) -> usize {
        let place = place_of(&mut self.places, &name, self.entries.len());
        if place == self.entries.len() {
            self.entries.push((name, value));
        } else {
            *self.at_mut(place) = value;
        }
        place
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// The place of a name, which is this one if it has none. Compiled once.
fn place_of(places: &mut HashMap<String, usize>, name: &str, end: usize) -> usize {
    match places.get(name) {
        Some(place) => *place,
        None => {
            places.insert(name.to_text(), end);
            end
        }
    }
}

impl<V> IntoIterator for ByName<V> {
    type Item = (String, V);
    type IntoIter = std::vec::IntoIter<(String, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

#[cfg(test)]
impl<V> std::ops::Index<&str> for ByName<V> {
    type Output = V;

    fn index(&self, name: &str) -> &V {
        self.get(name).expect("the name is there")
    }
}

#[cfg(test)]
mod tests {
    use super::ByName;

    #[test]
    fn names_are_found_replaced_and_kept_where_they_were_added() {
        let mut numbers = ByName::default();
        for (number, name) in (0..).zip(["b", "c", "a", "b", "", "c"]) {
            let place = numbers.insert(name.to_owned(), number);
            assert_eq!(place, [0, 1, 2, 0, 3, 1][number]);
        }
        *numbers.at_mut(2) += 10;
        assert_eq!(numbers.get("a"), Some(&12));
        assert_eq!(numbers.get("d"), None);
        let all: Vec<_> = numbers.into_iter().collect();
        let expected = [("b", 3), ("c", 5), ("a", 12), ("", 4)];
        assert_eq!(
            all,
            expected.map(|(name, number)| (name.to_owned(), number))
        );
    }
}
