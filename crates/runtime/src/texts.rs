//! What the standard library has for lists, in little code.
//!
//! Its functions are compiled again for each kind of item, and those for joining and sorting are large: each sorted kind was
//! 2,300 lines of LLVM IR, and each joined one 1,200.

/// The texts with a separator in between.
pub(crate) fn join<T: AsRef<str>>(texts: &[T], separator: &str) -> String {
    let mut length = 0;
    for text in texts {
        length += text.as_ref().len() + separator.len();
    }
    let mut joined = String::with_capacity(length);
    let mut between = "";
    for text in texts {
        joined.push_str(between);
        joined.push_str(text.as_ref());
        between = separator;
    }
    joined
}

/// Puts an item into a list behind all others that are before it: they are the first ones. A list that is made in this
/// way is sorted, and items that are equal keep their order. It is for lists that are short or nearly sorted.
#[inline]
pub(crate) fn insert_behind<T>(list: &mut Vec<T>, item: T, is_before: &dyn Fn(&T, &T) -> bool) {
    // The last place is the one of most items of a list that is nearly sorted.
    let place = match list.last() {
        Some(last) if !is_before(last, &item) => {
            list.partition_point(|other| is_before(other, &item))
        }
        _ => list.len(),
    };
    list.insert(place, item);
}

#[cfg(test)]
mod tests {
    use super::{insert_behind, join};

    #[test]
    fn separators_are_only_between_texts() {
        assert_eq!(join::<&str>(&[], ", "), "");
        assert_eq!(join(&["a"], ", "), "a");
        assert_eq!(
            join(&["".to_owned(), "b".to_owned(), "".to_owned()], ", "),
            ", b, "
        );
    }

    #[test]
    fn items_are_sorted_and_equal_ones_keep_their_order() {
        let mut sorted = Vec::new();
        for (place, item) in [3, 1, 2, 3, 1, 9, 0].into_iter().enumerate() {
            insert_behind(&mut sorted, (item, place), &|(other, _), (item, _)| {
                other <= item
            });
        }
        assert_eq!(
            sorted,
            [(0, 6), (1, 1), (1, 4), (2, 2), (3, 0), (3, 3), (9, 5)]
        );
    }
}
