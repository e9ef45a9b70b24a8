//! Operators and functions of JMESPath, for generated code. `None` is null.
//!
//! A function that is applied to a value of another type fails, and so does the whole expression
//! (<https://jmespath.org/specification.html>, "Built-in Functions"). It says so to [`Failure`].

use std::cell::Cell;
use std::collections::BTreeMap;

/// Whether a function failed.
#[derive(Debug, Default)]
pub struct Failure(Cell<bool>);

impl Failure {
    /// Null, for a value that a function cannot be applied to.
    fn set<T>(&self) -> Option<T> {
        self.0.set(true);
        None
    }
}

/// The result of an expression; `None` if it is null, or a function of it fails.
pub fn evaluate<T>(expression: impl FnOnce(&Failure) -> Option<T>) -> Option<T> {
    let failure = Failure::default();
    let result = expression(&failure);
    result.filter(|_| !failure.0.get())
}

/// Whether a value counts as true: everything but false, null, and what is empty.
pub trait Truth {
    /// Whether it counts as true.
    fn is_true(&self) -> bool;
}

impl Truth for bool {
    fn is_true(&self) -> bool {
        *self
    }
}

impl Truth for i64 {
    fn is_true(&self) -> bool {
        true
    }
}

impl Truth for f64 {
    fn is_true(&self) -> bool {
        true
    }
}

impl Truth for str {
    fn is_true(&self) -> bool {
        !self.is_empty()
    }
}

impl<T> Truth for Vec<T> {
    fn is_true(&self) -> bool {
        !self.is_empty()
    }
}

impl<K, V> Truth for BTreeMap<K, V> {
    fn is_true(&self) -> bool {
        !self.is_empty()
    }
}

impl<T: Truth + ?Sized> Truth for &T {
    fn is_true(&self) -> bool {
        (**self).is_true()
    }
}

impl<T: Truth> Truth for Option<T> {
    fn is_true(&self) -> bool {
        self.as_ref().is_some_and(Truth::is_true)
    }
}

/// Whether a value counts as true.
pub fn is_true(value: impl Truth) -> bool {
    value.is_true()
}

/// The same as a result.
pub fn truth(value: impl Truth) -> Option<bool> {
    Some(value.is_true())
}

/// `!`
pub fn not(value: impl Truth) -> Option<bool> {
    Some(!value.is_true())
}

/// `||`
pub fn or<T: Truth>(first: Option<T>, second: impl FnOnce() -> Option<T>) -> Option<T> {
    match first.is_true() {
        true => first,
        false => second(),
    }
}

/// `&&`
pub fn and<T: Truth>(first: Option<T>, second: impl FnOnce() -> Option<T>) -> Option<T> {
    match first.is_true() {
        true => second(),
        false => first,
    }
}

/// Whether it is null.
pub fn is_null<T>(value: Option<T>) -> Option<bool> {
    Some(value.is_none())
}

/// `==`
pub fn equal<T: PartialEq>(first: Option<T>, second: Option<T>) -> Option<bool> {
    Some(first == second)
}

/// An order of two values, of which none is null.
pub fn ordered<T>(
    first: Option<T>,
    second: Option<T>,
    compare: impl FnOnce(&T, &T) -> bool,
) -> Option<bool> {
    Some(compare(&first?, &second?))
}

/// What follows a value.
pub fn then<T, U>(value: Option<T>, next: impl FnOnce(T) -> Option<U>) -> Option<U> {
    value.and_then(next)
}

/// What follows each element of a list, without nulls.
pub fn each<L: IntoIterator, T>(
    list: Option<L>,
    next: impl FnMut(L::Item) -> Option<T>,
) -> Option<Vec<T>> {
    list.map(|list| list.into_iter().filter_map(next).collect())
}

/// The elements of the lists in a list.
pub fn flatten<L>(list: Option<L>) -> Option<Vec<<L::Item as IntoIterator>::Item>>
where
    L: IntoIterator,
    L::Item: IntoIterator,
{
    list.map(|list| list.into_iter().flatten().collect())
}

/// An element of a list, from the end if the number is negative.
pub fn element<L>(list: Option<L>, index: i64) -> Option<L::Item>
where
    L: IntoIterator<IntoIter: DoubleEndedIterator>,
{
    let mut elements = list?.into_iter();
    match usize::try_from(index) {
        Ok(index) => elements.nth(index),
        Err(_) => elements.nth_back(usize::try_from(-(index + 1)).ok()?),
    }
}

/// The value of a key of a map.
pub fn entry<'a, V>(map: Option<&'a BTreeMap<String, V>>, key: &str) -> Option<&'a V> {
    map?.get(key)
}

/// The values of a map.
pub fn values<K, V>(map: Option<&BTreeMap<K, V>>) -> Option<Vec<&V>> {
    map.map(|map| map.values().collect())
}

/// `keys`
pub fn keys<'a, K, V>(
    failure: &Failure,
    map: Option<&'a BTreeMap<K, V>>,
    text: impl FnMut(&'a K) -> &'a str,
) -> Option<Vec<&'a str>> {
    match map {
        Some(map) => Some(map.keys().map(text).collect()),
        None => failure.set(),
    }
}

/// A whole number as another one.
#[expect(
    clippy::cast_precision_loss,
    reason = "JSON's numbers are compared so, too"
)]
pub fn widened(number: Option<i64>) -> Option<f64> {
    number.map(|number| number as f64)
}

/// What `length` can be applied to.
pub trait Length {
    /// The number of elements or characters.
    fn length(&self) -> usize;
}

impl Length for str {
    fn length(&self) -> usize {
        self.chars().count()
    }
}

impl<T> Length for Vec<T> {
    fn length(&self) -> usize {
        self.len()
    }
}

impl<K, V> Length for BTreeMap<K, V> {
    fn length(&self) -> usize {
        self.len()
    }
}

impl<T: Length + ?Sized> Length for &T {
    fn length(&self) -> usize {
        (**self).length()
    }
}

/// `length`
pub fn length(failure: &Failure, value: Option<impl Length>) -> Option<i64> {
    match value {
        Some(value) => i64::try_from(value.length()).ok(),
        None => failure.set(),
    }
}

/// `contains` of a list.
pub fn contains<L>(failure: &Failure, list: Option<L>, item: Option<L::Item>) -> Option<bool>
where
    L: IntoIterator<Item: PartialEq>,
{
    match list {
        Some(list) => Some(list.into_iter().any(|element| Some(element) == item)),
        None => failure.set(),
    }
}

/// `contains`, `starts_with` and `ends_with` of a string.
pub fn contains_text(
    failure: &Failure,
    text: Option<&str>,
    part: Option<&str>,
    has: impl FnOnce(&str, &str) -> bool,
) -> Option<bool> {
    match (text, part) {
        (Some(text), Some(part)) => Some(has(text, part)),
        _ => failure.set(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{
        Failure, and, contains, each, element, equal, evaluate, flatten, is_null, is_true, keys,
        length, not, or, ordered, values, widened,
    };

    #[test]
    fn a_function_of_null_makes_the_whole_expression_null() {
        let none: Option<&Vec<i64>> = None;
        let list = vec![1, 2];
        let is_long = |list: Option<&Vec<i64>>| {
            evaluate(|failure| not(equal(length(failure, list), Some(0))))
        };
        assert_eq!(is_long(Some(&list)), Some(true));
        assert_eq!(is_long(none), None, "not `true`, although null is not 0");
        // What is not evaluated does not fail.
        let lazy = evaluate(|failure| or(Some(true), || equal(length(failure, none), Some(0))));
        assert_eq!(lazy, Some(true));
        assert_eq!(
            evaluate(|failure| contains(failure, None::<Vec<i64>>, Some(1))),
            None
        );
        assert_eq!(
            evaluate(|failure| keys(failure, None::<&BTreeMap<String, i64>>, |key| key)),
            None
        );
    }

    #[test]
    fn false_is_what_is_empty_null_or_false() {
        assert!(!is_true(None::<bool>) && !is_true(Some(false)) && is_true(Some(true)));
        assert!(!is_true(Some("")) && is_true(Some("a")));
        assert!(is_true(Some(0_i64)) && is_true(Some(0.0)));
        assert!(!is_true(Some(Vec::<i64>::new())) && is_true(Some(&vec![0])));
        assert_eq!(or(Some(""), || Some("b")), Some("b"));
        assert_eq!(or(Some("a"), || unreachable!()), Some("a"));
        assert_eq!(and(Some(""), || unreachable!()), Some(""));
        assert_eq!(and(Some("a"), || None), None);
    }

    #[test]
    fn elements_are_counted_from_both_ends() {
        let list = [1, 2, 3];
        let at = |index| element(Some(&list), index).copied();
        assert_eq!((at(0), at(2), at(3)), (Some(1), Some(3), None));
        assert_eq!((at(-1), at(-3), at(-4)), (Some(3), Some(1), None));
        assert_eq!(at(i64::MIN), None);
    }

    #[test]
    fn projections_leave_out_nulls_and_keep_null_apart_from_empty() {
        let list = vec![1, -2, 3];
        let positive = |value: &i64| (*value > 0).then_some(*value);
        assert_eq!(each(Some(&list), positive), Some(vec![1, 3]));
        assert_eq!(each(None::<&Vec<i64>>, positive), None);
        assert_eq!(
            flatten(Some(vec![vec![1], vec![], vec![2]])),
            Some(vec![1, 2])
        );
        let map = BTreeMap::from([("a".to_owned(), 1)]);
        assert_eq!(values(Some(&map)), Some(vec![&1]));
        let failure = Failure::default();
        assert_eq!(keys(&failure, Some(&map), String::as_str), Some(vec!["a"]));
        assert_eq!(
            length(&failure, Some("äö")),
            Some(2),
            "characters, not bytes"
        );
    }

    #[test]
    fn null_is_equal_to_null_and_in_no_order() {
        assert_eq!(equal(None::<i64>, None), Some(true));
        assert_eq!(equal(Some(1), None), Some(false));
        assert_eq!(is_null(None::<i64>), Some(true));
        assert_eq!(ordered(None, Some(1), |one, two| one < two), None);
        assert_eq!(
            ordered(widened(Some(1)), Some(1.5), |one, two| one < two),
            Some(true)
        );
    }
}
