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

/// How many bytes at the begin are such a part.
#[inline]
pub(crate) fn prefix(bytes: &[u8], is_part: impl Fn(u8) -> bool) -> usize {
    let mut length = 0;
    while let Some(byte) = bytes.get(length)
        && is_part(*byte)
    {
        length += 1;
    }
    length
}

/// The number of the line that begins behind these bytes, from 1.
pub(crate) fn line_behind(bytes: &[u8]) -> usize {
    let mut line = 1;
    for byte in bytes {
        line += usize::from(*byte == b'\n');
    }
    line
}

/// Puts an item into a list behind all others that are before it: they are the first ones. A list that is made in this
/// way is sorted, and items that are equal keep their order. It is for lists that are short or nearly sorted.
#[inline]
pub(crate) fn insert_behind<T>(list: &mut Vec<T>, item: T, is_before: &dyn Fn(&T, &T) -> bool) {
    // The last place is the one of most items of a list that is nearly sorted. After that, halves are left out.
    let (mut low, mut high) = (0, list.len());
    let mut middle = high.saturating_sub(1);
    while low < high {
        match is_before(&list[middle], &item) {
            true => low = middle + 1,
            false => high = middle,
        }
        middle = low.midpoint(high);
    }
    list.insert(low, item);
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
