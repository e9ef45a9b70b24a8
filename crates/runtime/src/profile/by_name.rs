//! A map from names, as a sorted list.
//!
//! Profile files hold a handful of names each, of several kinds of values. A `BTreeMap` is compiled anew for every kind,
//! and those of this module alone were a seventh of the code that the compiler made of this crate.

/// Values by name, in the order of the names.
#[derive(Clone, Debug)]
pub(crate) struct ByName<V>(Vec<(String, V)>);

impl<V> Default for ByName<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> ByName<V> {
    /// Where a name is, or where it belongs.
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(key, _)| key.as_str().cmp(name))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&V> {
        let place = self.place(name).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        let place = self.place(name).ok()?;
        self.0.get_mut(place).map(|(_, value)| value)
    }

    /// Sets a value, and gives the one that was there.
    pub(super) fn insert(&mut self, name: String, value: V) -> Option<V> {
        match self.place(&name) {
            Ok(place) => Some(std::mem::replace(&mut self.0[place].1, value)),
            Err(place) => {
                self.0.insert(place, (name, value));
                None
            }
        }
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<V> IntoIterator for ByName<V> {
    type Item = (String, V);
    type IntoIter = std::vec::IntoIter<(String, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
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
    fn names_are_found_replaced_and_kept_in_order() {
        let mut numbers = ByName::default();
        for (number, name) in (0..).zip(["b", "c", "a", "b", "", "c"]) {
            let before = numbers.insert(name.to_owned(), number);
            let expected = [None, None, None, Some(0), None, Some(1)];
            assert_eq!(before, expected[number]);
        }
        *numbers.get_mut("a").expect("it is there") += 10;
        assert_eq!(numbers.get("a"), Some(&12));
        assert_eq!(numbers.get("d"), None);
        let all: Vec<_> = numbers.into_iter().collect();
        let expected = [("", 4), ("a", 12), ("b", 3), ("c", 5)];
        assert_eq!(
            all,
            expected.map(|(name, number)| (name.to_owned(), number))
        );
    }
}
